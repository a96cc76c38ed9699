//! A force's devices, each with a few new records that it has not sent. Their logs are made
//! without their databases, of which this machine could not hold thousands; what they send is
//! what a device sends.

use std::path::Path;

use anyhow::{Context as _, Result};
use ring::signature::Ed25519KeyPair;
use shared::doc::Schema;
use shared::hash::{HeaderHash, PayloadHash};
use shared::ids::{
    AcceptPos, ActorId, BootId, DeviceId, Epoch, LogId, MailSeq, OfficerId, RecordId, ReferenceSeq,
    Seq,
};
use shared::log::{Algorithm, Descriptor, Entry, EntryKind, Header, Purpose, Segment, sign};
use shared::policy::Role;
use shared::statement::{Bound, Statement};
use shared::wire::{
    Credential, Cursors, EnrolRequest, ExchangeRequest, SignInRequest, SignInResponse, VERSION_MAX,
    VERSION_MIN, Waiting,
};
use sync_server::service::NewPerson;
use sync_server::{Config, Env, Server};

use crate::Bench;
use crate::site::{AREAS, PASSWORD};

/// New records of each device.
pub(crate) const RECORDS: usize = 5;
/// Memory of a password's hash, in KiB: nobody signs in while it is measured.
const PASSWORD_KIB: u32 = 64;
/// People that are added at once.
const PEOPLE: usize = 1_000;
/// Bytes of news that a device asks for at once.
const BUDGET: u32 = 1 << 20;

/// One device.
pub(crate) struct Member {
    pub(crate) credential: Credential,
    /// All that it has to say.
    pub(crate) request: ExchangeRequest,
    /// The last place of its log.
    pub(crate) last: Seq,
    /// The fields of its records, as JSON.
    pub(crate) lines: Vec<String>,
}

/// All of them.
pub(crate) struct Fleet {
    pub(crate) members: Vec<Member>,
    /// What the server's receipts are verified with.
    pub(crate) receipt_key: Vec<u8>,
}

impl Fleet {
    /// Makes a server in this folder, and devices that have once been in step with it.
    pub(crate) fn make(bench: &Bench, data: &Path, devices: usize) -> Result<Self> {
        let config = Config {
            password_kib: PASSWORD_KIB,
            ..Config::new(data)
        };
        let server = Server::open(config, Env::system())?;
        let all: Vec<_> = (0..devices).collect();
        for some in all.chunks(PEOPLE) {
            let people: Vec<_> = some.iter().map(|number| person(*number)).collect();
            server.add_people(&people)?;
        }
        server.import_areas(AREAS)?;
        let mut made = Self {
            members: Vec::with_capacity(devices),
            receipt_key: Vec::new(),
        };
        let mut reference = ReferenceSeq(0);
        for number in 0..devices {
            if number % PEOPLE == 0 {
                eprintln!("making devices: {number} of {devices}");
            }
            made.join(bench, &server, number, &mut reference)?;
        }
        Ok(made)
    }

    /// Enrols a device, signs its officer in, and fetches what is new for it.
    fn join(
        &mut self,
        bench: &Bench,
        server: &Server,
        number: usize,
        reference: &mut ReferenceSeq,
    ) -> Result<()> {
        let env = Env::system();
        let enrolled = server.enrol(EnrolRequest {
            code: server.new_enrolment("phone")?.code,
            form_factor: "phone".to_owned(),
        })?;
        self.receipt_key = hex::decode(&enrolled.receipt_key)?;
        let mut credential = Credential {
            device: enrolled.credential,
            session: None,
        };
        let seed: [u8; 32] = env.bytes();
        let log = LogId::from_bytes(env.bytes());
        let key = app_core::core::public_key(&seed)?;
        let request = SignInRequest {
            collar: collar(number),
            password: PASSWORD.to_owned(),
            key: Some(hex::encode(key)),
            log,
            parent: None,
        };
        let person = server.sign_in(&credential, request)?;
        credential.session = Some(person.session.clone());
        let mut request = ask(log, *reference);
        let answer = server.exchange(&credential, request.clone())?;
        let newest = answer.reference.iter().map(|item| item.seq).max();
        *reference = newest.unwrap_or(*reference).max(*reference);
        let mail = answer.mail.last().map_or(MailSeq(0), |item| item.seq);
        request.epoch = Some(answer.epoch);
        request.cursors = Cursors {
            records: answer.records,
            mailbox: mail,
            reference: *reference,
            backfills: Vec::new(),
        };
        let mut writing = Writing::begin(log, &key, enrolled.device, person);
        let mut lines = Vec::new();
        for place in 0..RECORDS {
            let number = number * RECORDS + place;
            writing.record(bench, &env, number)?;
            lines.push(serde_json::to_string(&bench.records.fields(number))?);
        }
        let (segment, last) = writing.end(&seed)?;
        request.waiting = Waiting {
            entries: u32::try_from(segment.entries.len())?,
            ..Waiting::default()
        };
        request.push = Some(segment);
        self.members.push(Member {
            credential,
            request,
            last,
            lines,
        });
        Ok(())
    }
}

