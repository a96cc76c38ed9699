//! The limits of what is parked for want of what it builds on.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use shared::ids::{DeviceId, LogId};
use shared::wire::VerdictCode;

use super::desk::Desk;
use super::queue::{WAITS, again, waits};
use super::sql::{all, fixed, integer, natural, one, run};
use crate::store::{Case, Staging, StoreError, WaitsOn};

/// Entries taken up again at a time.
const AGAIN: u64 = 256;

/// What is parked for want of what it builds on.
#[derive(Default)]
pub(super) struct Staged {
    /// Entries and bytes of each device.
    devices: BTreeMap<DeviceId, (u64, u64)>,
    bytes: u64,
}

impl Staged {
    /// As it is now.
    pub(super) fn read(db: &Connection) -> Result<Self, StoreError> {
        let sql = "SELECT l.device, count(*) AS entries,
                sum(length(e.header) + length(e.payload)) AS bytes
            FROM entries e JOIN logs l ON l.id = e.log WHERE e.state = 2 AND e.code IN (?1, ?2)
            GROUP BY l.device";
        let codes = [VerdictCode::MissingDependency, VerdictCode::StagingFull];
        let devices = all(db, sql, codes.map(VerdictCode::as_str), |row| {
            let device = fixed(row, "device", DeviceId::from_slice)?;
            Ok((device, (natural(row, "entries")?, natural(row, "bytes")?)))
        })?;
        let bytes = devices.iter().map(|(_, (_, bytes))| bytes).sum();
        Ok(Self {
            devices: devices.into_iter().collect(),
            bytes,
        })
    }

    /// True if so much more of a device finds room.
    fn room(&self, device: DeviceId, bytes: u64, limits: &Staging) -> bool {
        let (entries, of_device) = self.devices.get(&device).copied().unwrap_or_default();
        entries < limits.device_entries
            && of_device + bytes <= limits.device_bytes
            && self.bytes + bytes <= limits.all_bytes
    }

    fn add(&mut self, device: DeviceId, more: u64) {
        let (entries, bytes) = self.devices.entry(device).or_default();
        (*entries, *bytes) = (*entries + 1, *bytes + more);
        self.bytes += more;
    }

    fn take(&mut self, device: DeviceId, less: u64) {
        let (entries, bytes) = self.devices.entry(device).or_default();
        (*entries, *bytes) = (entries.saturating_sub(1), bytes.saturating_sub(less));
        self.bytes = self.bytes.saturating_sub(less);
    }
}

fn device_of(db: &Connection, log: LogId) -> Result<DeviceId, StoreError> {
    let sql = "SELECT device FROM logs WHERE id = ?1";
    let device = one(db, sql, params![log.as_bytes()], |row| {
        fixed(row, "device", DeviceId::from_slice)
    })?;
    device.ok_or(StoreError::Damaged("log"))
}

/// Parks an entry; the code says if that is more than may be parked. What is over the limits
/// waits too: it is woken by what it lacks like all others, and taken up again when there is
/// room.
pub(super) fn park(
    desk: &mut Desk<'_>,
    case: &Case,
    code: VerdictCode,
    waits_on: WaitsOn,
) -> Result<VerdictCode, StoreError> {
    let code = match code {
        VerdictCode::MissingDependency => stage(desk, case)?,
        other => other,
    };
    desk.waiting = true;
    run(
        desk.tx,
        "UPDATE entries SET state = 2, code = ?3, waits_on = ?4, judged_at = ?5
         WHERE log = ?1 AND seq = ?2",
        params![
            case.id.log.as_bytes(),
            case.seq(),
            code.as_str(),
            waits_on.key(),
            desk.now.0
        ],
    )?;
    Ok(code)
}

fn stage(desk: &mut Desk<'_>, case: &Case) -> Result<VerdictCode, StoreError> {
    let device = device_of(desk.tx, case.id.log)?;
    // Read once in a sitting: what leaves meanwhile is only counted a little longer.
    let mut staged = match desk.staged.take() {
        Some(staged) => staged,
        None => Staged::read(desk.tx)?,
    };
    let room = staged.room(device, case.bytes, &desk.staging);
    staged.add(device, case.bytes);
    desk.staged = Some(staged);
    Ok(if room {
        VerdictCode::MissingDependency
    } else {
        VerdictCode::StagingFull
    })
}

/// True if something was parked over the limits.
pub(super) fn is_over(db: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM entries WHERE state = 2 AND code = ?1 LIMIT 1";
    let full = VerdictCode::StagingFull.as_str();
    Ok(one(db, sql, params![full], |_| Ok(()))?.is_some())
}

/// Takes up again what was parked over the limits and finds room by now, the oldest first.
pub(super) fn unstage(db: &Connection, limits: &Staging) -> Result<u64, StoreError> {
    let mut staged = Staged::read(db)?;
    let sql = format!("{WAITS} WHERE state = 2 AND code = ?1 ORDER BY position LIMIT ?2");
    let full = VerdictCode::StagingFull.as_str();
    let mut taken = 0;
    for entry in all(db, &sql, params![full, integer(AGAIN)], waits)? {
        let device = device_of(db, entry.log)?;
        // It is counted already: it finds room if all that is parked is within the limits.
        if staged.room(device, 0, limits) {
            staged.take(device, entry.bytes);
            again(db, &entry, false)?;
            taken += 1;
        }
    }
    Ok(taken)
}
