//! Judging: the guard, the policy, and what an accepted entry makes of its record.

use std::panic::{AssertUnwindSafe, catch_unwind};

use shared::area::Areas;
use shared::codes::CodeLists;
use shared::doc::{DocError, RecordDoc, Refused, SCHEMA, genesis};
use shared::guard::{Checked, Limits};
use shared::hash::ChangeHash;
use shared::ids::RecordId;
use shared::log::EntryKind;
use shared::policy::{Decision, Named, Reason, judge};
use shared::projection::project;
use shared::record::Kind;
use shared::statement::{ReviewVerdict, Statement};
use shared::wire::VerdictCode;

use super::{Moved, Server, ServerError, lock};
use crate::store::{
    Case, CaseRecord, Known, NewState, NewStatement, Outcome, Ruled, Ruling, WaitsOn,
};

/// Bytes of all accepted entries of one record. Its whole history goes into one answer, to
/// everybody who is given the record: more than an answer may hold would stop them for good.
pub(super) const RECORD_BYTES: u64 = 8 << 20;

impl Server {
    /// Judges the next received entry; false if none waits.
    pub fn judge_next(&self) -> Result<bool, ServerError> {
        let _one_at_a_time = lock(&self.judging);
        loop {
            let Some(case) = self.store.next_case()? else {
                return Ok(false);
            };
            let areas = self.areas()?;
            let lists = CodeLists::builtin();
            // The guard catches what Automerge does. This is for what we got wrong ourselves:
            // one entry is set aside, and the others go on.
            let decided = catch_unwind(AssertUnwindSafe(|| decide(&case, lists, areas.as_deref())));
            let outcome = match decided {
                Ok(Ok(outcome)) => outcome,
                Ok(Err(error)) => {
                    tracing::error!(%error, "a snapshot is made again from its changes");
                    self.without_snapshot(&case, lists, areas.as_deref())?
                }
                Err(_) => Outcome::Reject(VerdictCode::Guard, "judge_panicked"),
            };
            if shared::mutant!(PoisonStopsJudge) && matches!(outcome, Outcome::Reject(..)) {
                return Ok(false);
            }
            let revision = case.record.as_ref().map_or(0, |record| record.revision);
            let ruling = Ruling {
                id: case.id,
                revision,
                outcome,
            };
            match self.store.rule(&ruling, self.env.now())? {
                Ruled::Stale => {}
                Ruled::Done(accepted) => {
                    if let Some(accepted) = accepted {
                        self.tell_feed(accepted.position, accepted.scopes);
                    }
                    self.tell(Moved::Mail(case.id.log));
                    return Ok(true);
                }
            }
        }
    }

    /// The snapshot does not read: the changes themselves are what counts, so the document is
    /// made from them again.
    fn without_snapshot(
        &self,
        case: &Case,
        lists: &CodeLists,
        areas: Option<&Areas>,
    ) -> Result<Outcome, ServerError> {
        let mut repaired = case.clone();
        if let Some((record, id)) = repaired.record.as_mut().zip(case.header.subject)
            && let Some(doc) = grow(record.kind, self.store.changes(id)?)
        {
            record.snapshot = doc.save();
            if let Ok(outcome) = decide(&repaired, lists, areas) {
                return Ok(outcome);
            }
        }
        // What this one builds on is lost until somebody mends it. The next start tries again,
        // and until then the other records go on.
        tracing::error!(entry = %case.id, "the changes of a record do not read");
        let missing = VerdictCode::MissingDependency;
        Ok(Outcome::Park(missing, WaitsOn::Nothing))
    }
}

/// A document grown from its stored changes, if they read.
fn grow(kind: Kind, changes: Vec<Vec<u8>>) -> Option<RecordDoc> {
    let limits = Limits::default();
    let changes = changes.into_iter();
    let changes: Result<Vec<_>, _> = changes
        .map(|bytes| Checked::parse(bytes, &limits))
        .collect();
    RecordDoc::from_changes(kind, changes.ok()?).ok()
}

/// A judgement that is not acceptance leaves early.
type Step<T> = Result<T, Outcome>;

