//! Steps that say what they do and how long it took: beside what a command is asked to print.

use std::time::Instant;

use anyhow::{Result, bail};

/// A run of steps.
pub(crate) struct Steps {
    failed: Vec<String>,
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
            eprintln!("   {error:#}");
            self.failed.push(name.to_owned());
        }
    }

    /// How many steps have failed so far.
    pub(crate) fn failures(&self) -> u64 {
        self.failed.len() as u64
    }

    /// Fails, naming the steps, if any did.
    pub(crate) fn end(self) -> Result<()> {
        let seconds = self.begun.elapsed().as_secs_f64();
        if !self.failed.is_empty() {
            bail!(
                "after {seconds:.0} s, these steps failed: {}",
                self.failed.join(", ")
            );
        }
        eprintln!("all steps done in {seconds:.0} s");
        Ok(())
    }
}
