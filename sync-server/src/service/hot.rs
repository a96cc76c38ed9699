//! Documents that the judge keeps at hand: nearly every change follows one that was judged a
//! moment ago, and reading its document again is most of what it costs.
//!
//! A document is known by its record and its number of accepted changes. What a sitting made
//! comes in when the sitting is committed, and never if it was not.

use std::collections::HashMap;

use shared::doc::RecordDoc;
use shared::ids::RecordId;

/// Documents kept at most, and bytes of them as they are saved. In memory they take many times
/// as much.
const DOCUMENTS: usize = 512;
const BYTES: usize = 2 << 20;

/// One document.
pub(super) struct Warm {
    /// The accepted changes in it.
    pub(super) changes: u32,
    pub(super) doc: RecordDoc,
    /// Its bytes when it was saved last.
    pub(super) bytes: usize,
}

/// Those that were used last.
#[derive(Default)]
pub(super) struct Hot {
    kept: HashMap<RecordId, (u64, Warm)>,
    bytes: usize,
    used: u64,
}

impl Hot {
    /// True if the record is here as it is after so many changes.
    pub(super) fn knows(&self, record: RecordId, changes: u32) -> bool {
        let kept = self.kept.get(&record);
        kept.is_some_and(|(_, warm)| warm.changes == changes)
    }

    /// Takes a document out.
    pub(super) fn take(&mut self, record: RecordId) -> Option<Warm> {
        let (_, warm) = self.kept.remove(&record)?;
        self.bytes -= warm.bytes;
        Some(warm)
    }

    /// Keeps a document, and no more than there is room for.
    pub(super) fn put(&mut self, record: RecordId, warm: Warm) {
        self.take(record);
        self.used += 1;
        self.bytes += warm.bytes;
        self.kept.insert(record, (self.used, warm));
        while self.kept.len() > DOCUMENTS || self.bytes > BYTES {
            let oldest = self.kept.iter().min_by_key(|(_, (used, _))| *used);
            let Some((&oldest, _)) = oldest else { break };
            self.take(oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::record::Kind;

    fn warm(changes: u32, bytes: usize) -> Warm {
        let doc = RecordDoc::new(Kind::Note);
        Warm {
            changes,
            doc,
            bytes,
        }
    }

    fn id(n: usize) -> RecordId {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&(n as u64).to_be_bytes());
        RecordId::from_bytes(bytes)
    }

    #[test]
    fn a_document_is_known_in_one_version_alone() {
        let mut hot = Hot::default();
        hot.put(id(1), warm(3, 10));
        assert!(hot.knows(id(1), 3));
        assert!(!hot.knows(id(1), 2) && !hot.knows(id(1), 4) && !hot.knows(id(2), 3));
        hot.put(id(1), warm(4, 10));
        assert!(hot.knows(id(1), 4) && !hot.knows(id(1), 3));
        assert_eq!(hot.bytes, 10);
    }

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let mut hot = Hot::default();
        for n in 0..=DOCUMENTS {
            hot.put(id(n), warm(1, 1));
        }
        assert!(!hot.knows(id(0), 1) && hot.knows(id(1), 1));
        hot.put(id(9_999), warm(1, BYTES));
        assert_eq!(hot.kept.len(), 1);
        hot.put(id(10_000), warm(1, BYTES + 1));
        assert_eq!((hot.kept.len(), hot.bytes), (0, 0), "too large to keep");
    }
}
