//! A short form of `cargo xtask net`: the relay's quick cells.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::process::Command;

use serde_json::Value;

#[test]
fn nothing_is_lost_or_doubled_on_a_bad_link() {
    let output = Command::new(env!("CARGO_BIN_EXE_beatbook-net"))
        .args(["--json", "--short"])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| unreachable!("no report ({error}): {told}"));
    assert_eq!(report["not_run"], Value::Array(Vec::new()), "{report}");
    let cells = report["cells"].as_array().unwrap();
    assert_eq!(cells.len(), 5, "{report}");
    for cell in cells {
        assert_eq!(cell["wrong"], Value::Array(Vec::new()), "{cell}");
    }
    assert!(output.status.success());
}
