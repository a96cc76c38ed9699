//! A connection in virtual time: TCP under loss, a rate and a round trip, with HTTPS on it.
//!
//! It is no packet simulator. A window of segments goes in each round; what is lost goes again in
//! the next; where nothing of a round arrives the sender waits, longer each time. That is what
//! decides how long a slow and lossy link takes and how many bytes go over it.

use std::sync::{Mutex, PoisonError};

use crate::clock::Timeline;
use crate::dice::Dice;

use super::{Cell, Trouble};

/// Payload of a segment, and the headers of IPv4 and TCP with timestamps.
const SEGMENT: u64 = 1_448;
const HEADERS: u64 = 52;
/// Segments of the first round, and of the largest.
const WINDOW: u64 = 10;
const WINDOW_MAX: u64 = 128;
/// Waits of a sender to whom nothing comes back.
const RESEND_LEAST_MS: i64 = 200;
const RESEND_MOST_MS: i64 = 60_000;
/// What a handshake of TLS 1.3 takes, up and down.
const HELLO: (u64, u64) = (400, 1_400);
/// How long the app waits for a connection (`app_core::http`).
const CONNECT_MS: i64 = 10_000;
/// For how long a link that is not there is tried.
const NO_ROUTE_MS: i64 = 1_000;

/// What went over the link.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told {
    /// Bytes on the wire, both ways, with headers and what was sent again.
    pub(super) wire: u64,
    /// Segments that were lost.
    pub(super) lost: u64,
    /// Connections that were made.
    pub(super) connections: u64,
    /// Connections that ended, or went silent, in the middle of something.
    pub(super) breaks: u64,
}

/// Why something did not get there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// There is no connection, or it ended.
    Gone,
    /// Nothing came for too long.
    Silent,
}

/// A connection that is open.
#[derive(Debug, Clone, Copy)]
struct Open {
    window: u64,
    slow_start: bool,
    /// Bytes after which it goes silent.
    left: u64,
    /// When the link goes away under it.
    until: i64,
}

/// A device's way to the server.
pub(super) struct Way {
    cell: Cell,
    dice: Dice,
    timeline: Timeline,
    state: Mutex<(Option<Open>, Told)>,
}

impl Way {
    pub(super) fn new(cell: Cell, dice: Dice, timeline: Timeline) -> Self {
        let state = Mutex::default();
        Self {
            cell,
            dice,
            timeline,
            state,
        }
    }

    pub(super) fn told(&self) -> Told {
        self.with(|_, told| *told)
    }

    /// Takes so many bytes to the other end in so many milliseconds at most; gives how many got
    /// there, and what ended it.
    pub(super) fn carry(&self, bytes: u64, within: i64) -> (u64, Result<(), Broken>) {
        let open = match self.connected() {
            Ok(open) => open,
            Err(broken) => return (0, Err(broken)),
        };
        let (left, open, done) = self.rounds(bytes, open, self.timeline.now() + within);
        self.with(|kept, told| {
            *kept = done.is_ok().then_some(open);
            told.breaks += u64::from(done.is_err());
        });
        (bytes.saturating_sub(left), done)
    }

    fn rounds(&self, bytes: u64, mut open: Open, limit: i64) -> (u64, Open, Result<(), Broken>) {
        let (mut left, mut silent) = (bytes, 0);
        while left > 0 {
            let segments = left.div_ceil(SEGMENT).min(open.window);
            let sent = left.min(segments * SEGMENT);
            let arrived = self.send(segments, sent, &mut open);
            let took = self.at_rate(sent + segments * HEADERS);
            let ended = arrived == segments && sent == left;
            let pause = match (arrived, ended) {
                (0, _) => took + self.resend(silent),
                (_, true) => took + self.cell.round_trip / 2,
                (_, false) => took.max(self.cell.round_trip),
            };
            let ends = open.until.min(limit) - self.timeline.now();
            if pause > ends {
                self.timeline.pass(ends.max(0));
                // What was on the wire in time is there.
                let there = (ends - self.cell.round_trip / 2).clamp(0, took);
                let there = u64::try_from(there).unwrap_or(0);
                let part = arrived * there / u64::try_from(took.max(1)).unwrap_or(1);
                let broken = match open.until <= limit {
                    true => Broken::Gone,
                    false => Broken::Silent,
                };
                return (left - (part * SEGMENT).min(left), open, Err(broken));
            }
            self.timeline.pass(pause);
            left -= (arrived * SEGMENT).min(sent).min(left);
            silent = if arrived == 0 { silent + 1 } else { 0 };
            open.learn(arrived, segments);
        }
        (0, open, Ok(()))
    }

