//! Codes: each one that exists is in the documents, and has words where people can meet it.

use crate::{none, tree};

/// Between a device's loop and the server: a screen may do without words for them.
const BETWEEN_MACHINES: [&str; 7] = [
    "unknown_log",
    "bad_chain",
    "gap",
    "bad_upload",
    "bad_offset",
    "bad_body",
    // Shown as `busy`: the officer can do the same about it.
    "internal",
];
/// Said of an answer of the server by the device's loop, which then asks again.
const INSIDE_THE_DEVICE: [&str; 1] = ["bad_receipt"];

/// Set aside with no words of their own: the officer reads the words of the outcome.
const SET_ASIDE: [&str; 10] = [
    "device_revoked",
    "builds_on_quarantined",
    "policy_went_back",
    "payload_mismatch",
    "guard",
    "bad_statement",
    "header_mismatch",
    "change_replayed",
    "foreign_actor",
    "builds_on_rejected",
];
/// Parked: the state alone is shown.
const PARKED: [&str; 3] = ["missing_dependency", "needs_newer_server", "staging_full"];

fn error_codes() -> Vec<(String, String)> {
    // BadSignIn, "bad_sign_in", 401, "Collar number and password do not fit.";
    let text = tree::read("shared/src/wire/error.rs");
    let rows = text.lines().filter_map(|line| {
        let (name, rest) = line.trim().split_once(", \"")?;
        let (code, rest) = rest.split_once("\", ")?;
        let status = rest.split(',').next()?;
        let plain = name.chars().all(char::is_alphanumeric) && status.parse::<u16>().is_ok();
        plain.then(|| (code.to_owned(), status.to_owned()))
    });
    rows.collect()
}

fn verdict_codes() -> Vec<(String, String)> {
    // NotActive = 10, "not_active";
    let text = tree::read("shared/src/wire/mail.rs");
    let rows = text.lines().filter_map(|line| {
        let (_, rest) = line.trim().split_once(" = ")?;
        let (number, rest) = rest.split_once(", \"")?;
        let code = rest.strip_suffix("\";")?;
        number.parse::<u16>().ok()?;
        Some((code.to_owned(), number.to_owned()))
    });
    rows.collect()
}

/// The keys of a record of words in the app's messages.
fn words(name: &str) -> Vec<String> {
    let text = tree::read("app/ui/src/lib/messages/en/codes.ts");
    let begin = text.find(&format!("export const {name}")).unwrap();
    let body = text[begin..].lines().skip(1);
    body.take_while(|line| !line.starts_with('}'))
        .filter_map(|line| line.strip_prefix("  ")?.split_once(':'))
        .filter(|(key, _)| key.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        .map(|(key, _)| key.to_owned())
        .collect()
}

/// Every text between quotes that follows one of these openings.
fn literals(text: &str, openings: &[&str]) -> Vec<String> {
    let found = openings.iter().flat_map(|opening| {
        text.split(opening)
            .skip(1)
            .filter_map(|rest| rest.split_once('"').map(|(code, _)| code.to_owned()))
    });
    found.collect()
}

#[test]
fn the_lists_are_read() {
    assert_eq!(error_codes().first().unwrap().0, "bad_enrolment_code");
    assert_eq!(error_codes().last().unwrap().0, "internal");
    assert_eq!(verdict_codes().first().unwrap().0, "missing_dependency");
    assert_eq!(verdict_codes().last().unwrap().0, "erased");
    assert!(words("errors").len() > 30, "{:?}", words("errors"));
    assert!(words("refusals").contains(&"not_active".to_owned()));
}

#[test]
fn every_code_of_the_protocol_is_on_its_page() {
    let page = tree::read("docs/src/protocol.md");
    let errors = error_codes()
        .into_iter()
        .map(|(code, status)| format!("| `{code}` | {status} |"));
    let verdicts = verdict_codes()
        .into_iter()
        .map(|(code, number)| format!("| {number} | `{code}` |"));
    let lost = errors.chain(verdicts).filter(|row| !page.contains(row));
    none(
        &lost
            .map(|row| format!("docs/src/protocol.md: no {row}"))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn every_refusal_of_the_server_has_words_on_the_screen() {
    let words = words("errors");
    let mute = error_codes()
        .into_iter()
        .filter(|(code, _)| !words.contains(code) && !BETWEEN_MACHINES.contains(&code.as_str()));
    none(
        &mute
            .map(|(code, _)| format!("{code}: words or a reason for none"))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn every_failure_of_the_device_has_words_on_the_screen() {
    let words = words("errors");
    let mut codes = Vec::new();
    for file in tree::files(&[".rs"]) {
        if !file.is_in(&["app/core/src"]) || file.path.contains("tests") {
            continue;
        }
        codes.extend(literals(
            &file.text,
            &["ErrorView::code(\"", "NotAllowed(\""],
        ));
        if file.path.ends_with("/error.rs") {
            codes.extend(literals(&file.text, &["=> \""]));
        }
    }
    assert!(codes.len() > 25, "{codes:?}");
    let known = |code: &String| words.contains(code) || INSIDE_THE_DEVICE.contains(&code.as_str());
    codes.retain(|code| !known(code));
    none(&codes);
}

#[test]
fn what_becomes_of_an_entry_that_is_not_accepted_is_said() {
    let words = words("refusals");
    for outcome in ["held", "not_accepted"] {
        assert!(
            self::words("refusalOther").contains(&outcome.to_owned()),
            "{outcome}"
        );
    }
    let mute = verdict_codes().into_iter().filter(|(code, _)| {
        let code = code.as_str();
        !words.iter().any(|it| it == code) && !SET_ASIDE.contains(&code) && !PARKED.contains(&code)
    });
    none(&mute.map(|(code, _)| code).collect::<Vec<_>>());
}
