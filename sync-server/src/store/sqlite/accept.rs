//! What an accepted entry makes of its record, and what the feed says of it.

use rusqlite::{Connection, params};
use shared::ids::{AcceptPos, EntryId, RecordId, TeamId};
use shared::log::encode;
use shared::wire::{Leaf, Scope};

use super::desk::Desk;
use super::queue::{self, Settled};
use super::scopes::{self, Moved};
use super::sql::{integer, join_hashes, run};
use super::{next_accept, notices, records, rule};
use crate::store::{Case, CaseRecord, NewState, NewStatement, StoreError};

/// Accepts what changes no record.
pub(super) fn nothing(desk: &mut Desk<'_>, case: &Case) -> Result<AcceptPos, StoreError> {
    let told = queue::supersede(desk.tx, &case.header, desk.now)?;
    desk.done.mail.extend(told);
    let released = case.released;
    rule::wake(desk, case, Settled::Accepted { released })?;
    let position = next_accept(desk.tx)?;
    rule::accepted(desk, case, position)?;
    desk.accepted(position, []);
    Ok(position)
}

pub(super) fn change(desk: &mut Desk<'_>, case: &Case, state: &NewState) -> Result<(), StoreError> {
    let record = case.subject()?;
    let statements = match &case.record {
        Some(record) => record.statements.clone(),
        // A release may have been accepted before the change that it let in.
        None => records::accepted_statements(desk.tx, record)?,
    };
    let position = nothing(desk, case)?;
    write_state(desk.tx, case, state, &statements, position)?;
    let arrived = records::name_photos(desk.tx, record, &state.photos)?;
    let author = Scope::Author(case.header.officer);
    let moved = match &case.record {
        Some(record) => Moved::new(&record.scopes, &[], &[]),
        None if shared::mutant!(TeamBeforeSubmission) => {
            let person = case.authority.person(case.header.officer);
            let team = person.map(|it| Scope::Team(it.team));
            let begins: Vec<_> = [author].into_iter().chain(team).collect();
            Moved::new(&Default::default(), &begins, &[])
        }
        None => Moved::new(&Default::default(), &[author], &[]),
    };
    let after = Leaf::of(record, &state.heads, &statements);
    // Whoever sees the author's records is given a new one with its first change; if there is
    // more of it, with all there is.
    let first = case.record.is_none() && statements.is_empty();
    publish(desk.tx, case, record, position, &moved, first)?;
    scopes::write(desk, record, &moved, position, (leaf(case), after))?;
    desk.accepted(position, moved.all());
    // Photos that had come before the record spoke of them.
    for blob in arrived {
        records::photo_here(desk.tx, record, blob)?;
    }
    Ok(())
}

/// The leaf of the record as it was before.
fn leaf(case: &Case) -> Option<Leaf> {
    let (record, id) = case.record.as_ref().zip(case.header.subject)?;
    Some(Leaf::of(id, &record.heads, &record.statements))
}

/// Writes the record as it is now.
fn write_state(
    db: &Connection,
    case: &Case,
    state: &NewState,
    statements: &[EntryId],
    position: AcceptPos,
) -> Result<(), StoreError> {
    let record = case.subject()?;
    let officer = case.header.officer;
    if case.record.is_some() {
        run(
            db,
            "UPDATE records SET revision = revision + 1, changes = changes + 1, heads = ?2,
                snapshot = ?3, projection = ?4, position = ?5, schema = max(schema, ?6)
             WHERE id = ?1",
            params![
                record.as_bytes(),
                join_hashes(&state.heads),
                state.snapshot,
                state.projection,
                integer(position.0),
                case.header.schema
            ],
        )?;
    } else {
        run(
            db,
            "INSERT INTO records (id, kind, author, revision, changes, heads, snapshot, projection,
                statements, position, schema) VALUES (?1, ?2, ?3, 1, 1, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                record.as_bytes(),
                state.kind.as_str(),
                officer.as_bytes(),
                join_hashes(&state.heads),
                state.snapshot,
                state.projection,
                records::join_statements(statements),
                integer(position.0),
                case.header.schema
            ],
        )?;
    }
    let new = |record: &CaseRecord| !record.contributors.contains(&officer);
    if case.record.as_ref().is_none_or(new) {
        let sql = "INSERT OR IGNORE INTO contributors (record, officer) VALUES (?1, ?2)";
        run(db, sql, params![record.as_bytes(), officer.as_bytes()])?;
    }
    if let Some((_, actor)) = case.change.filter(|_| case.actor.is_none()) {
        let sql = "INSERT OR IGNORE INTO actors (actor, log, record) VALUES (?1, ?2, ?3)";
        let log = case.id.log;
        run(
            db,
            sql,
            params![actor.as_bytes(), log.as_bytes(), record.as_bytes()],
        )?;
    }
    Ok(())
}

