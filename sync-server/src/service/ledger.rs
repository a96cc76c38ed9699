//! What has to outlive the database, in a folder of its own that no backup holds: the erasure
//! ledger, and how far the last verified backup reaches. A restore reads both before anything
//! is served: what was erased stays erased, and an older backup than promised is noticed.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use shared::hash::sha256;
use shared::ids::{AcceptPos, Epoch, ReceivePos, RecordId};
use shared::time::UnixMs;

use super::ServerError;
use super::files::{make_folder, replace_file, sync_folder_of};

/// The erasures, one JSON object a line.
const ERASURES: &str = "erasures.jsonl";
/// How far the last verified backup reaches.
const HORIZON: &str = "horizon.json";
/// The hash before the first line.
const START: [u8; 32] = [0; 32];

/// One line of the erasure ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Its place, from 1.
    pub number: u64,
    /// What was erased.
    pub record: RecordId,
    /// When that was decided.
    pub at: UnixMs,
    /// Why. Nothing of what was erased belongs in it.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// SHA-256 over all this and the hash of the line before.
    pub hash: String,
}

impl Erasure {
    fn hash(&self, previous: &[u8; 32]) -> [u8; 32] {
        let mut bytes = Vec::new();
        for part in [self.reason.as_bytes(), self.by.as_bytes()] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        sha256(&[
            b"beatbook/erasure/1",
            previous,
            &self.number.to_be_bytes(),
            self.record.as_bytes(),
            &self.at.0.to_be_bytes(),
            &bytes,
        ])
    }

    /// As its line has it.
    pub(super) fn line(&self) -> Result<String, ServerError> {
        serde_json::to_string(self).map_err(|_| BROKEN)
    }

    /// From its line.
    pub(super) fn from_line(line: &str) -> Result<Self, ServerError> {
        serde_json::from_str(line).map_err(|_| BROKEN)
    }
}

const BROKEN: ServerError = ServerError::Invalid("the erasure ledger is damaged");

/// How far the last verified backup reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The lineage that was backed up.
    pub epoch: Epoch,
    /// The last receipt in it.
    pub receive: ReceivePos,
    /// The last acceptance in it.
    pub accept: AcceptPos,
    /// When.
    pub at: UnixMs,
}

/// The folder.
pub(super) struct Ledger {
    folder: PathBuf,
}

