//! The process may end anywhere: between receiving and judging, and between two judgements.

use shared::wire::Verdict;

use super::kit::{Rec, World, accepted};

#[test]
fn what_was_received_is_judged_by_the_process_that_comes_after() {
    let world = World::new();
    let mut vault = world.vault("4417");
    let mut sergeant = world.vault("12");
    sergeant.pull(&world.server);
    let mut record = Rec::new(1);
    for n in 0..4 {
        vault.change(&mut record, &format!("{n}"));
    }
    vault.submit(&record);
    vault.push(&world.server).unwrap();
    let mut world = world.restart();
    assert!(world.server.judge_next().unwrap());
    world = world.restart();
    assert!(world.server.judge_next().unwrap());
    assert!(world.server.judge_next().unwrap());
    world = world.restart();
    assert_eq!(world.judge(), 2);
    assert_eq!(accepted(&vault.verdicts(&world.server)), [0, 1, 2, 3, 4]);
    assert_eq!(sergeant.pull(&world.server).feed.len(), 1);
    assert_eq!(world.server.verify_audit().unwrap().broken_at, None);
}

#[test]
fn keys_and_lineage_survive_a_restart() {
    let world = World::new();
    let mut vault = world.vault("4417");
    vault.change(&mut Rec::new(1), "words");
    let before = vault.send(&world.server, vault.segment(0, 1)).unwrap();
    let world = world.restart();
    let after = vault.send(&world.server, vault.segment(0, 1)).unwrap();
    assert_eq!(before.checkpoint, after.checkpoint);
    assert_eq!(before.epoch, after.epoch);
}

#[test]
fn a_damaged_snapshot_is_made_again_from_the_changes() {
    let world = World::new();
    let mut vault = world.vault("4417");
    let mut record = Rec::new(1);
    vault.change(&mut record, "one");
    vault.push(&world.server).unwrap();
    world.judge();
    let path = world.dir.path().join("beatbook.db");
    let db = rusqlite::Connection::open(path).unwrap();
    db.execute("UPDATE records SET snapshot = x'00'", [])
        .unwrap();
    // Nothing of it is at hand any more.
    let world = world.restart();
    vault.change(&mut record, "two");
    vault.push(&world.server).unwrap();
    world.judge();
    let verdicts = vault.verdicts(&world.server);
    assert!(matches!(verdicts[1].1, Verdict::Accepted(_)));
}

#[test]
fn the_audit_shows_where_it_was_changed() {
    let world = World::new();
    assert_eq!(world.server.verify_audit().unwrap().broken_at, None);
    let path = world.dir.path().join("beatbook.db");
    let db = rusqlite::Connection::open(path).unwrap();
    assert!(
        db.execute("UPDATE audit SET detail = 'x' WHERE seq = 3", [])
            .is_err()
    );
    db.execute_batch("DROP TRIGGER audit_is_never_changed;")
        .unwrap();
    db.execute("UPDATE audit SET detail = 'x' WHERE seq = 3", [])
        .unwrap();
    assert_eq!(world.server.verify_audit().unwrap().broken_at, Some(3));
}
