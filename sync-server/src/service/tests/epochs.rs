//! The lineages that begin with a restore.

use std::fs;

use shared::hash::BlobHash;
use shared::ids::{Epoch, ReceivePos, Seq};
use shared::wire::{ErrorCode, Mail, SessionState, Verdict, VerdictCode, WireError};

use super::kit::{World, accepted, config};
use super::story::{Story, first_answer, joins, place, restored, story};
use crate::service::{Restore, Restored, Server, ServerError, begin_epoch, restore};

#[test]
fn a_restore_begins_a_lineage_and_loses_nothing_that_devices_hold() {
    let Story {
        world,
        backups,
        mut vault,
        mut sergeant,
        record,
        epoch,
    } = story();
    let heads = record.doc.heads();
    let old_policy = vault.policy;
    let (world, outcome) = restored(world, &backups.path().join("one"), false);
    let told = outcome.unwrap();
    assert_eq!((told.parent, told.receive, told.accept), (epoch, 2, 2));
    assert!(
        told.before
            .is_some_and(|folder| folder.join("beatbook.db").exists())
    );
    let expected = world.server.heads(record.id).unwrap().unwrap();
    assert_ne!(
        expected, heads,
        "the edit is lost until it is offered again"
    );

    let signed_out = first_answer(&world, &vault, epoch);
    assert_eq!(signed_out.session, SessionState::SignIn);
    let answer = joins(&world, &mut vault, "4417", epoch);
    assert_eq!(answer.epoch, told.epoch);
    let lineage = answer.lineage.unwrap();
    assert_eq!(lineage.len(), 1);
    assert_eq!((lineage[0].epoch, lineage[0].parent), (told.epoch, epoch));
    assert_eq!((lineage[0].accept.0, lineage[0].receive.0), (2, 2));
    assert!(answer.feed.is_empty() && answer.mail.is_empty());
    assert_eq!(
        answer.horizon,
        ReceivePos(2),
        "what it was restored from covers"
    );
    // The checkpoint fell back, so the outbox is what was above it.
    assert_eq!(vault.received, Some(Seq(1)));
    vault.push(&world.server).unwrap();
    world.judge();
    assert_eq!(world.server.heads(record.id).unwrap(), Some(heads));
    let verdicts = vault.pull(&world.server).verdicts();
    assert_eq!(accepted(&verdicts), [0, 1, 2, 3, 4]);

    // Who reads gets all of it, and the same grants again.
    joins(&world, &mut sergeant, "12", epoch);
    let news = sergeant.pull(&world.server);
    let granted = news
        .mail
        .iter()
        .filter(|it| matches!(it, Mail::Granted(..)));
    assert!(granted.count() >= 2);
    let mut seen: Vec<_> = news
        .feed
        .iter()
        .chain(&news.backfilled)
        .map(|it| it.record)
        .collect();
    seen.dedup();
    assert!(seen.contains(&record.id) && seen.len() >= 2);

    // A device that names the new lineage is told of no other.
    let mut request = vault.request(None);
    request.epoch = Some(told.epoch);
    let answer = world.server.exchange(&vault.credential, request).unwrap();
    assert_eq!(answer.lineage, None);
    assert!(answer.policy > old_policy);
    assert_eq!(world.server.verify_logs().unwrap().broken, 0);
    assert_eq!(world.server.verify_audit().unwrap().broken_at, None);
}

#[test]
fn a_lineage_that_nobody_knows_gets_the_whole_descent_and_no_news() {
    let Story {
        world,
        backups,
        vault,
        epoch,
        ..
    } = story();
    let (world, outcome) = restored(world, &backups.path().join("one"), false);
    let first = outcome.unwrap().epoch;
    let two = backups.path().join("two");
    world.server.backup(&place(&two)).unwrap();
    let (world, outcome) = restored(world, &two, false);
    let second = outcome.unwrap().epoch;
    let answer = first_answer(&world, &vault, Epoch::from_bytes([9; 16]));
    let lineage = answer.lineage.unwrap();
    let steps: Vec<_> = lineage.iter().map(|it| (it.epoch, it.parent)).collect();
    assert_eq!(steps, [(second, first), (first, epoch)]);
}

