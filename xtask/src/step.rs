//! Steps that say what they do and how long it took: beside what a command is asked to print.

use std::time::Instant;

use anyhow::{Result, bail};

struct Failure {
    step: String,
    why: String,
}

/// A run of steps.
pub(crate) struct Steps {
    failed: Vec<Failure>,
    begun: Instant,
}

impl Steps {
    pub(crate) fn begin() -> Self {
        Self {
            failed: Vec::new(),
            begun: Instant::now(),
        }
    }

    /// A step without which the rest makes no sense.
    pub(crate) fn must<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        eprintln!("== {name}");
        let begun = Instant::now();
        let done = work();
        let word = if done.is_ok() { "done" } else { "failed" };
        eprintln!("   {word} in {:.1} s", begun.elapsed().as_secs_f64());
        done
    }

    /// A step after whose failure the others still tell something.
    pub(crate) fn check(&mut self, name: &str, work: impl FnOnce() -> Result<()>) {
        if let Err(error) = self.must(name, work) {
            let why = format!("{error:#}");
            eprintln!("   {why}");
            self.failed.push(Failure {
                step: name.to_owned(),
                why,
            });
        }
    }

    /// How many steps have failed so far.
    pub(crate) fn failures(&self) -> u64 {
        self.failed.len() as u64
    }

    /// Fails if any step did, saying again which and why: where only the end of a long output is
    /// kept, that is all there is to go by.
    pub(crate) fn end(self) -> Result<()> {
        let seconds = self.begun.elapsed().as_secs_f64();
        if !self.failed.is_empty() {
            let all: String = self
                .failed
                .iter()
                .map(|it| format!("\n{}: {}", it.step, it.why))
                .collect();
            bail!("after {seconds:.0} s, these steps failed:{all}");
        }
        eprintln!("all steps done in {seconds:.0} s");
        Ok(())
    }
}
