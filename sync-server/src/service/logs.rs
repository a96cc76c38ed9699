//! Logs verified as anybody outside could: chain, signatures, and payloads by their hashes.

use shared::hash::HeaderHash;
use shared::ids::{LogId, Seq};
use shared::log::{Header, Purpose, verify};

use super::{Server, ServerError};
use crate::store::{Body, LogEntry, LogRow};

/// Entries looked at in one read.
const AT_ONCE: u32 = 1024;

/// What the check of the logs found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct LogReport {
    /// Logs.
    pub logs: u64,
    /// Entries in them.
    pub entries: u64,
    /// Signatures of commits.
    pub signatures: u64,
    /// Entries whose payload was erased: chain and signature hold all the same.
    pub erased: u64,
    /// Entries whose payload is sealed.
    pub sealed: u64,
    /// Entries whose payload never was the one that the header names; they were rejected.
    pub mismatched: u64,
    /// Logs that do not hold.
    pub broken: u64,
    /// The first of them, and where.
    pub first_broken: Option<String>,
}

/// A log to be handed to somebody who verifies it with tools of their own.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ExportedLog {
    /// The deterministic CBOR of its descriptor, hexadecimal.
    pub descriptor: String,
    /// The key that signs it: Ed25519, hexadecimal.
    pub key: String,
    /// The headers in order, each in deterministic CBOR, hexadecimal.
    pub headers: Vec<String>,
    /// The commits: the last sequence in each, and its COSE_Sign1, hexadecimal.
    pub commits: Vec<(u64, String)>,
}

impl Server {
    /// Verifies every log.
    pub fn verify_logs(&self) -> Result<LogReport, ServerError> {
        let mut report = LogReport::default();
        for log in self.store.logs()? {
            report.logs += 1;
            if let Some(at) = self.verify_log(&log, &mut report)? {
                report.broken += 1;
                let place = format!("{}:{at}", log.id);
                report.first_broken.get_or_insert(place);
            }
        }
        Ok(report)
    }

    /// Gives where the log does not hold, if it does not.
    fn verify_log(&self, log: &LogRow, report: &mut LogReport) -> Result<Option<Seq>, ServerError> {
        let mut commits = self.store.commits(log.id)?.into_iter().peekable();
        let (mut next, mut hash) = (Seq(0), log.start);
        loop {
            let entries = self.store.log_entries(log.id, next, AT_ONCE)?;
            if entries.is_empty() {
                // What stands behind the last signature nobody has vouched for.
                return Ok(commits.next().map(|(seq, _)| seq));
            }
            for entry in entries {
                hash = hash.next(&entry.entry.header);
                if !holds(&entry, log.id, next, hash, report) {
                    return Ok(Some(next));
                }
                if let Some((_, signature)) = commits.next_if(|(seq, _)| *seq == next) {
                    let signed = verify(&log.key, Purpose::LogCommit, &signature);
                    if signed.ok().as_deref() != Some(hash.as_bytes()) {
                        return Ok(Some(next));
                    }
                    report.signatures += 1;
                } else if commits.peek().is_none() {
                    return Ok(Some(next));
                }
                next = next.next();
            }
        }
    }

    /// A log as it was received, without payloads.
    pub fn export_log(&self, log: LogId) -> Result<ExportedLog, ServerError> {
        let found = self.store.logs()?.into_iter().find(|it| it.id == log);
        let found = found.ok_or(ServerError::Missing)?;
        let (mut headers, mut next) = (Vec::new(), Seq(0));
        loop {
            let entries = self.store.log_entries(log, next, AT_ONCE)?;
            if entries.is_empty() {
                break;
            }
            next = Seq(next.0 + entries.len() as u64);
            headers.extend(entries.iter().map(|it| hex::encode(&it.entry.header)));
        }
        let commits = self.store.commits(log)?.into_iter();
        Ok(ExportedLog {
            descriptor: hex::encode(found.descriptor),
            key: hex::encode(found.key),
            headers,
            commits: commits
                .map(|(seq, signature)| (seq.0, hex::encode(signature)))
                .collect(),
        })
    }
}

fn holds(entry: &LogEntry, log: LogId, seq: Seq, hash: HeaderHash, report: &mut LogReport) -> bool {
    let Ok(header) = Header::from_bytes(&entry.entry.header) else {
        return false;
    };
    if (header.log, header.seq) != (log, seq) || entry.hash != hash {
        return false;
    }
    report.entries += 1;
    match entry.body {
        Body::Here => entry.entry.payload_matches(&header),
        Body::Erased => {
            report.erased += 1;
            entry.entry.payload.is_empty()
        }
        Body::Sealed => {
            report.sealed += 1;
            true
        }
        Body::Mismatch => {
            report.mismatched += 1;
            true
        }
    }
}