#[test]
fn nothing_that_was_erased_comes_back_with_a_backup() {
    let Story {
        world,
        backups,
        mut vault,
        record,
        epoch,
        ..
    } = story();
    world.server.erase(record.id, "asked for", "12").unwrap();
    let (world, outcome) = restored(world, &backups.path().join("one"), false);
    assert_eq!(outcome.unwrap().erased, 1);
    assert_eq!(world.server.heads(record.id).unwrap(), None);
    joins(&world, &mut vault, "4417", epoch);
    vault.push(&world.server).unwrap();
    world.judge();
    assert_eq!(world.server.heads(record.id).unwrap(), None);
    let verdicts = vault.pull(&world.server).verdicts();
    assert!(
        accepted(&verdicts).ends_with(&[3, 4]),
        "the other record comes back"
    );
    let erased = Verdict::Rejected(VerdictCode::Erased);
    assert!(
        verdicts.contains(&(Seq(2), erased)),
        "and its edit does not"
    );
    assert_eq!(world.server.figures().unwrap().erased, 3);
}

#[test]
fn what_no_device_can_offer_again_is_listed() {
    let Story { world, backups, .. } = story();
    world.server.add_operation("Sceptre").unwrap();
    world.enrol();
    world.server.end_person("6001").unwrap();
    let one = backups.path().join("one");
    let (world, outcome) = restored(world, &one, false);
    let kinds = |restored: Restored| {
        let rows = restored.lost.into_iter();
        rows.map(|row| row.kind).collect::<Vec<_>>()
    };
    let done = [
        "operation_added",
        "enrolment_offered",
        "device_enrolled",
        "person_ended",
    ];
    assert_eq!(kinds(outcome.unwrap()), done);

    // And when the database is gone too, from what was written beside it.
    world.server.add_operation("Other").unwrap();
    world.server.write_acts().unwrap();
    let two = backups.path().join("two");
    world.server.backup(&place(&two)).unwrap();
    world.server.add_operation("Third").unwrap();
    world.server.write_acts().unwrap();
    world.server.write_acts().unwrap();
    let World {
        dir,
        env,
        clock,
        server,
    } = world;
    drop(server);
    for name in ["beatbook.db", "beatbook.db-wal", "beatbook.db-shm"] {
        let _ = fs::remove_file(dir.path().join(name));
    }
    let what = Restore {
        from: place(&two),
        force: false,
    };
    let outcome = restore(&config(&dir), &env, &what).unwrap();
    assert_eq!(kinds(outcome), ["operation_added"]);
    let server = Server::open(config(&dir), env.clone()).unwrap();
    drop(World {
        dir,
        env,
        clock,
        server,
    });
}

/// Otherwise devices would go on by settings and lists that no server has any more.
#[test]
fn what_only_the_lost_lineage_gave_out_is_taken_back() {
    let Story { world, backups, .. } = story();
    world.server.set_settings(br#"{"lease_hours": 1}"#).unwrap();
    let lost = world.server.store.reference("settings").unwrap();
    let (world, outcome) = restored(world, &backups.path().join("one"), false);
    outcome.unwrap();
    for (name, none) in [("settings", "{}"), ("codes", "[]"), ("notices", "[]")] {
        let (seq, body) = world.server.store.reference(name).unwrap().unwrap();
        assert!(Some(seq) > lost.as_ref().map(|(seq, _)| *seq));
        assert_eq!(body, none.as_bytes(), "{name}");
    }
    assert!(world.server.authorisations().unwrap().is_empty());
}

#[test]
fn a_snapshot_of_the_disk_becomes_a_lineage_too() {
    let Story {
        world,
        vault,
        epoch,
        ..
    } = story();
    let World {
        dir,
        env,
        clock,
        server,
    } = world;
    let busy = begin_epoch(&config(&dir), &env);
    assert!(matches!(busy, Err(ServerError::InUse)));
    drop(server);
    let branch = begin_epoch(&config(&dir), &env).unwrap();
    assert_eq!((branch.parent, branch.receive), (epoch, ReceivePos(5)));
    let server = Server::open(config(&dir), env.clone()).unwrap();
    let world = World {
        dir,
        env,
        clock,
        server,
    };
    let answer = first_answer(&world, &vault, epoch);
    assert_eq!(answer.lineage, Some(vec![branch]));
    let photo = world
        .server
        .photo(&vault.credential, BlobHash::from_bytes([1; 32]));
    let needed = WireError::refused(ErrorCode::SignInNeeded);
    assert_eq!(photo.err(), Some(needed), "sessions have ended");
}
