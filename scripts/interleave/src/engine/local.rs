//! The thread-locals of a program thread, which end with it although its OS
//! thread lives on.

use ::std::any::Any;
use ::std::cell::RefCell;
use ::std::rc::Rc;

#[derive(Default)]
struct Locals {
    values: Vec<(usize, Rc<dyn Any>)>,
    /// Those that have been dropped: the thread is about to end.
    gone: Vec<usize>,
}

thread_local! {
    static LOCALS: RefCell<Locals> = RefCell::new(Locals::default());
}

/// Gets the value of the thread-local number `key`, or makes it. `None` once
/// it has been dropped.
pub fn get<T: 'static>(key: usize, init: fn() -> T) -> Option<Rc<T>> {
    let found = LOCALS.with_borrow(|locals| {
        if locals.gone.contains(&key) {
            return Err(());
        }
        let value = locals.values.iter().find(|(known, _)| *known == key);
        Ok(value.map(|(_, value)| Rc::clone(value)))
    });
    match found {
        Err(()) => None,
        Ok(Some(value)) => value.downcast().ok(),
        Ok(None) => {
            let value = Rc::new(init());
            let kept: Rc<dyn Any> = Rc::<T>::clone(&value);
            LOCALS.with_borrow_mut(|locals| locals.values.push((key, kept)));
            Some(value)
        }
    }
}

/// Drops all values, as at the end of a thread: the last that was made first.
pub fn drop_all() {
    loop {
        let next = LOCALS.with_borrow_mut(|locals| {
            let (key, value) = locals.values.pop()?;
            locals.gone.push(key);
            Some(value)
        });
        match next {
            Some(value) => drop(value),
            None => break,
        }
    }
    LOCALS.with_borrow_mut(|locals| locals.gone.clear());
}
