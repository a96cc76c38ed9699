//! A short form of `cargo xtask simulate --mutants`: some of the deliberate faults, each of
//! which must be found in a few worlds.

#![cfg(feature = "mutants")]
#![allow(clippy::panic, reason = "tests")]

use sim::mutants::{Mutant, caught};

/// Worlds in which each is looked for.
const SEEDS: u64 = 40;
/// Steps of each world.
const STEPS: u64 = 200;

#[test]
fn deliberate_faults_are_found() {
    let some = [
        Mutant::SkippedFsyncServer,
        Mutant::LatestOnly,
        Mutant::MissingDedupe,
        Mutant::CommitOrderGap,
        Mutant::WrongScope,
        Mutant::TeamBeforeSubmission,
        Mutant::MailForgottenEarly,
        Mutant::ReviewOfAnyState,
        Mutant::AuditForgets,
        Mutant::NewerOpened,
        Mutant::NewerLeftShut,
    ];
    for mutant in some {
        let Some(catch) = caught(mutant, 0..SEEDS, STEPS) else {
            panic!("{} survived {SEEDS} worlds", mutant.name());
        };
        println!("{}: {} worlds, {}", mutant.name(), catch.seeds, catch.rule);
    }
}

/// Every fault of the list stands somewhere in the code, and no other does.
#[test]
fn every_deliberate_fault_has_a_name() {
    for mutant in Mutant::ALL {
        assert_eq!(Mutant::named(mutant.name()), Some(*mutant));
        assert!(!mutant.what().trim().is_empty());
    }
}
