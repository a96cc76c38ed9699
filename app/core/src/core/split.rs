//! A log that has split: the server has another entry where we have ours, because a copy of the
//! vault exists, or an old state of it was restored.
//!
//! Nothing is merged silently. It is found out what of ours the server has; the officer signs in
//! again; a new log goes on where the old one had got to. What the server never had is said
//! again there, in the same words and under new actors; statements are put before their signer;
//! and what was cut off is sent as evidence, which nobody judges.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shared::doc::RecordDoc;
use shared::ids::{EntryId, LogId, RecordId, Seq};
use shared::log::{EntryKind, Header, Segment, encode};
use shared::wire::SignInResponse;
use zeroize::Zeroizing;

use super::context::Context;
use super::inside::Standing;
use super::{Changed, Core, CoreError, describe, project, reauthor};
use crate::store::own_log::Offer;
use crate::store::past_rows::Past;
use crate::store::{
    EntryRow, NewEntry, Resealed, VaultRow, disk_rows, entry_rows, lineage_rows, own_log,
    past_rows, record_rows, vault_rows,
};
use crate::view::{ConnectionState, PersonView};

/// Why a statement has to be signed again: it stood in a log that has split.
const SPLIT: &str = "split";

/// What a new log begins with, after its officer has signed in for it.
pub struct NewLineage {
    /// The log that was opened at sign-in.
    pub log: LogId,
    /// The signing key whose public half was given at sign-in.
    pub seed: Zeroizing<[u8; 32]>,
    /// The server's answer.
    pub signed_in: SignInResponse,
}

/// A piece of what was cut off.
pub(crate) struct Evidence {
    pub(crate) log: LogId,
    /// Its first place.
    pub(crate) first: Seq,
    /// The place after it.
    pub(crate) next: Seq,
    /// Of an earlier log, and received once by the server: in so many commits.
    pub(crate) past: Option<usize>,
    pub(crate) piece: Piece,
}

impl Evidence {
    fn of(segment: Segment) -> Self {
        Self {
            past: None,
            log: segment.log,
            first: segment.first,
            next: Seq(segment.first.0 + segment.entries.len() as u64),
            piece: Piece::Open(segment),
        }
    }
}

/// What is sent of it.
pub(crate) enum Piece {
    /// As it was signed.
    Open(Segment),
    /// A parcel: the log itself is offered it.
    Sealed(Vec<u8>),
}

/// Where our log and the server's are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parent {
    /// The last entry that both have; none if they have none.
    pub last: Option<EntryId>,
}

impl Core {
    /// Where the log has split, if it has: the officer has to sign in for a new one.
    pub fn split(&self) -> Result<Option<Parent>, CoreError> {
        let row = self.lock().vault()?;
        Ok(row.forked.map(|place| Parent {
            last: parent(&row, place),
        }))
    }

    /// The server has refused a push because it holds other entries there. Says whether it is
    /// known where the log has split; if not, a smaller push finds out.
    pub(crate) fn push_was_refused(&self) -> Result<bool, CoreError> {
        let smaller = {
            let link = &mut self.lock().link;
            let commits = link.pushed.take().map_or(1, |it| it.commits);
            link.commits_max = (commits > 1).then_some(commits / 2);
            link.commits_max.is_some()
        };
        if !smaller {
            self.has_split()?;
        }
        Ok(!smaller)
    }

    /// The server has closed the log: another copy of the vault has gone on in a new one. What is
    /// not known to be there is not there.
    pub fn has_split(&self) -> Result<(), CoreError> {
        {
            let mut state = self.lock();
            let row = state.vault()?;
            if row.forked.is_none() {
                let place = lineage_rows::first_unmatched(&row);
                state
                    .store
                    .write(|tx| Ok::<_, CoreError>(lineage_rows::set_forked(tx, place)?))?;
            }
            let now = self.config.env.now();
            state.link.set(ConnectionState::Split, now);
        }
        self.tell(Changed::Status);
        Ok(())
    }

