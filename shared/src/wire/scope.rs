//! Scopes: what makes a record visible to whom. Assigned by the server, never a field of the
//! record.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};

use crate::ids::{BadId, OfficerId, OperationId, TeamId};

/// What makes a record visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Scope {
    /// To its author, from the first accepted entry.
    #[n(0)]
    Author(#[n(0)] OfficerId),
    /// To the author's team, from the accepted submission.
    #[n(1)]
    Team(#[n(0)] TeamId),
    /// To a colleague, as long as the author shares it with them.
    #[n(2)]
    Shared(#[n(0)] OfficerId),
    /// To the people of an operation.
    #[n(3)]
    Operation(#[n(0)] OperationId),
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Author(id) => write!(f, "author:{id}"),
            Self::Team(id) => write!(f, "team:{id}"),
            Self::Shared(id) => write!(f, "shared:{id}"),
            Self::Operation(id) => write!(f, "operation:{id}"),
        }
    }
}

impl FromStr for Scope {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        match text.split_once(':') {
            Some(("author", id)) => id.parse().map(Self::Author),
            Some(("team", id)) => id.parse().map(Self::Team),
            Some(("shared", id)) => id.parse().map(Self::Shared),
            Some(("operation", id)) => id.parse().map(Self::Operation),
            _ => Err(BadId(16)),
        }
    }
}
