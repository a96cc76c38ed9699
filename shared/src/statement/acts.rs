//! Statements by which people open, move, number and settle records.

use minicbor::{Decode, Encode};

use super::{BadStatement, NAMES_CAP};
use crate::ids::{EntryId, OfficerId};
use crate::time::UnixMs;
use crate::wire::Scope;

/// Most scopes that one change may name.
const SCOPES_CAP: usize = 16;
/// Longest log number, in characters.
const LOG_NUMBER_CAP: usize = 64;

/// The author lets a colleague read and change the record, or no longer.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Share {
    /// The colleague.
    #[n(0)]
    pub with: OfficerId,
    /// True if it ends here.
    #[n(1)]
    pub ended: bool,
}

/// The record enters or leaves teams and operations.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ScopeChange {
    /// It enters these. Sorted.
    #[n(0)]
    pub add: Vec<Scope>,
    /// It leaves these. Sorted.
    #[n(1)]
    pub remove: Vec<Scope>,
    /// Why.
    #[n(2)]
    pub reason: String,
}

/// The control room's number for the incident that the record belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct LogNumber {
    /// As the command and control system has it.
    #[n(0)]
    pub number: String,
}

/// A supervisor's word on entries that were held.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Ruling {
    /// The held entries. Sorted. What builds on them goes with them.
    #[n(0)]
    pub entries: Vec<EntryId>,
    /// Why.
    #[n(1)]
    pub reason: String,
}

/// Something that everybody should know for a while.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Notice {
    /// What.
    #[n(0)]
    pub text: String,
    /// Until when it is shown.
    #[n(1)]
    pub until: UnixMs,
}

impl ScopeChange {
    /// Authors and colleagues have a record by other statements.
    pub(super) fn check(&self) -> Result<(), BadStatement> {
        if self.add.len() + self.remove.len() > SCOPES_CAP {
            return Err(BadStatement::TooLong);
        }
        let movable = |scope: &Scope| matches!(scope, Scope::Team(_) | Scope::Operation(_));
        if !self.add.iter().chain(&self.remove).all(movable) {
            return Err(BadStatement::NotMovable);
        }
        if sorted(&self.add) && sorted(&self.remove) {
            Ok(())
        } else {
            Err(BadStatement::NotSorted)
        }
    }
}

impl LogNumber {
    pub(super) fn check(&self) -> Result<(), BadStatement> {
        if self.number.chars().count() > LOG_NUMBER_CAP {
            Err(BadStatement::TooLong)
        } else {
            Ok(())
        }
    }
}

impl Ruling {
    pub(super) fn check(&self) -> Result<(), BadStatement> {
        if self.entries.is_empty() || self.entries.len() > NAMES_CAP {
            Err(BadStatement::TooLong)
        } else if sorted(&self.entries) {
            Ok(())
        } else {
            Err(BadStatement::NotSorted)
        }
    }
}

fn sorted<T: Ord>(list: &[T]) -> bool {
    list.is_sorted_by(|a, b| a < b)
}
