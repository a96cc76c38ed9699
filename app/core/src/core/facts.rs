//! Plain facts about what is stored, for the tests that compare devices and server.

use shared::hash::ChangeHash;
use shared::ids::{EntryId, RecordId, Seq};
use shared::record::Fields;

use super::{Core, CoreError, project};
use crate::store::{EntryRow, VerdictState, entry_rows, opened_rows, record_rows};

/// What is stored of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFacts {
    /// True if this vault's officer wrote it.
    pub own: bool,
    /// The heads of the document. Sorted.
    pub heads: Vec<ChangeHash>,
    /// The heads that accepted changes make. Sorted.
    pub accepted_heads: Vec<ChangeHash>,
    /// The code of its review state, by accepted entries alone.
    pub review: &'static str,
    /// The code of its delivery state.
    pub delivery: String,
    /// Its entries, each with the name of its verdict.
    pub entries: Vec<(EntryId, &'static str)>,
    /// Its fields.
    pub fields: Fields,
    /// How many fields have competing values.
    pub conflicts: usize,
    /// What lists head it with.
    pub title: String,
    /// Where lists say that it happened.
    pub place: Option<String>,
}

impl Core {
    /// The sequence up to which the server's receipts reach.
    pub fn received(&self) -> Result<Option<Seq>, CoreError> {
        Ok(self.lock().vault()?.received)
    }

    /// What is stored of a record, if it is here. Reads without a consultation: no person
    /// sees it.
    pub fn facts(&self, id: RecordId) -> Result<Option<RecordFacts>, CoreError> {
        let state = self.lock();
        let context = state.context(&self.config)?;
        let conn = state.store.read();
        let (Some(row), Some(line)) = (record_rows::known(conn, id)?, record_rows::get(conn, id)?)
        else {
            return Ok(None);
        };
        let doc = project::load(conn, id, row.kind)?;
        let content = doc.content();
        let entries = entry_rows::facts_of(conn, id)?;
        let known = project::known(conn, &context, id, &row, &entries)?;
        let facts = known.facts();
        Ok(Some(RecordFacts {
            own: row.own,
            heads: doc.heads(),
            review: facts.review_state().code(),
            accepted_heads: facts.heads,
            delivery: line.state.delivery,
            title: line.title,
            place: line.place,
            entries: entries.iter().map(|it| (it.id, verdict_name(it))).collect(),
            conflicts: content.conflicts.len(),
            fields: content.fields,
        }))
    }

    /// All records that are here.
    pub fn record_ids(&self) -> Result<Vec<RecordId>, CoreError> {
        Ok(record_rows::ids(self.lock().store.read())?)
    }

    /// True if something that was cut off of a log has to be sent as evidence.
    pub fn evidence_waits(&self) -> Result<bool, CoreError> {
        Ok(self.next_evidence()?.is_some())
    }

    /// How many feed items are kept unopened: refused by the guard, or waiting for others.
    pub fn unopened(&self) -> Result<u32, CoreError> {
        Ok(opened_rows::count_unopened(self.lock().store.read())?)
    }
}

const fn verdict_name(entry: &EntryRow) -> &'static str {
    match entry.verdict {
        VerdictState::None => "none",
        VerdictState::Accepted => "accepted",
        VerdictState::Rejected if entry.own && entry.superseded => "superseded",
        // Its signer was asked again, and said no.
        VerdictState::Parked | VerdictState::Rejected if entry.own && entry.let_go => "dropped",
        VerdictState::Parked => "parked",
        VerdictState::Quarantined => "quarantined",
        VerdictState::Rejected => "rejected",
        VerdictState::Upheld => "upheld",
        VerdictState::Superseded => "superseded",
    }
}
