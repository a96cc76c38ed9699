//! A server with a few people, and vaults that write signed logs by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use shared::doc::{Edit, RecordDoc};
use shared::guard::{Checked, Limits};
use shared::hash::{ChangeHash, HeaderHash, PayloadHash, sha256};
use shared::ids::{
    AcceptPos, ActorId, BootId, DeviceId, EntryId, LogId, MailSeq, OfficerId, PolicySeq, RecordId,
    ReferenceSeq, Seq,
};
use shared::log::{Algorithm, Descriptor, Entry, EntryKind, Header, Purpose, Segment, sign};
use shared::policy::Role;
use shared::record::{Kind, field};
use shared::statement::{Bound, PhotoRef, Review, ReviewVerdict, Statement, VideoViewed};
use shared::time::UnixMs;
use shared::wire::{
    Checkpoint, Credential, Cursors, EnrolRequest, ExchangeRequest, ExchangeResponse, FeedItem,
    Mail, SignInRequest, VERSION_MAX, Verdict, Waiting, WireError,
};

use crate::env::{Clock, Env, Random};
use crate::service::{Config, NewPerson, Server};

pub(super) const PASSWORD: &str = "right password";

pub(super) struct TestClock(pub(super) AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> UnixMs {
        UnixMs(self.0.load(Ordering::Relaxed))
    }
}

struct TestRandom(AtomicU64);

impl Random for TestRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let n = self.0.fetch_add(1, Ordering::Relaxed);
            let block = sha256(&[&n.to_be_bytes()]);
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

pub(super) struct World {
    pub(super) dir: tempfile::TempDir,
    pub(super) env: Env,
    pub(super) clock: Arc<TestClock>,
    pub(super) server: Server,
}

impl World {
    /// PC 4417 and PC 5102 of team A with Sgt 12; PC 6001 of team B with Sgt 34; control room.
    pub(super) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(1_790_000_000_000)));
        let random = Arc::new(TestRandom(AtomicU64::new(0)));
        let env = Env {
            clock: clock.clone(),
            random,
        };
        let server = Server::open(config(&dir), env.clone()).unwrap();
        let person = |collar: &str, role, team: &str| NewPerson {
            collar: collar.to_owned(),
            title: "PC".to_owned(),
            name: format!("N{collar}"),
            role,
            team: team.to_owned(),
            station: "Steelhouse Lane".to_owned(),
            password: PASSWORD.to_owned(),
        };
        let people = [
            person("4417", Role::Officer, "A"),
            person("5102", Role::Officer, "A"),
            person("12", Role::Supervisor, "A"),
            person("6001", Role::Officer, "B"),
            person("34", Role::Supervisor, "B"),
            person("900", Role::ControlRoom, "C"),
        ];
        server.add_people(&people).unwrap();
        Self {
            dir,
            env,
            clock,
            server,
        }
    }

    /// The process ends and another one opens the same data.
    pub(super) fn restart(self) -> Self {
        let Self {
            dir,
            env,
            clock,
            server,
        } = self;
        drop(server);
        let server = Server::open(config(&dir), env.clone()).unwrap();
        Self {
            dir,
            env,
            clock,
            server,
        }
    }

    pub(super) fn pass(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::Relaxed);
    }

    pub(super) fn enrol(&self) -> (DeviceId, Credential) {
        let code = self.server.new_enrolment("phone").unwrap().code;
        let request = EnrolRequest {
            code,
            form_factor: "phone".to_owned(),
        };
        let answer = self.server.enrol(request).unwrap();
        (
            answer.device,
            Credential {
                device: answer.credential,
                session: None,
            },
        )
    }

    /// A vault of the officer on a device of its own.
    pub(super) fn vault(&self, collar: &str) -> Vault {
        let (device, credential) = self.enrol();
        self.vault_on(device, credential, collar)
    }

    pub(super) fn vault_on(
        &self,
        device: DeviceId,
        mut credential: Credential,
        collar: &str,
    ) -> Vault {
        let seed: [u8; 32] = self.env.bytes();
        let key = Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
        let log = LogId::from_bytes(self.env.bytes());
        let public = hex::encode(key.public_key().as_ref());
        let request = sign_in(collar, log, Some(public));
        let answer = self.server.sign_in(&credential, request).unwrap();
        credential.session = Some(answer.session);
        let start = Descriptor {
            version: Descriptor::VERSION,
            log,
            algorithm: Algorithm::EdDsa,
            key: key.public_key().as_ref().to_vec(),
            officer: answer.officer,
            device,
            parent: None,
        };
        Vault {
            device,
            credential,
            log,
            seed,
            key,
            officer: answer.officer,
            policy: answer.policy,
            hashes: vec![start.hash()],
            entries: Vec::new(),
            received: None,
            cursors: Cursors::default(),
            budget: 1 << 20,
            at: self.env.now(),
            nonce: 0,
        }
    }

    /// Judges everything that waits; gives how many entries.
    pub(super) fn judge(&self) -> usize {
        (0..)
            .take_while(|_| self.server.judge_next().unwrap())
            .count()
    }
}

