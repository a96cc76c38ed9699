//! Reading one record: its content, who wrote what, and what the reader may do.

use rusqlite::Connection;
use shared::doc::{Content, RecordDoc};
use shared::ids::RecordId;
use shared::record::{field, value_label};
use shared::statement::{Consultation, Statement, TEXT_CAP};
use shared::wire::Scope;

use super::context::Context;
use super::edits::{may_write, withdrawn};
use super::scalars::field_map;
use super::submit::statement_entry;
use super::timeline::timeline;
use super::{
    CONSULTATION_EVERY_MS, Core, CoreError, begun, compare, encounter, held, later, lists, newer,
    photos, place, project, record_id, review, share,
};
use crate::store::{EntryRow, entry_rows, feed_rows, look_rows, own_log, photo_rows, record_rows};
use crate::view::{AddendumView, ConflictView, OptionView, RecordView};

impl Core {
    /// Reads a record. Reading another's is logged before anything of it is shown, and where the
    /// force asks for a reason, refused without one.
    pub fn record(&self, id: &str) -> Result<RecordView, CoreError> {
        self.read(id, Why::Known)
    }

    /// Reads another's record for this reason, which goes to the audit.
    pub fn record_because(&self, id: &str, reason: &str) -> Result<RecordView, CoreError> {
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > TEXT_CAP {
            return Err(CoreError::BadInput("reason".to_owned()));
        }
        self.read(id, Why::Said(reason))
    }

    /// Reads a record again after the reader has signed something about it: whatever they were
    /// asked, they have answered, and what was signed is not to look as if it had failed.
    pub(super) fn record_signed(&self, id: &str) -> Result<RecordView, CoreError> {
        self.read(id, Why::Signed)
    }

    fn read(&self, id: &str, why: Why<'_>) -> Result<RecordView, CoreError> {
        let id = record_id(id)?;
        let (view, logged) = {
            let mut state = self.lock();
            let upload = state.link.upload;
            let in_flight = state.link.in_flight.contains(&id);
            state.commit(&self.config, |tx, context| {
                later::open(tx, context, id)?;
                let row = record_rows::known(tx, id)?.ok_or(CoreError::NotFound)?;
                context.may_show(row.own)?;
                let logged = !row.own && consult(tx, context, id, why)?;
                let mut view = view(tx, context, id, &row, in_flight)?;
                looked(tx, id, &view)?;
                view.photos = photo_rows::of_record(tx, id)?
                    .iter()
                    .map(|photo| photos::photo_view(photo, photos::sent(photo, upload)))
                    .collect();
                Ok((view, logged))
            })?
        };
        if logged {
            self.commits.notify_one();
        }
        Ok(view)
    }
}

/// Whoever reviews others' records is shown next time what has changed since this.
fn looked(tx: &Connection, id: RecordId, view: &RecordView) -> Result<(), CoreError> {
    if view.own || view.review.is_none() {
        return Ok(());
    }
    let heads = view.heads.iter().filter_map(|it| it.parse().ok());
    Ok(look_rows::put(tx, id, &heads.collect::<Vec<_>>())?)
}

/// Why somebody opens another's record.
#[derive(Clone, Copy)]
pub(super) enum Why<'a> {
    /// They do not say; it may be known from what the record is to them.
    Known,
    /// They say.
    Said(&'a str),
    /// They have just signed something about it.
    Signed,
}

/// Writes the consultation, at most one per record and hour. True if one was written.
pub(super) fn consult(
    tx: &Connection,
    context: &Context,
    id: RecordId,
    why: Why<'_>,
) -> Result<bool, CoreError> {
    let now = context.stamp.estimate();
    // A clock that was set back starts a new hour rather than none for a long time.
    let recent = |at| (0..CONSULTATION_EVERY_MS).contains(&now.since(at));
    if feed_rows::consulted(tx, id)?.is_some_and(recent) {
        return Ok(false);
    }
    let reason = match why {
        Why::Said(reason) => Some(reason),
        Why::Known | Why::Signed => purpose(tx, context, id)?,
    };
    let asks = context.reference.settings.reason_to_read && matches!(why, Why::Known);
    if asks && reason.is_none() {
        return Err(CoreError::NotAllowed("reason_needed"));
    }
    let statement = Statement::Consultation(Consultation {
        reason: reason.map(str::to_owned),
    });
    let entry = statement_entry(context, id, &statement);
    own_log::append(tx, &context.stamp, vec![entry])?;
    feed_rows::set_consulted(tx, id, now)?;
    Ok(true)
}

/// What the record is to its reader, where that is why they read it: it waits for their review,
/// or its author shares it with them.
fn purpose(
    conn: &Connection,
    context: &Context,
    id: RecordId,
) -> Result<Option<&'static str>, CoreError> {
    if record_rows::in_queue(conn, id)? {
        return Ok(Some("review"));
    }
    let shared = feed_rows::is_in(conn, id, Scope::Shared(context.me()))?;
    Ok(shared.then_some("shared"))
}

