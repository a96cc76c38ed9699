//! The news for a vault: receipt, mail, reference data, the records stream and backfills, all
//! from one snapshot and within a byte budget.

use std::sync::Arc;

use rusqlite::{Connection, Row, params};
use shared::doc::Schema;
use shared::hash::BlobHash;
use shared::ids::{AcceptPos, EntryId, LogId, MailSeq, RecordId, ReferenceSeq, Seq};
use shared::log::{decode_canonical, encode};
use shared::wire::{Cursors, FeedEntry, FeedEvent, FeedItem, MailItem, ReferenceItem, Scope};

use super::sql::{all, fixed, fixed_or_none, integer, natural, one};
use super::{AuthorityCache, backfill, grants, lock, people, receive, records, scopes};
use crate::store::{News, NewsQuery, StoreError};

/// Rows of one scope read at a time.
const ROWS: usize = 512;
/// The event of a row that enters.
const ENTERS: i64 = 1;
/// Mail read at a time.
const MAILS: usize = 1024;

/// What may still go into this answer. The first item always may, or nothing would ever move.
pub(super) struct Budget {
    left: usize,
    begun: bool,
    full: bool,
}

impl Budget {
    fn new(bytes: usize) -> Self {
        Self {
            left: bytes,
            begun: false,
            full: false,
        }
    }

    /// True if so many bytes more may go in. Once false it stays false: what stands later in
    /// the order never overtakes.
    pub(super) fn take(&mut self, bytes: usize) -> bool {
        if self.full || (self.begun && bytes > self.left) {
            self.full = true;
            return false;
        }
        self.begun = true;
        self.left = self.left.saturating_sub(bytes);
        true
    }
}

pub(super) fn news(
    db: &Connection,
    query: &NewsQuery,
    cache: &AuthorityCache,
) -> Result<News, StoreError> {
    let counters = super::counters(db)?;
    let receipt = receive::receipt(db, query.device, query.log, query.received)?;
    let records = query
        .cursors
        .as_ref()
        .map_or(AcceptPos(0), |cursors| cursors.records);
    let mut news = News {
        counters,
        receipt,
        mail: Vec::new(),
        reference: Vec::new(),
        feed: Vec::new(),
        records,
        backfills: Vec::new(),
        digests: None,
        more: false,
    };
    let Some(cursors) = &query.cursors else {
        return Ok(news);
    };
    let mut budget = Budget::new(query.budget);
    mail(db, query.log, cursors.mailbox, &mut budget, &mut news)?;
    reference(db, cursors, cache, &mut budget, &mut news)?;
    feed(db, query.log, cursors.records, &mut budget, &mut news)?;
    backfill::pages(db, query.log, &cursors.backfills, &mut budget, &mut news)?;
    // Sums of what is not all given would differ from those of an honest device.
    if query.digests && !news.more {
        news.digests = Some(scopes::digests(db, query.log)?);
    }
    Ok(news)
}

fn mail(
    db: &Connection,
    log: LogId,
    after: MailSeq,
    budget: &mut Budget,
    news: &mut News,
) -> Result<(), StoreError> {
    let sql = "SELECT seq, body FROM mail WHERE log = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
    let params = params![log.as_bytes(), integer(after.0), integer(MAILS as u64)];
    let found = all(db, sql, params, |row| {
        let body: Vec<u8> = row.get("body")?;
        let mail = decode_canonical(&body).map_err(|_| StoreError::Damaged("mail"))?;
        Ok((
            body.len(),
            MailItem {
                seq: MailSeq(natural(row, "seq")?),
                mail,
            },
        ))
    })?;
    news.more |= found.len() == MAILS;
    for (size, item) in found {
        if !budget.take(size + 8) {
            news.more = true;
            break;
        }
        news.mail.push(item);
    }
    Ok(())
}

fn reference(
    db: &Connection,
    cursors: &Cursors,
    cache: &AuthorityCache,
    budget: &mut Budget,
    news: &mut News,
) -> Result<(), StoreError> {
    let sql = "SELECT name, seq, body FROM reference WHERE seq > ?1 ORDER BY seq";
    let mut found = all(db, sql, params![integer(cursors.reference.0)], |row| {
        let seq = ReferenceSeq(natural(row, "seq")?);
        Ok(ReferenceItem {
            seq,
            name: row.get("name")?,
            body: row.get("body")?,
        })
    })?;
    for item in &mut found {
        if item.name == "authority" {
            item.body = authority(db, cache)?.to_vec();
        }
    }
    for item in found {
        if !budget.take(item.body.len() + 32) {
            news.more = true;
            break;
        }
        news.reference.push(item);
    }
    Ok(())
}

/// The encoded authority of this snapshot.
fn authority(db: &Connection, cache: &AuthorityCache) -> Result<Arc<Vec<u8>>, StoreError> {
    let policy = super::counters(db)?.policy;
    if let Some((cached, body)) = &*lock(cache)
        && *cached == policy
    {
        return Ok(Arc::clone(body));
    }
    let body = Arc::new(encode(&people::authority(db)?));
    *lock(cache) = Some((policy, Arc::clone(&body)));
    Ok(body)
}

/// A row of the feed, not yet made into an item.
struct FeedRow {
    position: u64,
    scope: Scope,
    record: RecordId,
    event: i64,
    entry: Option<EntryId>,
    blob: Option<BlobHash>,
}

