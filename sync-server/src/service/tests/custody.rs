//! What comes another way: from revoked devices, spools, files, and logs that have split.

use shared::hash::BlobHash;
use shared::ids::{DeviceId, EntryId, LogId, Seq};
use shared::log::{Descriptor, Segment, decode_canonical, encode};
use shared::wire::{
    Checkpoint, ErrorCode, SessionState, SignInRequest, UnsentHead, UnsentItem, UploadState,
    Verdict, VerdictCode, WireError,
};

use super::kit::{Rec, Vault, World, accepted, sign_in};
use crate::service::ServerError;
use crate::view::ListedDevice;

fn refused(result: Result<impl Sized, WireError>) -> ErrorCode {
    match result {
        Err(WireError::Refused { code, .. }) => code,
        _ => panic!("not refused"),
    }
}

fn listed(world: &World, device: DeviceId) -> ListedDevice {
    let all = world.server.listed_devices().unwrap();
    let id = device.to_string();
    all.into_iter().find(|it| it.device.id == id).unwrap()
}

/// A vault whose device was revoked after its first entry, and which sent four more.
fn revoked(world: &World) -> (Vault, Rec) {
    let mut vault = world.vault("4417");
    let mut record = Rec::new(1);
    vault.change(&mut record, "before");
    vault.push(&world.server).unwrap();
    world.judge();
    world.server.revoke_device(vault.device).unwrap();
    vault.change(&mut record, "canary of the grounds");
    vault.submit(&record);
    let mut other = Rec::new(2);
    vault.change(&mut other, "another");
    vault.entries[3].payload[0] ^= 1;
    vault.change(&mut record, "last");
    let answer = vault.send(&world.server, vault.segment(1, 5)).unwrap();
    assert_eq!(answer.session, SessionState::Revoked);
    assert!(answer.checkpoint.is_some(), "it is received");
    (vault, record)
}

#[test]
fn what_a_revoked_device_sends_is_sealed_and_never_judged_by_itself() {
    let world = World::new();
    let (mut vault, record) = revoked(&world);
    assert_eq!(world.judge(), 0);
    // Photos are evidence too.
    let mut other = Rec::new(3);
    vault.change(&mut other, "with a photo");
    vault.send(&world.server, vault.segment(5, 6)).unwrap();
    let blob = BlobHash::of(b"photo");
    let begun = world
        .server
        .upload_begin(&vault.credential, other.id, blob, 5);
    assert_eq!(begun, Ok(UploadState::At(0)));
    let world = world.restart();
    assert_eq!(world.judge(), 0);
    let figures = world.server.figures().unwrap();
    assert_eq!((figures.sealed, figures.rejected), (4, 1));
    assert_eq!(listed(&world, vault.device).sealed, 4);
    for file in ["beatbook.db", "beatbook.db-wal"] {
        let bytes = std::fs::read(world.dir.path().join(file)).unwrap();
        let canary = b"canary of the grounds";
        assert!(
            !bytes.windows(canary.len()).any(|it| it == canary),
            "{file}"
        );
    }
    // Another vault of the officer builds on what is sealed: it waits, and is not merged.
    let mut later = world.vault("4417");
    let mut copy = record.copy(9);
    later.change(&mut copy, "built on it");
    later.push(&world.server).unwrap();
    world.judge();
    let waits = Verdict::Parked(VerdictCode::MissingDependency);
    assert_eq!(later.verdicts(&world.server), [(Seq(0), waits)]);
    assert_eq!(world.server.verify_logs().unwrap().broken, 0);
}