/// Judges one entry by what is known. An error means that the record's snapshot does not read.
fn decide(case: &Case, lists: &CodeLists, areas: Option<&Areas>) -> Result<Outcome, DocError> {
    let statement = match read(case) {
        Ok(statement) => statement,
        Err(outcome) => return Ok(outcome),
    };
    if case.header.kind.is_audit_only() {
        let named = Named::default();
        return Ok(permit(case, statement.as_ref(), &named)
            .map_or_else(|out| out, |()| Outcome::AcceptAudit));
    }
    let Some(subject) = case.header.subject else {
        return Ok(Outcome::Reject(VerdictCode::HeaderMismatch, "subject"));
    };
    if let Err(outcome) = integrity(case, subject).and_then(|()| builds_on(case)) {
        return Ok(outcome);
    }
    if let Some(record) = &case.record
        && record.bytes + case.bytes > RECORD_BYTES
    {
        let full = "record_bytes";
        return Ok(match statement {
            None => Outcome::Reject(VerdictCode::Guard, full),
            Some(_) => Outcome::Reject(VerdictCode::BadStatement, full),
        });
    }
    match (&statement, &case.record) {
        (None, record) => change(case, record.as_ref(), lists, areas),
        (Some(_), None) => Ok(Outcome::Park(
            VerdictCode::MissingDependency,
            WaitsOn::Record(subject),
        )),
        (Some(statement), Some(record)) => said(case, statement, record),
    }
}

/// Reads the statement, if the entry is one and this server knows its kind.
fn read(case: &Case) -> Step<Option<Statement>> {
    let header = &case.header;
    if matches!(header.kind, EntryKind::Unknown(_)) || header.schema > SCHEMA {
        return Err(Outcome::Park(
            VerdictCode::NeedsNewerServer,
            WaitsOn::Nothing,
        ));
    }
    if header.kind == EntryKind::Change {
        return Ok(None);
    }
    let statement = Statement::from_bytes(header.kind, &case.payload)
        .map_err(|_| Outcome::Reject(VerdictCode::BadStatement, ""))?;
    if statement
        .bound()
        .is_some_and(|bound| bound.heads != header.deps)
    {
        return Err(Outcome::Reject(VerdictCode::HeaderMismatch, "heads"));
    }
    Ok(Some(statement))
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

/// What an entry builds on decides before anything else does: rejected stands above
/// quarantined above missing.
fn builds_on(case: &Case) -> Step<()> {
    let deps = || {
        case.deps
            .iter()
            .filter(|(dep, _)| kind_of_genesis(*dep).is_none())
    };
    if deps().any(|(_, known)| *known == Known::Rejected) {
        return Err(Outcome::Reject(VerdictCode::BuildsOnRejected, ""));
    }
    if deps().any(|(_, known)| *known == Known::Quarantined) {
        return Err(Outcome::Quarantine(VerdictCode::BuildsOnQuarantined));
    }
    let missing = VerdictCode::MissingDependency;
    if let Some((dep, _)) = deps().find(|(_, known)| *known != Known::Accepted) {
        return Err(Outcome::Park(missing, WaitsOn::Change(*dep)));
    }
    // Of statements only those that are here and unsettled are waited for. A rejected one
    // says nothing, and one that never came may have been lost with an older server.
    match case.seen.iter().find(|(_, known)| *known == Known::Waiting) {
        Some((entry, _)) => Err(Outcome::Park(missing, WaitsOn::Entry(*entry))),
        None => Ok(()),
    }
}

/// The policy, as the entry's authority has it, and as it was when the entry came: what had
/// ended by then needs a person.
fn permit(case: &Case, statement: Option<&Statement>, named: &Named) -> Step<()> {
    if case.policy_back {
        return Err(Outcome::Quarantine(VerdictCode::PolicyWentBack));
    }
    let then = if shared::mutant!(EndedStillActs) {
        &case.authority
    } else {
        &case.authority_received
    };
    for authority in [&case.authority, then] {
        if let Decision::Quarantine(reason) = judge(&case.header, statement, named, authority) {
            return Err(Outcome::Quarantine(code(reason)));
        }
    }
    Ok(())
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
    }
}

