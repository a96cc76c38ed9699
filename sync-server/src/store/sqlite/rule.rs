//! Writing a judgement: entry, record, feed, mail and audit in one transaction, or, if
//! anything moved since the case was read, nothing.

use rusqlite::{Transaction, params};
use shared::ids::{AcceptPos, EntryId, RecordId};
use shared::log::encode;
use shared::time::UnixMs;
use shared::wire::{Mail, Scope, Verdict, VerdictCode};

use super::case::{Judged, waiting_at};
use super::receive::state;
use super::sql::{count, integer, join_hashes, run};
use super::{audit, next_accept, records, sessions};
use crate::store::{
    Accepted, AuditEvent, NewState, NewStatement, Outcome, Ruled, Ruling, StoreError, WaitsOn,
};

pub(super) fn rule(
    tx: &Transaction<'_>,
    ruling: &Ruling,
    now: UnixMs,
) -> Result<Ruled, StoreError> {
    let Some(entry) = waiting_at(tx, ruling.id)? else {
        return Ok(Ruled::Stale);
    };
    if let Some(record) = entry.header.subject {
        let sql = "SELECT revision AS n FROM records WHERE id = ?1";
        if count(tx, sql, params![record.as_bytes()])? != ruling.revision {
            return Ok(Ruled::Stale);
        }
    }
    let position = match &ruling.outcome {
        Outcome::Park(code, waits_on) => {
            park(tx, &entry, *code, *waits_on, now)?;
            return Ok(Ruled::Done(None));
        }
        Outcome::Quarantine(code) => {
            refuse(
                tx,
                &entry,
                state::QUARANTINED,
                Verdict::Quarantined(*code),
                "",
                now,
            )?;
            return Ok(Ruled::Done(None));
        }
        Outcome::Reject(code, detail) => {
            refuse(
                tx,
                &entry,
                state::REJECTED,
                Verdict::Rejected(*code),
                detail,
                now,
            )?;
            return Ok(Ruled::Done(None));
        }
        Outcome::AcceptAudit => accept_audit(tx, &entry, now)?,
        Outcome::AcceptChange(state) => accept_change(tx, &entry, state, now)?,
        Outcome::AcceptStatement(statement) => accept_statement(tx, &entry, statement, now)?,
    };
    let scopes = match entry.header.subject {
        Some(record) if !entry.header.kind.is_audit_only() => records::scopes(tx, record)?,
        _ => Vec::new(),
    };
    Ok(Ruled::Done(Some(Accepted { position, scopes })))
}

fn park(
    tx: &Transaction<'_>,
    entry: &Judged,
    code: VerdictCode,
    waits_on: WaitsOn,
    now: UnixMs,
) -> Result<(), StoreError> {
    let sql = "SELECT 1 AS n FROM entries WHERE log = ?1 AND seq = ?2 AND code = ?3";
    let log = entry.header.log;
    let told = count(tx, sql, params![log.as_bytes(), entry.seq(), code.as_str()])? == 1;
    run(
        tx,
        "UPDATE entries SET state = 2, code = ?3, waits_on = ?4, judged_at = ?5
         WHERE log = ?1 AND seq = ?2",
        params![
            log.as_bytes(),
            entry.seq(),
            code.as_str(),
            waits_on.key(),
            now.0
        ],
    )?;
    // It may be tried many times; its author hears of it once.
    if told {
        return Ok(());
    }
    tell(tx, entry, Verdict::Parked(code), "", now)
}

fn refuse(
    tx: &Transaction<'_>,
    entry: &Judged,
    state: i64,
    verdict: Verdict,
    detail: &str,
    now: UnixMs,
) -> Result<(), StoreError> {
    let (Verdict::Quarantined(code) | Verdict::Rejected(code)) = verdict else {
        return Ok(());
    };
    run(
        tx,
        "UPDATE entries SET state = ?3, code = ?4, waits_on = NULL, judged_at = ?5
         WHERE log = ?1 AND seq = ?2",
        params![
            entry.header.log.as_bytes(),
            entry.seq(),
            state,
            code.as_str(),
            now.0
        ],
    )?;
    wake(tx, entry)?;
    tell(tx, entry, verdict, detail, now)
}

