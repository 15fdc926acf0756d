// Made by scripts/listings/tests/listings/scheduler.rs from what the explorer finds.
(globalThis.schedules ??= {})["listing-20-22"] = {
listing: "listing-20-22",
scenario: "a pool of 2 workers, 2 jobs, never dropped",
threads: ["main","worker 0","worker 1"],
states: 237,
steps: 481,
source: [
"use std::{",
"    sync::{Arc, Mutex, mpsc},",
"    thread,",
"};",
"",
"pub struct ThreadPool {",
"    workers: Vec<Worker>,",
"    sender: mpsc::Sender<Job>,",
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
"        ThreadPool { workers, sender }",
"    }",
"",
"    pub fn execute<F>(&self, f: F)",
"    where",
"        F: FnOnce() + Send + 'static,",
"    {",
"        let job = Box::new(f);",
"",
"        self.sender.send(job).unwrap();",
"    }",
"}",
"",
"struct Worker {",
"    id: usize,",
"    thread: thread::JoinHandle<()>,",
"}",
"",
"impl Worker {",
"    fn new(id: usize, receiver: Arc<Mutex<mpsc::Receiver<Job>>>) -> Worker {",
"        let thread = thread::spawn(move || {",
"            while let Ok(job) = receiver.lock().unwrap().recv() {",
"                println!(\"Worker {id} got a job; executing.\");",
"",
"                job();",
"            }",
"        });",
"",
"        Worker { id, thread }",
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
"queue job 0",
"lock the lock",
"send to the channel",
"receive from the channel",
"the channel is empty",
"queue job 1",
"job 0",
"worker 0 holds the lock",
"worker 1 holds the lock",
"listen",
"job 1",
"receive from the channel: job 0",
"accept a client",
"what it waits for has not happened",
"print `Worker 0 got a job; executing.`",
"print `Worker 1 got a job; executing.`",
"start job 0",
"finish job 0",
"unlock the lock",
"receive from the channel: job 1",
"start job 1",
"finish job 1",
"wait for a client"
],
places: [[0,0,-1,0,0],[0,1,-1,-1,0],[51,2,-1,2,0],[51,3,-1,3,0],[51,0,-1,0,0],[0,4,-1,4,0],[52,5,-1,5,0],[40,6,-1,6,0],[52,7,8,-1,1],[0,9,-1,9,0],[52,5,11,-1,0],[52,5,12,-1,0],[0,13,-1,13,0],[52,7,-1,15,1],[0,16,17,-1,0],[53,18,-1,18,1],[53,19,-1,19,1],[0,20,-1,20,1],[0,21,-1,21,1],[52,22,-1,22,1],[52,7,-1,23,1],[0,24,-1,24,1],[0,25,-1,25,1]],
queues: [[],[10],[10,14],[14]],
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
)&&"!*!+!,
+(&"!*!,!-
+&("!*!,!-
)*&!!*!-
)((!!*!,!-
)&*!!*!,
'*,!!*
'-*!!*
.&&#!*!+!,
)(&"!*!,!-
)&("!*!,!-
+/&"!*!-!.
+(("!*!-!.
+&/"!*!-!.
)*,!!+
)-*!!+
0&&#!,!-
.(&#!+!-!.
.&(#!+!-!.
)/&"!+!.!/
)(("!+!.!/
)&/"!+!.!/
+1&!!+!/!0
+/,"!+!/
+-/"!+!/
+&2!!+!.!/
0(&#!/!0
0&(#!/!0
./&#!-!0!1
.((#!-!0!1
.&/#!-!0!1
)1&!!-!1!2
)/,"!-!1
)-/"!-!1
)&2!!-!0!1
+3&!!-!1!2
+1,!!-!1
+-2!!-!1
+&3!!-!0!1
0/&#!1!2
0((#!1!2
0&/#!1!2
.1&%!.!2!3
./,#!.!2
.-/#!.!2
.&2%!.!1!2
)3&!!.!2!3
)1,!!.!2
)-2!!.!2
)&3!!.!1!2
+4&!!.!2!3
+3,!!.!2
+-3!!.!2
+&4!!.!1!2
01&%!2!3
0/,#!2
0-/#!2
0&2%!1!2
.3&%!.!2!3
.1,%!.!2
.-2%!.!2
.&3%!.!1!2
)4&!!.!2!3
)3,!!.!2
)-3!!.!2
)&4!!.!1!2
+5&!!.!2!3
+4,!!.!2
+-4!!.!2
+&5!!.!1!2
03&%!2!3
01,%!2
0-2%!2
0&3%!1!2
.4&%!.!2!3
.3,%!.!2
.-3%!.!2
.&4%!.!1!2
)5&!!.!2!3
)4,!!.!2
)-4!!.!2
)&5!!.!1!2
+(&!!.!2!3
+5,!!.!2
+-5!!.!1
+&(!!.!0!1
04&%!1!2
03,%!1
0-3%!1
0&4%!0!1
.5&%!-!1!2
.4,%!-!1
.-4%!-!1
.&5%!-!0!1
)(&!!-!1!2
)5,!!-!1
)-5!!-!0
)&(!!-!/!0
+*&!!-!0
+((!!-!/!0
+&*!!-!/
05&%!/!0
04,%!/
0-4%!/
0&5%!.!/
.(&%!+!/!0
.5,%!+!/
.-5%!+!.
.&(%!+!-!.
)*&!!+!.
)((!!+!-!.
)&*!!+!-
+*,!!+
+-*!!+
0(&%!+!,
05,%!+
0-5%!*
0&(%!)!*
.6&%!'!*!+
.((%!'!*!+
.&6%!'!*!+
)*,!!(
)-*!!(
06&%!)!*
0((%!)!*
0&6%!)!*
.1&!!&!*!+
.6,%!&!*
.-6%!&!*
.&2!!&!)!*
01&!!*!+
06,%!*
0-6%!*
0&2!!)!*
.7&!!&!*!+
.1,!!&!*
.-2!!&!*
.&7!!&!)!*
07&!!*!+
01,!!*
0-2!!*
0&7!!)!*
.8&!!&!*!+
.7,!!&!*
.-7!!&!*
.&8!!&!)!*
08&!!*!+
07,!!*
0-7!!*
0&8!!)!*
.5&!!&!*!+
.8,!!&!*
.-8!!&!*
.&5!!&!)!*
05&!!*!+
08,!!*
0-8!!*
0&5!!)!*
.(&!!&!*!+
.5,!!&!*
.-5!!&!)
.&(!!&!(!)
0(&!!)!*
05,!!)
0-5!!(
0&(!!'!(
.*&!!%!(
.((!!%!'!(
.&*!!%!'
0*&!!'
0((!!&!'
0&*!!&
.*,!!#
.-*!!#
0*,!<
0-*!<
`,
};
