//! One exchange: what is asked, and what an answer does. Data and cursors move in one
//! transaction, the cursors last.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::ids::{RecordId, ReferenceSeq, Seq};
use shared::wire::{Cursors, ExchangeResponse, SessionState};

use super::asking::cursors;
use super::context::{Context, Reference};
use super::digests::Digests;
use super::link::Pushed;
use super::receipts::{self, Receipt};
use super::settle::Touched;
use super::{Changed, Core, CoreConfig, CoreError, digests, evict, feed, inbox, lease, lost};
use crate::store::{VaultRow, feed_rows, lineage_rows, record_rows, vault_rows};
use crate::view::ConnectionState;

/// Within this time after the request, an answer's clock is taken for the present.
const PROMPT_MS: u64 = 60_000;

/// What became of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Applied {
    /// The news were dropped: they answer cursors that are no longer held.
    pub dropped: bool,
    /// There is more to ask for.
    pub more: bool,
    /// There is more to ask for beside history.
    pub words: bool,
    /// The server is another lineage than before.
    pub new_epoch: bool,
    /// Something that screens show has changed.
    pub changed: bool,
    /// The copy of another's record was destroyed.
    pub evicted: bool,
    /// The server has another log of this name: nothing of the answer was believed.
    pub split: bool,
    /// A digest did not fit, and a backfill runs again.
    pub repairs: bool,
}

/// What a transaction leaves to do after it.
#[derive(Default)]
struct After {
    applied: Applied,
    reference: Option<Reference>,
    /// Records whose document was made anew.
    anew: BTreeSet<RecordId>,
}

impl Core {
    /// Learns from an answer which lineage the server is of, and nothing else; true if it is
    /// another than before.
    pub(crate) fn learn_epoch(&self, response: &ExchangeResponse) -> Result<bool, CoreError> {
        let mut state = self.lock();
        let new = state.vault()?.epoch != Some(response.epoch);
        if new {
            let anew = state.commit(&self.config, |tx, context| {
                let mut touched = Touched::default();
                let lineage = response.lineage.as_deref().unwrap_or_default();
                receipts::new_epoch(tx, context, response.epoch, lineage, &mut touched)?;
                let vault = vault_rows::get(tx)?;
                let context =
                    Context::new(vault, &context.reference, &context.env, context.schema)?;
                Ok(touched.settle(tx, &context)?.1)
            })?;
            for id in &anew {
                state.actors.remove(id);
            }
        }
        Ok(new)
    }

    /// Applies an answer. Doing it again, or to another state than it answers, changes nothing.
    pub fn apply_response(&self, response: ExchangeResponse) -> Result<Applied, CoreError> {
        let (session, receipted) = (response.session, response.checkpoint.is_some());
        let after = {
            let mut state = self.lock();
            state.link.in_flight.clear();
            let asked = state.link.asked.take();
            let pushed = state.link.pushed.take();
            let boot = self.config.env.clock.boot().1;
            let mut seen = std::mem::take(&mut state.digests);
            let after = {
                let (config, reference) = (&self.config, state.reference.clone());
                state.store.write(|tx| {
                    let context =
                        Context::new(vault_rows::get(tx)?, &reference, &config.env, config.schema)?;
                    let answer = Answer {
                        config,
                        pushed,
                        asked,
                        prompt: asked.is_some_and(|it| boot.saturating_sub(it) <= PROMPT_MS),
                        response: &response,
                    };
                    apply(tx, context, &answer, &mut seen, boot)
                })
            };
            state.digests = seen;
            let after = after?;
            if let Some(reference) = &after.reference {
                state.reference = reference.clone();
            }
            for id in &after.anew {
                state.actors.remove(id);
            }
            if after.applied.changed {
                // What was refused may be taken now.
                state.link.postponed.clear();
            }
            if !after.applied.split {
                state.link.commits_max = None;
            }
            let now = self.config.env.now();
            state.link.last_exchange = Some(now);
            let forked = state.vault()?.forked.is_some();
            let connected = if forked {
                ConnectionState::Split
            } else {
                connection(session)
            };
            state.link.set(connected, now);
            after
        };
        let finished = self.finish_evictions();
        if after.applied.evicted {
            finished?;
        } else if let Err(error) = finished {
            // It is an older one, and no exchange waits for it.
            tracing::warn!(code = error.code(), "an eviction could not be finished");
        }
        if receipted {
            self.sweep_spool()?;
        }
        if after.applied.changed {
            self.tell(Changed::Records);
        }
        self.tell(Changed::Status);
        Ok(after.applied)
    }
}

const fn connection(session: SessionState) -> ConnectionState {
    match session {
        SessionState::Current => ConnectionState::Connected,
        SessionState::SignIn => ConnectionState::SignIn,
        SessionState::Revoked => ConnectionState::Revoked,
        SessionState::Upgrade => ConnectionState::Upgrade,
    }
}

/// True if an answer is to what is held: the cursors of the streams as they are, and of the
/// backfills those that were asked for.
fn answers(held: &Cursors, answered: &Cursors) -> bool {
    held.records == answered.records
        && held.mailbox == answered.mailbox
        && held.reference == answered.reference
        && answered
            .backfills
            .iter()
            .all(|it| held.backfills.contains(it))
}

/// An answer, and what is known of its question.
struct Answer<'a> {
    config: &'a CoreConfig,
    response: &'a ExchangeResponse,
    pushed: Option<Pushed>,
    /// When it was asked, by boot time.
    asked: Option<u64>,
    prompt: bool,
}

