//! One record in full, for the control room's page.

use std::collections::BTreeMap;

use shared::codes::CodeLists;
use shared::doc::{ConflictValue, Content, RecordDoc};
use shared::hash::ChangeHash;
use shared::ids::RecordId;
use shared::log::EntryKind;
use shared::policy::{Act, Authority};
use shared::record::{Scalar, value_label};
use shared::statement::{ReviewVerdict, Statement};
use shared::wire::WireError;

use super::Server;
use super::console::{label, nothing};
use super::gate::refuse;
use crate::store::{Detail, DetailEntry, StoreError};
use crate::view::{
    ConsoleAddendum, ConsoleConflict, ConsoleEvent, ConsoleOption, ConsolePhoto,
    ConsoleRecordDetail,
};

impl Server {
    /// One record in full. That it was read goes to the audit before it is given.
    pub fn console_record(
        &self,
        token: &str,
        id: RecordId,
    ) -> Result<ConsoleRecordDetail, WireError> {
        let reader = self.console_may(token, Act::Read)?.person.id;
        let found = self
            .store
            .console_detail(id, reader, self.env.now())
            .map_err(refuse)?;
        let detail = found.ok_or(nothing())?;
        let authority = self.authority().map_err(refuse)?;
        let doc = RecordDoc::load(detail.row.kind, &detail.snapshot)
            .map_err(|_| refuse(StoreError::Damaged("snapshot")))?;
        let content = doc.content();
        Ok(ConsoleRecordDetail {
            record: self.row(&detail.row)?,
            fields: content
                .fields
                .iter()
                .map(|(key, it)| (key.to_owned(), json(it)))
                .collect(),
            labels: labels(&content, &*self.lists().map_err(refuse)?),
            addenda: addenda(&content),
            photos: photos(&content, &detail),
            timeline: timeline(&detail, &authority),
            conflicts: conflicts(&content, &detail, &authority),
        })
    }
}

fn json(value: &Scalar) -> serde_json::Value {
    match value {
        Scalar::Bool(value) => (*value).into(),
        Scalar::Int(value) => (*value).into(),
        Scalar::Text(value) => value.as_str().into(),
    }
}

fn labels(content: &Content, lists: &CodeLists) -> BTreeMap<String, String> {
    let labelled = content.fields.iter().filter_map(|(key, value)| {
        Some((
            key.to_owned(),
            value_label(content.kind, key, value, lists)?,
        ))
    });
    labelled.collect()
}

fn addenda(content: &Content) -> Vec<ConsoleAddendum> {
    let addenda = content.addenda.iter().map(|addendum| ConsoleAddendum {
        text: addendum.text.clone(),
        by: addendum.by.clone(),
        at: addendum.at.0,
    });
    addenda.collect()
}

fn photos(content: &Content, detail: &Detail) -> Vec<ConsolePhoto> {
    let photos = content.photos.iter().map(|(id, photo)| ConsolePhoto {
        id: id.to_string(),
        sha256: photo.sha256.to_string(),
        caption: photo.caption.clone(),
        here: detail.row.photos_here.contains(&photo.sha256),
        bytes: photo.bytes,
    });
    photos.collect()
}

fn timeline(detail: &Detail, authority: &Authority) -> Vec<ConsoleEvent> {
    let first = detail
        .entries
        .iter()
        .position(|entry| entry.kind == EntryKind::Change);
    let entries = detail.entries.iter().enumerate();
    entries
        .filter_map(|(index, entry)| event(entry, Some(index) == first, authority))
        .collect()
}

fn event(entry: &DetailEntry, first: bool, authority: &Authority) -> Option<ConsoleEvent> {
    let (code, text, reasons) = match entry.kind {
        EntryKind::Change => (if first { "created" } else { "changed" }, None, Vec::new()),
        kind => match Statement::from_bytes(kind, &entry.payload).ok()? {
            Statement::Submission(_) => ("submitted", None, Vec::new()),
            Statement::Review(review) => {
                let code = match review.verdict {
                    ReviewVerdict::Approve => "approved",
                    ReviewVerdict::Return => "returned",
                    ReviewVerdict::Escalate => "escalated",
                };
                (code, review.text, review.reasons)
            }
            Statement::Withdrawal(withdrawal) => ("withdrawn", Some(withdrawal.reason), Vec::new()),
            Statement::ReceiptGiven(given) => ("receipt_given", None, vec![given.how]),
            Statement::Share(share) => {
                let code = if share.ended { "unshared" } else { "shared" };
                (code, Some(label(authority, share.with)), Vec::new())
            }
            Statement::ScopeChange(change) => ("moved", Some(change.reason), Vec::new()),
            Statement::LogNumber(log) => ("log_number", Some(log.number), Vec::new()),
            Statement::Release(ruling) => ("released", Some(ruling.reason), Vec::new()),
            Statement::Uphold(ruling) => ("upheld", Some(ruling.reason), Vec::new()),
            Statement::Consultation(_) | Statement::DraftDiscarded(_) | Statement::Notice(_) => {
                return None;
            }
        },
    };
    Some(ConsoleEvent {
        code: code.to_owned(),
        by: label(authority, entry.officer),
        device_time: entry.at.0,
        server_time: entry.received.0,
        text,
        reasons,
    })
}

fn conflicts(content: &Content, detail: &Detail, authority: &Authority) -> Vec<ConsoleConflict> {
    let by_change = |change: ChangeHash| {
        detail
            .entries
            .iter()
            .find(|entry| entry.change == Some(change))
    };
    let option = |option: &ConflictValue| {
        let entry = by_change(option.change);
        ConsoleOption {
            value: option.value.as_ref().map_or(serde_json::Value::Null, json),
            by: entry.map(|entry| label(authority, entry.officer)),
            at: entry.map(|entry| entry.at.0),
        }
    };
    let conflicts = content
        .conflicts
        .iter()
        .map(|(field, options)| ConsoleConflict {
            field: field.clone(),
            options: options.iter().map(option).collect(),
        });
    conflicts.collect()
}