fn collar(number: usize) -> String {
    format!("{}", 100_000 + number)
}

fn person(number: usize) -> NewPerson {
    NewPerson {
        collar: collar(number),
        title: "PC".to_owned(),
        name: "Sample".to_owned(),
        role: Role::Officer,
        // As many as a team has.
        team: format!("Response {}", number / 12),
        station: "Sample Road".to_owned(),
        password: PASSWORD.to_owned(),
    }
}

/// The request of a device that has nothing, and knows the reference up to here.
fn ask(log: LogId, reference: ReferenceSeq) -> ExchangeRequest {
    ExchangeRequest {
        version: VERSION_MAX,
        oldest: VERSION_MIN,
        log,
        epoch: None::<Epoch>,
        cursors: Cursors {
            records: AcceptPos(0),
            mailbox: MailSeq(0),
            reference,
            backfills: Vec::new(),
        },
        received: None,
        push: None,
        waiting: Waiting::default(),
        budget: BUDGET,
        digests: None,
    }
}

/// A log that is being written.
struct Writing {
    log: LogId,
    person: SignInResponse,
    head: HeaderHash,
    next: Seq,
    entries: Vec<Entry>,
}

impl Writing {
    fn begin(log: LogId, key: &[u8; 32], device: DeviceId, person: SignInResponse) -> Self {
        let officer: OfficerId = person.officer;
        let descriptor = Descriptor {
            version: Descriptor::VERSION,
            log,
            algorithm: Algorithm::EdDsa,
            key: key.to_vec(),
            officer,
            device,
            parent: None,
        };
        Self {
            log,
            person,
            head: descriptor.hash(),
            next: Seq(0),
            entries: Vec::new(),
        }
    }

    /// A change and its submission.
    fn record(&mut self, bench: &Bench, env: &Env, number: usize) -> Result<()> {
        let record = RecordId::from_bytes(env.bytes());
        let change = bench
            .records
            .change(number, ActorId::from_bytes(env.bytes()))?;
        let submission = Statement::Submission(Bound {
            heads: vec![change.hash],
            photos: Vec::new(),
            schema: Schema::OURS.number(),
        });
        let mut deps = change.deps;
        deps.sort();
        self.entry(env, record, EntryKind::Change, change.bytes, deps);
        let heads = vec![change.hash];
        self.entry(env, record, submission.kind(), submission.to_bytes(), heads);
        Ok(())
    }

    fn entry(
        &mut self,
        env: &Env,
        record: RecordId,
        kind: EntryKind,
        payload: Vec<u8>,
        deps: Vec<shared::hash::ChangeHash>,
    ) {
        let salt = env.bytes();
        let header = Header {
            log: self.log,
            seq: self.next,
            subject: Some(record),
            kind,
            payload: PayloadHash::of(&salt, &payload),
            officer: self.person.officer,
            deps,
            seen: Vec::new(),
            supersedes: Vec::new(),
            policy: self.person.policy,
            schema: Schema::OURS.number(),
            wall: env.now(),
            server_time: Some(env.now()),
            elapsed: 0,
            boot: BootId::from_bytes(env.bytes()),
        };
        let header = header.to_bytes();
        self.head = self.head.next(&header);
        self.next = self.next.next();
        self.entries.push(Entry {
            header,
            salt,
            payload,
        });
    }

    /// Signs it; gives the last place.
    fn end(self, seed: &[u8; 32]) -> Result<(Segment, Seq)> {
        let key = Ed25519KeyPair::from_seed_unchecked(seed);
        let key = key.ok().context("a key that is none")?;
        let last = self.next.0.checked_sub(1).context("an empty log")?;
        let segment = Segment {
            log: self.log,
            first: Seq(0),
            signature: sign(&key, Purpose::LogCommit, self.head.as_bytes()),
            entries: self.entries,
        };
        Ok((segment, Seq(last)))
    }
}
