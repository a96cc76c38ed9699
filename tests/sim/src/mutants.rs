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

/// Runs worlds with the fault until one breaks a rule; none if none does.
pub fn caught(mutant: Mutant, seeds: Range<u64>, steps: u64) -> Option<Catch> {
    let from = seeds.start;
    arm(Some(mutant));
    let broke = seeds
        .map(|seed| crate::run(seed, steps))
        .find_map(|report| Some((report.seed, report.violation?)));
    arm(None);
    broke.map(|(seed, violation)| Catch {
        seeds: seed - from + 1,
        seed,
        rule: violation.rule,
    })
}
