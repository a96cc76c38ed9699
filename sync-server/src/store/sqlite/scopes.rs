//! The scopes a record is in, and the digest of each.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};
use shared::ids::{AcceptPos, EntryId, LogId, RecordId, TeamId};
use shared::wire::{Leaf, Scope, ScopeDigest, Sum};

use super::desk::Desk;
use super::sql::{all, fixed, hashes, one, run};
use super::{grants, records};
use crate::store::StoreError;

/// What moves a record between scopes, and which remain.
pub(super) struct Moved {
    /// It was in these, and is.
    pub(super) stays: BTreeSet<Scope>,
    /// It comes into these.
    pub(super) enters: BTreeSet<Scope>,
    /// It goes out of these.
    pub(super) leaves: BTreeSet<Scope>,
}

impl Moved {
    /// From the scopes it is in, with some to be added and some to be taken away. What is there
    /// is not added, and what is not there not taken away.
    pub(super) fn new(now: &BTreeSet<Scope>, add: &[Scope], remove: &[Scope]) -> Self {
        let add: BTreeSet<Scope> = add.iter().copied().collect();
        let remove: BTreeSet<Scope> = remove.iter().copied().collect();
        let leaves: BTreeSet<Scope> = &(now & &remove) - &add;
        Self {
            stays: now - &leaves,
            enters: &add - now,
            leaves,
        }
    }

    /// All that are told.
    pub(super) fn all(&self) -> BTreeSet<Scope> {
        let parts = [&self.stays, &self.enters, &self.leaves];
        parts.into_iter().flatten().copied().collect()
    }

    /// The team that lists show: the one it was in, while it is.
    pub(super) fn team(&self, was: Option<TeamId>) -> Option<TeamId> {
        let in_team = |team: &TeamId| {
            self.stays.contains(&Scope::Team(*team)) || self.enters.contains(&Scope::Team(*team))
        };
        let first = self.stays.iter().chain(&self.enters);
        let mut teams = first.filter_map(|scope| match scope {
            Scope::Team(team) => Some(*team),
            Scope::Author(_) | Scope::Shared(_) | Scope::Operation(_) => None,
        });
        was.filter(in_team).or_else(|| teams.next())
    }
}

/// Writes that a record came and went, and what the digests are then.
pub(super) fn write(
    desk: &mut Desk<'_>,
    record: RecordId,
    moved: &Moved,
    position: AcceptPos,
    (before, after): (Option<Leaf>, Leaf),
) -> Result<(), StoreError> {
    let db = desk.tx;
    for scope in &moved.leaves {
        let sql = "DELETE FROM scope_records WHERE scope = ?1 AND record = ?2";
        run(db, sql, params![scope.to_string(), record.as_bytes()])?;
        desk.sums.add(db, *scope, before, None)?;
    }
    for scope in &moved.enters {
        records::enter(db, *scope, record, position)?;
        desk.sums.add(db, *scope, None, Some(after))?;
    }
    for scope in &moved.stays {
        desk.sums.add(db, *scope, before, Some(after))?;
    }
    Ok(())
}

/// The digests that one unit of work changes. Most of its entries are in the same few scopes:
/// each is read once, and written once at the end.
#[derive(Default)]
pub(super) struct Sums {
    now: BTreeMap<Scope, Sum>,
    /// What the entry at hand found, to be put back if it comes to nothing.
    found: Vec<(Scope, Sum)>,
}

impl Sums {
    /// Takes a leaf out of a digest and puts another in.
    fn add(
        &mut self,
        db: &Connection,
        scope: Scope,
        out: Option<Leaf>,
        into: Option<Leaf>,
    ) -> Result<(), StoreError> {
        if out == into {
            return Ok(());
        }
        let found = match self.now.get(&scope) {
            Some(sum) => *sum,
            None => sum(db, scope)?,
        };
        self.found.push((scope, found));
        let without = out.map_or(found, |leaf| found.without(leaf));
        let with = into.map_or(without, |leaf| without.with(leaf));
        self.now.insert(scope, with);
        Ok(())
    }

