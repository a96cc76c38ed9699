//! The documents: what they name is there.

use std::path::Path;

use crate::none;
use crate::tree::{self, File};

/// Where a path in a document begins, if it is one from the root.
const ROOTS: [&str; 7] = [
    "app/",
    "assets/",
    "docs/",
    "shared/",
    "sync-server/",
    "tests/",
    "xtask/",
];

/// Texts between single backticks, fenced blocks left out.
fn quoted(text: &str) -> Vec<&str> {
    let mut fenced = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            found.extend(line.split('`').skip(1).step_by(2));
        }
    }
    found
}

/// The places that links lead to, those outside left out.
fn links(text: &str) -> Vec<&str> {
    let rests = text.split("](").skip(1);
    rests
        .filter_map(|rest| rest.split(')').next())
        .filter(|link| !link.contains(':') && !link.starts_with('#'))
        .filter_map(|link| link.split('#').next())
        .collect()
}

fn papers() -> Vec<File> {
    tree::files(&[".md"])
}

#[test]
fn every_path_that_a_document_names_is_there() {
    let root = tree::root();
    let mut faults = Vec::new();
    for paper in papers() {
        let paths = quoted(&paper.text)
            .into_iter()
            .filter(|it| ROOTS.iter().any(|start| it.starts_with(start)))
            .filter(|it| !it.contains([' ', '*', '<', '{', '…']));
        let lost = paths.filter(|path| !root.join(path).exists());
        faults.extend(lost.map(|path| format!("{}: no {path}", paper.path)));
    }
    none(&faults);
}

#[test]
fn every_link_leads_somewhere() {
    let root = tree::root();
    let mut faults = Vec::new();
    for paper in papers() {
        let folder = Path::new(&paper.path).parent().unwrap();
        // Pictures are made from the running app, not written.
        let written = links(&paper.text)
            .into_iter()
            .filter(|link| !link.ends_with(".png"));
        let lost = written.filter(|link| !root.join(folder).join(link).exists());
        faults.extend(lost.map(|link| format!("{}: no {link}", paper.path)));
    }
    none(&faults);
}

#[test]
fn every_page_is_in_the_table_of_contents() {
    let summary = tree::read("docs/src/SUMMARY.md");
    let lost = papers().into_iter().filter(|paper| {
        paper
            .path
            .strip_prefix("docs/src/")
            .is_some_and(|page| page != "SUMMARY.md" && !summary.contains(&format!("]({page})")))
    });
    none(&lost.map(|paper| paper.path).collect::<Vec<_>>());
}

#[test]
fn quotes_and_links_are_read() {
    assert_eq!(quoted("a `b/c` d\n```\n`no`\n```\n`e`"), ["b/c", "e"]);
    assert_eq!(
        links("[a](b.md#c), [d](https://x.invalid), [e](#f)"),
        ["b.md"]
    );
}
