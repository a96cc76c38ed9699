//! How long to wait after a failure.

/// The first wait.
const FIRST_MS: u64 = 1000;
/// The longest wait.
const LONGEST_MS: u64 = 5 * 60 * 1000;

/// Waits that double, each drawn from the whole of its range ("full jitter"): after an outage
/// a force's devices come back spread out, not in step.
#[derive(Debug, Clone, Copy, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// No failure yet.
    pub const fn new() -> Self {
        Self { failures: 0 }
    }

    /// The wait after one more failure, in milliseconds. What the server asked for is kept to,
    /// and spread out likewise.
    pub fn next(&mut self, random: u64, retry_after_ms: Option<u64>) -> u64 {
        let doubled = FIRST_MS.checked_shl(self.failures).unwrap_or(LONGEST_MS);
        let range = doubled.clamp(FIRST_MS, LONGEST_MS);
        self.failures = (self.failures + 1).min(16);
        let jitter = random % (range + 1);
        match retry_after_ms {
            Some(asked) => asked.saturating_add(jitter),
            None => jitter,
        }
    }

    /// Failures in a row.
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// It worked.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_five_minutes_and_are_drawn_from_the_whole_range() {
        let mut backoff = Backoff::new();
        let longest: Vec<_> = (0..12)
            .map(|_| {
                let mut other = backoff;
                assert_eq!(other.next(0, None), 0);
                // The remainder by one more than the range is the range itself.
                let range = FIRST_MS << backoff.failures.min(9);
                backoff.next(range.min(LONGEST_MS), None)
            })
            .collect();
        assert_eq!(longest[..4], [1000, 2000, 4000, 8000]);
        assert_eq!(longest[11], LONGEST_MS);
        backoff.reset();
        assert_eq!(backoff.next(1000, None), 1000);
    }

    #[test]
    fn what_the_server_asked_for_is_the_least() {
        let mut backoff = Backoff::new();
        for random in [0, 17, u64::MAX] {
            assert!(backoff.next(random, Some(30_000)) >= 30_000);
        }
    }
}
