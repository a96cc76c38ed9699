//! What has changed since somebody decided, or since the reviewer last looked: it is shown before
//! everything else.

use rusqlite::Connection;
use shared::doc::{Content, RecordDoc, difference};
use shared::hash::ChangeHash;
use shared::ids::RecordId;

use super::CoreError;
use super::compare::compared;
use super::context::Context;
use super::states::{Known, verdict_name};
use crate::store::look_rows;
use crate::view::SinceView;

/// What one state was to its reviewer.
struct Before {
    heads: Vec<ChangeHash>,
    verdict: Option<&'static str>,
    by: Option<String>,
    at: Option<i64>,
}

/// The difference to what was last decided about; without a decision, to what the reader had on
/// the screen before.
pub(super) fn since(
    conn: &Connection,
    context: &Context,
    id: RecordId,
    known: &Known<'_>,
    doc: &RecordDoc,
    content: &Content,
) -> Result<Option<SinceView>, CoreError> {
    let Some(before) = before(conn, context, id, known, doc)? else {
        return Ok(None);
    };
    if before.heads == doc.heads() {
        return Ok(None);
    }
    // A state that is not in the document was never here: there is nothing to compare with.
    let Ok(old) = doc.at(&before.heads) else {
        return Ok(None);
    };
    let added = content
        .addenda
        .iter()
        .filter(|it| !old.addenda.contains(it));
    let photos = content
        .photos
        .keys()
        .filter(|it| !old.photos.contains_key(it));
    let since = SinceView {
        verdict: before.verdict.map(str::to_owned),
        by: before.by,
        at: before.at,
        fields: difference(&old, content)
            .into_iter()
            .map(|it| compared(context, content, it))
            .collect(),
        addenda: added.map(|it| it.text.clone()).collect(),
        photos: photos.map(ToString::to_string).collect(),
    };
    // A value that was chosen again from two that competed changes nothing that can be read.
    let nothing = since.fields.is_empty() && since.addenda.is_empty() && since.photos.is_empty();
    let looked = since.verdict.is_none();
    Ok((!(nothing && looked)).then_some(since))
}

fn before(
    conn: &Connection,
    context: &Context,
    id: RecordId,
    known: &Known<'_>,
    doc: &RecordDoc,
) -> Result<Option<Before>, CoreError> {
    let decisions = known.decisions().into_iter();
    let stand = decisions.filter(|it| it.entry.stands());
    if let Some(last) = stand.max_by_key(|it| (it.entry.at, it.entry.id)) {
        return Ok(Some(Before {
            verdict: Some(verdict_name(last.review.verdict)),
            by: Some(context.label_or_id(last.entry.officer)),
            at: Some(last.entry.at.0),
            heads: last.review.bound.heads,
        }));
    }
    let looked = look_rows::before(conn, id, &doc.heads())?;
    Ok(looked.map(|heads| Before {
        heads,
        verdict: None,
        by: None,
        at: None,
    }))
}
