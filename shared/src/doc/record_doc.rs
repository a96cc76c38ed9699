//! One record's document.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use automerge::transaction::CommitOptions;
use automerge::{Automerge, LoadOptions, ReadDoc};

use super::content::Content;
use super::edit::{Edit, RawChange, Writer};
use super::error::{DocError, Refused};
use super::genesis::{ENCODING, genesis};
use super::read::read;
use crate::guard::{self, Causal, Checked, Limits, Past, Refusal, causal, preflight};
use crate::hash::ChangeHash;
use crate::ids::ActorId;
use crate::record::Kind;
use crate::time::UnixMs;

/// A record's document. Only [`RecordDoc::edit`] and [`RecordDoc::admit`] change it, and both
/// leave it as it was when they fail.
#[derive(Clone)]
pub struct RecordDoc {
    kind: Kind,
    doc: Automerge,
    past: Past,
    /// What the guard made of it when it let the last changes in, so that it is neither saved
    /// nor read once more.
    proven: Option<Arc<Proven>>,
}

/// A document in its saved form, which is known to load, and as it reads.
struct Proven {
    saved: Vec<u8>,
    content: Content,
}

/// Prints no content.
impl fmt::Debug for RecordDoc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordDoc({}, {} changes)", self.kind, self.past.len())
    }
}

impl RecordDoc {
    /// A new record: its genesis and nothing else.
    pub fn new(kind: Kind) -> Self {
        let genesis = genesis(kind);
        Self {
            kind,
            doc: genesis.doc.clone(),
            past: genesis.past.clone(),
            proven: None,
        }
    }

    /// Reads what [`RecordDoc::save`] wrote. Never for bytes from outside: a saved document
    /// can make Automerge ask for any amount of memory.
    #[allow(clippy::disallowed_methods, reason = "what this module saved itself")]
    pub fn load(kind: Kind, bytes: &[u8]) -> Result<Self, DocError> {
        let options = LoadOptions::new().text_encoding(ENCODING);
        let doc = Automerge::load_with_options(bytes, options).map_err(|_| DocError::Unreadable)?;
        let past = Past::of(&doc)?;
        if !past.contains(genesis(kind).hash.as_bytes()) {
            return Err(DocError::Unreadable);
        }
        Ok(Self {
            kind,
            doc,
            past,
            proven: None,
        })
    }

    /// Grows a document from changes, in any order.
    pub fn from_changes(
        kind: Kind,
        changes: impl IntoIterator<Item = Checked>,
    ) -> Result<Self, Refused> {
        let mut doc = Self::new(kind);
        doc.admit(changes.into_iter().collect())?;
        Ok(doc)
    }

    /// The kind of record.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The hashes that name this state, sorted.
    pub fn heads(&self) -> Vec<ChangeHash> {
        let heads = self.doc.get_heads();
        let mut heads: Vec<_> = heads
            .iter()
            .map(|it| ChangeHash::from_bytes(it.0))
            .collect();
        heads.sort();
        heads
    }

    /// Makes one change of some edits; none if nothing would change. `actor` is fresh per
    /// record at its first change after each start of the process: a number that a restored
    /// device used twice would be refused by everybody.
    pub fn edit(
        &mut self,
        actor: ActorId,
        at: UnixMs,
        edits: &[Edit],
    ) -> Result<Option<RawChange>, DocError> {
        let mut doc = self.doc.clone();
        doc.set_actor(automerge::ActorId::from(actor.as_bytes().as_slice()));
        let mut tx = doc.transaction();
        let mut writer = Writer {
            tx: &mut tx,
            content: self.content(),
        };
        for edit in edits {
            writer.write(&self.doc, edit)?;
        }
        let (hash, _) = tx.commit_with(CommitOptions::default().with_time(at.0));
        let Some(hash) = hash else {
            return Ok(None);
        };
        let change = doc.get_change_by_hash(&hash).ok_or(DocError::NotMade)?;
        let change = RawChange::from(&change);
        let facts = preflight(&change.bytes, &Limits::default())?;
        causal(&facts, &self.past).map_err(|it| match it {
            Causal::Refused(refusal) => DocError::Refused(refusal),
            Causal::Missing(_) => DocError::NotMade,
        })?;
        if let (_, Some(fault)) = read(&doc, self.kind, None) {
            return Err(Refusal::Schema(fault).into());
        }
        self.past.insert(&facts);
        self.doc = doc;
        self.proven = None;
        Ok(Some(change))
    }

