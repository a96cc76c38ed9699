//! A vault that writes a signed log by hand, and takes news as a device does.

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use shared::doc::Edit;
use shared::hash::{ChangeHash, HeaderHash, PayloadHash};
use shared::ids::{
    BootId, DeviceId, EntryId, LogId, MailSeq, OfficerId, PolicySeq, RecordId, ReferenceSeq, Seq,
};
use shared::log::{Algorithm, Descriptor, Entry, EntryKind, Header, Purpose, Segment, sign};
use shared::record::field;
use shared::statement::{Review, ReviewVerdict, Statement, VideoViewed};
use shared::time::UnixMs;
use shared::wire::{
    Checkpoint, Credential, Cursors, ExchangeRequest, ExchangeResponse, FeedItem, Mail,
    VERSION_MAX, Verdict, Waiting, WireError,
};

use super::kit::Rec;
use crate::service::Server;

/// A vault: everything it wrote, and how far it has come.
pub(super) struct Vault {
    pub(super) device: DeviceId,
    pub(super) credential: Credential,
    pub(super) log: LogId,
    pub(super) seed: [u8; 32],
    pub(super) key: Ed25519KeyPair,
    pub(super) officer: OfficerId,
    pub(super) policy: PolicySeq,
    /// The descriptor's hash, then each header's.
    pub(super) hashes: Vec<HeaderHash>,
    pub(super) entries: Vec<Entry>,
    pub(super) received: Option<Seq>,
    pub(super) cursors: Cursors,
    pub(super) budget: u32,
    pub(super) at: UnixMs,
    /// What its app writes.
    pub(super) schema: u32,
    pub(super) nonce: u8,
}

impl Vault {
    pub(super) fn header(&self, kind: EntryKind, subject: Option<RecordId>) -> Header {
        Header {
            log: self.log,
            seq: Seq(self.entries.len() as u64),
            subject,
            kind,
            payload: PayloadHash::from_bytes([0; 32]),
            officer: self.officer,
            deps: Vec::new(),
            seen: Vec::new(),
            supersedes: Vec::new(),
            policy: self.policy,
            schema: self.schema,
            wall: self.at,
            server_time: Some(self.at),
            elapsed: self.entries.len() as u64,
            boot: BootId::from_bytes([1; 16]),
        }
    }

    /// Appends an entry with this header and payload.
    pub(super) fn append(&mut self, mut header: Header, payload: Vec<u8>) -> EntryId {
        self.nonce = self.nonce.wrapping_add(1);
        let salt = [self.nonce; 16];
        header.payload = PayloadHash::of(&salt, &payload);
        let bytes = header.to_bytes();
        self.hashes.push(self.hashes.last().unwrap().next(&bytes));
        self.entries.push(Entry {
            header: bytes,
            salt,
            payload,
        });
        header.id()
    }

    pub(super) fn change(&mut self, record: &mut Rec, value: &str) -> (EntryId, ChangeHash) {
        let edit = Edit::Set {
            key: field::GROUNDS.to_owned(),
            value: value.to_owned().into(),
        };
        self.edit(record, &[edit])
    }

    pub(super) fn edit(&mut self, record: &mut Rec, edits: &[Edit]) -> (EntryId, ChangeHash) {
        self.edit_seen(record, edits, Vec::new())
    }

    /// The same of an author who had seen these statements.
    pub(super) fn edit_seen(
        &mut self,
        record: &mut Rec,
        edits: &[Edit],
        seen: Vec<EntryId>,
    ) -> (EntryId, ChangeHash) {
        let change = record
            .doc
            .edit(record.actor, self.at, edits)
            .unwrap()
            .unwrap();
        let mut header = self.header(EntryKind::Change, Some(record.id));
        header.deps.clone_from(&change.deps);
        header.deps.sort();
        header.seen = seen;
        (self.append(header, change.bytes), change.hash)
    }

    pub(super) fn state(&mut self, record: &Rec, statement: &Statement) -> EntryId {
        self.state_seen(record, statement, Vec::new())
    }

    pub(super) fn state_seen(
        &mut self,
        record: &Rec,
        statement: &Statement,
        seen: Vec<EntryId>,
    ) -> EntryId {
        let mut header = self.header(statement.kind(), Some(record.id));
        header.deps = statement
            .bound()
            .map(|bound| bound.heads.clone())
            .unwrap_or_default();
        header.seen = seen;
        self.append(header, statement.to_bytes())
    }

    pub(super) fn submit(&mut self, record: &Rec) -> EntryId {
        self.state(record, &Statement::Submission(record.bound()))
    }

    pub(super) fn review(&mut self, record: &Rec, verdict: ReviewVerdict) -> EntryId {
        let review = Review {
            bound: record.bound(),
            verdict,
            reasons: Vec::new(),
            text: None,
            photos_missing: 0,
            video_viewed: VideoViewed::No,
        };
        self.state(record, &Statement::Review(review))
    }

