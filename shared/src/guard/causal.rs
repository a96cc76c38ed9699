//! What a change says of its past, held against the past itself.

use std::collections::{HashMap, HashSet};

use automerge::Automerge;

use super::{Preflight, Refusal};

/// Why a change does not follow from a past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Causal {
    /// These dependencies are not known (yet): stage the change outside
    /// Automerge and ask for them.
    Missing(Vec<[u8; 32]>),
    /// The change can never be let in.
    Refused(Refusal),
}

impl From<Refusal> for Causal {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

#[derive(Clone, Debug)]
struct Node {
    actor: [u8; 16],
    seq: u64,
    max_op: u64,
    deps: Vec<[u8; 32]>,
}

/// The causal past of a document as the guard needs it: its accepted changes,
/// and the last sequence number of each actor.
#[derive(Clone, Debug, Default)]
pub struct Past {
    changes: HashMap<[u8; 32], Node>,
    last_seq: HashMap<[u8; 16], u64>,
    rooted: bool,
}

impl Past {
    /// The past of a document with no change.
    pub fn new() -> Self {
        Self::default()
    }

    /// The past of a document that has its genesis change and no other. From
    /// then on every change must follow it.
    pub fn genesis(genesis: &Preflight) -> Self {
        let mut past = Self::new();
        past.insert(genesis);
        past.rooted = true;
        past
    }

    /// The past of a document that was let in before. It counts as rooted if
    /// exactly one of its changes has no dependencies.
    pub fn of(doc: &Automerge) -> Result<Self, Refusal> {
        let mut past = Self::new();
        let mut roots = 0;
        for change in doc.get_changes_meta(&[]) {
            let actor = change.actor.to_bytes();
            let actor = <[u8; 16]>::try_from(actor)
                .map_err(|_| Refusal::ActorLength(actor.len() as u64))?;
            roots += u64::from(change.deps.is_empty());
            let node = Node {
                actor,
                seq: change.seq,
                max_op: change.max_op,
                deps: change.deps.iter().map(|dep| dep.0).collect(),
            };
            past.add(change.hash.0, node);
        }
        past.rooted = roots == 1;
        Ok(past)
    }

    /// Adds a change that was accepted.
    pub fn insert(&mut self, change: &Preflight) {
        let node = Node {
            actor: change.actor,
            seq: change.seq,
            max_op: change.max_op,
            deps: change.deps.clone(),
        };
        self.add(change.hash, node);
    }

    /// Whether a change is part of the document.
    pub fn contains(&self, hash: &[u8; 32]) -> bool {
        self.changes.contains_key(hash)
    }

    /// Number of changes.
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// Whether there is no change.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The last sequence number of an actor; 0 if it made no change.
    pub fn last_seq(&self, actor: &[u8; 16]) -> u64 {
        self.last_seq.get(actor).copied().unwrap_or(0)
    }

    fn add(&mut self, hash: [u8; 32], node: Node) {
        let last = self.last_seq.entry(node.actor).or_insert(0);
        *last = node.seq.max(*last);
        self.changes.insert(hash, node);
    }

    /// Which of the wanted changes (an actor, and the least sequence number
    /// that will do) are not among the ancestors of `deps`. Stops at the last
    /// one found; for an honest change that is a few steps away.
    fn unseen(
        &self,
        deps: &[[u8; 32]],
        mut wanted: HashMap<[u8; 16], u64>,
    ) -> HashMap<[u8; 16], u64> {
        let mut visited: HashSet<_> = deps.iter().copied().collect();
        let mut open = deps.to_vec();
        while !wanted.is_empty() {
            let Some(hash) = open.pop() else { break };
            let Some(node) = self.changes.get(&hash) else {
                continue;
            };
            if wanted.get(&node.actor).is_some_and(|&seq| node.seq >= seq) {
                wanted.remove(&node.actor);
            }
            open.extend(node.deps.iter().filter(|dep| visited.insert(**dep)));
        }
        wanted
    }
}

/// Checks that a change follows from the past: its dependencies are known, it
/// follows its actor's last change, it starts one after the largest counter it
/// has seen, and the actors it refers to are among what it has seen.
pub fn causal(change: &Preflight, past: &Past) -> Result<(), Causal> {
    if past.contains(&change.hash) {
        return Err(Refusal::Duplicate.into());
    }
    let (last, found) = (past.last_seq(&change.actor), change.seq);
    // A used number stays used, whatever else is still missing.
    if found <= last {
        return Err(Refusal::SeqReused { last, found }.into());
    }
    if past.rooted && change.deps.is_empty() {
        return Err(Refusal::SecondRoot.into());
    }
    let unknown = change.deps.iter().filter(|dep| !past.contains(dep));
    let missing: Vec<_> = unknown.copied().collect();
    if !missing.is_empty() {
        return Err(Causal::Missing(missing));
    }
    if found != last + 1 {
        return Err(Refusal::SeqGap { last, found }.into());
    }
    let known = change.deps.iter().filter_map(|dep| past.changes.get(dep));
    let expected = known.map(|node| node.max_op).max().unwrap_or(0) + 1;
    if change.start_op != expected {
        let found = change.start_op;
        return Err(Refusal::StartOp { expected, found }.into());
    }
    let mut wanted: HashMap<_, _> = change.other_actors.iter().map(|id| (*id, 1)).collect();
    if last > 0 {
        // An actor always knows what it wrote itself.
        wanted.insert(change.actor, last);
    }
    let unseen = past.unseen(&change.deps, wanted);
    if unseen.contains_key(&change.actor) {
        return Err(Refusal::SeqGap { last, found }.into());
    }
    if !unseen.is_empty() {
        return Err(Refusal::ForeignActor.into());
    }
    Ok(())
}
