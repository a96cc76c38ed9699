//! Drafts: what is typed goes into the journal, one committed transaction per patch.

use rusqlite::Connection;
use shared::codes::names;
use shared::ids::RecordId;
use shared::log::EntryKind;
use shared::record::{
    Fields, Kind, Reference, advice, asks, basis, cover, field, problems, required,
};
use shared::statement::{DraftDiscarded, Statement};
use shared::time::UnixMs;

use super::context::Context;
use super::scalars::{field_map, is_kept, scalar};
use super::{Changed, Core, CoreError, encounter, photos, place, record_id, steps};
use crate::store::{DraftRow, NewEntry, draft_rows, own_log, photo_rows, step_rows};
use crate::view::{
    AdviceView, DraftRow as DraftLine, DraftView, FieldMap, FieldValue, ProblemView, RequiredView,
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
    /// How many milliseconds ago it was found.
    pub age_ms: i64,
}

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
                encounter::copy(tx, context, source, kind, &mut fields)?;
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
                schema: context.schema.number(),
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
        let draft = open_draft(state.store.read(), &context, id)?;
        view(state.store.read(), &context, draft)
    }

    /// Takes over what was typed. It is in the encrypted journal when this returns.
    pub fn draft_set(
        &self,
        id: &str,
        fields: FieldMap,
        page: Option<&str>,
    ) -> Result<DraftView, CoreError> {
        self.patch(id, fields, page, true)
    }

    /// The same; what the device adds by itself is no step that the officer takes back.
    pub(super) fn patch(
        &self,
        id: &str,
        fields: FieldMap,
        page: Option<&str>,
        step: bool,
    ) -> Result<DraftView, CoreError> {
        let id = record_id(id)?;
        let view = self.lock().commit(&self.config, |tx, context| {
            let mut draft = open_draft(tx, context, id)?;
            let before = draft.fields.clone();
            let fields = place::with_searcher(context, fields);
            let mut keys: Vec<_> = fields.keys().cloned().collect();
            for (key, value) in fields {
                set(&mut draft, key, value)?;
            }
            if keys.iter().any(|key| key == field::GOWISELY) {
                note_said(&mut draft.fields, context.now());
                keys.push(field::GOWISELY_TIMES.to_owned());
            }
            if step {
                steps::note(tx, &draft, &before, &keys, context.now())?;
            }
            if let Some(page) = page {
                draft.page = Some(page.chars().take(64).collect());
            }
            draft.saved_at = context.now();
            draft.schema = context.schema.number();
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
            let mut draft = open_draft(tx, context, id)?;
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
                schema: context.schema.number(),
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
pub(super) fn open_draft(
    conn: &Connection,
    context: &Context,
    id: RecordId,
) -> Result<DraftRow, CoreError> {
    let draft = draft_rows::get(conn, id)?.filter(|draft| draft.discarded_at.is_none());
    let draft = draft.ok_or(CoreError::NotFound)?;
    if !context.schema.reads(draft.schema) {
        return Err(CoreError::NewerApp);
    }
    Ok(draft)
}

fn set(draft: &mut DraftRow, key: String, value: Option<FieldValue>) -> Result<(), CoreError> {
    if is_kept(&key) {
        return Err(CoreError::BadInput(key));
    }
    match scalar(draft.kind, &key, value)? {
        Some(value) => draft.fields.set(key, value),
        None => {
            draft.fields.remove(&key);
        }
    }
    Ok(())
}

/// When each of the letters was ticked, as letter and milliseconds: `G1795380720000`. What has to
/// be said before the search (PACE s.2(2)) can so be held against when it was.
fn note_said(fields: &mut Fields, now: UnixMs) {
    let said = fields.get_text(field::GOWISELY).unwrap_or_default();
    let had = fields.get_text(field::GOWISELY_TIMES).unwrap_or_default();
    let time = |letter: char| {
        let known = had.split(' ').find(|it| it.starts_with(letter));
        known.map_or_else(|| format!("{letter}{}", now.0), str::to_owned)
    };
    let mut letters: Vec<char> = Vec::new();
    for letter in said.chars().filter(char::is_ascii_uppercase) {
        if !letters.contains(&letter) {
            letters.push(letter);
        }
    }
    let times: Vec<_> = letters.into_iter().map(time).collect();
    if times.is_empty() {
        fields.remove(field::GOWISELY_TIMES);
    } else {
        fields.set(field::GOWISELY_TIMES, times.join(" "));
    }
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
            fields.set(field::ENCOUNTER, hex::encode(context.env.bytes::<16>()));
            fields.set(field::SEARCHED_BY, me);
            fields.set(field::SEARCHED_BY_LABEL, label);
        }
        Kind::Note => fields.set(field::HAPPENED_AT, now),
    }
    if let Some(fix) = fix {
        fields.set(field::PLACE_LAT_E7, fix.lat_e7);
        fields.set(field::PLACE_LON_E7, fix.lon_e7);
        fields.set(field::PLACE_ACCURACY_M, fix.accuracy_m);
        fields.set(field::PLACE_SOURCE, "gps");
        fields.set(field::PLACE_FIX_AT, now.plus(-fix.age_ms));
    }
    fields
}

/// A draft as screens show it.
pub(super) fn view(
    conn: &Connection,
    context: &Context,
    draft: DraftRow,
) -> Result<DraftView, CoreError> {
    let (lists, now, fields) = (context.lists(), context.now(), &draft.fields);
    let rank = context.rank(context.me());
    let photos = photo_rows::of_record(conn, draft.id)?;
    let advice = advice(draft.kind, fields, lists, &context.advice_on(&rank, now));
    let cover = cover(fields, lists, &context.reference.authorisations);
    let place = place::point(fields);
    let power = fields.get_text(field::POWER);
    Ok(DraftView {
        required: required_view(draft.kind, fields, context),
        problems: problem_views(&draft, context),
        advice: advice.into_iter().map(advice_view).collect(),
        basis: basis(fields, lists).as_str().to_owned(),
        asks: asks(draft.kind, fields, lists)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        governing: power
            .and_then(|it| lists.get(names::POWERS, it))
            .and_then(|it| it.governing.clone()),
        cover: cover.map(|it| it.as_str().to_owned()),
        grid: place.and_then(|it| place::grid(it.lat_e7, it.lon_e7)),
        ward: place::ward(context, fields),
        encounter: encounter::others(conn, context, fields, draft.id)?,
        can_undo: step_rows::last(conn, draft.id)?.is_some(),
        photos: photos
            .iter()
            .map(|photo| photos::photo_view(photo, None))
            .collect(),
        id: draft.id.to_string(),
        kind: draft.kind.as_str().to_owned(),
        fields: field_map(fields),
        reference: draft.reference,
        saved_at: draft.saved_at.0,
        page: draft.page,
    })
}

/// Times that the app notes by its own clock. No page asks for them, so nobody could put them right.
const STAMPED: [&str; 3] = [field::STARTED_AT, field::COMPLETED_AT, field::PLACE_FIX_AT];

/// What stands between a draft and a record.
pub(super) fn problem_views(draft: &DraftRow, context: &Context) -> Vec<ProblemView> {
    // A clock that is behind must not make the present the future.
    let now = context.now().max(context.stamp.estimate());
    let found = problems(draft.kind, &draft.fields, context.lists(), now);
    let view = |problem: shared::record::Problem| ProblemView {
        field: problem.field.to_owned(),
        code: problem.code.as_str().to_owned(),
    };
    let asked = |it: &shared::record::Problem| !STAMPED.contains(&it.field);
    found.into_iter().filter(asked).map(view).collect()
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
