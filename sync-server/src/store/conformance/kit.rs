//! Stores with people, a vault and entries, written without signatures: the store does not
//! look at those.

use shared::hash::{BlobHash, ChangeHash, HeaderHash, PayloadHash, sha256};
use shared::ids::{
    ActorId, BootId, DeviceId, EntryId, LogId, OfficerId, PhotoId, PolicySeq, RecordId, Seq, TeamId,
};
use shared::log::{Algorithm, Descriptor, Entry, EntryKind, Header, Verified};
use shared::policy::Role;
use shared::record::Kind;
use shared::time::UnixMs;
use shared::wire::{Cursors, Waiting};

use super::script::rule;
use crate::store::*;

pub(super) const NOW: UnixMs = UnixMs(1_790_000_000_000);
pub(super) const OFFICER: OfficerId = OfficerId::from_bytes([1; 16]);
pub(super) const SERGEANT: OfficerId = OfficerId::from_bytes([2; 16]);
pub(super) const TEAM: TeamId = TeamId::from_bytes([1; 16]);
pub(super) const DEVICE: DeviceId = DeviceId::from_bytes([1; 16]);
pub(super) const SERGEANTS_DEVICE: DeviceId = DeviceId::from_bytes([2; 16]);
pub(super) const LOG: LogId = LogId::from_bytes([1; 16]);
pub(super) const SERGEANTS_LOG: LogId = LogId::from_bytes([2; 16]);
pub(super) const RECORD: RecordId = RecordId::from_bytes([1; 16]);

pub(super) fn person(id: OfficerId, collar: &str, role: Role) -> PersonEntry {
    PersonEntry {
        id,
        collar: collar.to_owned(),
        title: "PC".to_owned(),
        name: "Patel".to_owned(),
        role,
        new_team: TEAM,
        team: "Response".to_owned(),
        station: "Steelhouse Lane".to_owned(),
        password: "hash".to_owned(),
    }
}

pub(super) fn device(store: &dyn Store, id: DeviceId) {
    let code = sha256(&[id.as_bytes()]);
    let offered = NewCode {
        code,
        name: "phone".to_owned(),
        expires: NOW.plus(1),
    };
    store.add_code(&offered, NOW).unwrap();
    let device = NewDevice {
        code,
        id,
        credential: code,
        form_factor: "phone".to_owned(),
    };
    assert!(store.enrol(&device, NOW).unwrap().is_some());
}

pub(super) fn session(officer: OfficerId, device: DeviceId, log: LogId) -> NewSession {
    let open = Descriptor {
        version: 1,
        log,
        algorithm: Algorithm::EdDsa,
        key: vec![7; 32],
        officer,
        device,
        parent: None,
    };
    NewSession {
        token: sha256(&[log.as_bytes()]),
        officer,
        expires: NOW.plus(1_000_000),
        vault: Some(NewVault {
            device,
            log,
            open: Some(open),
        }),
    }
}

/// An officer and a sergeant of one team, each with a vault.
pub(super) fn peopled(store: &dyn Store) {
    let people = [
        person(OFFICER, "4417", Role::Officer),
        person(SERGEANT, "12", Role::Supervisor),
    ];
    assert_eq!(
        store.add_people(&people, NOW).unwrap(),
        Added::At(PolicySeq(1))
    );
    for (id, officer, log) in [
        (DEVICE, OFFICER, LOG),
        (SERGEANTS_DEVICE, SERGEANT, SERGEANTS_LOG),
    ] {
        device(store, id);
        let opened = store.open_session(&session(officer, id, log), NOW).unwrap();
        assert_eq!(opened, Opened::Open);
    }
}

/// An entry about the record, the `n`th of the officer's log.
pub(super) fn incoming(seq: u64, kind: EntryKind, salt: u8) -> Incoming {
    let header = header(seq, kind, salt);
    entry(header, vec![salt; 40])
}

/// The header of an entry about the record, the `n`th of the officer's log.
pub(super) fn header(seq: u64, kind: EntryKind, salt: u8) -> Header {
    Header {
        log: LOG,
        seq: Seq(seq),
        subject: Some(RECORD),
        kind,
        payload: PayloadHash::from_bytes([salt; 32]),
        officer: OFFICER,
        deps: Vec::new(),
        seen: Vec::new(),
        supersedes: Vec::new(),
        policy: PolicySeq(1),
        schema: 1,
        wall: NOW,
        server_time: None,
        elapsed: 0,
        boot: BootId::from_bytes([0; 16]),
    }
}

