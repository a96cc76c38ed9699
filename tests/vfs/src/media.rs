//! The file system: names, files, faults, and what a power cut leaves.
//!
//! Nothing here knows SQLite; `ffi` translates.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::DiskError;
use crate::fault::{Faults, Fired, Lose, strikes};
use crate::inode::{Inode, Lock, SECTOR};
use crate::rng::Rng;

pub(crate) type Result<T> = std::result::Result<T, DiskError>;

/// An open file, as the code that opened it holds it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Handle {
    id: u64,
    inode: u64,
    boot: u64,
}

#[derive(Debug)]
enum Entry {
    Link { name: String, inode: u64 },
    Unlink { name: String },
    Rename { from: String, to: String },
}

#[derive(Debug)]
struct Cut {
    countdown: Option<u32>,
    lose: Lose,
}

#[derive(Debug)]
pub(crate) struct Media {
    pub(crate) rng: Rng,
    pub(crate) now_ms: i64,
    pub(crate) fired: Fired,
    pub(crate) writes: u64,
    pub(crate) syncs: u64,
    inodes: BTreeMap<u64, Inode>,
    names: BTreeMap<String, u64>,
    durable_names: BTreeMap<String, u64>,
    entries: Vec<Entry>,
    faults: Faults,
    /// Bytes the disk can hold; set when `full_after_bytes` is armed.
    capacity: Option<u64>,
    cut: Cut,
    off: bool,
    /// Handles from an earlier boot are dead.
    boot: u64,
    last_id: u64,
}

