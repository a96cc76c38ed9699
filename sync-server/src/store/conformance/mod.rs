//! What every backend must do, as plain functions: a second backend passes the same ones.
//! What the server makes of it all is tested in [`crate::service`].
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod accounts;
mod entries;
mod follow;
mod kit;
mod order;
mod photos;
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
    entries::a_stale_ruling_writes_nothing(make);
    entries::parked_entries_come_back_when_what_they_wait_for_does(make);
    entries::a_submission_brings_the_team_in(make);
    photos::a_claim_needs_a_record_that_names_it_or_an_entry_of_ones_own(make);
    photos::a_rejected_entry_allows_no_upload(make);
    photos::a_claim_counts_what_is_open_besides(make);
    photos::an_upload_is_open_once_for_each_device(make);
    photos::old_uploads_are_found_until_they_close(make);
    photos::a_photo_is_brought_by_the_device_that_stored_it(make);
    photos::a_photo_is_known_to_those_who_read_its_record(make);
    photos::a_photo_brought_early_is_here_with_the_change_that_names_it(make);
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
