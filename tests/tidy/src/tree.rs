//! The files of the clone.

use std::fs;
use std::path::{Path, PathBuf};

/// Where people write; what is elsewhere is made or belongs to tools.
const FOLDERS: [&str; 7] = [
    "app",
    "assets",
    "docs",
    "shared",
    "sync-server",
    "tests",
    "xtask",
];
/// Made, at whatever depth.
const MADE: [&str; 6] = [
    "node_modules",
    "dist",
    "gen",
    "target",
    ".svelte-kit",
    "book",
];
/// Written by `cargo xtask generate`.
const GENERATED: [&str; 2] = [
    "app/ui/src/lib/ipc/bindings.ts",
    "sync-server/control-room/src/lib/schema.d.ts",
];

/// A text file of the clone.
#[derive(Debug)]
pub(crate) struct File {
    /// From the root, with slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    /// True if the file lies in one of these folders, or is one of these files.
    pub(crate) fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| {
            self.path.strip_prefix(place).is_some_and(|rest| {
                rest.is_empty() || rest.starts_with('/') || place.ends_with('/')
            })
        })
    }
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// The text of one file.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All files that people write and that end in one of these, in order.
pub(crate) fn files(endings: &[&str]) -> Vec<File> {
    let root = root();
    let mut paths = Vec::new();
    for folder in FOLDERS {
        walk(&root.join(folder), &mut paths);
    }
    paths.push(root.join("README.md"));
    paths.sort();
    let named = paths.into_iter().filter_map(|path| {
        let name = path
            .strip_prefix(&root)
            .unwrap()
            .to_str()?
            .replace('\\', "/");
        let wanted = endings.iter().any(|ending| name.ends_with(ending));
        let wanted = wanted && !GENERATED.contains(&name.as_str());
        wanted.then_some((path, name))
    });
    let found: Vec<File> = named
        .map(|(path, name)| File {
            path: name,
            text: fs::read_to_string(path).unwrap_or_default(),
        })
        .collect();
    assert!(!found.is_empty(), "no files {endings:?}");
    found
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = entry.path();
        if !entry.file_type().unwrap().is_dir() {
            found.push(path);
        } else if !MADE.iter().any(|made| entry.file_name() == *made) {
            walk(&path, found);
        }
    }
}
