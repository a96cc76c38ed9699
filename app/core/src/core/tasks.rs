//! What the server holds of the team, and a supervisor's ruling on it.

use shared::codes::names;
use shared::ids::{EntryId, OfficerId};
use shared::log::EntryKind;
use shared::policy::{Act, Relation, may};
use shared::projection::Projection;
use shared::statement::{Ruling, Statement, TEXT_CAP};

use super::context::Context;
use super::{Core, CoreError, State};
use crate::store::{NewEntry, held_rows, own_log, record_rows, task_rows};
use crate::view::{ConnectionState, HeldTaskView, HeldTasksView};

/// The longest words of a ruling that is not signed, in bytes: what is too long to be signed is
/// kept all the same.
const BEGUN_MAX: usize = 256 * 1024;

impl Core {
    /// What is held of the team.
    pub fn held_tasks(&self) -> Result<HeldTasksView, CoreError> {
        let state = self.lock();
        let context = state.context(&self.config)?;
        context.may_show(false)?;
        let conn = state.store.read();
        let answered = answered(conn)?;
        let mut rows = Vec::new();
        for task in task_rows::all(conn)? {
            if !may_rule(&context, task.officer) {
                continue;
            }
            let here = match task.record {
                Some(id) => record_rows::known(conn, id)?.is_some(),
                None => false,
            };
            let done = answered.contains(&task.entry);
            rows.push(view(&context, task, here, done));
        }
        Ok(HeldTasksView {
            rows,
            connected: connected(&state),
        })
    }

    /// Lets in what is held, and what builds on it.
    pub fn release(&self, entry: &str, reason: &str) -> Result<HeldTasksView, CoreError> {
        self.rule(entry, reason, Statement::Release)
    }

    /// Keeps out what is held, for good.
    pub fn uphold(&self, entry: &str, reason: &str) -> Result<HeldTasksView, CoreError> {
        self.rule(entry, reason, Statement::Uphold)
    }

    /// Keeps the words of a ruling that is not signed yet; blank ones are forgotten.
    pub fn ruling_set(&self, entry: &str, act: &str, words: &str) -> Result<(), CoreError> {
        let entry = entry_id(entry)?;
        if !["release", "uphold"].contains(&act) {
            return Err(CoreError::BadInput("act".to_owned()));
        }
        if words.len() > BEGUN_MAX {
            return Err(CoreError::BadInput("reason".to_owned()));
        }
        self.lock().commit(&self.config, |tx, context| {
            let task = task_rows::get(tx, entry)?.ok_or(CoreError::NotFound)?;
            if !may_rule(context, task.officer) {
                return Err(CoreError::NotAllowed("rank"));
            }
            Ok(task_rows::begin(
                tx,
                entry,
                (!words.trim().is_empty()).then_some((act, words)),
            )?)
        })
    }

    fn rule(
        &self,
        entry: &str,
        reason: &str,
        statement: fn(Ruling) -> Statement,
    ) -> Result<HeldTasksView, CoreError> {
        let entry = entry_id(entry)?;
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > TEXT_CAP {
            return Err(CoreError::BadInput("reason".to_owned()));
        }
        {
            let mut state = self.lock();
            // What is held may have been ruled on meanwhile: only the server knows.
            if !connected(&state) {
                return Err(CoreError::NotAllowed("not_connected"));
            }
            state.commit(&self.config, |tx, context| {
                let task = task_rows::get(tx, entry)?.ok_or(CoreError::NotFound)?;
                if answered(tx)?.contains(&entry) {
                    return Err(CoreError::NotAllowed("decided"));
                }
                if task.officer == context.me() {
                    return Err(CoreError::NotAllowed("own_record"));
                }
                if !may_rule(context, task.officer) {
                    return Err(CoreError::NotAllowed("rank"));
                }
                let ruling = statement(Ruling {
                    entries: vec![entry],
                    reason: reason.to_owned(),
                });
                let new = NewEntry {
                    subject: task.record,
                    kind: ruling.kind(),
                    payload: ruling.to_bytes(),
                    salt: context.env.bytes(),
                    change: None,
                    deps: Vec::new(),
                    schema: context.schema.number(),
                    supersedes: Vec::new(),
                };
                own_log::append(tx, &context.stamp, vec![new])?;
                Ok(task_rows::begin(tx, entry, None)?)
            })?;
        }
        self.tell_committed();
        self.held_tasks()
    }
}

