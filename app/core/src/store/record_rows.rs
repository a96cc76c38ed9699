//! Projections, lists and search. Nothing here opens a document.

use rusqlite::{Connection, Row, named_params};
use shared::ids::{OfficerId, RecordId};
use shared::record::Kind;
use shared::time::UnixMs;

use super::sql::{bytes, bytes_opt, optional, time, time_opt};
use super::{StoreError, find_rows};

/// What a list shows of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListRow {
    pub(crate) id: RecordId,
    pub(crate) own: bool,
    pub(crate) author: OfficerId,
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) subject: Option<String>,
    pub(crate) place: Option<String>,
    pub(crate) photos: u32,
    pub(crate) happened_at: UnixMs,
    pub(crate) state: StateRow,
}

/// Where a record's words are, and what the review says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct StateRow {
    pub(crate) delivery: String,
    pub(crate) delivery_at: Option<UnixMs>,
    pub(crate) delivery_photos: Option<u32>,
    pub(crate) delivery_reason: Option<String>,
    pub(crate) review: Option<String>,
    pub(crate) review_at: Option<UnixMs>,
    pub(crate) review_by: Option<OfficerId>,
    pub(crate) shown: &'static str,
    pub(crate) waiting: bool,
    pub(crate) todo: Option<Todo>,
    /// When the review is due, while the record waits for one of this reader.
    pub(crate) queue: Option<UnixMs>,
    pub(crate) flags: Vec<String>,
}

/// Something for the officer to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Todo {
    pub(crate) code: &'static str,
    pub(crate) at: UnixMs,
    pub(crate) by: Option<OfficerId>,
    pub(crate) text: Option<String>,
    pub(crate) reasons: Vec<String>,
}

/// One line of the list of things to do.
pub(crate) struct TodoRow {
    pub(crate) id: RecordId,
    pub(crate) own: bool,
    pub(crate) title: String,
    pub(crate) code: String,
    pub(crate) at: UnixMs,
    pub(crate) by: Option<OfficerId>,
    pub(crate) text: Option<String>,
    pub(crate) reasons: Vec<String>,
}

/// The projection of a document, as rows hold it.
pub(crate) struct ProjectedRow<'a> {
    pub(crate) id: RecordId,
    pub(crate) own: bool,
    pub(crate) author: OfficerId,
    pub(crate) kind: &'a str,
    pub(crate) title: &'a str,
    pub(crate) subject: Option<&'a str>,
    pub(crate) place: Option<&'a str>,
    pub(crate) photos: u32,
    pub(crate) happened_at: UnixMs,
    pub(crate) conflict: bool,
    /// What a reviewer should look at, from the content alone.
    pub(crate) look: &'a [String],
    /// Everything that search looks through.
    pub(crate) words: &'a str,
    /// The saved document, if one was made.
    pub(crate) snapshot: Option<&'a [u8]>,
}

/// What states need of the projection.
pub(crate) struct Known {
    pub(crate) kind: Kind,
    pub(crate) own: bool,
    pub(crate) author: OfficerId,
    pub(crate) conflict: bool,
    pub(crate) look: Vec<String>,
}

/// Writes projection, search words and snapshot of a record.
pub(crate) fn put(tx: &Connection, row: &ProjectedRow<'_>) -> Result<(), StoreError> {
    let num = find_rows::put_words(tx, row.id, row.happened_at, row.words)?;
    let had = tx
        .prepare_cached("SELECT 1 FROM record WHERE id = ?1")?
        .exists((row.id.as_bytes(),))?;
    let sql = if had {
        "UPDATE record SET num = :num, own = :own, author = :author, kind = :kind,
             title = :title, subject = :subject, place = :place, photos = :photos,
             happened_at = :happened_at, look = :look, conflict = :conflict
         WHERE id = :id"
    } else {
        "INSERT INTO record (num, id, own, author, kind, title, subject, place, photos,
             happened_at, look, conflict)
         VALUES (:num, :id, :own, :author, :kind, :title, :subject, :place, :photos,
             :happened_at, :look, :conflict)"
    };
    tx.prepare_cached(sql)?.execute(named_params! {
        ":num": num,
        ":id": row.id.as_bytes(),
        ":own": row.own,
        ":author": row.author.as_bytes(),
        ":kind": row.kind,
        ":title": row.title,
        ":subject": row.subject,
        ":place": row.place,
        ":photos": row.photos,
        ":happened_at": row.happened_at.0,
        ":look": codes(row.look),
        ":conflict": row.conflict,
    })?;
    if let Some(snapshot) = row.snapshot {
        tx.prepare_cached("INSERT OR REPLACE INTO document (record, snapshot) VALUES (?1, ?2)")?
            .execute((row.id.as_bytes(), snapshot))?;
    }
    Ok(())
}