/// The verdict goes to the author's mailbox and to the audit.
fn tell(
    tx: &Transaction<'_>,
    entry: &Judged,
    verdict: Verdict,
    detail: &str,
    now: UnixMs,
) -> Result<(), StoreError> {
    sessions::post(
        tx,
        entry.header.log,
        &Mail::Verdict(entry.header.seq, verdict, now),
    )?;
    let code = match verdict {
        Verdict::Accepted(_) => "",
        Verdict::Parked(code) | Verdict::Quarantined(code) | Verdict::Rejected(code) => {
            code.as_str()
        }
    };
    if shared::mutant!(AuditForgets) {
        return Ok(());
    }
    let id = entry.header.id();
    let event = AuditEvent {
        kind: verdict.as_str(),
        officer: Some(entry.header.officer),
        record: entry.header.subject,
        detail: format!(
            "entry={id} kind={} code={code} {detail}",
            entry.header.kind.code()
        ),
        ..Default::default()
    };
    audit::append(tx, &event, now)
}

/// Puts what waited for this entry, its change or its record back into the queue.
fn wake(tx: &Transaction<'_>, entry: &Judged) -> Result<(), StoreError> {
    let mut keys = vec![WaitsOn::Entry(entry.header.id())];
    keys.extend(entry.change.map(WaitsOn::Change));
    keys.extend(entry.header.subject.map(WaitsOn::Record));
    for key in keys {
        wake_key(tx, key)?;
    }
    Ok(())
}

/// Puts what waited for this back into the queue.
pub(super) fn wake_key(tx: &Transaction<'_>, key: WaitsOn) -> Result<(), StoreError> {
    if shared::mutant!(ParkedForever) {
        return Ok(());
    }
    let sql = "UPDATE entries SET state = 0, waits_on = NULL WHERE state = 2 AND waits_on = ?1";
    run(tx, sql, params![key.key()])?;
    Ok(())
}

/// Puts what was parked for this reason back into the queue.
pub(super) fn requeue(tx: &Transaction<'_>, code: VerdictCode) -> Result<u64, StoreError> {
    let sql = "UPDATE entries SET state = 0, waits_on = NULL WHERE state = 2 AND code = ?1";
    Ok(run(tx, sql, params![code.as_str()])? as u64)
}

fn accept_audit(
    tx: &Transaction<'_>,
    entry: &Judged,
    now: UnixMs,
) -> Result<AcceptPos, StoreError> {
    wake(tx, entry)?;
    let position = next_accept(tx)?;
    settle(tx, entry, position, now)?;
    Ok(position)
}

/// What every accepted entry gets, once its position is known.
fn settle(
    tx: &Transaction<'_>,
    entry: &Judged,
    position: AcceptPos,
    now: UnixMs,
) -> Result<(), StoreError> {
    run(
        tx,
        "UPDATE entries SET state = 1, code = NULL, waits_on = NULL, accepted = ?3, judged_at = ?4
         WHERE log = ?1 AND seq = ?2",
        params![
            entry.header.log.as_bytes(),
            entry.seq(),
            integer(position.0),
            now.0
        ],
    )?;
    tell(tx, entry, Verdict::Accepted(position), "", now)
}

fn accept_change(
    tx: &Transaction<'_>,
    entry: &Judged,
    state: &NewState,
    now: UnixMs,
) -> Result<AcceptPos, StoreError> {
    let record = entry.record()?;
    let new = write_state(tx, entry, record, state)?;
    let arrived = records::name_photos(tx, record, &state.photos)?;
    wake(tx, entry)?;
    let position = next_accept(tx)?;
    settle(tx, entry, position, now)?;
    if new {
        records::enter(tx, Scope::Author(entry.header.officer), record, position)?;
    }
    publish(tx, entry, record, position, None)?;
    records::touch(tx, record, position)?;
    // Photos that had come before the record spoke of them.
    for blob in arrived {
        records::photo_here(tx, record, blob)?;
    }
    Ok(position)
}