/// An entry with this header and payload. A change's hash follows from log and sequence, and
/// each log writes in a record with one actor.
pub(super) fn entry(header: Header, payload: Vec<u8>) -> Incoming {
    let bytes = header.to_bytes();
    let hash = HeaderHash::from_bytes(sha256(&[&bytes]));
    let entry = Entry {
        header: bytes,
        salt: [7; 16],
        payload,
    };
    let change = change_of(header.id());
    let actor = [header.log.as_bytes()[0] | 8; 16];
    let change = (header.kind == EntryKind::Change).then_some((change, ActorId::from_bytes(actor)));
    Incoming {
        verified: Verified {
            header,
            hash,
            entry,
        },
        change,
        rejected: None,
        sealed: None,
    }
}

pub(super) fn change_hash(seq: u64) -> ChangeHash {
    change_of(id(seq))
}

/// The hash of the change that stands here.
pub(super) fn change_of(id: EntryId) -> ChangeHash {
    ChangeHash::from_bytes(sha256(&[id.log.as_bytes(), &id.seq.0.to_be_bytes()]))
}

pub(super) fn push(entries: Vec<Incoming>) -> Push {
    Push {
        device: DEVICE,
        log: LOG,
        entries,
        signature: vec![1],
        waiting: Some(Waiting::default()),
    }
}

pub(super) fn changes(range: std::ops::Range<u64>) -> Push {
    push(
        range
            .map(|seq| incoming(seq, EntryKind::Change, 1))
            .collect(),
    )
}

pub(super) fn id(seq: u64) -> EntryId {
    EntryId {
        log: LOG,
        seq: Seq(seq),
    }
}

/// What the sergeant's vault sends.
pub(super) fn sergeants(entries: Vec<Incoming>) -> Push {
    Push {
        device: SERGEANTS_DEVICE,
        log: SERGEANTS_LOG,
        ..push(entries)
    }
}

/// The header of an entry of the sergeant about the record.
pub(super) fn sergeants_header(seq: u64, kind: EntryKind) -> Header {
    Header {
        log: SERGEANTS_LOG,
        officer: SERGEANT,
        ..header(seq, kind, 3)
    }
}

/// A record as a change leaves it, with these photos.
pub(super) fn state(photos: &[(PhotoId, BlobHash)]) -> Outcome {
    Outcome::AcceptChange(Box::new(NewState {
        kind: Kind::Note,
        snapshot: vec![1, 2, 3],
        heads: vec![change_hash(0)],
        projection: "{}".to_owned(),
        photos: photos.to_vec(),
    }))
}

/// Accepts a change and a submission, so that the team sees the record.
pub(super) fn submitted(store: &dyn Store, photos: &[(PhotoId, BlobHash)]) {
    peopled(store);
    accepted(store, photos);
    submission_accepted(store);
}

/// Accepts the first change of the record.
pub(super) fn accepted(store: &dyn Store, photos: &[(PhotoId, BlobHash)]) {
    store.receive(&changes(0..1), NOW).unwrap();
    assert!(rule(store, 0, state(photos)).position.is_some());
}

/// A statement that is accepted.
pub(super) fn said(statement: NewStatement) -> Outcome {
    Outcome::AcceptStatement(Box::new(statement))
}

/// A submission that brings the team in.
pub(super) fn submission() -> Outcome {
    said(NewStatement::Submission {
        team: Some(TEAM),
        operations: Vec::new(),
    })
}

/// Accepts the submission after it.
pub(super) fn submission_accepted(store: &dyn Store) {
    let entry = incoming(1, EntryKind::Submission, 1);
    store.receive(&push(vec![entry]), NOW).unwrap();
    assert!(rule(store, 1, submission()).position.is_some());
}

pub(super) fn news(store: &dyn Store, log: LogId, cursors: Cursors, budget: usize) -> News {
    let device = if log == LOG { DEVICE } else { SERGEANTS_DEVICE };
    let query = NewsQuery {
        log,
        device,
        cursors: Some(cursors),
        received: None,
        budget,
        digests: false,
    };
    store.news(&query).unwrap()
}