#[test]
fn a_person_releases_it_and_it_is_judged_as_any_other() {
    let world = World::new();
    let (vault, record) = revoked(&world);
    let released = world.server.release_device(vault.device, "stolen later");
    assert_eq!(released.unwrap(), 3);
    assert_eq!(world.judge(), 3);
    let figures = world.server.figures().unwrap();
    assert_eq!((figures.sealed, figures.accepted), (0, 4));
    let heads = world.server.heads(record.id).unwrap();
    assert_eq!(heads, Some(record.doc.heads()));
    assert_eq!(
        world.server.release_device(vault.device, "again").unwrap(),
        0
    );
    let unknown = DeviceId::from_bytes([9; 16]);
    let missing = world.server.release_device(unknown, "x");
    assert!(matches!(missing, Err(ServerError::Missing)));
    let (active, _) = world.enrol();
    let wrong = world.server.release_device(active, "x");
    assert!(matches!(wrong, Err(ServerError::Invalid(_))));
}

#[test]
fn a_person_discards_it_and_the_bytes_stay() {
    let world = World::new();
    let (vault, record) = revoked(&world);
    let discarded = world.server.discard_device(vault.device, "sold on");
    assert_eq!(discarded.unwrap(), 3);
    assert_eq!(world.judge(), 0);
    assert_eq!(world.server.figures().unwrap().sealed, 0);
    assert_eq!(world.server.release_device(vault.device, "x").unwrap(), 0);
    let heads = world.server.heads(record.id).unwrap().unwrap();
    assert_ne!(heads, record.doc.heads());
    let db = rusqlite::Connection::open(world.dir.path().join("beatbook.db")).unwrap();
    let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM sealed"), 3);
    assert_eq!(
        count("SELECT count(*) FROM audit WHERE detail LIKE '%reason=sold on'"),
        1
    );
}

/// A segment as a device puts it into its spool.
fn spooled(world: &World, segment: &Segment) -> Vec<u8> {
    let (recipient, _) = world.server.sealing_keys().unwrap();
    let recipient: age::x25519::Recipient = recipient.parse().unwrap();
    age::encrypt(&recipient, &encode(segment)).unwrap()
}

#[test]
fn a_spool_is_received_exactly_as_a_push_with_the_devices_credential_alone() {
    let world = World::new();
    let mut vault = world.vault("4417");
    let mut record = Rec::new(1);
    vault.change(&mut record, "words");
    vault.submit(&record);
    let session = vault.credential.session.take();
    let sealed = spooled(&world, &vault.segment(0, 2));
    for _ in 0..2 {
        let bytes = world
            .server
            .spool(&vault.credential, vault.log, &sealed)
            .unwrap();
        let receipt = Checkpoint::verify(world.server.receipt_key(), &bytes).unwrap();
        assert_eq!((receipt.log, receipt.seq), (vault.log, Seq(1)));
        assert_eq!(receipt.header, vault.hashes[2]);
    }
    assert_eq!(world.server.figures().unwrap().received, 2);
    world.judge();
    // At unlock the device pushes the same again, and more.
    vault.credential.session = session;
    vault.change(&mut record, "more");
    vault.push(&world.server).unwrap();
    world.judge();
    assert_eq!(accepted(&vault.verdicts(&world.server)), [0, 1, 2]);
}

#[test]
fn the_tail_of_a_log_that_has_split_is_evidence_in_however_many_parcels() {
    let world = World::new();
    let mut vault = world.vault("4417");
    let mut record = Rec::new(1);
    vault.change(&mut record, "one");
    vault.push(&world.server).unwrap();
    let mut copy = vault.clone_at(1);
    vault.change(&mut record.copy(7), "two");
    vault.push(&world.server).unwrap();
    copy.change(&mut record, "two, otherwise");
    copy.change(&mut record, "three");
    let send = |first| {
        let sealed = spooled(&world, &copy.segment(first, first + 1));
        refused(world.server.spool(&copy.credential, copy.log, &sealed))
    };
    assert_eq!(send(2), ErrorCode::BadChain, "nothing leads to it yet");
    assert_eq!((send(1), send(2)), (ErrorCode::Fork, ErrorCode::Fork));
    let devices = world.server.listed_devices().unwrap();
    let id = copy.device.to_string();
    let kept = devices.iter().find(|it| it.device.id == id);
    assert_eq!(kept.unwrap().evidence, 2);
}

