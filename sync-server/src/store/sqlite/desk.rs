//! One sitting of the judge: one transaction, in which logs have their turns.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, Row, Transaction, params};
use shared::ids::{AcceptPos, LogId, OfficerId, PolicySeq, RecordId};
use shared::policy::Authority;
use shared::time::UnixMs;
use shared::wire::Scope;

use super::scopes::Sums;
use super::sql::{fixed, fixed_or_none, integer, natural, one, run};
use super::staging::Staged;
use super::{case, people, queue, records, rule};
use crate::store::{Answer, Judge, Judged, Outcome, Sitting, Staging, StoreError};

/// What one sitting keeps, and what it did so far.
pub(super) struct Desk<'a> {
    pub(super) tx: &'a Connection,
    pub(super) now: UnixMs,
    pub(super) staging: Staging,
    /// What is parked, once it was asked for.
    pub(super) staged: Option<Staged>,
    pub(super) done: Judged,
    /// The digests of this sitting.
    pub(super) sums: Sums,
    /// False while nothing at all waits for an entry: then nothing is looked for to be woken.
    pub(super) waiting: bool,
    authorities: BTreeMap<People, Arc<Authority>>,
}

/// A version of the authority, and the people it is asked for: the officer and the author.
type People = (PolicySeq, OfficerId, Option<OfficerId>);

impl Desk<'_> {
    /// These people as of a version. One device's entries nearly always ask for the same.
    pub(super) fn authority(
        &mut self,
        policy: PolicySeq,
        officer: OfficerId,
        author: Option<OfficerId>,
    ) -> Result<Arc<Authority>, StoreError> {
        let author = author.filter(|author| *author != officer);
        if let Some(found) = self.authorities.get(&(policy, officer, author)) {
            return Ok(Arc::clone(found));
        }
        let officers: Vec<_> = std::iter::once(officer).chain(author).collect();
        let found = Arc::new(people::authority_at(self.tx, policy, &officers)?);
        let key = (policy, officer, author);
        self.authorities.insert(key, Arc::clone(&found));
        Ok(found)
    }

    /// Notes where and in which scopes something was accepted.
    pub(super) fn accepted(
        &mut self,
        position: AcceptPos,
        scopes: impl IntoIterator<Item = Scope>,
    ) {
        self.done.position = Some(position);
        self.done.scopes.extend(scopes);
    }
}

pub(super) fn judge(
    tx: &Transaction<'_>,
    sitting: &Sitting,
    judge: &mut dyn Judge,
    now: UnixMs,
) -> Result<Judged, StoreError> {
    let mut desk = Desk {
        tx,
        now,
        staging: sitting.staging,
        staged: None,
        done: Judged::default(),
        sums: Sums::default(),
        waiting: queue::anything_waits(tx)?,
        authorities: BTreeMap::new(),
    };
    let mut turns = Turns {
        sitting,
        last: sitting.after,
        entries: 0,
        bytes: 0,
    };
    while desk.done.entries < u64::from(sitting.entries) {
        if desk.done.entries > 0 && !judge.goes_on() {
            break;
        }
        let Some(head) = turns.next(tx)? else { break };
        apart(&mut desk, &head, judge)?;
        desk.done.entries += 1;
        desk.done.last = Some(head.log);
    }
    desk.sums.flush(tx)?;
    Ok(desk.done)
}

/// Judges one entry so that whatever is wrong with it is undone with it alone.
fn apart(desk: &mut Desk<'_>, head: &Head, judge: &mut dyn Judge) -> Result<(), StoreError> {
    run(desk.tx, "SAVEPOINT entry", [])?;
    match entry(desk, head, judge) {
        Ok(()) => desk.sums.keep(),
        // Nothing is wrong with the entry: the whole sitting is tried again.
        Err(error @ (StoreError::Busy | StoreError::Full)) => return Err(error),
        Err(error) => {
            tracing::error!(%error, position = head.position, "an entry is set aside");
            run(desk.tx, "ROLLBACK TO entry", [])?;
            desk.sums.undo();
            queue::set_aside(desk.tx, head.position, desk.now)?;
            desk.done.failed += 1;
        }
    }
    run(desk.tx, "RELEASE entry", [])?;
    Ok(())
}

