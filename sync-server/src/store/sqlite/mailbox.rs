//! Mail that a vault has stored, and mail that it lacks and that is not kept any more.
//!
//! Mail is forgotten once its vault says that it is stored. A device that goes back to an older
//! copy of itself, a second copy of it, and a device that begins with another lineage of this
//! server do not have what they, or another of them, once said was stored. It shows: they ask
//! for mail after a place before the first that is left. Then all of it is said again, from the
//! entries and grants themselves.

use rusqlite::{Connection, Row, Transaction, params};
use shared::ids::{AcceptPos, LogId, MailSeq, OfficerId, Seq};
use shared::time::UnixMs;
use shared::wire::{Mail, Scope, Verdict, VerdictCode};

use super::receive::state;
use super::sql::{all, count, fixed, integer, natural, one, run};
use super::{grants, sessions, tasks};
use crate::store::StoreError;

/// What is to be done about a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    Nothing,
    /// Some of it is stored.
    Forget,
    /// Some of it is lacking.
    SayAgain,
}

/// What is to be done about the mailbox of a vault that has stored everything up to here.
pub(super) fn due(db: &Connection, log: LogId, stored: MailSeq) -> Result<Due, StoreError> {
    let sql = "SELECT next_mail, (SELECT min(seq) FROM mail WHERE log = ?1) AS first
        FROM logs WHERE id = ?1 AND held_here = 0";
    let found = one(db, sql, params![log.as_bytes()], |row| {
        let first: Option<i64> = row.get("first")?;
        Ok((first, natural(row, "next_mail")?))
    })?;
    let Some((first, next)) = found else {
        return Ok(Due::Nothing);
    };
    let first = first.and_then(|first| u64::try_from(first).ok());
    if first.is_some_and(|first| first <= stored.0) {
        return Ok(Due::Forget);
    }
    if first.unwrap_or(next) <= stored.0.saturating_add(1) || is_said(db, log)? {
        return Ok(Due::Nothing);
    }
    Ok(Due::SayAgain)
}

/// True if there is as much mail as there would be to say again: it was, and its vault has not
/// said yet that it is stored.
fn is_said(db: &Connection, log: LogId) -> Result<bool, StoreError> {
    let log = log.as_bytes();
    let sql = "SELECT count(*) AS n FROM mail WHERE log = ?1";
    let waiting = count(db, sql, params![log])?;
    let sql = "SELECT (SELECT count(*) FROM entries WHERE log = ?1 AND state NOT IN (0, 9))
        + (SELECT count(*) FROM grants WHERE log = ?1) AS n";
    Ok(waiting >= count(db, sql, params![log])?)
}

/// Forgets what is stored.
pub(super) fn forget(tx: &Transaction<'_>, log: LogId, stored: MailSeq) -> Result<(), StoreError> {
    let sql = "DELETE FROM mail WHERE log = ?1 AND seq <= ?2";
    run(tx, sql, params![log.as_bytes(), integer(stored.0)])?;
    Ok(())
}

/// Says again what was decided of each entry, what is granted, and what its officer has to look
/// at.
pub(super) fn say_again(tx: &Transaction<'_>, log: LogId) -> Result<(), StoreError> {
    let sql = "SELECT officer FROM logs WHERE id = ?1";
    let officer = one(tx, sql, params![log.as_bytes()], |row| {
        fixed(row, "officer", OfficerId::from_slice)
    })?;
    let officer = officer.ok_or(StoreError::Damaged("log"))?;
    for (scope, granted) in grants::of(tx, log)? {
        sessions::post(tx, log, &Mail::Granted(scope, AcceptPos(granted).next()))?;
        if let Scope::Team(team) = scope {
            tasks::catch_up(tx, log, officer, team)?;
        }
    }
    let sql = "SELECT seq, state, code, accepted, judged_at FROM entries
        WHERE log = ?1 AND state NOT IN (0, 9) ORDER BY seq";
    for (seq, verdict, at) in all(tx, sql, params![log.as_bytes()], decided)? {
        sessions::post(tx, log, &Mail::Verdict(seq, verdict, at))?;
    }
    Ok(())
}

fn decided(row: &Row<'_>) -> Result<(Seq, Verdict, UnixMs), StoreError> {
    let code: Option<String> = row.get("code")?;
    let code = || {
        let known = code.as_deref().and_then(VerdictCode::parse);
        known.ok_or(StoreError::Damaged("code"))
    };
    let verdict = match row.get("state")? {
        state::ACCEPTED => Verdict::Accepted(AcceptPos(natural(row, "accepted")?)),
        state::QUARANTINED => Verdict::Quarantined(code()?),
        state::REJECTED => Verdict::Rejected(code()?),
        state::UPHELD => Verdict::Upheld(code()?),
        state::SUPERSEDED => Verdict::Superseded,
        _ => Verdict::Parked(code()?),
    };
    let at: Option<i64> = row.get("judged_at")?;
    let seq = Seq(natural(row, "seq")?);
    Ok((seq, verdict, UnixMs(at.unwrap_or_default())))
}