/// The entries that rulings of ours name which the server has not answered.
fn answered(conn: &rusqlite::Connection) -> Result<Vec<EntryId>, CoreError> {
    let mut named = Vec::new();
    for entry in held_rows::own_rulings(conn)? {
        if let Ok(Statement::Release(ruling) | Statement::Uphold(ruling)) =
            Statement::from_bytes(entry.kind, &entry.payload)
        {
            named.extend(ruling.entries);
        }
    }
    Ok(named)
}

fn connected(state: &State) -> bool {
    state.link.state == ConnectionState::Connected
}

/// True if the reader rules on what that officer wrote: by posting, cover or acting rank.
fn may_rule(context: &Context, officer: OfficerId) -> bool {
    let authority = &context.reference.authority;
    let team = authority.person(officer).map(|person| person.team);
    officer != context.me()
        && context
            .posts()
            .into_iter()
            .any(|(role, post)| may(role, Act::Release, Relation::OwnTeam) && Some(post) == team)
}

fn view(context: &Context, task: task_rows::TaskRow, here: bool, answered: bool) -> HeldTaskView {
    let projection = task
        .projection
        .as_deref()
        .and_then(|json| serde_json::from_str::<Projection>(json).ok());
    let label = |list, code: &Option<String>| {
        let code = code.as_deref()?;
        Some(context.lists().label(list, code).to_owned())
    };
    let of = projection.as_ref();
    HeldTaskView {
        entry: task.entry.to_string(),
        record_id: task.record.map(|id| id.to_string()),
        here,
        officer: context.label_or_id(task.officer),
        kind: kind_name(task.kind).to_owned(),
        reason: task.code,
        received_at: task.received.0,
        title: of.map(|it| it.title.clone()),
        reference: of.and_then(|it| it.reference.clone()),
        place: of.and_then(|it| it.place_text.clone()),
        happened_at: of.and_then(|it| it.happened_at).map(|at| at.0),
        object: of.and_then(|it| label(names::OBJECTS, &it.object)),
        power: of.and_then(|it| label(names::POWERS, &it.power)),
        answered,
        begun_act: task.begun.as_ref().map(|(act, _)| act.clone()),
        begun: task.begun.map(|(_, words)| words),
    }
}

/// An entry's name from the screens; one that does not read names nothing.
pub(super) fn entry_id(text: &str) -> Result<EntryId, CoreError> {
    let (log, seq) = text.split_once('/').ok_or(CoreError::NotFound)?;
    Ok(EntryId {
        log: log.parse().map_err(|_| CoreError::NotFound)?,
        seq: shared::ids::Seq(seq.parse().map_err(|_| CoreError::NotFound)?),
    })
}

/// What an entry is, as screens are told.
pub(super) const fn kind_name(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Change => "change",
        EntryKind::Submission => "submission",
        EntryKind::Review => "review",
        EntryKind::Withdrawal => "withdrawal",
        EntryKind::ReceiptGiven => "receipt_given",
        EntryKind::Share => "share",
        EntryKind::ScopeChange => "scope_change",
        EntryKind::LogNumber => "log_number",
        EntryKind::Release => "release",
        EntryKind::Uphold => "uphold",
        EntryKind::Consultation
        | EntryKind::DraftDiscarded
        | EntryKind::Notice
        | EntryKind::Unknown(_) => "other",
    }
}
