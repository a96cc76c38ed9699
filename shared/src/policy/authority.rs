//! The people, roles and teams that authority rests on, as of one policy sequence.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::{OfficerId, OperationId, PolicySeq, TeamId};
use crate::time::UnixMs;
use crate::wire::Scope;

/// What somebody is there to do.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Records encounters.
    #[n(0)]
    Officer,
    /// Also reviews those of a team.
    #[n(1)]
    Supervisor,
    /// Watches what was accepted.
    #[n(2)]
    ControlRoom,
    /// Answers requests for records.
    #[n(3)]
    Records,
    /// Reads and verifies the audit.
    #[n(4)]
    Auditor,
    /// Keeps people, teams, devices and lists.
    #[n(5)]
    Administrator,
}

impl Role {
    /// All roles, in the order of the table.
    pub const ALL: [Self; 6] = [
        Self::Officer,
        Self::Supervisor,
        Self::ControlRoom,
        Self::Records,
        Self::Auditor,
        Self::Administrator,
    ];

    /// The name used in configuration, API and database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Supervisor => "supervisor",
            Self::ControlRoom => "control_room",
            Self::Records => "records",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    /// The role with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(array)]
pub struct Person {
    /// Who.
    #[n(0)]
    pub id: OfficerId,
    /// Collar number.
    #[n(1)]
    pub collar: String,
    /// Title and family name as people say them, for example "PC" and "Patel".
    #[n(2)]
    pub title: String,
    /// Family name.
    #[n(3)]
    pub name: String,
    /// What they are there to do.
    #[n(4)]
    pub role: Role,
    /// The team they are posted to.
    #[n(5)]
    pub team: TeamId,
    /// The station they name when they search somebody.
    #[n(6)]
    pub station: String,
    /// False once the account was ended.
    #[n(7)]
    pub active: bool,
    /// Acting ranks, and cover of other teams.
    #[n(8)]
    #[serde(default)]
    #[cbor(default, skip_if = "Vec::is_empty")]
    pub acting: Vec<Acting>,
    /// The operations they take part in.
    #[n(9)]
    #[serde(default)]
    #[cbor(default, skip_if = "Vec::is_empty")]
    pub operations: Vec<OperationId>,
}

/// A role that somebody holds for a team between two times, beside their own posting: an
/// acting rank, or cover for somebody who is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(array)]
pub struct Acting {
    /// The role.
    #[n(0)]
    pub role: Role,
    /// For this team.
    #[n(1)]
    pub team: TeamId,
    /// From this time on.
    #[n(2)]
    pub from: UnixMs,
    /// Until this time, which is not in it.
    #[n(3)]
    pub until: UnixMs,
}

impl Acting {
    /// True if it is held at that time.
    pub fn at(&self, time: UnixMs) -> bool {
        self.from <= time && time < self.until
    }
}

impl Person {
    /// For example "PC 4417 Patel".
    pub fn label(&self) -> String {
        format!("{} {} {}", self.title, self.collar, self.name)
    }

    /// What they hold at a time: their own posting first, then what they act as.
    pub fn posts(&self, at: UnixMs) -> impl Iterator<Item = (Role, TeamId)> + '_ {
        let acting = self.acting.iter().filter(move |acting| acting.at(at));
        std::iter::once((self.role, self.team))
            .chain(acting.map(|acting| (acting.role, acting.team)))
    }

    /// True if they hold the role for the team at that time.
    pub fn holds(&self, role: Role, team: TeamId, at: UnixMs) -> bool {
        self.posts(at).any(|post| post == (role, team))
    }
}

/// One team.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(array)]
pub struct Team {
    /// Which.
    #[n(0)]
    pub id: TeamId,
    /// Its name.
    #[n(1)]
    pub name: String,
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(array)]
pub struct Operation {
    /// Which.
    #[n(0)]
    pub id: OperationId,
    /// Its name.
    #[n(1)]
    pub name: String,
}

/// Everybody's authority as of one policy sequence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Authority {
    /// The version.
    #[n(0)]
    pub seq: PolicySeq,
    /// The people, by id.
    #[n(1)]
    pub people: BTreeMap<OfficerId, Person>,
    /// The teams, by id.
    #[n(2)]
    pub teams: BTreeMap<TeamId, Team>,
    /// The operations, by id.
    #[n(3)]
    #[cbor(default, skip_if = "BTreeMap::is_empty")]
    pub operations: BTreeMap<OperationId, Operation>,
}

impl Authority {
    /// The person, whether still active or not.
    pub fn person(&self, id: OfficerId) -> Option<&Person> {
        self.people.get(&id)
    }

    /// True if there is something for a record to be visible in.
    pub fn has(&self, scope: Scope) -> bool {
        match scope {
            Scope::Author(officer) | Scope::Shared(officer) => self.people.contains_key(&officer),
            Scope::Team(team) => self.teams.contains_key(&team),
            Scope::Operation(operation) => self.operations.contains_key(&operation),
        }
    }

    /// The label of a person, or the words for somebody not known here.
    pub fn label(&self, id: OfficerId) -> Option<String> {
        self.person(id).map(Person::label)
    }

    /// The active supervisor who reviews the person's records, the first by collar number.
    pub fn reviewer_of(&self, id: OfficerId) -> Option<&Person> {
        let team = self.person(id)?.team;
        self.people
            .values()
            .filter(|p| p.active && p.role == Role::Supervisor && p.team == team && p.id != id)
            .min_by(|a, b| a.collar.cmp(&b.collar))
    }
}