/// Writes the record as it is now; true if it is new.
fn write_state(
    tx: &Transaction<'_>,
    entry: &Judged,
    record: RecordId,
    state: &NewState,
) -> Result<bool, StoreError> {
    let officer = entry.header.officer;
    let updated = run(
        tx,
        "UPDATE records SET revision = revision + 1, changes = changes + 1, heads = ?2,
            snapshot = ?3, projection = ?4 WHERE id = ?1",
        params![
            record.as_bytes(),
            join_hashes(&state.heads),
            state.snapshot,
            state.projection
        ],
    )?;
    if updated == 0 {
        run(
            tx,
            "INSERT INTO records (id, kind, author, revision, changes, heads, snapshot, projection,
                position) VALUES (?1, ?2, ?3, 1, 1, ?4, ?5, ?6, 0)",
            params![
                record.as_bytes(),
                state.kind.as_str(),
                officer.as_bytes(),
                join_hashes(&state.heads),
                state.snapshot,
                state.projection
            ],
        )?;
    }
    let sql = "INSERT OR IGNORE INTO contributors (record, officer) VALUES (?1, ?2)";
    run(tx, sql, params![record.as_bytes(), officer.as_bytes()])?;
    if let Some(actor) = entry.actor {
        run(
            tx,
            "INSERT OR IGNORE INTO actors (actor, log, record) VALUES (?1, ?2, ?3)",
            params![
                actor.as_bytes(),
                entry.header.log.as_bytes(),
                record.as_bytes()
            ],
        )?;
    }
    Ok(updated == 0)
}

fn accept_statement(
    tx: &Transaction<'_>,
    entry: &Judged,
    statement: &NewStatement,
    now: UnixMs,
) -> Result<AcceptPos, StoreError> {
    let record = entry.record()?;
    let begins = write_statement(tx, entry, record, statement)?;
    wake(tx, entry)?;
    let position = next_accept(tx)?;
    settle(tx, entry, position, now)?;
    publish(tx, entry, record, position, begins)?;
    records::touch(tx, record, position)?;
    Ok(position)
}

/// Writes what the statement says of the record; gives the scope that begins with it.
fn write_statement(
    tx: &Transaction<'_>,
    entry: &Judged,
    record: RecordId,
    statement: &NewStatement,
) -> Result<Option<Scope>, StoreError> {
    let at = entry.header.estimated_time().0;
    let mut begins = None;
    match statement {
        NewStatement::Submission { team } => {
            let first = run(
                tx,
                "UPDATE records SET submitted_at = ?2, received_at = ?3, team = ?4
                 WHERE id = ?1 AND submitted_at IS NULL",
                params![
                    record.as_bytes(),
                    at,
                    entry.received_at.0,
                    team.map(|team| *team.as_bytes())
                ],
            )?;
            begins = team.filter(|_| first == 1).map(Scope::Team);
        }
        NewStatement::Review { verdict, heads } => {
            let EntryId { log, .. } = entry.header.id();
            run(
                tx,
                "INSERT INTO reviews (record, log, seq, officer, verdict, heads, seen, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    record.as_bytes(),
                    log.as_bytes(),
                    entry.seq(),
                    entry.header.officer.as_bytes(),
                    records::verdict_number(*verdict),
                    join_hashes(heads),
                    encode(&entry.header.seen),
                    at
                ],
            )?;
        }
        NewStatement::Withdrawal => {
            run(
                tx,
                "UPDATE records SET withdrawn_at = ?2, withdrawn_by = ?3
                 WHERE id = ?1 AND withdrawn_at IS NULL",
                params![record.as_bytes(), at, entry.header.officer.as_bytes()],
            )?;
        }
        NewStatement::ReceiptGiven => {}
    }
    let sql = "UPDATE records SET revision = revision + 1 WHERE id = ?1";
    run(tx, sql, params![record.as_bytes()])?;
    Ok(begins)
}

/// Writes the feed rows of an accepted entry: in each scope the record is in, and `enters` in
/// the one that begins with it.
fn publish(
    tx: &Transaction<'_>,
    entry: &Judged,
    record: RecordId,
    position: AcceptPos,
    begins: Option<Scope>,
) -> Result<(), StoreError> {
    run(
        tx,
        "INSERT INTO feed (scope, position, record, event, log, seq)
         SELECT scope, ?2, record, 0, ?3, ?4 FROM scope_records WHERE record = ?1",
        params![
            record.as_bytes(),
            integer(position.0),
            entry.header.log.as_bytes(),
            entry.seq()
        ],
    )?;
    let Some(scope) = begins else { return Ok(()) };
    records::enter(tx, scope, record, position)?;
    run(
        tx,
        "INSERT INTO feed (scope, position, record, event) VALUES (?1, ?2, ?3, 1)",
        params![scope.to_string(), integer(position.0), record.as_bytes()],
    )?;
    Ok(())
}
