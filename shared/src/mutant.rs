//! Deliberate faults of our own code, to show that the simulation finds such faults.
//!
//! [`mutant!`](crate::mutant!) names one where it would have been made. Without the feature
//! `mutants`, which only the simulation turns on and only when it is told to, that is the word
//! `false` and nothing of this is built. With it, at most one fault is armed in a thread.

/// True while this fault is armed in this thread; `false` in everything that ships.
#[cfg(feature = "mutants")]
#[macro_export]
macro_rules! mutant {
    ($fault:ident) => {
        $crate::mutant::Mutant::$fault.is_armed()
    };
}

/// True while this fault is armed in this thread; `false` in everything that ships.
#[cfg(not(feature = "mutants"))]
#[macro_export]
macro_rules! mutant {
    ($fault:ident) => {
        false
    };
}

#[cfg(feature = "mutants")]
mod armed;
#[cfg(feature = "mutants")]
pub use armed::{Mutant, arm};
