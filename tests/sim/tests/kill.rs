//! A short form of `cargo xtask kill`: real processes, killed in the middle of everything.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::process::Command;

use serde_json::Value;

/// Processes killed: a few in the middle of each.
const ROUNDS: u64 = 18;

#[test]
fn nothing_that_was_promised_is_lost_to_kill_9() {
    let output = Command::new(env!("CARGO_BIN_EXE_beatbook-kill"))
        .args(["--json", "--rounds", &ROUNDS.to_string()])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| unreachable!("no report ({error}): {told}"));
    assert_eq!(report["kills"], ROUNDS, "{report}");
    assert_eq!(report["lost"], Value::Array(Vec::new()), "{report}");
    assert!(report["saved"].as_u64().unwrap() > 0, "{report}");
    let moments = report["by_moment"].as_object().unwrap();
    assert_eq!(moments.len(), 6, "{report}");
}
