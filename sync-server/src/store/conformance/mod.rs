//! What every backend must do, as plain functions: a second backend passes the same ones.
//! What the server makes of it all is tested in [`crate::service`].
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod accounts;
mod custody;
mod entries;
mod follow;
mod judging;
mod kit;
mod moves;
mod order;
mod photos;
mod script;
mod vaults;

use super::{SqliteConfig, SqliteStore, Store};
use crate::env::Env;

/// Makes a new and empty store.
type Make<'a> = &'a dyn Fn() -> Box<dyn Store>;

/// Runs every check, each on a store of its own.
fn checks(make: Make<'_>) {
    accounts::an_epoch_stays(make);
    accounts::people_are_added_all_or_none(make);
    accounts::the_authority_keeps_every_version(make);
    accounts::a_code_is_used_once(make);
    accounts::revoking_ends_sessions(make);
    accounts::a_log_belongs_to_one_device_and_officer(make);
    accounts::mail_is_kept_until_it_is_forgotten(make);
    vaults::wrong_passwords_are_counted_until_a_right_one(make);
    vaults::a_device_is_known_by_its_credential(make);
    vaults::closing_a_session_ends_that_one(make);
    vaults::a_sign_of_life_is_kept(make);
    vaults::receiving_is_a_sign_of_life(make);
    entries::receiving_is_idempotent(make);
    entries::gap_fork_and_unknown_log_change_nothing(make);
    entries::rejected_entries_are_settled_at_receipt(make);
    entries::cases_come_in_order_of_receipt(make);
    entries::parked_entries_come_back_when_what_they_wait_for_does(make);
    entries::a_submission_brings_the_team_in(make);
    judging::what_cannot_be_judged_costs_only_itself(make);
    judging::a_sitting_ends_when_the_judge_does_not_go_on(make);
    judging::what_the_judge_knows_is_not_read(make);
    judging::logs_have_their_turns(make);
    judging::a_record_keeps_the_order_of_receipt(make);
    judging::what_waits_is_counted(make);
    judging::over_the_limits_it_is_parked_and_taken_up_again(make);
    judging::a_held_entry_is_a_task_until_it_is_released(make);
    judging::what_is_held_until_a_statement_comes_needs_a_person_of_its_own(make);
    judging::an_upheld_entry_keeps_out_what_builds_on_it(make);
    judging::superseding_is_final(make);
    moves::a_record_enters_and_leaves_scopes(make);
    moves::a_record_that_comes_back_brings_what_its_reader_wrote(make);
    moves::digests_are_what_a_recount_gives(make);
    moves::grants_follow_people_and_time(make);
    moves::the_server_holds_one_log_for_a_person(make);
    moves::notices_stand_until_they_are_over(make);
    photos::a_claim_needs_a_record_that_names_it_or_an_entry_of_ones_own(make);
    photos::a_rejected_entry_allows_no_upload(make);
    photos::a_claim_counts_what_is_open_besides(make);
    photos::an_upload_is_open_once_for_each_device(make);
    photos::old_uploads_are_found_until_they_close(make);
    photos::a_photo_is_brought_by_the_device_that_stored_it(make);
    photos::a_photo_is_known_to_those_who_read_its_record(make);
    photos::a_photo_brought_early_is_here_with_the_change_that_names_it(make);
    custody::a_new_epoch_keeps_what_there_is_and_repeats_no_number(make);
    custody::the_horizon_only_rises_and_never_above_what_was_received(make);
    custody::an_erased_record_is_gone_and_stays_gone(make);
    custody::sealed_entries_wait_for_a_person(make);
    custody::evidence_is_kept_once_and_ends_the_log(make);
    custody::a_request_for_a_key_is_answered_once(make);
    custody::a_posting_holds_from_its_version_on(make);
    order::positions_have_no_holes(make);
    order::readers_beside_writers_miss_nothing(make);
    order::the_console_resumes_at_any_position(make);
    order::published_searches_come_once(make);
    order::the_audit_holds(make);
}

