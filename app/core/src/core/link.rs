//! What is known of the way to the server, and what moves on it now.

use std::collections::{HashMap, HashSet};

use shared::hash::BlobHash;
use shared::ids::{RecordId, Seq};
use shared::time::UnixMs;

use super::{Changed, Core};
use crate::view::ConnectionState;

/// A photo that was refused, or did not come whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Postponed {
    /// How often in a row.
    pub(super) tries: u32,
    /// In which round it was last tried.
    pub(super) round: u64,
    /// Boot time before which it is not tried again.
    pub(super) until: u64,
}

/// What a request pushes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pushed {
    /// The place of its last entry.
    pub(super) last: Seq,
    /// How many commits.
    pub(super) commits: usize,
}

/// The first wait of a photo that was refused twice.
const PHOTO_AGAIN_MS: u64 = 7_500;
/// The longest wait of a photo.
const PHOTO_LONGEST_MS: u64 = 60_000;

/// The way to the server, as this run of the process knows it.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) state: ConnectionState,
    pub(super) since: Option<UnixMs>,
    pub(super) next_try: Option<UnixMs>,
    pub(super) last_exchange: Option<UnixMs>,
    /// Records whose entries are in the request on the wire.
    pub(super) in_flight: HashSet<RecordId>,
    /// What the request on the wire pushes.
    pub(super) pushed: Option<Pushed>,
    /// How many commits one push may have, while it is looked for where the log has split.
    pub(super) commits_max: Option<usize>,
    /// The same for a piece of an earlier log.
    pub(super) past_max: usize,
    /// When the request on the wire was made, by boot time.
    pub(super) asked: Option<u64>,
    /// The photo on the wire, and how much of it is over.
    pub(super) upload: Option<(BlobHash, u64)>,
    /// Attempts in a row that failed.
    pub(super) failures: u32,
    /// Photos put off until the next round.
    pub(super) postponed: HashMap<BlobHash, Postponed>,
    /// Counts rounds.
    pub(super) round: u64,
}

impl Link {
    pub(super) fn new(last_exchange: Option<UnixMs>) -> Self {
        Self {
            state: ConnectionState::NoConnection,
            since: None,
            next_try: None,
            last_exchange,
            in_flight: HashSet::new(),
            pushed: None,
            commits_max: None,
            past_max: usize::MAX,
            asked: None,
            upload: None,
            failures: 0,
            postponed: HashMap::new(),
            round: 0,
        }
    }

    pub(super) fn set(&mut self, state: ConnectionState, now: UnixMs) -> bool {
        let changed = self.state != state || self.since.is_none();
        if changed {
            (self.state, self.since) = (state, Some(now));
        }
        changed
    }

    /// True if the last attempt reached nobody. The next one may wait for a connection that does
    /// not come; until it has, nothing is said to be on its way.
    pub(super) fn is_cut(&self) -> bool {
        self.state == ConnectionState::NoConnection && self.since.is_some()
    }

    /// True if a photo may be tried in this round.
    pub(super) fn may_try(&self, blob: &BlobHash, now: u64) -> bool {
        self.postponed
            .get(blob)
            .is_none_or(|it| it.round < self.round && it.until <= now)
    }

    /// Puts a photo off: until the next round, then longer each time. One photo that is refused
    /// for ever must not be sent for ever, nor keep the others.
    pub(super) fn postpone(&mut self, blob: BlobHash, now: u64) {
        let tries = self.postponed.get(&blob).map_or(0, |it| it.tries) + 1;
        let wait = match tries {
            1 => 0,
            more => (PHOTO_AGAIN_MS << more.min(10)).min(PHOTO_LONGEST_MS),
        };
        let put_off = Postponed {
            tries,
            round: self.round,
            until: now.saturating_add(wait),
        };
        self.postponed.insert(blob, put_off);
    }

    /// True while bytes move.
    pub(super) fn moving(&self) -> bool {
        !self.in_flight.is_empty() || self.upload.is_some()
    }
}

impl Core {
    /// True if the server did not answer the last time.
    pub fn is_cut_off(&self) -> bool {
        self.lock().link.state.is_cut_off()
    }

    /// Says how the last attempt to reach the server ended. Nothing is on the wire then.
    pub fn link(&self, state: ConnectionState) {
        let now = self.config.env.now();
        let told = {
            let link = &mut self.lock().link;
            let moved = link.moving();
            link.in_flight.clear();
            link.upload = None;
            link.set(state, now) || moved
        };
        if told {
            self.tell(Changed::Status);
        }
    }

    /// Says that nothing is on the wire.
    pub(crate) fn still(&self) {
        let moved = {
            let link = &mut self.lock().link;
            let moved = link.moving();
            link.in_flight.clear();
            link.upload = None;
            moved
        };
        if moved {
            self.tell(Changed::Status);
        }
    }

    /// Says how many attempts in a row have failed.
    pub fn failures(&self, failures: u32) {
        self.lock().link.failures = failures;
    }

    /// Says when the next attempt is made.
    pub fn next_try(&self, at: Option<UnixMs>) {
        let told = {
            let link = &mut self.lock().link;
            let told = link.next_try != at;
            link.next_try = at;
            told
        };
        if told {
            self.tell(Changed::Status);
        }
    }
}
