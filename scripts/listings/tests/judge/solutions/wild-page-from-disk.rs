// The chapter as it is typed in: the page is read from the folder of the crate.
// exercise: 2021-20-25
// verdict: holds
use std::{
    sync::{Arc, Mutex, mpsc},
    thread,
};

type Job = Box<dyn FnOnce() + Send + 'static>;

pub struct ThreadPool {
    workers: Vec<Option<thread::JoinHandle<()>>>,
    sender: Option<mpsc::Sender<Job>>,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let (sender, receiver) = mpsc::channel::<Job>();
        let receiver = Arc::new(Mutex::new(receiver));
        let workers = (0..size)
            .map(|_| {
                let receiver = Arc::clone(&receiver);
                Some(thread::spawn(move || {
                    loop {
                        let job = receiver.lock().unwrap().recv();
                        match job {
                            Ok(job) => job(),
                            Err(_) => break,
                        }
                    }
                }))
            })
            .collect();
        ThreadPool {
            workers,
            sender: Some(sender),
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        self.sender.as_ref().unwrap().send(Box::new(f)).unwrap();
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        drop(self.sender.take());

        for worker in &mut self.workers {
            if let Some(worker) = worker.take() {
                worker.join().unwrap();
            }
        }
    }
}
// file: hello.html
<!DOCTYPE html>
<html lang="en"><title>Hello!</title><h1>Hello!</h1></html>
// file: src/main.rs
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
};
use wild_page_from_disk::ThreadPool;

fn main() {
    let listener = TcpListener::bind("127.0.0.1:7878").unwrap();
    let pool = ThreadPool::new(4);
    for stream in listener.incoming().take(2) {
        let stream = stream.unwrap();
        pool.execute(|| answer(stream));
    }
    println!("Shutting down.");
}

fn answer(mut stream: TcpStream) {
    let first = BufReader::new(&stream).lines().next();
    let status = match first {
        Some(Ok(line)) if line == "GET / HTTP/1.1" => "HTTP/1.1 200 OK",
        _ => "HTTP/1.1 404 NOT FOUND",
    };
    let page = fs::read_to_string("hello.html").unwrap();
    let length = page.len();
    write!(stream, "{status}\r\nContent-Length: {length}\r\n\r\n{page}").unwrap();
}
