//! The command line, run in process.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::path::Path;

use clap::{CommandFactory as _, Parser as _};
use serde_json::Value;

use super::{Cli, Out, run, sentence};

mod book;
mod operations;
mod serving;

/// Runs a command on a data directory; gives what it printed, or the sentence it failed with.
pub(super) fn call(data: &Path, words: &[&str]) -> Result<String, String> {
    let data = data.to_str().expect("text");
    let words = [&["beatbook-server"], words, &["--data", data]].concat();
    let cli = Cli::try_parse_from(words).map_err(|error| error.to_string())?;
    let mut printed = Vec::new();
    run(cli.command, &mut Out::to(&mut printed)).map_err(|error| sentence(&error))?;
    Ok(String::from_utf8(printed).expect("text"))
}

pub(super) fn add(data: &Path, collar: &str) -> Result<String, String> {
    let password = data.with_extension("password");
    std::fs::write(&password, "a long enough password\n").expect("written");
    let file = password.to_str().expect("text");
    call(
        data,
        &[
            "user",
            "add",
            "--collar",
            collar,
            "--name",
            "Patel",
            "--role",
            "officer",
            "--team",
            "Response B",
            "--station",
            "Lakeside",
            "--password-file",
            file,
        ],
    )
}

#[test]
fn every_flag_is_also_a_variable_and_none_is_a_password() {
    fn look(command: &clap::Command, flags: &mut Vec<String>) {
        for arg in command.get_arguments().filter(|arg| !arg.is_positional()) {
            let name = arg.get_id().as_str();
            if matches!(name, "help" | "version") {
                continue;
            }
            let env = arg.get_env().map(|env| env.to_string_lossy().into_owned());
            assert!(
                env.is_some_and(|env| env.starts_with("BEATBOOK_")),
                "{name}"
            );
            assert!(arg.get_help().is_some(), "{name} has no help");
            flags.push(name.to_owned());
        }
        command
            .get_subcommands()
            .for_each(|command| look(command, flags));
    }
    let mut command = Cli::command();
    command.build();
    command.clone().debug_assert();
    let mut flags = Vec::new();
    look(&command, &mut flags);
    assert!(flags.len() > 20);
    assert!(!flags.iter().any(|flag| flag == "password"));
}

#[test]
fn an_account_is_added_listed_and_ended() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("data");
    assert_eq!(add(&data, "4417").expect("added"), "added 4417 (officer)\n");
    let again = add(&data, "4417").expect_err("taken");
    assert_eq!(
        again,
        "somebody with the collar number 4417 is there already"
    );
    let list = call(&data, &["user", "list"]).expect("a list");
    assert!(list.starts_with("COLLAR  PERSON"), "{list}");
    assert!(list.contains("PC 4417 Patel"), "{list}");
    let line = call(&data, &["user", "list", "--json"]).expect("a list");
    let person: Value = serde_json::from_str(&line).expect("one object");
    assert_eq!(
        (&person["collar"], &person["active"]),
        (&"4417".into(), &true.into())
    );
    call(&data, &["user", "end", "--collar", "4417"]).expect("ended");
    assert!(
        call(&data, &["user", "list"])
            .expect("a list")
            .contains("ended")
    );
    assert!(call(&data, &["user", "end", "--collar", "1"]).is_err());
}

#[test]
fn a_device_is_given_a_link_that_names_server_code_and_pin() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("data");
    add(&data, "4417").expect("added");
    let server = "https://beatbook.example:8443";
    let enrol = [
        "device", "enrol", "--name", "Phone 1", "--server", server, "--json",
    ];
    let printed = call(&data, &enrol).expect("a link");
    let object: Value = serde_json::from_str(&printed).expect("one object");
    let text = |name: &str| object[name].as_str().expect("text").to_owned();
    let expected = format!(
        "beatbook://enrol?server=https%3A%2F%2Fbeatbook.example%3A8443&code={}&pin={}",
        text("code"),
        text("pin"),
    );
    assert_eq!(text("link"), expected);
    assert!(object["expires"].as_i64().expect("a time") > 1_700_000_000_000);
    let other: Value =
        serde_json::from_str(&call(&data, &enrol).expect("a link")).expect("one object");
    assert_eq!(other["pin"], object["pin"], "the certificate is kept");
    assert_ne!(other["code"], object["code"]);
    let plain = [
        "device",
        "enrol",
        "--name",
        "Phone",
        "--server",
        "http://127.0.0.1",
    ];
    assert!(
        call(&data, &plain)
            .expect_err("refused")
            .contains("only talk to https")
    );
    assert!(
        call(&data, &["device", "revoke", "zz"])
            .expect_err("refused")
            .contains("not the id")
    );
    let unknown = "00".repeat(16);
    assert!(call(&data, &["device", "revoke", &unknown]).is_err());
}

