//! A device with a valid key whose program means harm: it writes its log by hand, and every
//! form of entry that no honest device makes has one verdict that it must get.

mod forms;

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use shared::doc::RecordDoc;
use shared::hash::{ChangeHash, HeaderHash, PayloadHash};
use shared::ids::{ActorId, BootId, DeviceId, LogId, OfficerId, PolicySeq, RecordId, Seq};
use shared::log::{Algorithm, Descriptor, Entry, EntryKind, Header, Purpose, Segment, sign};
use shared::statement::Statement;
use shared::time::UnixMs;
use shared::wire::{
    Credential, Cursors, EnrolRequest, ErrorCode, ExchangeRequest, Mail, SignInRequest,
    VERSION_MAX, VERSION_MIN, Verdict, VerdictCode, Waiting, WireError,
};
use sync_server::service::Server;

use crate::dice::Dice;
use crate::server::{HOSTILE, PASSWORD};

/// What an entry must come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    Accepted,
    Quarantined(VerdictCode),
    Parked(VerdictCode),
    Rejected(VerdictCode),
}

/// The device, and what it wrote.
pub(crate) struct Hostile {
    dice: Dice,
    credential: Credential,
    log: LogId,
    key: Ed25519KeyPair,
    officer: OfficerId,
    policy: PolicySeq,
    head: HeaderHash,
    next: Seq,
    own: Option<Own>,
    cursors: Cursors,
    due: Vec<(Seq, &'static str, Due)>,
    told: Vec<(Seq, Verdict)>,
    /// What the server did with what it must refuse as a whole.
    pub(crate) let_through: Vec<String>,
}

/// A record of its own, which is honest.
struct Own {
    id: RecordId,
    doc: RecordDoc,
    actor: ActorId,
    change: Vec<u8>,
    deps: Vec<ChangeHash>,
}

impl Hostile {
    /// Enrols it as any device is.
    pub(crate) fn enrol(server: &Server, dice: Dice) -> Result<Self, String> {
        let code = server.new_enrolment("hostile").map_err(text)?.code;
        let form_factor = "phone".to_owned();
        let enrolled = server.enrol(EnrolRequest { code, form_factor });
        let enrolled = enrolled.map_err(text)?;
        let (mut seed, mut log) = ([0; 32], [0; 16]);
        dice.fill(&mut seed);
        dice.fill(&mut log);
        let key = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(text)?;
        let log = LogId::from_bytes(log);
        let mut credential = Credential {
            device: enrolled.credential,
            session: None,
        };
        let request = SignInRequest {
            collar: HOSTILE.to_owned(),
            password: PASSWORD.to_owned(),
            key: Some(hex::encode(key.public_key().as_ref())),
            log,
            parent: None,
        };
        let answer = server.sign_in(&credential, request).map_err(text)?;
        credential.session = Some(answer.session);
        let head = descriptor(log, &key, answer.officer, enrolled.device).hash();
        Ok(Self {
            dice,
            credential,
            log,
            key,
            officer: answer.officer,
            policy: answer.policy,
            head,
            next: Seq(0),
            own: None,
            cursors: Cursors::default(),
            due: Vec::new(),
            told: Vec::new(),
            let_through: Vec::new(),
        })
    }

    fn refused(&mut self, server: &Server, segment: Segment, due: ErrorCode, what: &str) {
        match server.exchange(&self.credential, self.request(Some(segment))) {
            Err(WireError::Refused { code, .. }) if code == due => {}
            Err(WireError::Refused {
                code: ErrorCode::Busy | ErrorCode::Internal,
                ..
            }) => {}
            other => self.let_through.push(format!("{what}: {other:?}")),
        }
    }

    fn send(
        &mut self,
        server: &Server,
        header: Header,
        payload: Vec<u8>,
        what: &'static str,
        due: Due,
    ) -> bool {
        let entry = seal(header, payload, self.random());
        self.push(server, entry, what, due)
    }

    /// Pushes one entry; true once the server has it.
    fn push(&mut self, server: &Server, entry: Entry, what: &'static str, due: Due) -> bool {
        let after = self.head.next(&entry.header);
        let segment = self.segment(entry);
        if server
            .exchange(&self.credential, self.request(Some(segment)))
            .is_err()
        {
            return false;
        }
        self.due.push((self.next, what, due));
        (self.head, self.next) = (after, self.next.next());
        true
    }

    fn segment(&self, entry: Entry) -> Segment {
        let head = self.head.next(&entry.header);
        Segment {
            log: self.log,
            first: self.next,
            signature: sign(&self.key, Purpose::LogCommit, head.as_bytes()),
            entries: vec![entry],
        }
    }