impl Ledger {
    /// Opens it, or makes it.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        make_folder(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    /// Where it is.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// All erasures, after checking that each follows from the one before it.
    pub(super) fn erasures(&self) -> Result<Vec<Erasure>, ServerError> {
        let text = match std::fs::read(self.folder.join(ERASURES)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        Ok(read(&text)?.0)
    }

    /// Appends an erasure, durably; gives the line that is there if the record was erased
    /// before.
    pub(super) fn append(
        &self,
        record: RecordId,
        reason: &str,
        by: &str,
        at: UnixMs,
    ) -> Result<Erasure, ServerError> {
        let (mut file, all, end) = self.locked()?;
        if let Some(before) = all.iter().find(|it| it.record == record) {
            return Ok(before.clone());
        }
        let mut erasure = Erasure {
            number: all.len() as u64 + 1,
            record,
            at,
            reason: reason.to_owned(),
            by: by.to_owned(),
            hash: String::new(),
        };
        erasure.hash = hex::encode(erasure.hash(&last_hash(&all)?));
        self.write(&mut file, end, &[erasure.clone()])?;
        Ok(erasure)
    }

    /// Puts back the lines that the database knows and the ledger has lost.
    pub(super) fn complete(&self, known: &[Erasure]) -> Result<(), ServerError> {
        if known.is_empty() {
            return Ok(());
        }
        let (mut file, all, end) = self.locked()?;
        let common = all.len().min(known.len());
        if all[..common] != known[..common] {
            return Err(ServerError::Invalid(
                "the erasure ledger is of another database",
            ));
        }
        let Some(lost) = known.get(all.len()..).filter(|lost| !lost.is_empty()) else {
            return Ok(());
        };
        self.write(&mut file, end, lost)
    }

    /// The file, held against other processes, with its lines and where the last one ends.
    fn locked(&self) -> Result<(File, Vec<Erasure>, usize), ServerError> {
        let path = self.folder.join(ERASURES);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.lock()?;
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let (all, end) = read(&text)?;
        Ok((file, all, end))
    }

    fn write(&self, file: &mut File, end: usize, lines: &[Erasure]) -> Result<(), ServerError> {
        // What a power cut left of a line was promised to nobody.
        file.set_len(end as u64)?;
        file.seek(SeekFrom::End(0))?;
        let mut text = String::new();
        for erasure in lines {
            text.push_str(&erasure.line()?);
            text.push('\n');
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        sync_folder_of(&self.folder.join(ERASURES))?;
        Ok(())
    }

    /// How far the last verified backup reaches.
    pub(super) fn published(&self) -> Result<Option<Published>, ServerError> {
        let text = match std::fs::read(self.folder.join(HORIZON)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let damaged = |_| ServerError::Invalid("horizon.json is damaged");
        serde_json::from_slice(&text).map(Some).map_err(damaged)
    }

    /// Writes how far the last verified backup reaches.
    pub(super) fn publish(&self, published: &Published) -> Result<(), ServerError> {
        let text = serde_json::to_vec(published)
            .map_err(|_| ServerError::Invalid("a horizon that cannot be written"))?;
        replace_file(&self.folder.join(HORIZON), &text)?;
        Ok(())
    }
}

fn last_hash(all: &[Erasure]) -> Result<[u8; 32], ServerError> {
    let Some(last) = all.last() else {
        return Ok(START);
    };
    let mut hash = START;
    hex::decode_to_slice(&last.hash, &mut hash).map_err(|_| BROKEN)?;
    Ok(hash)
}

/// Reads whole lines; gives where the last one ends.
fn read(text: &[u8]) -> Result<(Vec<Erasure>, usize), ServerError> {
    let end = text
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    let lines = std::str::from_utf8(&text[..end]).map_err(|_| BROKEN)?;
    let mut all: Vec<Erasure> = Vec::new();
    for line in lines.lines() {
        let erasure = Erasure::from_line(line)?;
        let expected = erasure.hash(&last_hash(&all)?);
        if erasure.number != all.len() as u64 + 1 || erasure.hash != hex::encode(expected) {
            return Err(BROKEN);
        }
        all.push(erasure);
    }
    Ok((all, end))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn record(n: u8) -> RecordId {
        RecordId::from_bytes([n; 16])
    }

    fn ledger(of: u8) -> (tempfile::TempDir, Ledger) {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(folder.path()).unwrap();
        for n in 1..=of {
            ledger
                .append(record(n), "asked for", "12", UnixMs(7))
                .unwrap();
        }
        (folder, ledger)
    }

    #[test]
    fn a_record_is_in_it_once_and_every_line_follows_from_the_one_before() {
        let (folder, ledger) = ledger(3);
        let all = ledger.erasures().unwrap();
        assert_eq!(
            all.iter().map(|it| it.number).collect::<Vec<_>>(),
            [1, 2, 3]
        );
        let again = ledger.append(record(2), "again", "13", UnixMs(8)).unwrap();
        assert_eq!(again, all[1]);
        assert_eq!(ledger.erasures().unwrap(), all);
        let path = folder.path().join(ERASURES);
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let tampered = [
            text.replacen("asked for", "asked fur", 1),
            format!("{}\n{}\n", lines[0], lines[2]),
            format!("{}\n{}\n{}\n", lines[1], lines[0], lines[2]),
        ];
        for bad in tampered {
            std::fs::write(&path, bad).unwrap();
            assert!(ledger.erasures().is_err());
            assert!(ledger.append(record(9), "x", "y", UnixMs(9)).is_err());
        }
    }

    #[test]
    fn a_line_that_a_power_cut_tore_is_written_over() {
        let (folder, ledger) = ledger(2);
        let path = folder.path().join(ERASURES);
        let whole = std::fs::read(&path).unwrap();
        for cut in 1..40 {
            std::fs::write(&path, &whole[..whole.len() - cut]).unwrap();
            assert_eq!(ledger.erasures().unwrap().len(), 1);
            ledger
                .append(record(2), "asked for", "12", UnixMs(7))
                .unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), whole, "cut {cut}");
        }
    }

    #[test]
    fn lines_that_were_lost_come_back_from_the_database() {
        let (_kept, full) = ledger(3);
        let known = full.erasures().unwrap();
        let (_lost, short) = ledger(1);
        short.complete(&known).unwrap();
        assert_eq!(short.erasures().unwrap(), known);
        short.complete(&known[..1]).unwrap();
        assert_eq!(short.erasures().unwrap(), known);
        let (_other, other) = ledger(0);
        other.append(record(9), "x", "y", UnixMs(9)).unwrap();
        assert!(other.complete(&known).is_err());
    }

    #[test]
    fn the_horizon_reads_back() {
        let (_folder, ledger) = ledger(0);
        assert_eq!(ledger.published().unwrap(), None);
        let published = Published {
            epoch: Epoch::from_bytes([1; 16]),
            receive: ReceivePos(2),
            accept: AcceptPos(3),
            at: UnixMs(4),
        };
        ledger.publish(&published).unwrap();
        assert_eq!(ledger.published().unwrap(), Some(published));
    }
}
