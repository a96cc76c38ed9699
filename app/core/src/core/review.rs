//! Reviewing: what is offered under a record, and the decision.

use rusqlite::Connection;
use shared::codes::names;
use shared::doc::{Content, PhotoMeta, RecordDoc};
use shared::hash::ChangeHash;
use shared::ids::{PhotoId, RecordId};
use shared::policy::Act;
use shared::record::{Advice, AdviceCode, Kind, advice, field, field_def};
use shared::statement::{FIELD_MARK, Review, ReviewVerdict, Statement, TEXT_CAP, VideoViewed};
use shared::status::ReviewState;

use super::begun::{self, Form};
use super::context::Context;
use super::drafts::advice_view;
use super::since::since;
use super::states::Known;
use super::submit::{bound, statement_entry};
use super::{Core, CoreError, project, record_id};
use crate::store::newer_rows::NEEDS_NEWER_APP;
use crate::store::{entry_rows, own_log, photo_rows, record_rows};
use crate::view::{RecordView, ReviewInput, ReviewPanel};

/// The most fields that one decision may point at.
const FIELDS_MAX: usize = 16;

impl Core {
    /// Signs a decision about exactly the state that the screen showed.
    pub fn review(&self, input: &ReviewInput) -> Result<RecordView, CoreError> {
        let id = record_id(&input.record_id)?;
        let verdict = verdict(&input.verdict)?;
        let heads = heads(&input.heads)?;
        self.lock().commit(&self.config, |tx, context| {
            let row = record_rows::known(tx, id)?.ok_or(CoreError::NotFound)?;
            context.may_show(row.own)?;
            let doc = project::load(tx, id, row.kind)?;
            let entries = entry_rows::facts_of(tx, id)?;
            let known = project::known(tx, context, id, &row, &entries)?;
            if doc.heads() != heads {
                return Err(CoreError::NotCurrent);
            }
            let content = doc.content();
            if !all_shown(tx, id, &content)? {
                return Err(CoreError::NotCurrent);
            }
            match refused(context, &known, &content, input.again) {
                Some("not_current") => return Err(CoreError::NotCurrent),
                Some("conflict") if verdict == ReviewVerdict::Return => {}
                Some(reason) => return Err(CoreError::NotAllowed(reason)),
                None => {}
            }
            let review = Statement::Review(Review {
                bound: bound(&heads, &content),
                verdict,
                reasons: reasons(context, input, verdict, content.kind)?,
                text: text(input)?,
                photos_missing: known.photos_missing,
                video_viewed: video_viewed(input, &content)?,
            });
            let entry = statement_entry(context, id, &review);
            own_log::append(tx, &context.stamp, vec![entry])?;
            for form in Form::REVIEW {
                begun::signed(tx, id, form)?;
            }
            project::states(tx, context, id)
        })?;
        self.tell_committed();
        self.record_signed(&input.record_id)
    }
}

fn verdict(text: &str) -> Result<ReviewVerdict, CoreError> {
    match text {
        "approve" => Ok(ReviewVerdict::Approve),
        "return" => Ok(ReviewVerdict::Return),
        "escalate" => Ok(ReviewVerdict::Escalate),
        _ => Err(CoreError::BadInput("verdict".to_owned())),
    }
}

fn heads(texts: &[String]) -> Result<Vec<ChangeHash>, CoreError> {
    let parse = |text: &String| text.parse().map_err(|_| CoreError::NotCurrent);
    let mut heads = texts
        .iter()
        .map(parse)
        .collect::<Result<Vec<ChangeHash>, _>>()?;
    heads.sort();
    heads.dedup();
    Ok(heads)
}

/// The reasons and the fields that are meant, sorted as statements hold them. A return needs a
/// reason.
fn reasons(
    context: &Context,
    input: &ReviewInput,
    verdict: ReviewVerdict,
    kind: Kind,
) -> Result<Vec<String>, CoreError> {
    let bad = || CoreError::BadInput("reasons".to_owned());
    let known = |code: &String| context.lists().get(names::RETURN_REASONS, code).is_some();
    if !input.reasons.iter().all(known) {
        return Err(bad());
    }
    if verdict == ReviewVerdict::Return && input.reasons.is_empty() {
        return Err(bad());
    }
    let there = |key: &String| field_def(kind, key).is_some();
    if input.fields.len() > FIELDS_MAX || !input.fields.iter().all(there) {
        return Err(CoreError::BadInput("fields".to_owned()));
    }
    let fields = input.fields.iter().map(|key| format!("{FIELD_MARK}{key}"));
    let mut reasons: Vec<_> = input.reasons.iter().cloned().chain(fields).collect();
    reasons.sort();
    reasons.dedup();
    Ok(reasons)
}

fn text(input: &ReviewInput) -> Result<Option<String>, CoreError> {
    let text = input
        .text
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > TEXT_CAP) {
        return Err(CoreError::BadInput("text".to_owned()));
    }
    Ok(text.map(str::to_owned))
}

fn video_viewed(input: &ReviewInput, content: &Content) -> Result<VideoViewed, CoreError> {
    match input.video_viewed.as_deref() {
        Some("yes") => Ok(VideoViewed::Yes),
        Some("no") => Ok(VideoViewed::No),
        Some("does_not_apply") => Ok(VideoViewed::DoesNotApply),
        Some(_) => Err(CoreError::BadInput("video_viewed".to_owned())),
        None if content.fields.get_text(field::VIDEO).is_none() => Ok(VideoViewed::DoesNotApply),
        None => Ok(VideoViewed::No),
    }
}

