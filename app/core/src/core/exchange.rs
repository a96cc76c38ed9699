//! One exchange: what is asked, and what an answer does. Data and cursors move in one
//! transaction, the cursors last.

use std::collections::{BTreeSet, HashSet};

use rusqlite::Connection;
use shared::ids::{Epoch, MailSeq, PhotoId, RecordId, ReferenceSeq, Seq};
use shared::log::Header;
use shared::wire::{
    Checkpoint, Cursors, ExchangeRequest, ExchangeResponse, Mail, MailItem, SessionState,
    VERSION_MAX, VERSION_MIN, Verdict, Waiting,
};

use super::context::{Context, Reference};
use super::feed::Touched;
use super::{Changed, Core, CoreError, evict, feed, project};
use crate::store::{
    VaultRow, VerdictState, entry_rows, feed_rows, own_log, photo_rows, record_rows, vault_rows,
};
use crate::view::ConnectionState;

/// Bytes of news asked for at once: an answer is applied under one lock, which screens wait
/// for.
const BUDGET: u32 = 1 << 20;

/// Within this time after the request, an answer's clock is taken for the present.
const PROMPT_MS: u64 = 60_000;

/// What became of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Applied {
    /// The news were dropped: they answer cursors that are no longer held.
    pub dropped: bool,
    /// There is more to ask for.
    pub more: bool,
    /// The server is another lineage than before.
    pub new_epoch: bool,
    /// Something that screens show has changed.
    pub changed: bool,
    /// The copy of another's record was destroyed.
    pub evicted: bool,
}

/// How far the streams have come, in both directions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The lineage of the server.
    pub epoch: Option<Epoch>,
    /// The last place of our log that it has received.
    pub received: Option<Seq>,
    /// How far its streams are stored here.
    pub cursors: Cursors,
}

/// What a transaction leaves to do after it.
#[derive(Default)]
struct After {
    applied: Applied,
    evicted: Vec<PhotoId>,
    reference: Option<Reference>,
}

impl Core {
    /// The next request. Records whose entries are in it count as being sent until the
    /// attempt has ended ([`Core::link`], [`Core::apply_response`]).
    pub fn exchange_request(&self) -> Result<ExchangeRequest, CoreError> {
        let (request, told) = {
            let mut state = self.lock();
            let row = state.vault()?;
            let conn = state.store.read();
            let push = own_log::segment(conn, &row)?;
            let request = ExchangeRequest {
                version: VERSION_MAX,
                oldest: VERSION_MIN,
                log: row.log,
                epoch: row.epoch,
                cursors: cursors(conn, &row)?,
                received: row.received,
                push,
                waiting: own_log::waiting(conn, &row)?,
                budget: BUDGET,
            };
            state.link.in_flight = if state.link.is_cut() {
                HashSet::new()
            } else {
                subjects(&request)
            };
            state.link.asked = Some(self.config.env.clock.boot().1);
            (request, state.link.moving())
        };
        if told {
            self.tell(Changed::Status);
        }
        Ok(request)
    }

    /// What the server has not received yet.
    pub fn outbox(&self) -> Result<Waiting, CoreError> {
        let state = self.lock();
        Ok(own_log::waiting(state.store.read(), &state.vault()?)?)
    }

    /// True if there are entries that the server has not received.
    pub fn push_is_due(&self) -> Result<bool, CoreError> {
        let row = self.lock().vault()?;
        Ok(own_log::first_unreceived(&row) < row.next)
    }

    /// How far the streams have come, in both directions.
    pub fn progress(&self) -> Result<Progress, CoreError> {
        let state = self.lock();
        let row = state.vault()?;
        let cursors = cursors(state.store.read(), &row)?;
        Ok(Progress {
            epoch: row.epoch,
            received: row.received,
            cursors,
        })
    }

    /// Forgets the receipt: the server says that it lacks what it once had. What it has
    /// after all, it recognises.
    pub fn offer_again(&self) -> Result<(), CoreError> {
        self.lock()
            .store
            .write(|tx| Ok(vault_rows::set_received(tx, None)?))
    }

