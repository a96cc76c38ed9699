//! Deliberate faults of our own code, and the rules that they break.

use std::ops::Range;

use shared::mutant::arm;

pub use shared::mutant::Mutant;

/// How a fault was caught.
#[derive(Debug)]
pub struct Catch {
    /// How many worlds it took.
    pub seeds: u64,
    /// The one that did.
    pub seed: u64,
    /// The rule that it broke.
    pub rule: &'static str,
}

/// Runs worlds with the fault until one breaks a rule; none if none does. A world that breaks
/// one without it too proves nothing of it.
pub fn caught(mutant: Mutant, seeds: Range<u64>, steps: u64) -> Option<Catch> {
    let from = seeds.start;
    let breaks = |fault, seed| {
        arm(fault);
        let report = crate::run_without(seed, steps, &[]);
        arm(None);
        report.violation
    };
    seeds
        .filter_map(|seed| Some((seed, breaks(Some(mutant), seed)?)))
        .find(|(seed, _)| breaks(None, *seed).is_none())
        .map(|(seed, violation)| Catch {
            seeds: seed - from + 1,
            seed,
            rule: violation.rule,
        })
}
