//! What a disk operation can fail with.

use std::io;

/// Why the disk refused an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DiskError {
    /// There is no room for the write.
    #[error("the disk is full")]
    Full,
    /// The write failed; part of it may have happened.
    #[error("the write failed")]
    Write,
    /// The sync failed; what it should have made durable is not.
    #[error("the sync failed")]
    Sync,
    /// No file has this name.
    #[error("no such file")]
    NotFound,
    /// The power went, or the handle is from before it went.
    #[error("the power is off")]
    Off,
}

impl From<DiskError> for io::Error {
    fn from(error: DiskError) -> Self {
        let kind = match error {
            DiskError::Full => io::ErrorKind::StorageFull,
            DiskError::NotFound => io::ErrorKind::NotFound,
            DiskError::Write | DiskError::Sync | DiskError::Off => io::ErrorKind::Other,
        };
        Self::new(kind, error)
    }
}