    /// Begins the new log, and says there what the server never had of the old one.
    pub fn begin_lineage(&self, new: &NewLineage) -> Result<PersonView, CoreError> {
        {
            let mut state = self.lock();
            let old = state.vault()?;
            if old.officer != new.signed_in.officer {
                return Err(CoreError::NotAllowed("other_officer"));
            }
            let Some(tail) = old.forked else {
                return Err(CoreError::NotCurrent);
            };
            let kept_as = LogId::from_bytes(self.config.env.bytes());
            state.commit(&self.config, |tx, context| {
                let cut = Cut { tail, kept_as };
                begin(tx, context, &old, cut, new)
            })?;
            state.log = new.log;
            state.actors.clear();
            let now = self.config.env.now();
            state.link.set(ConnectionState::Connected, now);
        }
        self.tell_committed();
        self.person()
    }

    /// The next piece to send of the log that has split, as evidence; or of earlier ones, which a
    /// server that was restored is offered again.
    pub(crate) fn next_evidence(&self) -> Result<Option<Evidence>, CoreError> {
        let state = self.lock();
        let (row, conn) = (state.vault()?, state.store.read());
        let from = lineage_rows::tail_from(conn, &row)?;
        let before = row.forked.filter(|tail| from < Some(*tail));
        let tail = match from {
            Some(from) => own_log::offer_before(conn, row.log, from, before)?,
            None => Offer::Nothing,
        };
        let sealed = |log, parcel: Resealed| Evidence {
            log,
            first: parcel.first,
            next: parcel.last.next(),
            past: None,
            piece: Piece::Sealed(parcel.sealed),
        };
        let past = match tail {
            Offer::Segment(segment) => Some((segment, before.is_some(), None)),
            Offer::Sealed(parcel) => return Ok(Some(sealed(row.log, parcel))),
            Offer::Nothing => past_rows::next_past(conn, state.link.past_max)?
                .map(|Past { segment, received }| (segment, received.is_some(), received)),
        };
        let Some((segment, received, past)) = past else {
            return Ok(None);
        };
        if let Some(parcel) = disk_rows::resealed_at(conn, segment.log, segment.first)? {
            return Ok(Some(Evidence {
                // It cannot be made smaller.
                past: past.map(|_| 1),
                ..sealed(segment.log, parcel)
            }));
        }
        let spool = self.config.spool.as_ref().filter(|_| received);
        let Some(seal) = spool.and_then(|spool| spool.seal.as_deref()) else {
            return Ok(Some(Evidence::of(segment)));
        };
        let plain = Zeroizing::new(encode(&segment));
        let piece = seal.seal(&plain).map_err(|_| CoreError::Damaged("seal"))?;
        Ok(Some(Evidence {
            past,
            piece: Piece::Sealed(piece),
            ..Evidence::of(segment)
        }))
    }

    /// The server cannot join this piece to what it has. True if it is offered the log from its
    /// beginning now.
    pub(crate) fn evidence_anew(&self, log: LogId, first: Seq) -> Result<bool, CoreError> {
        if first == Seq(0) {
            return Ok(false);
        }
        let mut state = self.lock();
        let row = state.vault()?;
        state
            .store
            .write(|tx| Ok::<_, CoreError>(past_rows::past_anew(tx, &row, log)?))?;
        Ok(true)
    }

    /// The server keeps this evidence.
    pub(crate) fn evidence_sent(&self, log: LogId, next: Seq) -> Result<(), CoreError> {
        let mut state = self.lock();
        let row = state.vault()?;
        state.store.write(|tx| {
            let sent = if log == row.log {
                lineage_rows::tail_sent(tx, &row, next)
            } else {
                past_rows::evidence_sent(tx, log, next)
            };
            Ok(sent?)
        })
    }
}

/// Where an old log was cut off, and under which name what was cut off is kept: the server has
/// other entries of the old name there.
#[derive(Clone, Copy)]
struct Cut {
    tail: Seq,
    kept_as: LogId,
}

fn parent(row: &VaultRow, place: Seq) -> Option<EntryId> {
    let seq = Seq(place.0.checked_sub(1)?);
    Some(EntryId { log: row.log, seq })
}

