//! Looking for records by their words and by what lists show of them.
//!
//! The number of a record, which the index of words goes by, tells when it happened to within
//! seconds. So the newest hits are found first, and what is older is not read at all.

use rusqlite::{Connection, named_params};
use shared::ids::RecordId;
use shared::time::UnixMs;

use super::StoreError;
use super::record_rows::{ListRow, list};
use super::sql::optional;

/// What is looked for.
#[derive(Debug, Default)]
pub(crate) struct Find {
    /// An expression of FTS5; none for every record.
    pub(crate) words: Option<String>,
    /// One's own alone.
    pub(crate) own: bool,
    /// `stop_search` or `note`.
    pub(crate) kind: Option<String>,
    /// Person, vehicle or both.
    pub(crate) subject: Option<String>,
    /// A state of delivery or of review.
    pub(crate) state: Option<String>,
    /// Happened at this time or later.
    pub(crate) from: Option<UnixMs>,
    /// Happened before this time.
    pub(crate) until: Option<UnixMs>,
    /// The most hits.
    pub(crate) limit: u32,
}

impl Find {
    /// Whether anything narrows it but words and whose they are.
    pub(crate) fn is_filtered(&self) -> bool {
        let texts = [&self.kind, &self.subject, &self.state];
        texts.iter().any(|it| it.is_some()) || self.from.is_some() || self.until.is_some()
    }
}

/// Milliseconds of 1 January 2000, before which nothing is told apart.
const FIRST_MS: i64 = 946_684_800_000;
/// How many milliseconds one slot covers, and how many numbers it has before they run into the
/// next. Wider ones would make each entry of the index of words a byte longer.
const SLOT_MS: i64 = 60_000;
const SLOT_NUMBERS: i64 = 16;
/// How far a full slot runs over.
const OVER: i64 = 256 * SLOT_NUMBERS;

/// The first number of the slot of a time. Numbers stay far below what a row can have: the
/// latest time counts as the year 4000 or so.
fn slot(at: UnixMs) -> i64 {
    (at.0.saturating_sub(FIRST_MS) / SLOT_MS).clamp(0, 1 << 30) * SLOT_NUMBERS
}

/// A number that tells this time, and that neither a record nor words have.
fn number(tx: &Connection, at: UnixMs) -> Result<i64, StoreError> {
    let mut last = tx.prepare_cached(
        "SELECT max(num) FROM (
             SELECT max(num) AS num FROM record WHERE num >= ?1 AND num < ?2 UNION ALL
             SELECT max(num) AS num FROM stale_words WHERE num >= ?1 AND num < ?2)",
    )?;
    let mut last = |from: i64, until: i64| -> Result<Option<i64>, StoreError> {
        Ok(last.query_row((from, until), |row| row.get(0))?)
    };
    let mut start = slot(at);
    // Behind the last of the slot; behind the last of those after it, if it is full, as when many
    // records are made at once.
    for width in [SLOT_NUMBERS, OVER] {
        match last(start, start + width)? {
            None => return Ok(start),
            Some(last) if last + 1 < start + width => return Ok(last + 1),
            Some(_) => {}
        }
    }
    loop {
        start += OVER;
        match last(start, start + OVER)? {
            None => return Ok(start),
            Some(last) if last + 1 < start + OVER => return Ok(last + 1),
            Some(_) => {}
        }
    }
}

/// True if a number tells this time.
fn tells(num: i64, at: UnixMs) -> bool {
    (slot(at)..slot(at) + OVER).contains(&num)
}

/// The number of a record whose words are these now, under which they are in the index.
///
/// Words that change go in under a new number, and the old ones stay behind for
/// [`tidy`]: to take words out of the index, so that nothing of them is left in the file, costs
/// more than all the rest of a save.
pub(super) fn put_words(
    tx: &Connection,
    id: RecordId,
    at: UnixMs,
    words: &str,
) -> Result<i64, StoreError> {
    let mut had = tx.prepare_cached("SELECT num FROM record WHERE id = ?1")?;
    let had: Option<i64> = optional(&mut had, (id.as_bytes(),))?;
    if let Some(num) = had {
        let mut before = tx.prepare_cached("SELECT body FROM words WHERE rowid = ?1")?;
        let before: Option<String> = optional(&mut before, (num,))?;
        if before.as_deref() == Some(words) && tells(num, at) {
            return Ok(num);
        }
        tx.prepare_cached("INSERT INTO stale_words (num, record) VALUES (?1, ?2)")?
            .execute((num, id.as_bytes()))?;
    }
    let num = number(tx, at)?;
    // Words of a record that is gone otherwise are nobody's.
    tx.prepare_cached("INSERT OR REPLACE INTO words (rowid, body) VALUES (?1, ?2)")?
        .execute((num, words))?;
    Ok(num)
}

