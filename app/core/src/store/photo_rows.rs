//! Photos of drafts and records: what is known of them, and where their bytes are.

use rusqlite::{Connection, Row, named_params};
use shared::hash::BlobHash;
use shared::ids::{PhotoId, RecordId};
use shared::time::UnixMs;
use zeroize::Zeroizing;

use super::StoreError;
use super::sql::{bytes, bytes_opt, count, signed, time, time_opt};

/// One photo.
#[derive(Clone)]
pub(crate) struct PhotoRow {
    pub(crate) id: PhotoId,
    pub(crate) record: RecordId,
    pub(crate) sha256: BlobHash,
    pub(crate) bytes: u64,
    pub(crate) mime: String,
    pub(crate) caption: Option<String>,
    pub(crate) taken_at: UnixMs,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// The key of its files, while they are here.
    pub(crate) key: Option<Zeroizing<[u8; 32]>>,
    /// The original is on this device.
    pub(crate) here: bool,
    /// The preview is on this device.
    pub(crate) preview: bool,
    /// It was taken here, so that this device sends it.
    pub(crate) mine: bool,
    /// Its record is still a draft.
    pub(crate) draft: bool,
    /// The server has said that it holds it.
    pub(crate) stored: bool,
}

const SELECT: &str = "SELECT photo.*, EXISTS (
    SELECT 1 FROM stored
    WHERE stored.record = photo.record AND stored.sha256 = photo.sha256) AS stored FROM photo";

/// Not stored by the server, as a condition on `photo`.
const NOT_STORED: &str = "NOT EXISTS (SELECT 1 FROM stored
    WHERE stored.record = photo.record AND stored.sha256 = photo.sha256)";

/// Writes a photo. Of one that is there already, only what its record says of it is brought up
/// to date; a photo of another record is left as it is.
pub(crate) fn insert(tx: &Connection, photo: &PhotoRow) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO photo (id, record, sha256, bytes, mime, caption, taken_at, width,
             height, key, here, preview, mine, draft)
         VALUES (:id, :record, :sha256, :bytes, :mime, :caption, :taken_at, :width, :height,
             :key, :here, :preview, :mine, :draft)
         ON CONFLICT (id) DO UPDATE SET caption = excluded.caption,
             taken_at = excluded.taken_at
         WHERE record = excluded.record AND sha256 = excluded.sha256",
    )?
    .execute(named_params! {
        ":id": photo.id.as_bytes(),
        ":record": photo.record.as_bytes(),
        ":sha256": photo.sha256.as_bytes(),
        ":bytes": signed(photo.bytes),
        ":mime": photo.mime,
        ":caption": photo.caption,
        ":taken_at": photo.taken_at.0,
        ":width": photo.width,
        ":height": photo.height,
        ":key": photo.key.as_ref().map(|key| key.as_slice()),
        ":here": photo.here,
        ":preview": photo.preview,
        ":mine": photo.mine,
        ":draft": photo.draft,
    })?;
    Ok(())
}

/// One photo.
pub(crate) fn get(conn: &Connection, id: PhotoId) -> Result<Option<PhotoRow>, StoreError> {
    let found = query(conn, &format!("{SELECT} WHERE id = ?1"), (id.as_bytes(),))?;
    Ok(found.into_iter().next())
}

/// The photos of a draft or record, in the order taken.
pub(crate) fn of_record(conn: &Connection, id: RecordId) -> Result<Vec<PhotoRow>, StoreError> {
    let sql = format!("{SELECT} WHERE record = ?1 ORDER BY taken_at, id");
    query(conn, &sql, (id.as_bytes(),))
}

/// The photos with these original bytes.
pub(crate) fn of_blob(conn: &Connection, blob: BlobHash) -> Result<Vec<PhotoRow>, StoreError> {
    query(
        conn,
        &format!("{SELECT} WHERE sha256 = ?1"),
        (blob.as_bytes(),),
    )
}

/// Photos of submitted records that this device still has to send, oldest first.
pub(crate) fn unsent(conn: &Connection) -> Result<Vec<PhotoRow>, StoreError> {
    let sql =
        format!("{SELECT} WHERE mine = 1 AND draft = 0 AND {NOT_STORED} ORDER BY taken_at, id");
    query(conn, &sql, ())
}

/// Photos of records in the review queue that the server holds and this device does not,
/// in the order in which the records are due.
pub(crate) fn wanted(conn: &Connection) -> Result<Vec<PhotoRow>, StoreError> {
    let sql = format!(
        "{SELECT} JOIN record ON record.id = photo.record
         WHERE record.queue = 1 AND photo.here = 0 AND photo.draft = 0 AND NOT ({NOT_STORED})
         ORDER BY record.due_at, photo.taken_at LIMIT 20"
    );
    query(conn, &sql, ())
}

