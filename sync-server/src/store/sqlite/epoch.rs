//! Lineages of the database, the horizon, and copies of it.

use std::path::Path;

use rusqlite::{Connection, Row, Transaction, params};
use shared::ids::{AcceptPos, Epoch, LogId, OfficerId, ReceivePos};
use shared::time::UnixMs;
use shared::wire::{Branch, Mail, Scope};

use super::sql::{all, count, fixed, integer, natural, run};
use super::{audit, grants, imported, notices, sessions, tasks};
use crate::store::{AuditEvent, StoreError};

/// What is added to every number that devices keep, so that the lineages never give the same
/// one twice: no lineage makes a million of them between a backup and the loss of its disk.
const GAP: i64 = 1 << 20;

/// A map without features.
const NOWHERE: &str = r#"{"type":"FeatureCollection","features":[]}"#;
/// Documents of the reference stream that not every server has, and what says that there is none.
const NONE: [(&str, &str); 5] = [
    (shared::settings::ITEM, "{}"),
    (shared::authorisation::ITEM, NOWHERE),
    ("areas", NOWHERE),
    ("codes", "[]"),
    (notices::ITEM, "[]"),
];

fn branch(row: &Row<'_>) -> Result<Branch, StoreError> {
    Ok(Branch {
        epoch: fixed(row, "epoch", Epoch::from_slice)?,
        parent: fixed(row, "parent", Epoch::from_slice)?,
        accept: AcceptPos(natural(row, "accept")?),
        receive: ReceivePos(natural(row, "receive")?),
    })
}

/// How this lineage descends from older ones, the newest first.
pub(super) fn lineage(db: &Connection) -> Result<Vec<Branch>, StoreError> {
    let sql = "SELECT epoch, parent, accept, receive FROM lineage ORDER BY number DESC";
    all(db, sql, [], branch)
}

pub(super) fn begin(tx: &Transaction<'_>, epoch: Epoch, now: UnixMs) -> Result<Branch, StoreError> {
    let at = super::counters(tx)?;
    let branch = Branch {
        epoch,
        parent: at.epoch,
        accept: at.accept,
        receive: at.receive,
    };
    run(
        tx,
        "INSERT INTO lineage (number, epoch, parent, accept, receive, at)
         VALUES ((SELECT coalesce(max(number), 0) + 1 FROM lineage), ?1, ?2, ?3, ?4, ?5)",
        params![
            epoch.as_bytes(),
            branch.parent.as_bytes(),
            integer(branch.accept.0),
            integer(branch.receive.0),
            now.0
        ],
    )?;
    // What it was restored from covers all that is in it.
    run(
        tx,
        "UPDATE state SET epoch = ?1, horizon = receive, policy = policy + ?2,
            reference = reference + ?2 WHERE id = 1",
        params![epoch.as_bytes(), GAP],
    )?;
    // A log's own policy sequence may not go back: entries that name one which the lost lineage
    // had reached are followed by entries that name one above.
    run(tx, "UPDATE reference SET seq = seq + ?1", params![GAP])?;
    give_out_none(tx)?;
    run(
        tx,
        "UPDATE logs SET next_mail = next_mail + ?1",
        params![GAP],
    )?;
    // Whoever had been shut out since must not come in again.
    for sql in [
        "DELETE FROM sessions",
        "DELETE FROM enrolment_codes",
        "DELETE FROM recoveries",
    ] {
        run(tx, sql, [])?;
    }
    grant_again(tx)?;
    // A log that the server holds goes on nowhere: devices may have other entries at the places
    // that it would give next. Whoever acts again begins a new one.
    run(tx, "UPDATE logs SET held_here = 2 WHERE held_here = 1", [])?;
    let event = AuditEvent {
        kind: "epoch_began",
        detail: format!(
            "epoch={epoch} parent={} accept={} receive={}",
            branch.parent, branch.accept, branch.receive
        ),
        ..Default::default()
    };
    audit::append(tx, &event, now)?;
    Ok(branch)
}

/// Gives out that there is none of what only the lost lineage had given out: devices hold it, and
/// would go on by it for good.
fn give_out_none(tx: &Transaction<'_>) -> Result<(), StoreError> {
    for (name, none) in NONE {
        if imported::reference(tx, name)?.is_none() {
            imported::set_reference(tx, name, none.as_bytes())?;
        }
    }
    Ok(())
}

/// Tells every vault its grants once more, and what its officer has to look at: the lost lineage
/// may have ended some, or given others, and devices forget both with it.
fn grant_again(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let sql = "SELECT id, officer FROM logs
        WHERE held_here = 0 AND id IN (SELECT log FROM grants) ORDER BY id";
    let vaults = all(tx, sql, [], |row| {
        let log = fixed(row, "id", LogId::from_slice)?;
        Ok((log, fixed(row, "officer", OfficerId::from_slice)?))
    })?;
    for (log, officer) in vaults {
        for (scope, granted) in grants::of(tx, log)? {
            sessions::post(tx, log, &Mail::Granted(scope, AcceptPos(granted).next()))?;
            if let Scope::Team(team) = scope {
                tasks::catch_up(tx, log, officer, team)?;
            }
        }
    }
    Ok(())
}

pub(super) fn raise_horizon(
    tx: &Transaction<'_>,
    to: ReceivePos,
) -> Result<ReceivePos, StoreError> {
    let sql = "UPDATE state SET horizon = max(horizon, min(receive, ?1)) WHERE id = 1
        RETURNING horizon AS n";
    count(tx, sql, params![integer(to.0)]).map(ReceivePos)
}

/// Writes a copy that holds no page of what was deleted, as of one moment.
pub(super) fn copy(db: &Connection, path: &Path) -> Result<(), StoreError> {
    let path = path.to_str().ok_or(StoreError::Damaged("path"))?;
    db.execute("VACUUM INTO ?1", params![path])?;
    Ok(())
}