/// A store that keeps its directory as long as it lives.
fn sqlite(vfs: Option<&str>) -> Box<dyn Store> {
    let directory = tempfile::tempdir().unwrap().keep();
    let config = SqliteConfig {
        vfs: vfs.map(str::to_owned),
        ..SqliteConfig::new(directory.join("store.db"))
    };
    Box::new(SqliteStore::open(config, &Env::system()).unwrap())
}

#[test]
fn sqlite_conforms() {
    checks(&|| sqlite(None));
}

#[test]
fn sqlite_with_one_connection_conforms() {
    checks(&|| sqlite(Some("unix")));
}

#[test]
fn a_database_of_a_newer_server_is_not_opened() {
    let directory = tempfile::tempdir().unwrap();
    let config = SqliteConfig::new(directory.path().join("store.db"));
    drop(SqliteStore::open(config.clone(), &Env::system()).unwrap());
    let db = rusqlite::Connection::open(&config.path).unwrap();
    db.execute_batch("PRAGMA user_version = 99;").unwrap();
    drop(db);
    let opened = SqliteStore::open(config, &Env::system());
    assert!(matches!(
        opened.err(),
        Some(super::StoreError::TooNew { found: 99, .. })
    ));
}

/// A record that was accepted before there were digests.
const OLD: &str = "
    INSERT INTO state (id, epoch, receive, accept, policy, reference)
        VALUES (1, zeroblob(16), 2, 2, 0, 0);
    INSERT INTO accounts (officer, collar, password) VALUES (zeroblob(16), '1', '');
    INSERT INTO devices (id, name, form_factor, credential, enrolled_at)
        VALUES (zeroblob(16), '', 'phone', zeroblob(32), 0);
    INSERT INTO logs (id, device, officer, descriptor, key, start, opened_at, head)
        VALUES (zeroblob(16), zeroblob(16), zeroblob(16), x'', x'', zeroblob(32), 0, x'');
    INSERT INTO entries (position, log, seq, hash, header, salt, payload, record, kind, officer,
            received_at, policy, policy_back, state, accepted)
        VALUES (1, zeroblob(16), 0, zeroblob(32), x'', x'', x'', zeroblob(16), 0, zeroblob(16),
            0, 0, 0, 1, 1),
        (2, zeroblob(16), 1, zeroblob(32), x'', x'', x'', zeroblob(16), 1, zeroblob(16),
            0, 0, 0, 1, 2);
    INSERT INTO records (id, kind, author, revision, changes, heads, snapshot, projection, position)
        VALUES (zeroblob(16), 'note', zeroblob(16), 2, 1, zeroblob(32), x'', '{}', 2);
    INSERT INTO scope_records (scope, entered, record)
        VALUES ('author:00000000000000000000000000000000', 1, zeroblob(16));
    PRAGMA user_version = 2;";

#[test]
fn an_older_database_gets_its_digests_when_it_is_opened() {
    use shared::hash::ChangeHash;
    use shared::ids::{EntryId, LogId, RecordId, Seq};
    use shared::wire::{Leaf, Sum};

    let directory = tempfile::tempdir().unwrap();
    let config = SqliteConfig::new(directory.path().join("store.db"));
    let db = rusqlite::Connection::open(&config.path).unwrap();
    db.execute_batch(include_str!("../../../migrations/0001_start.sql"))
        .unwrap();
    db.execute_batch(include_str!("../../../migrations/0002_brought.sql"))
        .unwrap();
    db.execute_batch(OLD).unwrap();
    drop(db);
    drop(SqliteStore::open(config.clone(), &Env::system()).unwrap());
    let db = rusqlite::Connection::open(&config.path).unwrap();
    let sum: Vec<u8> = db
        .query_row("SELECT sum FROM scope_sums", [], |row| row.get(0))
        .unwrap();
    let submission = EntryId {
        log: LogId::from_bytes([0; 16]),
        seq: Seq(1),
    };
    let leaf = Leaf::of(
        RecordId::from_bytes([0; 16]),
        &[ChangeHash::from_bytes([0; 32])],
        &[submission],
    );
    assert_eq!(sum, Sum::default().with(leaf).to_bytes());
}