fn view(
    conn: &Connection,
    context: &Context,
    id: RecordId,
    row: &record_rows::Known,
    in_flight: bool,
) -> Result<RecordView, CoreError> {
    let line = record_rows::get(conn, id)?.ok_or(CoreError::NotFound)?;
    let doc = project::load(conn, id, row.kind)?;
    let mut content = doc.content();
    newer::lay_over(conn, id, &mut content.fields)?;
    let entries = entry_rows::of_record(conn, id)?;
    let open = !withdrawn(&entries);
    let may_write = may_write(conn, context, id, row)?;
    let mine = row.author == context.me();
    let submitted = share::submitted(&entries);
    Ok(RecordView {
        row: lists::record_row(context, line, in_flight),
        reference: content
            .fields
            .get_text(field::REFERENCE)
            .unwrap_or_default()
            .to_owned(),
        officer: context.label_or_id(row.author),
        own: row.own,
        labels: labels(context, &content),
        ward: ward(context, &content),
        photos: Vec::new(),
        grid: place::point(&content.fields).and_then(|it| place::grid(it.lat_e7, it.lon_e7)),
        encounter: encounter::others(conn, context, &content.fields, id)?,
        notes: encounter::saying(conn, context, &id.to_string(), id)?,
        addenda: addenda(&content),
        conflicts: conflicts(context, &content, &entries),
        timeline: timeline(context, row.own, &doc, &content.addenda, &entries),
        // Of one that this app cannot read there is a version all the same.
        version: u32::try_from(doc.changes().len())
            .unwrap_or(u32::MAX)
            .max(1),
        heads: doc.heads().iter().map(ToString::to_string).collect(),
        can_add: open && may_write && !newer::is_shut(conn, id, &doc)?,
        can_withdraw: open && mine && submitted,
        can_share: open && mine,
        can_submit: open && mine && !submitted && !entries.iter().any(|it| it.confirm),
        shared: share::views(conn, context, id, row.author)?,
        held: held::view(context, id, &doc, &entries)?,
        begun: begun::view(conn, id)?,
        versions: compare::versions(context, &doc, &entries),
        unsent: entries
            .iter()
            .any(|it| it.waits(own_log::first_unreceived(&context.vault))),
        review: panel(conn, context, id, row.own, &doc, &content)?,
        logged: !row.own,
        fields: field_map(&content.fields),
    })
}

fn panel(
    conn: &Connection,
    context: &Context,
    id: RecordId,
    own: bool,
    doc: &RecordDoc,
    content: &Content,
) -> Result<Option<crate::view::ReviewPanel>, CoreError> {
    // Before the authority has come, nobody is known to review anything.
    if !own && context.person().is_none() {
        return Ok(None);
    }
    review::panel(conn, context, id, doc, content)
}

/// Ward and district of the place, by the newest boundaries.
fn ward(context: &Context, content: &Content) -> Option<String> {
    let at = |key| content.fields.get_int(key);
    let areas = context.reference.areas.as_ref()?;
    let ward = areas.at_e7(at(field::PLACE_LAT_E7)?, at(field::PLACE_LON_E7)?)?;
    Some(match &ward.district {
        Some(district) => format!("{}, {district}", ward.name),
        None => ward.name.clone(),
    })
}

fn labels(context: &Context, content: &Content) -> std::collections::BTreeMap<String, String> {
    let fields = content.fields.iter();
    let label = |(key, value): (&str, _)| {
        let label = value_label(content.kind, key, value, context.lists())?;
        Some((key.to_owned(), label))
    };
    fields.filter_map(label).collect()
}

fn addenda(content: &Content) -> Vec<AddendumView> {
    let view = |addendum: &shared::doc::Addendum| AddendumView {
        id: hex::encode(addendum.id),
        text: addendum.text.clone(),
        by: addendum.by.clone(),
        at: addendum.at.0,
        happened_at: addendum.about.happened_at.map(|at| at.0),
        corrects: addendum.about.corrects.clone(),
        quote: addendum.about.quote.clone(),
    };
    content.addenda.iter().map(view).collect()
}

fn conflicts(context: &Context, content: &Content, entries: &[EntryRow]) -> Vec<ConflictView> {
    let option = |value: &shared::doc::ConflictValue| {
        let entry = entries
            .iter()
            .find(|entry| entry.change == Some(value.change));
        OptionView {
            value: value.value.as_ref().map(Into::into),
            by: entry.map(|entry| context.label_or_id(entry.officer)),
            mine: entry.is_some_and(|entry| entry.officer == context.me()),
            here: entry.is_some_and(|entry| entry.device == context.vault.device),
            at: entry.map(|entry| entry.at.0),
        }
    };
    let view = |(key, values): (&String, &Vec<shared::doc::ConflictValue>)| ConflictView {
        field: key.clone(),
        options: values.iter().map(option).collect(),
    };
    content.conflicts.iter().map(view).collect()
}
