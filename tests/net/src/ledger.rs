//! What the device has said, kept outside of it, and held against the server.

use anyhow::{Context as _, Result};
use shared::hash::BlobHash;
use shared::ids::RecordId;
use sync_server::Server;

use crate::site::{CONTROL_ROOM, PASSWORD};

/// Everything that a device has said.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    saved: Vec<(RecordId, String)>,
    photos: Vec<(RecordId, BlobHash)>,
    received: Option<u64>,
    /// What is missing, doubled, or was taken back.
    pub(crate) wrong: Vec<String>,
}

impl Ledger {
    /// Takes a line.
    pub(crate) fn take(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["saved", record, mark] => {
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
                let seq = seq.parse().ok();
                if seq < self.received {
                    self.wrong.push(format!("the receipt fell back to {seq:?}"));
                }
                self.received = self.received.max(seq);
            }
            _ => {}
        }
    }

    /// Holds what was said against the server, which has ended and is opened again.
    pub(crate) fn settle(&mut self, server: &Server, records: u32, log: &str) -> Result<()> {
        while server.judge_next()? {}
        let (console, _) = server
            .console_sign_in(CONTROL_ROOM, PASSWORD)
            .context("the control room cannot sign in")?;
        if self.saved.len() != records as usize || self.photos.len() != 1 {
            self.wrong
                .push("the device has not said everything".to_owned());
        }
        let log = log.parse().ok().context("not the id of a log")?;
        let kept = server.received(log)?.map(|seq| seq.0);
        // In the end nothing waits on the device, so both know the same.
        if kept != self.received {
            let told = self.received;
            self.wrong.push(format!("received {told:?}, kept {kept:?}"));
        }
        for (record, mark) in &self.saved {
            let detail = server.console_record(&console, *record);
            let times = detail.map_or(0, |detail| {
                let fields = detail.fields.values().filter_map(serde_json::Value::as_str);
                fields.map(|text| text.matches(mark.as_str()).count()).sum()
            });
            if times != 1 {
                self.wrong.push(format!("{mark}: {times} times"));
            }
        }
        for (record, blob) in &self.photos {
            let found = server.console_photo(&console, *record, *blob, false);
            if !found.is_ok_and(|photo| BlobHash::of(&photo.bytes) == *blob) {
                self.wrong.push(format!("the photo {blob}"));
            }
        }
        self.count(server, records)
    }

    fn count(&mut self, server: &Server, records: u32) -> Result<()> {
        let figures = server.figures()?;
        let received = self.received.map_or(0, |last| last + 1);
        let expected = [
            ("records", figures.records, u64::from(records)),
            ("photos", figures.photos, 1),
            ("entries received", figures.received, received),
            ("entries that wait", figures.pending + figures.parked, 0),
            (
                "entries that were held",
                figures.quarantined + figures.sealed,
                0,
            ),
            (
                "entries that were refused",
                figures.rejected + figures.superseded,
                0,
            ),
        ];
        for (what, found, expected) in expected {
            if found != expected {
                self.wrong.push(format!("{found} {what}, not {expected}"));
            }
        }
        let logs = server.verify_logs()?;
        if let Some(place) = logs.first_broken {
            self.wrong.push(format!("the log breaks at {place}"));
        }
        if let Some(row) = server.verify_audit()?.broken_at {
            self.wrong.push(format!("the audit breaks at {row}"));
        }
        Ok(())
    }
}
