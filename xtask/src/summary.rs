//! Adds up what test runners print.

/// Tests that passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Summary {
    /// Takes in a line, if it is a result of `cargo test` or of vitest.
    pub(crate) fn take(&mut self, line: &str) {
        let line = line.trim();
        let cargo = line.strip_prefix("test result: ");
        // vitest counts files first; only the line of tests is meant.
        let Some(counts) = cargo.or_else(|| line.strip_prefix("Tests ")) else {
            return;
        };
        for part in counts.split([';', '|', '.', '(']) {
            let mut words = part.split_whitespace();
            let number = words.next().and_then(|word| word.parse::<u64>().ok());
            match (number, words.next()) {
                (Some(number), Some("passed")) => self.passed += number,
                (Some(number), Some("failed")) => self.failed += number,
                _ => {}
            }
        }
    }
}

/// True of a line in which a runner names a test that failed.
pub(crate) fn is_failure(line: &str) -> bool {
    let line = line.trim();
    (line.starts_with("test ") && line.ends_with(" ... FAILED")) || line.starts_with("FAIL ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_both_runners_are_added_up() {
        let mut sum = Summary::default();
        sum.take("test result: ok. 4 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out");
        sum.take("test result: FAILED. 1 passed; 3 failed; 0 ignored; 0 measured");
        sum.take(" Test Files  2 passed (2)");
        sum.take("      Tests  1 failed | 12 passed (13)");
        sum.take("test it::works ... ok");
        assert_eq!(
            sum,
            Summary {
                passed: 17,
                failed: 4
            }
        );
    }

    #[test]
    fn the_tests_that_fail_are_told_apart() {
        assert!(is_failure("test store::keeps ... FAILED"));
        assert!(is_failure(" FAIL  src/lib/age.test.ts > age > at noon"));
        assert!(!is_failure("test store::keeps ... ok"));
        assert!(!is_failure("test result: FAILED. 1 passed; 3 failed"));
    }
}
