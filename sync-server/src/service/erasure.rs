//! Erasing what a record says. The ledger comes first, then the database, then the photos: a
//! process that ends in between leaves the rest to the next start.

use shared::ids::RecordId;

use super::{Erasure, Moved, Server, ServerError};
use crate::store::NewErasure;

/// Longest reason, and longest name of who decided.
const REASON_CHARS: usize = 500;

/// What an erasure did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Erased {
    /// The line of the ledger.
    pub line: Erasure,
    /// Entries that lost their payload now.
    pub entries: u64,
    /// Vaults that were told to destroy their copy.
    pub vaults: usize,
}

impl Server {
    /// Destroys what a record says: payloads and salts, the document, its projection, its
    /// photos. The chain of every log still verifies, and every vault that holds the record is
    /// told to destroy it. It is never undone, by no backup either.
    pub fn erase(&self, record: RecordId, reason: &str, by: &str) -> Result<Erased, ServerError> {
        for text in [reason, by] {
            let chars = text.chars().count();
            let plain = text.trim() == text && !text.contains(char::is_control);
            if chars == 0 || chars > REASON_CHARS || !plain {
                return Err(ServerError::Invalid(
                    "reason and name have 1 to 500 characters, in one line",
                ));
            }
        }
        if !self.store.knows(record)? {
            return Err(ServerError::Missing);
        }
        let line = self.ledger.append(record, reason, by, self.env.now())?;
        let (entries, vaults) = self.carry_out(&line)?;
        self.destroy_doomed()?;
        Ok(Erased {
            line,
            entries,
            vaults,
        })
    }

    /// All erasures.
    pub fn erasures(&self) -> Result<Vec<Erasure>, ServerError> {
        self.ledger.erasures()
    }

    /// Carries out what the ledger says and the database does not know, and puts back into the
    /// ledger what only the database knows.
    pub(super) fn replay_erasures(&self) -> Result<u64, ServerError> {
        let lines = self.store.erasures()?;
        let known: Vec<Erasure> = lines
            .iter()
            .map(|line| Erasure::from_line(line))
            .collect::<Result<_, _>>()?;
        self.ledger.complete(&known)?;
        let mut replayed = 0;
        for line in self.ledger.erasures()?.iter().skip(known.len()) {
            self.carry_out(line)?;
            replayed += 1;
        }
        self.destroy_doomed()?;
        Ok(replayed)
    }

    fn carry_out(&self, line: &Erasure) -> Result<(u64, usize), ServerError> {
        let erasure = NewErasure {
            number: line.number,
            record: line.record,
            line: line.line()?,
        };
        let Some(wiped) = self.store.erase(&erasure, self.env.now())? else {
            return Ok((0, 0));
        };
        for &(device, blob) in &wiped.uploads {
            self.blobs.discard(device, blob)?;
        }
        for &log in &wiped.vaults {
            self.tell(Moved::Mail(log));
        }
        Ok((wiped.entries, wiped.vaults.len()))
    }

    fn destroy_doomed(&self) -> Result<(), ServerError> {
        for blob in self.store.doomed()? {
            self.blobs.destroy(blob)?;
            self.store.destroyed(blob)?;
        }
        Ok(())
    }
}
