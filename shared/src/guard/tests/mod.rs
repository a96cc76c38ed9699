//! Honest changes pass, hostile ones are refused, and nothing panics out.
//!
//! `BEATBOOK_SOAK=1` runs the random parts with 100,000 inputs each.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod codes;
mod documents;
mod forged;
mod honest;
mod hostile;
mod mutated;
mod pasts;
mod writer;

use std::sync::Once;

use automerge::Automerge;

use super::{Causal, Checked, Limits, Past, apply, causal, running};

/// The number of random inputs: `normally`, or 100,000 in a soak.
fn rounds(normally: usize) -> usize {
    match std::env::var_os("BEATBOOK_SOAK") {
        Some(_) => 100_000,
        None => normally,
    }
}

/// Keeps the panics that the guard catches out of the test's output.
fn quiet() {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !running() {
                usual(panic);
            }
        }));
    });
}

/// All steps of the guard, as a server takes them for one change.
fn let_in(doc: &Automerge, past: &Past, bytes: &[u8]) -> Result<(Automerge, Checked), Causal> {
    let limits = Limits::default();
    let change = Checked::parse(bytes.to_vec(), &limits)?;
    causal(change.facts(), past)?;
    let applied = apply(doc, std::slice::from_ref(&change), &limits, |_| Ok(()))?;
    Ok((applied.doc, change))
}

/// The preflight code of some bytes.
fn code(bytes: &[u8]) -> &'static str {
    match super::preflight(bytes, &Limits::default()) {
        Ok(_) => "accepted",
        Err(refusal) => refusal.code(),
    }
}
