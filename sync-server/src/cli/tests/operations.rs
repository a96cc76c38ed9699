//! Backup and restore, erasure, keys, postings and settings from the command line.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{add, call};

fn object(printed: &str) -> Value {
    serde_json::from_str(printed).expect("one object")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

#[test]
fn a_backup_is_written_verified_and_restored() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("data");
    add(&data, "4417").expect("added");
    let (one, two) = (parent.path().join("one"), parent.path().join("two"));
    let printed = call(&data, &["backup", "--out", text(&one), "--json"]).expect("backed up");
    let report = object(&printed);
    assert_eq!(report["receive"], 0);
    assert!(report["database_bytes"].as_u64().expect("bytes") > 10_000);
    let again = call(&data, &["backup", "--out", text(&one)]).expect_err("refused");
    assert!(again.ends_with("is there and not empty"), "{again}");
    assert!(one.join("keys/receipt.key").exists());

    add(&data, "5102").expect("added");
    let keys = parent.path().join("keys");
    let apart = ["backup", "--out", text(&two), "--keys", text(&keys)];
    let printed = call(&data, &apart).expect("backed up");
    assert!(
        printed.contains("verified, covers receipts up to 0"),
        "{printed}"
    );
    assert!(keys.join("receipt.key").exists() && !two.join("keys").exists());

    let printed = call(&data, &["restore", text(&one)]).expect("restored");
    assert!(printed.contains("offered again by no device"), "{printed}");
    assert!(printed.contains("person_added"), "{printed}");
    let list = call(&data, &["user", "list"]).expect("a list");
    assert!(list.contains("4417") && !list.contains("5102"), "{list}");

    let restore = ["restore", text(&two), "--keys", text(&keys)];
    let older = call(&data, &restore).expect_err("of a lineage that has ended");
    assert!(older.contains("--force"), "{older}");
    let force = [&restore[..], &["--force", "--json"]].concat();
    let report = object(&call(&data, &force).expect("restored"));
    assert_eq!(
        (&report["receive"], &report["erased"]),
        (&0.into(), &0.into())
    );
    let list = call(&data, &["user", "list"]).expect("a list");
    assert!(list.contains("5102"), "{list}");
    assert!(call(&data, &["restore", text(parent.path())]).is_err());
    let printed = call(&data, &["restore", "--in-place"]).expect("begun");
    assert!(printed.contains("branched from"), "{printed}");
    assert!(call(&data, &["restore"]).is_err(), "of what?");
}

#[test]
fn restoring_makes_a_data_directory_where_there_is_none() {
    let parent = tempfile::tempdir().expect("a directory");
    let (data, other) = (parent.path().join("data"), parent.path().join("other"));
    add(&data, "4417").expect("added");
    let one = parent.path().join("one");
    call(&data, &["backup", "--out", text(&one)]).expect("backed up");
    let printed = call(&other, &["restore", text(&one)]).expect("restored");
    assert!(printed.contains("nothing is known to be lost"), "{printed}");
    assert!(
        call(&other, &["user", "list"])
            .expect("a list")
            .contains("4417")
    );
    let printed = call(&other, &["log", "verify", "--json"]).expect("verified");
    assert_eq!(object(&printed)["broken"], 0);
}

#[test]
fn erasing_names_what_is_wrong_and_keeps_a_ledger_where_it_is_told() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("data");
    add(&data, "4417").expect("added");
    let ledger = parent.path().join("ledger");
    let erase = |record: &str| {
        let words = [
            "erase",
            record,
            "--reason",
            "asked for",
            "--by",
            "12",
            "--ledger",
            text(&ledger),
        ];
        call(&data, &words).expect_err("refused")
    };
    assert!(erase("x").contains("not the id of a record"));
    let unknown = "00".repeat(16);
    assert_eq!(
        erase(&unknown),
        format!("nothing of a record {unknown} was received")
    );
    assert!(ledger.is_dir());
}

#[test]
fn keys_are_shown_and_rotated() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("data");
    add(&data, "4417").expect("added");
    let shown = |data: &Path| object(&call(data, &["keys", "show", "--json"]).expect("shown"));
    let before = shown(&data);
    assert_eq!(before["older"], 0);
    let rotated = call(&data, &["keys", "rotate"]).expect("rotated");
    let after = shown(&data);
    assert_eq!(after["recipient"], rotated.trim());
    assert_ne!(after["recipient"], before["recipient"]);
    assert_eq!(after["older"], 1);
}

