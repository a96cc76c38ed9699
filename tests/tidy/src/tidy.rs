//! Rules about the source tree that the compiler does not know: who may depend on whom, where a
//! library may be named, how long a file may be, and that the documents say what is so.
//!
//! Each rule is a function from text to faults, with a test that it finds some; then the tree is
//! held to it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod asked;
mod codes;
mod layering;
mod mutants;
mod papers;
mod routes;
mod sources;
mod tree;

/// Fails with every fault at once, so that one run shows all there is to do.
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
