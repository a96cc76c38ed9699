//! What was erased is gone, the chains hold, and nothing brings it back.

use std::fs;

use shared::doc::{Edit, PhotoMeta};
use shared::hash::BlobHash;
use shared::ids::{PhotoId, RecordId, Seq};
use shared::time::UnixMs;
use shared::wire::{ErrorCode, Mail, UploadState, Verdict, VerdictCode, WireError};

use super::kit::{Rec, Vault, World, accepted, config};
use crate::service::{Server, ServerError};

const CANARY: &str = "canary of the grounds that nobody may read";

/// An officer with two submitted records, and the sergeant who holds them.
fn world() -> (World, Vault, Vault, [Rec; 2]) {
    let world = World::new();
    let (mut vault, mut sergeant) = (world.vault("4417"), world.vault("12"));
    let mut records = [Rec::new(1), Rec::new(2)];
    vault.change(&mut records[0], CANARY);
    vault.submit(&records[0]);
    vault.change(&mut records[1], "what stays");
    vault.submit(&records[1]);
    vault.push(&world.server).unwrap();
    world.judge();
    sergeant.pull(&world.server);
    vault.pull(&world.server);
    (world, vault, sergeant, records)
}

fn found_on_disk(world: &World, words: &str) -> bool {
    ["beatbook.db", "beatbook.db-wal"].iter().any(|file| {
        let bytes = fs::read(world.dir.path().join(file)).unwrap_or_default();
        bytes.windows(words.len()).any(|it| it == words.as_bytes())
    })
}

fn evicted(mail: &[Mail]) -> Vec<RecordId> {
    let evicted = mail.iter().filter_map(|mail| match mail {
        Mail::Evict(record) => Some(*record),
        _ => None,
    });
    evicted.collect()
}

#[test]
fn what_was_erased_is_nowhere_and_every_chain_still_holds() {
    let (world, mut vault, mut sergeant, records) = world();
    assert!(
        found_on_disk(&world, CANARY),
        "the search finds what is there"
    );
    let erased = world
        .server
        .erase(records[0].id, "asked for", "12")
        .unwrap();
    assert_eq!((erased.entries, erased.vaults), (2, 2));
    assert!(!found_on_disk(&world, CANARY));
    assert!(found_on_disk(&world, "what stays"));
    assert_eq!(world.server.heads(records[0].id).unwrap(), None);
    assert!(world.server.heads(records[1].id).unwrap().is_some());
    let report = world.server.verify_logs().unwrap();
    assert_eq!((report.broken, report.erased), (0, 2));
    assert_eq!(world.server.verify_audit().unwrap().broken_at, None);
    super::digests::hold(&world);
    for vault in [&mut vault, &mut sergeant] {
        assert_eq!(evicted(&vault.pull(&world.server).mail), [records[0].id]);
    }
    // A vault that comes later is given the other one alone.
    let mut later = world.vault("12");
    let news = later.pull(&world.server);
    let given: Vec<_> = news.backfilled.iter().map(|it| it.record).collect();
    assert_eq!(given, [records[1].id]);
}

#[test]
fn what_is_offered_again_is_rejected_and_not_even_kept() {
    let (world, mut vault, _, mut records) = world();
    vault.change(&mut records[0], "canary of a later edit");
    world
        .server
        .erase(records[0].id, "asked for", "12")
        .unwrap();
    vault.push(&world.server).unwrap();
    world.judge();
    let rejected = Verdict::Rejected(VerdictCode::Erased);
    assert_eq!(vault.verdicts(&world.server), [(Seq(4), rejected)]);
    assert!(!found_on_disk(&world, "canary of a later edit"));
    vault.change(&mut records[1], "goes on");
    vault.push(&world.server).unwrap();
    world.judge();
    assert_eq!(accepted(&vault.verdicts(&world.server)), [5]);
    assert_eq!(world.server.verify_logs().unwrap().broken, 0);
}

#[test]
fn entries_that_wait_are_settled_by_it() {
    let (world, mut vault, _, mut records) = world();
    vault.change(&mut records[0], "not judged yet");
    vault.push(&world.server).unwrap();
    world
        .server
        .erase(records[0].id, "asked for", "12")
        .unwrap();
    assert_eq!(world.judge(), 0);
    let rejected = Verdict::Rejected(VerdictCode::Erased);
    assert_eq!(vault.verdicts(&world.server), [(Seq(4), rejected)]);
}

