//! Drafts: what is typed goes into the journal, one committed transaction per patch.

use rusqlite::Connection;
use shared::ids::RecordId;
use shared::log::EntryKind;
use shared::record::{AdviceContext, Fields, Kind, Reference, advice, field, problems, required};
use shared::statement::{DraftDiscarded, Statement};

use super::context::Context;
use super::project::load;
use super::scalars::{field_map, scalar};
use super::{Changed, Core, CoreError, photos, record_id};
use crate::store::{DraftRow, NewEntry, draft_rows, own_log, photo_rows, record_rows};
use crate::view::{
    AdviceView, DraftRow as DraftLine, DraftView, FieldMap, ProblemView, RequiredView,
};

/// Where the device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fix {
    /// Latitude in 1e-7 degrees.
    pub lat_e7: i64,
    /// Longitude in 1e-7 degrees.
    pub lon_e7: i64,
    /// How exact it is, in metres.
    pub accuracy_m: i64,
}

/// What "same again" takes over, and nothing else: never anything about a person.
const COPIED: [&str; 6] = [
    field::PLACE_TEXT,
    field::PLACE_LAT_E7,
    field::PLACE_LON_E7,
    field::PLACE_ACCURACY_M,
    field::OBJECT,
    field::POWER,
];

/// Why a draft may be discarded.
const DISCARD_REASONS: [&str; 2] = ["search_not_made", "opened_by_mistake"];

impl Core {
    /// Begins a draft, with what the device knows already.
    pub fn draft_new(
        &self,
        kind: &str,
        copy_of: Option<&str>,
        fix: Option<Fix>,
    ) -> Result<DraftView, CoreError> {
        let kind: Kind = kind
            .parse()
            .map_err(|_| CoreError::BadInput("kind".to_owned()))?;
        let source = copy_of.map(record_id).transpose()?;
        let config = &self.config;
        let view = self.lock().commit(config, |tx, context| {
            let mut fields = presets(context, kind, fix);
            if let Some(source) = source {
                copy(tx, source, kind, &mut fields)?;
            }
            let reference = Reference::mint(context.env.bytes(), config.reference_force)
                .as_str()
                .to_owned();
            let draft = DraftRow {
                id: RecordId::from_bytes(context.env.bytes()),
                kind,
                reference,
                fields,
                page: None,
                started_at: context.now(),
                saved_at: context.now(),
                discarded_at: None,
            };
            draft_rows::put(tx, &draft)?;
            view(tx, context, draft)
        })?;
        self.tell(Changed::Drafts);
        Ok(view)
    }

    /// A draft.
    pub fn draft(&self, id: &str) -> Result<DraftView, CoreError> {
        let id = record_id(id)?;
        let state = self.lock();
        let context = state.context(&self.config)?;
        let draft = open_draft(state.store.read(), id)?;
        view(state.store.read(), &context, draft)
    }

    /// Takes over what was typed. It is in the encrypted journal when this returns.
    pub fn draft_set(
        &self,
        id: &str,
        fields: FieldMap,
        page: Option<&str>,
    ) -> Result<DraftView, CoreError> {
        let id = record_id(id)?;
        let view = self.lock().commit(&self.config, |tx, context| {
            let mut draft = open_draft(tx, id)?;
            for (key, value) in fields {
                // The reference was shown to people; it stays what it is.
                if key == field::REFERENCE {
                    return Err(CoreError::BadInput(key));
                }
                match scalar(draft.kind, &key, value)? {
                    Some(value) => draft.fields.set(key, value),
                    None => {
                        draft.fields.remove(&key);
                    }
                }
            }
            if let Some(page) = page {
                draft.page = Some(page.chars().take(64).collect());
            }
            draft.saved_at = context.now();
            draft_rows::put(tx, &draft)?;
            view(tx, context, draft)
        })?;
        self.tell(Changed::Drafts);
        Ok(view)
    }

    /// Puts a draft away. Its reference stays used, which the audit is told.
    pub fn draft_discard(&self, id: &str, reason: &str) -> Result<(), CoreError> {
        let id = record_id(id)?;
        if !DISCARD_REASONS.contains(&reason) {
            return Err(CoreError::BadInput("reason".to_owned()));
        }
        self.lock().commit(&self.config, |tx, context| {
            let mut draft = open_draft(tx, id)?;
            draft.discarded_at = Some(context.now());
            draft_rows::put(tx, &draft)?;
            let statement = Statement::DraftDiscarded(DraftDiscarded {
                reference: draft.reference,
                reason: reason.to_owned(),
            });
            let entry = NewEntry {
                subject: None,
                kind: EntryKind::DraftDiscarded,
                payload: statement.to_bytes(),
                salt: context.env.bytes(),
                change: None,
                deps: Vec::new(),
                schema: shared::doc::SCHEMA,
                supersedes: Vec::new(),
            };
            own_log::append(tx, &context.stamp, vec![entry])?;
            Ok(())
        })?;
        self.commits.notify_one();
        self.tell(Changed::Drafts);
        Ok(())
    }

