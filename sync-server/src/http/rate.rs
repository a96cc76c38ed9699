//! Failed attempts to enrol or to sign in, limited per address.
//!
//! Only failures count. A station of officers behind one address signs in freely, and
//! somebody who guesses does not get far.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Addresses remembered at once; above that, the ones with nothing against them are forgotten.
const ADDRESSES_MAX: usize = 20_000;

/// Buckets of attempts, by address.
#[derive(Debug)]
pub(super) struct Attempts {
    per_minute: f64,
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Attempts {
    /// So many failed attempts a minute, and so many at once.
    pub(super) fn new(per_minute: u32) -> Self {
        Self {
            per_minute: f64::from(per_minute.max(1)),
            buckets: Mutex::new(HashMap::new()),
        }
    }

    /// Takes an attempt, or says how long to wait for one.
    pub(super) fn take(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let Ok(mut buckets) = self.buckets.lock() else {
            return Ok(());
        };
        if buckets.len() >= ADDRESSES_MAX {
            buckets.retain(|_, bucket| self.filled(*bucket, now) < self.per_minute);
        }
        let bucket = buckets.entry(key(address)).or_insert(Bucket {
            left: self.per_minute,
            at: now,
        });
        let left = self.filled(*bucket, now);
        if left < 1.0 {
            return Err(Duration::from_secs_f64(
                (1.0 - left) * 60.0 / self.per_minute,
            ));
        }
        *bucket = Bucket {
            left: left - 1.0,
            at: now,
        };
        Ok(())
    }

    /// Gives an attempt back: it succeeded.
    pub(super) fn give_back(&self, address: IpAddr) {
        if let Ok(mut buckets) = self.buckets.lock()
            && let Some(bucket) = buckets.get_mut(&key(address))
        {
            bucket.left = (bucket.left + 1.0).min(self.per_minute);
        }
    }

    fn filled(&self, bucket: Bucket, now: Instant) -> f64 {
        let since = now.saturating_duration_since(bucket.at).as_secs_f64();
        (bucket.left + since * self.per_minute / 60.0).min(self.per_minute)
    }
}

/// An IPv6 address is one of 2^64 that its holder may pick from, so the network counts.
fn key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let network = v6.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_run_out_and_come_back_with_time() {
        let attempts = Attempts::new(6);
        let (here, there) = ([10, 0, 0, 1].into(), [10, 0, 0, 2].into());
        let now = Instant::now();
        for _ in 0..6 {
            assert_eq!(attempts.take(here, now), Ok(()));
        }
        assert!(
            attempts
                .take(here, now)
                .is_err_and(|wait| wait <= Duration::from_secs(10))
        );
        assert_eq!(
            attempts.take(there, now),
            Ok(()),
            "another address is not held up"
        );
        assert_eq!(attempts.take(here, now + Duration::from_secs(10)), Ok(()));
    }

    #[test]
    fn successes_cost_nothing() {
        let attempts = Attempts::new(1);
        let here = "2001:db8::1".parse().expect("an address");
        for _ in 0..100 {
            assert_eq!(attempts.take(here, Instant::now()), Ok(()));
            attempts.give_back(here);
        }
        let neighbour = "2001:db8::2".parse().expect("an address");
        assert_eq!(attempts.take(here, Instant::now()), Ok(()));
        assert!(
            attempts.take(neighbour, Instant::now()).is_err(),
            "one network, one bucket"
        );
    }
}
