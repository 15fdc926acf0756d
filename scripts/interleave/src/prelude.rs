//! `std::prelude`: the real one, with the macros that print.

macro_rules! prelude {
    ($($edition:ident)*) => {
        $(
            #[doc = concat!("`std::prelude::", stringify!($edition), "`")]
            pub mod $edition {
                pub use crate::{dbg, eprint, eprintln, print, println, thread_local};
                pub use ::std::prelude::$edition::*;
            }
        )*
    };
}

prelude!(v1 rust_2015 rust_2018 rust_2021 rust_2024);
