//! Applying checked changes to a throw-away clone, and proving the result.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, UnwindSafe, catch_unwind};

use automerge::{ActorId, Automerge, Change, ChangeHash, LoadOptions, ReadDoc};

use super::{Checked, Limits, Preflight, Refusal};

thread_local! {
    static RUNNING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside [`apply`]. A panic there is caught, and its
/// message may quote what the change holds: a process with a panic hook of its
/// own should not print it.
pub fn running() -> bool {
    RUNNING.get()
}

/// A saved document up to this is left uncompressed: that costs less each time
/// it is saved and loaded than the bytes it would save.
const PLAIN_BYTES: usize = 8 * 1024;

/// What came of letting changes in.
#[derive(Debug)]
pub struct Applied<S> {
    /// The document, as it was loaded again from its saved form.
    pub doc: Automerge,
    /// That form: the bytes that are known to load.
    pub saved: Vec<u8>,
    /// What was read of it.
    pub read: S,
}

/// Applies changes to a copy of `doc` and returns the document as it was loaded
/// again from its saved form, with the actor and text encoding of `doc`, and
/// what `read` made of it.
///
/// The changes must have passed [`super::causal`], in this order. Either all
/// are in the result or there is none; `doc` never changes. `read` is the
/// caller's schema-directed reading: it must follow fixed paths and never
/// recurse to a depth the document chooses.
pub fn apply<S>(
    doc: &Automerge,
    changes: &[Checked],
    limits: &Limits,
    read: impl FnOnce(&Automerge) -> Result<S, Refusal> + UnwindSafe,
) -> Result<Applied<S>, Refusal> {
    let _running = Running::start();
    // The document is only read and the copy is dropped with the panic, so a
    // broken invariant cannot be seen from outside.
    let work = AssertUnwindSafe(|| {
        let (doc, saved) = prove(doc, changes, limits)?;
        let read = read(&doc)?;
        Ok(Applied { doc, saved, read })
    });
    catch_unwind(work).unwrap_or(Err(Refusal::Panicked))
}

fn prove(
    doc: &Automerge,
    changes: &[Checked],
    limits: &Limits,
) -> Result<(Automerge, Vec<u8>), Refusal> {
    let before = doc.stats();
    let facts = || changes.iter().map(Checked::facts);
    let ops = facts().fold(before.num_ops, |sum, change| sum.saturating_add(change.ops));
    within_ops(ops, limits)?;
    within_changes(
        before.num_changes.saturating_add(changes.len() as u64),
        limits,
    )?;

    let parsed = changes.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
    let mut copy = doc.clone();
    copy.apply_changes(parsed).map_err(|_| Refusal::Rejected)?;
    // Automerge queues what it cannot place and answers `Ok`.
    let placed = facts().all(|change| {
        copy.get_change_meta_by_hash(&ChangeHash(change.hash))
            .is_some()
    });
    if !placed || !copy.get_missing_deps(&[]).is_empty() {
        return Err(Refusal::NotApplied);
    }
    let after = copy.stats();
    within_ops(after.num_ops, limits)?;
    within_changes(after.num_changes, limits)?;
    reload(&copy, limits)
}

/// Parses a change with Automerge and holds it against the preflight: if the
/// two read the bytes differently, what was checked is not what would run.
fn parse(change: &Checked) -> Result<Change, Refusal> {
    let parsed = Change::try_from(change.bytes()).map_err(|_| Refusal::Rejected)?;
    let Preflight {
        hash,
        actor,
        seq,
        start_op,
        max_op,
        deps,
        other_actors,
        time,
        ops,
    } = change.facts();
    let actors = |ids: &[ActorId]| {
        ids.iter()
            .map(|id| id.to_bytes().to_vec())
            .collect::<Vec<_>>()
    };
    let same = parsed.hash().0 == *hash
        && parsed.actor_id().to_bytes() == actor
        && parsed.seq() == *seq
        && parsed.start_op().get() == *start_op
        && parsed.len() as u64 == *ops
        && parsed.start_op().get() + parsed.len() as u64 - 1 == *max_op
        && parsed.timestamp() == *time
        && parsed
            .deps()
            .iter()
            .map(|dep| dep.0)
            .eq(deps.iter().copied())
        && actors(parsed.other_actor_ids()) == *other_actors;
    if same {
        Ok(parsed)
    } else {
        Err(Refusal::Disagreement)
    }
}

/// Saves and loads again: one in a hundred well-formed hostile changes leaves a
/// document that can be saved and never loaded.
fn reload(copy: &Automerge, limits: &Limits) -> Result<(Automerge, Vec<u8>), Refusal> {
    let plain = copy.save_nocompress();
    let (found, limit) = (plain.len(), limits.document_bytes);
    if found > limit {
        return Err(Refusal::DocumentBytes { found, limit });
    }
    let saved = if found <= PLAIN_BYTES {
        plain
    } else {
        copy.save()
    };
    let options = LoadOptions::new().text_encoding(copy.text_encoding());
    let loaded = Automerge::load_with_options(&saved, options);
    let mut loaded = loaded.map_err(|_| Refusal::Unloadable)?;
    let (was, is) = (copy.stats(), loaded.stats());
    let same = loaded.get_heads() == copy.get_heads()
        && (is.num_ops, is.num_changes) == (was.num_ops, was.num_changes);
    if !same {
        return Err(Refusal::LoadsDifferently);
    }
    loaded.set_actor(copy.get_actor().clone());
    Ok((loaded, saved))
}

fn within_ops(found: u64, limits: &Limits) -> Result<(), Refusal> {
    let limit = limits.document_ops;
    if found > limit {
        Err(Refusal::DocumentOps { found, limit })
    } else {
        Ok(())
    }
}

fn within_changes(found: u64, limits: &Limits) -> Result<(), Refusal> {
    let limit = limits.document_changes;
    if found > limit {
        Err(Refusal::DocumentChanges { found, limit })
    } else {
        Ok(())
    }
}

/// Marks the thread for as long as it lives, also through a panic.
struct Running(bool);

impl Running {
    fn start() -> Self {
        Self(RUNNING.replace(true))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.set(self.0);
    }
}
