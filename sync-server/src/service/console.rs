//! What the control room's page reads.

use shared::codes::{CodeLists, names};
use shared::hash::BlobHash;
use shared::ids::{AcceptPos, OfficerId, RecordId};
use shared::policy::{Act, Authority};
use shared::projection::{Flags, Projection};
use shared::record::Kind;
use shared::status::ReviewState;
use shared::wire::{ErrorCode, WireError};

use super::gate::refuse;
use super::{PhotoBytes, Server, ServerError, preview};
use crate::store::{AuditEvent, ConsoleRow, Device, ListQuery, Reader, StoreError};
use crate::view::{
    ConsoleDevice, ConsoleDevices, ConsoleRecord, ConsoleRecords, ConsoleSearch, ConsoleSearches,
    ListedDevice,
};

/// What the page shows when it opens: the last shift.
const OPENING_MS: i64 = 8 * 3600 * 1000;
/// Records in one answer.
const LIMIT_MAX: u32 = 500;

impl Server {
    /// The list: the latest state of each record that changed after a position, or without
    /// one the last 8 hours.
    pub fn console_records(
        &self,
        token: &str,
        after: Option<u64>,
        limit: u32,
    ) -> Result<ConsoleRecords, WireError> {
        self.console_may(token, Act::Read)?;
        let limit = limit.clamp(1, LIMIT_MAX);
        let query = match after {
            Some(position) => ListQuery::After(AcceptPos(position), limit),
            None => ListQuery::Since(self.env.now().plus(-OPENING_MS), limit),
        };
        let list = self.store.console_list(&query).map_err(refuse)?;
        let authority = self.authority().map_err(refuse)?;
        let lists = self.lists().map_err(refuse)?;
        let rows = list
            .rows
            .iter()
            .map(|row| console_record(row, &authority, &lists));
        let records: Vec<ConsoleRecord> = rows.collect::<Result<_, _>>().map_err(refuse)?;
        let last = records.last().map(|record| record.position);
        // At the end everything up to the snapshot's own position was given.
        let end = list.counters.accept.0;
        let position = if list.more { last.unwrap_or(end) } else { end };
        Ok(ConsoleRecords {
            epoch: self.epoch.to_string(),
            position,
            records,
            more: list.more,
        })
    }

    /// A photo of a record, or its preview.
    pub fn console_photo(
        &self,
        token: &str,
        record: RecordId,
        blob: BlobHash,
        small: bool,
    ) -> Result<PhotoBytes, WireError> {
        let reader = self.console_may(token, Act::Read)?.person.id;
        let photo = self.read_photo(Reader::Console(record), blob)?;
        if small {
            return preview::of(&photo.bytes);
        }
        // The small ones come with the record, whose reading was noted.
        let event = AuditEvent {
            kind: "photo_consulted",
            officer: Some(reader),
            record: Some(record),
            detail: format!("blob={blob}"),
            ..Default::default()
        };
        self.store.audit(&event, self.env.now()).map_err(refuse)?;
        Ok(photo)
    }

    /// The devices, for those who may see them.
    pub fn console_devices(&self, token: &str) -> Result<ConsoleDevices, WireError> {
        self.console_may(token, Act::SeeDevices)?;
        self.device_list().map_err(refuse)
    }

    /// The devices, for the operator.
    pub fn devices(&self) -> Result<ConsoleDevices, ServerError> {
        Ok(self.device_list()?)
    }

    /// All devices with what is set aside of each, for the operator.
    pub fn listed_devices(&self) -> Result<Vec<ListedDevice>, ServerError> {
        let listed = self
            .store
            .devices()?
            .into_iter()
            .map(|device| ListedDevice {
                sealed: device.sealed,
                evidence: device.evidence,
                device: shown(device),
            });
        Ok(listed.collect())
    }

    fn device_list(&self) -> Result<ConsoleDevices, StoreError> {
        let devices = self.store.devices()?.into_iter().map(shown);
        Ok(ConsoleDevices {
            server_time: self.env.now().0,
            devices: devices.collect(),
        })
    }

