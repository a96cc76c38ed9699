//! Backups: what they cover, and which are not restored.

use std::fs;

use shared::hash::BlobHash;
use shared::ids::ReceivePos;

use super::kit::{Rec, Vault, World, config};
use super::story::{Story, joins, place, restored, story};
use crate::service::{
    BackupPlace, Config, Restore, RestoreError, Server, ServerError, restore, verify_backup,
};

#[test]
fn what_is_backed_up_is_covered_and_every_answer_says_so() {
    let Story {
        world,
        backups,
        mut vault,
        mut record,
        ..
    } = story();
    let horizon = |vault: &Vault| {
        let answer = world
            .server
            .exchange(&vault.credential, vault.request(None));
        answer.unwrap().horizon
    };
    assert_eq!(horizon(&vault), ReceivePos(2));
    let second = place(&backups.path().join("two"));
    world.server.backup(&second).unwrap();
    assert_eq!(horizon(&vault), ReceivePos(5));
    vault.change(&mut record, "more");
    vault.push(&world.server).unwrap();
    assert_eq!(horizon(&vault), ReceivePos(5));
    // A replica says so itself, and never of what is not there.
    assert_eq!(world.server.cover(ReceivePos(99)).unwrap(), ReceivePos(6));
    assert_eq!(horizon(&vault), ReceivePos(6));
    assert_eq!(world.server.cover(ReceivePos(1)).unwrap(), ReceivePos(6));
    let again = world.server.backup(&second);
    assert!(
        matches!(again, Err(ServerError::Exists)),
        "never over another"
    );
}

#[test]
fn with_a_replica_all_that_was_received_is_covered() {
    let Story { world, vault, .. } = story();
    let World {
        dir, env, server, ..
    } = world;
    drop(server);
    let config = Config {
        replicated: true,
        ..config(&dir)
    };
    let server = Server::open(config, env).unwrap();
    server.keep_up().unwrap();
    let answer = server.exchange(&vault.credential, vault.request(None));
    assert_eq!(answer.unwrap().horizon, ReceivePos(5));
}

#[test]
fn an_older_backup_than_promised_needs_to_be_wanted() {
    let Story { world, backups, .. } = story();
    let one = backups.path().join("one");
    world
        .server
        .backup(&place(&backups.path().join("two")))
        .unwrap();
    let (world, outcome) = restored(world, &one, false);
    let Err(RestoreError::Older { backup, published }) = outcome else {
        panic!("not refused");
    };
    assert_eq!((backup, published), (ReceivePos(2), ReceivePos(5)));
    assert_eq!(
        world.server.figures().unwrap().received,
        5,
        "nothing changed"
    );
    let (world, outcome) = restored(world, &one, true);
    outcome.unwrap();
    assert_eq!(world.server.figures().unwrap().received, 2);
    // The other one is of a lineage that has ended.
    let (_, outcome) = restored(world, &backups.path().join("two"), false);
    assert!(matches!(outcome, Err(RestoreError::OtherLineage { .. })));
}

#[test]
fn a_damaged_backup_is_refused_and_one_in_use_is_left_alone() {
    let Story { world, backups, .. } = story();
    let one = backups.path().join("one");
    verify_backup(&place(&one)).unwrap();
    let busy = restore(
        &config(&world.dir),
        &world.env,
        &Restore {
            from: place(&one),
            force: true,
        },
    );
    let in_use = matches!(busy, Err(RestoreError::Server(ServerError::InUse)));
    assert!(in_use, "a server is at it");
    let database = one.join("beatbook.db");
    let mut bytes = fs::read(&database).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&database, bytes).unwrap();
    let (world, outcome) = restored(world, &one, true);
    assert!(outcome.is_err());
    assert_eq!(world.server.figures().unwrap().received, 5);
    let (_, outcome) = restored(world, backups.path(), true);
    assert!(outcome.is_err(), "not a backup at all");
}

#[test]
fn a_restore_that_broke_off_lets_nobody_in_until_it_is_done_again() {
    let Story { world, backups, .. } = story();
    let World {
        dir,
        env,
        clock,
        server,
    } = world;
    drop(server);
    fs::write(dir.path().join("restoring"), b"").unwrap();
    let opened = Server::open(config(&dir), env.clone());
    assert!(matches!(opened.err(), Some(ServerError::Restoring)));
    let what = Restore {
        from: place(&backups.path().join("one")),
        force: false,
    };
    restore(&config(&dir), &env, &what).unwrap();
    let server = Server::open(config(&dir), env.clone()).unwrap();
    let world = World {
        dir,
        env,
        clock,
        server,
    };
    assert_eq!(world.server.figures().unwrap().received, 2);
}

#[test]
fn photos_and_keys_come_back_on_an_empty_disk() {
    let Story {
        world,
        backups,
        mut vault,
        epoch,
        ..
    } = story();
    let bytes = b"a photo of the scene".to_vec();
    let blob = BlobHash::of(&bytes);
    let mut record = Rec::new(3);
    let photo = shared::doc::PhotoMeta {
        sha256: blob,
        bytes: bytes.len() as u64,
        mime: "image/jpeg".to_owned(),
        caption: None,
        taken_at: world.env.now(),
        width: 64,
        height: 32,
    };
    let id = shared::ids::PhotoId::from_bytes([1; 16]);
    vault.edit(&mut record, &[shared::doc::Edit::AddPhoto { id, photo }]);
    vault.push(&world.server).unwrap();
    world.judge();
    let (credential, server) = (&vault.credential, &world.server);
    server
        .upload_begin(credential, record.id, blob, bytes.len() as u64)
        .unwrap();
    server.upload_append(credential, blob, 0, &bytes).unwrap();
    let keys = backups.path().join("keys");
    let with_keys = BackupPlace {
        folder: backups.path().join("two"),
        keys: Some(keys.clone()),
    };
    let manifest = server.backup(&with_keys).unwrap();
    assert_eq!((manifest.photos, manifest.photo_bytes), (1, 20));
    assert!(!with_keys.folder.join("keys").exists(), "apart");
    let sealing = server.sealing_keys().unwrap();
    let receipt_key = server.receipt_key().to_vec();

    let World {
        env,
        clock,
        dir: old,
        server,
    } = world;
    drop((server, old));
    let dir = tempfile::tempdir().unwrap();
    let what = Restore {
        from: with_keys,
        force: false,
    };
    let told = restore(&config(&dir), &env, &what).unwrap();
    assert_eq!((told.photos, told.before), (1, None));
    let server = Server::open(config(&dir), env.clone()).unwrap();
    let world = World {
        dir,
        env,
        clock,
        server,
    };
    assert_eq!(world.server.receipt_key(), receipt_key);
    assert_eq!(world.server.sealing_keys().unwrap(), sealing);
    joins(&world, &mut vault, "4417", epoch);
    let photo = world.server.photo(&vault.credential, blob).unwrap();
    assert_eq!(photo.bytes, bytes);
}
