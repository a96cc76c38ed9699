//! Plain facts about what is stored, for the tests that compare devices and server.

use shared::doc::RecordDoc;
use shared::guard::{Checked, Limits};
use shared::hash::ChangeHash;
use shared::ids::{EntryId, LogId, RecordId, Seq};
use shared::record::Kind;

use super::{Server, ServerError};
use crate::store::Known;

impl Server {
    /// The last sequence received of a log; none if the log is unknown or empty.
    pub fn received(&self, log: LogId) -> Result<Option<Seq>, ServerError> {
        let place = self.store.place(log, Seq(0))?;
        Ok(place.and_then(|it| it.next.0.checked_sub(1)).map(Seq))
    }

    /// The name of what was decided of an entry; `none` if it is not here.
    pub fn verdict(&self, id: EntryId) -> Result<&'static str, ServerError> {
        Ok(match self.store.known(id)? {
            Known::No => "none",
            Known::Waiting => "waiting",
            Known::Accepted => "accepted",
            Known::Quarantined => "quarantined",
            Known::Refused => "rejected",
            Known::Elsewhere => "elsewhere",
        })
    }

    /// What the audit says of a record: the kind of each event, and its detail.
    pub fn audit_of(&self, record: RecordId) -> Result<Vec<(String, String)>, ServerError> {
        Ok(self.store.audit_of(record)?)
    }

    /// The heads that a record's accepted changes make, rebuilt from the changes themselves;
    /// none if it has no accepted change.
    pub fn heads(&self, record: RecordId) -> Result<Option<Vec<ChangeHash>>, ServerError> {
        let mut changes = Vec::new();
        for bytes in self.store.changes(record)? {
            let change = Checked::parse(bytes, &Limits::default());
            changes.push(change.map_err(|_| ServerError::Invalid("a stored change is bad"))?);
        }
        if changes.is_empty() {
            return Ok(None);
        }
        let grown = [Kind::StopSearch, Kind::Note]
            .into_iter()
            .find_map(|kind| RecordDoc::from_changes(kind, changes.clone()).ok());
        grown
            .map(|doc| Some(doc.heads()))
            .ok_or(ServerError::Invalid(
                "the accepted changes do not fit together",
            ))
    }
}
