//! Runs the cells, several at once, and says what came of each.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::cell::{self, Done, Work};
use crate::cells::Cell;

/// What came of all cells.
pub(crate) struct Report {
    cells: Vec<Cell>,
    /// What came of each, or why it could not be run.
    done: BTreeMap<&'static str, Result<Done, String>>,
}

/// Runs the cells: most of the time each of them waits.
pub(crate) fn run(cells: Vec<Cell>, work: Work, jobs: usize, quiet: bool) -> Report {
    let open = Mutex::new(cells.iter());
    let done = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, cells.len().max(1)) {
            scope.spawn(|| {
                // Nobody panics with the lock in hand: nothing is done under it but to take.
                while let Some(cell) = open.lock().ok().and_then(|mut open| open.next()) {
                    let came = cell::run(cell, work).map_err(|error| format!("{error:#}"));
                    if !quiet {
                        println!("{}", line(cell, &came, None));
                    }
                    if let Ok(mut done) = done.lock() {
                        done.insert(cell.name, came);
                    }
                }
            });
        }
    });
    let done = done.into_inner().unwrap_or_default();
    Report { cells, done }
}

fn line(cell: &Cell, came: &Result<Done, String>, overhead: Option<f64>) -> String {
    let name = cell.name;
    match came {
        Err(why) => format!("{name:<18} not run: {why}"),
        Ok(done) => {
            let more = overhead.map_or(String::new(), |it| format!(" ({:+.0}%)", it * 100.0));
            let wrong = if done.wrong.is_empty() {
                "nothing lost".to_owned()
            } else {
                done.wrong.join("; ")
            };
            let kilobytes = done.bytes as f64 / 1e3;
            format!(
                "{name:<18} {:>6.1} s  {kilobytes:>7.1} kB{more}  struck {:>4}  {wrong}",
                done.seconds, done.struck
            )
        }
    }
}

impl Report {
    /// True if no cell that was run went wrong, and one was.
    pub(crate) fn holds(&self) -> bool {
        let mut ran = self.done.values().flatten().peekable();
        ran.peek().is_some() && ran.all(|done| done.wrong.is_empty())
    }

    /// Prints it.
    pub(crate) fn tell(&self, json: bool) {
        if json {
            println!("{}", self.json());
            return;
        }
        println!();
        for cell in &self.cells {
            if let Some(came) = self.done.get(cell.name) {
                println!("{}", line(cell, came, self.overhead(cell)));
            }
        }
    }

    /// Bytes beyond those of a link on which nothing is wrong, as a part of them.
    fn overhead(&self, cell: &Cell) -> Option<f64> {
        let bytes = |name| match self.done.get(name) {
            Some(Ok(done)) => Some(done.bytes as f64),
            _ => None,
        };
        let fair = bytes(cell.link.fair()).filter(|it| *it > 0.0)?;
        Some(bytes(cell.name)? / fair - 1.0)
    }

    fn json(&self) -> Value {
        let (mut cells, mut not_run) = (Vec::new(), Vec::new());
        for cell in &self.cells {
            match self.done.get(cell.name) {
                Some(Ok(done)) => cells.push(json!({
                    "name": cell.name,
                    "seconds": done.seconds,
                    "deadline_s": cell.deadline.as_secs(),
                    "bytes": done.bytes,
                    "overhead": self.overhead(cell),
                    "struck": done.struck,
                    "wrong": done.wrong,
                })),
                Some(Err(why)) => not_run.push(json!({ "name": cell.name, "why": why })),
                None => {}
            }
        }
        json!({ "cells": cells, "not_run": not_run })
    }
}
