//! Work for all processors. An exploration is a process of its own, so whoever has many of them has
//! several go on side by side; but never more than there are processors, for each has a bound on its
//! time.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

/// How many processors there are for this process, as the system said when it was first asked; 2
/// where it doesn't say.
pub fn processors() -> usize {
    static PROCESSORS: OnceLock<usize> = OnceLock::new();
    *PROCESSORS.get_or_init(|| thread::available_parallelism().map_or(2, NonZero::get))
}

/// The numbers of the explorations of this process that go on, and who waits until one has ended.
static RUNNING: Mutex<BTreeSet<usize>> = Mutex::new(BTreeSet::new());
static ENDED: Condvar = Condvar::new();

/// A processor for one exploration, given back when this is dropped.
pub(crate) struct Turn {
    /// Its number, from 0 on: no other exploration of this process has it.
    pub(crate) number: usize,
}

impl Turn {
    /// Waits until there is one.
    pub(crate) fn wait() -> Turn {
        let full = |running: &mut BTreeSet<usize>| running.len() >= processors();
        let running = ENDED.wait_while(running(), full);
        let mut running = running.unwrap_or_else(PoisonError::into_inner);
        let free = (0..).find(|number| !running.contains(number));
        let number = free.expect("not every number is taken");
        running.insert(number);
        Turn { number }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        running().remove(&self.number);
        ENDED.notify_one();
    }
}

fn running() -> MutexGuard<'static, BTreeSet<usize>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does `work` on each of `items`, on as many threads as there are processors. Gives what came of
/// them in their order. A panic of `work` is the caller's.
pub fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    each_on(processors(), items, work)
}

/// As [`each`], on `threads` threads: for work that waits, of which more may go on than there are
/// processors.
pub fn each_on<T: Sync, R: Send>(
    threads: usize,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.min(items.len()))
            .map(|_| {
                scope.spawn(|| {
                    while let Some((at, item)) = {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        items.get(at).map(|item| (at, item))
                    } {
                        let result = work(item);
                        done.lock().expect("nobody panics here").push((at, result));
                    }
                })
            })
            .collect();
        for worker in workers {
            if let Err(panic) = worker.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
    let mut done = done.into_inner().expect("nobody has panicked");
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..100).collect();
        let squares: Vec<usize> = items.iter().map(|item| item * item).collect();
        assert_eq!(each(&items, |item| item * item), squares);
        assert_eq!(each(&[], |item: &usize| *item), Vec::<usize>::new());
    }

    #[test]
    fn never_more_have_their_turn_than_there_are_processors() {
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..3 * processors() {
                scope.spawn(|| {
                    for _ in 0..100 {
                        let turn = Turn::wait();
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        thread::yield_now();
                        now.fetch_sub(1, Ordering::SeqCst);
                        drop(turn);
                    }
                });
            }
        });
        assert!((1..=processors()).contains(&most.into_inner()));
    }

    #[test]
    #[should_panic(expected = "seven")]
    fn a_panic_is_the_callers() {
        each(&[1, 7, 3], |&item| assert!(item != 7, "seven"));
    }
}
