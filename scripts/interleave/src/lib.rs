#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
// A program may still use `std::u8`.
#![allow(clippy::legacy_numeric_constants)]

mod config;
mod engine;
pub mod explorer;
mod fact;
pub mod facts;
pub mod json;
pub mod numbers;
pub mod primitives;
mod shorten;
pub mod trace;
mod vocabulary;

mod macros;

pub mod collections;
pub mod counted;
pub mod env;
pub mod fs;
pub mod hash;
pub mod hint;
pub mod io;
pub mod net;
pub mod panic;
pub mod prelude;
pub mod process;
pub mod sync;
pub mod thread;
pub mod time;

// What has nothing to do with threads is the real thing. Each item is named:
// one that is missing here makes a program fail to compile, not escape control.
pub use ::std::{
    alloc, any, array, ascii, backtrace, borrow, boxed, cell, char, clone, cmp, convert, default,
    error, f32, f64, ffi, fmt, future, i8, i16, i32, i64, i128, isize, iter, marker, mem, num, ops,
    option, path, pin, primitive, ptr, rc, result, slice, str, string, task, u8, u16, u32, u64,
    u128, usize, vec,
};

pub use ::std::{
    assert, assert_eq, assert_ne, cfg, column, compile_error, concat, debug_assert,
    debug_assert_eq, debug_assert_ne, file, format, format_args, include, include_bytes,
    include_str, line, matches, module_path, option_env, stringify, todo, unimplemented,
    unreachable, write, writeln,
};

/// The macros `env!` and `panic!`, each of which has the name of a module of
/// this crate. A glob import gives way to that module and brings the macro.
mod namesakes {
    pub use ::std::{env, panic};
}

pub use namesakes::*;
