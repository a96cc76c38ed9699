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
use super::sql::{all, fixed, integer, natural, natural_or_none, one, run};
use super::{erase, grants, sessions, tasks};
use crate::store::StoreError;

/// Copies of one vault, each at another place of its mailbox, that come to rest.
const COPIES_MAX: usize = 16;

/// What is to be done about a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    Nothing,
    /// Some of it is stored.
    Forget,
    /// Some of it is lacking.
    SayAgain,
}

/// A mailbox as its log has it.
struct Mailbox {
    /// The number of the next mail.
    next: u64,
    /// The first mail that is left.
    first: Option<u64>,
    /// Where what was said again begins, each time: what begins there says what all before it
    /// had said. Nothing else was said between the first of them and the end of the last.
    said: Vec<u64>,
    /// That end: the number of the mail after it.
    until: u64,
}

fn mailbox(db: &Connection, log: LogId) -> Result<Option<Mailbox>, StoreError> {
    let sql = "SELECT next_mail, said, said_until,
            (SELECT min(seq) FROM mail WHERE log = ?1) AS first
        FROM logs WHERE id = ?1 AND held_here = 0";
    one(db, sql, params![log.as_bytes()], |row| {
        Ok(Mailbox {
            next: natural(row, "next_mail")?,
            first: natural_or_none(row, "first")?,
            said: places(&row.get::<_, Vec<u8>>("said")?),
            until: natural(row, "said_until")?,
        })
    })
}

/// What is to be done about the mailbox of a vault that has stored everything up to here.
///
/// Copies of a vault share its mailbox, and each takes from it what another lacks. What is said
/// again is nothing new to a copy that had everything before it: were it told once more, and
/// then the other, and so on, none of them would ever come to rest.
pub(super) fn due(db: &Connection, log: LogId, stored: MailSeq) -> Result<Due, StoreError> {
    let Some(mailbox) = mailbox(db, log)? else {
        return Ok(Due::Nothing);
    };
    let Mailbox { next, first, .. } = mailbox;
    if first.is_some_and(|first| first <= stored.0) {
        return Ok(Due::Forget);
    }
    let (left, wanted) = (first.unwrap_or(next), stored.0.saturating_add(1));
    // All that was said the last time is left.
    let told = mailbox.said.last().is_some_and(|from| left <= *from);
    // What is lacking was only said again.
    let known = mailbox.said.contains(&wanted) && left <= mailbox.until;
    if left <= wanted || told || known {
        return Ok(Due::Nothing);
    }
    Ok(Due::SayAgain)
}

fn places(bytes: &[u8]) -> Vec<u64> {
    let places = bytes.chunks_exact(8);
    let place = |it: &[u8]| it.iter().fold(0, |all, byte| all << 8 | u64::from(*byte));
    places.map(place).collect()
}

/// Forgets what is stored.
pub(super) fn forget(tx: &Transaction<'_>, log: LogId, stored: MailSeq) -> Result<(), StoreError> {
    let sql = "DELETE FROM mail WHERE log = ?1 AND seq <= ?2";
    run(tx, sql, params![log.as_bytes(), integer(stored.0)])?;
    Ok(())
}

/// Says again what was decided of each entry, what is granted, what its officer has to look at,
/// and which records were erased.
pub(super) fn say_again(tx: &Transaction<'_>, log: LogId) -> Result<(), StoreError> {
    let before = mailbox(tx, log)?.ok_or(StoreError::Damaged("log"))?;
    let mut said = before.said;
    if before.until != before.next {
        said.clear();
    }
    if said.len() == COPIES_MAX {
        said.remove(0);
    }
    said.push(before.next);
    let said: Vec<u8> = said.iter().flat_map(|place| place.to_be_bytes()).collect();
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
    for record in erase::erased(tx)? {
        sessions::post(tx, log, &Mail::Evict(record))?;
    }
    let sql = "UPDATE logs SET said = ?2, said_until = next_mail WHERE id = ?1";
    run(tx, sql, params![log.as_bytes(), said])?;
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
