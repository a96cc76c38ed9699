//! Operations: people, devices, imports, the audit, and figures.

use std::collections::BTreeMap;

use shared::area::Areas;
use shared::hash::sha256;
use shared::ids::{DeviceId, OfficerId, TeamId};
use shared::published::{Column, Row, read};

use super::{
    AuditReport, Enrolment, Imported, Moved, NewPerson, RefusedLine, Server, ServerError, lock,
    secret,
};
use crate::store::{Added, AuditEvent, NewCode, PersonEntry, PublishedRow};
use crate::view::{Figures, PersonRow};

/// The name of the areas in the reference stream.
pub(super) const AREAS: &str = "areas";
/// How long an enrolment code may be used.
const CODE_MS: i64 = 24 * 3600 * 1000;
/// Longest name of a person, team, station or device.
const NAME_CHARS: usize = 100;
/// Published searches written in one transaction.
const PUBLISHED_ROWS: usize = 5_000;
/// How long it is believed that the store can be written.
const PROOF_MS: i64 = 1_000;

impl Server {
    /// Gives people accounts, all or none.
    pub fn add_people(&self, people: &[NewPerson]) -> Result<Vec<OfficerId>, ServerError> {
        let entries: Vec<PersonEntry> = people
            .iter()
            .map(|person| self.entry(person))
            .collect::<Result<_, _>>()?;
        match self.store.add_people(&entries, self.env.now())? {
            Added::At(_) => {}
            Added::Taken => return Err(ServerError::Exists),
        }
        self.tell(Moved::Reference);
        Ok(entries.iter().map(|entry| entry.id).collect())
    }

    fn entry(&self, person: &NewPerson) -> Result<PersonEntry, ServerError> {
        for name in [&person.collar, &person.name, &person.team] {
            checked_name(name)?;
        }
        if !secret::acceptable(&person.password) {
            return Err(ServerError::Invalid("a password has 8 to 256 characters"));
        }
        Ok(PersonEntry {
            id: OfficerId::from_bytes(self.env.bytes()),
            collar: person.collar.clone(),
            title: person.title.clone(),
            name: person.name.clone(),
            role: person.role,
            new_team: TeamId::from_bytes(self.env.bytes()),
            team: person.team.clone(),
            station: person.station.clone(),
            password: secret::hash_password(&self.env, self.config.password_kib, &person.password)?,
        })
    }

    /// Ends an account.
    pub fn end_person(&self, collar: &str) -> Result<(), ServerError> {
        if !self.store.end_person(collar, self.env.now())? {
            return Err(ServerError::Missing);
        }
        self.tell(Moved::Reference);
        Ok(())
    }

    /// Everybody with an account, by collar number.
    pub fn people(&self) -> Result<Vec<PersonRow>, ServerError> {
        let authority = self.authority()?;
        let mut people: Vec<PersonRow> = authority
            .people
            .values()
            .map(|person| PersonRow {
                id: person.id.to_string(),
                label: person.label(),
                collar: person.collar.clone(),
                role: person.role.as_str().to_owned(),
                team: authority
                    .teams
                    .get(&person.team)
                    .map(|t| t.name.clone())
                    .unwrap_or_default(),
                station: person.station.clone(),
                active: person.active,
            })
            .collect();
        people.sort_by(|a, b| a.collar.cmp(&b.collar));
        Ok(people)
    }

    /// Makes a one-time code for a device.
    pub fn new_enrolment(&self, name: &str) -> Result<Enrolment, ServerError> {
        checked_name(name)?;
        let now = self.env.now();
        let (code, expires) = (secret::code(&self.env), now.plus(CODE_MS));
        let hash = secret::code_hash(&code);
        self.store.add_code(
            &NewCode {
                code: hash,
                name: name.to_owned(),
                expires,
            },
            now,
        )?;
        Ok(Enrolment { code, expires })
    }

    /// Revokes a device: it may still push, into quarantine, and is given nothing.
    pub fn revoke_device(&self, id: DeviceId) -> Result<(), ServerError> {
        if !self.store.revoke(id, self.env.now())? {
            return Err(ServerError::Missing);
        }
        self.tell(Moved::Devices);
        Ok(())
    }