fn feed_row(row: &Row<'_>, scope: Scope) -> Result<FeedRow, StoreError> {
    let log = fixed_or_none(row, "log", LogId::from_slice)?;
    let seq = row.get::<_, Option<i64>>("seq")?;
    let seq = seq.and_then(|seq| u64::try_from(seq).ok()).map(Seq);
    Ok(FeedRow {
        position: natural(row, "position")?,
        scope,
        record: fixed(row, "record", RecordId::from_slice)?,
        event: row.get("event")?,
        entry: log.zip(seq).map(|(log, seq)| EntryId { log, seq }),
        blob: fixed_or_none(row, "blob", BlobHash::from_slice)?,
    })
}

/// The records stream after the cursor. Positions are never split: all rows of one go
/// together or wait together.
fn feed(
    db: &Connection,
    log: LogId,
    cursor: AcceptPos,
    budget: &mut Budget,
    news: &mut News,
) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    let mut end = news.counters.accept.0.max(cursor.0);
    for (scope, granted) in grants::of(db, log)? {
        let after = integer(cursor.0.max(granted));
        // Its own come back where its app may not know what is read of the record with them.
        let sql = "SELECT position, record, event, log, seq, blob FROM feed
            WHERE scope = ?1 AND position > ?2 AND (log IS NULL OR log != ?3
                OR event = 0 AND (SELECT schema FROM records WHERE id = record) > ?5)
            ORDER BY position LIMIT ?4";
        let params = params![
            scope.to_string(),
            after,
            log.as_bytes(),
            integer(ROWS as u64),
            Schema::FIRST.number()
        ];
        let found = all(db, sql, params, |row| feed_row(row, scope))?;
        if found.len() == ROWS
            && let Some(last) = found.last()
        {
            end = end.min(last.position);
            news.more = true;
        }
        rows.extend(found);
    }
    rows.retain(|row| row.position <= end);
    if shared::mutant!(CommitOrderGap) {
        rows.retain(|row| row.position != news.counters.accept.0);
    }
    if shared::mutant!(LatestOnly) {
        let all: Vec<_> = rows.iter().map(|row| (row.record, row.position)).collect();
        rows.retain(|row| {
            !all.iter()
                .any(|it| it.0 == row.record && it.1 > row.position)
        });
    }
    // What enters brings the entry of its position with it.
    rows.sort_by_key(|row| (row.position, row.event != ENTERS, row.scope));
    for group in rows.chunk_by(|a, b| a.position == b.position) {
        let mut items = Vec::new();
        for row in group {
            let next = item(db, log, row, &items, news.counters.accept)?;
            items.extend(next);
        }
        if !items.is_empty() && !budget.take(items.iter().map(size).sum()) {
            news.more = true;
            if shared::mutant!(BudgetSkips) {
                news.records = AcceptPos(end);
            }
            return Ok(());
        }
        news.feed.append(&mut items);
        news.records = AcceptPos(group[0].position);
    }
    if budget.full {
        news.more = true;
        return Ok(());
    }
    news.records = AcceptPos(end);
    Ok(())
}

/// The item of a row, beside those of other scopes at the same position: what they bring is not
/// brought again.
fn item(
    db: &Connection,
    log: LogId,
    row: &FeedRow,
    beside: &[FeedItem],
    accepted: AcceptPos,
) -> Result<Option<FeedItem>, StoreError> {
    let mut others = beside.iter().map(|item| &item.event);
    let told = |it: &FeedEvent| matches!(it, FeedEvent::Accepted(_) | FeedEvent::Enters(..));
    let event = match (row.event, row.entry, row.blob) {
        (0, ..) if others.any(told) => None,
        (0, Some(id), _) => entry(db, id)?.map(FeedEvent::Accepted),
        (ENTERS, ..) if others.any(|it| matches!(it, FeedEvent::Enters(..))) => {
            Some(FeedEvent::Enters(Vec::new(), Vec::new()))
        }
        (ENTERS, ..) => {
            let history = records::history(db, row.record, log, row.position, accepted)?;
            let photos = records::photos_here(db, row.record)?;
            Some(FeedEvent::Enters(history, photos))
        }
        (2, ..) => Some(FeedEvent::Leaves),
        (3, ..) if others.any(|it| matches!(it, FeedEvent::Stored(_))) => None,
        (3, _, Some(blob)) => Some(FeedEvent::Stored(blob)),
        _ => return Err(StoreError::Damaged("event")),
    };
    let (position, scope, record) = (AcceptPos(row.position), row.scope, row.record);
    Ok(event.map(|event| FeedItem {
        position,
        scope,
        record,
        event,
    }))
}

fn entry(db: &Connection, id: EntryId) -> Result<Option<FeedEntry>, StoreError> {
    let sql = format!("{} WHERE e.log = ?1 AND e.seq = ?2", records::ENTRY);
    one(
        db,
        &sql,
        params![id.log.as_bytes(), integer(id.seq.0)],
        |row| records::feed_entry(db, row),
    )
}

/// About the bytes of an item on the wire before compression.
pub(super) fn size(item: &FeedItem) -> usize {
    let entry = |entry: &FeedEntry| {
        let projection = entry.projection.as_ref().map_or(0, String::len);
        128 + entry.payload.len() + 28 * entry.seen.len() + projection
    };
    48 + match &item.event {
        FeedEvent::Accepted(one) => entry(one),
        FeedEvent::Enters(all, photos) => all.iter().map(entry).sum::<usize>() + 34 * photos.len(),
        FeedEvent::Leaves => 0,
        FeedEvent::Stored(_) => 34,
    }
}