fn entry(desk: &mut Desk<'_>, head: &Head, judge: &mut dyn Judge) -> Result<(), StoreError> {
    let sql = "SELECT position, header, payload, received_at, change, actor, policy, policy_back,
        released, code, length(header) + length(payload) AS bytes
        FROM entries WHERE position = ?1";
    let found = one(desk.tx, sql, params![integer(head.position)], case::pending)?;
    let pending = found.ok_or(StoreError::Damaged("position"))?;
    let mut case = case::read(desk, pending, judge)?;
    let outcome = match judge.decide(&case) {
        Answer::Rule(outcome) => outcome,
        Answer::History => {
            let record = case.subject()?;
            case.history = Some(records::changes(desk.tx, record)?);
            match judge.decide(&case) {
                Answer::Rule(outcome) => outcome,
                Answer::History => return Err(StoreError::Damaged("snapshot")),
            }
        }
    };
    if shared::mutant!(PoisonStopsJudge) && matches!(outcome, Outcome::Reject(..)) {
        return Err(StoreError::Busy);
    }
    rule::rule(desk, &case, &outcome)
}

/// The first entry of a log that waits for judgement.
struct Head {
    log: LogId,
    position: u64,
    record: Option<RecordId>,
    bytes: u64,
}

fn head(row: &Row<'_>) -> Result<Head, StoreError> {
    Ok(Head {
        log: fixed(row, "log", LogId::from_slice)?,
        position: natural(row, "position")?,
        record: fixed_or_none(row, "record", RecordId::from_slice)?,
        bytes: natural(row, "bytes")?,
    })
}

const HEAD: &str = "SELECT log, position, record, length(header) + length(payload) AS bytes
    FROM entries WHERE state = 0";

/// Whose turn it is. Each log is judged in its own order, each record in the order of receipt,
/// and among logs nobody waits for more than one turn of each of the others.
struct Turns<'a> {
    sitting: &'a Sitting,
    last: Option<LogId>,
    entries: u32,
    bytes: u64,
}

impl Turns<'_> {
    fn next(&mut self, db: &Connection) -> Result<Option<Head>, StoreError> {
        let turn = self.sitting.turn;
        let going_on = self.entries > 0 && self.entries < turn.entries && self.bytes < turn.bytes;
        if let Some(log) = self.last.filter(|_| going_on)
            && let Some(head) = of_log(db, log)?
            && !overtakes(db, &head)?
        {
            return Ok(Some(self.takes(head)));
        }
        // Once round the circle. The entry that was received first overtakes none, so that
        // somebody always has a turn.
        let mut first = None;
        loop {
            let Some(head) = after(db, self.last)? else {
                return Ok(None);
            };
            if first == Some(head.log) {
                return Ok(None);
            }
            first.get_or_insert(head.log);
            self.last = Some(head.log);
            if !overtakes(db, &head)? {
                (self.entries, self.bytes) = (0, 0);
                return Ok(Some(self.takes(head)));
            }
        }
    }

    fn takes(&mut self, head: Head) -> Head {
        self.entries += 1;
        self.bytes += head.bytes;
        head
    }
}

fn of_log(db: &Connection, log: LogId) -> Result<Option<Head>, StoreError> {
    let sql = format!("{HEAD} AND log = ?1 ORDER BY position LIMIT 1");
    one(db, &sql, params![log.as_bytes()], head)
}

/// The head of the log that comes next in the circle.
fn after(db: &Connection, last: Option<LogId>) -> Result<Option<Head>, StoreError> {
    if let Some(last) = last {
        let sql = format!("{HEAD} AND log > ?1 ORDER BY log, position LIMIT 1");
        let found = one(db, &sql, params![last.as_bytes()], head)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    one(
        db,
        &format!("{HEAD} ORDER BY log, position LIMIT 1"),
        [],
        head,
    )
}

/// True if something of the same record was received before it and waits too.
fn overtakes(db: &Connection, head: &Head) -> Result<bool, StoreError> {
    let Some(record) = head.record else {
        return Ok(false);
    };
    let sql = "SELECT 1 FROM entries WHERE state = 0 AND record = ?1 AND position < ?2 LIMIT 1";
    let params = params![record.as_bytes(), integer(head.position)];
    Ok(one(db, sql, params, |_| Ok(()))?.is_some())
}