pub(super) fn statement(
    desk: &mut Desk<'_>,
    case: &Case,
    statement: &NewStatement,
) -> Result<(), StoreError> {
    settle_others(desk, case, statement)?;
    let Some((record, id)) = case.record.as_ref().zip(case.header.subject) else {
        nothing(desk, case)?;
        return Ok(());
    };
    let first = !record.submitted;
    let (add, remove) = moves(statement, first);
    let moved = Moved::new(&record.scopes, &add, &remove);
    write_statement(desk.tx, case, id, statement)?;
    let mut statements = record.statements.clone();
    statements.push(case.id);
    let position = nothing(desk, case)?;
    let team = moved.team(record.team);
    write_record(desk.tx, id, &statements, team, position)?;
    let after = Leaf::of(id, &record.heads, &statements);
    publish(desk.tx, case, id, position, &moved, false)?;
    scopes::write(desk, id, &moved, position, (leaf(case), after))?;
    desk.accepted(position, moved.all());
    Ok(())
}

/// What a statement makes of other entries than its own, or of no record at all.
fn settle_others(
    desk: &mut Desk<'_>,
    case: &Case,
    statement: &NewStatement,
) -> Result<(), StoreError> {
    match statement {
        NewStatement::Release => {
            for (id, _) in &case.held {
                desk.done.mail.extend(queue::release(desk.tx, *id)?);
            }
        }
        NewStatement::Uphold => {
            for (id, _) in &case.held {
                desk.done
                    .mail
                    .extend(queue::uphold(desk.tx, *id, desk.now)?);
            }
        }
        NewStatement::Notice { text, until } => {
            notices::add(desk.tx, case, text, *until, desk.now)?;
            desk.done.reference = true;
        }
        NewStatement::Submission { .. }
        | NewStatement::Review { .. }
        | NewStatement::Withdrawal
        | NewStatement::ReceiptGiven
        | NewStatement::Scopes { .. }
        | NewStatement::LogNumber(_) => {}
    }
    Ok(())
}

/// The scopes that the record enters and leaves with a statement. Team and operations begin
/// with the first submission.
fn moves(statement: &NewStatement, first: bool) -> (Vec<Scope>, Vec<Scope>) {
    match statement {
        NewStatement::Submission { team, operations } if first => {
            let operations = operations.iter().copied().map(Scope::Operation);
            let team = team.iter().copied().map(Scope::Team);
            (team.chain(operations).collect(), Vec::new())
        }
        NewStatement::Scopes { add, remove } => (add.clone(), remove.clone()),
        _ => (Vec::new(), Vec::new()),
    }
}

/// Writes what the statement says of the record.
fn write_statement(
    db: &Connection,
    case: &Case,
    record: RecordId,
    statement: &NewStatement,
) -> Result<(), StoreError> {
    let at = case.header.estimated_time().0;
    match statement {
        NewStatement::Submission { .. } => run(
            db,
            "UPDATE records SET submitted_at = ?2, received_at = ?3
             WHERE id = ?1 AND submitted_at IS NULL",
            params![record.as_bytes(), at, case.received_at.0],
        )?,
        NewStatement::Review { verdict, heads } => run(
            db,
            "INSERT INTO reviews (record, log, seq, officer, verdict, heads, seen, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                record.as_bytes(),
                case.id.log.as_bytes(),
                case.seq(),
                case.header.officer.as_bytes(),
                records::verdict_number(*verdict),
                join_hashes(heads),
                encode(&case.header.seen),
                at
            ],
        )?,
        NewStatement::Withdrawal => run(
            db,
            "UPDATE records SET withdrawn_at = ?2, withdrawn_by = ?3
             WHERE id = ?1 AND withdrawn_at IS NULL",
            params![record.as_bytes(), at, case.header.officer.as_bytes()],
        )?,
        NewStatement::LogNumber(number) => run(
            db,
            "UPDATE records SET log_number = ?2 WHERE id = ?1",
            params![record.as_bytes(), number],
        )?,
        NewStatement::ReceiptGiven
        | NewStatement::Scopes { .. }
        | NewStatement::Release
        | NewStatement::Uphold
        | NewStatement::Notice { .. } => 0,
    };
    Ok(())
}

fn write_record(
    db: &Connection,
    record: RecordId,
    statements: &[EntryId],
    team: Option<TeamId>,
    position: AcceptPos,
) -> Result<(), StoreError> {
    run(
        db,
        "UPDATE records SET revision = revision + 1, statements = ?2, team = ?3, position = ?4
         WHERE id = ?1",
        params![
            record.as_bytes(),
            records::join_statements(statements),
            team.map(|team| *team.as_bytes()),
            integer(position.0)
        ],
    )?;
    Ok(())
}

/// Writes the feed rows of an accepted entry: it was accepted where the record is and stays,
/// with its whole history it enters, and it leaves.
fn publish(
    db: &Connection,
    case: &Case,
    record: RecordId,
    position: AcceptPos,
    moved: &Moved,
    first: bool,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO feed (scope, position, record, event, log, seq)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let row = |scope: &Scope, event: i64| {
        let of_entry = event == 0;
        run(
            db,
            sql,
            params![
                scope.to_string(),
                integer(position.0),
                record.as_bytes(),
                event,
                of_entry.then_some(*case.id.log.as_bytes()),
                of_entry.then_some(case.seq())
            ],
        )
    };
    for scope in &moved.stays {
        row(scope, 0)?;
    }
    for scope in &moved.enters {
        row(scope, if first { 0 } else { 1 })?;
    }
    for scope in &moved.leaves {
        row(scope, 2)?;
    }
    Ok(())
}