#[test]
fn people_move_act_and_take_part() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("data");
    add(&data, "4417").expect("added");
    add(&data, "5102").expect("added");
    let post = ["user", "move", "--collar", "4417", "--team", "Response C"];
    call(&data, &post).expect("moved");
    let list = call(&data, &["user", "list"]).expect("a list");
    assert!(
        list.contains("Response C") && list.contains("Response B"),
        "{list}"
    );
    let acting = [
        "user",
        "acting",
        "--collar",
        "5102",
        "--role",
        "supervisor",
        "--team",
        "Response C",
        "--from",
        "2126-11-22T06:00Z",
        "--until",
    ];
    let until = |time: &'static str| call(&data, &[&acting[..], &[time]].concat());
    until("2126-11-23T06:00Z").expect("noted");
    assert!(until("2126-11-21T06:00Z").is_err());
    assert!(
        until("tomorrow")
            .expect_err("no time")
            .contains("a time like")
    );
    call(&data, &["user", "acting", "--collar", "5102", "--end"]).expect("ended");
    assert!(call(&data, &["user", "acting", "--collar", "5102"]).is_err());
    call(&data, &["operation", "add", "Sceptre"]).expect("added");
    let join = ["operation", "join", "Sceptre", "--collar", "4417"];
    assert_eq!(call(&data, &join).expect("joined"), "4417 joined Sceptre\n");
    let nobody = ["operation", "leave", "Sceptre", "--collar", "1"];
    assert!(call(&data, &nobody).is_err());
    let list = call(&data, &["operation", "list", "--json"]).expect("a list");
    assert_eq!(object(&list)["name"], "Sceptre");
}

#[test]
fn settings_are_checked_before_devices_get_them() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("data");
    let file = parent.path().join("settings.json");
    let set = |json: &str| {
        fs::write(&file, json).expect("written");
        call(&data, &["reference", "set", "settings", text(&file)])
    };
    set(r#"{"lease_hours": 24}"#).expect("set");
    let wrong = set(r#"{"lease_hour": 24}"#).expect_err("unknown");
    assert!(wrong.contains("there is no setting lease_hour"), "{wrong}");
    let shown = call(&data, &["reference", "show", "settings"]).expect("shown");
    assert_eq!(object(&shown)["lease_hours"], 24);
    let shown = call(&data, &["reference", "show", "areas"]).expect("shown");
    assert_eq!(shown, "as shipped\n");
}

#[test]
fn the_horizon_is_shown_and_never_above_what_is_there() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("data");
    add(&data, "4417").expect("added");
    let printed = call(&data, &["horizon", "--covered", "9", "--json"]).expect("shown");
    assert_eq!(object(&printed)["horizon"], 0);
}

#[test]
fn decisions_about_revoked_devices_say_what_is_wrong() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("data");
    add(&data, "4417").expect("added");
    let unknown = "00".repeat(16);
    for word in ["release", "discard"] {
        let decide =
            |id: &str| call(&data, &["device", word, id, "--reason", "x"]).expect_err("refused");
        assert!(decide("zz").contains("not the id of a device"));
        assert!(decide(&unknown).contains("there is no device"));
    }
    let key = parent.path().join("escrow.txt");
    let recover = |key: &Path| {
        let words = [
            "device",
            "recover",
            "AAAA-BBBB-CCCC",
            "--escrow-key",
            text(key),
        ];
        call(&data, &words).expect_err("refused")
    };
    assert!(recover(&key).contains("escrow.txt"));
    fs::write(&key, "# nothing\n").expect("written");
    assert!(recover(&key).contains("no age identity"));
    let file = text(&key).to_owned();
    assert!(call(&data, &["import", "unsent", &file]).is_err());
}

#[test]
fn the_audit_is_listed_by_row_and_by_record() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("data");
    add(&data, "4417").expect("added");
    add(&data, "5102").expect("added");
    let list = |words: &[&str]| call(&data, &[&["audit", "list"], words].concat());
    let printed = list(&["--json"]).expect("rows");
    let rows: Vec<Value> = printed.lines().map(object).collect();
    let kinds: Vec<_> = rows.iter().map(|row| row["kind"].clone()).collect();
    assert_eq!(kinds, ["person_added", "person_added"]);
    let printed = list(&["--after", "1", "--json"]).expect("rows");
    assert_eq!(object(&printed)["seq"], 2);
    let printed = list(&["--limit", "1"]).expect("rows");
    assert_eq!(printed.lines().count(), 2, "{printed}");
    let unknown = "00".repeat(16);
    assert_eq!(list(&["--record", &unknown, "--json"]).expect("none"), "");
    assert!(list(&["--record", "x"]).is_err());
}