    /// Sends segments; gives how many arrive.
    fn send(&self, segments: u64, bytes: u64, open: &mut Open) -> u64 {
        let dead = open.left < bytes;
        open.left = open.left.saturating_sub(bytes);
        let lost = |_: &u64| dead || self.dice.percent(self.cell.loss);
        let lost = u64::try_from((0..segments).filter(lost).count()).unwrap_or(0);
        // Every second segment is answered by one without payload.
        let answers = (segments - lost).div_ceil(2) * HEADERS;
        self.with(|_, told| {
            told.wire += bytes + segments * HEADERS + answers;
            told.lost += if dead { 0 } else { lost };
        });
        segments - lost
    }

    /// The open connection, or a new one.
    fn connected(&self) -> Result<Open, Broken> {
        let now = self.timeline.now();
        let until = self.link_ends(now);
        if until <= now {
            self.timeline.pass(NO_ROUTE_MS);
            self.with(|kept, _| *kept = None);
            return Err(Broken::Gone);
        }
        let kept = self.with(|kept, _| kept.take());
        if let Some(open) = kept.filter(|open| open.until > now) {
            return Ok(open);
        }
        let silent_after = match self.cell.trouble {
            Trouble::HalfOpen => {
                let about = super::HALF_OPEN_BYTES;
                about / 2 + self.dice.below(about)
            }
            Trouble::None | Trouble::Flap => u64::MAX,
        };
        let open = Open {
            window: WINDOW,
            slow_start: true,
            left: silent_after,
            until,
        };
        let limit = now + CONNECT_MS;
        // SYN and its answer, then the hellos; what is lost of any is sent again.
        let (mut open, mut done) = (open, Ok(()));
        for bytes in [1, 1, HELLO.0, HELLO.1] {
            if done.is_ok() {
                (_, open, done) = self.rounds(bytes, open, limit);
            }
        }
        self.with(|_, told| told.connections += 1);
        done.map(|()| open).map_err(|_| Broken::Gone)
    }

    /// When a link that is there now goes away; now if it is not there.
    fn link_ends(&self, now: i64) -> i64 {
        let (up, down) = super::FLAP_MS;
        let at = now.rem_euclid(up + down);
        match self.cell.trouble {
            Trouble::Flap if at >= up => now,
            Trouble::Flap => now - at + up,
            Trouble::None | Trouble::HalfOpen => i64::MAX,
        }
    }

    fn at_rate(&self, bytes: u64) -> i64 {
        i64::try_from(bytes * 8 * 1_000 / self.cell.rate).unwrap_or(i64::MAX)
    }

    /// How long a sender waits to whom nothing of so many rounds came back.
    fn resend(&self, rounds: u32) -> i64 {
        let first = self.cell.round_trip + RESEND_LEAST_MS.max(self.cell.round_trip / 4);
        (first << rounds.min(8)).min(RESEND_MOST_MS)
    }

    fn with<T>(&self, act: impl FnOnce(&mut Option<Open>, &mut Told) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (open, told) = &mut *state;
        act(open, told)
    }
}

impl Open {
    /// The window after a round: it doubles until something is lost, then it grows slowly.
    fn learn(&mut self, arrived: u64, of: u64) {
        if arrived == of {
            let grows = if self.slow_start { self.window } else { 1 };
            self.window = (self.window + grows).min(WINDOW_MAX);
            return;
        }
        self.slow_start = false;
        let less = if arrived == 0 {
            1
        } else {
            self.window * 7 / 10
        };
        self.window = less.max(1);
    }
}