fn begin(
    tx: &Connection,
    context: &Context,
    old: &VaultRow,
    cut: Cut,
    new: &NewLineage,
) -> Result<(), CoreError> {
    let parent = parent(old, cut.tail);
    let head = describe(new.log, &new.seed, old.officer, old.device, parent)?.hash();
    let log = lineage_rows::NewLog {
        log: new.log,
        seed: &new.seed,
        head,
        parent,
    };
    lineage_rows::begin_log(tx, old, cut.tail, cut.kept_as, &log)?;
    vault_rows::signed_in(tx, &new.signed_in)?;
    let context = &Context::new(
        vault_rows::get(tx)?,
        &context.reference,
        &context.env,
        context.schema,
    )?;
    let tail = lineage_rows::tail(tx, cut.kept_as)?;
    let mut records: BTreeMap<RecordId, Vec<&EntryRow>> = BTreeMap::new();
    for entry in &tail {
        match (entry.record, entry.kind) {
            (Some(record), EntryKind::Change) if !entry.superseded => {
                records.entry(record).or_default().push(entry);
            }
            _ => say_again(tx, context, entry)?,
        }
    }
    for (id, changes) in records {
        rewrite(tx, context, cut, old, id, &changes)?;
    }
    for id in record_rows::ids(tx)? {
        project::states(tx, context, id)?;
    }
    Ok(())
}

/// What is for the audit alone is a fact, and noted again. A statement is put before its signer.
/// A ruling is not: whether it is still needed shows in the list of what is held.
pub(super) fn say_again(
    tx: &Connection,
    context: &Context,
    entry: &EntryRow,
) -> Result<(), CoreError> {
    let confirm = match entry.kind {
        EntryKind::Consultation | EntryKind::DraftDiscarded => {
            let new = NewEntry {
                subject: entry.record,
                kind: entry.kind,
                payload: entry.payload.clone(),
                salt: context.env.bytes(),
                change: None,
                deps: Vec::new(),
                schema: context.schema.number(),
                supersedes: Vec::new(),
            };
            own_log::append(tx, &context.stamp, vec![new])?;
            None
        }
        EntryKind::Change | EntryKind::Release | EntryKind::Uphold => None,
        _ => (!entry.superseded).then_some(SPLIT),
    };
    Ok(lineage_rows::set_aside(tx, entry.id, confirm)?)
}

/// Says the changes of one record again that the server never had.
fn rewrite(
    tx: &Connection,
    context: &Context,
    cut: Cut,
    old: &VaultRow,
    id: RecordId,
    changes: &[&EntryRow],
) -> Result<(), CoreError> {
    for entry in changes {
        lineage_rows::set_aside(tx, entry.id, None)?;
    }
    let Some(row) = record_rows::known(tx, id)? else {
        return Ok(());
    };
    let entries = entry_rows::of_record(tx, id)?;
    let standing = Standing::of(&entries);
    let past = project::grow(row.kind, &entries, |_| true)?;
    let mut doc = if standing.shown().is_empty() {
        RecordDoc::new(row.kind)
    } else {
        project::grow(row.kind, &entries, |it| standing.shown().contains(it))?
    };
    let supersedes = |it: &EntryRow| still_superseded(tx, cut, old, it);
    let new = reauthor::again(context, id, &mut doc, &past, changes, supersedes)?;
    own_log::append(tx, &context.stamp, new)?;
    project::document(tx, context, id, row.author, &doc)
}

/// What a cut-off change had taken the place of, and the server has: what says it again takes it
/// too.
fn still_superseded(
    tx: &Connection,
    cut: Cut,
    old: &VaultRow,
    entry: &EntryRow,
) -> Result<Vec<EntryId>, CoreError> {
    let Some(header) = past_rows::past_header(tx, entry.id)? else {
        return Ok(Vec::new());
    };
    let header = Header::from_bytes(&header).map_err(|_| CoreError::Damaged("header"))?;
    let kept = |it: &EntryId| !(it.log == old.log && it.seq >= cut.tail);
    Ok(header.supersedes.into_iter().filter(kept).collect())
}
