//! The macros that print, spawn thread-locals or look like `std`'s.

/// `std::print`
#[macro_export]
macro_rules! print {
    ($($arg:tt)*) => {
        $crate::io::_print($crate::format_args!($($arg)*))
    };
}

/// `std::println`
#[macro_export]
macro_rules! println {
    () => {
        $crate::io::_print($crate::format_args!("\n"))
    };
    ($($arg:tt)*) => {
        $crate::io::_println($crate::format_args!($($arg)*))
    };
}

/// `std::eprint`
#[macro_export]
macro_rules! eprint {
    ($($arg:tt)*) => {
        $crate::io::_eprint($crate::format_args!($($arg)*))
    };
}

/// `std::eprintln`
#[macro_export]
macro_rules! eprintln {
    () => {
        $crate::io::_eprint($crate::format_args!("\n"))
    };
    ($($arg:tt)*) => {
        $crate::io::_eprintln($crate::format_args!($($arg)*))
    };
}

/// `std::dbg`
#[macro_export]
macro_rules! dbg {
    () => {
        $crate::eprintln!("[{}:{}:{}]", $crate::file!(), $crate::line!(), $crate::column!())
    };
    ($value:expr $(,)?) => {
        match $value {
            shown => {
                $crate::eprintln!(
                    "[{}:{}:{}] {} = {:#?}",
                    $crate::file!(),
                    $crate::line!(),
                    $crate::column!(),
                    $crate::stringify!($value),
                    &shown
                );
                shown
            }
        }
    };
    ($($value:expr),+ $(,)?) => {
        ($($crate::dbg!($value)),+,)
    };
}

/// `std::thread_local`
#[macro_export]
macro_rules! thread_local {
    () => {};
    (
        $(#[$meta:meta])* $visibility:vis static $name:ident : $type:ty =
        const $init:block; $($rest:tt)*
    ) => {
        $crate::thread_local!($(#[$meta])* $visibility static $name: $type = const $init);
        $crate::thread_local!($($rest)*);
    };
    (
        $(#[$meta:meta])* $visibility:vis static $name:ident : $type:ty = const $init:block
    ) => {
        $(#[$meta])*
        $visibility static $name: $crate::thread::LocalKey<$type> = {
            fn init() -> $type {
                const { $init }
            }
            $crate::thread::LocalKey::new(init)
        };
    };
    (
        $(#[$meta:meta])* $visibility:vis static $name:ident : $type:ty =
        $init:expr; $($rest:tt)*
    ) => {
        $crate::thread_local!($(#[$meta])* $visibility static $name: $type = $init);
        $crate::thread_local!($($rest)*);
    };
    ($(#[$meta:meta])* $visibility:vis static $name:ident : $type:ty = $init:expr) => {
        $(#[$meta])*
        $visibility static $name: $crate::thread::LocalKey<$type> = {
            fn init() -> $type {
                $init
            }
            $crate::thread::LocalKey::new(init)
        };
    };
}