fn named(record: Option<&CaseRecord>) -> Named {
    let Some(record) = record else {
        return Named::default();
    };
    Named {
        author: Some(record.author),
        contributors: record.contributors.clone(),
        teams: record.team.into_iter().collect(),
        submitted: record.submitted,
        conflict: false,
    }
}

/// The kind of record that begins with this change.
fn kind_of_genesis(hash: ChangeHash) -> Option<Kind> {
    Kind::ALL
        .into_iter()
        .find(|kind| genesis(*kind).hash == hash)
}

fn change(
    case: &Case,
    record: Option<&CaseRecord>,
    lists: &CodeLists,
    areas: Option<&Areas>,
) -> Result<Outcome, DocError> {
    if let Err(outcome) = permit(case, None, &named(record)) {
        return Ok(outcome);
    }
    let begins = case
        .header
        .deps
        .iter()
        .find_map(|dep| kind_of_genesis(*dep));
    let mut doc = match (record, begins) {
        (Some(record), Some(kind)) if record.kind != kind => {
            return Ok(Outcome::Reject(VerdictCode::Guard, "other_kind"));
        }
        (Some(record), _) => RecordDoc::load(record.kind, &record.snapshot)?,
        (None, Some(kind)) => RecordDoc::new(kind),
        (None, None) => return Ok(Outcome::Reject(VerdictCode::Guard, "no_genesis")),
    };
    let refused = match Checked::parse(case.payload.clone(), &Limits::default()) {
        Ok(checked) => doc.admit(vec![checked]).err(),
        Err(refusal) => Some(Refused::Never(refusal)),
    };
    match refused {
        None => {}
        Some(Refused::Never(refusal)) => {
            return Ok(Outcome::Reject(VerdictCode::Guard, refusal.code()));
        }
        Some(Refused::Missing(missing)) => {
            let waits_on = missing
                .first()
                .map_or(WaitsOn::Nothing, |hash| WaitsOn::Change(*hash));
            return Ok(Outcome::Park(VerdictCode::MissingDependency, waits_on));
        }
    }
    let projection = project(&doc.content(), lists, areas);
    let Ok(json) = serde_json::to_string(&projection) else {
        return Ok(Outcome::Reject(VerdictCode::Guard, "projection"));
    };
    let photos = projection
        .photos
        .iter()
        .map(|(photo, blob, _)| (*photo, *blob))
        .collect();
    let (snapshot, heads) = (doc.save(), doc.heads());
    let state = NewState {
        kind: doc.kind(),
        snapshot,
        heads,
        projection: json,
        photos,
    };
    Ok(Outcome::AcceptChange(Box::new(state)))
}

fn said(case: &Case, statement: &Statement, record: &CaseRecord) -> Result<Outcome, DocError> {
    let mut named = named(Some(record));
    if let Statement::Review(review) = statement
        && review.verdict == ReviewVerdict::Approve
    {
        let doc = RecordDoc::load(record.kind, &record.snapshot)?;
        // All its heads are accepted, or it would be parked.
        let seen = doc.at(&review.bound.heads);
        named.conflict = seen.is_ok_and(|content| !content.conflicts.is_empty());
    }
    if let Err(outcome) = permit(case, Some(statement), &named) {
        return Ok(outcome);
    }
    let accepted = match statement {
        Statement::Submission(_) => {
            let team = case
                .authority
                .person(record.author)
                .map(|author| author.team);
            NewStatement::Submission { team }
        }
        Statement::Review(review) => NewStatement::Review {
            verdict: review.verdict,
            heads: review.bound.heads.clone(),
        },
        Statement::Withdrawal(_) => NewStatement::Withdrawal,
        Statement::ReceiptGiven(_) => NewStatement::ReceiptGiven,
        Statement::Consultation(_) | Statement::DraftDiscarded(_) => {
            return Ok(Outcome::AcceptAudit);
        }
    };
    Ok(Outcome::AcceptStatement(Box::new(accepted)))
}