/// Takes all words of a record out of the index, those of earlier states too.
pub(super) fn destroy_words(tx: &Connection, id: RecordId) -> Result<(), StoreError> {
    let key = (id.as_bytes(),);
    tx.prepare_cached(
        "DELETE FROM words WHERE rowid IN (
             SELECT num FROM record WHERE id = ?1 UNION ALL
             SELECT num FROM stale_words WHERE record = ?1)",
    )?
    .execute(key)?;
    tx.prepare_cached("DELETE FROM stale_words WHERE record = ?1")?
        .execute(key)?;
    Ok(())
}

/// Takes some words of earlier states out of the index; true if there are more.
pub(crate) fn tidy(tx: &Connection, most: u32) -> Result<bool, StoreError> {
    let mut stale = tx.prepare_cached("SELECT num FROM stale_words ORDER BY num LIMIT ?1")?;
    let nums = stale.query_map((most + 1,), |row| row.get(0))?;
    let nums = nums.collect::<Result<Vec<i64>, _>>()?;
    for num in nums.iter().take(most as usize) {
        tx.prepare_cached("DELETE FROM words WHERE rowid = ?1")?
            .execute((num,))?;
        tx.prepare_cached("DELETE FROM stale_words WHERE num = ?1")?
            .execute((num,))?;
    }
    Ok(nums.len() > most as usize)
}

/// Each word of the index once for each place where it stands, in the order of the words: what
/// reads on from a word and stops at the first has found the next one.
pub(super) const TERMS: &str =
    "CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, words, instance);";
/// Beginnings of words so long have an index of their own.
const INDEXED: usize = 3;
/// A beginning of more words than these is looked up as it is.
const TERMS_MAX: usize = 32;
/// The most words of a search that count.
const WORDS: usize = 10;

/// The words of a search as an expression of FTS5: each must begin some word. Everything but
/// letters and digits only separates, so that nothing typed is read as syntax.
///
/// A beginning is put as the words that it begins, if they are few. FTS5 reads where a whole word
/// stands from the newest record on, and stops when there are enough; of a beginning it gathers
/// all places first, which on a device of many records takes a hundred times longer.
pub(crate) fn expression(conn: &Connection, text: &str) -> Result<Option<String>, StoreError> {
    let words = text
        .split(|it: char| !it.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut all = Vec::new();
    for word in words.take(WORDS) {
        let begun = match begun_by(conn, word)? {
            Some(terms) if !terms.is_empty() => terms,
            _ => vec![format!("\"{word}\"*")],
        };
        all.push(format!("({})", begun.join(" OR ")));
    }
    Ok((!all.is_empty()).then(|| all.join(" AND ")))
}

/// The words of the index that this begins, quoted; none if it is short or they are many. Only
/// for letters that the index keeps as they are.
fn begun_by(conn: &Connection, word: &str) -> Result<Option<Vec<String>>, StoreError> {
    if word.len() <= INDEXED || !word.bytes().all(|it| it.is_ascii_alphanumeric()) {
        return Ok(None);
    }
    let word = word.to_ascii_lowercase();
    let mut next = conn.prepare_cached("SELECT term FROM temp.terms WHERE term >= ?1 LIMIT 1")?;
    let (mut from, mut terms) = (word.clone(), Vec::new());
    while terms.len() < TERMS_MAX {
        let term: Option<String> = optional(&mut next, (&from,))?;
        match term.filter(|it| it.starts_with(&word)) {
            Some(term) => {
                terms.push(format!("\"{term}\""));
                // No word goes on with this.
                from = term + "\u{1}";
            }
            None => return Ok(Some(terms)),
        }
    }
    Ok(None)
}

/// What fits, the newest first.
pub(crate) fn find(conn: &Connection, find: &Find) -> Result<Vec<ListRow>, StoreError> {
    // A join that SQLite may not turn round: it would look up the words of every record.
    let (source, order) = if find.words.is_some() {
        (
            "CROSS JOIN record ON record.num = words.rowid WHERE words MATCH :words",
            "words.rowid",
        )
    } else {
        ("WHERE :words IS NULL", "num")
    };
    let tail = format!(
        "{source} AND own >= :own
         AND (:kind IS NULL OR kind = :kind)
         AND (:subject IS NULL OR subject = :subject)
         AND (:state IS NULL OR delivery = :state OR review = :state)
         AND (:from IS NULL OR happened_at >= :from)
         AND (:until IS NULL OR happened_at < :until)
         ORDER BY {order} DESC LIMIT :limit"
    );
    let table = if find.words.is_some() {
        "words"
    } else {
        "record"
    };
    let params = named_params! {
        ":words": find.words,
        ":own": find.own,
        ":kind": find.kind,
        ":subject": find.subject,
        ":state": find.state,
        ":from": find.from.map(|at| at.0),
        ":until": find.until.map(|at| at.0),
        ":limit": find.limit,
    };
    let mut rows = list(conn, table, &tail, params)?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.happened_at));
    Ok(rows)
}