    /// Takes a discarded draft up again.
    pub fn draft_restore(&self, id: &str) -> Result<DraftView, CoreError> {
        let id = record_id(id)?;
        let view = self.lock().commit(&self.config, |tx, context| {
            let mut draft = draft_rows::get(tx, id)?.ok_or(CoreError::NotFound)?;
            draft.discarded_at = None;
            draft_rows::put(tx, &draft)?;
            view(tx, context, draft)
        })?;
        self.tell(Changed::Drafts);
        Ok(view)
    }
}

/// A draft that is worked on.
pub(super) fn open_draft(conn: &Connection, id: RecordId) -> Result<DraftRow, CoreError> {
    let draft = draft_rows::get(conn, id)?.filter(|draft| draft.discarded_at.is_none());
    draft.ok_or(CoreError::NotFound)
}

fn presets(context: &Context, kind: Kind, fix: Option<Fix>) -> Fields {
    let mut fields = Fields::new();
    let (me, label) = (context.me(), context.vault.label.as_str());
    let now = context.now();
    fields.set(field::STARTED_AT, now);
    fields.set(field::RECORDED_BY, me);
    fields.set(field::RECORDED_BY_LABEL, label);
    if !context.vault.station.is_empty() {
        fields.set(field::STATION, context.vault.station.as_str());
    }
    match kind {
        Kind::StopSearch => {
            fields.set(field::SEARCHED_AT, now);
            fields.set(field::SUBJECT, "person");
            fields.set(field::SEARCHED_BY, me);
            fields.set(field::SEARCHED_BY_LABEL, label);
        }
        Kind::Note => fields.set(field::HAPPENED_AT, now),
    }
    if let Some(fix) = fix {
        fields.set(field::PLACE_LAT_E7, fix.lat_e7);
        fields.set(field::PLACE_LON_E7, fix.lon_e7);
        fields.set(field::PLACE_ACCURACY_M, fix.accuracy_m);
    }
    fields
}

/// Takes over place, object and power of a record. Its place stands for the whole place: a
/// new fix beside an old name would be two places in one.
fn copy(
    conn: &Connection,
    source: RecordId,
    kind: Kind,
    fields: &mut Fields,
) -> Result<(), CoreError> {
    let row = record_rows::known(conn, source)?.ok_or(CoreError::NotFound)?;
    let content = load(conn, source, row.kind)?.content();
    let place = COPIED[..4]
        .iter()
        .any(|key| content.fields.get(key).is_some());
    if place {
        for key in &COPIED[..4] {
            fields.remove(key);
        }
    }
    for key in COPIED {
        if let Some(value) = content.fields.get(key)
            && shared::record::field_def(kind, key).is_some()
        {
            fields.set(key, value.clone());
        }
    }
    Ok(())
}

fn view(conn: &Connection, context: &Context, draft: DraftRow) -> Result<DraftView, CoreError> {
    let (lists, now) = (context.lists(), context.now());
    let rank = context.rank(context.me());
    let photos = photo_rows::of_record(conn, draft.id)?;
    Ok(DraftView {
        id: draft.id.to_string(),
        kind: draft.kind.as_str().to_owned(),
        required: required_view(draft.kind, &draft.fields, context),
        problems: problem_views(&draft, context),
        advice: advice(
            draft.kind,
            &draft.fields,
            lists,
            &AdviceContext { role: &rank, now },
        )
        .into_iter()
        .map(advice_view)
        .collect(),
        fields: field_map(&draft.fields),
        photos: photos
            .iter()
            .map(|photo| photos::photo_view(photo, None))
            .collect(),
        reference: draft.reference,
        saved_at: draft.saved_at.0,
        page: draft.page,
    })
}

/// What stands between a draft and a record.
pub(super) fn problem_views(draft: &DraftRow, context: &Context) -> Vec<ProblemView> {
    let found = problems(draft.kind, &draft.fields, context.lists(), context.now());
    let view = |problem: shared::record::Problem| ProblemView {
        field: problem.field.to_owned(),
        code: problem.code.as_str().to_owned(),
    };
    found.into_iter().map(view).collect()
}

pub(super) fn advice_view(advice: shared::record::Advice) -> AdviceView {
    AdviceView {
        field: advice.field.to_owned(),
        code: advice.code.as_str().to_owned(),
        phrase: advice.phrase,
    }
}

fn required_view(kind: Kind, fields: &Fields, context: &Context) -> RequiredView {
    let (done, of) = required(kind, fields, context.lists());
    RequiredView { done, of }
}

/// The lines of the home screen.
pub(super) fn lines(conn: &Connection, context: &Context) -> Result<Vec<DraftLine>, CoreError> {
    let drafts = draft_rows::list(conn)?;
    let line = |draft: DraftRow| DraftLine {
        id: draft.id.to_string(),
        kind: draft.kind.as_str().to_owned(),
        place: draft.fields.get_text(field::PLACE_TEXT).map(str::to_owned),
        started_at: draft.started_at.0,
        required: required_view(draft.kind, &draft.fields, context),
    };
    Ok(drafts.into_iter().map(line).collect())
}