    /// Lets in changes from outside, all or none, in any order. Those that are here already
    /// are passed over.
    pub fn admit(&mut self, changes: Vec<Checked>) -> Result<(), Refused> {
        let mut past = self.past.clone();
        let changes = in_order(changes, &mut past)?;
        if changes.is_empty() {
            return Ok(());
        }
        let kind = self.kind;
        let before = self.content();
        let check = move |doc: &Automerge| match read(doc, kind, None) {
            (_, Some(fault)) => Err(Refusal::Schema(fault)),
            (after, None) => match keeps(&before, &after) {
                Ok(()) => Ok(after),
                Err(fault) => Err(Refusal::Schema(fault)),
            },
        };
        let applied = guard::apply(&self.doc, &changes, &Limits::default(), check)?;
        self.doc = applied.doc;
        self.past = past;
        self.proven = Some(Arc::new(Proven {
            saved: applied.saved,
            content: applied.read,
        }));
        Ok(())
    }

    /// The document as bytes, for our own store alone.
    pub fn save(&self) -> Vec<u8> {
        match &self.proven {
            Some(proven) => proven.saved.clone(),
            None => self.doc.save(),
        }
    }

    /// What it says now.
    pub fn content(&self) -> Content {
        match &self.proven {
            Some(proven) => proven.content.clone(),
            None => read(&self.doc, self.kind, None).0,
        }
    }

    /// What it said at some heads.
    pub fn at(&self, heads: &[ChangeHash]) -> Result<Content, DocError> {
        if heads.is_empty() || !heads.iter().all(|it| self.contains(it)) {
            return Err(DocError::UnknownHeads);
        }
        let heads: Vec<_> = heads
            .iter()
            .map(|it| automerge::ChangeHash(*it.as_bytes()))
            .collect();
        Ok(read(&self.doc, self.kind, Some(&heads)).0)
    }

    /// All changes but the genesis, each after those it follows.
    pub fn changes(&self) -> Vec<RawChange> {
        let genesis = genesis(self.kind).hash;
        let all = self.doc.get_changes(&[]);
        all.iter()
            .map(RawChange::from)
            .filter(|it| it.hash != genesis)
            .collect()
    }

    /// Whether a change is part of it. The genesis is.
    pub fn contains(&self, change: &ChangeHash) -> bool {
        self.past.contains(change.as_bytes())
    }

    /// The last number that an actor used; 0 if none.
    pub fn last_seq(&self, actor: &ActorId) -> u64 {
        self.past.last_seq(actor.as_bytes())
    }
}

/// Puts new changes in causal order and adds them to the past.
fn in_order(changes: Vec<Checked>, past: &mut Past) -> Result<Vec<Checked>, Refused> {
    let mut open: VecDeque<_> = changes.into();
    let mut ordered = Vec::with_capacity(open.len());
    let mut waited = 0;
    while let Some(change) = open.pop_front() {
        if past.contains(&change.facts().hash) {
            continue;
        }
        match causal(change.facts(), past) {
            Ok(()) => {
                past.insert(change.facts());
                ordered.push(change);
                waited = 0;
            }
            Err(Causal::Refused(refusal)) => return Err(refusal.into()),
            Err(Causal::Missing(_)) => {
                open.push_back(change);
                waited += 1;
                if waited == open.len() {
                    return Err(missing(&open, past));
                }
            }
        }
    }
    Ok(ordered)
}

/// What is neither in the past nor among the waiting changes.
fn missing(open: &VecDeque<Checked>, past: &Past) -> Refused {
    let waiting: std::collections::BTreeSet<_> = open.iter().map(|it| it.facts().hash).collect();
    let deps: std::collections::BTreeSet<_> = open
        .iter()
        .flat_map(|it| it.facts().deps.iter().copied())
        .collect();
    let missing = deps
        .into_iter()
        .filter(|it| !past.contains(it) && !waiting.contains(it));
    Refused::Missing(missing.map(ChangeHash::from_bytes).collect())
}

/// Photos and addenda are evidence: they may be added, never taken away or rewritten.
fn keeps(before: &Content, after: &Content) -> Result<(), &'static str> {
    let photo_kept = before.photos.iter().all(|(id, photo)| {
        after
            .photos
            .get(id)
            .is_some_and(|it| it.sha256 == photo.sha256)
    });
    if !photo_kept {
        return Err("photo_removed");
    }
    if !before.addenda.iter().all(|it| after.addenda.contains(it)) {
        return Err("addendum_changed");
    }
    Ok(())
}
