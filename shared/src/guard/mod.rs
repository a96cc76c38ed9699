//! What stands between outside bytes and Automerge.
//!
//! Automerge trusts what it parses: a change of a hundred bytes can make it
//! allocate gigabytes, run for days, or save a document that never loads
//! again, and neither an allocation failure nor a stack overflow can be
//! caught. So nothing from outside reaches it except through these steps, each
//! cheap and each refusing before the next one runs:
//!
//! 1. [`preflight`] reads one raw change chunk by hand. Run lengths are summed,
//!    never expanded; its own hash is recomputed; every count has a cap.
//! 2. [`causal`] checks the change against the [`Past`] of its document. What
//!    lacks dependencies is reported as missing and staged by the caller,
//!    outside Automerge.
//! 3. [`apply`] works on a throw-away clone inside `catch_unwind`, proves that
//!    the result can be saved and loaded again, and lets the caller read it by
//!    its schema. The caller's document is not touched.
//!
//! Document chunks, bundles, compressed chunks and Automerge's own sync
//! messages are never accepted. The release profile must keep
//! `panic = "unwind"`.
#![allow(
    clippy::disallowed_methods,
    reason = "the one place where bytes may become an Automerge document"
)]

mod apply;
mod causal;
mod columns;
mod preflight;
mod reader;
mod refusal;
mod rows;
mod runs;
#[cfg(test)]
mod tests;

pub use apply::{Applied, apply, running};
pub use causal::{Causal, Past, causal};
pub use preflight::{Checked, Preflight, preflight};
pub use refusal::Refusal;

/// Limits of one change and of one document; the default values are the
/// documented caps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one change chunk, header included.
    pub change_bytes: usize,
    /// Operations of one change.
    pub ops_per_change: u64,
    /// Predecessors named by all operations of one change together.
    pub preds_per_change: u64,
    /// Maps, lists and texts one change may create.
    pub containers_per_change: u64,
    /// Direct dependencies of one change.
    pub deps: usize,
    /// Actors a change refers to besides its own.
    pub other_actors: usize,
    /// Bytes of the commit message.
    pub message_bytes: usize,
    /// Bytes after the last column (Automerge keeps an author there).
    pub extra_bytes: usize,
    /// Bytes of one map key or mark name. A run repeats its string without
    /// repeating its bytes, so this bounds what expanding it can cost.
    pub key_bytes: usize,
    /// Operations of one document.
    pub document_ops: u64,
    /// Changes of one document. A change may be empty, so the operations alone
    /// do not bound them.
    pub document_changes: u64,
    /// Bytes of one document saved without compression: what it costs in
    /// memory, not what it costs on disk.
    pub document_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            change_bytes: 256 * 1024,
            ops_per_change: 20_000,
            preds_per_change: 40_000,
            containers_per_change: 64,
            deps: 64,
            other_actors: 64,
            message_bytes: 256,
            extra_bytes: 320,
            key_bytes: 256,
            document_ops: 200_000,
            document_changes: 20_000,
            document_bytes: 2 * 1024 * 1024,
        }
    }
}