fn apply(
    tx: &Connection,
    mut context: Context,
    answer: &Answer<'_>,
    seen: &mut Digests,
    boot: u64,
) -> Result<After, CoreError> {
    let (mut after, mut touched) = (After::default(), Touched::default());
    let response = answer.response;
    if context.vault.epoch != Some(response.epoch) {
        after.applied.new_epoch = context.vault.epoch.is_some();
        let lineage = response.lineage.as_deref().unwrap_or_default();
        receipts::new_epoch(tx, &context, response.epoch, lineage, &mut touched)?;
        context = context.of_vault(vault_rows::get(tx)?);
    }
    if answer.prompt {
        heard(tx, &context, response)?;
    }
    lease::heard(tx, &context, response.session, answer.asked)?;
    let receipt_key = &answer.config.receipt_key;
    let receipt = receipts::receipt(tx, &context, receipt_key, response, &mut touched)?;
    context = context.of_vault(vault_rows::get(tx)?);
    if receipt == Receipt::Split {
        // Its mail is about another's entries, and its feed leaves them out.
        after.applied.split = true;
        after.applied.dropped = true;
        split(tx, &context.vault, answer.pushed)?;
    } else if after.applied.new_epoch {
        // Whatever else it says answers cursors of the lineage before.
        after.applied.dropped = true;
    } else {
        after.applied.dropped = !answers(&cursors(tx, &context.vault)?, &response.answers);
    }
    after.applied.words = response.more || after.applied.dropped;
    after.applied.more = after.applied.words;
    if !after.applied.dropped {
        news(tx, &mut context, answer, &mut after, &mut touched)?;
    }
    let theirs = response.digests.as_ref();
    let theirs = theirs.filter(|_| !after.applied.words);
    if let Some(theirs) = theirs {
        after.applied.evicted |= digests::ended(tx, &context, answer.config, theirs, &mut touched)?;
    }
    if !after.applied.dropped && !after.applied.more {
        lost::say_again(tx, &context, &mut touched)?;
    }
    let (any, anew) = touched.settle(tx, &context)?;
    after.applied.changed |= any || after.applied.evicted;
    after.anew = anew;
    seen.changed |= any;
    if let Some(theirs) = theirs {
        after.applied.repairs =
            digests::compare(tx, context.me(), seen, theirs, response.records, boot)?;
    }
    // A backfill that is open has more to give, as long as news are given at all.
    after.applied.more |= response.session == SessionState::Current
        && !after.applied.split
        && !feed_rows::backfills(tx)?.is_empty();
    Ok(after)
}

/// What was pushed without being refused, the server has as we have it.
fn split(tx: &Connection, row: &VaultRow, pushed: Option<Pushed>) -> Result<(), CoreError> {
    let matched = pushed.map(|it| it.last).max(row.matched);
    lineage_rows::set_matched(tx, matched)?;
    let next = matched.max(row.received).map_or(Seq(0), Seq::next);
    if next >= row.next {
        lineage_rows::set_forked(tx, next)?;
    }
    Ok(())
}

fn heard(tx: &Connection, context: &Context, response: &ExchangeResponse) -> Result<(), CoreError> {
    let (boot, boot_ms) = context.env.clock.boot();
    let wall = context.env.now();
    let heard = vault_rows::Heard {
        server: response.server_time,
        wall,
        boot,
        boot_ms,
    };
    vault_rows::set_heard(tx, heard, response.policy, response.horizon)?;
    evict::drop_covered(tx, &vault_rows::get(tx)?)
}

/// Reference data first, since states depend on it; then mail, feed and backfills; the cursors
/// last.
fn news(
    tx: &Connection,
    context: &mut Context,
    answer: &Answer<'_>,
    after: &mut After,
    touched: &mut Touched,
) -> Result<(), CoreError> {
    let response = answer.response;
    if shared::mutant!(CursorBeforeData) {
        let row = &context.vault;
        let mail = response.mail.last().map_or(row.mailbox, |item| item.seq);
        let records = row.records.max(response.records);
        vault_rows::set_cursors(tx, records, mail, row.reference)?;
    }
    let mut reference = context.vault.reference;
    for item in &response.reference {
        feed_rows::put_reference(tx, item, context.now())?;
        reference = reference.max(item.seq);
    }
    if !response.reference.is_empty() {
        let read = Reference::read(tx)?;
        context.reference = read.clone();
        after.reference = Some(read);
        // A new authority may make somebody a reviewer, or end it.
        touched.states.extend(record_rows::others(tx)?);
    }
    let brought = inbox::take(tx, context, answer.config, &response.mail, touched)?;
    after.applied.evicted |= brought.evicted;
    after.applied.changed |= brought.tasks;
    after.applied.words |= brought.more;
    after.applied.more |= brought.more;
    let mut left = Vec::new();
    for item in &response.feed {
        left.extend(feed::apply(tx, context, item, touched)?);
    }
    for page in &response.backfills {
        for item in &page.items {
            left.extend(feed::apply(tx, context, item, touched)?);
        }
        feed_rows::set_backfill(tx, page.scope, page.below)?;
    }
    for left in left {
        let mail = brought.evicting(context);
        let gone = feed::gone(tx, context, answer.config, mail, left, touched)?;
        after.applied.evicted |= gone;
    }
    let records = context.vault.records.max(response.records);
    Ok(vault_rows::set_cursors(
        tx,
        records,
        brought.cursor,
        ReferenceSeq(reference.0),
    )?)
}