/// Why the reader cannot approve; what stands first matters most.
fn refused(
    context: &Context,
    known: &Known<'_>,
    content: &Content,
    again: bool,
) -> Option<&'static str> {
    let facts = known.facts();
    let state = facts.review_state();
    if known.held {
        // Somebody's words about it are held, or waited for: the state is not the whole of it.
        return Some("unsynced");
    }
    if matches!(state, ReviewState::Withdrawn { .. }) {
        Some("withdrawn")
    } else if known.own || known.contributed(context.me()) {
        Some("own_record")
    } else if !known.reviewer {
        Some("rank")
    } else if state == ReviewState::Unsubmitted {
        Some("unsynced")
    } else if known.newer() {
        Some(NEEDS_NEWER_APP)
    } else if known.incomplete() {
        Some("not_current")
    } else if known.pending().is_some()
        || !(state.is_open() || again && approved_by_another(context, &state))
    {
        Some("decided")
    } else if !content.conflicts.is_empty() {
        Some("conflict")
    } else {
        None
    }
}

/// A second review is somebody else's.
fn approved_by_another(context: &Context, state: &ReviewState) -> bool {
    matches!(state, ReviewState::Approved { by, .. } if *by != context.me())
}

/// True if the photos that the document names are those that screens show: nobody decides about
/// a photo that they could not see, because its id is that of another one.
fn all_shown(conn: &Connection, id: RecordId, content: &Content) -> Result<bool, CoreError> {
    let rows = photo_rows::of_record(conn, id)?;
    let shown = |(id, photo): (&PhotoId, &PhotoMeta)| {
        rows.iter()
            .any(|row| row.id == *id && row.sha256 == photo.sha256)
    };
    Ok(content.photos.iter().all(shown))
}

/// What the buttons under a record need; none for somebody who reviews nothing.
pub(super) fn panel(
    conn: &Connection,
    context: &Context,
    id: RecordId,
    doc: &RecordDoc,
    content: &Content,
) -> Result<Option<ReviewPanel>, CoreError> {
    if !context.may_for_a_team(Act::Review) {
        return Ok(None);
    }
    let row = record_rows::known(conn, id)?.ok_or(CoreError::NotFound)?;
    let entries = entry_rows::facts_of(conn, id)?;
    let known = project::known(conn, context, id, &row, &entries)?;
    let facts = known.facts();
    let second = refused(context, &known, content, true);
    let mut refused = refused(context, &known, content, false);
    // What is on the screen and what was accepted differ while something is on its way.
    let shown = facts.heads == doc.heads() && all_shown(conn, id, content)?;
    if refused.is_none() && !shown {
        refused = Some("not_current");
    }
    let advice = advised(context, &row, content);
    Ok(Some(ReviewPanel {
        can_approve: refused.is_none(),
        can_return: matches!(refused, None | Some("conflict")),
        again: refused == Some("decided") && second.is_none() && shown,
        since: since(conn, context, id, &known, doc, content)?,
        refused: refused.map(str::to_owned),
        checks_fit: checks_fit(content, &advice),
        photos_missing: known.photos_missing,
        due_at: known.due(&facts, &facts.review_state()).0,
        advice: advice.into_iter().map(advice_view).collect(),
    }))
}

/// A decision that was signed in a log that has split is signed again only as long as it could
/// be made now.
pub(super) fn still_fits(
    conn: &Connection,
    context: &Context,
    id: RecordId,
    doc: &RecordDoc,
    review: &Review,
) -> Result<(), CoreError> {
    let row = record_rows::known(conn, id)?.ok_or(CoreError::NotFound)?;
    let entries = entry_rows::facts_of(conn, id)?;
    let known = project::known(conn, context, id, &row, &entries)?;
    if doc.heads() != review.bound.heads {
        return Err(CoreError::NotCurrent);
    }
    // It stood once: whether it was the second one does not matter.
    match refused(context, &known, &doc.content(), true) {
        Some("conflict") if review.verdict == ReviewVerdict::Return => Ok(()),
        Some("not_current") => Err(CoreError::NotCurrent),
        Some(reason) => Err(CoreError::NotAllowed(reason)),
        None => Ok(()),
    }
}

fn advised(context: &Context, row: &record_rows::Known, content: &Content) -> Vec<Advice> {
    let rank = context.rank(row.author);
    let now = content
        .fields
        .get_time(field::COMPLETED_AT)
        .unwrap_or_default();
    let on = context.advice_on(&rank, now);
    advice(content.kind, &content.fields, context.lists(), &on)
}

/// Checks that found nothing, in the order of the pages.
fn checks_fit(content: &Content, advice: &[Advice]) -> Vec<String> {
    if content.kind == Kind::Note {
        return Vec::new();
    }
    let clear = |codes: &[AdviceCode]| !advice.iter().any(|it| codes.contains(&it.code));
    let fields = &content.fields;
    let both = [field::SELF_ETHNICITY, field::OFFICER_ETHNICITY];
    let checks = [
        ("on_time", clear(&[AdviceCode::LateRecord])),
        (
            "power_object",
            clear(&[AdviceCode::PowerObject, AdviceCode::PowerNotAllowed]),
        ),
        (
            "grounds",
            !advice.iter().any(|it| it.field == field::GROUNDS),
        ),
        (
            "ethnicity",
            both.iter().all(|key| fields.get_text(key).is_some()),
        ),
        ("video", fields.get_text(field::VIDEO).is_some()),
    ];
    checks
        .into_iter()
        .filter(|(_, fits)| *fits)
        .map(|(code, _)| code.to_owned())
        .collect()
}