    /// The wards as GeoJSON.
    pub fn console_areas(&self, token: &str) -> Result<String, WireError> {
        self.console(token)?;
        let found = self
            .store
            .reference(super::operate::AREAS)
            .map_err(refuse)?;
        let text = found.and_then(|(_, body)| String::from_utf8(body).ok());
        Ok(text.unwrap_or_else(|| r#"{"type":"FeatureCollection","features":[]}"#.to_owned()))
    }

    /// Published searches, newest first.
    pub fn console_searches(&self, token: &str, limit: u32) -> Result<ConsoleSearches, WireError> {
        self.console_may(token, Act::Read)?;
        let (total, rows) = self
            .store
            .published(limit.clamp(1, 5_000))
            .map_err(refuse)?;
        let searches = rows.into_iter().map(|row| {
            let columns = serde_json::from_str(&row.columns)
                .map_err(|_| refuse(StoreError::Damaged("columns")))?;
            let at = row.at.map(|at| at.0);
            Ok(ConsoleSearch {
                at,
                lat: row.lat,
                lon: row.lon,
                columns,
            })
        });
        Ok(ConsoleSearches {
            total,
            searches: searches.collect::<Result<_, WireError>>()?,
        })
    }

    /// One row of the list, for the page's detail.
    pub(super) fn row(&self, row: &ConsoleRow) -> Result<ConsoleRecord, WireError> {
        let authority = self.authority().map_err(refuse)?;
        let lists = self.lists().map_err(refuse)?;
        console_record(row, &authority, &lists).map_err(refuse)
    }
}

/// Nothing here for this caller: whether it exists is not said.
pub(super) const fn nothing() -> WireError {
    WireError::refused(ErrorCode::NotFound)
}

/// The label of a person, or of somebody who is not known here.
pub(super) fn label(authority: &Authority, id: OfficerId) -> String {
    authority.label(id).unwrap_or_else(|| "unknown".to_owned())
}

fn console_record(
    row: &ConsoleRow,
    authority: &Authority,
    lists: &CodeLists,
) -> Result<ConsoleRecord, StoreError> {
    let projection: Projection =
        serde_json::from_str(&row.projection).map_err(|_| StoreError::Damaged("projection"))?;
    let state = row.facts.review_state();
    let labelled = |list: &str, code: &Option<String>| {
        code.as_deref()
            .map(|code| lists.label(list, code).to_owned())
    };
    // A note has neither outcome nor power; coordinates keep seven decimals.
    let degrees = |e7: Option<i64>| e7.map(|value| value as f64 / 1e7);
    Ok(ConsoleRecord {
        id: row.id.to_string(),
        position: row.position.0,
        kind: match row.kind {
            Kind::StopSearch => "stop_search".to_owned(),
            Kind::Note => "note".to_owned(),
        },
        reference: projection.reference,
        received_at: row.received.0,
        happened_at: projection.happened_at.map(|at| at.0),
        title: projection.title,
        subject: projection.subject,
        officer: label(authority, row.author),
        team: row
            .team
            .and_then(|id| authority.teams.get(&id))
            .map(|team| team.name.clone()),
        place_text: projection.place_text,
        lat: degrees(projection.lat_e7),
        lon: degrees(projection.lon_e7),
        accuracy_m: projection.accuracy_m,
        ward: projection.ward.as_ref().map(|ward| ward.name.clone()),
        district: projection.ward.and_then(|ward| ward.district),
        outcome_label: labelled(names::OUTCOMES, &projection.outcome),
        outcome: projection.outcome,
        power_label: labelled(names::POWERS, &projection.power),
        incident_log: row.log_number.clone().or(projection.incident_log),
        operation: projection.operation,
        flags: flags(projection.flags),
        photos: count(projection.photos.len()),
        photos_here: count(
            projection
                .photos
                .iter()
                .filter(|(_, blob, _)| row.photos_here.contains(blob))
                .count(),
        ),
        status: state.code().to_owned(),
        status_by: status_by(state, row).map(|id| label(authority, id)),
        conflict: projection.conflict,
        version: row.changes,
    })
}

fn count(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn flags(flags: Flags) -> Vec<String> {
    let all = [
        ("officer_safety", flags.officer_safety),
        ("arrest", flags.arrest),
        ("weapon_found", flags.weapon_found),
        ("under_18", flags.under_18),
    ];
    all.into_iter()
        .filter(|(_, set)| *set)
        .map(|(name, _)| name.to_owned())
        .collect()
}

fn status_by(state: ReviewState, row: &ConsoleRow) -> Option<OfficerId> {
    match state {
        ReviewState::Approved { by, .. }
        | ReviewState::Returned { by, .. }
        | ReviewState::Escalated { by, .. }
        | ReviewState::Amended { by, .. } => Some(by),
        ReviewState::Withdrawn { .. } => row.withdrawn_by,
        ReviewState::Submitted { .. } => Some(row.author),
        ReviewState::Unsubmitted => None,
    }
}

/// A device as the page shows it.
fn shown(device: Device) -> ConsoleDevice {
    ConsoleDevice {
        id: device.id.to_string(),
        name: device.name,
        form_factor: device.form_factor,
        officer: device.officer,
        last_heard: device.last_heard.map(|at| at.0),
        waiting: device.waiting.entries,
        waiting_photos: device.waiting.photos,
        oldest_waiting: device.waiting.oldest.map(|at| at.0),
        revoked: device.revoked.is_some(),
    }
}