#[test]
fn a_process_that_ends_in_between_leaves_the_rest_to_the_next() {
    let (world, mut vault, _, records) = world();
    let ledger = crate::service::ledger::Ledger::open(&world.dir.path().join("ledger")).unwrap();
    let at = world.env.now();
    ledger.append(records[0].id, "asked for", "12", at).unwrap();
    let world = world.restart();
    assert_eq!(world.server.heads(records[0].id).unwrap(), None);
    assert!(!found_on_disk(&world, CANARY));
    assert_eq!(evicted(&vault.pull(&world.server).mail), [records[0].id]);
    // And a ledger that was lost is written again from the database.
    fs::remove_dir_all(world.dir.path().join("ledger")).unwrap();
    let world = world.restart();
    assert_eq!(world.server.erasures().unwrap().len(), 1);
    let again = world
        .server
        .erase(records[0].id, "asked for", "12")
        .unwrap();
    assert_eq!((again.line.number, again.entries), (1, 0));
}

#[test]
fn after_a_restore_every_vault_is_told_since_any_may_have_had_a_copy() {
    let (world, _, _, records) = world();
    world.vault("5102");
    let World {
        dir, env, server, ..
    } = world;
    drop(server);
    crate::service::begin_epoch(&config(&dir), &env).unwrap();
    let server = Server::open(config(&dir), env).unwrap();
    let erased = server.erase(records[0].id, "asked for", "12").unwrap();
    assert_eq!(erased.vaults, 3);
}

#[test]
fn a_ledger_that_was_tampered_with_serves_nothing() {
    let (world, _, _, records) = world();
    world
        .server
        .erase(records[0].id, "asked for", "12")
        .unwrap();
    let path = world.dir.path().join("ledger/erasures.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("asked for", "mistaken")).unwrap();
    let World {
        dir, env, server, ..
    } = world;
    drop(server);
    let opened = Server::open(config(&dir), env);
    assert!(matches!(opened.err(), Some(ServerError::Invalid(_))));
}

#[test]
fn odd_requests_are_refused_and_erase_nothing() {
    let (world, _, _, records) = world();
    let unknown = RecordId::from_bytes([9; 16]);
    let missing = world.server.erase(unknown, "asked for", "12");
    assert!(matches!(missing, Err(ServerError::Missing)));
    for (reason, by) in [("", "12"), ("x", " "), ("two\nlines", "12")] {
        assert!(world.server.erase(records[0].id, reason, by).is_err());
    }
    assert!(world.server.erasures().unwrap().is_empty());
    assert!(found_on_disk(&world, CANARY));
}

fn name(vault: &mut Vault, record: &mut Rec, photos: &[&[u8]]) {
    for (n, bytes) in photos.iter().enumerate() {
        let photo = PhotoMeta {
            sha256: BlobHash::of(bytes),
            bytes: bytes.len() as u64,
            mime: "image/jpeg".to_owned(),
            caption: None,
            taken_at: UnixMs(1_790_000_000_000),
            width: 64,
            height: 32,
        };
        let id = PhotoId::from_bytes([n as u8; 16]);
        vault.edit(record, &[Edit::AddPhoto { id, photo }]);
    }
    vault.submit(record);
}

#[test]
fn photos_go_with_it_unless_another_record_names_them() {
    let world = World::new();
    let mut vault = world.vault("4417");
    let (alone, both) = (b"alone".as_slice(), b"both".as_slice());
    let mut records = [Rec::new(1), Rec::new(2)];
    name(&mut vault, &mut records[0], &[alone, both]);
    name(&mut vault, &mut records[1], &[both]);
    vault.push(&world.server).unwrap();
    world.judge();
    for bytes in [alone, both] {
        let blob = BlobHash::of(bytes);
        let record = records[0].id;
        let begun = world
            .server
            .upload_begin(&vault.credential, record, blob, bytes.len() as u64);
        assert_eq!(begun, Ok(UploadState::At(0)));
        world
            .server
            .upload_append(&vault.credential, blob, 0, bytes)
            .unwrap();
    }
    world
        .server
        .erase(records[0].id, "asked for", "12")
        .unwrap();
    let blob = BlobHash::of(alone);
    let photo = world.server.photo(&vault.credential, blob);
    let gone = WireError::refused(ErrorCode::NotFound);
    assert_eq!(photo.err(), Some(gone));
    let text = blob.to_string();
    let path = world.dir.path().join("blobs").join(&text[..2]).join(&text);
    assert!(!path.exists());
    let photo = world.server.photo(&vault.credential, BlobHash::of(both));
    assert_eq!(photo.unwrap().bytes, both);
    // Its bytes cannot be brought again either.
    let record = records[0].id;
    let again = world
        .server
        .upload_begin(&vault.credential, record, blob, 5);
    assert!(again.is_err());
}
