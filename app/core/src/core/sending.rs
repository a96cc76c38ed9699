//! Where everything is: the strip under the bar, and the screen it opens.

use std::collections::BTreeMap;

use shared::ids::RecordId;
use shared::log::EntryKind;
use shared::record::london;
use shared::time::UnixMs;

use super::context::Context;
use super::{CLOCK_OFF_MS, Core, CoreError, State, wifi};
use crate::store::{
    EntryRow, PhotoRow, VerdictState, digest_rows, entry_rows, lineage_rows, opened_rows, own_log,
    photo_rows, record_rows,
};
use crate::view::{ConnectionView, DetailsView, SendingRow, SendingView, StatusView};

/// The most rows of each list.
const ROWS: usize = 200;

impl Core {
    /// The strip under the bar.
    pub fn status(&self) -> Result<StatusView, CoreError> {
        let state = self.lock();
        status(&state, &state.context(&self.config)?)
    }

    /// The screen it opens.
    pub fn sending(&self) -> Result<SendingView, CoreError> {
        let state = self.lock();
        let context = state.context(&self.config)?;
        let conn = state.store.read();
        let first = own_log::first_unreceived(&context.vault);
        let unsettled = entry_rows::own_unsettled(conn, first)?;
        let (held, judged): (Vec<_>, Vec<_>) =
            unsettled.into_iter().partition(|entry| !entry.stands());
        let mut waiting = waiting(&state, &context)?;
        let status = status(&state, &context)?;
        if status.photos_wait {
            for row in waiting.iter_mut().filter(|row| row.kind == "photo") {
                row.reason = Some("wifi".to_owned());
            }
        }
        waiting.extend(grouped(&state, &context, &judged, |entry| {
            match entry.verdict {
                VerdictState::Parked => "parked",
                _ => "sent",
            }
        })?);
        let today = midnight(context.now());
        let received = entry_rows::own_accepted_since(conn, today)?;
        Ok(SendingView {
            status,
            waiting,
            held: grouped(&state, &context, &held, |entry| match entry.verdict {
                VerdictState::Rejected | VerdictState::Upheld => "not_accepted",
                _ => "held",
            })?,
            details: details(&state, &context)?,
            received: grouped(&state, &context, &received, |_| "received")?,
        })
    }
}

fn details(state: &State, context: &Context) -> Result<DetailsView, CoreError> {
    let conn = state.store.read();
    Ok(DetailsView {
        repairs: context.vault.repairs,
        unknown: lineage_rows::unknown_to_server(conn)?,
        adrift: digest_rows::adrift(conn)?,
        unopened: opened_rows::count_unopened(conn)?,
        failures: state.link.failures,
        splits: lineage_rows::splits(conn)?,
    })
}

/// The strip under the bar.
pub(super) fn status(state: &State, context: &Context) -> Result<StatusView, CoreError> {
    let conn = state.store.read();
    let counts = own_log::waiting_counts(conn, &context.vault)?;
    let (photos, oldest_photo) = photo_rows::waiting(conn)?;
    let link = &state.link;
    let wifi = wifi::photos(state, &context.env)?;
    Ok(StatusView {
        connection: ConnectionView {
            state: link.state,
            since: link.since.map(|at| at.0),
            next_try_at: link.next_try.map(|at| at.0),
            last_exchange_at: link.last_exchange.map(|at| at.0),
        },
        waiting_records: counts.records,
        waiting_decisions: counts.decisions,
        waiting_photos: photos,
        oldest_waiting: [counts.oldest, oldest_photo]
            .into_iter()
            .flatten()
            .min()
            .map(|at| at.0),
        photos_over_wifi: wifi.over_wifi,
        photos_wait: wifi.wait,
        moving: link.moving(),
        clock_off_ms: clock_off(context),
        free_bytes: conn.path().and_then(few_free_bytes),
        lease: context.lease.view(context),
    })
}

/// Less than this is said.
const FREE_ENOUGH: u64 = 500_000_000;

/// What is free where this file is, if it is little. A file of which nothing can be known is said
/// nothing about: that something cannot be saved is said when it happens.
fn few_free_bytes(path: &str) -> Option<i64> {
    let disk = rustix::fs::statvfs(path).ok()?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    i64::try_from(free).ok().filter(|_| free < FREE_ENOUGH)
}

