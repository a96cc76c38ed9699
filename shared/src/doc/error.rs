//! What can go wrong with a document.

use crate::guard::Refusal;
use crate::hash::ChangeHash;

/// Why an own edit or a stored document cannot be used. Holds no content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocError {
    /// Records of this kind have no such field.
    #[error("no such field")]
    UnknownField,
    /// The field holds values of another type.
    #[error("field {0} holds values of another type")]
    WrongType(&'static str),
    /// More characters than the field may have.
    #[error("field {field} has more than {cap} characters")]
    TooLong {
        /// The field.
        field: &'static str,
        /// Most characters.
        cap: usize,
    },
    /// More photos than a record may have.
    #[error("more than {} photos", crate::record::PHOTOS)]
    TooManyPhotos,
    /// More addenda than a record may have.
    #[error("more than {} addenda", crate::record::ADDENDA)]
    TooManyAddenda,
    /// These heads are not part of the document.
    #[error("no such version of the record")]
    UnknownHeads,
    /// The stored bytes are not a document of this kind.
    #[error("the stored document cannot be read")]
    Unreadable,
    /// Automerge did not make the edit.
    #[error("the edit could not be made")]
    NotMade,
    /// The change would be refused by everybody else.
    #[error("the change would be refused: {0}")]
    Refused(#[from] Refusal),
}

/// Why changes from outside were not let in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// They follow changes that are not here (yet).
    #[error("{} changes are missing", .0.len())]
    Missing(Vec<ChangeHash>),
    /// They can never be let in.
    #[error(transparent)]
    Never(#[from] Refusal),
}