    /// The beginning of its log.
    pub(super) fn descriptor(&self) -> Descriptor {
        Descriptor {
            version: Descriptor::VERSION,
            log: self.log,
            algorithm: Algorithm::EdDsa,
            key: self.key.public_key().as_ref().to_vec(),
            officer: self.officer,
            device: self.device,
            parent: None,
        }
    }

    /// A copy of the vault as it was after so many entries.
    pub(super) fn clone_at(&self, entries: usize) -> Self {
        Self {
            device: self.device,
            credential: self.credential.clone(),
            log: self.log,
            seed: self.seed,
            key: Ed25519KeyPair::from_seed_unchecked(&self.seed).unwrap(),
            officer: self.officer,
            policy: self.policy,
            hashes: self.hashes[..=entries].to_vec(),
            entries: self.entries[..entries].to_vec(),
            received: None,
            cursors: self.cursors.clone(),
            budget: self.budget,
            at: self.at,
            schema: self.schema,
            nonce: self.nonce.wrapping_add(100),
        }
    }

    pub(super) fn segment(&self, first: usize, end: usize) -> Segment {
        Segment {
            log: self.log,
            first: Seq(first as u64),
            entries: self.entries[first..end].to_vec(),
            signature: sign(&self.key, Purpose::LogCommit, self.hashes[end].as_bytes()),
        }
    }

    pub(super) fn request(&self, push: Option<Segment>) -> ExchangeRequest {
        ExchangeRequest {
            version: VERSION_MAX,
            oldest: 1,
            log: self.log,
            epoch: None,
            cursors: self.cursors.clone(),
            received: self.received,
            push,
            waiting: Waiting::default(),
            budget: self.budget,
            digests: None,
        }
    }

    pub(super) fn send(
        &self,
        server: &Server,
        segment: Segment,
    ) -> Result<ExchangeResponse, WireError> {
        server.exchange(&self.credential, self.request(Some(segment)))
    }

    /// Pushes what was not received, and notes the receipt.
    pub(super) fn push(&mut self, server: &Server) -> Result<(), WireError> {
        let first = self.received.map_or(0, |seq| seq.0 as usize + 1);
        let answer = self.send(server, self.segment(first, self.entries.len()))?;
        let bytes = answer.checkpoint.unwrap();
        let receipt = Checkpoint::verify(server.receipt_key(), &bytes).unwrap();
        assert_eq!(receipt.seq.0 as usize + 1, self.entries.len());
        assert_eq!(receipt.header, *self.hashes.last().unwrap());
        self.received = Some(receipt.seq);
        Ok(())
    }

    /// Asks for news until there is no more; gives everything that came.
    pub(super) fn pull(&mut self, server: &Server) -> News {
        let mut news = News::default();
        loop {
            let answer = server
                .exchange(&self.credential, self.request(None))
                .unwrap();
            news.pages += 1;
            news.take(&mut self.cursors, answer.clone());
            if !answer.more && self.cursors.backfills.is_empty() {
                return news;
            }
            assert!(news.pages < 10_000, "news without end");
        }
    }

    pub(super) fn verdicts(&mut self, server: &Server) -> Vec<(Seq, Verdict)> {
        self.pull(server).verdicts()
    }
}

#[derive(Default)]
pub(super) struct News {
    pub(super) pages: usize,
    pub(super) feed: Vec<FeedItem>,
    pub(super) backfilled: Vec<FeedItem>,
    pub(super) mail: Vec<Mail>,
    pub(super) reference: Vec<String>,
}

impl News {
    /// As a device does it: data and cursors together, and a backfill for each new grant.
    fn take(&mut self, cursors: &mut Cursors, answer: ExchangeResponse) {
        assert_eq!(answer.answers, *cursors);
        assert!(answer.records >= cursors.records);
        cursors.records = answer.records;
        self.feed.extend(answer.feed);
        for page in answer.backfills {
            self.backfilled.extend(page.items);
            cursors
                .backfills
                .retain(|cursor| cursor.scope != page.scope);
            if let Some(below) = page.below {
                let scope = page.scope;
                cursors
                    .backfills
                    .push(shared::wire::BackfillCursor { scope, below });
            }
        }
        for item in answer.mail {
            // One after the other, but for the leap that a restore makes.
            let next = cursors.mailbox.next();
            assert!(
                item.seq == next || item.seq.0 > next.0 + (1 << 19),
                "{item:?}"
            );
            cursors.mailbox = MailSeq(item.seq.0);
            if let Mail::Granted(scope, below) = item.mail {
                cursors
                    .backfills
                    .push(shared::wire::BackfillCursor { scope, below });
            }
            self.mail.push(item.mail);
        }
        for item in answer.reference {
            cursors.reference = ReferenceSeq(item.seq.0.max(cursors.reference.0));
            self.reference.push(item.name);
        }
    }

    pub(super) fn verdicts(&self) -> Vec<(Seq, Verdict)> {
        let verdicts = self.mail.iter().filter_map(|mail| match mail {
            Mail::Verdict(seq, verdict, _) => Some((*seq, *verdict)),
            _ => None,
        });
        verdicts.collect()
    }
}
