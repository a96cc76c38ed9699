//! The check of the order of acceptance, and the proof that it bites.
//!
//! A number that is taken before the commit can become visible after a later one: a reader
//! that has passed it then never sees it. [`follow`] reads beside writers and says what a
//! reader was not given. It runs on every backend, and here on a stream of numbers in memory
//! that has the fault.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard};

use shared::hash::BlobHash;
use shared::ids::AcceptPos;

pub(super) const WRITERS: u8 = 4;
pub(super) const EACH: u8 = 12;

/// What a writer writes as its `n`th.
pub(super) fn blob(writer: u8, n: u8) -> BlobHash {
    BlobHash::of(&[writer, n])
}

/// A stream that several write and one reads.
pub(super) trait Stream: Sync {
    /// Writes [`blob`]`(writer, n)`; durable and visible when it returns.
    fn write(&self, writer: u8, n: u8);
    /// What stands after a position.
    fn read(&self, after: AcceptPos) -> Page;
}

/// A part of a stream.
pub(super) struct Page {
    /// What stands there; none for what no writer of the check wrote.
    pub(super) items: Vec<(AcceptPos, Option<BlobHash>)>,
    /// Continue after this.
    pub(super) end: AcceptPos,
    /// True if there is more.
    pub(super) more: bool,
}

/// What is wrong with a stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Written, and never given to the reader.
    Missed(BTreeSet<BlobHash>),
    /// Given more than once.
    Repeated,
    /// Given at a position that does not rise.
    Disorder,
}

/// Reads a stream to its end while all writers write.
pub(super) fn follow(stream: &dyn Stream) -> Result<(), Fault> {
    let running = AtomicUsize::new(usize::from(WRITERS));
    let seen = std::thread::scope(|scope| {
        let running = &running;
        for writer in 0..WRITERS {
            scope.spawn(move || {
                for n in 0..EACH {
                    stream.write(writer, n);
                }
                running.fetch_sub(1, Ordering::SeqCst);
            });
        }
        let mut cursor = AcceptPos(0);
        let mut seen = Vec::new();
        loop {
            // Asked before reading: what was written by then is in this page or a later one.
            let last = running.load(Ordering::SeqCst) == 0;
            let page = stream.read(cursor);
            cursor = page.end;
            seen.extend(page.items);
            if last && !page.more {
                return seen;
            }
        }
    });
    judge(&seen)
}

fn judge(seen: &[(AcceptPos, Option<BlobHash>)]) -> Result<(), Fault> {
    let mut missed: BTreeSet<BlobHash> = (0..WRITERS)
        .flat_map(|writer| (0..EACH).map(move |n| blob(writer, n)))
        .collect();
    for given in seen.iter().filter_map(|(_, blob)| *blob) {
        if !missed.remove(&given) {
            return Err(Fault::Repeated);
        }
    }
    if !missed.is_empty() {
        return Err(Fault::Missed(missed));
    }
    if !seen.is_sorted_by(|(a, _), (b, _)| a < b) {
        return Err(Fault::Disorder);
    }
    Ok(())
}

/// When a transaction takes its number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbered {
    BeforeCommit,
    AtCommit,
}

/// A stream in memory. The first transaction of the first writer lasts until the reader has
/// gone past the number that it took, or could have taken, at its beginning.
struct Memory {
    numbered: Numbered,
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Default)]
struct State {
    /// The last number taken.
    number: u64,
    /// What is committed.
    rows: Vec<(AcceptPos, BlobHash)>,
    /// True once the slow transaction has begun.
    begun: bool,
    /// How far the reader is.
    passed: AcceptPos,
}

impl State {
    fn take(&mut self) -> AcceptPos {
        self.number += 1;
        AcceptPos(self.number)
    }
}

impl Memory {
    fn new(numbered: Numbered) -> Self {
        Self {
            numbered,
            state: Mutex::default(),
            moved: Condvar::new(),
        }
    }

    /// The state, as soon as it is so.
    fn when(&self, mut ready: impl FnMut(&State) -> bool) -> MutexGuard<'_, State> {
        let state = self.state.lock().unwrap();
        self.moved.wait_while(state, |state| !ready(state)).unwrap()
    }

    fn write_slowly(&self, blob: BlobHash) {
        let mut state = self.state.lock().unwrap();
        let early = (self.numbered == Numbered::BeforeCommit).then(|| state.take());
        let begin = AcceptPos(state.number);
        state.begun = true;
        drop(state);
        self.moved.notify_all();
        let mut state = self.when(|state| state.passed > begin);
        let position = early.unwrap_or_else(|| state.take());
        state.rows.push((position, blob));
    }
}

impl Stream for Memory {
    fn write(&self, writer: u8, n: u8) {
        if (writer, n) == (0, 0) {
            return self.write_slowly(blob(0, 0));
        }
        let mut state = self.when(|state| state.begun);
        let position = state.take();
        state.rows.push((position, blob(writer, n)));
    }

    fn read(&self, after: AcceptPos) -> Page {
        let mut state = self.state.lock().unwrap();
        let mut rows = state.rows.clone();
        rows.retain(|(position, _)| *position > after);
        rows.sort_unstable();
        let end = rows.last().map_or(after, |(position, _)| *position);
        state.passed = end;
        drop(state);
        self.moved.notify_all();
        Page {
            items: rows
                .into_iter()
                .map(|(at, blob)| (at, Some(blob)))
                .collect(),
            end,
            more: false,
        }
    }
}

#[test]
fn a_number_taken_before_the_commit_is_caught() {
    assert_eq!(
        follow(&Memory::new(Numbered::BeforeCommit)),
        Err(Fault::Missed([blob(0, 0)].into())),
        "the check: the reader passed the number of a transaction that committed later"
    );
}

#[test]
fn a_number_taken_at_the_commit_passes() {
    assert_eq!(
        follow(&Memory::new(Numbered::AtCommit)),
        Ok(()),
        "the check: a slow transaction alone is no fault"
    );
}

#[test]
fn what_comes_twice_or_out_of_order_is_caught() {
    let all = || (0..WRITERS).flat_map(|writer| (0..EACH).map(move |n| Some(blob(writer, n))));
    let mut seen: Vec<_> = (1..).map(AcceptPos).zip(all()).collect();
    assert_eq!(judge(&seen), Ok(()), "the check: this is all, in order");
    seen.swap(3, 4);
    assert_eq!(judge(&seen), Err(Fault::Disorder), "the check: order");
    seen.swap(3, 4);
    seen.push((AcceptPos(1_000), Some(blob(1, 1))));
    assert_eq!(judge(&seen), Err(Fault::Repeated), "the check: each once");
}
