//! One file: the bytes a reader sees, the bytes on the platter, and the changes
//! between the two.

use std::collections::BTreeMap;

use crate::fault::Lose;
use crate::rng::Rng;

/// The unit in which a torn write survives or not.
pub(crate) const SECTOR: usize = 512;

#[derive(Debug)]
enum Change {
    Write { offset: usize, data: Vec<u8> },
    Truncate { len: usize },
}

/// SQLite's lock levels, in its own order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lock {
    None,
    Shared,
    Reserved,
    Pending,
    Exclusive,
}

#[derive(Debug, Default)]
pub(crate) struct Inode {
    live: Vec<u8>,
    durable: Vec<u8>,
    pending: Vec<Change>,
    /// Writes that a failed sync threw away are visible still, but `live` is no
    /// longer what `durable` and `pending` make.
    stranded: bool,
    locks: BTreeMap<u64, Lock>,
    pub(crate) handles: usize,
}

impl Inode {
    /// A file that has been on the platter all along.
    pub(crate) fn settled(bytes: Vec<u8>) -> Self {
        Self {
            durable: bytes.clone(),
            live: bytes,
            ..Self::default()
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.live
    }

    pub(crate) fn write(&mut self, offset: usize, data: &[u8]) {
        if data.is_empty() {
            return;
        }
        put(&mut self.live, offset, data);
        self.pending.push(Change::Write {
            offset,
            data: data.to_vec(),
        });
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.live.resize(len, 0);
        self.pending.push(Change::Truncate { len });
    }

    pub(crate) fn is_dirty(&self) -> bool {
        self.stranded || !self.pending.is_empty()
    }

    pub(crate) fn sync(&mut self) {
        for change in self.pending.drain(..) {
            match change {
                Change::Write { offset, data } => put(&mut self.durable, offset, &data),
                Change::Truncate { len } => self.durable.resize(len, 0),
            }
        }
    }

    /// A failed sync: the kernel marks the pages clean all the same, so that the
    /// next sync does not try them again.
    pub(crate) fn strand(&mut self) {
        self.stranded |= !self.pending.is_empty();
        self.pending.clear();
    }

    /// The power goes. True if anything was there to lose.
    pub(crate) fn lose(&mut self, lose: Lose, rng: &mut Rng) -> bool {
        let dirty = self.is_dirty();
        match lose {
            Lose::Nothing => return false,
            Lose::All => self.pending.clear(),
            Lose::Torn => self.tear(rng),
        }
        self.live.clone_from(&self.durable);
        self.stranded = false;
        self.drop_handles();
        dirty
    }

    /// The process that had the file open is gone, and its locks with it.
    pub(crate) fn drop_handles(&mut self) {
        self.locks.clear();
        self.handles = 0;
    }

    /// Keeps a random part of the pending changes. The odds are drawn anew for
    /// each file, so that "nothing", "everything" and "one sector" all happen.
    fn tear(&mut self, rng: &mut Rng) {
        let odds = rng.below(5);
        for change in self.pending.drain(..) {
            match change {
                Change::Truncate { len } => {
                    if rng.below(4) < odds {
                        self.durable.resize(len, 0);
                    }
                }
                Change::Write { offset, data } => {
                    let mut at = 0;
                    while at < data.len() {
                        let room = SECTOR - (offset + at) % SECTOR;
                        let end = data.len().min(at + room);
                        if rng.below(4) < odds {
                            put(&mut self.durable, offset + at, &data[at..end]);
                        }
                        at = end;
                    }
                }
            }
        }
    }

    /// Raises the lock of one handle, by SQLite's rules; false means busy.
    pub(crate) fn lock(&mut self, handle: u64, want: Lock) -> bool {
        let mine = self.lock_of(handle);
        if mine >= want {
            return true;
        }
        let others = self.locks.iter().filter(|(id, _)| **id != handle);
        let highest = others.map(|(_, lock)| *lock).max().unwrap_or(Lock::None);
        let granted = match want {
            Lock::None => true,
            Lock::Shared => highest < Lock::Pending,
            Lock::Reserved | Lock::Pending => highest < Lock::Reserved,
            Lock::Exclusive => highest == Lock::None,
        };
        if granted {
            self.locks.insert(handle, want);
        } else if want == Lock::Exclusive && highest == Lock::Shared {
            // No new readers from here on, so that the writer gets its turn.
            self.locks.insert(handle, Lock::Pending);
        }
        granted
    }

    pub(crate) fn unlock(&mut self, handle: u64, to: Lock) {
        if to == Lock::None {
            self.locks.remove(&handle);
        } else if self.lock_of(handle) > to {
            self.locks.insert(handle, to);
        }
    }

    pub(crate) fn is_reserved(&self) -> bool {
        self.locks.values().any(|lock| *lock >= Lock::Reserved)
    }

    fn lock_of(&self, handle: u64) -> Lock {
        self.locks.get(&handle).copied().unwrap_or(Lock::None)
    }
}

fn put(bytes: &mut Vec<u8>, offset: usize, data: &[u8]) {
    let end = offset + data.len();
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[offset..end].copy_from_slice(data);
}
