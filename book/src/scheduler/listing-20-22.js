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
"give job 0 to the pool",
"take the lock",
"send to the channel",
"send to the channel: job 0",
"receive from the channel",
"the channel is empty",
"give job 1 to the pool",
"job 0",
"send to the channel: job 1",
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
"release the lock",
"receive from the channel: job 1",
"start job 1",
"finish job 1",
"wait for a client"
],
places: [[0,0,-1,0,0],[0,1,-1,-1,0],[51,2,-1,2,0],[51,3,-1,3,0],[51,0,-1,0,0],[0,4,-1,4,0],[52,5,-1,5,0],[40,6,-1,7,0],[52,8,9,-1,1],[0,10,-1,10,0],[40,6,-1,12,0],[52,5,13,-1,0],[52,5,14,-1,0],[0,15,-1,15,0],[52,8,-1,17,1],[0,18,19,-1,0],[53,20,-1,20,1],[53,21,-1,21,1],[0,22,-1,22,1],[0,23,-1,23,1],[52,24,-1,24,1],[52,8,-1,25,1],[0,26,-1,26,1],[0,27,-1,27,1]],
queues: [[],[11],[11,16],[16]],
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
/&&#!*!+!,
,(&"!*!,!-
,&("!*!,!-
+0&"!*!-!.
+(("!*!-!.
+&0"!*!-!.
)*-!!+
).*!!+
1&&#!,!-
/(&#!+!-!.
/&(#!+!-!.
,0&"!+!.!/
,(("!+!.!/
,&0"!+!.!/
+2&!!+!/!0
+0-"!+!/
+.0"!+!/
+&3!!+!.!/
1(&#!/!0
1&(#!/!0
/0&#!-!0!1
/((#!-!0!1
/&0#!-!0!1
,2&!!-!1!2
,0-"!-!1
,.0"!-!1
,&3!!-!0!1
+4&!!-!1!2
+2-!!-!1
+.3!!-!1
+&4!!-!0!1
10&#!1!2
1((#!1!2
1&0#!1!2
/2&%!.!2!3
/0-#!.!2
/.0#!.!2
/&3%!.!1!2
,4&!!.!2!3
,2-!!.!2
,.3!!.!2
,&4!!.!1!2
+5&!!.!2!3
+4-!!.!2
+.4!!.!2
+&5!!.!1!2
12&%!2!3
10-#!2
1.0#!2
1&3%!1!2
/4&%!.!2!3
/2-%!.!2
/.3%!.!2
/&4%!.!1!2
,5&!!.!2!3
,4-!!.!2
,.4!!.!2
,&5!!.!1!2
+6&!!.!2!3
+5-!!.!2
+.5!!.!2
+&6!!.!1!2
14&%!2!3
12-%!2
1.3%!2
1&4%!1!2
/5&%!.!2!3
/4-%!.!2
/.4%!.!2
/&5%!.!1!2
,6&!!.!2!3
,5-!!.!2
,.5!!.!2
,&6!!.!1!2
+(&!!.!2!3
+6-!!.!2
+.6!!.!1
+&(!!.!0!1
15&%!1!2
14-%!1
1.4%!1
1&5%!0!1
/6&%!-!1!2
/5-%!-!1
/.5%!-!1
/&6%!-!0!1
,(&!!-!1!2
,6-!!-!1
,.6!!-!0
,&(!!-!/!0
+*&!!-!0
+((!!-!/!0
+&*!!-!/
16&%!/!0
15-%!/
1.5%!/
1&6%!.!/
/(&%!+!/!0
/6-%!+!/
/.6%!+!.
/&(%!+!-!.
,*&!!+!.
,((!!+!-!.
,&*!!+!-
+*-!!+
+.*!!+
1(&%!+!,
16-%!+
1.6%!*
1&(%!)!*
/7&%!'!*!+
/((%!'!*!+
/&7%!'!*!+
,*-!!(
,.*!!(
17&%!)!*
1((%!)!*
1&7%!)!*
/2&!!&!*!+
/7-%!&!*
/.7%!&!*
/&3!!&!)!*
12&!!*!+
17-%!*
1.7%!*
1&3!!)!*
/8&!!&!*!+
/2-!!&!*
/.3!!&!*
/&8!!&!)!*
18&!!*!+
12-!!*
1.3!!*
1&8!!)!*
/9&!!&!*!+
/8-!!&!*
/.8!!&!*
/&9!!&!)!*
19&!!*!+
18-!!*
1.8!!*
1&9!!)!*
/6&!!&!*!+
/9-!!&!*
/.9!!&!*
/&6!!&!)!*
16&!!*!+
19-!!*
1.9!!*
1&6!!)!*
/(&!!&!*!+
/6-!!&!*
/.6!!&!)
/&(!!&!(!)
1(&!!)!*
16-!!)
1.6!!(
1&(!!'!(
/*&!!%!(
/((!!%!'!(
/&*!!%!'
1*&!!'
1((!!&!'
1&*!!&
/*-!!#
/.*!!#
1*-!>
1.*!>
`,
};
