//! A server with a few people, and vaults that write signed logs by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use shared::doc::{RecordDoc, Schema};
use shared::guard::{Checked, Limits};
use shared::hash::sha256;
use shared::ids::{AcceptPos, ActorId, DeviceId, LogId, RecordId, Seq};
use shared::log::{Algorithm, Descriptor};
use shared::policy::Role;
use shared::record::Kind;
use shared::statement::{Bound, PhotoRef};
use shared::time::UnixMs;
use shared::wire::{Credential, Cursors, EnrolRequest, FeedItem, SignInRequest, Verdict};

pub(super) use super::vault::{News, Vault};
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
        self.restart_knowing(Schema::OURS)
    }

    /// The same, and it knows this schema.
    pub(super) fn restart_knowing(self, schema: Schema) -> Self {
        let Self {
            dir,
            env,
            clock,
            server,
        } = self;
        drop(server);
        let config = Config {
            schema,
            ..config(&dir)
        };
        let server = Server::open(config, env.clone()).unwrap();
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
            schema: 1,
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
        parent: None,
    }
}

pub(super) fn config(dir: &tempfile::TempDir) -> Config {
    Config {
        password_kib: 64,
        escrow: Some("age1test".to_owned()),
        ..Config::new(dir.path())
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
