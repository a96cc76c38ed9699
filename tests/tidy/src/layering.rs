//! Who may depend on whom, as docs/src/architecture.md says it; and that nothing is asked for
//! that is not used.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::{none, tree};

/// A member of the workspace.
struct Member {
    name: &'static str,
    /// The members that it may depend on, in tests too.
    ours: &'static [&'static str],
    /// What must never be in what ships of it.
    never: &'static [&'static str],
}

const SHARED: &str = "beatbook-shared";
const CORE: &str = "beatbook-core";
const SERVER: &str = "beatbook-server";
const VFS: &str = "beatbook-vfs";
const E2E: &str = "beatbook-e2e";

const MEMBERS: [Member; 12] = [
    Member {
        name: SHARED,
        ours: &[],
        // No I/O, no clock, no randomness, no runtime.
        never: &[
            "tokio",
            "futures-util",
            "rusqlite",
            "axum",
            "reqwest",
            "tauri",
            "tracing",
            "metrics",
            "getrandom",
            "rand",
            "rand_core",
            "rand_chacha",
            "rustix",
            "uuid",
            "image",
        ],
    },
    Member {
        name: CORE,
        ours: &[SHARED],
        never: &["tauri", "axum", "automerge"],
    },
    Member {
        name: "beatbook",
        ours: &[CORE, SHARED],
        never: &["rusqlite", "reqwest", "axum", "automerge"],
    },
    Member {
        name: SERVER,
        ours: &[SHARED],
        never: &["tauri", "reqwest", "automerge"],
    },
    Member {
        name: "xtask",
        ours: &[],
        never: &["tauri", "rusqlite", "axum"],
    },
    // What crosses crates; nobody depends on these but each other.
    Member {
        name: VFS,
        ours: &[],
        never: &["tauri"],
    },
    Member {
        name: "beatbook-sim",
        ours: &[CORE, SERVER, SHARED, VFS],
        never: &["tauri", "reqwest"],
    },
    Member {
        name: E2E,
        ours: &[SHARED],
        never: &["tauri"],
    },
    Member {
        name: "beatbook-bench",
        ours: &[CORE, E2E, SERVER, SHARED, VFS],
        never: &["tauri"],
    },
    Member {
        name: "beatbook-fuzz",
        ours: &[SHARED],
        never: &["tauri", "automerge"],
    },
    Member {
        name: "beatbook-net",
        ours: &[CORE, SERVER, SHARED],
        never: &["tauri", "reqwest"],
    },
    Member {
        name: "beatbook-tidy",
        ours: &[],
        never: &[],
    },
];

/// What a manifest asks for.
#[derive(Clone)]
struct Dependency {
    name: String,
    /// As the code names it.
    word: String,
    ships: bool,
}

