//! Crates that stand in the place of `std` and `core` where `interleave` itself isn't enough, and of
//! those that write a program's own log.

/// A crate that takes the place of `core`, where a program names that: everything of the real one,
/// but the atomics and what waits are the explorer's. Its `std` is `interleave`.
pub const CORE: &str = "\
//! `core`, with the explorer's atomics.
#![allow(warnings)]

pub use ::core::{
    alloc, any, arch, array, ascii, borrow, cell, char, clone, cmp, convert, default, error, f32,
    f64, ffi, fmt, future, hash, i8, i16, i32, i64, i128, isize, iter, marker, mem, net, num, ops,
    option, panic, pin, prelude, primitive, ptr, result, slice, str, task, time, u8, u16, u32, u64,
    u128, usize,
};
pub use ::core::{
    assert, assert_eq, assert_ne, cfg, column, compile_error, concat, debug_assert,
    debug_assert_eq, debug_assert_ne, env, file, format_args, include, include_bytes, include_str,
    line, matches, module_path, option_env, stringify, todo, unimplemented, unreachable, write,
    writeln,
};
pub use ::std::hint;

pub mod sync {
    pub use ::std::sync::atomic;
}
";

/// A crate that takes the place of `std`, where a program asks an `Arc` how many there are: that of
/// `interleave`, with an `Arc` of its own.
pub const COUNTING_STD: &str = "\
//! `std`, with an `Arc` whose clones and drops are steps.
#![allow(warnings)]

pub use interleave::*;

pub mod sync {
    pub use interleave::counted::{Arc, Weak};
    pub use interleave::sync::*;
}
";

/// The crates with which a program says what it does and that are stood in for, each with the source
/// of what stands there. They are silent, as they are where nobody has asked them to speak.
pub const LOGGERS: [(&str, &str); 2] = [("log", LOG), ("env_logger", ENV_LOGGER)];

/// What a report has to say where one of [`LOGGERS`] is stood in for.
pub const SILENT: &str = "what the program says with the crate `log` is not among what it prints, \
                          and not worked out either";

const LOG: &str = "\
//! The macros of `log`, where no logger is installed.
#![allow(warnings)]

#[macro_export]
macro_rules! error {
    (target: $target:expr, $($said:tt)+) => {
        if false {
            let _ = ($target, ::std::format_args!($($said)+));
        }
    };
    ($($said:tt)+) => {
        if false {
            let _ = ::std::format_args!($($said)+);
        }
    };
}

pub use crate::error as warn;
pub use crate::error as info;
pub use crate::error as debug;
pub use crate::error as trace;
";

const ENV_LOGGER: &str = "\
//! `env_logger`, which logs nothing.
#![allow(warnings)]

pub fn init() {}
";
