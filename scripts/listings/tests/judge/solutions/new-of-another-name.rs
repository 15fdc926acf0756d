// The function that makes a pool has another name than `main` calls it by.
// exercise: 20-12-b-new
// verdict: refused fails: the error is to be about `execute`, and it says: no
pub struct ThreadPool;

impl ThreadPool {
    pub fn make(size: usize) -> ThreadPool {
        ThreadPool
    }
}

// file: src/main.rs
use new_of_another_name::ThreadPool;

fn main() {
    let pool = ThreadPool::new(4);
    pool.execute(|| {});
}
