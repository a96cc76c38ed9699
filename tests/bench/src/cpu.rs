//! Processor time of processes and threads, as Linux counts it.
//!
//! `schedstat` counts the same time as utime and stime in `stat`, in nanoseconds instead of
//! hundredths of a second: an exchange costs less than one of those.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// The server's thread that judges.
const JUDGE: &str = "judge";

/// Processor time of a process at one moment, by thread.
#[derive(Debug, Clone)]
pub(crate) struct Cpu {
    threads: BTreeMap<u32, Duration>,
    judge: Option<u32>,
}

impl Cpu {
    /// Of a process.
    pub(crate) fn of(pid: u32) -> Result<Self> {
        let mut threads = BTreeMap::new();
        let mut judge = None;
        let folder = format!("/proc/{pid}/task");
        for entry in fs::read_dir(&folder).context("processor time is read from /proc")? {
            let name = entry?.file_name();
            let Some(id) = name.to_str().and_then(|name| name.parse().ok()) else {
                continue;
            };
            // A thread may end between the two.
            let Ok(stat) = fs::read_to_string(format!("{folder}/{id}/schedstat")) else {
                continue;
            };
            threads.insert(id, nanoseconds(&stat));
            let comm = fs::read_to_string(format!("{folder}/{id}/comm")).unwrap_or_default();
            if comm.trim() == JUDGE {
                judge = Some(id);
            }
        }
        Ok(Self { threads, judge })
    }

    /// Time since an earlier moment.
    pub(crate) fn since(&self, before: &Self) -> Duration {
        self.threads
            .iter()
            .map(|(id, now)| now.saturating_sub(before.thread(*id)))
            .sum()
    }

    /// Of that, the time of the thread that judges.
    pub(crate) fn judging_since(&self, before: &Self) -> Duration {
        let judge = self
            .judge
            .map(|id| self.thread(id).saturating_sub(before.thread(id)));
        judge.unwrap_or_default()
    }

    fn thread(&self, id: u32) -> Duration {
        self.threads.get(&id).copied().unwrap_or_default()
    }
}

/// Processor time of this thread so far.
pub(crate) fn of_this_thread() -> Result<Duration> {
    Ok(nanoseconds(&fs::read_to_string(
        "/proc/thread-self/schedstat",
    )?))
}

fn nanoseconds(schedstat: &str) -> Duration {
    let first = schedstat.split_whitespace().next();
    Duration::from_nanos(first.and_then(|it| it.parse().ok()).unwrap_or(0))
}
