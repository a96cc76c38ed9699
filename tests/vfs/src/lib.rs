//! The faulty disk of the simulator: an in-memory file system that SQLite uses
//! through a VFS of its own, and that loses, tears and refuses writes on request.
//!
//! A [`Disk`] is one device's storage. It knows what was written and what was
//! synced, so a power cut can take away exactly what a real one may take. All
//! chance comes from the disk's seed, and its clock only moves when it is told to.
//!
//! There is no shared memory: a connection says `PRAGMA locking_mode=EXCLUSIVE`
//! before it first reads a WAL database, and is then the only one.
//!
//! The model of durability:
//! - a file's bytes are durable after a sync of that file;
//! - directory changes (create, delete, rename) are kept in order, and any sync
//!   makes all earlier ones durable, as on a file system with a metadata journal;
//! - a sync that failed has lost its writes: they stay readable until the power
//!   goes, and no later sync makes them durable (as on Linux);
//! - a torn write loses whole sectors of 512 bytes, and never harms bytes beside it.

#![deny(unsafe_code)]

mod disk;
mod error;
mod fault;
#[allow(unsafe_code, reason = "SQLite calls a VFS through C function pointers")]
mod ffi;
mod inode;
mod media;
mod rng;

pub use disk::{Disk, Image};
pub use error::DiskError;
pub use fault::{Faults, Fired, Lose};
pub use ffi::seed_sqlite;
