//! Moves, acting ranks, cover of other teams, and operations.

use shared::ids::{OperationId, TeamId};
use shared::policy::{Acting, Operation, Role};
use shared::time::UnixMs;

use super::operate::checked_name;
use super::{Moved, Server, ServerError};
use crate::store::PostingChange;

/// Acting ranks and covers that somebody has at once; those that are over are dropped.
const ACTING_MAX: usize = 32;
/// Operations that somebody takes part in at once.
const OPERATIONS_MAX: usize = 64;

/// A move to another post; what is none stays as it is.
#[derive(Debug, Clone, Default)]
pub struct NewPost {
    /// Another team, made if there is none of this name.
    pub team: Option<String>,
    /// Another role.
    pub role: Option<Role>,
    /// Another title.
    pub title: Option<String>,
    /// Another station.
    pub station: Option<String>,
}

impl Server {
    /// Moves somebody to another post. What they wrote before stays where it was.
    pub fn move_person(&self, collar: &str, post: &NewPost) -> Result<(), ServerError> {
        for name in [&post.team, &post.title, &post.station]
            .into_iter()
            .flatten()
        {
            checked_name(name)?;
        }
        let new = TeamId::from_bytes(self.env.bytes());
        let change = PostingChange {
            role: post.role,
            team: post.team.clone().map(|name| (new, name)),
            title: post.title.clone(),
            station: post.station.clone(),
            ..PostingChange::default()
        };
        self.post(collar, &change)
    }

    /// Gives somebody a role for a team between two times, beside their own posting.
    pub fn act_for(
        &self,
        collar: &str,
        role: Role,
        team: &str,
        from: UnixMs,
        until: UnixMs,
    ) -> Result<(), ServerError> {
        let now = self.env.now();
        if until <= from || until <= now {
            return Err(ServerError::Invalid("it would be over before it begins"));
        }
        let authority = self.store.authority()?;
        let team = authority.teams.values().find(|it| it.name == team);
        let team = team.ok_or(ServerError::Missing)?.id;
        let person = self.store.account(collar)?.ok_or(ServerError::Missing)?;
        let mut acting = person.person.acting;
        acting.retain(|it| it.until > now);
        acting.push(Acting {
            role,
            team,
            from,
            until,
        });
        if acting.len() > ACTING_MAX {
            return Err(ServerError::Invalid("too many acting ranks and covers"));
        }
        self.set_acting(collar, acting)
    }

    /// Ends all acting ranks and covers of somebody.
    pub fn end_acting(&self, collar: &str) -> Result<(), ServerError> {
        self.set_acting(collar, Vec::new())
    }

    fn set_acting(&self, collar: &str, acting: Vec<Acting>) -> Result<(), ServerError> {
        let change = PostingChange {
            acting: Some(acting),
            ..PostingChange::default()
        };
        self.post(collar, &change)
    }

    /// Adds an operation, unless there is one of this name.
    pub fn add_operation(&self, name: &str) -> Result<OperationId, ServerError> {
        checked_name(name)?;
        let new = OperationId::from_bytes(self.env.bytes());
        let id = self.store.add_operation(new, name, self.env.now())?;
        self.tell(Moved::Reference);
        Ok(id)
    }

    /// All operations, by name.
    pub fn operations(&self) -> Result<Vec<Operation>, ServerError> {
        let mut all: Vec<_> = self.authority()?.operations.values().cloned().collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    /// Lets somebody take part in an operation, or no longer.
    pub fn take_part(&self, collar: &str, operation: &str, takes: bool) -> Result<(), ServerError> {
        let authority = self.store.authority()?;
        let mut all = authority.operations.values();
        let id = all.find(|it| it.name == operation);
        let id = id.ok_or(ServerError::Missing)?.id;
        let person = self.store.account(collar)?.ok_or(ServerError::Missing)?;
        let mut operations = person.person.operations;
        operations.retain(|it| *it != id);
        if takes {
            operations.push(id);
        }
        if operations.len() > OPERATIONS_MAX {
            return Err(ServerError::Invalid("too many operations"));
        }
        operations.sort();
        let change = PostingChange {
            operations: Some(operations),
            ..PostingChange::default()
        };
        self.post(collar, &change)
    }

    fn post(&self, collar: &str, change: &PostingChange) -> Result<(), ServerError> {
        if !self.store.post_person(collar, change, self.env.now())? {
            return Err(ServerError::Missing);
        }
        self.tell(Moved::Reference);
        Ok(())
    }
}
