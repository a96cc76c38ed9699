//! Finding holes, whatever made them: what is held of each scope, as one number, against the
//! server's.

use rusqlite::Connection;
use shared::hash::ChangeHash;
use shared::ids::{AcceptPos, EntryId, OfficerId, RecordId};
use shared::log::EntryKind;
use shared::wire::{Leaf, Scope, ScopeDigest, Sum};
use std::collections::BTreeSet;

use super::context::Context;
use super::settle::Touched;
use super::{CoreConfig, CoreError, feed};
use crate::store::{EntryRow, Opened, digest_rows, disk_rows, feed_rows, vault_rows};

/// How long after a repair the same scope is not repaired again, in boot time: a difference that
/// a backfill does not mend is reported, not fetched for ever.
const REPAIR_EVERY_MS: u64 = 60 * 60 * 1000;
/// How often digests are asked for while nothing comes in.
const ASK_EVERY_MS: u64 = 60 * 60 * 1000;

/// When digests were compared and scopes repaired, in this run of the process.
#[derive(Debug, Default)]
pub(super) struct Digests {
    /// Boot time of the last comparison of everything.
    compared: Option<u64>,
    /// Something has come in since.
    pub(super) changed: bool,
    repaired: Vec<(Scope, u64)>,
}

impl Digests {
    /// True if the next request should ask for them.
    pub(super) fn due(&self, now: u64) -> bool {
        self.changed
            || self
                .compared
                .is_none_or(|then| now.saturating_sub(then) >= ASK_EVERY_MS)
    }

    fn may_repair(&mut self, scope: Scope, now: u64) -> bool {
        self.repaired
            .retain(|(_, then)| now.saturating_sub(*then) < REPAIR_EVERY_MS);
        if self.repaired.iter().any(|(it, _)| *it == scope) {
            return false;
        }
        self.repaired.push((scope, now));
        true
    }
}

/// Keeps what digests see of a record: the heads and statements that the server's current
/// lineage is known to have accepted. A change that lacks what it builds on does not count, nor does
/// an entry of ours whose words went with an earlier copy of the record: that they do is a hole.
pub(super) fn note(tx: &Connection, id: RecordId, entries: &[EntryRow]) -> Result<(), CoreError> {
    let known = || {
        let there = |it: &&EntryRow| it.opened != Opened::Waits && !it.destroyed;
        let known = |it: &&EntryRow| it.accepted() && it.position.is_some();
        entries.iter().filter(move |it| known(it) && there(it))
    };
    let changes = || known().filter(|it| it.kind == EntryKind::Change);
    let deps: BTreeSet<_> = changes().flat_map(|it| it.deps.iter().copied()).collect();
    let heads: Vec<ChangeHash> = changes()
        .filter_map(|it| it.change)
        .filter(|it| !deps.contains(it))
        .collect();
    let statements: Vec<EntryId> = known()
        .filter(|it| it.kind.is_statement())
        .map(|it| it.id)
        .collect();
    // What the server had destroyed and is kept for the officer's own words is in no digest.
    let there = !disk_rows::to_evict_later(tx)?.contains(&id);
    let any = there && !(heads.is_empty() && statements.is_empty());
    let leaf = any.then(|| Sum::default().with(Leaf::of(id, &heads, &statements)));
    Ok(digest_rows::set_leaf(tx, id, leaf)?)
}

/// Ends the grants that the server does not have: another copy of this vault took the mail that
/// said so, or they were of an earlier log, or of another lineage of the server. True if the copy of a record was destroyed.
pub(super) fn ended(
    tx: &Connection,
    context: &Context,
    config: &CoreConfig,
    theirs: &[ScopeDigest],
    touched: &mut Touched,
) -> Result<bool, CoreError> {
    let mail = vault_rows::get(tx)?.mailbox.next();
    let mut evicted = false;
    for scope in feed_rows::scopes(tx)? {
        if theirs.iter().any(|it| it.scope == scope) {
            continue;
        }
        for id in feed_rows::end_grant(tx, scope)? {
            evicted |= feed::gone(tx, context, config, mail, (id, scope), touched)?;
        }
    }
    Ok(evicted)
}

/// Compares what came with what is here. The backfill of a scope that does not fit runs again;
/// it only adds. A scope whose backfill is open is not compared. True if one was begun.
pub(super) fn compare(
    tx: &Connection,
    me: OfficerId,
    digests: &mut Digests,
    theirs: &[ScopeDigest],
    upto: AcceptPos,
    now: u64,
) -> Result<bool, CoreError> {
    let (mut begun, mut open) = (false, false);
    for digest in theirs {
        if digest_rows::is_open(tx, digest.scope)? {
            open = true;
            continue;
        }
        if !digest_rows::is_granted(tx, digest.scope)? {
            // Another copy of this vault took the mail that said so.
            feed_rows::grant(tx, digest.scope, upto)?;
            digest_rows::reopen(tx, digest.scope, upto.next())?;
            digest_rows::count_repair(tx)?;
            (begun, open) = (true, true);
            continue;
        }
        let own = digest.scope == Scope::Author(me);
        let ours = digest_rows::sum(tx, digest.scope, own)?;
        if ours == Sum::from_bytes(digest.sum) {
            continue;
        }
        tracing::warn!(scope = %digest.scope, "a digest does not fit");
        digest_rows::count_repair(tx)?;
        if digests.may_repair(digest.scope, now) {
            digest_rows::reopen(tx, digest.scope, upto.next())?;
            begun = true;
        }
    }
    (digests.compared, digests.changed) = (Some(now), open);
    Ok(begun)
}
