//! What no device can offer again, written beside the database: every row of the audit that is
//! not about a device's own entries. A restore reads it to say what was lost.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use shared::ids::{LogId, RecordId, Seq};
use shared::log::EntryKind;
use shared::statement::Statement;

use super::{Server, ServerError};
use crate::store::AuditRow;

/// The rows, one JSON object a line; the last number looked at stands in a file beside it.
const ACTS: &str = "acts.jsonl";
const SEEN: &str = "acts.seen";
/// Rows looked at in one go.
const AT_ONCE: u32 = 2_048;
/// What devices offer again by themselves, and what the server decides again.
const OFFERED_AGAIN: [&str; 12] = [
    "received",
    "accepted",
    "parked",
    "quarantined",
    "rejected",
    "upheld",
    "superseded",
    "log_forked",
    "evidence_kept",
    "photo_stored",
    "signed_in",
    "backed_up",
];

/// True if a row tells of something that no device can offer again.
pub(super) fn is_lost(row: &AuditRow) -> bool {
    !OFFERED_AGAIN.contains(&row.kind.as_str())
}

/// The entry of an accepted reading, as its row names it.
fn reading(row: &AuditRow) -> Option<(LogId, Seq)> {
    let detail = row.detail.strip_prefix("entry=")?;
    let (id, rest) = detail.split_once(" kind=")?;
    let (kind, _) = rest.split_once(' ')?;
    let of_one = row.kind == "accepted" && kind == EntryKind::Consultation.code().to_string();
    let (log, seq) = id.split_once('/').filter(|_| of_one)?;
    Some((log.parse().ok()?, Seq(seq.parse().ok()?)))
}

impl Server {
    /// Rows of the audit after one, in order; only those about a record, if one is named.
    pub fn audit_rows(
        &self,
        after: u64,
        limit: u32,
        record: Option<RecordId>,
    ) -> Result<Vec<AuditRow>, ServerError> {
        let mut rows = Vec::new();
        let mut after = after;
        while rows.len() < limit as usize {
            let found = self.store.audit_after(after, AT_ONCE)?;
            let Some(last) = found.last() else { break };
            after = last.seq;
            let about = |row: &AuditRow| record.is_none_or(|id| row.record == Some(id));
            rows.extend(found.into_iter().filter(about));
        }
        rows.truncate(limit as usize);
        Ok(rows)
    }

    /// Why somebody read another's record, of the row of such a reading; none where no reason was
    /// given, or where it was destroyed with the record. The words stand in the entry: the audit
    /// is for ever, and an erasure has to reach them.
    pub fn why_read(&self, row: &AuditRow) -> Result<Option<String>, ServerError> {
        let Some((log, seq)) = reading(row) else {
            return Ok(None);
        };
        let found = self.store.log_entries(log, seq, 1)?;
        let said = found
            .first()
            .and_then(|it| Statement::from_bytes(EntryKind::Consultation, &it.entry.payload).ok());
        Ok(match said {
            Some(Statement::Consultation(said)) => said.reason,
            _ => None,
        })
    }

    /// Writes down what was done since it was last asked to. Cheap when there is nothing.
    pub fn write_acts(&self) -> Result<(), ServerError> {
        let folder = self.ledger.folder();
        let mut seen = open(&folder.join(SEEN))?;
        // Several processes may be at it: one is enough.
        if seen.try_lock().is_err() {
            return Ok(());
        }
        let mut after = read_seen(&mut seen)?;
        loop {
            let rows = self.store.audit_after(after, AT_ONCE)?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = last.seq;
            let mut lines = String::new();
            for row in rows.iter().filter(|row| is_lost(row)) {
                let line = serde_json::to_string(row);
                let bad = |_| ServerError::Invalid("a row that cannot be written");
                lines.push_str(&line.map_err(bad)?);
                lines.push('\n');
            }
            if !lines.is_empty() {
                let mut acts = open(&folder.join(ACTS))?;
                acts.seek(SeekFrom::End(0))?;
                acts.write_all(lines.as_bytes())?;
                acts.sync_data()?;
            }
            write_seen(&mut seen, after)?;
            if rows.len() < AT_ONCE as usize {
                return Ok(());
            }
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// After a crash some rows may stand there twice: whoever reads drops the second.
fn read_seen(file: &mut File) -> io::Result<u64> {
    let mut text = String::new();
    file.seek(SeekFrom::Start(0))?;
    io::Read::read_to_string(file, &mut text)?;
    Ok(text.trim().parse().unwrap_or(0))
}

fn write_seen(file: &mut File, seen: u64) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    // Always as long as before: nothing of an older number is left behind it.
    file.write_all(format!("{seen:020}\n").as_bytes())
}

/// The rows above one that were written down; a line that a crash tore is left out.
pub(super) fn read(folder: &Path, after: u64) -> io::Result<Vec<AuditRow>> {
    let file = match File::open(path(folder)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut rows: Vec<AuditRow> = Vec::new();
    for line in BufReader::new(file).lines() {
        let Ok(row) = serde_json::from_str::<AuditRow>(&line?) else {
            continue;
        };
        let later = rows.last().is_none_or(|last| last.seq < row.seq);
        if row.seq > after && later {
            rows.push(row);
        }
    }
    Ok(rows)
}

fn path(folder: &Path) -> PathBuf {
    folder.join(ACTS)
}

/// Begins anew after a restore, keeping what there was under another name: the audit counts on
/// from where the backup ends.
pub(super) fn begin_again(folder: &Path, audit: u64, suffix: &str) -> io::Result<()> {
    let acts = path(folder);
    if acts.try_exists()? {
        fs::rename(&acts, folder.join(format!("acts-{suffix}.jsonl")))?;
    }
    let mut seen = open(&folder.join(SEEN))?;
    seen.set_len(0)?;
    write_seen(&mut seen, audit)?;
    seen.sync_all()
}
