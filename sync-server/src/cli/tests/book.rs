//! The commands that the book names are commands.

use std::path::Path;

use clap::Parser as _;

use super::Cli;

/// The commands in the shell blocks of a page, each as its words.
fn commands(page: &str) -> Vec<Vec<String>> {
    let mut shell = false;
    let mut found = Vec::new();
    for line in page.replace("\\\n", " ").lines() {
        if let Some(kind) = line.trim().strip_prefix("```") {
            shell = kind == "sh";
        } else if shell {
            let line = line.split(" #").next().unwrap_or_default();
            found.extend(line.split(" && ").map(words));
        }
    }
    found.retain(|it| it.first().is_some_and(|it| it.ends_with("beatbook-server")));
    found
}

/// Words as a shell takes them: what stands between quotes is one. What is left out is left out.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in line.split('"').enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words.retain(|word| word != "…");
    words
}

#[test]
fn every_command_of_the_book_is_one() {
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src");
    let mut read = 0;
    for page in std::fs::read_dir(book).expect("the book") {
        let path = page.expect("a page").path();
        if path.extension().is_none_or(|it| it != "md") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("text");
        for words in commands(&text) {
            let parsed = Cli::try_parse_from(&words);
            assert!(parsed.is_ok(), "{}: {words:?}: {parsed:?}", path.display());
            read += 1;
        }
    }
    assert!(read > 25, "{read} commands");
}