#[test]
fn a_directory_that_is_not_there_is_said_in_one_sentence() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("typo");
    for words in [
        &["user", "list"][..],
        &["device", "list"],
        &["audit", "verify"],
    ] {
        let error = call(&data, words).expect_err("missing");
        assert_eq!(
            error,
            format!("there is no data directory {}", data.display())
        );
    }
    assert!(!data.exists(), "looking makes nothing");
    let deep = parent.path().join("a/b/c");
    let error = add(&parent.path().join("x"), "1").map(|_| ());
    error.expect("one level is made");
    let file = parent.path().join("file");
    std::fs::write(&file, "").expect("written");
    assert!(
        call(&file, &["user", "list"])
            .expect_err("a file")
            .contains("not a directory")
    );
    let error = call(&deep, &["import", "boundaries", "x"]).expect_err("too deep");
    assert!(
        error.starts_with("the data directory") && !error.contains('\n'),
        "{error}"
    );
}

#[test]
fn passwords_are_not_taken_from_arguments() {
    let parent = tempfile::tempdir().expect("a directory");
    let words = [
        "user",
        "add",
        "--collar",
        "1",
        "--name",
        "N",
        "--role",
        "officer",
        "--team",
        "T",
        "--station",
        "S",
    ];
    let error = call(parent.path(), &words).expect_err("no password");
    assert!(
        error.contains("--password-file") && error.contains("--password-stdin"),
        "{error}"
    );
    let with = [&words[..], &["--password", "secret"]].concat();
    assert!(call(parent.path(), &with).is_err());
}

#[test]
fn an_import_says_what_became_of_each_line() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("data");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/samples");
    let csv = std::fs::read_dir(&sample)
        .expect("samples")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|it| it == "csv"))
        .expect("a sample");
    let mut bytes = std::fs::read(&csv).expect("read");
    bytes.extend_from_slice(b"one,two\r\n");
    let file = parent.path().join("2026-01-sample-stop-and-search.csv");
    std::fs::write(&file, bytes).expect("written");
    let file = file.to_str().expect("text");

    let printed = call(&data, &["import", "police-uk", file, "--json"]).expect("imported");
    let first: Value = serde_json::from_str(&printed).expect("one object");
    let number = |value: &Value, name: &str| value[name].as_u64().expect("a number");
    assert_eq!(number(&first, "known"), 0);
    let refused = first["refused"].as_array().expect("a list");
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert_eq!(number(&first, "imported") + 1, number(&first, "read"));

    let printed = call(&data, &["import", "police-uk", file]).expect("imported");
    let lines: Vec<_> = printed.lines().collect();
    assert_eq!(lines.len(), 2, "{printed}");
    assert!(lines[0].contains(" 0 imported,"), "{printed}");
    assert!(lines[1].starts_with("  line "), "{printed}");

    let areas = sample.join("areas.geojson");
    let areas = areas.to_str().expect("text");
    let printed = call(&data, &["import", "boundaries", areas, "--json"]).expect("imported");
    let areas: Value = serde_json::from_str(&printed).expect("one object");
    assert!(number(&areas, "imported") > 0);
    assert!(call(&data, &["import", "police-uk", "/nothing/here.csv"]).is_err());
    let other = parent.path().join("other.csv");
    std::fs::write(&other, "not,published\r\n1,2\r\n").expect("written");
    let error = call(
        &data,
        &["import", "police-uk", other.to_str().expect("text")],
    );
    assert!(error.expect_err("nothing").contains("nothing in"));
}

#[test]
fn the_audit_of_a_new_server_verifies() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("data");
    add(&data, "4417").expect("added");
    let printed = call(&data, &["audit", "verify", "--json"]).expect("verified");
    let report: Value = serde_json::from_str(&printed).expect("one object");
    assert_eq!(report["broken_at"], Value::Null);
}
