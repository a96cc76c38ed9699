//! The judgement of one entry: may its officer do this to that record?

use std::collections::BTreeSet;

use super::{Act, Authority, Relation, Role, may};
use crate::ids::{OfficerId, TeamId};
use crate::log::{EntryKind, Header};
use crate::statement::{ReviewVerdict, Statement};

/// What the entry names: the record, as its accepted entries make it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// The officer of the record's first change; none while it has no accepted change.
    pub author: Option<OfficerId>,
    /// Everybody with a change among the accepted ones.
    pub contributors: BTreeSet<OfficerId>,
    /// The teams whose scope the record is in.
    pub teams: BTreeSet<TeamId>,
    /// True once an accepted submission exists.
    pub submitted: bool,
    /// True if the heads that the entry names hold an open conflict.
    pub conflict: bool,
}

/// Why an entry is quarantined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The officer is unknown, or the account was ended.
    NotActive,
    /// Somebody else's record.
    NotAuthor,
    /// The role does not do this.
    Role,
    /// A reviewer with a change of their own in the record.
    OwnRecord,
    /// A reviewer of another team.
    Team,
    /// A review or a withdrawal of something never submitted.
    NotSubmitted,
    /// An approval of a state in which values compete.
    Conflict,
}

impl Reason {
    /// The stable code on the wire and in the audit.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotActive => "not_active",
            Self::NotAuthor => "not_author",
            Self::Role => "role",
            Self::OwnRecord => "own_record",
            Self::Team => "team",
            Self::NotSubmitted => "not_submitted",
            Self::Conflict => "conflict",
        }
    }
}

/// What policy says of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Let it in.
    Accept,
    /// Keep it apart until a person has looked.
    Quarantine(Reason),
}

/// Judges one entry by what it names and the authority at its policy sequence.
///
/// The statement is none for a change. Whether the change keeps to the record's schema, and
/// whether signatures hold, was settled before.
pub fn judge(
    header: &Header,
    statement: Option<&Statement>,
    named: &Named,
    authority: &Authority,
) -> Decision {
    match check(header, statement, named, authority) {
        Ok(()) => Decision::Accept,
        Err(reason) => Decision::Quarantine(reason),
    }
}

fn check(
    header: &Header,
    statement: Option<&Statement>,
    named: &Named,
    authority: &Authority,
) -> Result<(), Reason> {
    let person = authority
        .person(header.officer)
        .filter(|person| person.active)
        .ok_or(Reason::NotActive)?;
    match header.kind {
        EntryKind::Consultation | EntryKind::DraftDiscarded => Ok(()),
        EntryKind::Review => review(person.role, person.team, header.officer, statement, named),
        EntryKind::Change
        | EntryKind::Submission
        | EntryKind::Withdrawal
        | EntryKind::ReceiptGiven
        | EntryKind::Unknown(_) => {
            let own = named.author.is_none_or(|author| author == header.officer);
            if !own {
                return Err(Reason::NotAuthor);
            }
            if !may(person.role, Act::Write, Relation::Own) {
                return Err(Reason::Role);
            }
            if header.kind == EntryKind::Withdrawal && !named.submitted {
                return Err(Reason::NotSubmitted);
            }
            Ok(())
        }
    }
}

fn review(
    role: Role,
    team: TeamId,
    officer: OfficerId,
    statement: Option<&Statement>,
    named: &Named,
) -> Result<(), Reason> {
    if named.author == Some(officer) || named.contributors.contains(&officer) {
        return Err(Reason::OwnRecord);
    }
    if !may(role, Act::Review, Relation::OwnTeam) {
        return Err(Reason::Role);
    }
    if !named.teams.contains(&team) {
        return Err(if named.submitted {
            Reason::Team
        } else {
            Reason::NotSubmitted
        });
    }
    match statement {
        Some(Statement::Review(review))
            if review.verdict == ReviewVerdict::Approve && named.conflict =>
        {
            Err(Reason::Conflict)
        }
        _ => Ok(()),
    }
}