    fn request(&self, push: Option<Segment>) -> ExchangeRequest {
        ExchangeRequest {
            version: VERSION_MAX,
            oldest: VERSION_MIN,
            log: self.log,
            epoch: None,
            cursors: self.cursors.clone(),
            received: None,
            push,
            waiting: Waiting::default(),
            budget: 1 << 20,
            digests: None,
        }
    }

    fn header(&self, kind: EntryKind, subject: Option<RecordId>) -> Header {
        Header {
            log: self.log,
            seq: self.next,
            subject,
            kind,
            payload: PayloadHash::from_bytes([0; 32]),
            officer: self.officer,
            deps: Vec::new(),
            seen: Vec::new(),
            supersedes: Vec::new(),
            policy: self.policy,
            schema: 1,
            wall: UnixMs(0),
            server_time: None,
            elapsed: 0,
            boot: BootId::from_bytes([1; 16]),
        }
    }

    fn about(&self, own: &Own, statement: &Statement) -> Header {
        let mut header = self.header(statement.kind(), Some(own.id));
        let heads = statement.bound().map(|bound| bound.heads.clone());
        header.deps = heads.unwrap_or_default();
        header
    }

    fn any(&self) -> RecordId {
        RecordId::from_bytes(self.random())
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.dice.fill(&mut bytes);
        bytes
    }

    /// Reads the verdicts that wait for it.
    pub(crate) fn read(&mut self, server: Option<&Server>) {
        let Some(server) = server else { return };
        let Ok(answer) = server.exchange(&self.credential, self.request(None)) else {
            return self.sign_in(server);
        };
        for item in answer.mail {
            self.cursors.mailbox = self.cursors.mailbox.max(item.seq);
            if let Mail::Verdict(seq, verdict, _) = item.mail {
                self.told.push((seq, verdict));
            }
        }
        self.cursors.records = answer.records;
        if answer.session != shared::wire::SessionState::Current {
            self.sign_in(server);
        }
    }

    /// An older state of the server has come back: what it does not know of was never judged,
    /// and this device, which keeps nothing, begins anew.
    pub(crate) fn forget(&mut self, server: &Server) {
        if let Ok(anew) = Self::enrol(server, self.dice.clone()) {
            *self = anew;
        }
    }

    fn sign_in(&mut self, server: &Server) {
        let request = SignInRequest {
            collar: HOSTILE.to_owned(),
            password: PASSWORD.to_owned(),
            key: None,
            log: self.log,
            parent: None,
        };
        if let Ok(answer) = server.sign_in(&self.credential, request) {
            self.credential.session = Some(answer.session);
        }
    }

    /// What was not judged as it must be, if nobody has ruled on what was held.
    pub(crate) fn misjudged(&self, ruled: bool) -> Option<String> {
        self.due.iter().find_map(|(seq, what, due)| {
            let told = self.told.iter().rev().find(|(of, _)| of == seq);
            let as_due = told.is_some_and(|(_, verdict)| due.is(*verdict, ruled));
            (!as_due).then(|| format!("entry {seq}, {what}: {told:?}, due {due:?}"))
        })
    }
}

impl Due {
    fn is(self, verdict: Verdict, ruled: bool) -> bool {
        match (self, verdict) {
            // A review of one's own change is let in by nobody.
            (Self::Quarantined(due), Verdict::Accepted(_)) if ruled => {
                due != VerdictCode::OwnRecord
            }
            (Self::Quarantined(due), Verdict::Upheld(code) | Verdict::Rejected(code)) if ruled => {
                due == code
            }
            (Self::Accepted, Verdict::Accepted(_)) => true,
            (Self::Quarantined(due), Verdict::Quarantined(code))
            | (Self::Parked(due), Verdict::Parked(code))
            | (Self::Rejected(due), Verdict::Rejected(code)) => due == code,
            _ => false,
        }
    }
}

fn descriptor(
    log: LogId,
    key: &Ed25519KeyPair,
    officer: OfficerId,
    device: DeviceId,
) -> Descriptor {
    Descriptor {
        version: Descriptor::VERSION,
        log,
        algorithm: Algorithm::EdDsa,
        key: key.public_key().as_ref().to_vec(),
        officer,
        device,
        parent: None,
    }
}

fn seal(mut header: Header, payload: Vec<u8>, salt: [u8; 16]) -> Entry {
    header.payload = PayloadHash::of(&salt, &payload);
    Entry {
        header: header.to_bytes(),
        salt,
        payload,
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
