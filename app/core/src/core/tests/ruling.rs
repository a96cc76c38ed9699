//! How the test server judges, lets in what was held, and sums what it has.

use shared::guard::{Checked, Limits};
use shared::hash::ChangeHash;
use shared::ids::{AcceptPos, EntryId, LogId, RecordId};
use shared::log::{EntryKind, Verified};
use shared::wire::{
    BackfillPage, ExchangeRequest, FeedEntry, FeedEvent, FeedItem, Leaf, Mail, MailItem,
    ScopeDigest, Sum, Verdict, VerdictCode,
};
use std::collections::{BTreeMap, BTreeSet};

use super::server::{Server, State, team_scope};

fn change_of(payload: &[u8]) -> ChangeHash {
    let checked = Checked::parse(payload.to_vec(), &Limits::default()).unwrap();
    ChangeHash::from_bytes(checked.facts().hash)
}

impl Server {
    /// Lets a held entry in, with what builds on it and nothing took the place of.
    pub(super) fn release(&self, id: EntryId) {
        let mut state = self.state();
        let received = state.logs[&id.log].received.clone();
        let mut released = BTreeSet::new();
        for entry in &received {
            let held = entry.header.kind == EntryKind::Change
                && state.held.contains(&change_of(&entry.entry.payload));
            let builds_on = entry.header.deps.iter().any(|it| released.contains(it));
            if !held || !(entry.header.id() == id || builds_on) || is_superseded(&received, entry) {
                continue;
            }
            let change = change_of(&entry.entry.payload);
            released.insert(change);
            state.held.remove(&change);
            let position = AcceptPos(state.feed.len() as u64 + 1);
            state.rule(id.log, entry, Verdict::Accepted(position));
        }
    }

    /// Held changes of a log that build on no other held one and stand in no other's place.
    pub(super) fn held_roots(&self, log: LogId) -> Vec<EntryId> {
        let state = self.state();
        let received = &state.logs[&log].received;
        let changes = received
            .iter()
            .filter(|it| it.header.kind == EntryKind::Change)
            .filter(|it| state.held.contains(&change_of(&it.entry.payload)))
            .filter(|it| !it.header.deps.iter().any(|dep| state.held.contains(dep)))
            .filter(|it| !is_superseded(received, it));
        changes.map(|it| it.header.id()).collect()
    }

    /// The name of the last entry of a log with this kind.
    pub(super) fn last_of(&self, log: LogId, kind: EntryKind) -> EntryId {
        let state = self.state();
        let found = state.logs[&log].received.iter().rev();
        found
            .map(|it| &it.header)
            .find(|it| it.kind == kind)
            .unwrap()
            .id()
    }
}

fn is_superseded(received: &[Verified], entry: &Verified) -> bool {
    let id = entry.header.id();
    received.iter().any(|it| it.header.supersedes.contains(&id))
}

impl State {
    pub(super) fn decide(&mut self, id: LogId, entry: &Verified) -> Verdict {
        let header = &entry.header;
        let position = AcceptPos(self.feed.len() as u64 + 1);
        let told = self.verdicts.get(&header.kind).copied();
        let mut replaces = header.supersedes.iter();
        let verdict = if is_superseded(&self.logs[&id].received, entry)
            || replaces.any(|it| self.accepted.contains(it))
        {
            Verdict::Superseded
        } else if header.deps.iter().any(|it| self.never.contains(it)) {
            Verdict::Rejected(VerdictCode::BuildsOnRejected)
        } else if header.deps.iter().any(|it| self.held.contains(it)) {
            Verdict::Quarantined(VerdictCode::BuildsOnQuarantined)
        } else {
            told.unwrap_or(Verdict::Accepted(position))
        };
        if header.kind == EntryKind::Change {
            let change = change_of(&entry.entry.payload);
            match verdict {
                Verdict::Quarantined(_) => self.held.insert(change),
                Verdict::Superseded | Verdict::Rejected(_) => self.never.insert(change),
                _ => false,
            };
        }
        verdict
    }

    /// What was accepted of each record, with the log that wrote it.
    fn records(&self) -> BTreeMap<RecordId, Vec<(Option<LogId>, FeedEntry)>> {
        let mut records: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (by, item) in &self.feed {
            if let FeedEvent::Accepted(entry) = &item.event {
                let entries = records.entry(item.record).or_default();
                entries.push((*by, entry.clone()));
            }
        }
        records
    }

    /// The team's digest, of what reads, for a log that was granted the team. To others this
    /// server gives no digests, since it feeds them all the same.
    pub(super) fn digests(&self, log: LogId) -> Option<Vec<ScopeDigest>> {
        let granted =
            |it: &MailItem| matches!(it.mail, Mail::Granted(scope, _) if scope == team_scope());
        if !self.logs[&log].mail.iter().any(granted) {
            return None;
        }
        let mut sum = Sum::default();
        let parse = |it: &FeedEntry| Checked::parse(it.payload.clone(), &Limits::default()).ok();
        for (record, entries) in self.records() {
            let entries: Vec<_> = entries.into_iter().map(|(_, entry)| entry).collect();
            let changes: Vec<_> = entries
                .iter()
                .filter(|it| it.kind == EntryKind::Change)
                .filter_map(parse)
                .collect();
            let deps: BTreeSet<_> = changes
                .iter()
                .flat_map(|it| it.facts().deps.clone())
                .collect();
            let heads: Vec<_> = changes
                .iter()
                .map(|it| it.facts().hash)
                .filter(|it| !deps.contains(it))
                .map(ChangeHash::from_bytes)
                .collect();
            let statements: Vec<_> = entries
                .iter()
                .filter(|it| it.kind.is_statement())
                .map(|it| it.id)
                .collect();
            sum = sum.with(Leaf::of(record, &heads, &statements));
        }
        Some(vec![ScopeDigest {
            scope: team_scope(),
            sum: sum.to_bytes(),
        }])
    }

    /// The whole of every backfill that is asked for.
    pub(super) fn pages(&self, request: &ExchangeRequest) -> Vec<BackfillPage> {
        let page = |cursor: &shared::wire::BackfillCursor| {
            let items = self.records().into_iter().filter_map(|(record, entries)| {
                // A vault may have destroyed what it wrote in another's record, never in its own.
                let wrote = |by: &Option<LogId>| *by == Some(request.log);
                let own = entries.first().is_some_and(|(by, _)| wrote(by));
                let theirs = entries.into_iter().filter(|(by, _)| !own || !wrote(by));
                let history: Vec<_> = theirs.map(|(_, entry)| entry).collect();
                let due = cursor.scope == team_scope() && !history.is_empty();
                due.then(|| FeedItem {
                    position: AcceptPos(1),
                    scope: cursor.scope,
                    record,
                    event: FeedEvent::Enters(history, Vec::new()),
                })
            });
            BackfillPage {
                scope: cursor.scope,
                items: items.collect(),
                below: None,
            }
        };
        request.cursors.backfills.iter().map(page).collect()
    }
}
