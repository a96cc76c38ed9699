//! What was promised, kept where no kill reaches it.

use anyhow::{Context as _, Result};
use shared::hash::BlobHash;
use shared::ids::{LogId, RecordId};
use sync_server::Server;

use crate::site::{CONTROL_ROOM, PASSWORD};

/// Everything that a driver has said.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Records with words that were saved in them.
    pub(crate) saved: Vec<(RecordId, String)>,
    /// Records with photos that were kept of them.
    pub(crate) photos: Vec<(RecordId, BlobHash)>,
    /// Up to where the log was received.
    pub(crate) received: Option<u64>,
    /// What is missing, or was forgotten.
    pub(crate) lost: Vec<String>,
}

impl Ledger {
    /// Takes a line that a driver said; the last one may be cut.
    pub(crate) fn take(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["saved", record, mark] if mark.len() == "mark-0123456789abcdef".len() => {
                if let Ok(record) = record.parse() {
                    self.saved.push((record, mark.to_owned()));
                }
            }
            ["photo", record, sha256] => {
                if let (Ok(record), Ok(sha256)) = (record.parse(), sha256.parse()) {
                    self.photos.push((record, sha256));
                }
            }
            ["received", seq] => {
                let Ok(seq) = seq.parse() else { return };
                if self.received.is_some_and(|told| told > seq) {
                    self.lost.push(format!("the receipt fell back to {seq}"));
                }
                self.received = self.received.max(Some(seq));
            }
            _ => {}
        }
    }

    /// Asks the server for everything that was promised.
    pub(crate) fn settle(&mut self, server: &Server, log: LogId) -> Result<()> {
        while server.judge_next()? {}
        let (console, _) = server
            .console_sign_in(CONTROL_ROOM, PASSWORD)
            .context("the control room cannot sign in")?;
        let received = server.received(log)?.map(|seq| seq.0);
        if received < self.received {
            let told = self.received;
            self.lost
                .push(format!("received {told:?}, kept {received:?}"));
        }
        for (record, mark) in &self.saved {
            let times = times(server, &console, *record, mark);
            if times != 1 {
                self.lost.push(format!("{mark} of {record}: {times} times"));
            }
        }
        for (record, blob) in &self.photos {
            let found = server.console_photo(&console, *record, *blob, false);
            if !found.is_ok_and(|photo| BlobHash::of(&photo.bytes) == *blob) {
                self.lost.push(format!("the photo {blob} of {record}"));
            }
        }
        let audit = server.verify_audit()?;
        if let Some(row) = audit.broken_at {
            self.lost.push(format!("the audit breaks at {row}"));
        }
        Ok(())
    }
}

/// How often words stand in a record.
fn times(server: &Server, console: &str, record: RecordId, mark: &str) -> usize {
    let Ok(detail) = server.console_record(console, record) else {
        return 0;
    };
    let fields = detail.fields.values().filter_map(serde_json::Value::as_str);
    fields
        .chain(detail.addenda.iter().map(|it| it.text.as_str()))
        .filter(|text| text.contains(mark))
        .count()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::site;

    /// A search that finds nothing would find no loss either.
    #[test]
    fn what_was_promised_and_is_not_there_is_found() {
        let data = tempfile::tempdir().unwrap();
        site::make(data.path()).unwrap();
        let server = site::open(data.path()).unwrap();
        let mut ledger = Ledger::default();
        let (record, photo) = ("05".repeat(16), "07".repeat(32));
        for line in [
            format!("saved {record} mark-0123456789abcdef"),
            format!("photo {record} {photo}"),
            "received 4".to_owned(),
            "received 3".to_owned(),
            "saved cut sho".to_owned(),
        ] {
            ledger.take(&line);
        }
        ledger.settle(&server, LogId::from_bytes([1; 16])).unwrap();
        assert_eq!(ledger.lost.len(), 4, "{:?}", ledger.lost);
    }
}
