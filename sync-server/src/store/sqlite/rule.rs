//! Writing a judgement: entry, record, feed, mail and audit.

use rusqlite::params;
use shared::hash::ChangeHash;
use shared::ids::AcceptPos;
use shared::wire::{Mail, Task, Verdict, VerdictCode};

use super::desk::Desk;
use super::queue::{self, Settled};
use super::receive::state;
use super::sql::{integer, run};
use super::{accept, audit, sessions, staging, tasks};
use crate::store::{AuditEvent, Case, Outcome, StoreError, WaitsOn};

/// The longest projection that goes into a task; with more of it a person asks the officer.
const PROJECTION_BYTES: usize = 256 * 1024;

pub(super) fn rule(desk: &mut Desk<'_>, case: &Case, outcome: &Outcome) -> Result<(), StoreError> {
    let held = matches!(
        outcome,
        Outcome::Quarantine(..) | Outcome::HoldWith(_) | Outcome::Park(..)
    );
    // It was held and needs no person any more.
    if case.told.is_some() && !held {
        desk.done.mail.extend(tasks::done(desk.tx, case.id)?);
    }
    match outcome {
        Outcome::Park(code, waits_on) => park(desk, case, *code, *waits_on)?,
        Outcome::Quarantine(code, projection, unheard) => {
            hold(desk, case, *code, *unheard)?;
            quarantined(desk, case, *code, projection.clone())?;
        }
        Outcome::HoldWith(change) => {
            let code = VerdictCode::BuildsOnQuarantined;
            hold(desk, case, code, WaitsOn::Change(*change))?;
        }
        Outcome::Reject(code, detail) => {
            settle(desk, case, state::REJECTED, Some(*code))?;
            tell(desk, case, Verdict::Rejected(*code), detail)?;
            wake(desk, case, Settled::Refused)?;
        }
        Outcome::Supersede => {
            settle(desk, case, state::SUPERSEDED, None)?;
            tell(desk, case, Verdict::Superseded, "")?;
            wake(desk, case, Settled::Refused)?;
        }
        Outcome::AcceptAudit => {
            accept::nothing(desk, case)?;
        }
        Outcome::AcceptChange(state) => accept::change(desk, case, state)?,
        Outcome::AcceptStatement(statement) => accept::statement(desk, case, statement)?,
    }
    Ok(())
}

fn park(
    desk: &mut Desk<'_>,
    case: &Case,
    code: VerdictCode,
    waits_on: WaitsOn,
) -> Result<(), StoreError> {
    let code = staging::park(desk, case, code, waits_on)?;
    // It may be tried many times; its author hears of it once.
    if case.told == Some(code) {
        return Ok(());
    }
    tell(desk, case, Verdict::Parked(code), "")
}

/// Keeps an entry apart, by itself or with what it builds on.
fn hold(
    desk: &mut Desk<'_>,
    case: &Case,
    code: VerdictCode,
    with: WaitsOn,
) -> Result<(), StoreError> {
    desk.waiting = true;
    run(
        desk.tx,
        "UPDATE entries SET state = 3, code = ?3, waits_on = ?4, judged_at = ?5
         WHERE log = ?1 AND seq = ?2",
        params![
            case.id.log.as_bytes(),
            case.seq(),
            code.as_str(),
            with.key(),
            desk.now.0
        ],
    )?;
    if case.told != Some(code) {
        tell(desk, case, Verdict::Quarantined(code), "")?;
    }
    wake(desk, case, Settled::Held)
}

fn quarantined(
    desk: &mut Desk<'_>,
    case: &Case,
    code: VerdictCode,
    projection: Option<String>,
) -> Result<(), StoreError> {
    let task = Task {
        entry: case.id,
        record: case.header.subject,
        officer: case.header.officer,
        kind: case.header.kind,
        code,
        received: case.received_at,
        projection: projection.filter(|json| json.len() <= PROJECTION_BYTES),
    };
    desk.done.mail.extend(tasks::open(desk.tx, task)?);
    Ok(())
}

fn settle(
    desk: &Desk<'_>,
    case: &Case,
    state: i64,
    code: Option<VerdictCode>,
) -> Result<(), StoreError> {
    run(
        desk.tx,
        "UPDATE entries SET state = ?3, code = ?4, waits_on = NULL, judged_at = ?5
         WHERE log = ?1 AND seq = ?2",
        params![
            case.id.log.as_bytes(),
            case.seq(),
            state,
            code.map(VerdictCode::as_str),
            desk.now.0
        ],
    )?;
    Ok(())
}

/// The verdict goes to the author's mailbox and to the audit.
fn tell(
    desk: &mut Desk<'_>,
    case: &Case,
    verdict: Verdict,
    detail: &str,
) -> Result<(), StoreError> {
    let mail = Mail::Verdict(case.id.seq, verdict, desk.now);
    sessions::post(desk.tx, case.id.log, &mail)?;
    desk.done.mail.insert(case.id.log);
    let code = match verdict {
        Verdict::Accepted(_) | Verdict::Superseded => "",
        Verdict::Parked(code)
        | Verdict::Quarantined(code)
        | Verdict::Rejected(code)
        | Verdict::Upheld(code) => code.as_str(),
    };
    if shared::mutant!(AuditForgets) {
        return Ok(());
    }
    let (id, kind) = (case.id, case.header.kind.code());
    let event = AuditEvent {
        kind: verdict.as_str(),
        officer: Some(case.header.officer),
        record: case.header.subject,
        detail: format!("entry={id} kind={kind} code={code} {detail}"),
        ..Default::default()
    };
    audit::append(desk.tx, &event, desk.now)
}

/// Puts what waited for this entry, its change or its record back into the queue.
pub(super) fn wake(desk: &Desk<'_>, case: &Case, settled: Settled) -> Result<(), StoreError> {
    if !desk.waiting {
        return Ok(());
    }
    let change: Option<ChangeHash> = case.change.map(|(hash, _)| hash);
    let (id, officer) = (case.id, case.header.officer);
    queue::wake(desk.tx, id, officer, change, case.header.subject, settled)
}

/// What every accepted entry gets, once its position is known.
pub(super) fn accepted(
    desk: &mut Desk<'_>,
    case: &Case,
    position: AcceptPos,
) -> Result<(), StoreError> {
    run(
        desk.tx,
        "UPDATE entries SET state = 1, code = NULL, waits_on = NULL, accepted = ?3, judged_at = ?4
         WHERE log = ?1 AND seq = ?2",
        params![
            case.id.log.as_bytes(),
            case.seq(),
            integer(position.0),
            desk.now.0
        ],
    )?;
    tell(desk, case, Verdict::Accepted(position), "")
}
