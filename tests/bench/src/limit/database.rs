//! Encrypted databases with one table.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use app_core::view::{FieldMap, FieldValue};
use rusqlite::{Connection, named_params};

/// As the device opens its own.
const SETTINGS: &str = "PRAGMA key = \"x'\
    5be6f3b8a2c04d117f9e5be6f3b8a2c04d117f9e5be6f3b8a2c04d117f9e0a1b'\";
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;";

fn open(path: &Path) -> Result<Connection> {
    let conn = Connection::open(path)?;
    conn.execute_batch(SETTINGS)?;
    Ok(conn)
}

/// Rows that are committed one by one.
pub(crate) struct Commits(Connection);

impl Commits {
    pub(crate) fn make(path: &Path) -> Result<Self> {
        let conn = open(path)?;
        conn.execute_batch("CREATE TABLE record (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")?;
        Ok(Self(conn))
    }

    /// Commits one row, synced to the disk.
    pub(crate) fn commit(&mut self, body: &str) -> Result<Duration> {
        let began = Instant::now();
        let tx = self.0.transaction()?;
        tx.prepare_cached("INSERT INTO record (body) VALUES (?1)")?
            .execute([body])?;
        tx.commit()?;
        Ok(began.elapsed())
    }
}

/// A list and a search index, as many rows as a device holds.
pub(crate) struct Lists(Connection);

impl Lists {
    /// Opens the one of this file.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        Ok(Self(open(path)?))
    }

    /// Makes one.
    pub(crate) fn make(
        path: &Path,
        count: usize,
        record: impl Fn(usize) -> FieldMap,
    ) -> Result<Self> {
        let mut conn = open(path)?;
        conn.execute_batch(
            "CREATE TABLE record (
                 id INTEGER PRIMARY KEY, at INTEGER NOT NULL, title TEXT NOT NULL,
                 subject TEXT NOT NULL, place TEXT NOT NULL, state TEXT NOT NULL);
             CREATE INDEX record_at ON record (at DESC, title, subject, place, state);
             CREATE VIRTUAL TABLE words USING fts5 (text, content = '');",
        )?;
        let tx = conn.transaction()?;
        for number in 0..count {
            let fields = record(number);
            let text = |key: &str| match fields.get(key) {
                Some(Some(FieldValue::Text(text))) => text.clone(),
                _ => String::new(),
            };
            let keys = ["place_text", "grounds", "description", "name", "found_what"];
            let all = keys.map(text).join(" ");
            tx.prepare_cached(
                "INSERT INTO record (id, at, title, subject, place, state)
                 VALUES (:id, :at, :title, :subject, :place, 'saved')",
            )?
            .execute(named_params! {
                ":id": i64::try_from(number)?,
                ":at": i64::try_from(number)?,
                ":title": text("object"),
                ":subject": text("subject"),
                ":place": text("place_text"),
            })?;
            tx.prepare_cached("INSERT INTO words (rowid, text) VALUES (?1, ?2)")?
                .execute((i64::try_from(number)?, all))?;
        }
        tx.commit()?;
        Ok(Self(conn))
    }

    /// The newest 50.
    pub(crate) fn list(&self) -> Result<usize> {
        let sql = "SELECT id, at, title, subject, place, state FROM record
                   ORDER BY at DESC LIMIT 50";
        self.read(sql, [])
    }

    /// All of them, the oldest first.
    pub(crate) fn all(&self) -> Result<usize> {
        let sql = "SELECT id, at, title, subject, place, state FROM record ORDER BY at";
        self.read(sql, [])
    }

    /// The newest 50 with these words.
    pub(crate) fn search(&self, text: &str) -> Result<usize> {
        let terms: Vec<_> = text.split(' ').map(|word| format!("\"{word}\"*")).collect();
        let sql = "SELECT r.id, r.at, r.title, r.subject, r.place, r.state
                   FROM words w JOIN record r ON r.id = w.rowid
                   WHERE words MATCH ?1 ORDER BY w.rowid DESC LIMIT 50";
        self.read(sql, [terms.join(" ")])
    }

    fn read(&self, sql: &str, params: impl rusqlite::Params) -> Result<usize> {
        let mut statement = self.0.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut bytes = 0;
        while let Some(row) = rows.next()? {
            for column in 2..6 {
                bytes += row.get_ref(column)?.as_str()?.len();
            }
        }
        Ok(bytes)
    }
}

/// Two states of each record, as JSON.
pub(crate) struct Pairs(Connection);

impl Pairs {
    pub(crate) fn make(
        path: &Path,
        count: usize,
        pair: impl Fn(usize) -> (FieldMap, FieldMap),
    ) -> Result<Self> {
        let mut conn = open(path)?;
        conn.execute_batch(
            "CREATE TABLE pair (id INTEGER PRIMARY KEY, before TEXT NOT NULL, after TEXT NOT NULL)",
        )?;
        let tx = conn.transaction()?;
        for number in 0..count {
            let (before, after) = pair(number);
            tx.prepare_cached("INSERT INTO pair (id, before, after) VALUES (?1, ?2, ?3)")?
                .execute((
                    i64::try_from(number)?,
                    serde_json::to_string(&before)?,
                    serde_json::to_string(&after)?,
                ))?;
        }
        tx.commit()?;
        Ok(Self(conn))
    }

    /// Reads both states of a record; gives how many fields differ.
    pub(crate) fn differ(&self, number: usize) -> Result<usize> {
        let mut statement = self
            .0
            .prepare_cached("SELECT before, after FROM pair WHERE id = ?1")?;
        let (before, after): (String, String) = statement
            .query_row([i64::try_from(number)?], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let before: FieldMap = serde_json::from_str(&before)?;
        let after: FieldMap = serde_json::from_str(&after)?;
        let keys = after
            .iter()
            .filter(|(key, value)| before.get(*key) != Some(value));
        Ok(keys.count())
    }
}