#[test]
fn a_spool_opens_after_the_keys_were_rotated_and_an_odd_one_never_does() {
    let world = World::new();
    let mut vault = world.vault("4417");
    vault.change(&mut Rec::new(1), "words");
    let sealed = spooled(&world, &vault.segment(0, 1));
    let before = world.server.sealing_keys().unwrap();
    let recipient = world.server.rotate_sealing_key().unwrap();
    assert_ne!(before.0, recipient);
    assert_eq!(world.server.sealing_keys().unwrap(), (recipient, 2));
    assert!(
        vault
            .pull(&world.server)
            .reference
            .contains(&"sealing".to_owned())
    );
    let send = |sealed: &[u8]| world.server.spool(&vault.credential, vault.log, sealed);
    let strange = age::x25519::Identity::generate().to_public();
    let other = age::encrypt(&strange, &encode(&vault.segment(0, 1))).unwrap();
    let junk = spooled(&world, &vault.segment(0, 1));
    let (recipient, _) = world.server.sealing_keys().unwrap();
    let recipient: age::x25519::Recipient = recipient.parse().unwrap();
    let words = age::encrypt(&recipient, b"not a segment").unwrap();
    for bad in [&other[..], &junk[..junk.len() - 1], b"hello", &words] {
        assert_eq!(refused(send(bad)), ErrorCode::BadBody);
    }
    let huge = age::encrypt(&recipient, &vec![0; 5 << 20]).unwrap();
    assert_eq!(refused(send(&huge)), ErrorCode::TooLarge);
    assert!(send(&sealed).is_ok());
    let elsewhere = world.vault("5102");
    let wrong = world
        .server
        .spool(&elsewhere.credential, vault.log, &sealed);
    assert_eq!(refused(wrong), ErrorCode::UnknownLog);
}

#[test]
fn unsent_work_that_was_carried_in_is_received_exactly_as_a_push() {
    let world = World::new();
    let mut vault = world.vault("4417");
    let mut record = Rec::new(1);
    vault.change(&mut record, "one");
    vault.push(&world.server).unwrap();
    vault.change(&mut record, "two");
    vault.submit(&record);
    vault.change(&mut record, "three");
    let (recipient, _) = world.server.sealing_keys().unwrap();
    let recipient: age::x25519::Recipient = recipient.parse().unwrap();
    let head = UnsentHead {
        version: UnsentHead::VERSION,
        device: vault.device,
        officer: vault.officer,
        made: world.env.now(),
    };
    let sealed = spooled(&world, &vault.segment(3, 4));
    let items = [
        UnsentItem::Head(head),
        UnsentItem::Log(vault.descriptor()),
        UnsentItem::Segment(vault.segment(0, 3)),
        UnsentItem::Parcel(sealed.into()),
    ];
    let plain: Vec<u8> = items.iter().flat_map(UnsentItem::to_frame).collect();
    let file = age::encrypt(&recipient, &plain).unwrap();
    let take = |file: &[u8]| world.server.import_unsent(file);
    assert_eq!(take(&file).unwrap().entries, 3);
    assert_eq!(take(&file).unwrap().entries, 0, "once is enough");
    world.judge();
    assert_eq!(accepted(&vault.verdicts(&world.server)), [0, 1, 2, 3]);
    for end in [0, 100, 300, file.len() - 1] {
        assert!(take(&file[..end]).is_err(), "cut at {end}");
    }
    let headless = age::encrypt(&recipient, &plain[4..]).unwrap();
    assert!(take(&headless).is_err());
}