impl Media {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            rng: Rng::new(seed),
            now_ms: 0,
            fired: Fired::default(),
            writes: 0,
            syncs: 0,
            inodes: BTreeMap::new(),
            names: BTreeMap::new(),
            durable_names: BTreeMap::new(),
            entries: Vec::new(),
            faults: Faults::default(),
            capacity: None,
            cut: Cut {
                countdown: None,
                lose: Lose::All,
            },
            off: false,
            boot: 0,
            last_id: 0,
        }
    }

    pub(crate) fn set_faults(&mut self, faults: Faults) {
        self.capacity = faults.full_after_bytes.map(|room| self.used() + room);
        self.faults = faults;
    }

    pub(crate) fn set_cut(&mut self, operations: u32, lose: Lose) {
        self.cut = Cut {
            countdown: Some(operations),
            lose,
        };
    }

    pub(crate) fn disarm(&mut self) {
        self.cut.countdown = None;
        self.set_faults(Faults::default());
    }

    pub(crate) fn is_off(&self) -> bool {
        self.off
    }

    pub(crate) fn power_on(&mut self) {
        self.off = false;
    }

    /// Takes away what was not synced. Dead handles stay dead.
    pub(crate) fn power_cut(&mut self, lose: Lose) {
        let kept = match lose {
            Lose::Nothing => return self.crash(),
            Lose::All => 0,
            // The metadata journal is written in order: a prefix survives.
            Lose::Torn => self.rng.below(self.entries.len() + 1),
        };
        let mut lost = kept < self.entries.len();
        self.entries.truncate(kept);
        self.settle_names();
        self.names.clone_from(&self.durable_names);
        for inode in self.inodes.values_mut() {
            lost |= inode.lose(lose, &mut self.rng);
        }
        self.fired.lost += u64::from(lost);
        self.reboot();
    }

    /// The process dies, the machine lives: nothing is lost.
    pub(crate) fn crash(&mut self) {
        for inode in self.inodes.values_mut() {
            inode.drop_handles();
        }
        self.reboot();
    }

    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let files = self.names.iter();
        files
            .map(|(name, id)| (name.clone(), self.bytes_of(*id).to_vec()))
            .collect()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// Another disk's files in place of this one's, all of them durable.
    pub(crate) fn replace(&mut self, files: &[(String, Vec<u8>)]) {
        self.inodes.clear();
        self.names.clear();
        self.entries.clear();
        for (name, bytes) in files {
            let id = self.next_id();
            self.inodes.insert(id, Inode::settled(bytes.clone()));
            self.names.insert(name.clone(), id);
        }
        self.durable_names.clone_from(&self.names);
        self.reboot();
    }

    /// Opens a named file, or one without a name that goes when it is closed.
    pub(crate) fn open(&mut self, name: Option<&str>, create: bool) -> Result<Handle> {
        self.check_on()?;
        let inode = match name.and_then(|name| self.names.get(name)) {
            Some(inode) => *inode,
            None if !create => return Err(DiskError::NotFound),
            None => {
                let inode = self.next_id();
                self.inodes.insert(inode, Inode::default());
                if let Some(name) = name {
                    self.names.insert(name.to_owned(), inode);
                    self.entries.push(Entry::Link {
                        name: name.to_owned(),
                        inode,
                    });
                }
                inode
            }
        };
        if let Some(file) = self.inodes.get_mut(&inode) {
            file.handles += 1;
        }
        Ok(Handle {
            id: self.next_id(),
            inode,
            boot: self.boot,
        })
    }

    pub(crate) fn close(&mut self, handle: Handle) {
        if handle.boot != self.boot {
            return;
        }
        if let Some(file) = self.inodes.get_mut(&handle.inode) {
            file.unlock(handle.id, Lock::None);
            file.handles -= 1;
        }
        self.collect();
    }

    pub(crate) fn file(&mut self, handle: Handle) -> Result<&mut Inode> {
        self.check_on()?;
        if handle.boot != self.boot {
            return Err(DiskError::Off);
        }
        self.inodes.get_mut(&handle.inode).ok_or(DiskError::Off)
    }

    pub(crate) fn lock(&mut self, handle: Handle, want: Lock) -> Result<bool> {
        Ok(self.file(handle)?.lock(handle.id, want))
    }

    pub(crate) fn unlock(&mut self, handle: Handle, to: Lock) -> Result<()> {
        self.file(handle)?.unlock(handle.id, to);
        Ok(())
    }

    pub(crate) fn write(&mut self, handle: Handle, offset: usize, data: &[u8]) -> Result<()> {
        let size = self.file(handle)?.bytes().len();
        self.writes += 1;
        if strikes(&mut self.faults.fail_write_in) {
            self.fired.write += 1;
            let part = self.rng.below(data.len() / SECTOR + 1) * SECTOR;
            self.file(handle)?.write(offset, &data[..part]);
            return Err(DiskError::Write);
        }
        let end = (offset + data.len()).max(size) as u64;
        let short = self.capacity.map_or(0, |capacity| {
            (self.used() + end - size as u64).saturating_sub(capacity) as usize
        });
        // Like a real disk, a full one takes what still fits.
        let part = data.len().saturating_sub(short);
        self.file(handle)?.write(offset, &data[..part]);
        if short > 0 {
            self.fired.full += 1;
            return Err(DiskError::Full);
        }
        self.cut_if_due()
    }

    pub(crate) fn truncate(&mut self, handle: Handle, len: usize) -> Result<()> {
        self.file(handle)?.truncate(len);
        self.cut_if_due()
    }

    pub(crate) fn sync(&mut self, handle: Handle) -> Result<()> {
        let dirty = self.file(handle)?.is_dirty() || !self.entries.is_empty();
        self.syncs += 1;
        self.cut_if_due()?;
        if strikes(&mut self.faults.fail_sync_in) {
            self.fired.sync += 1;
            self.file(handle)?.strand();
            return Err(DiskError::Sync);
        }
        if self.faults.lying_sync {
            self.fired.lied += u64::from(dirty);
            return Ok(());
        }
        self.settle_names();
        self.file(handle)?.sync();
        Ok(())
    }

    /// Removes a name; with `sync`, durably.
    pub(crate) fn remove(&mut self, name: &str, sync: bool) -> Result<()> {
        self.check_on()?;
        self.names.remove(name).ok_or(DiskError::NotFound)?;
        self.entries.push(Entry::Unlink {
            name: name.to_owned(),
        });
        self.cut_if_due()?;
        if sync && !self.faults.lying_sync {
            self.settle_names();
        }
        self.collect();
        Ok(())
    }

    /// Gives a file another name, in place of whatever had it.
    pub(crate) fn rename(&mut self, from: &str, to: &str) -> Result<()> {
        self.check_on()?;
        let inode = self.names.remove(from).ok_or(DiskError::NotFound)?;
        self.names.insert(to.to_owned(), inode);
        self.entries.push(Entry::Rename {
            from: from.to_owned(),
            to: to.to_owned(),
        });
        self.cut_if_due()?;
        if !self.faults.lying_sync {
            self.settle_names();
        }
        self.collect();
        Ok(())
    }

    pub(crate) fn contents(&self, name: &str) -> Result<&[u8]> {
        self.check_on()?;
        let inode = self.names.get(name).ok_or(DiskError::NotFound)?;
        Ok(self.bytes_of(*inode))
    }

    pub(crate) fn check_on(&self) -> Result<()> {
        if self.off {
            Err(DiskError::Off)
        } else {
            Ok(())
        }
    }

    /// The power goes in the middle of an operation: what it changed is pending
    /// by now, and may be torn.
    fn cut_if_due(&mut self) -> Result<()> {
        if !strikes(&mut self.cut.countdown) {
            return Ok(());
        }
        self.fired.cut += 1;
        self.power_cut(self.cut.lose);
        self.off = true;
        Err(DiskError::Off)
    }

    fn reboot(&mut self) {
        self.boot += 1;
        self.off = false;
        self.cut.countdown = None;
        self.collect();
    }

    /// Makes all directory changes so far durable.
    fn settle_names(&mut self) {
        for entry in self.entries.drain(..) {
            match entry {
                Entry::Link { name, inode } => {
                    self.durable_names.insert(name, inode);
                }
                Entry::Unlink { name } => {
                    self.durable_names.remove(&name);
                }
                Entry::Rename { from, to } => {
                    if let Some(inode) = self.durable_names.remove(&from) {
                        self.durable_names.insert(to, inode);
                    }
                }
            }
        }
    }

    /// Drops the files that no name and no handle leads to.
    fn collect(&mut self) {
        if self.names.len() == self.inodes.len() {
            return;
        }
        let mut kept: BTreeSet<u64> = self.names.values().copied().collect();
        kept.extend(self.durable_names.values());
        kept.extend(self.entries.iter().filter_map(Entry::inode));
        self.inodes
            .retain(|id, file| file.handles > 0 || kept.contains(id));
    }

    /// The room taken by files that can still be read.
    fn used(&self) -> u64 {
        let named: BTreeSet<u64> = self.names.values().copied().collect();
        let files = self.inodes.iter();
        let readable = files.filter(|(id, file)| file.handles > 0 || named.contains(id));
        readable.map(|(_, file)| file.bytes().len() as u64).sum()
    }

    fn bytes_of(&self, inode: u64) -> &[u8] {
        self.inodes.get(&inode).map_or(&[], Inode::bytes)
    }

    fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }
}

impl Entry {
    /// A file that is deleted again before its link was durable can come back
    /// in a torn power cut, so its bytes have to stay until then.
    fn inode(&self) -> Option<u64> {
        match self {
            Self::Link { inode, .. } => Some(*inode),
            Self::Unlink { .. } | Self::Rename { .. } => None,
        }
    }
}
