// Made by scripts/listings/tests/listings/scheduler.rs from what the explorer finds.
(globalThis.schedules ??= {})["listing-20-26-single-loop"] = {
listing: "listing-20-26-single-loop",
scenario: "a pool of 2 workers, 1 job, then drop",
threads: ["main","worker 0","worker 1"],
states: 283,
steps: 563,
source: [
"use std::{",
"    sync::{Arc, Mutex, mpsc},",
"    thread,",
"};",
"",
"pub struct ThreadPool {",
"    workers: Vec<Worker>,",
"    sender: mpsc::Sender<Message>,",
"}",
"",
"type Job = Box<dyn FnOnce() + Send + 'static>;",
"",
"enum Message {",
"    NewJob(Job),",
"    Terminate,",
"}",
"",
"impl ThreadPool {",
"    /// Creates a pool of `size` threads.",
"    ///",
"    /// # Panics",
"    ///",
"    /// Panics if `size` is zero.",
"    pub fn new(size: usize) -> ThreadPool {",
"        assert!(size > 0);",
"",
"        let (sender, receiver) = mpsc::channel();",
"        let receiver = Arc::new(Mutex::new(receiver));",
"",
"        let mut workers = Vec::with_capacity(size);",
"",
"        for id in 0..size {",
"            workers.push(Worker::new(id, Arc::clone(&receiver)));",
"        }",
"",
"        ThreadPool { workers, sender }",
"    }",
"",
"    pub fn execute<F>(&self, f: F)",
"    where",
"        F: FnOnce() + Send + 'static,",
"    {",
"        let job = Box::new(f);",
"",
"        self.sender.send(Message::NewJob(job)).unwrap();",
"    }",
"}",
"",
"impl Drop for ThreadPool {",
"    fn drop(&mut self) {",
"        for worker in &mut self.workers {",
"            println!(\"Shutting down worker {}\", worker.id);",
"",
"            self.sender.send(Message::Terminate).unwrap();",
"",
"            if let Some(thread) = worker.thread.take() {",
"                thread.join().unwrap();",
"            }",
"        }",
"    }",
"}",
"",
"struct Worker {",
"    id: usize,",
"    thread: Option<thread::JoinHandle<()>>,",
"}",
"",
"impl Worker {",
"    fn new(id: usize, receiver: Arc<Mutex<mpsc::Receiver<Message>>>) -> Worker {",
"        let thread = thread::spawn(move || {",
"            loop {",
"                let message = receiver.lock().unwrap().recv().unwrap();",
"",
"                match message {",
"                    Message::NewJob(job) => {",
"                        println!(\"Worker {id} got a job; executing.\");",
"",
"                        job();",
"                    }",
"                    Message::Terminate => {",
"                        println!(\"Worker {id} was told to terminate.\");",
"",
"                        break;",
"                    }",
"                }",
"            }",
"        });",
"",
"        Worker {",
"            id,",
"            thread: Some(thread),",
"        }",
"    }",
"}"
],
log: [

],
texts: [
"start",
"not created yet",
"spawn worker 0",
"spawn worker 1",
"give job 0 to the pool",
"take the lock",
"send to the channel",
"send to the channel: job 0",
"receive from the channel",
"the channel is empty",
"print `Shutting down.`",
"job 0",
"print `Shutting down worker 0`",
"worker 0 holds the lock",
"worker 1 holds the lock",
"receive from the channel: job 0",
"join worker 0",
"worker 0 has not ended",
"Terminate",
"release the lock",
"print `Worker 0 got a job; executing.`",
"print `Worker 1 got a job; executing.`",
"start job 0",
"finish job 0",
"print `Worker 1 was told to terminate.`",
"print `Worker 0 was told to terminate.`",
"end",
"ended",
"print `Shutting down worker 1`",
"join worker 1",
"worker 1 has not ended",
"deadlock",
"drop the receiver of the channel",
"drop a sender of the channel",
"the pool's drop has returned",
"return from main",
"end normally"
],
places: [[0,0,-1,0,0],[0,1,-1,-1,0],[70,2,-1,2,0],[70,3,-1,3,0],[70,0,-1,0,0],[0,4,-1,4,0],[72,5,-1,5,0],[45,6,-1,7,0],[72,8,9,-1,1],[0,10,-1,10,0],[52,12,-1,12,0],[72,5,13,-1,0],[72,5,14,-1,0],[54,6,-1,6,0],[72,8,-1,15,1],[57,16,17,-1,0],[72,19,-1,19,1],[76,20,-1,20,0],[76,21,-1,21,0],[0,22,-1,22,0],[0,23,-1,23,0],[72,8,-1,8,1],[81,24,-1,24,0],[81,25,-1,25,0],[81,26,-1,26,0],[0,27,-1,-1,0],[57,16,-1,16,0],[52,28,-1,28,0],[57,29,30,-1,0],[81,32,-1,32,0],[57,29,-1,29,0],[57,33,-1,33,0],[0,34,-1,34,0],[0,35,-1,35,0]],
queues: [[],[11],[11,18],[18]],
rows: `
!""!!"
#""!!"
%&"!!"!#
'&&!!#!%!&
%("!!#!&
)&&!!&!'!(
'(&!!&!(!)
'&(!!&!(!)
%*"!!&
+&&"!(!)!*
)(&!!(!*!+
)&(!!(!*!+
'*&!!(!+
'((!!(!*!+
'&*!!(!*
,&&"!*!+!,
+(&"!*!,!-
+&("!*!,!-
)*&!!*!-
)((!!*!,!-
)&*!!*!,
'*-!!*
'.*!!*
/&&"!*!+!,
,(&"!*!,!-
,&("!*!,!-
+0&"!*!-!.
+(("!*!-!.
+&0"!*!-!.
)*-!!+
).*!!+
1&&#!,!-
/(&"!+!-!.
/&("!+!-!.
,0&"!+!.!/
,(("!+!.!/
,&0"!+!.!/
+2&!!+!/!0
+0-"!+!/
+.0"!+!/
+&2!!+!.!/
1(&#!/!0
1&(#!/!0
/0&"!-!0!1
/(("!-!0!1
/&0"!-!0!1
,2&!!-!1!2
,0-"!-!1
,.0"!-!1
,&2!!-!0!1
+3&!!-!1!2
+2-!!-!1
+.2!!-!1
+&4!!-!0!1
10&#!1!2
1((#!1!2
1&0#!1!2
/2&!!.!2!3
/0-"!.!2
/.0"!.!2
/&2!!.!1!2
,3&!!.!2!3
,2-!!.!2
,.2!!.!2
,&4!!.!1!2
+5&!!.!2!3
+3(!!.!2!3
+(4!!.!3!4
+&5!!.!3!4
12&%!4!5
10-#!4
1.0#!4
1&2%!3!4
/3&!!0!4!5
/2-!!0!4
/.2!!0!4
/&4!!0!3!4
,5&!!0!4!5
,3(!!0!4!5
,(4!!0!5!6
,&5!!0!5!6
+6&!!0!6!7
+5(!!0!6!7
+3*!!0!6
+*4!!0!6
+(5!!0!5!6
+&6!!0!5!6
13&%!6!7
12-%!6
1.2%!6
1&4%!5!6
/5&!!2!6!7
/3(!!2!6!7
/(4!!2!7!8
/&5!!2!7!8
,6&!!2!8!9
,5(!!2!8!9
,3*!!2!8
,*4!!2!8
,(5!!2!7!8
,&6!!2!7!8
+(&!!2!8!9
+6(!!2!8!9
+5*!!2!8
+*5!!2!8
+(6!!2!7!5
+&(!!2!4!7
15&%!7!8
13(%!7!8
1(4%!8!9
1&5%!8!9
/6&!!3!9!:
/5(!!3!9!:
/3*!!3!9
/*4!!3!9
/(5!!3!8!9
/&6!!3!8!9
,(&!!3!9!:
,6(!!3!9!:
,5*!!3!9
,*5!!3!9
,(6!!3!8!6
,&(!!3!5!8
+*&!!3!8
+((!!3!7!8
+6*!!3!7
+*6!!3!5
+&*!!3!5
16&%!5!6
15(%!5!6
137%!5!6
174%!6!7
1(5%!6!7
1&6%!6!7
/(&!!/!7!8
/6(!!/!7!8
/5*!!/!7
/*5!!1!7
/(6!!1!6!4
/&(!!1!3!6
,*&!!1!6
,((!!1!5!6
,6*!!1!5
,*6!!1!3
,&*!!1!3
+*-!!1
+.*!!1
1(&%!1!2
16(%!1!2
157%!1!2
132!!1!2
124!!2!3
175%!2!3
1(6%!2!,
1&(%!+!2
/*&!!)!2
/((!!)!1!2
/6*!!)!1
/*6!!-!/
/&*!!-!/
,*-!!-
,.*!!-
17&%!-!.
1((%!-!.
167%!-!.
152!!-!.
138!!-!.
194!!.!/
125!!.!/
176%!.!'
1&7%!'!.
/*-!!%
/.*!!%
12&!!,!-
17-%!,
1.7%!,
162!!+!,
158!!+!,
13:!!+!,
1:4!!,!-
195!!,!-
126!!,!%
1&2!!%!,
19&!!,!-
12-!!,
1.2!!,
168!!+!,
15:!!+!,
13;!!+
<;4!!+!,
1:5!!+!,
196!!+!%
1&8!!%!+
1:&!!+!,
19(!!+!,
1(8!!,!-
16:!!,!-
15;!!,
=;4!!,!-
<;5!!,!-
1:6!!,!%
1&:!!'!,
<;&!!,!-
1:(!!,!-
19*!!,
1*8!!,
1(:!!+!,
16;!!+
/;4!!+!,
=;5!!+!,
<;6!!+!%
1&;!!'
=;&!!*!+
<;(!!*!+
1:*!!*
1*:!!*
1(;!!)
>;4%!)
/;5!!(!)
=;6!!(!#
/;&!!(!)
=;(!!(!)
<;*!!(
1*;!A
>;5%!'
/;6!!&!#
>;&%!&
/;(!!%!&
=;*!!%
>;6%!"
>;(%!#
/;*!!"
>;7%!"
>;2!!"
>;8!!"
>;?!!"
>;:!!"
@;;!!"
A;;!!"
B;;!!"
C;;!!"
;;;!F
`,
};
