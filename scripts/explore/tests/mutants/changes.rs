//! The changes, each of one place in one of the pools, and what comes of them.

/// The three pools that are changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pool {
    /// `messages.rs`: one `Terminate` for each worker, all sent before the first join.
    Messages,
    /// `closing.rs`: the sender is dropped, and the channel closes.
    Closing,
    /// `condvar.rs`: a queue under a lock, and a condition variable.
    Condvar,
}

/// A change and its verdict.
pub struct Mutant {
    /// What is wrong, or what looks wrong and isn't.
    pub name: &'static str,
    /// The pool that is changed.
    pub pool: Pool,
    /// What is taken out, which the file has once, and what is put in its place.
    pub changes: &'static [(&'static str, &'static str)],
    /// How many workers and jobs it is tried with.
    pub size: (usize, usize),
    /// What the explorer must say, as `verdict` in `main.rs` puts it.
    pub verdict: &'static [&'static str],
}

use Pool::{Closing, Condvar, Messages};

/// All of them.
pub const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "nothing is wrong with messages",
        pool: Messages,
        changes: &[],
        size: (2, 2),
        verdict: &["always: end normally"],
    },
    Mutant {
        name: "one Terminate too few",
        pool: Messages,
        changes: &[("for _ in &self.workers {", "for _ in &self.workers[1..] {")],
        size: (2, 2),
        verdict: &["always: deadlock"],
    },
    // The workers may all be gone, and the receiver with them, before the last
    // message is sent.
    Mutant {
        name: "one Terminate too many",
        pool: Messages,
        changes: &[(
            "for _ in &self.workers {",
            "for _ in 0..=self.workers.len() {",
        )],
        size: (2, 1),
        verdict: &[
            "4 of 8: main panics",
            "4 of 8: end normally",
            "4 of 8: a thread panics at src/lib.rs:54: called `Result::unwrap()` on an `Err` value: SendError { .. }",
        ],
    },
    Mutant {
        name: "no Terminate at all",
        pool: Messages,
        changes: &[(
            "            self.sender.send(Message::Terminate).unwrap();\n",
            "",
        )],
        size: (2, 2),
        verdict: &["always: deadlock"],
    },
    Mutant {
        name: "one loop sends and joins",
        pool: Messages,
        changes: &[(
            "        println!(\"Sending terminate message to all workers.\");

        for _ in &self.workers {
            self.sender.send(Message::Terminate).unwrap();
        }

        println!(\"Shutting down all workers.\");

        for worker in &mut self.workers {
            println!(\"Shutting down worker {}\", worker.id);\n",
            "        for worker in &mut self.workers {
            println!(\"Shutting down worker {}\", worker.id);
            self.sender.send(Message::Terminate).unwrap();\n",
        )],
        size: (2, 1),
        verdict: &["2 of 4: deadlock", "2 of 4: end normally"],
    },
    Mutant {
        name: "join before send",
        pool: Messages,
        changes: &[(
            "        for _ in &self.workers {",
            "        for worker in &mut self.workers {
            worker.thread.take().unwrap().join().unwrap();
        }

        for _ in &self.workers {",
        )],
        size: (2, 1),
        verdict: &["always: deadlock"],
    },
    // It takes the others' messages too, and then waits for more.
    Mutant {
        name: "a worker goes on after Terminate",
        pool: Messages,
        changes: &[("\n                        break;\n", "")],
        size: (2, 1),
        verdict: &["always: deadlock"],
    },
    Mutant {
        name: "the lock is held while the job runs",
        pool: Messages,
        changes: &[(
            "let message = receiver.lock().unwrap().recv().unwrap();",
            "let receiver = receiver.lock().unwrap();
                let message = receiver.recv().unwrap();",
        )],
        size: (2, 2),
        verdict: &["always: end normally", "never: two jobs at once"],
    },
    Mutant {
        name: "the lock is taken twice",
        pool: Messages,
        changes: &[(
            "let message = receiver.lock().unwrap().recv().unwrap();",
            "let _guard = receiver.lock().unwrap();
                let message = receiver.lock().unwrap().recv().unwrap();",
        )],
        size: (2, 1),
        verdict: &["always: deadlock", "always: a job never runs"],
    },
    Mutant {
        name: "drop forgets to join",
        pool: Messages,
        changes: &[(
            "                thread.join().unwrap();\n",
            "                drop(thread);\n",
        )],
        size: (2, 1),
        verdict: &[
            "always: end and cut threads off",
            "always: a job never runs",
            "always: a job has not finished when drop returns",
            "always: a thread is alive when drop returns",
        ],
    },
    Mutant {
        name: "drop joins the first worker only",
        pool: Messages,
        changes: &[(
            "for worker in &mut self.workers {",
            "for worker in self.workers.iter_mut().take(1) {",
        )],
        size: (2, 1),
        verdict: &[
            "always: end and cut threads off",
            "1 of 4: a job never runs",
            "1 of 4: a job has not finished when drop returns",
            "always: a thread is alive when drop returns",
        ],
    },
    Mutant {
        name: "the handle is thrown away",
        pool: Messages,
        changes: &[(
            "            thread: Some(thread),\n",
            "            thread: { drop(thread); None },\n",
        )],
        size: (2, 1),
        verdict: &[
            "always: end and cut threads off",
            "always: a job never runs",
            "always: a job has not finished when drop returns",
            "always: a thread is alive when drop returns",
        ],
    },
    Mutant {
        name: "a worker ends after one job",
        pool: Messages,
        changes: &[(
            "                        job();\n",
            "                        job();
                        break;\n",
        )],
        size: (2, 2),
        verdict: &[
            "4 of 6: main panics",
            "2 of 6: end normally",
            "4 of 6: a thread panics at src/lib.rs:54: called `Result::unwrap()` on an `Err` value: SendError { .. }",
        ],
    },
    Mutant {
        name: "execute forgets the job",
        pool: Messages,
        changes: &[(
            "self.sender.send(Message::NewJob(job)).unwrap();",
            "drop(job);",
        )],
        size: (2, 2),
        verdict: &[
            "always: end normally",
            "never: two jobs at once",
            "always: a job never runs",
            "always: a job has not finished when drop returns",
            "always: a job is thrown away",
        ],
    },
    Mutant {
        name: "the worker forgets to run the job",
        pool: Messages,
        changes: &[(
            "                        job();\n",
            "                        drop(job);\n",
        )],
        size: (2, 2),
        verdict: &[
            "always: end normally",
            "never: two jobs at once",
            "always: a job never runs",
            "always: a job has not finished when drop returns",
            "always: a job is thrown away",
        ],
    },
    Mutant {
        name: "one worker too few",
        pool: Messages,
        changes: &[("for id in 0..size {", "for id in 1..size {")],
        size: (2, 2),
        verdict: &["always: end normally", "never: two jobs at once"],
    },
    Mutant {
        name: "no worker at all",
        pool: Messages,
        changes: &[("for id in 0..size {", "for id in size..size {")],
        size: (2, 1),
        verdict: &[
            "always: main panics",
            "always: a job never runs",
            "always: a job is thrown away",
            "always: a thread panics at src/lib.rs:45: called `Result::unwrap()` on an `Err` value: SendError { .. }",
        ],
    },
    Mutant {
        name: "a worker that finds nothing goes home",
        pool: Messages,
        changes: &[(
            "let message = receiver.lock().unwrap().recv().unwrap();",
            "let Ok(message) = receiver.lock().unwrap().try_recv() else {
                    break;
                };",
        )],
        size: (2, 1),
        verdict: &[
            "8 of 56: abort",
            "26 of 56: main panics",
            "22 of 56: end normally",
            "14 of 56: a job never runs",
            "2 of 56: a job has not finished when drop returns",
            "14 of 56: a job is thrown away",
            "26 of 56: a thread panics at src/lib.rs:54: called `Result::unwrap()` on an `Err` value: SendError { .. }",
        ],
    },
    Mutant {
        name: "a worker that waits too long goes home",
        pool: Messages,
        changes: &[(
            "let message = receiver.lock().unwrap().recv().unwrap();",
            "let patience = std::time::Duration::from_secs(1);
                let Ok(message) = receiver.lock().unwrap().recv_timeout(patience) else {
                    break;
                };",
        )],
        size: (2, 1),
        verdict: &[
            "8 of 56: abort",
            "26 of 56: main panics",
            "22 of 56: end normally",
            "14 of 56: a job never runs",
            "2 of 56: a job has not finished when drop returns",
            "14 of 56: a job is thrown away",
            "26 of 56: a thread panics at src/lib.rs:54: called `Result::unwrap()` on an `Err` value: SendError { .. }",
        ],
    },
    // Wasteful, but right.
    Mutant {
        name: "a worker asks again and again",
        pool: Messages,
        changes: &[(
            "let message = receiver.lock().unwrap().recv().unwrap();",
            "let Ok(message) = receiver.lock().unwrap().try_recv() else {
                    thread::yield_now();
                    continue;
                };",
        )],
        size: (2, 1),
        verdict: &[
            "not finished: loops that wait were followed for 1 round with nothing changed",
            "always: end normally",
            "a thread keeps a processor busy while it waits, at src/lib.rs:78",
        ],
    },
    Mutant {
        name: "the lock is believed to be free",
        pool: Messages,
        changes: &[(
            "let message = receiver.lock().unwrap().recv().unwrap();",
            "let message = receiver.try_lock().unwrap().recv().unwrap();",
        )],
        size: (2, 0),
        verdict: &[
            "4 of 6: main panics",
            "2 of 6: end normally",
            "2 of 6: a thread panics at src/lib.rs:54: called `Result::unwrap()` on an `Err` value: SendError { .. }",
            "4 of 6: a thread panics at src/lib.rs:78: called `Result::unwrap()` on an `Err` value: \"WouldBlock\"",
            "2 of 6: in turn, a thread panics at src/lib.rs:63: called `Result::unwrap()` on an `Err` value: Any { .. }",
        ],
    },
    Mutant {
        name: "helpers wait at a barrier for one that never comes",
        pool: Messages,
        changes: &[(
            "        let receiver = Arc::new(Mutex::new(receiver));\n",
            "        let receiver = Arc::new(Mutex::new(receiver));
        let barrier = Arc::new(std::sync::Barrier::new(size + 1));
        for _ in 0..size {
            let barrier = Arc::clone(&barrier);
            thread::spawn(move || barrier.wait());
        }\n",
        )],
        size: (2, 0),
        verdict: &[
            "always: end and cut threads off",
            "always: a thread is alive when drop returns",
        ],
    },
    Mutant {
        name: "a worker parks and nobody unparks it",
        pool: Messages,
        changes: &[(
            "                        job();\n",
            "                        job();
                        thread::park();\n",
        )],
        size: (2, 1),
        verdict: &["always: deadlock"],
    },
    Mutant {
        name: "nothing is wrong with closing",
        pool: Closing,
        changes: &[],
        size: (2, 2),
        verdict: &["always: end normally"],
    },
    Mutant {
        name: "the sender is never dropped",
        pool: Closing,
        changes: &[("        drop(self.sender.take());\n\n", "")],
        size: (2, 2),
        verdict: &["always: deadlock"],
    },
    Mutant {
        name: "a copy of the sender is dropped",
        pool: Closing,
        changes: &[("drop(self.sender.take());", "drop(self.sender.clone());")],
        size: (2, 2),
        verdict: &["always: deadlock"],
    },
    Mutant {
        name: "the sender is dropped between the joins",
        pool: Closing,
        changes: &[(
            "        drop(self.sender.take());

        for worker in &mut self.workers {",
            "        for worker in &mut self.workers {
            if worker.id == 1 {
                drop(self.sender.take());
            }
",
        )],
        size: (2, 1),
        verdict: &["always: deadlock"],
    },
    Mutant {
        name: "a worker keeps a sender",
        pool: Closing,
        changes: &[(
            "            workers.push(Worker::new(id, Arc::clone(&receiver)));\n",
            "            workers.push(Worker::new(id, Arc::clone(&receiver)));
            let sender = sender.clone();
            thread::spawn(move || {
                let _sender = sender;
                thread::park();
            });\n",
        )],
        size: (1, 1),
        verdict: &["always: deadlock"],
    },
    Mutant {
        name: "unwrap on a closed channel",
        pool: Closing,
        changes: &[(
            "let message = receiver.lock().unwrap().recv();",
            "let message = Ok::<Job, mpsc::RecvError>(receiver.lock().unwrap().recv().unwrap());",
        )],
        size: (2, 1),
        verdict: &[
            "always: main panics",
            "1 of 4: a job never runs",
            "always: a thread panics at src/lib.rs:70: called `Result::unwrap()` on an `Err` value: RecvError",
            "always: in turn, a thread panics at src/lib.rs:55: called `Result::unwrap()` on an `Err` value: Any { .. }",
            "always: in turn, a thread panics at src/lib.rs:70: called `Result::unwrap()` on an `Err` value: PoisonError { .. }",
        ],
    },
    // The channel stays closed, and the worker asks for ever.
    Mutant {
        name: "a worker goes on after Err",
        pool: Closing,
        changes: &[("\n                        break;\n", "")],
        size: (2, 0),
        verdict: &[
            "always: too long",
            "a thread keeps a processor busy while it waits, at src/lib.rs:79",
        ],
    },
    Mutant {
        name: "the lock is held over the match",
        pool: Closing,
        changes: &[(
            "                let message = receiver.lock().unwrap().recv();

                match message {",
            "                match receiver.lock().unwrap().recv() {",
        )],
        size: (2, 2),
        verdict: &["always: end normally", "never: two jobs at once"],
    },
    Mutant {
        name: "drop closes and doesn't join",
        pool: Closing,
        changes: &[(
            "                thread.join().unwrap();\n",
            "                drop(thread);\n",
        )],
        size: (2, 1),
        verdict: &[
            "always: end and cut threads off",
            "always: a job never runs",
            "always: a job has not finished when drop returns",
            "always: a thread is alive when drop returns",
        ],
    },
    Mutant {
        name: "jobs that wait are dropped at shutdown",
        pool: Closing,
        changes: &[
            (
                "    sender: Option<mpsc::Sender<Job>>,\n",
                "    sender: Option<mpsc::Sender<Job>>,
    receiver: Arc<Mutex<mpsc::Receiver<Job>>>,\n",
            ),
            (
                "            sender: Some(sender),\n",
                "            sender: Some(sender),
            receiver,\n",
            ),
            (
                "        drop(self.sender.take());\n",
                "        drop(self.sender.take());
        while self.receiver.lock().unwrap().try_recv().is_ok() {}\n",
            ),
        ],
        size: (2, 2),
        verdict: &[
            "always: end normally",
            "30 of 54: a job never runs",
            "30 of 54: a job has not finished when drop returns",
            "30 of 54: a job is thrown away",
        ],
    },
    Mutant {
        name: "a thread between hands the jobs on",
        pool: Closing,
        changes: &[(
            "let (sender, receiver) = mpsc::channel();",
            "let (sender, inner) = mpsc::channel();
        let (hand, receiver) = mpsc::sync_channel(0);
        thread::spawn(move || {
            for job in inner {
                hand.send(job).unwrap();
            }
        });",
        )],
        size: (2, 2),
        verdict: &[
            "always: end and cut threads off",
            "always: a thread is alive when drop returns",
        ],
    },
    Mutant {
        name: "nothing is wrong with the condition variable",
        pool: Condvar,
        changes: &[],
        size: (2, 2),
        verdict: &["always: end normally"],
    },
    Mutant {
        name: "shutdown wakes one worker only",
        pool: Condvar,
        changes: &[(
            "self.shared.changed.notify_all();",
            "self.shared.changed.notify_one();",
        )],
        size: (2, 1),
        verdict: &["72 of 204: deadlock", "132 of 204: end normally"],
    },
    Mutant {
        name: "execute wakes nobody",
        pool: Condvar,
        changes: &[("        self.shared.changed.notify_one();\n", "")],
        size: (2, 1),
        verdict: &["always: end normally"],
    },
    Mutant {
        name: "shutdown wakes nobody",
        pool: Condvar,
        changes: &[("        self.shared.changed.notify_all();\n", "")],
        size: (2, 1),
        verdict: &["76 of 108: deadlock", "32 of 108: end normally"],
    },
    Mutant {
        name: "a worker doesn't look before it waits",
        pool: Condvar,
        changes: &[(
            "                while queue.jobs.is_empty() && !queue.closed {
                    queue = shared.changed.wait(queue).unwrap();
                }",
            "                queue = shared.changed.wait(queue).unwrap();",
        )],
        size: (2, 1),
        verdict: &[
            "286 of 454: deadlock",
            "168 of 454: end normally",
            "2 of 454: a job never runs",
        ],
    },
    Mutant {
        name: "a worker looks once only",
        pool: Condvar,
        changes: &[("while queue.jobs.is_empty()", "if queue.jobs.is_empty()")],
        size: (2, 2),
        verdict: &["always: end normally"],
    },
    Mutant {
        name: "closing drops what is queued",
        pool: Condvar,
        changes: &[(
            "while queue.jobs.is_empty() && !queue.closed {",
            "if queue.closed {
                    break;
                }
                while queue.jobs.is_empty() && !queue.closed {",
        )],
        size: (2, 2),
        verdict: &[
            "always: end normally",
            "30 of 4842: a job never runs",
            "30 of 4842: a job has not finished when drop returns",
            "30 of 4842: a job is thrown away",
        ],
    },
    Mutant {
        name: "the lock is held over the job",
        pool: Condvar,
        changes: &[(
            "                drop(queue);

                job();",
            "                job();",
        )],
        size: (2, 2),
        verdict: &["always: end normally", "never: two jobs at once"],
    },
];