/// Server time minus the device's wall clock, if that is worth saying.
fn clock_off(context: &Context) -> Option<i64> {
    let off = match (context.stamp.server_time, context.vault.heard) {
        // The clock may have been set since the server was heard.
        (Some(_), _) => context.stamp.estimate().since(context.stamp.wall),
        (None, Some(heard)) => heard.server.since(heard.wall),
        (None, None) => return None,
    };
    (off.abs() > CLOCK_OFF_MS).then_some(off)
}

/// How many decisions were made here that the server has not accepted.
pub(super) fn decided_here(state: &State) -> Result<u32, CoreError> {
    let all = entry_rows::own_unsettled(state.store.read(), shared::ids::Seq(i64::MAX as u64))?;
    let open = all
        .iter()
        .filter(|entry| entry.kind == EntryKind::Review && entry.stands());
    Ok(u32::try_from(open.count()).unwrap_or(u32::MAX))
}

/// What is only here: words first, then photos.
fn waiting(state: &State, context: &Context) -> Result<Vec<SendingRow>, CoreError> {
    let conn = state.store.read();
    let mut rows = Vec::new();
    for group in own_log::waiting_groups(conn, &context.vault, ROWS)? {
        let moving = group
            .record
            .is_some_and(|id| state.link.in_flight.contains(&id));
        rows.push(SendingRow {
            record_id: group.record.map(|id| id.to_string()),
            kind: kind_of(group.record, group.kind).to_owned(),
            title: title(state, context, group.record)?,
            bytes: group.bytes,
            at: group.oldest.0,
            state: if moving { "sending" } else { "saved" }.to_owned(),
            reason: None,
        });
    }
    for photo in photo_rows::unsent(conn)?.into_iter().take(ROWS) {
        rows.push(photo_row(state, context, &photo)?);
    }
    Ok(rows)
}

fn photo_row(state: &State, context: &Context, photo: &PhotoRow) -> Result<SendingRow, CoreError> {
    let sent = super::photos::sent(photo, state.link.upload);
    Ok(SendingRow {
        record_id: Some(photo.record.to_string()),
        kind: "photo".to_owned(),
        title: title(state, context, Some(photo.record))?,
        bytes: photo.bytes.saturating_sub(sent.unwrap_or(0)),
        at: photo.taken_at.0,
        state: if sent.is_some() { "sending" } else { "saved" }.to_owned(),
        reason: None,
    })
}

/// Entries as rows: one per record and sort, in the state of its last entry.
fn grouped(
    state: &State,
    context: &Context,
    entries: &[EntryRow],
    code: fn(&EntryRow) -> &'static str,
) -> Result<Vec<SendingRow>, CoreError> {
    let mut groups: BTreeMap<(Option<RecordId>, &str, &str), &EntryRow> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| !entry.kind.is_audit_only()) {
        let key = (entry.record, kind_of(entry.record, entry.kind), code(entry));
        let last = groups.entry(key).or_insert(entry);
        if entry.received_at > last.received_at {
            *last = entry;
        }
    }
    let mut rows = Vec::with_capacity(groups.len());
    for ((record, kind, code), entry) in groups {
        rows.push(SendingRow {
            record_id: record.map(|id| id.to_string()),
            kind: kind.to_owned(),
            title: title(state, context, record)?,
            bytes: 0,
            at: entry.received_at.unwrap_or(entry.at).0,
            state: code.to_owned(),
            reason: entry.reason.clone(),
        });
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.at));
    rows.truncate(ROWS);
    Ok(rows)
}

const fn kind_of(record: Option<RecordId>, kind: EntryKind) -> &'static str {
    match (record, kind) {
        (Some(_), EntryKind::Review) => "decision",
        (None, _) | (_, EntryKind::Consultation | EntryKind::DraftDiscarded) => "other",
        (Some(_), _) => "record",
    }
}

/// The record's title; none of another's once the lease is over.
fn title(state: &State, context: &Context, record: Option<RecordId>) -> Result<String, CoreError> {
    let Some(id) = record else {
        return Ok(String::new());
    };
    Ok(record_rows::get(state.store.read(), id)?
        .filter(|row| context.may_show(row.own).is_ok())
        .map(|row| row.title)
        .unwrap_or_default())
}

/// The beginning of the day, where the force is.
fn midnight(now: UnixMs) -> UnixMs {
    let start = london(now).start_of_day();
    start.map_or(now, |start| UnixMs(start.timestamp().as_millisecond()))
}
