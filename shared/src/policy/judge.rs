//! The judgement of one entry: may its officer do this to that record?

use std::collections::BTreeSet;

use super::{Act, Authority, Person, Relation, Role, may};
use crate::ids::{OfficerId, TeamId};
use crate::log::{EntryKind, Header};
use crate::statement::{ReviewVerdict, Statement};
use crate::time::UnixMs;

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
    /// Those its author shares it with now.
    pub shared: BTreeSet<OfficerId>,
    /// Of a release or uphold: the held entries it names.
    pub held: Vec<Held>,
}

/// A held entry as its judge sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Who wrote it.
    pub officer: OfficerId,
    /// Their team, by the authority of the judgement.
    pub team: Option<TeamId>,
}

/// Why an entry is not let in.
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
    /// A move to a team or an operation that is not there: nobody would see the record again.
    NoSuchScope,
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
            Self::NoSuchScope => "no_such_scope",
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
    /// Keep it out: there is nothing that a person could let in.
    Refuse(Reason),
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
    judge_at(header, statement, named, authority, header.estimated_time())
}

/// The same for roles that are held at this time.
pub fn judge_at(
    header: &Header,
    statement: Option<&Statement>,
    named: &Named,
    authority: &Authority,
    at: UnixMs,
) -> Decision {
    if let Some(Statement::ScopeChange(change)) = statement
        && !change.add.iter().all(|scope| authority.has(*scope))
    {
        return Decision::Refuse(Reason::NoSuchScope);
    }
    match check(header, statement, named, authority, at) {
        Ok(()) => Decision::Accept,
        Err(reason) => Decision::Quarantine(reason),
    }
}

fn check(
    header: &Header,
    statement: Option<&Statement>,
    named: &Named,
    authority: &Authority,
    at: UnixMs,
) -> Result<(), Reason> {
    let person = authority
        .person(header.officer)
        .filter(|person| person.active)
        .ok_or(Reason::NotActive)?;
    let actor = Actor { person, at };
    match header.kind {
        EntryKind::Consultation | EntryKind::DraftDiscarded => Ok(()),
        EntryKind::Review => actor.review(statement, named),
        EntryKind::Share => actor.share(named),
        EntryKind::ScopeChange => actor.of_team(Act::ChangeScope, &named.teams, named.submitted),
        EntryKind::LogNumber => actor.any(Act::LogNumber),
        EntryKind::Notice => actor.any(Act::Notice),
        EntryKind::Release | EntryKind::Uphold => actor.rule(named),
        EntryKind::Change
        | EntryKind::Submission
        | EntryKind::Withdrawal
        | EntryKind::ReceiptGiven
        | EntryKind::Unknown(_) => {
            actor.write(named)?;
            if header.kind == EntryKind::Withdrawal && !named.submitted {
                return Err(Reason::NotSubmitted);
            }
            Ok(())
        }
    }
}

/// Who acts, and when: by the server's last time and the boot time since, so that no clock
/// that somebody set gives or ends an acting rank.
struct Actor<'a> {
    person: &'a Person,
    at: UnixMs,
}

impl Actor<'_> {
    fn posts(&self) -> impl Iterator<Item = (Role, TeamId)> + '_ {
        self.person.posts(self.at)
    }

    /// One of their roles lets them do it in this relation.
    fn may(&self, act: Act, relation: Relation) -> Result<(), Reason> {
        let mut posts = self.posts();
        if posts.any(|(role, _)| may(role, act, relation)) {
            Ok(())
        } else {
            Err(Reason::Role)
        }
    }

    fn any(&self, act: Act) -> Result<(), Reason> {
        self.may(act, Relation::Other)
    }

    fn is_author(&self, named: &Named) -> bool {
        named.author.is_none_or(|author| author == self.person.id)
    }

    fn write(&self, named: &Named) -> Result<(), Reason> {
        if self.is_author(named) {
            self.may(Act::Write, Relation::Own)
        } else if named.shared.contains(&self.person.id) {
            self.may(Act::Write, Relation::Shared)
        } else {
            Err(Reason::NotAuthor)
        }
    }

    fn share(&self, named: &Named) -> Result<(), Reason> {
        if self.is_author(named) {
            self.may(Act::Share, Relation::Own)
        } else {
            Err(Reason::NotAuthor)
        }
    }

    /// Something that a role does for the teams it is held for.
    fn of_team(&self, act: Act, teams: &BTreeSet<TeamId>, submitted: bool) -> Result<(), Reason> {
        self.may(act, Relation::OwnTeam)?;
        let mut able = self
            .posts()
            .filter(|(role, _)| may(*role, act, Relation::OwnTeam));
        if able.any(|(_, team)| teams.contains(&team)) {
            Ok(())
        } else if submitted {
            Err(Reason::Team)
        } else {
            Err(Reason::NotSubmitted)
        }
    }

    fn review(&self, statement: Option<&Statement>, named: &Named) -> Result<(), Reason> {
        let me = self.person.id;
        if named.author == Some(me) || named.contributors.contains(&me) {
            return Err(Reason::OwnRecord);
        }
        self.of_team(Act::Review, &named.teams, named.submitted)?;
        match statement {
            Some(Statement::Review(review))
                if review.verdict == ReviewVerdict::Approve && named.conflict =>
            {
                Err(Reason::Conflict)
            }
            _ => Ok(()),
        }
    }

    /// Nobody rules on what they wrote themselves, nor on another team's.
    fn rule(&self, named: &Named) -> Result<(), Reason> {
        for held in &named.held {
            if held.officer == self.person.id {
                return Err(Reason::OwnRecord);
            }
            self.of_team(Act::Release, &held.team.into_iter().collect(), true)?;
        }
        self.may(Act::Release, Relation::OwnTeam)
    }
}
