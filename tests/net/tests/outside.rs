//! A device's log, verified by an implementation of COSE that shares nothing with ours.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// A Python that has pycose: the one that `cargo xtask test` made, or the system's.
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("BEATBOOK_PYTHON").map(PathBuf::from);
    let python = named.unwrap_or_else(|| "python3".into());
    let has = Command::new(&python)
        .args(["-c", "import pycose, cbor2"])
        .stderr(Stdio::null())
        .status();
    has.is_ok_and(|status| status.success()).then_some(python)
}

/// Verifies a log; what was said, and whether it holds.
fn verify(python: &Path, log: &Value) -> (bool, String) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/outside/verify_log.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(log.to_string().as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success(), said)
}

/// Changes one bit of a byte in the middle of some hexadecimal.
fn tamper(text: &mut Value) {
    let mut hex = text.as_str().unwrap().to_owned();
    let at = hex.len() / 4 * 2 + 1;
    let digit = u8::from_str_radix(&hex[at..=at], 16).unwrap() ^ 1;
    hex.replace_range(at..=at, &format!("{digit:x}"));
    *text = Value::String(hex);
}

#[test]
fn any_cose_library_verifies_a_devices_log_and_finds_what_was_changed() {
    let Some(python) = python() else {
        let why = "BEATBOOK_PYTHON names no Python with pycose: `cargo xtask test` makes one";
        assert!(std::env::var_os("BEATBOOK_NO_SKIP").is_none(), "{why}");
        println!("skipped: {why}");
        return;
    };
    let output = Command::new(env!("CARGO_BIN_EXE_beatbook-net"))
        .arg("log")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();

    let (holds, said) = verify(&python, &log);
    assert!(holds, "{said}");
    let counts: Value = serde_json::from_str(&said).unwrap();
    assert!(counts["entries"].as_u64().unwrap() >= 9, "{said}");
    assert!(counts["signatures"].as_u64().unwrap() >= 3, "{said}");
    assert_eq!(counts["payloads"], counts["entries"]);

    // Every part of it, in one byte.
    let places = [
        "/descriptor",
        "/key",
        "/headers/0",
        "/headers/4",
        "/headers/8",
        "/commits/0/1",
        "/commits/1/1",
        "/bodies/0/salt",
        "/bodies/3/payload",
    ];
    for place in places {
        let mut bad = log.clone();
        tamper(bad.pointer_mut(place).unwrap());
        let (holds, said) = verify(&python, &bad);
        assert!(!holds, "{place}: {said}");
        assert!(said.starts_with("does not hold"), "{place}: {said}");
    }
    // A log without its end, and one with two entries exchanged.
    let mut short = log.clone();
    short["headers"].as_array_mut().unwrap().pop();
    assert!(!verify(&python, &short).0);
    let mut swapped = log;
    swapped["headers"].as_array_mut().unwrap().swap(1, 2);
    assert!(!verify(&python, &swapped).0);
}
