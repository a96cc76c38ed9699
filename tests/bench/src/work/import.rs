//! Import of searches as data.police.uk publishes them, from the folder or file that
//! `BEATBOOK_REAL_DATA` names.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;
use rusqlite::Connection;

use crate::report::{Figure, Measured};
use crate::{Bench, site};

const REAL_DATA: &str = "BEATBOOK_REAL_DATA";

pub(crate) fn measure(bench: &Bench) -> Result<Measured> {
    let Some(path) = std::env::var_os(REAL_DATA) else {
        return Ok(Measured::Skipped("BEATBOOK_REAL_DATA is not set"));
    };
    let mut files = Vec::new();
    collect(Path::new(&path), &mut files)?;
    files.sort();
    if files.is_empty() {
        return Ok(Measured::Skipped(
            "BEATBOOK_REAL_DATA has no files of comma-separated values",
        ));
    }
    let scratch = bench.scratch()?;
    let data = scratch.path().join("server");
    site::make(&data)?;
    let server = site::open(&data)?;
    let (mut took, mut limit) = (Duration::ZERO, Duration::ZERO);
    let (mut imported, mut known, mut refused) = (0, 0, 0);
    for (number, file) in files.iter().enumerate() {
        let bytes = fs::read(file)?;
        let began = Instant::now();
        let outcome = server.import_published(&bytes)?;
        took += began.elapsed();
        imported += outcome.imported;
        known += outcome.known;
        refused += outcome.refused.len();
        limit += store(&bytes, &scratch.path().join(format!("limit-{number}.db")))?;
    }
    let rows = (imported + known) as f64 + refused as f64;
    Ok(Measured::Figures(vec![
        Figure::new("rows_per_s", rows / took.as_secs_f64(), "1/s")
            .against(rows / limit.as_secs_f64())
            .note("baseline: each line as it is, one SQLite transaction a file"),
        Figure::new("seconds", took.as_secs_f64(), "s").against(limit.as_secs_f64()),
        Figure::new("rows", rows, "").note(format!("{} files", files.len())),
        Figure::new("imported", imported as f64, ""),
        Figure::new("known", known as f64, "").note("imported before: in two files"),
        Figure::new("refused", refused as f64, "lines").note("reported with their reason"),
    ]))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if path.extension().is_some_and(|it| it == "csv") {
        files.push(path.to_owned());
    }
    Ok(())
}

/// Stores lines as they are.
fn store(bytes: &[u8], database: &Path) -> Result<Duration> {
    let mut conn = Connection::open(database)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE line (id INTEGER PRIMARY KEY, text BLOB NOT NULL);",
    )?;
    let began = Instant::now();
    let tx = conn.transaction()?;
    {
        let mut insert = tx.prepare("INSERT INTO line (text) VALUES (?1)")?;
        for line in bytes.split(|byte| *byte == b'\n') {
            insert.execute([line])?;
        }
    }
    tx.commit()?;
    Ok(began.elapsed())
}
