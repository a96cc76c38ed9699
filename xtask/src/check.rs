//! `cargo xtask test`: all that must hold before a change goes in.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use duct::Expression;

use crate::place::Place;
use crate::setup;
use crate::step::Steps;
use crate::summary::{self, Summary};
use crate::tools;

/// How much of what a failed step printed is said again at the end.
const REASON_LINES: usize = 20;

pub(crate) fn run(place: &Place) -> Result<ExitCode> {
    let mut steps = Steps::begin();
    let mut sum = Summary::default();
    let place = &setup::ready(place, &mut steps)?;
    let python = steps.must("a Python with pycose", || setup::python(place))?;

    steps.check("formatting", || {
        succeed(place.cargo(&["fmt", "--all", "--check"]))
    });
    for front_end in &setup::FRONT_ENDS {
        let npm = |args: &[&str]| {
            place
                .command(&place.path(front_end.folder), "npm", args)
                .env("NO_COLOR", "1")
        };
        steps.check(&format!("{}: types and lints", front_end.name), || {
            succeed(npm(&["run", "--silent", "check"]))?;
            succeed(npm(&["run", "--silent", "--if-present", "lint"]))
        });
        steps.check(&format!("{}: tests", front_end.name), || {
            watch(npm(&["run", "--silent", "--if-present", "test"]), &mut sum)
        });
        steps.check(&format!("{}: screens", front_end.name), || {
            succeed(npm(&["run", "--silent", "--if-present", "screens"]))
        });
    }
    rust(place, &python, &mut steps, &mut sum);
    // A step that fails without a test, such as a lint, is a failure of the last line too.
    let failed = sum.failed.max(steps.failures());
    let ended = steps.end();
    if let Err(error) = &ended {
        println!("{error:#}");
    }
    println!("{} passed, {failed} failed", sum.passed);
    Ok(if ended.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn rust(place: &Place, python: &Path, steps: &mut Steps, sum: &mut Summary) {
    let lints = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    steps.check("lints", || succeed(place.cargo(&lints)));
    // Always the same packages and targets: another choice would mean other features, and
    // everything would be compiled twice.
    let everything = ["build", "--workspace", "--all-targets"];
    steps.check("build", || succeed(place.cargo(&everything)));
    steps.check("generated files", || tools::compare(place));
    let tests = ["test", "--workspace", "--no-fail-fast"];
    let binaries = place
        .cargo(&tests)
        .env("BEATBOOK_APP_BIN", place.binary("beatbook"))
        .env("BEATBOOK_SERVER_BIN", place.binary("beatbook-server"))
        .env("BEATBOOK_PYTHON", python)
        .env("BEATBOOK_NO_SKIP", "1")
        // What fails says why and where; a hundred lines of the runtime's hide that.
        .env("RUST_BACKTRACE", "0");
    steps.check("tests, end to end ones included", || watch(binaries, sum));
    // What ships has none of these. Asked of the workspace, so that what is not ours is not
    // compiled again.
    let mutants = ["test", "--workspace", "--features", "beatbook-sim/mutants"];
    let only = ["--test", "mutants"];
    steps.check("deliberate faults are found", || {
        watch(place.cargo(&[&mutants[..], &only].concat()), sum)
    });
}

/// Shows what a program prints; the last of it is the reason if it fails.
fn succeed(command: Expression) -> Result<()> {
    let mut last = VecDeque::new();
    show(command.stderr_to_stdout(), |line| {
        last.extend((!line.trim().is_empty()).then(|| line.to_owned()));
        last.drain(..last.len().saturating_sub(REASON_LINES));
    })
    .with_context(|| Vec::from(last).join("\n"))
}

/// Shows what a test runner prints, and adds its results up; the tests that fail are the reason.
fn watch(command: Expression, sum: &mut Summary) -> Result<()> {
    let mut failed = Vec::new();
    show(command, |line| {
        sum.take(line);
        if failed.len() < REASON_LINES && summary::is_failure(line) {
            failed.push(line.trim().to_owned());
        }
    })
    .with_context(|| failed.join("\n"))
}

fn show(command: Expression, mut take: impl FnMut(&str)) -> Result<()> {
    let reader = command.reader().context("it cannot be started")?;
    for line in BufReader::new(&reader).split(b'\n') {
        // Reading fails at the end if the program did: that is the result.
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        take(&line);
    }
    Ok(())
}
