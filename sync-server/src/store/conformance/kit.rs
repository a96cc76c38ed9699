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

/// A change of the record, the `n`th of the officer's log.
pub(super) fn incoming(seq: u64, kind: EntryKind, salt: u8) -> Incoming {
    let header = Header {
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
    };
    let bytes = header.to_bytes();
    let hash = HeaderHash::from_bytes(sha256(&[&bytes]));
    let entry = Entry {
        header: bytes,
        salt: [salt; 16],
        payload: vec![salt; 40],
    };
    let change = change_hash(seq);
    let change = (kind == EntryKind::Change).then_some((change, ActorId::from_bytes([9; 16])));
    Incoming {
        verified: Verified {
            header,
            hash,
            entry,
        },
        change,
        rejected: None,
    }
}

pub(super) fn change_hash(seq: u64) -> ChangeHash {
    ChangeHash::from_bytes(sha256(&[&seq.to_be_bytes()]))
}

pub(super) fn push(entries: Vec<Incoming>) -> Push {
    Push {
        device: DEVICE,
        log: LOG,
        entries,
        signature: vec![1],
        revoked: false,
        waiting: Waiting::default(),
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

pub(super) fn rule(store: &dyn Store, seq: u64, revision: u64, outcome: Outcome) -> Ruled {
    store
        .rule(
            &Ruling {
                id: id(seq),
                revision,
                outcome,
            },
            NOW,
        )
        .unwrap()
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
    let ruled = rule(store, 0, 0, state(photos));
    assert!(matches!(ruled, Ruled::Done(Some(_))));
}

/// Accepts the submission after it.
pub(super) fn submission_accepted(store: &dyn Store) {
    let entry = incoming(1, EntryKind::Submission, 1);
    store.receive(&push(vec![entry]), NOW).unwrap();
    let submission = NewStatement::Submission { team: Some(TEAM) };
    let outcome = Outcome::AcceptStatement(Box::new(submission));
    assert!(matches!(rule(store, 1, 1, outcome), Ruled::Done(Some(_))));
}

pub(super) fn news(store: &dyn Store, log: LogId, cursors: Cursors, budget: usize) -> News {
    let device = if log == LOG { DEVICE } else { SERGEANTS_DEVICE };
    let query = NewsQuery {
        log,
        device,
        cursors: Some(cursors),
        received: None,
        budget,
    };
    store.news(&query).unwrap()
}