/// How many photos wait to be sent, and since when.
pub(crate) fn waiting(conn: &Connection) -> Result<(u32, Option<UnixMs>), StoreError> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT count(*) AS n, min(taken_at) AS oldest FROM photo
         WHERE mine = 1 AND draft = 0 AND {NOT_STORED}"
    ))?;
    Ok(statement.query_row((), |row| Ok((row.get("n")?, time_opt(row, "oldest")?)))?)
}

/// The draft has become a record: its photos may be sent.
pub(crate) fn submitted(tx: &Connection, record: RecordId) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE photo SET draft = 0 WHERE record = ?1")?
        .execute((record.as_bytes(),))?;
    Ok(())
}

/// The server holds this photo of this record. True if that is new.
pub(crate) fn set_stored(
    tx: &Connection,
    record: RecordId,
    blob: BlobHash,
) -> Result<bool, StoreError> {
    let changed = tx
        .prepare_cached("INSERT OR IGNORE INTO stored (record, sha256) VALUES (?1, ?2)")?
        .execute((record.as_bytes(), blob.as_bytes()))?;
    Ok(changed == 1)
}

/// Forgets that the server holds what this device sent: another lineage of it has to say so
/// again, or be sent it again.
pub(crate) fn forget_stored(tx: &Connection) -> Result<(), StoreError> {
    tx.prepare_cached(
        "DELETE FROM stored WHERE EXISTS (
             SELECT 1 FROM photo WHERE photo.record = stored.record
                 AND photo.sha256 = stored.sha256 AND photo.mine = 1)",
    )?
    .execute(())?;
    Ok(())
}

/// The bytes of a photo have come, sealed under this key.
pub(crate) fn arrived(
    tx: &Connection,
    id: PhotoId,
    key: &[u8; 32],
    preview: bool,
) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE photo SET key = ?2, here = 1, preview = ?3 WHERE id = ?1")?
        .execute((id.as_bytes(), key, preview))?;
    Ok(())
}

/// Destroys what is known of a record's photos, and their keys; gives those whose files have to
/// go. Photos taken here that the server does not hold, and those of a draft, are left: they are
/// the officer's own.
pub(crate) fn destroy(tx: &Connection, record: RecordId) -> Result<Vec<PhotoId>, StoreError> {
    let mut statement = tx.prepare_cached(&format!(
        "DELETE FROM photo WHERE record = ?1 AND NOT (mine = 1 AND (draft = 1 OR {NOT_STORED}))
         RETURNING id"
    ))?;
    let rows = statement.query_map((record.as_bytes(),), |row| bytes(row, "id"))?;
    let gone = rows
        .map(|row| row.map(PhotoId::from_bytes))
        .collect::<Result<_, _>>()?;
    tx.prepare_cached("DELETE FROM stored WHERE record = ?1")?
        .execute((record.as_bytes(),))?;
    Ok(gone)
}

/// Destroys the photos of a record that were taken here and not sent, but for those of a draft;
/// gives those whose files have to go.
pub(crate) fn destroy_unsent(
    tx: &Connection,
    record: RecordId,
) -> Result<Vec<PhotoId>, StoreError> {
    let mut statement = tx.prepare_cached(
        "DELETE FROM photo WHERE record = ?1 AND mine = 1 AND draft = 0 RETURNING id",
    )?;
    let rows = statement.query_map((record.as_bytes(),), |row| bytes(row, "id"))?;
    Ok(rows
        .map(|row| row.map(PhotoId::from_bytes))
        .collect::<Result<_, _>>()?)
}

/// All photos whose files should be here.
pub(crate) fn here(conn: &Connection) -> Result<Vec<PhotoId>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT id FROM photo WHERE here = 1")?;
    let rows = statement.query_map((), |row| bytes(row, "id"))?;
    Ok(rows
        .map(|row| row.map(PhotoId::from_bytes))
        .collect::<Result<_, _>>()?)
}

fn query(
    conn: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<PhotoRow>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(params, read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<PhotoRow> {
    Ok(PhotoRow {
        id: PhotoId::from_bytes(bytes(row, "id")?),
        record: RecordId::from_bytes(bytes(row, "record")?),
        sha256: BlobHash::from_bytes(bytes(row, "sha256")?),
        bytes: count(row, "bytes")?,
        mime: row.get("mime")?,
        caption: row.get("caption")?,
        taken_at: time(row, "taken_at")?,
        width: row.get("width")?,
        height: row.get("height")?,
        key: bytes_opt(row, "key")?.map(Zeroizing::new),
        here: row.get("here")?,
        preview: row.get("preview")?,
        mine: row.get("mine")?,
        draft: row.get("draft")?,
        stored: row.get("stored")?,
    })
}

/// True if photos are to go over Wi-Fi only.
pub(crate) fn over_wifi(conn: &Connection) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached("SELECT photos_over_wifi FROM vault")?;
    Ok(statement.query_row((), |row| row.get(0))?)
}

/// What the officer wants of it.
pub(crate) fn set_over_wifi(tx: &Connection, on: bool) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE vault SET photos_over_wifi = ?1")?
        .execute((on,))?;
    Ok(())
}
