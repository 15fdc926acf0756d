//! What the compiler says: the errors of the steps that don't compile and the warnings of those
//! that do, with their places, and word for word under the compiler that the snapshots name.

use crate::expect::{compiles, does_not_compile};

#[test]
fn listing_20_11() {
    compiles("listing-20-11", &[]);
}

#[test]
fn listing_20_12() {
    does_not_compile("listing-20-12", &["E0433 src/main.rs:11"]);
}

#[test]
fn listing_20_12_a_struct() {
    does_not_compile("listing-20-12-a-struct", &["E0599 src/main.rs:12"]);
}

#[test]
fn listing_20_12_b_new() {
    does_not_compile(
        "listing-20-12-b-new",
        &["warning src/lib.rs:4", "E0599 src/main.rs:17"],
    );
}

#[test]
fn listing_20_12_c_execute() {
    compiles(
        "listing-20-12-c-execute",
        &["warning src/lib.rs:4", "warning src/lib.rs:8"],
    );
}

#[test]
fn listing_20_13() {
    compiles("listing-20-13", &["warning src/lib.rs:15"]);
}

#[test]
fn listing_20_14() {
    compiles(
        "listing-20-14",
        &[
            "warning src/lib.rs:4",
            "warning src/lib.rs:16",
            "warning src/lib.rs:25",
        ],
    );
}

#[test]
fn listing_20_15() {
    compiles(
        "listing-20-15",
        &[
            "warning src/lib.rs:4",
            "warning src/lib.rs:25",
            "warning src/lib.rs:33",
        ],
    );
}

#[test]
fn listing_20_16() {
    compiles(
        "listing-20-16",
        &[
            "warning src/lib.rs:4",
            "warning src/lib.rs:19",
            "warning src/lib.rs:30",
            "warning src/lib.rs:38",
        ],
    );
}

#[test]
fn listing_20_17() {
    does_not_compile(
        "listing-20-17",
        &["E0382 src/lib.rs:25", "warning src/lib.rs:31"],
    );
}

#[test]
fn listing_20_18() {
    compiles(
        "listing-20-18",
        &[
            "warning src/lib.rs:7",
            "warning src/lib.rs:34",
            "warning src/lib.rs:42",
        ],
    );
}

#[test]
fn listing_20_19() {
    compiles(
        "listing-20-19",
        &["warning src/lib.rs:7", "warning src/lib.rs:45"],
    );
}

#[test]
fn listing_20_20() {
    does_not_compile("listing-20-20", &["E0161 src/lib.rs:58"]);
}

#[test]
fn listing_20_21() {
    compiles(
        "listing-20-21",
        &["warning src/lib.rs:7", "warning src/lib.rs:55"],
    );
}

#[test]
fn listing_20_21_a_boxed_fnonce() {
    compiles(
        "listing-20-21-a-boxed-fnonce",
        &["warning src/lib.rs:7", "warning src/lib.rs:45"],
    );
}

#[test]
fn listing_20_22() {
    compiles(
        "listing-20-22",
        &["warning src/lib.rs:7", "warning src/lib.rs:45"],
    );
}

#[test]
fn listing_20_23() {
    does_not_compile("listing-20-23", &["E0507 src/lib.rs:50"]);
}

#[test]
fn listing_20_23_a_option() {
    does_not_compile(
        "listing-20-23-a-option",
        &["E0599 src/lib.rs:50", "E0308 src/lib.rs:72"],
    );
}

#[test]
fn listing_20_23_b_take() {
    compiles("listing-20-23-b-take", &[]);
}

#[test]
fn listing_20_24() {
    compiles("listing-20-24", &["warning src/lib.rs:15"]);
}

#[test]
fn listing_20_25() {
    compiles("listing-20-25", &[]);
}

#[test]
fn listing_20_26() {
    compiles("listing-20-26", &[]);
}

#[test]
fn listing_20_26_single_loop() {
    compiles("listing-20-26-single-loop", &[]);
}

#[test]
fn listing_2021_20_23() {
    compiles("listing-2021-20-23", &[]);
}

#[test]
fn listing_2021_20_24() {
    compiles("listing-2021-20-24", &[]);
}

#[test]
fn listing_2021_20_25() {
    compiles("listing-2021-20-25", &[]);
}

#[test]
fn listing_next_4_another_task() {
    compiles("listing-next-4-another-task", &[]);
}