fn packages() -> Vec<Value> {
    let output = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(tree::root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn name(package: &Value) -> &str {
    package["name"].as_str().unwrap()
}

fn dependencies(package: &Value) -> Vec<Dependency> {
    let asked = package["dependencies"].as_array().unwrap().iter();
    asked
        .map(|it| {
            let name = it["name"].as_str().unwrap();
            Dependency {
                name: name.to_owned(),
                word: it["rename"].as_str().unwrap_or(name).replace('-', "_"),
                ships: it["kind"].as_str() != Some("dev"),
            }
        })
        .collect()
}

fn misplaced(member: &Member, asked: &[Dependency], members: &[&str]) -> Vec<String> {
    let wrong = asked.iter().filter(|it| {
        let ours = members.contains(&it.name.as_str());
        let strange = ours && !member.ours.contains(&it.name.as_str());
        let never = it.ships && member.never.contains(&it.name.as_str());
        strange || never
    });
    wrong
        .map(|it| format!("{} must not depend on {}", member.name, it.name))
        .collect()
}

#[test]
fn the_parts_depend_on_each_other_as_the_architecture_says() {
    let packages = packages();
    let names: Vec<&str> = packages.iter().map(name).collect();
    let mut faults = Vec::new();
    for package in &packages {
        match MEMBERS.iter().find(|member| member.name == name(package)) {
            Some(member) => faults.extend(misplaced(member, &dependencies(package), &names)),
            None => faults.push(format!("{} has no place in the table", name(package))),
        }
    }
    none(&faults);
    assert_eq!(names.len(), MEMBERS.len(), "a member of the table is gone");
}

#[test]
fn a_wrong_dependency_is_found() {
    let core = &MEMBERS[1];
    let dependency = |name: &str, ships| Dependency {
        name: name.to_owned(),
        word: name.to_owned(),
        ships,
    };
    let found = |name, ships| misplaced(core, &[dependency(name, ships)], &[SERVER, SHARED]).len();
    assert_eq!(found(SERVER, false), 1);
    assert_eq!(found("automerge", true), 1);
    assert_eq!(found("automerge", false), 0);
    assert_eq!(found(SHARED, true), 0);
}

/// The texts of a package's own sources.
fn sources<'a>(package: &Value, files: &'a [tree::File]) -> Vec<&'a str> {
    let root = tree::root();
    let mut texts = Vec::new();
    for target in package["targets"].as_array().unwrap() {
        let path = Path::new(target["src_path"].as_str().unwrap());
        let path = path.strip_prefix(&root).unwrap_or(path);
        // A build script is one file; every other target is the folder of its first.
        let build = target["kind"][0].as_str() == Some("custom-build");
        let place = if build { path } else { path.parent().unwrap() };
        let place = place.to_str().unwrap().to_owned();
        let own = files.iter().filter(|file| file.is_in(&[&place]));
        texts.extend(own.map(|file| file.text.as_str()));
    }
    texts
}

/// True if the text names the crate itself.
fn is_used(word: &str, text: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = &text[at + word.len()..];
        !before.is_some_and(|c| inside(c) || c == ':') && after.starts_with("::")
            || text[..at].ends_with("use ") && !after.starts_with(inside)
    })
}

#[test]
fn nothing_is_asked_for_that_is_not_used() {
    let files = tree::files(&[".rs"]);
    let mut faults = Vec::new();
    for package in &packages() {
        let texts = sources(package, &files);
        assert!(!texts.is_empty(), "no sources of {}", name(package));
        let unused = dependencies(package)
            .into_iter()
            .filter(|it| !texts.iter().any(|text| is_used(&it.word, text)));
        faults.extend(unused.map(|it| format!("{} does not use {}", name(package), it.name)));
    }
    none(&faults);
}

#[test]
fn a_use_is_told_from_a_likeness() {
    assert!(is_used("ring", "use ring;"));
    assert!(is_used("ring", "let x = ring::digest::x();"));
    assert!(!is_used("ring", "let x = string::y();"));
    assert!(!is_used("ring", "let x = shared::ring::y();"));
    assert!(!is_used("ring", "// a ring of keys"));
}

#[test]
fn every_dependency_has_its_reason_and_every_reason_its_dependency() {
    let page = tree::read("docs/src/dependencies.md");
    let mut asked: Vec<String> = packages()
        .iter()
        .flat_map(dependencies)
        .map(|it| it.name)
        .filter(|name| !MEMBERS.iter().any(|member| member.name == name))
        .collect();
    for folder in ["app/ui", "sync-server/control-room"] {
        let text = tree::read(&format!("{folder}/package.json"));
        let manifest: Value = serde_json::from_str(&text).unwrap();
        for section in ["dependencies", "devDependencies"] {
            let section = manifest[section].as_object().unwrap();
            asked.extend(section.keys().cloned());
        }
    }
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let told: Vec<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    let unexplained = asked.iter().filter(|it| !told.contains(&it.as_str()));
    let gone = told
        .iter()
        .filter(|it| !asked.iter().any(|name| name == *it));
    let faults = unexplained
        .map(|it| format!("{it}: no reason in docs/src/dependencies.md"))
        .chain(gone.map(|it| format!("{it}: in docs/src/dependencies.md, and nobody asks for it")));
    none(&faults.collect::<Vec<_>>());
}