#[test]
fn the_tail_of_a_split_log_is_kept_and_never_judged() {
    let world = World::new();
    let mut vault = world.vault("4417");
    let mut record = Rec::new(1);
    for words in ["a", "b"] {
        vault.change(&mut record, words);
    }
    vault.push(&world.server).unwrap();
    world.judge();
    let mut clone = vault.clone_at(1);
    let mut other = Rec::new(2);
    for words in ["c", "d", "e"] {
        clone.change(&mut other, words);
    }
    let send = |first, end| {
        world
            .server
            .evidence(&clone.credential, clone.segment(first, end))
    };
    assert_eq!(refused(send(3, 4)), ErrorCode::BadChain, "no beginning yet");
    for _ in 0..2 {
        send(1, 3).unwrap();
    }
    send(3, 4).unwrap();
    assert_eq!(world.judge(), 0);
    assert_eq!(listed(&world, vault.device).evidence, 3);
    assert_eq!(world.server.heads(other.id).unwrap(), None);
    // From then on the log goes on nowhere.
    vault.change(&mut record, "f");
    let pushed = vault.send(&world.server, vault.segment(2, 3));
    assert_eq!(refused(pushed), ErrorCode::Fork);
    let stranger = world.vault("5102");
    let wrong = world
        .server
        .evidence(&stranger.credential, clone.segment(1, 2));
    assert_eq!(refused(wrong), ErrorCode::UnknownLog);
    assert_eq!(world.server.verify_logs().unwrap().broken, 0);
}

#[test]
fn what_was_received_is_no_evidence_of_a_split() {
    let world = World::new();
    let mut vault = world.vault("4417");
    let mut record = Rec::new(1);
    vault.change(&mut record, "a");
    vault.push(&world.server).unwrap();
    let segment = vault.segment(0, 1);
    world.server.evidence(&vault.credential, segment).unwrap();
    vault.change(&mut record, "b");
    vault.push(&world.server).unwrap();
}

#[test]
fn a_new_lineage_names_the_one_it_continues_and_ends_it() {
    let world = World::new();
    let mut vault = world.vault("4417");
    let mut record = Rec::new(1);
    vault.change(&mut record, "a");
    vault.push(&world.server).unwrap();
    let log = LogId::from_bytes([9; 16]);
    let parent = EntryId {
        log: vault.log,
        seq: Seq(0),
    };
    let request = SignInRequest {
        parent: Some(parent),
        ..sign_in("4417", log, Some("ab".repeat(32)))
    };
    world.server.sign_in(&vault.credential, request).unwrap();
    let logs = world.server.store.logs().unwrap();
    let new = logs.iter().find(|it| it.id == log).unwrap();
    let descriptor: Descriptor = decode_canonical(&new.descriptor).unwrap();
    assert_eq!(descriptor.parent, Some(parent));
    assert_eq!(descriptor.hash(), new.start);
    // What was not received is said again in the new one: here it would come twice.
    vault.change(&mut record, "b");
    let late = vault.send(&world.server, vault.segment(1, 2));
    assert_eq!(refused(late), ErrorCode::Fork);
    assert_eq!(listed(&world, vault.device).evidence, 1);
    assert_eq!(world.judge(), 1);
}

#[test]
fn evidence_of_a_revoked_device_is_sealed() {
    let world = World::new();
    let mut vault = world.vault("4417");
    let mut record = Rec::new(1);
    vault.change(&mut record, "both have it");
    vault.push(&world.server).unwrap();
    let mut clone = vault.clone_at(1);
    let mut copy = Rec::new(2);
    vault.change(&mut record, "the phone");
    vault.push(&world.server).unwrap();
    clone.change(&mut copy, "canary of the clone");
    clone.change(&mut copy, "canary of the clone, too");
    world.server.revoke_device(vault.device).unwrap();
    let pushed = clone.send(&world.server, clone.segment(1, 2));
    assert_eq!(refused(pushed), ErrorCode::Fork);
    let tail = clone.segment(2, 3);
    world.server.evidence(&clone.credential, tail).unwrap();
    assert_eq!(listed(&world, vault.device).evidence, 2);
    let canary = b"canary of the clone";
    let holds = |bytes: &[u8]| bytes.windows(canary.len()).any(|it| it == canary);
    for file in std::fs::read_dir(world.dir.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            assert!(!holds(&std::fs::read(&path).unwrap()), "{path:?}");
        }
    }
}
