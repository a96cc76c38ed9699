//! Records as Automerge documents. Besides the guard this is the only module that names
//! Automerge.
//!
//! A document grows from a golden [`genesis`] per kind, which is built in on both sides and
//! never on the wire. Its root holds one scalar for each field, and the maps `photos` and
//! `addenda`, keyed by random ids; a note also has the text `text`. Nothing else is ever
//! created beside them, so two devices that were apart can always be merged.
//!
//! Reading follows those fixed paths and never descends further. Root scalars that this
//! program does not know are kept and ignored: a newer one wrote them.

mod content;
mod edit;
mod error;
mod genesis;
mod read;
mod record_doc;
mod schema;
mod splice;
#[cfg(test)]
mod tests;

pub use content::{About, Addendum, ConflictValue, Content, FieldChange, PhotoMeta, difference};
pub use edit::{Edit, RawChange};
pub use error::{DocError, Refused};
pub use genesis::{Genesis, genesis};
pub use record_doc::RecordDoc;
pub use schema::Schema;