/// Writes the states of a record.
pub(crate) fn put_state(tx: &Connection, id: RecordId, state: &StateRow) -> Result<(), StoreError> {
    let todo = state.todo.as_ref();
    tx.prepare_cached(
        "UPDATE record SET delivery = :delivery, delivery_at = :delivery_at,
             delivery_photos = :delivery_photos, delivery_reason = :delivery_reason,
             review = :review, review_at = :review_at, review_by = :review_by, shown = :shown,
             waiting = :waiting, todo = :todo, todo_at = :todo_at, todo_by = :todo_by,
             todo_text = :todo_text, todo_reasons = :todo_reasons, queue = :queue, due_at = :due_at, flags = :flags
         WHERE id = :id",
    )?
    .execute(named_params! {
        ":delivery": state.delivery,
        ":delivery_at": state.delivery_at.map(|at| at.0),
        ":delivery_photos": state.delivery_photos,
        ":delivery_reason": state.delivery_reason,
        ":review": state.review,
        ":review_at": state.review_at.map(|at| at.0),
        ":review_by": state.review_by.as_ref().map(OfficerId::as_bytes),
        ":shown": state.shown,
        ":waiting": state.waiting,
        ":todo": todo.map(|todo| todo.code),
        ":todo_at": todo.map(|todo| todo.at.0),
        ":todo_by": todo.and_then(|todo| todo.by.as_ref()).map(OfficerId::as_bytes),
        ":todo_text": todo.and_then(|todo| todo.text.as_deref()),
        ":todo_reasons": codes(todo.map_or(&[][..], |todo| &todo.reasons)),
        ":queue": state.queue.is_some(),
        ":due_at": state.queue.map(|at| at.0),
        ":flags": codes(&state.flags),
        ":id": id.as_bytes(),
    })?;
    Ok(())
}

/// What states need of a record, if it is here.
pub(crate) fn known(conn: &Connection, id: RecordId) -> Result<Option<Known>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT kind, own, author, conflict, look FROM record WHERE id = ?1")?;
    let mut rows = statement.query((id.as_bytes(),))?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let kind: String = row.get("kind")?;
    Ok(Some(Known {
        kind: kind.parse().map_err(|_| StoreError::Damaged("kind"))?,
        own: row.get("own")?,
        author: OfficerId::from_bytes(bytes(row, "author")?),
        conflict: row.get("conflict")?,
        look: codes_from(&row.get::<_, String>("look")?)?,
    }))
}

/// The saved document of a record.
pub(crate) fn snapshot(conn: &Connection, id: RecordId) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT snapshot FROM document WHERE record = ?1")?;
    optional(&mut statement, (id.as_bytes(),))
}

/// One record as listed.
pub(crate) fn get(conn: &Connection, id: RecordId) -> Result<Option<ListRow>, StoreError> {
    Ok(list(conn, "record", "WHERE id = ?1", (id.as_bytes(),))?
        .into_iter()
        .next())
}

/// The officer's own records, newest first.
pub(crate) fn own(
    conn: &Connection,
    offset: u32,
    limit: u32,
    filter: OwnFilter,
) -> Result<Vec<ListRow>, StoreError> {
    let tail = match filter {
        OwnFilter::All => "WHERE own = 1 ORDER BY happened_at DESC, num DESC LIMIT ?1 OFFSET ?2",
        OwnFilter::Waiting => {
            "WHERE own = 1 AND waiting = 1 ORDER BY happened_at DESC, num DESC LIMIT ?1 OFFSET ?2"
        }
        OwnFilter::Returned => {
            "WHERE own = 1 AND review = 'returned'
             ORDER BY happened_at DESC, num DESC LIMIT ?1 OFFSET ?2"
        }
    };
    list(conn, "record", tail, (limit, offset))
}

/// Which of the officer's own records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OwnFilter {
    /// All.
    All,
    /// Those with something that is only here.
    Waiting,
    /// Those that were returned.
    Returned,
}

/// What waits for this reader's review, oldest deadline first, with deadline and flags.
pub(crate) fn queue(conn: &Connection) -> Result<Vec<(ListRow, UnixMs, Vec<String>)>, StoreError> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {LIST}, due_at, flags FROM record WHERE queue = 1 ORDER BY due_at, num"
    ))?;
    let mut rows = statement.query(())?;
    let mut queue = Vec::new();
    while let Some(row) = rows.next()? {
        let flags = codes_from(&row.get::<_, String>("flags")?)?;
        queue.push((read(row)?, time(row, "due_at")?, flags));
    }
    Ok(queue)
}

/// How many records wait for this reader's review.
pub(crate) fn queue_len(conn: &Connection) -> Result<u32, StoreError> {
    let mut statement = conn.prepare_cached("SELECT count(*) FROM record WHERE queue = 1")?;
    Ok(statement.query_row((), |row| row.get(0))?)
}

/// True if the record waits for this reader's review.
pub(crate) fn in_queue(conn: &Connection, id: RecordId) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM record WHERE id = ?1 AND queue = 1")?;
    Ok(statement.exists((id.as_bytes(),))?)
}