    /// What the entry at hand did stands.
    pub(super) fn keep(&mut self) {
        self.found.clear();
    }

    /// What the entry at hand did is undone.
    pub(super) fn undo(&mut self) {
        while let Some((scope, sum)) = self.found.pop() {
            self.now.insert(scope, sum);
        }
    }

    /// Writes them all.
    pub(super) fn flush(&self, db: &Connection) -> Result<(), StoreError> {
        let mut each = self.now.iter();
        each.try_for_each(|(scope, sum)| set(db, *scope, *sum))
    }
}

/// Takes a record that will be gone out of the digests of all scopes it is in.
pub(super) fn forget(db: &Connection, record: RecordId) -> Result<(), StoreError> {
    let sql = "SELECT heads, statements FROM records WHERE id = ?1";
    let leaf = one(db, sql, params![record.as_bytes()], |row| {
        let statements = records::statements(row)?;
        Ok(Leaf::of(record, &hashes(row, "heads")?, &statements))
    })?;
    let mut sums = Sums::default();
    for scope in records::scopes(db, record)? {
        sums.add(db, scope, leaf, None)?;
    }
    sums.flush(db)
}

fn sum(db: &Connection, scope: Scope) -> Result<Sum, StoreError> {
    let sql = "SELECT sum FROM scope_sums WHERE scope = ?1";
    let found = one(db, sql, params![scope.to_string()], |row| {
        let bytes = row.get::<_, [u8; 16]>("sum")?;
        Ok(Sum::from_bytes(bytes))
    })?;
    Ok(found.unwrap_or_default())
}

fn set(db: &Connection, scope: Scope, sum: Sum) -> Result<(), StoreError> {
    let sql = "INSERT INTO scope_sums (scope, sum) VALUES (?1, ?2)
        ON CONFLICT (scope) DO UPDATE SET sum = excluded.sum";
    run(db, sql, params![scope.to_string(), sum.to_bytes()])?;
    Ok(())
}

/// The digests of all scopes that a vault has.
pub(super) fn digests(db: &Connection, log: LogId) -> Result<Vec<ScopeDigest>, StoreError> {
    let granted = grants::of(db, log)?.into_iter();
    granted
        .map(|(scope, _)| {
            let sum = sum(db, scope)?.to_bytes();
            Ok(ScopeDigest { scope, sum })
        })
        .collect()
}

/// Makes statements and digests of all records anew, from their entries.
pub(super) fn recount(db: &Connection) -> Result<(), StoreError> {
    let heads = all(db, "SELECT id, heads FROM records", [], |row| {
        let id = fixed(row, "id", RecordId::from_slice)?;
        Ok((id, hashes(row, "heads")?))
    })?;
    let mut leaves: BTreeMap<RecordId, Leaf> = BTreeMap::new();
    for (record, heads) in heads {
        let statements = records::accepted_statements(db, record)?;
        leaves.insert(record, Leaf::of(record, &heads, &statements));
        set_statements(db, record, &statements)?;
    }
    run(db, "DELETE FROM scope_sums", [])?;
    let scopes = all(db, "SELECT scope, record FROM scope_records", [], |row| {
        let scope: String = row.get("scope")?;
        let scope = scope.parse().map_err(|_| StoreError::Damaged("scope"))?;
        Ok((scope, fixed(row, "record", RecordId::from_slice)?))
    })?;
    let mut sums = Sums::default();
    for (scope, record) in scopes {
        sums.add(db, scope, None, leaves.get(&record).copied())?;
    }
    sums.flush(db)
}

fn set_statements(
    db: &Connection,
    record: RecordId,
    statements: &[EntryId],
) -> Result<(), StoreError> {
    let sql = "UPDATE records SET statements = ?2 WHERE id = ?1";
    let statements = records::join_statements(statements);
    run(db, sql, params![record.as_bytes(), statements])?;
    Ok(())
}
