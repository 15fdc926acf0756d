//! Crates that stand in the place of `std` and `core` where `interleave` itself isn't enough.

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
