// Made by scripts/listings/tests/listings/scheduler.rs from what the explorer finds.
(globalThis.schedules ??= {})["listing-2021-20-23"] = {
listing: "listing-2021-20-23",
scenario: "a pool of 2 workers, 1 job, then drop",
threads: ["main","worker 0","worker 1"],
states: 353,
steps: 737,
source: [
"use std::{",
"    sync::{Arc, Mutex, mpsc},",
"    thread,",
"};",
"",
"pub struct ThreadPool {",
"    workers: Vec<Worker>,",
"    sender: Option<mpsc::Sender<Job>>,",
"}",
"",
"type Job = Box<dyn FnOnce() + Send + 'static>;",
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
"        ThreadPool {",
"            workers,",
"            sender: Some(sender),",
"        }",
"    }",
"",
"    pub fn execute<F>(&self, f: F)",
"    where",
"        F: FnOnce() + Send + 'static,",
"    {",
"        let job = Box::new(f);",
"",
"        self.sender.as_ref().unwrap().send(job).unwrap();",
"    }",
"}",
"",
"impl Drop for ThreadPool {",
"    fn drop(&mut self) {",
"        drop(self.sender.take());",
"",
"        for worker in &mut self.workers {",
"            println!(\"Shutting down worker {}\", worker.id);",
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
"    fn new(id: usize, receiver: Arc<Mutex<mpsc::Receiver<Job>>>) -> Worker {",
"        let thread = thread::spawn(move || {",
"            loop {",
"                let job = receiver.lock().unwrap().recv().unwrap();",
"",
"                println!(\"Worker {id} got a job; executing.\");",
"",
"                job();",
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
"drop a sender of the channel",
"worker 0 holds the lock",
"worker 1 holds the lock",
"print `Shutting down worker 0`",
"receive from the channel: job 0",
"join worker 0",
"worker 0 has not ended",
"release the lock",
"print `Worker 0 got a job; executing.`",
"print `Worker 1 got a job; executing.`",
"start job 0",
"finish job 0",
"receive from the channel: the other side is gone",
"end by a panic",
"panicked",
"leave main by a panic",
"take the lock: poisoned",
"the log has another line here",
"main panics",
"what it waits for has not happened",
"drop the receiver of the channel"
],
places: [[0,0,-1,0,0],[0,1,-1,-1,0],[68,2,-1,2,0],[68,3,-1,3,0],[68,0,-1,0,0],[0,4,-1,4,0],[70,5,-1,5,0],[43,6,-1,7,0],[70,8,9,-1,1],[0,10,-1,10,0],[0,12,-1,12,0],[70,5,13,-1,0],[70,5,14,-1,0],[52,15,-1,15,0],[70,8,-1,16,1],[55,17,18,-1,0],[70,19,-1,19,1],[72,20,-1,20,0],[72,21,-1,21,0],[0,22,-1,22,0],[0,23,-1,23,0],[70,8,-1,24,1],[70,25,-1,25,0],[0,26,-1,-1,0],[55,17,-1,17,0],[55,27,-1,27,0],[70,5,-1,28,0],[72,21,29,-1,0],[0,22,31,-1,0],[70,32,-1,32,0],[68,0,31,-1,0],[0,23,31,-1,0],[70,5,-1,-1,0],[70,19,31,-1,1],[70,32,31,-1,0],[70,25,31,-1,0]],
queues: [[],[11]],
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
1&&"!,!-
/(&"!+!-!.
/&("!+!-!.
,0&"!+!.!/
,(("!+!.!/
,&0"!+!.!/
+2&!!+!/!0
+0-"!+!/
+.0"!+!/
+&2!!+!.!/
1(&"!/!0
1&("!/!0
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
10&"!1!2
1(("!1!2
1&0"!1!2
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
12&!!4!5
10-"!4
1.0"!4
1&2!!3!4
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
13&!!6!7
12-!!6
1.2!!6
1&4!!5!6
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
15&!!7!8
13(!!7!8
1(4!!8!9
1&5!!8!9
/6&!!3!9!:
/5(!!3!9!:
/37!!3!9!:
/74!!3!:!;
/(5!!3!:!;
/&6!!3!:!;
,(&!!3!;!<
,6(!!3!;!<
,5*!!3!;
,*5!!5!;
,(6!!5!:!8
,&(!!5!7!:
+*&!!5!:
+((!!5!9!:
+6*!!5!9
+*6!!5!7
+&*!!5!7
16&!!7!8
15(!!7!8
137!!7!8
174!!8!9
1(5!!8!9
1&6!!8!9
/(&!!1!9!:
/6(!!1!9!:
/57!!1!9!:
/32!!1!9!:
/24!!1!:!;
/75!!1!:!;
/(6!!1!:!4
/&(!!1!3!:
,*&!!1!:
,((!!1!9!:
,6*!!1!9
,*6!!5!7
,&*!!5!7
+*-!!5
+.*!!5
1(&!!5!6
16(!!5!6
157!!5!6
132!!5!6
124!!6!7
175!!6!7
1(6!!6!0
1&(!!/!6
/7&!!-!6!7
/((!!-!6!7
/67!!-!6!7
/52!!-!6!7
/38!!-!6!7
/84!!-!7!8
/25!!-!7!8
/76!!-!7!0
/&7!!-!0!7
,*-!!.
,.*!!.
17&!!5!6
1((!!5!6
167!!5!6
152!!5!6
138!!5!6
184!!6!7
125!!6!7
176!!6!/
1&7!!/!6
/2&!!,!6!7
/7-!!,!6
/.7!!,!6
/62!!,!5!6
/58!!,!5!6
/39!!,!5
/94!!,!5
/85!!,!4!5
/26!!,!4!/
/&2!!,!/!4
12&!!4!5
17-!!4
1.7!!4
162!!3!4
158!!3!4
139!!3
:94!!3!4
185!!3!4
126!!3!-
1&2!!-!3
/8&!!*!3!4
/2-!!*!3
/.2!!*!3
/68!!*!2!3
/59!!*!2
/95!!+!2
/86!!+!1!.
/&8!!+!.!1
18&!!1!2
12-!!1
1.2!!1
168!!0!1
159!!0
;94!!0!1
:95!!0!1
186!!0!+
1&8!!+!0
/9&!!(!0
/8<!!(!/!0
/<8!!(!0!1
/69!!(!0
/96!!*!,
/&9!!*!.
:9&!!.!/
18<!!.!/
1<8!!/!0
169!!/
99=!@
;95!!.!/
:96!!.!)
1&9!!+
/9<!!'!-
/82!!'!,!-
/28!!'!-!.
/<9!!'!-
;9&!!-!.
:9<!!-!.
182!!-!.
128!!.!/
1<9!!.
99>!@
;96!!-!(
/92!!(!-
/8?!!(!,!-
/?8!!(!,!-
/29!!(!,
99@!@
;9<!!+!,
:92!!+!,
18?!!+!,
1?8!!+!,
129!!+
99A!@
/9?!!'!*
/88!!'!)!*
/?9!!'!)
99B!@
;92!!(!)
:9?!!(!)
188!!(!)
1?9!!(
/98!!&!(
/89!!&!'
99C!@
;9?!!&!'
:98!!&!'
189!!&
/99!!%
99D!@
;98!!#!%
:99!!#
99E!@
;99!!"
999!@
`,
};
