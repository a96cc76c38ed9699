//! What a command can answer instead of a view.

use shared::doc::{DocError, Refused};

use crate::photo::PhotoError;
use crate::store::StoreError;
use crate::view::ProblemView;

/// Why a command did not do what it was asked. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum CoreError {
    /// There is nothing of this name here.
    #[error("nothing of this name is here")]
    NotFound,
    /// The draft is not yet a record.
    #[error("{} problems", .0.len())]
    Problems(Vec<ProblemView>),
    /// The device has no room. What was saved before is untouched.
    #[error("no room on this device")]
    DiskFull,
    /// The record has changed since the screen was painted.
    #[error("the record has changed meanwhile")]
    NotCurrent,
    /// This reader may not do this to this record now, for this reason.
    #[error("not allowed: {0}")]
    NotAllowed(&'static str),
    /// A value that this field does not take.
    #[error("not a value of {0}")]
    BadInput(String),
    /// These bytes are not taken as a photo.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// The photo's bytes are not on this device.
    #[error("the photo is not on this device")]
    PhotoNotHere,
    /// Something stored does not pass its check.
    #[error("stored data is damaged: {0}")]
    Damaged(&'static str),
    /// Something else has the database open.
    #[error("the database is in use")]
    InUse,
    /// A newer app wrote the database.
    #[error("the database was written by a newer app")]
    NewerApp,
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl CoreError {
    /// The stable code for screens.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Problems(_) => "problems",
            Self::DiskFull => "disk_full",
            Self::NotCurrent => "not_current",
            Self::NotAllowed(reason) => reason,
            Self::BadInput(_) => "bad_input",
            Self::Photo(_) => "bad_photo",
            Self::PhotoNotHere => "photo_not_here",
            Self::Damaged(_) => "damaged",
            Self::InUse => "in_use",
            Self::NewerApp => "newer_app",
            Self::Store(_) => "storage",
        }
    }

    /// The field it is about.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::BadInput(field) => Some(field),
            Self::Problems(problems) => problems.first().map(|problem| problem.field.as_str()),
            _ => None,
        }
    }
}

impl From<StoreError> for CoreError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::DiskFull,
            StoreError::Damaged(what) => Self::Damaged(what),
            StoreError::WrongKey => Self::Damaged("database"),
            StoreError::Busy => Self::InUse,
            StoreError::Newer => Self::NewerApp,
            other => Self::Store(other),
        }
    }
}

impl From<rusqlite::Error> for CoreError {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<std::io::Error> for CoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            std::io::ErrorKind::NotFound => Self::PhotoNotHere,
            _ => Self::Damaged("photo file"),
        }
    }
}

impl From<DocError> for CoreError {
    fn from(error: DocError) -> Self {
        match error {
            DocError::WrongType(field) | DocError::TooLong { field, .. } => {
                Self::BadInput(field.to_owned())
            }
            DocError::UnknownField => Self::BadInput("field".to_owned()),
            DocError::TooManyPhotos => Self::BadInput("photos".to_owned()),
            DocError::TooManyAddenda => Self::BadInput("addenda".to_owned()),
            DocError::UnknownHeads => Self::NotFound,
            DocError::Unreadable | DocError::NotMade => Self::Damaged("document"),
            // Over a document's limits: the record can take no more.
            DocError::Refused(_) => Self::BadInput("record".to_owned()),
        }
    }
}

impl From<Refused> for CoreError {
    fn from(_: Refused) -> Self {
        Self::Damaged("changes")
    }
}
