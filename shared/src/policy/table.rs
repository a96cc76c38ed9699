//! The table of who may do what.

use super::Role;

/// Something that can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// Create, edit, submit or withdraw a record, and offer its copy.
    Write,
    /// Read an accepted record and its photos.
    Read,
    /// Approve, return or escalate.
    Review,
    /// Release or uphold what was quarantined.
    Release,
    /// Give a colleague the record, or take it back.
    Share,
    /// Move the record between teams and operations.
    ChangeScope,
    /// Give the record the control room's log number.
    LogNumber,
    /// Tell everybody something.
    Notice,
    /// See when devices were last heard, and what they said was waiting.
    SeeDevices,
    /// Keep people, teams, devices and lists.
    Administer,
    /// Read and verify the audit.
    Audit,
}

impl Act {
    /// All acts, in the order of the table.
    pub const ALL: [Self; 11] = [
        Self::Write,
        Self::Read,
        Self::Review,
        Self::Release,
        Self::Share,
        Self::ChangeScope,
        Self::LogNumber,
        Self::Notice,
        Self::SeeDevices,
        Self::Administer,
        Self::Audit,
    ];
}

/// How the person stands to the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// They wrote it, or a change of it.
    Own,
    /// Its author shares it with them.
    Shared,
    /// It belongs to their team.
    OwnTeam,
    /// Neither.
    Other,
}

impl Relation {
    /// All relations, in the order of the table.
    pub const ALL: [Self; 4] = [Self::Own, Self::Shared, Self::OwnTeam, Self::Other];
}

/// True if somebody in this role may do this to a record they stand in this relation to.
pub const fn may(role: Role, act: Act, relation: Relation) -> bool {
    match (role, act, relation) {
        (
            Role::Officer | Role::Supervisor,
            Act::Write | Act::Read,
            Relation::Own | Relation::Shared,
        )
        | (Role::Officer | Role::Supervisor, Act::Share, Relation::Own)
        | (
            Role::Supervisor,
            Act::Read | Act::Review | Act::Release | Act::ChangeScope,
            Relation::OwnTeam,
        )
        | (Role::ControlRoom, Act::Read | Act::SeeDevices | Act::LogNumber | Act::Notice, _)
        | (Role::Administrator, Act::Administer | Act::SeeDevices, _)
        | (Role::Auditor, Act::Audit, _) => true,
        (
            Role::Officer
            | Role::Supervisor
            | Role::ControlRoom
            | Role::Records
            | Role::Auditor
            | Role::Administrator,
            _,
            _,
        ) => false,
    }
}

/// The table as Markdown, for docs/src/policy.md.
pub fn print_table() -> String {
    let mut out = String::from("| role | relation |");
    for act in Act::ALL {
        out.push_str(&format!(" {act:?} |"));
    }
    out.push_str("\n| --- | --- |");
    out.push_str(&" --- |".repeat(Act::ALL.len()));
    out.push('\n');
    for role in Role::ALL {
        for relation in Relation::ALL {
            out.push_str(&format!("| {} | {relation:?} |", role.as_str()));
            for act in Act::ALL {
                out.push_str(if may(role, act, relation) {
                    " yes |"
                } else {
                    " no |"
                });
            }
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_reviews_their_own_and_only_a_supervisor_reviews_at_all() {
        for role in Role::ALL {
            assert!(!may(role, Act::Review, Relation::Own));
            for relation in Relation::ALL {
                let expected = role == Role::Supervisor && relation == Relation::OwnTeam;
                assert_eq!(may(role, Act::Review, relation), expected);
            }
        }
    }

    #[test]
    fn the_control_room_changes_nothing() {
        for relation in Relation::ALL {
            for act in [Act::Write, Act::Review, Act::Release, Act::Administer] {
                assert!(!may(Role::ControlRoom, act, relation));
            }
        }
    }

    #[test]
    fn the_documentation_prints_this_table() {
        let docs = include_str!("../../../docs/src/policy.md");
        assert!(
            docs.contains(&print_table()),
            "docs/src/policy.md should hold:\n{}",
            print_table()
        );
    }
}
