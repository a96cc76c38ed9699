//! What every source file keeps to.

use crate::none;
use crate::tree::{self, File};

/// Longer than this is two things.
const LINES: usize = 400;

/// A library that has its place, and the places.
const PLACES: [(&str, &[&str]); 9] = [
    // Where a connection is handed through; that no statement is made there is a rule below.
    (
        "rusqlite",
        &[
            "app/core/src/store",
            "app/core/src/core",
            "sync-server/src/store",
            "sync-server/src/service/tests",
            "tests",
        ],
    ),
    ("libsqlite3_sys", &["tests/vfs"]),
    (
        "reqwest",
        &[
            "app/core/src/http",
            "app/core/src/http.rs",
            "sync-server/src/http/tests",
            "tests/bench",
        ],
    ),
    ("axum", &["sync-server/src/http"]),
    ("axum_server", &["sync-server/src/http"]),
    ("automerge", &["shared/src/doc", "shared/src/guard"]),
    ("tauri", &["app/src"]),
    ("tauri_build", &["app/build.rs"]),
    ("fantoccini", &["tests/e2e"]),
];

/// npm packages that have their place.
const PAGE_PLACES: [(&str, &[&str]); 2] = [
    ("@tauri-apps/", &["app/ui/src/lib/ipc"]),
    ("'maplibre-gl", &["sync-server/control-room/src/lib/map"]),
];

/// What is never left in a file. In halves, or this file would have it too.
const NEVER: [&str; 12] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("dbg", "!("),
    concat!("to", "do!("),
    concat!("unimplemented", "!("),
    concat!("console", ".log"),
    concat!("debug", "ger;"),
    concat!("eslint", "-disable"),
    concat!("@ts", "-ignore"),
    concat!("@ts", "-nocheck"),
    concat!("allow(dead", "_code"),
    concat!("<<<<", "<<< "),
];

/// A module that several tests share, of which each uses a part.
const USED_IN_PARTS: &str = "tests/vfs/tests/common/mod.rs";

/// True if the code, comments left out, names the crate.
fn names(text: &str, word: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .any(|line| {
            line.match_indices(word).any(|(at, _)| {
                let before = &line[..at];
                let after = &line[at + word.len()..];
                let bounded = !before.ends_with(|c: char| inside(c) || c == ':' || c == '"');
                bounded
                    && (after.starts_with("::") || before.ends_with("use "))
                    && !after.starts_with(inside)
            })
        })
}

/// The words of `NEVER` in a text, with their lines.
fn left_over(text: &str) -> Vec<String> {
    let lines = text.lines().enumerate();
    lines
        .flat_map(|(n, line)| {
            let found = NEVER.iter().filter(move |word| line.contains(*word));
            found.map(move |word| format!("{}: {word}", n + 1))
        })
        .collect()
}

#[test]
fn libraries_are_named_in_their_places_only() {
    let mut faults = Vec::new();
    // The rules name what they are about.
    let rules = ["tests/tidy"];
    for file in tree::files(&[".rs"]) {
        for (word, places) in PLACES {
            if !file.is_in(&rules) && names(&file.text, word) && !file.is_in(places) {
                faults.push(format!("{}: names {word}", file.path));
            }
        }
    }
    for file in tree::files(&[".ts", ".svelte"]) {
        for (word, places) in PAGE_PLACES {
            if file.text.contains(word) && !file.is_in(places) {
                faults.push(format!("{}: names {word}", file.path));
            }
        }
    }
    none(&faults);
}

#[test]
fn a_name_is_found_and_a_likeness_is_not() {
    assert!(names("use axum::Router;", "axum"));
    assert!(names("    axum::serve(x)", "axum"));
    assert!(!names("//! like axum::serve", "axum"));
    assert!(!names("use axum_server::x;", "axum"));
    assert!(!names("use sim::axum::x;", "axum"));
}

/// Only the store writes the device's database; its callers hold a connection and ask it.
#[test]
fn nobody_but_the_store_makes_statements() {
    let calls = [
        ".execute(",
        ".execute_batch(",
        ".prepare(",
        ".prepare_cached(",
        ".query_row(",
    ];
    let wrong = tree::files(&[".rs"]).into_iter().filter(|file| {
        let outside = file.is_in(&["app/core/src", "sync-server/src"])
            && !file.is_in(&["app/core/src/store", "sync-server/src/store"])
            && !file.path.contains("tests");
        outside
            && names(&file.text, "rusqlite")
            && calls.iter().any(|call| file.text.contains(call))
    });
    none(
        &wrong
            .map(|file| format!("{}: SQL", file.path))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn no_file_is_longer_than_can_be_read_in_one_go() {
    let long = tree::files(&[".rs", ".svelte", ".ts"])
        .into_iter()
        .map(|file| (file.text.lines().count(), file.path))
        .filter(|(lines, _)| *lines > LINES);
    none(
        &long
            .map(|(lines, path)| format!("{path}: {lines} lines"))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent = tree::files(&[".rs"])
        .into_iter()
        .filter(|file| !file.text.trim_start().starts_with("//!"));
    none(
        &silent
            .map(|file| format!("{}: no //!", file.path))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn nothing_is_left_lying_about() {
    let text = [
        ".rs", ".ts", ".svelte", ".css", ".sql", ".mjs", ".md", ".toml", ".html",
    ];
    let files = tree::files(&text).into_iter();
    let files = files.filter(|file| file.path != USED_IN_PARTS);
    let faults = files.flat_map(|file| {
        let found = left_over(&file.text);
        found
            .into_iter()
            .map(move |it| format!("{}:{it}", file.path))
    });
    none(&faults.collect::<Vec<_>>());
}

#[test]
fn what_is_left_lying_about_is_found() {
    for word in NEVER {
        assert_eq!(
            left_over(&format!("one\nx {word} y")),
            [format!("2: {word}")]
        );
    }
}

/// Only folders that every machine has, or that an argument names.
#[test]
fn no_source_knows_the_machine_it_was_written_on() {
    let homes = [concat!("/ro", "ot/"), concat!("/wo", "rk/")];
    let wrong = tree::files(&[".rs", ".ts", ".svelte", ".mjs", ".toml", ".md", ".json"])
        .into_iter()
        .filter(|file| !file.path.ends_with("package-lock.json"))
        .filter(|file| homes.iter().any(|home| file.text.contains(home)));
    none(&wrong.map(|file| file.path).collect::<Vec<_>>());
}

/// A migration that is in no list is never run.
#[test]
fn every_migration_is_in_its_list() {
    let code = tree::files(&[".rs"]);
    let named = |sql: &File| {
        let name = sql.path.rsplit('/').next().unwrap_or_default();
        code.iter()
            .any(|file| file.text.contains(&format!("{name}\"")))
    };
    let lost = tree::files(&[".sql"]).into_iter().filter(|sql| !named(sql));
    none(&lost.map(|sql| sql.path).collect::<Vec<_>>());
}
