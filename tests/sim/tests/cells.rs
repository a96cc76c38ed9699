//! A short form of `cargo xtask simulate --cells`: links that are bad in several ways at once.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use sim::cells::{Cell, Work};

/// The worst of each trouble, and one in the middle.
const SOME: [&str; 4] = [
    "loss-40-round-trip-2000-rate-9600",
    "loss-10-round-trip-600-rate-16000",
    "loss-20-round-trip-600-rate-32000-flap",
    "loss-40-round-trip-2000-rate-9600-half-open",
];

#[test]
fn everything_arrives_once_over_links_that_are_bad_in_several_ways() {
    for name in SOME {
        let done = Cell::named(name).unwrap().run(Work::WHOLE).unwrap();
        assert_eq!(done.wrong, Vec::<String>::new(), "{name}: {done:?}");
        assert!(done.lost > 0, "{name}: {done:?}");
        println!("{name}: {:.0} s, {} bytes", done.seconds, done.wire);
    }
}

#[test]
fn there_are_180_cells_each_with_a_name_of_its_own() {
    let names: BTreeSet<_> = Cell::all().iter().map(ToString::to_string).collect();
    assert_eq!(names.len(), 180);
}
