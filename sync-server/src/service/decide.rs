//! What is decided of one entry: by what it names and what the server knows of that, by the
//! policy, and of a change by the guard.

use shared::area::Areas;
use shared::codes::CodeLists;
use shared::doc::{Schema, genesis};
use shared::hash::ChangeHash;
use shared::ids::{OfficerId, RecordId, TeamId};
use shared::log::EntryKind;
use shared::policy::{Decision, Named, Reason, judge_at};
use shared::record::Kind;
use shared::statement::{ReviewVerdict, Statement};
use shared::wire::{Scope, VerdictCode};

use super::change;
use super::hot::Warm;
use super::judge::RECORD_BYTES;
use crate::store::{Case, CaseRecord, Known, NewStatement, Outcome, WaitsOn};

/// What a decision needs beside its case.
pub(super) struct Facts<'a> {
    /// The document at hand: before, that of the case; after, as the decision leaves it.
    pub(super) doc: Option<Warm>,
    pub(super) lists: &'a CodeLists,
    pub(super) areas: Option<&'a Areas>,
    /// The newest schema that the server knows.
    pub(super) schema: Schema,
}

/// The record's snapshot does not read, or its changes do not.
#[derive(Debug)]
pub(super) struct Unreadable;

/// A judgement that is not acceptance leaves early.
pub(super) type Step<T> = Result<T, Outcome>;

/// Judges one entry by what is known.
pub(super) fn decide(case: &Case, facts: &mut Facts<'_>) -> Result<Outcome, Unreadable> {
    let statement = match read(case, facts.schema) {
        Ok(statement) => statement,
        Err(outcome) => return Ok(outcome),
    };
    if let Err(outcome) = allowed(case, statement.as_ref()) {
        return Ok(outcome);
    }
    match (&statement, &case.record) {
        (None, _) => change::decide(case, facts),
        (Some(statement), record) => said(case, statement, record.as_ref(), facts),
    }
}

/// Reads the statement, if the entry is one and this server knows its kind.
fn read(case: &Case, schema: Schema) -> Step<Option<Statement>> {
    let header = &case.header;
    if matches!(header.kind, EntryKind::Unknown(_)) || !schema.reads(header.schema) {
        let newer = VerdictCode::NeedsNewerServer;
        return Err(Outcome::Park(newer, WaitsOn::Nothing));
    }
    if header.kind == EntryKind::Change {
        return Ok(None);
    }
    let statement = Statement::from_bytes(header.kind, &case.payload)
        .map_err(|_| Outcome::Reject(VerdictCode::BadStatement, ""))?;
    let bound = statement.bound();
    if bound.is_some_and(|bound| bound.heads != header.deps) {
        return Err(Outcome::Reject(VerdictCode::HeaderMismatch, "heads"));
    }
    Ok(Some(statement))
}

/// Everything that is settled before policy and guard are asked.
fn allowed(case: &Case, statement: Option<&Statement>) -> Step<()> {
    if case.replaced {
        return Err(Outcome::Supersede);
    }
    let kind = case.header.kind;
    if kind.is_audit_only() || kind == EntryKind::Notice {
        return Ok(());
    }
    if rules(kind) {
        return match case.held.is_empty() {
            true => Err(Outcome::Reject(VerdictCode::NotHeld, "")),
            false => Ok(()),
        };
    }
    let Some(subject) = case.header.subject else {
        return Err(Outcome::Reject(VerdictCode::HeaderMismatch, "subject"));
    };
    integrity(case, subject)?;
    builds_on(case)?;
    match &case.record {
        Some(record) if record.bytes + case.bytes > RECORD_BYTES => {
            let code = match statement {
                None => VerdictCode::Guard,
                Some(_) => VerdictCode::BadStatement,
            };
            Err(Outcome::Reject(code, "record_bytes"))
        }
        None if statement.is_some() => Err(unborn(case, subject)),
        _ => Ok(()),
    }
}

/// True for a supervisor's word on what is held, which needs no record that is here.
const fn rules(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::Release | EntryKind::Uphold)
}

/// A change comes once, and its actor writes in one log and one record.
fn integrity(case: &Case, subject: RecordId) -> Step<()> {
    if case.replayed && !shared::mutant!(ReplayAccepted) {
        return Err(Outcome::Reject(VerdictCode::ChangeReplayed, ""));
    }
    match case.actor {
        Some(bound)
            if bound != (case.id.log, subject) && !shared::mutant!(ForeignActorAccepted) =>
        {
            Err(Outcome::Reject(VerdictCode::ForeignActor, ""))
        }
        _ => Ok(()),
    }
}

