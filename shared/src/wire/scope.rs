//! Scopes: what makes a record visible to whom. Assigned by the server, never a field of the
//! record.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};

use crate::ids::{BadId, OfficerId, TeamId};

/// What makes a record visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Scope {
    /// To its author, from the first accepted entry.
    #[n(0)]
    Author(#[n(0)] OfficerId),
    /// To the author's team, from the accepted submission.
    #[n(1)]
    Team(#[n(0)] TeamId),
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Author(id) => write!(f, "author:{id}"),
            Self::Team(id) => write!(f, "team:{id}"),
        }
    }
}

impl FromStr for Scope {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        match text.split_once(':') {
            Some(("author", id)) => id.parse().map(Self::Author),
            Some(("team", id)) => id.parse().map(Self::Team),
            _ => Err(BadId(16)),
        }
    }
}