    /// Imports published searches. `file` is the whole content: doing it again adds nothing.
    pub fn import_published(&self, file: &[u8]) -> Result<Imported, ServerError> {
        let hash = sha256(&[file]);
        let mut imported = Imported {
            read: 0,
            imported: 0,
            known: 0,
            refused: Vec::new(),
        };
        let mut rows = Vec::new();
        for line in read(file) {
            match line {
                Ok(row) => {
                    imported.read += 1;
                    rows.push(published(&row)?);
                }
                Err(error) => imported.refused.push(RefusedLine {
                    line: error.line,
                    reason: error.reason.to_string(),
                }),
            }
            if rows.len() == PUBLISHED_ROWS {
                imported.imported += self.store.add_published(&hash, &rows)?;
                rows.clear();
            }
        }
        imported.imported += self.store.add_published(&hash, &rows)?;
        imported.known = imported.read - imported.imported;
        let detail = format!("file={} rows={}", hex::encode(hash), imported.imported);
        let event = AuditEvent {
            kind: "searches_imported",
            detail,
            ..Default::default()
        };
        self.store.audit(&event, self.env.now())?;
        Ok(imported)
    }

    /// Replaces the wards by those of a GeoJSON file.
    pub fn import_areas(&self, geojson: &str) -> Result<Imported, ServerError> {
        let (areas, rejected) = Areas::from_geojson(geojson)
            .map_err(|_| ServerError::Invalid("not a GeoJSON collection of areas"))?;
        let refused: Vec<RefusedLine> = rejected
            .iter()
            .map(|it| RefusedLine {
                line: it.feature as u64 + 1,
                reason: it.reason.to_string(),
            })
            .collect();
        let text = areas.to_geojson();
        let read = areas.len() as u64 + refused.len() as u64;
        let before = self.store.reference(AREAS)?;
        if before.is_some_and(|(_, body)| body == text.as_bytes()) {
            return Ok(Imported {
                read,
                imported: 0,
                known: areas.len() as u64,
                refused,
            });
        }
        self.store.set_reference(AREAS, text.as_bytes())?;
        let detail = format!("areas={}", areas.len());
        let event = AuditEvent {
            kind: "areas_imported",
            detail,
            ..Default::default()
        };
        self.store.audit(&event, self.env.now())?;
        self.tell(Moved::Reference);
        Ok(Imported {
            read,
            imported: areas.len() as u64,
            known: 0,
            refused,
        })
    }

    /// Verifies the audit's chain.
    pub fn verify_audit(&self) -> Result<AuditReport, ServerError> {
        let (rows, broken_at) = self.store.verify_audit()?;
        Ok(AuditReport { rows, broken_at })
    }

    /// Counts for the operator.
    pub fn figures(&self) -> Result<Figures, ServerError> {
        Ok(self.store.figures()?)
    }

    /// Ready to serve: the store can be written. Anybody may ask, and each proof costs a sync
    /// of the disk: one holds for a moment.
    pub fn ready(&self) -> Result<(), ServerError> {
        let now = self.env.now();
        let mut proven = lock(&self.proven);
        let since = proven.map(|at| now.since(at));
        if since.is_some_and(|ms| (0..PROOF_MS).contains(&ms)) {
            return Ok(());
        }
        *proven = None;
        self.store.prove_writable()?;
        *proven = Some(now);
        Ok(())
    }
}

pub(super) fn checked_name(name: &str) -> Result<(), ServerError> {
    let count = name.chars().count();
    if name.trim() != name || count == 0 || count > NAME_CHARS || name.contains(char::is_control) {
        return Err(ServerError::Invalid(
            "a name has 1 to 100 characters and no spaces around",
        ));
    }
    Ok(())
}

fn published(row: &Row) -> Result<PublishedRow, ServerError> {
    let columns: BTreeMap<&str, &str> = Column::ALL
        .into_iter()
        .map(|column| (column.heading(), row.get(column)))
        .collect();
    let columns = serde_json::to_string(&columns)
        .map_err(|_| ServerError::Invalid("a row that cannot be kept"))?;
    let place = row.place();
    Ok(PublishedRow {
        line: row.line(),
        at: Some(row.at()),
        lat: place.map(|(lat, _)| lat),
        lon: place.map(|(_, lon)| lon),
        columns,
    })
}