/// What an entry builds on decides before anything else does: refused stands above held above
/// missing.
fn builds_on(case: &Case) -> Step<()> {
    let deps = || {
        let deps = case.deps.iter();
        deps.filter(|(dep, _)| kind_of_genesis(*dep).is_none())
    };
    // What was said of one record is not a word about another.
    if deps().any(|(_, known)| *known == Known::Elsewhere) {
        return Err(Outcome::Reject(VerdictCode::HeaderMismatch, "heads"));
    }
    if deps().any(|(_, known)| *known == Known::Refused) {
        return Err(Outcome::Reject(VerdictCode::BuildsOnRejected, ""));
    }
    if let Some((dep, _)) = deps().find(|(_, known)| *known == Known::Quarantined) {
        return Err(Outcome::HoldWith(*dep));
    }
    let missing = VerdictCode::MissingDependency;
    if let Some((dep, _)) = deps().find(|(_, known)| *known != Known::Accepted) {
        return Err(Outcome::Park(missing, WaitsOn::Change(*dep)));
    }
    // Of statements only those that are here and unsettled are waited for. A refused one says
    // nothing, and one that never came may have been lost with an older server. What was said of a
    // record that is not here waits for the change that begins it.
    if case.record.is_none() {
        return Ok(());
    }
    match case.seen.iter().find(|(_, known)| *known == Known::Waiting) {
        Some((entry, _)) => Err(Outcome::Park(missing, WaitsOn::Entry(*entry))),
        None => Ok(()),
    }
}

/// A statement of a record that is not here goes with the change that would begin it.
fn unborn(case: &Case, subject: RecordId) -> Outcome {
    match case.beginning {
        Some((change, Known::Quarantined)) => Outcome::HoldWith(change),
        Some((_, Known::Refused)) => Outcome::Reject(VerdictCode::BuildsOnRejected, ""),
        _ => Outcome::Park(VerdictCode::MissingDependency, WaitsOn::Record(subject)),
    }
}

/// What the policy has against an entry.
pub(super) enum Objection {
    /// A person has to look.
    Held(VerdictCode),
    /// It never gets in.
    Refused(Reason),
}

impl Objection {
    /// What becomes of an entry without a projection.
    pub(super) fn outcome(self, case: &Case) -> Outcome {
        match self {
            Self::Held(code) => Outcome::Quarantine(code, None, unheard(case, code)),
            Self::Refused(reason) => Outcome::Reject(code(reason), reason.code()),
        }
    }
}

/// The policy, as the entry's authority has it, and as it was when the entry came: what had
/// ended by then needs a person. What a person let in is not asked about again, but for what
/// nobody can let in.
pub(super) fn permit(
    case: &Case,
    statement: Option<&Statement>,
    named: &Named,
) -> Result<(), Objection> {
    if case.policy_back && !case.released {
        return Err(Objection::Held(VerdictCode::PolicyWentBack));
    }
    let then = if shared::mutant!(EndedStillActs) {
        &case.authority
    } else {
        &case.authority_received
    };
    // What has a wall clock for its only time is of the time at which it came: a clock that was
    // set back gives nobody a rank that has run out.
    let at = match case.header.server_time {
        Some(_) => case.header.estimated_time(),
        None => case.received_at,
    };
    for authority in [&case.authority, then] {
        match judge_at(&case.header, statement, named, authority, at) {
            Decision::Refuse(reason) => return Err(Objection::Refused(reason)),
            // Four eyes are four eyes, and two values are two: no third person changes that.
            Decision::Quarantine(reason) if case.released && is_final(case, reason) => {
                return Err(Objection::Refused(reason));
            }
            Decision::Quarantine(reason) if !case.released => {
                return Err(Objection::Held(code(reason)));
            }
            Decision::Quarantine(_) | Decision::Accept => {}
        }
    }
    Ok(())
}

/// A statement that an entry's author had seen and that is not here, where that may be what the
/// right to the entry rests on: a share or a submission that a restored server has lost. When it comes
/// again, the entry is judged again.
pub(super) fn unheard(case: &Case, code: VerdictCode) -> WaitsOn {
    if !matches!(
        code,
        VerdictCode::NotAuthor | VerdictCode::Team | VerdictCode::NotSubmitted
    ) {
        return WaitsOn::Nothing;
    }
    let unknown = case.seen.iter().find(|(_, known)| *known == Known::No);
    unknown.map_or(WaitsOn::Nothing, |(entry, _)| WaitsOn::Entry(*entry))
}