    /// Applies an answer. Doing it again, or to another state than it answers, changes nothing.
    pub fn apply_response(&self, response: ExchangeResponse) -> Result<Applied, CoreError> {
        let session = response.session;
        let after = {
            let mut state = self.lock();
            state.link.in_flight.clear();
            let asked = state.link.asked.take();
            let prompt = asked.is_some_and(|asked| {
                self.config.env.clock.boot().1.saturating_sub(asked) <= PROMPT_MS
            });
            let after = {
                let (config, reference) = (&self.config, state.reference.clone());
                state.store.write(|tx| {
                    let context = Context::new(vault_rows::get(tx)?, &reference, &config.env)?;
                    apply(tx, context, &config.receipt_key, response, prompt)
                })?
            };
            if let Some(reference) = &after.reference {
                state.reference = reference.clone();
            }
            let now = self.config.env.now();
            state.link.last_exchange = Some(now);
            state.link.set(connection(session), now);
            after
        };
        if after.applied.evicted {
            for photo in after.evicted {
                self.remove_files(photo);
            }
            self.lock().store.truncate_log()?;
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

/// The records of a push.
fn subjects(request: &ExchangeRequest) -> HashSet<RecordId> {
    let entries = request.push.iter().flat_map(|segment| &segment.entries);
    let header = |bytes: &Vec<u8>| Header::from_bytes(bytes).ok();
    entries
        .filter_map(|entry| header(&entry.header)?.subject)
        .collect()
}

fn cursors(conn: &Connection, row: &VaultRow) -> Result<Cursors, CoreError> {
    Ok(Cursors {
        records: row.records,
        mailbox: row.mailbox,
        reference: row.reference,
        backfills: feed_rows::backfills(conn)?,
    })
}

fn apply(
    tx: &Connection,
    mut context: Context,
    receipt_key: &[u8],
    response: ExchangeResponse,
    prompt: bool,
) -> Result<After, CoreError> {
    let mut after = After::default();
    let lineage = context.vault.epoch;
    if lineage != Some(response.epoch) {
        vault_rows::set_epoch(tx, response.epoch)?;
        after.applied.new_epoch = lineage.is_some();
    }
    if prompt {
        heard(tx, &context, &response)?;
    }
    let mut touched = Touched::default();
    receipt(
        tx,
        &context,
        receipt_key,
        &response,
        after.applied.new_epoch,
        &mut touched,
    )?;
    context.vault = vault_rows::get(tx)?;
    if after.applied.new_epoch {
        // Whatever else it says answers cursors of the lineage before.
        forget(tx, &context, &mut touched)?;
        after.applied.dropped = true;
    } else {
        after.applied.dropped = response.answers != cursors(tx, &context.vault)?;
    }
    after.applied.more = response.more || after.applied.dropped;
    if !after.applied.dropped {
        news(tx, &mut context, &response, &mut after, &mut touched)?;
    }
    // A backfill that is open has more to give, as long as news are given at all.
    after.applied.more |=
        response.session == SessionState::Current && !feed_rows::backfills(tx)?.is_empty();
    after.applied.changed = touched.settle(tx, &context)? || after.applied.evicted;
    Ok(after)
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
    Ok(())
}

/// Takes the signed receipt, after checking it against our own log. Receipts only go up,
/// except at the beginning of a lineage.
fn receipt(
    tx: &Connection,
    context: &Context,
    receipt_key: &[u8],
    response: &ExchangeResponse,
    new_epoch: bool,
    touched: &mut Touched,
) -> Result<(), CoreError> {
    let Some(bytes) = &response.checkpoint else {
        return Ok(());
    };
    let checkpoint =
        Checkpoint::verify(receipt_key, bytes).map_err(|_| CoreError::NotAllowed("bad_receipt"))?;
    let (row, place) = (&context.vault, checkpoint.seq);
    let ours = checkpoint.epoch == response.epoch
        && checkpoint.log == row.log
        && own_log::hash_at(tx, place)? == Some(checkpoint.header);
    if !ours {
        return Err(CoreError::NotAllowed("bad_receipt"));
    }
    let known = row.received.filter(|_| !new_epoch);
    if known.is_none_or(|known| known < place) {
        vault_rows::set_received(tx, Some(place))?;
        let from = known.map_or(Seq(0), Seq::next);
        touched
            .states
            .extend(entry_rows::records_between(tx, from, place)?);
    }
    Ok(())
}

/// Begins anew with another lineage of the server: what it has not received it is offered
/// again, and what it judged of that is judged again.
fn forget(tx: &Connection, context: &Context, touched: &mut Touched) -> Result<(), CoreError> {
    let first = own_log::first_unreceived(&context.vault);
    entry_rows::forget_verdicts(tx, first)?;
    photo_rows::forget_stored(tx)?;
    touched.states.extend(record_rows::ids(tx)?);
    Ok(())
}

/// Reference data first, since states depend on it; then mail, feed and backfills; the cursors
/// last.
fn news(
    tx: &Connection,
    context: &mut Context,
    response: &ExchangeResponse,
    after: &mut After,
    touched: &mut Touched,
) -> Result<(), CoreError> {
    let mut reference = context.vault.reference;
    for item in &response.reference {
        feed_rows::put_reference(tx, item)?;
        reference = reference.max(item.seq);
    }
    if !response.reference.is_empty() {
        let read = Reference::read(tx)?;
        context.reference = read.clone();
        after.reference = Some(read);
        // A new authority may make somebody a reviewer, or end it.
        touched.states.extend(record_rows::others(tx)?);
    }
    let mailbox = mail(tx, context, &response.mail, after, touched)?;
    for item in &response.feed {
        feed::apply(tx, context, item, touched)?;
    }
    for page in &response.backfills {
        for item in &page.items {
            feed::apply(tx, context, item, touched)?;
        }
        feed_rows::set_backfill(tx, page.scope, page.below)?;
    }
    let records = context.vault.records.max(response.records);
    Ok(vault_rows::set_cursors(
        tx,
        records,
        mailbox,
        ReferenceSeq(reference.0),
    )?)
}

fn mail(
    tx: &Connection,
    context: &Context,
    items: &[MailItem],
    after: &mut After,
    touched: &mut Touched,
) -> Result<MailSeq, CoreError> {
    let mut cursor = context.vault.mailbox;
    for item in items {
        cursor = cursor.max(item.seq);
        match item.mail {
            Mail::Verdict(place, verdict, at) => {
                let (state, reason) = match verdict {
                    Verdict::Accepted(_) => (VerdictState::Accepted, None),
                    Verdict::Parked(code) => (VerdictState::Parked, Some(code)),
                    Verdict::Quarantined(code) => (VerdictState::Quarantined, Some(code)),
                    Verdict::Rejected(code) => (VerdictState::Rejected, Some(code)),
                };
                let reason = reason.map(|code| code.as_str());
                let record = entry_rows::set_verdict(tx, place, state, reason, at)?;
                touched.states.extend(record);
            }
            Mail::Granted(scope, position) => feed_rows::grant(tx, scope, position)?,
            Mail::GrantEnded(scope) => feed_rows::end_grant(tx, scope)?,
            Mail::Evict(record) => {
                after.evicted.extend(evict::evict(tx, context, record)?);
                touched.forget(record);
                after.applied.evicted = true;
            }
        }
    }
    Ok(cursor)
}

/// The states and documents that a transaction has to bring up to date at its end.
impl Touched {
    /// Brings everything up to date; true if there was anything.
    fn settle(self, tx: &Connection, context: &Context) -> Result<bool, CoreError> {
        let any = !self.states.is_empty() || !self.documents.is_empty();
        for id in &self.documents {
            whole(feed::open(tx, context, *id))?;
        }
        let open: BTreeSet<_> = self.states.difference(&self.documents).copied().collect();
        for id in open {
            whole(project::states(tx, context, id))?;
        }
        Ok(any)
    }
}

/// One record whose stored rows are damaged must not keep all others from coming in. What was
/// sent of it is kept beside, and opened when it can be.
fn whole(done: Result<(), CoreError>) -> Result<(), CoreError> {
    match done {
        Err(CoreError::Damaged(what)) => {
            tracing::error!(what, "a record is damaged and was passed over");
            Ok(())
        }
        other => other,
    }
}
