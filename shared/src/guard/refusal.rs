//! Why a change was not let in.

use thiserror::Error;

/// Why a change was not let in. Carries numbers only, never content, so that it
/// can be logged and stored with the quarantined bytes.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// The chunk is larger than [`super::Limits::change_bytes`].
    #[error("change of {found} bytes, limit {limit}")]
    ChangeTooLarge {
        /// Bytes received.
        found: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// The bytes end inside the chunk.
    #[error("the change is cut short")]
    Truncated,
    /// Bytes follow the chunk.
    #[error("bytes after the change")]
    TrailingBytes,
    /// Not an Automerge chunk.
    #[error("not an Automerge chunk")]
    BadMagic,
    /// A DEFLATE change chunk; changes are sent raw.
    #[error("compressed change chunk")]
    CompressedChunk,
    /// A document, bundle or unknown chunk.
    #[error("chunk type {0} is not a change")]
    NotAChange(u8),
    /// A number is too large for its type or not in its shortest form.
    #[error("badly encoded number")]
    BadNumber,
    /// The checksum is not that of the content.
    #[error("checksum does not match")]
    BadChecksum,
    /// More dependencies than allowed.
    #[error("{0} dependencies")]
    TooManyDeps(u64),
    /// A dependency is listed twice.
    #[error("a dependency is listed twice")]
    RepeatedDep,
    /// An actor id that is not 16 bytes long.
    #[error("actor id of {0} bytes")]
    ActorLength(u64),
    /// More other actors than allowed.
    #[error("{0} other actors")]
    TooManyActors(u64),
    /// An other actor is listed twice, or is the author itself.
    #[error("an actor is listed twice")]
    RepeatedActor,
    /// The sequence number is zero or beyond 2^31.
    #[error("sequence number {0}")]
    SeqRange(u64),
    /// The operation counters are zero or go beyond 2^31.
    #[error("operation counter {0}")]
    OpRange(u64),
    /// The commit time is beyond 2^53, where JavaScript and delta coding end.
    #[error("commit time out of range")]
    TimeRange,
    /// The commit message is too long.
    #[error("commit message of {0} bytes")]
    MessageTooLong(u64),
    /// Text that is not UTF-8.
    #[error("text is not UTF-8")]
    BadText,
    /// Too many bytes after the last column.
    #[error("{0} extra bytes")]
    ExtraTooLong(usize),
    /// A column Automerge does not write in a change.
    #[error("unknown column {0}")]
    UnknownColumn(u64),
    /// A column marked as DEFLATE.
    #[error("compressed column {0}")]
    CompressedColumn(u64),
    /// Columns out of order, or one column twice.
    #[error("columns are out of order")]
    ColumnOrder,
    /// A run of no rows.
    #[error("empty run in column {0}")]
    EmptyRun(u32),
    /// A column ends before or after the operations do.
    #[error("column {0} has a different number of rows")]
    RowCount(u32),
    /// A row that must have a value has none.
    #[error("column {0} lacks a value")]
    NullValue(u32),
    /// More operations than allowed.
    #[error("more than {limit} operations")]
    TooManyOps {
        /// Operations allowed.
        limit: u64,
    },
    /// More predecessors than allowed.
    #[error("more than {limit} predecessors")]
    TooManyPreds {
        /// Predecessors allowed.
        limit: u64,
    },
    /// More maps, lists and texts created than allowed.
    #[error("more than {limit} containers")]
    TooManyContainers {
        /// Containers allowed.
        limit: u64,
    },
    /// An operation of no known kind.
    #[error("unknown action {0}")]
    UnknownAction(u64),
    /// A map key or mark name that is too long.
    #[error("key of {0} bytes")]
    KeyTooLong(usize),
    /// A key that is neither a name nor an element, or both.
    #[error("an operation lacks a proper key")]
    BadKey,
    /// A value of unknown kind or of the wrong length.
    #[error("bad value")]
    BadValue,
    /// A reference to an actor that is not listed.
    #[error("reference to actor number {0}")]
    ActorIndex(u64),
    /// A reference to an operation that cannot have happened before.
    #[error("reference to an operation that is not earlier")]
    BadReference,

    /// This very change is in the document already.
    #[error("the change is already there")]
    Duplicate,
    /// The actor has used this sequence number for another change.
    #[error("sequence number {found} is used, the last is {last}")]
    SeqReused {
        /// Last sequence number of the actor.
        last: u64,
        /// Sequence number of the change.
        found: u64,
    },
    /// The actor's previous change is not among what this one has seen.
    #[error("sequence number {found} does not follow {last}")]
    SeqGap {
        /// Last sequence number of the actor.
        last: u64,
        /// Sequence number of the change.
        found: u64,
    },
    /// The first operation counter is not one more than the largest seen.
    #[error("operations start at {found}, expected {expected}")]
    StartOp {
        /// One more than the largest counter of the dependencies.
        expected: u64,
        /// Counter of the change.
        found: u64,
    },
    /// A listed actor does not occur in what the change has seen.
    #[error("an actor outside the causal past")]
    ForeignActor,
    /// A change without dependencies in a document that has its genesis.
    #[error("a second root")]
    SecondRoot,

    /// Automerge reads something else in the bytes than the preflight did.
    #[error("Automerge reads the change differently")]
    Disagreement,
    /// Automerge refused the change.
    #[error("Automerge refused the change")]
    Rejected,
    /// Automerge panicked.
    #[error("Automerge panicked on the change")]
    Panicked,
    /// Automerge answered well but did not take the change in.
    #[error("Automerge left the change out")]
    NotApplied,
    /// The document that results cannot be loaded again.
    #[error("the document could not be loaded again")]
    Unloadable,
    /// The document that results loads as another one.
    #[error("the document loads differently")]
    LoadsDifferently,
    /// The document would have too many operations.
    #[error("document of {found} operations, limit {limit}")]
    DocumentOps {
        /// Operations it would have.
        found: u64,
        /// Operations allowed.
        limit: u64,
    },
    /// The document would have too many changes.
    #[error("document of {found} changes, limit {limit}")]
    DocumentChanges {
        /// Changes it would have.
        found: u64,
        /// Changes allowed.
        limit: u64,
    },
    /// The document would be too large.
    #[error("document of {found} bytes, limit {limit}")]
    DocumentBytes {
        /// Bytes it would have, uncompressed.
        found: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// The caller's reading of the document found what its schema does not
    /// allow. The text is the caller's own stable code.
    #[error("schema: {0}")]
    Schema(&'static str),
}

impl Refusal {
    /// A stable name for machines: stored with quarantined entries and sent in
    /// verdicts, so it never changes its meaning.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ChangeTooLarge { .. } => "change_too_large",
            Self::Truncated => "truncated",
            Self::TrailingBytes => "trailing_bytes",
            Self::BadMagic => "bad_magic",
            Self::CompressedChunk => "compressed_chunk",
            Self::NotAChange(_) => "not_a_change",
            Self::BadNumber => "bad_number",
            Self::BadChecksum => "bad_checksum",
            Self::TooManyDeps(_) => "too_many_deps",
            Self::RepeatedDep => "repeated_dep",
            Self::ActorLength(_) => "actor_length",
            Self::TooManyActors(_) => "too_many_actors",
            Self::RepeatedActor => "repeated_actor",
            Self::SeqRange(_) => "seq_range",
            Self::OpRange(_) => "op_range",
            Self::TimeRange => "time_range",
            Self::MessageTooLong(_) => "message_too_long",
            Self::BadText => "bad_text",
            Self::ExtraTooLong(_) => "extra_too_long",
            Self::UnknownColumn(_) => "unknown_column",
            Self::CompressedColumn(_) => "compressed_column",
            Self::ColumnOrder => "column_order",
            Self::EmptyRun(_) => "empty_run",
            Self::RowCount(_) => "row_count",
            Self::NullValue(_) => "null_value",
            Self::TooManyOps { .. } => "too_many_ops",
            Self::TooManyPreds { .. } => "too_many_preds",
            Self::TooManyContainers { .. } => "too_many_containers",
            Self::UnknownAction(_) => "unknown_action",
            Self::KeyTooLong(_) => "key_too_long",
            Self::BadKey => "bad_key",
            Self::BadValue => "bad_value",
            Self::ActorIndex(_) => "actor_index",
            Self::BadReference => "bad_reference",
            Self::Duplicate => "duplicate_change",
            Self::SeqReused { .. } => "seq_reused",
            Self::SeqGap { .. } => "seq_gap",
            Self::StartOp { .. } => "start_op",
            Self::ForeignActor => "foreign_actor",
            Self::SecondRoot => "second_root",
            Self::Disagreement => "parser_disagreement",
            Self::Rejected => "rejected_by_automerge",
            Self::Panicked => "automerge_panicked",
            Self::NotApplied => "not_applied",
            Self::Unloadable => "unloadable",
            Self::LoadsDifferently => "loads_differently",
            Self::DocumentOps { .. } => "document_ops",
            Self::DocumentChanges { .. } => "document_changes",
            Self::DocumentBytes { .. } => "document_bytes",
            Self::Schema(code) => code,
        }
    }
}
