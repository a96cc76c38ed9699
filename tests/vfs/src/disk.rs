//! The handle that tests hold.

use std::sync::Arc;

use crate::error::DiskError;
use crate::fault::{Faults, Fired, Lose};
use crate::ffi::Shared;
use crate::media::{Handle, Media};

/// One simulated disk. Clones are handles to the same disk.
///
/// The disk's VFS is registered under [`Disk::vfs_name`] until the last handle is
/// dropped and the last file closed.
///
/// After a power cut or a crash, drop the dead connections before opening new ones:
/// two generations of one process never run at once on a real machine either.
#[derive(Debug, Clone)]
pub struct Disk(Arc<Shared>);

/// All files of a disk at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image(Vec<(String, Vec<u8>)>);

impl Image {
    /// The files by name, sorted.
    pub fn files(&self) -> &[(String, Vec<u8>)] {
        &self.0
    }
}

impl Disk {
    /// An empty disk. All its chance comes from `seed`.
    ///
    /// SQLite's own random numbers (WAL salts, `random()`) do not come from the disk;
    /// see [`crate::seed_sqlite`].
    pub fn new(seed: u64) -> Self {
        Self(Shared::register(Media::new(seed)))
    }

    /// The name to open a connection with.
    pub fn vfs_name(&self) -> &str {
        self.0.vfs_name()
    }

    /// Arms these faults in place of those armed before.
    pub fn set_faults(&self, faults: Faults) {
        self.0.lock().set_faults(faults);
    }

    /// Lets the power go, or the process end, at the n-th next operation that changes the
    /// disk (write, truncate, sync, delete, rename), in the middle of it. From then on the disk is
    /// off: every operation fails until [`Disk::power_on`].
    pub fn cut_in(&self, operations: u32, lose: Lose) {
        self.0.lock().set_cut(operations, lose);
    }

    /// Drops the faults and the cut that are armed and have not struck.
    pub fn disarm(&self) {
        self.0.lock().disarm();
    }

    /// True after a cut of [`Disk::cut_in`] has struck.
    pub fn is_off(&self) -> bool {
        self.0.lock().is_off()
    }

    /// Turns the disk on again. Handles from before the cut stay dead.
    pub fn power_on(&self) {
        self.0.lock().power_on();
    }

    /// A power cut between two operations, and the power comes back at once. Handles
    /// that are open become dead, and a cut still armed by [`Disk::cut_in`] is dropped.
    pub fn power_cut(&self, lose: Lose) {
        self.0.lock().power_cut(lose);
    }

    /// The process dies: its handles become dead, nothing is lost. A cut still armed by
    /// [`Disk::cut_in`] is dropped.
    pub fn crash(&self) {
        self.0.lock().crash();
    }

    /// A copy of all files as they read now.
    pub fn snapshot(&self) -> Image {
        Image(self.files())
    }

    /// Puts an image's files in place of all files. Open handles become dead.
    pub fn restore(&self, image: &Image) {
        self.0.lock().replace(&image.0);
    }

    /// All files by name, sorted, as they read now.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        self.0.lock().files()
    }

    /// Writes so far, also those that failed.
    pub fn writes(&self) -> u64 {
        self.0.lock().writes
    }

    /// Syncs so far, also those that failed or lied.
    pub fn syncs(&self) -> u64 {
        self.0.lock().syncs
    }

    /// Which faults have really struck.
    pub fn fired(&self) -> Fired {
        self.0.lock().fired
    }

    /// Sets the clock that SQLite sees, in milliseconds of Unix time. It stands still
    /// otherwise, except that SQLite's own sleeps move it on.
    pub fn set_now(&self, unix_ms: i64) {
        self.0.lock().now_ms = unix_ms;
    }

    /// Writes a whole file in place and syncs it. After an error the file may hold
    /// a part of the bytes; write under another name and [`Disk::rename_file`] if the
    /// name must never lead to a part.
    pub fn write_file(&self, name: &str, bytes: &[u8]) -> Result<(), DiskError> {
        let mut media = self.0.lock();
        let handle = media.open(Some(name), true)?;
        let written = write_all(&mut media, handle, bytes);
        media.close(handle);
        written
    }

    /// Gives a file another name, in one durable step.
    pub fn rename_file(&self, from: &str, to: &str) -> Result<(), DiskError> {
        self.0.lock().rename(from, to)
    }

    /// The bytes of a file.
    pub fn read_file(&self, name: &str) -> Result<Vec<u8>, DiskError> {
        self.0.lock().contents(name).map(<[u8]>::to_vec)
    }

    /// Removes a file durably.
    pub fn remove_file(&self, name: &str) -> Result<(), DiskError> {
        self.0.lock().remove(name, true)
    }

    /// The names of all files, sorted.
    pub fn list(&self) -> Result<Vec<String>, DiskError> {
        let media = self.0.lock();
        media.check_on()?;
        Ok(media.names().map(str::to_owned).collect())
    }
}

fn write_all(media: &mut Media, handle: Handle, bytes: &[u8]) -> Result<(), DiskError> {
    media.truncate(handle, 0)?;
    media.write(handle, 0, bytes)?;
    media.sync(handle)
}
