// The server ends after three requests and not after two.
// exercise: 20-26
// verdict: serves-two fails: waits for one more client
use std::{
    sync::{Arc, Mutex, mpsc},
    thread,
};

pub struct ThreadPool {
    workers: Vec<Worker>,
    sender: Option<mpsc::Sender<Job>>,
}

type Job = Box<dyn FnOnce() + Send + 'static>;

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let (sender, receiver) = mpsc::channel();
        let receiver = Arc::new(Mutex::new(receiver));
        let mut workers = Vec::with_capacity(size);
        for id in 0..size {
            workers.push(Worker::new(id, Arc::clone(&receiver)));
        }
        ThreadPool {
            workers,
            sender: Some(sender),
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        let job = Box::new(f);
        self.sender.as_ref().unwrap().send(job).unwrap();
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        drop(self.sender.take());
        for worker in &mut self.workers {
            println!("Shutting down worker {}", worker.id);
            if let Some(thread) = worker.thread.take() {
                thread.join().unwrap();
            }
        }
    }
}

struct Worker {
    id: usize,
    thread: Option<thread::JoinHandle<()>>,
}

impl Worker {
    fn new(id: usize, receiver: Arc<Mutex<mpsc::Receiver<Job>>>) -> Worker {
        let thread = thread::spawn(move || {
            loop {
                let message = receiver.lock().unwrap().recv();
                match message {
                    Ok(job) => {
                        println!("Worker {id} got a job; executing.");
                        job();
                    }
                    Err(_) => {
                        println!("Worker {id} disconnected; shutting down.");
                        break;
                    }
                }
            }
        });
        Worker {
            id,
            thread: Some(thread),
        }
    }
}
// file: src/main.rs
use server_that_takes_three::ThreadPool;
use std::{
    env,
    io::{BufReader, prelude::*},
    net::{TcpListener, TcpStream},
    process, thread,
    time::Duration,
};

fn main() {
    let address = env::args().nth(1).unwrap_or("127.0.0.1:7878".to_string());
    let listener = TcpListener::bind(&address).unwrap_or_else(|error| {
        eprintln!(
            "Cannot listen on {address} ({error}): \
             add another address to the command, such as `-- 127.0.0.1:0` for any free port."
        );
        process::exit(1);
    });
    println!("Listening on http://{}", listener.local_addr().unwrap());
    let pool = ThreadPool::new(4);

    for stream in listener.incoming().take(3) {
        let stream = stream.unwrap();

        pool.execute(|| {
            handle_connection(stream);
        });
    }

    println!("Shutting down.");
}

fn handle_connection(mut stream: TcpStream) {
    let mut request_line = Vec::new();
    let mut reader = BufReader::new(&stream).take(4096);
    // A line that is too long, cut off or not HTTP at all gets a 404 below.
    let _ = reader.read_until(b'\n', &mut request_line);

    let (status_line, page) = match request_line.as_slice() {
        b"GET / HTTP/1.1\r\n" => ("HTTP/1.1 200 OK", HELLO),
        b"GET /sleep HTTP/1.1\r\n" => {
            thread::sleep(Duration::from_secs(5));
            ("HTTP/1.1 200 OK", HELLO)
        }
        _ => ("HTTP/1.1 404 NOT FOUND", NOT_FOUND),
    };

    let length = page.len();
    let response = format!("{status_line}\r\nContent-Length: {length}\r\n\r\n{page}");
    // The client may be gone by now; then there is nobody left to tell.
    let _ = stream.write_all(response.as_bytes());
}

const HELLO: &str = r#"<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Hello!</title>
  </head>
  <body>
    <h1>Hello!</h1>
    <p>Hi from Rust</p>
  </body>
</html>
"#;

const NOT_FOUND: &str = r#"<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Not found</title>
  </head>
  <body>
    <h1>Oops!</h1>
    <p>There is no such page here.</p>
  </body>
</html>
"#;
