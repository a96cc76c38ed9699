//! Memory of processes, as Linux counts it.

use std::fs;

use anyhow::{Context as _, Result};

/// Forgets the peak of a process so far: from here on it is what is used now.
pub(crate) fn forget_peak(pid: u32) -> Result<()> {
    // See proc_pid_clear_refs(5).
    fs::write(format!("/proc/{pid}/clear_refs"), "5").context("the peak cannot be forgotten")
}

/// The most memory that a process has had, in megabytes.
pub(crate) fn peak_mb(pid: u32) -> Result<f64> {
    field(pid, "VmHWM:")
}

/// The memory that a process has now, in megabytes.
pub(crate) fn now_mb(pid: u32) -> Result<f64> {
    field(pid, "VmRSS:")
}

fn field(pid: u32, name: &str) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|line| line.split_whitespace().next());
    let kib: f64 = kib.context("memory is read from /proc")?.parse()?;
    Ok(kib * 1024.0 / 1e6)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_peak_is_seen_and_can_be_forgotten() {
        let pid = std::process::id();
        let much = std::hint::black_box(vec![1_u8; 64 << 20]);
        let peak = peak_mb(pid).unwrap();
        assert!(peak > 64.0, "{peak}");
        drop(much);
        forget_peak(pid).unwrap();
        assert!(now_mb(pid).unwrap() <= peak_mb(pid).unwrap());
    }
}
