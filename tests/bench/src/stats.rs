//! Medians and percentiles.

use std::time::Duration;

/// Samples of one thing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    /// No samples.
    pub(crate) const EMPTY: Self = Self(Vec::new());

    pub(crate) fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    pub(crate) fn push_ms(&mut self, took: Duration) {
        self.push(ms(took));
    }

    /// The value that this share of the samples is at or below; 0 without samples.
    pub(crate) fn percentile(&self, percent: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().saturating_sub(1);
        // A share of a count of samples: small, whole after rounding, never negative.
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "see above"
        )]
        let place = (percent / 100.0 * last as f64).round() as usize;
        sorted.get(place.min(last)).copied().unwrap_or(0.0)
    }

    pub(crate) fn p50(&self) -> f64 {
        self.percentile(50.0)
    }

    pub(crate) fn p99(&self) -> f64 {
        self.percentile(99.0)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// How far the samples lie apart, as a share of their median.
    pub(crate) fn spread(&self) -> f64 {
        let range = self.percentile(100.0) - self.percentile(0.0);
        if self.p50() > 0.0 {
            range / self.p50()
        } else {
            0.0
        }
    }
}

impl FromIterator<f64> for Samples {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

/// Milliseconds.
pub(crate) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Microseconds.
pub(crate) fn us(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_samples() {
        let samples: Samples = (1..=100).map(f64::from).collect();
        assert_eq!(samples.percentile(0.0), 1.0);
        assert_eq!(samples.p99(), 99.0);
        assert_eq!(samples.percentile(100.0), 100.0);
        assert_eq!(Samples::default().p50(), 0.0);
    }
}