pub(super) fn sign_in(collar: &str, log: LogId, key: Option<String>) -> SignInRequest {
    SignInRequest {
        collar: collar.to_owned(),
        password: PASSWORD.to_owned(),
        key,
        log,
    }
}

pub(super) fn config(dir: &tempfile::TempDir) -> Config {
    Config {
        password_kib: 64,
        escrow: Some("age1test".to_owned()),
        ..Config::new(dir.path())
    }
}

/// A vault: everything it wrote, and how far it has come.
pub(super) struct Vault {
    pub(super) device: DeviceId,
    pub(super) credential: Credential,
    pub(super) log: LogId,
    seed: [u8; 32],
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
    nonce: u8,
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
            schema: 1,
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
        let change = record
            .doc
            .edit(record.actor, self.at, edits)
            .unwrap()
            .unwrap();
        let mut header = self.header(EntryKind::Change, Some(record.id));
        header.deps.clone_from(&change.deps);
        header.deps.sort();
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
            assert_eq!(item.seq, cursors.mailbox.next());
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

/// A record as its author's device has it.
pub(super) struct Rec {
    pub(super) id: RecordId,
    pub(super) doc: RecordDoc,
    pub(super) actor: ActorId,
}

impl Rec {
    pub(super) fn new(n: u8) -> Self {
        let doc = RecordDoc::new(Kind::StopSearch);
        Self {
            id: RecordId::from_bytes([n; 16]),
            doc,
            actor: ActorId::from_bytes([n; 16]),
        }
    }

    /// The same record on another device, which has these changes.
    pub(super) fn copy(&self, actor: u8) -> Self {
        let changes = self.doc.changes().into_iter();
        let changes = changes.map(|it| Checked::parse(it.bytes, &Limits::default()).unwrap());
        let doc = RecordDoc::from_changes(self.doc.kind(), changes.collect::<Vec<_>>()).unwrap();
        Self {
            id: self.id,
            doc,
            actor: ActorId::from_bytes([actor; 16]),
        }
    }

    pub(super) fn bound(&self) -> Bound {
        let photos = self.doc.content().photos;
        let mut photos: Vec<PhotoRef> = photos
            .into_iter()
            .map(|(id, photo)| PhotoRef {
                id,
                blob: photo.sha256,
            })
            .collect();
        photos.sort();
        Bound {
            heads: self.doc.heads(),
            photos,
            schema: 1,
        }
    }
}

pub(super) fn accepted(verdicts: &[(Seq, Verdict)]) -> Vec<u64> {
    let accepted = verdicts
        .iter()
        .filter(|(_, v)| matches!(v, Verdict::Accepted(_)));
    accepted.map(|(seq, _)| seq.0).collect()
}

/// The positions of the feed's items.
pub(super) fn positions(items: &[FeedItem]) -> Vec<AcceptPos> {
    items.iter().map(|item| item.position).collect()
}