/// True of a review that nobody can let in: of one's own change, or of values that compete.
fn is_final(case: &Case, reason: Reason) -> bool {
    case.header.kind == EntryKind::Review && matches!(reason, Reason::OwnRecord | Reason::Conflict)
}

const fn code(reason: Reason) -> VerdictCode {
    match reason {
        Reason::NotActive => VerdictCode::NotActive,
        Reason::NotAuthor => VerdictCode::NotAuthor,
        Reason::Role => VerdictCode::Role,
        Reason::OwnRecord => VerdictCode::OwnRecord,
        Reason::Team => VerdictCode::Team,
        Reason::NotSubmitted => VerdictCode::NotSubmitted,
        Reason::Conflict => VerdictCode::Conflict,
        Reason::NoSuchScope => VerdictCode::BadStatement,
    }
}

pub(super) fn named(case: &Case) -> Named {
    let held = case.held.iter().map(|(_, held)| *held).collect();
    let Some(record) = &case.record else {
        return Named {
            held,
            ..Named::default()
        };
    };
    Named {
        author: Some(record.author),
        contributors: record.contributors.clone(),
        teams: record.scopes.iter().filter_map(team).collect(),
        submitted: record.submitted,
        shared: record.scopes.iter().filter_map(colleague).collect(),
        held,
        ..Named::default()
    }
}

const fn team(scope: &Scope) -> Option<TeamId> {
    match scope {
        Scope::Team(team) => Some(*team),
        Scope::Author(_) | Scope::Shared(_) | Scope::Operation(_) => None,
    }
}

const fn colleague(scope: &Scope) -> Option<OfficerId> {
    match scope {
        Scope::Shared(officer) => Some(*officer),
        Scope::Author(_) | Scope::Team(_) | Scope::Operation(_) => None,
    }
}

/// The kind of record that begins with this change.
pub(super) fn kind_of_genesis(hash: ChangeHash) -> Option<Kind> {
    Kind::ALL
        .into_iter()
        .find(|kind| genesis(*kind).hash == hash)
}

fn said(
    case: &Case,
    statement: &Statement,
    record: Option<&CaseRecord>,
    facts: &mut Facts<'_>,
) -> Result<Outcome, Unreadable> {
    let mut named = named(case);
    if let (Statement::Review(review), Some(record)) = (statement, record)
        && review.verdict == ReviewVerdict::Approve
    {
        let warm = change::document(case, record, facts)?;
        // All its heads are accepted, or it would be parked.
        let seen = warm.doc.at(&review.bound.heads);
        facts.doc = Some(warm);
        let seen = seen.as_ref();
        if seen.is_ok_and(|content| review.bound.photos != content.manifest()) {
            return Ok(Outcome::Reject(VerdictCode::HeaderMismatch, "photos"));
        }
        named.conflict = seen.is_ok_and(|content| !content.conflicts.is_empty());
    }
    if let Err(objection) = permit(case, Some(statement), &named) {
        return Ok(objection.outcome(case));
    }
    let said = match statement {
        Statement::Submission(_) => submission(case, record),
        Statement::Review(review) => NewStatement::Review {
            verdict: review.verdict,
            heads: review.bound.heads.clone(),
        },
        Statement::Withdrawal(_) => NewStatement::Withdrawal,
        Statement::ReceiptGiven(_) => NewStatement::ReceiptGiven,
        Statement::Share(share) => {
            let scope = vec![Scope::Shared(share.with)];
            let (add, remove) = match share.ended {
                false => (scope, Vec::new()),
                true => (Vec::new(), scope),
            };
            NewStatement::Scopes { add, remove }
        }
        Statement::ScopeChange(change) => NewStatement::Scopes {
            add: change.add.clone(),
            remove: change.remove.clone(),
        },
        Statement::LogNumber(log) => NewStatement::LogNumber(log.number.clone()),
        Statement::Release(_) => NewStatement::Release,
        Statement::Uphold(_) => NewStatement::Uphold,
        Statement::Notice(notice) => NewStatement::Notice {
            text: notice.text.clone(),
            until: notice.until,
        },
        Statement::Consultation(_) | Statement::DraftDiscarded(_) => {
            return Ok(Outcome::AcceptAudit);
        }
    };
    Ok(Outcome::AcceptStatement(Box::new(said)))
}

/// A submission brings in the author's team and operations, as they were posted then.
fn submission(case: &Case, record: Option<&CaseRecord>) -> NewStatement {
    let author = record.and_then(|record| case.authority.person(record.author));
    NewStatement::Submission {
        team: author.map(|author| author.team),
        operations: author
            .map(|author| author.operations.clone())
            .unwrap_or_default(),
    }
}