/// What wants the officer, newest first.
pub(crate) fn todo(conn: &Connection) -> Result<Vec<TodoRow>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT id, own, title, todo, todo_at, todo_by, todo_text,
             todo_reasons FROM record
         WHERE todo IS NOT NULL ORDER BY todo_at DESC LIMIT 50",
    )?;
    let mut rows = statement.query(())?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        lines.push(TodoRow {
            id: RecordId::from_bytes(bytes(row, "id")?),
            own: row.get("own")?,
            title: row.get("title")?,
            code: row.get("todo")?,
            at: time(row, "todo_at")?,
            by: bytes_opt(row, "todo_by")?.map(OfficerId::from_bytes),
            text: row.get("todo_text")?,
            reasons: codes_from(&row.get::<_, String>("todo_reasons")?)?,
        });
    }
    Ok(lines)
}

/// How many records there are, own or all, and when the oldest happened.
pub(crate) fn count(conn: &Connection, own: bool) -> Result<(u32, Option<UnixMs>), StoreError> {
    let mut counted =
        conn.prepare_cached("SELECT coalesce(sum(records), 0) FROM tally WHERE own >= ?1")?;
    let records = counted.query_row((own,), |row| row.get(0))?;
    // Each is the end of the list's index; the oldest of both at once would read all of it.
    let mut oldest = conn.prepare_cached("SELECT min(happened_at) FROM record WHERE own = ?1")?;
    let mut since = None::<i64>;
    for whose in [true, false] {
        if whose || !own {
            let found: Option<i64> = oldest.query_row((whose,), |row| row.get(0))?;
            since = since.into_iter().chain(found).min();
        }
    }
    Ok((records, since.map(UnixMs)))
}

/// All records.
pub(crate) fn ids(conn: &Connection) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT id FROM record ORDER BY id")?;
    let rows = statement.query_map((), |row| bytes(row, "id"))?;
    Ok(rows
        .map(|row| row.map(RecordId::from_bytes))
        .collect::<Result<_, _>>()?)
}

/// Others' records, for a new look at what waits for review.
pub(crate) fn others(conn: &Connection) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT id FROM record WHERE own = 0")?;
    let rows = statement.query_map((), |row| bytes(row, "id"))?;
    Ok(rows
        .map(|row| row.map(RecordId::from_bytes))
        .collect::<Result<_, _>>()?)
}

/// Destroys row, search words and document of a record.
pub(crate) fn destroy(tx: &Connection, id: RecordId) -> Result<(), StoreError> {
    let key = (id.as_bytes(),);
    find_rows::destroy_words(tx, id)?;
    tx.prepare_cached("DELETE FROM record WHERE id = ?1")?
        .execute(key)?;
    tx.prepare_cached("DELETE FROM document WHERE record = ?1")?
        .execute(key)?;
    Ok(())
}

/// Codes as a column.
fn codes(codes: &[String]) -> String {
    // A list of texts always has a JSON form.
    serde_json::to_string(codes).unwrap_or_else(|_| "[]".to_owned())
}

fn codes_from(json: &str) -> Result<Vec<String>, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError::Damaged("codes"))
}

/// The columns of the index `record_list`.
const LIST: &str = "id, own, author, kind, title, subject, place, photos, happened_at, delivery,
    delivery_at, delivery_photos, delivery_reason, review, review_at, review_by, shown, waiting";

/// Rows of the list, from this table and with this tail of a query.
pub(super) fn list(
    conn: &Connection,
    table: &str,
    tail: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<ListRow>, StoreError> {
    let mut statement = conn.prepare_cached(&format!("SELECT {LIST} FROM {table} {tail}"))?;
    let mut rows = statement.query(params)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next()? {
        list.push(read(row)?);
    }
    Ok(list)
}

fn read(row: &Row<'_>) -> Result<ListRow, StoreError> {
    let shown: String = row.get("shown")?;
    Ok(ListRow {
        id: RecordId::from_bytes(bytes(row, "id")?),
        own: row.get("own")?,
        author: OfficerId::from_bytes(bytes(row, "author")?),
        kind: row.get("kind")?,
        title: row.get("title")?,
        subject: row.get("subject")?,
        place: row.get("place")?,
        photos: row.get("photos")?,
        happened_at: time(row, "happened_at")?,
        state: StateRow {
            delivery: row.get("delivery")?,
            delivery_at: time_opt(row, "delivery_at")?,
            delivery_photos: row.get("delivery_photos")?,
            delivery_reason: row.get("delivery_reason")?,
            review: row.get("review")?,
            review_at: time_opt(row, "review_at")?,
            review_by: bytes_opt(row, "review_by")?.map(OfficerId::from_bytes),
            shown: if shown == "review" {
                "review"
            } else {
                "delivery"
            },
            waiting: row.get("waiting")?,
            ..StateRow::default()
        },
    })
}
