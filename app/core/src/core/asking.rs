//! What the next exchange asks for, and how far the last ones have come.

use std::collections::HashSet;

use rusqlite::Connection;
use shared::ids::{Epoch, MailSeq, RecordId, Seq};
use shared::log::Header;
use shared::wire::{Cursors, ExchangeRequest, VERSION_MAX, VERSION_MIN, Waiting};

use super::link::Pushed;
use super::{Changed, Core, CoreError};
use crate::store::{VaultRow, disk_rows, feed_rows, lineage_rows, own_log, vault_rows};

/// How far the streams have come, in both directions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The lineage of the server.
    pub epoch: Option<Epoch>,
    /// The last place of our log that it has received.
    pub received: Option<Seq>,
    /// While a split is looked into, the last place that both have alike.
    pub matched: Option<Seq>,
    /// How far its streams are stored here.
    pub cursors: Cursors,
}

/// What a round asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// Bytes of news at once: an answer is applied under one lock, which screens wait for.
    pub budget: u32,
    /// Backfills too, which come last.
    pub backfills: bool,
    /// With what comes next of the outbox.
    pub push: bool,
}

impl Ask {
    /// Only how things stand.
    pub const NOTHING: Self = Self {
        budget: 0,
        backfills: false,
        push: false,
    };
}

impl Default for Ask {
    fn default() -> Self {
        Self {
            budget: 1 << 20,
            backfills: true,
            push: true,
        }
    }
}

impl Core {
    /// The next request. Records whose entries are in it count as being sent until the
    /// attempt has ended ([`Core::link`], [`Core::apply_response`]).
    pub fn exchange_request(&self) -> Result<ExchangeRequest, CoreError> {
        self.request(Ask::default())
    }

    /// The same, asking for so much.
    pub fn request(&self, ask: Ask) -> Result<ExchangeRequest, CoreError> {
        let (request, told) = {
            let mut state = self.lock();
            let row = state.vault()?;
            let conn = state.store.read();
            let push = match own_log::segment(conn, &row)? {
                Some(segment) if ask.push => {
                    let most = state.link.commits_max.unwrap_or(usize::MAX);
                    Some(lineage_rows::shorten(conn, segment, most)?)
                }
                _ => None,
            };
            let boot = self.config.env.clock.boot().1;
            let mut cursors = cursors(conn, &row)?;
            if !ask.backfills {
                cursors.backfills.clear();
            }
            let pushed = push.as_ref().map(|(segment, commits)| Pushed {
                last: Seq(segment.first.0 + segment.entries.len() as u64 - 1),
                commits: *commits,
            });
            let request = ExchangeRequest {
                version: VERSION_MAX,
                oldest: VERSION_MIN,
                log: row.log,
                epoch: row.epoch,
                cursors,
                received: row.received,
                push: push.map(|(segment, _)| segment),
                waiting: own_log::waiting(conn, &row)?,
                budget: ask.budget,
                digests: state.digests.due(boot).then_some(true),
            };
            state.link.in_flight = if state.link.is_cut() {
                HashSet::new()
            } else {
                subjects(&request)
            };
            if shared::mutant!(ReceivedWhenSent)
                && let Some(sent) = &pushed
            {
                let last = Some(sent.last);
                state.store.write(|tx| vault_rows::set_received(tx, last))?;
            }
            state.link.pushed = pushed;
            state.link.asked = Some(boot);
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
        Ok(lineage_rows::first_unmatched(&row) < row.next)
    }

    /// True if history is owed to this device.
    pub fn history_is_due(&self) -> Result<bool, CoreError> {
        Ok(!feed_rows::backfills(self.lock().store.read())?.is_empty())
    }

    /// How far the streams have come, in both directions.
    pub fn progress(&self) -> Result<Progress, CoreError> {
        let state = self.lock();
        let row = state.vault()?;
        let cursors = cursors(state.store.read(), &row)?;
        Ok(Progress {
            epoch: row.epoch,
            received: row.received,
            matched: row.matched,
            cursors,
        })
    }

    /// Forgets the receipt: the server says that it lacks what it once had. What it has
    /// after all, it recognises.
    pub fn offer_again(&self) -> Result<(), CoreError> {
        self.lock().store.write(|tx| {
            lineage_rows::set_matched(tx, None)?;
            Ok(vault_rows::set_received(tx, None)?)
        })
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

pub(super) fn cursors(conn: &Connection, row: &VaultRow) -> Result<Cursors, CoreError> {
    // Mail that destroys is not receipted before that is done.
    let open = disk_rows::first_evicting(conn)?;
    let held = open.map(|mail| MailSeq(mail.0.saturating_sub(1)));
    Ok(Cursors {
        records: row.records,
        mailbox: held.unwrap_or(row.mailbox).min(row.mailbox),
        reference: row.reference,
        backfills: feed_rows::backfills(conn)?,
    })
}
