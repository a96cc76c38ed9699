//! How long others' records are shown without hearing the server: by boot time, over restarts
//! and reboots, whatever the clock on the wall says.

use std::sync::atomic::Ordering;
use std::time::Duration;

use shared::settings::{Gowisely, Settings};
use shared::wire::SessionState;

use super::rig::*;
use super::server::Server;
use crate::view::ReviewInput;

const HOUR: i64 = 60 * 60 * 1000;

/// A supervisor's device that holds a submitted record of somebody else.
fn holding(server: &Server) -> (Device, String) {
    let patel = Device::new(PATEL, server);
    let id = patel.submitted();
    patel.sync(server);
    let ahmed = Device::new(AHMED, server);
    ahmed.sync(server);
    ahmed.record(&id);
    (ahmed, id)
}

/// Time passes as it does in use: it is counted now and then.
fn pass(device: &Device, hours: i64) {
    for _ in 0..hours {
        device.clock.pass(HOUR);
        device.core().keep_time().unwrap();
    }
}

/// The device is switched off and on again.
fn reboot(device: &mut Device) {
    device.clock.boot.fetch_add(1, Ordering::Relaxed);
    device.clock.boot_ms.store(0, Ordering::Relaxed);
    device.reopen();
}

fn locked(device: &Device, id: &str) -> bool {
    let lease = device.core().status().unwrap().lease;
    let refused = match device.core().record(id) {
        Ok(_) => false,
        Err(error) => {
            assert_eq!(error.code(), "lease_over");
            true
        }
    };
    assert_eq!(refused, lease.over);
    refused
}

#[test]
fn after_three_days_without_the_server_others_records_are_locked_and_one_exchange_unlocks() {
    let server = Server::new();
    let (ahmed, id) = holding(&server);
    let own = ahmed.submitted();
    pass(&ahmed, 71);
    assert!(!locked(&ahmed, &id));
    assert!(!ahmed.core().queue().unwrap().rows.is_empty());
    pass(&ahmed, 1);
    assert!(locked(&ahmed, &id));
    // Nothing of it is listed, found or decided either, and its title is not shown.
    assert!(ahmed.core().queue().unwrap().rows.is_empty());
    let found = ahmed.core().search("bag").unwrap().records;
    assert_eq!(found.iter().map(|it| &it.id).collect::<Vec<_>>(), [&own]);
    assert_eq!(code(ahmed.core().version(&id, 1)), "lease_over");
    let heads = Vec::new();
    let decision = ReviewInput {
        fields: Vec::new(),
        again: false,
        record_id: id.clone(),
        verdict: "approve".into(),
        reasons: Vec::new(),
        text: None,
        heads,
        video_viewed: None,
    };
    assert_eq!(code(ahmed.core().review(&decision)), "lease_over");
    let copied = ahmed.core().draft_new("stop_search", Some(&id), None);
    assert_eq!(code(copied), "lease_over");
    // Capture goes on, and one's own is there.
    ahmed.submitted();
    ahmed.record(&own);
    ahmed.sync(&server);
    assert!(!locked(&ahmed, &id));
}

#[test]
fn a_clock_that_jumps_neither_ends_a_lease_nor_makes_it_longer() {
    let server = Server::new();
    let (ahmed, id) = holding(&server);
    ahmed
        .clock
        .wall
        .fetch_add(20 * 365 * 24 * HOUR, Ordering::Relaxed);
    assert!(!locked(&ahmed, &id));
    pass(&ahmed, 73);
    ahmed
        .clock
        .wall
        .store(NOON - 365 * 24 * HOUR, Ordering::Relaxed);
    assert!(locked(&ahmed, &id));
}

#[test]
fn neither_a_restart_nor_a_reboot_gives_time_back() {
    let server = Server::new();
    let (mut ahmed, id) = holding(&server);
    pass(&ahmed, 40);
    ahmed.reopen();
    pass(&ahmed, 20);
    reboot(&mut ahmed);
    assert!(!locked(&ahmed, &id));
    pass(&ahmed, 11);
    assert!(!locked(&ahmed, &id));
    // While the device was off nothing was counted; since then it was.
    pass(&ahmed, 1);
    assert!(locked(&ahmed, &id));
    reboot(&mut ahmed);
    assert!(locked(&ahmed, &id));
}

#[test]
fn a_crash_gives_little_time_back() {
    let server = Server::new();
    let (mut ahmed, id) = holding(&server);
    pass(&ahmed, 72);
    assert!(locked(&ahmed, &id));
    ahmed.clock.boot.fetch_add(1, Ordering::Relaxed);
    ahmed.clock.boot_ms.store(0, Ordering::Relaxed);
    ahmed.reopen();
    assert!(locked(&ahmed, &id));
}

#[test]
fn an_answer_that_gives_no_news_renews_nothing_and_a_revoked_device_is_locked_at_once() {
    let server = Server::new();
    let (ahmed, id) = holding(&server);
    pass(&ahmed, 72);
    server.state().session = Some(SessionState::SignIn);
    ahmed.sync(&server);
    assert!(locked(&ahmed, &id));
    server.state().session = None;
    ahmed.sync(&server);
    assert!(!locked(&ahmed, &id));
    server.state().session = Some(SessionState::Revoked);
    ahmed.sync(&server);
    assert!(locked(&ahmed, &id));
}

#[test]
fn the_force_says_how_long_a_lease_is() {
    let server = Server::new();
    let (ahmed, id) = holding(&server);
    server.settings(&Settings {
        lease_hours: 8,
        ..Settings::default()
    });
    ahmed.sync(&server);
    pass(&ahmed, 7);
    assert!(!locked(&ahmed, &id));
    pass(&ahmed, 1);
    assert!(locked(&ahmed, &id));
}

#[test]
fn the_force_says_when_a_vault_locks_and_how_gowisely_is_confirmed() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let items = || device.core().lists().unwrap().settings.gowisely_items;
    assert_eq!(device.core().lock_after(), Duration::from_secs(5 * 60));
    assert!(!items());
    server.settings(&Settings {
        lock_minutes: 2,
        gowisely: Gowisely::Items,
        ..Settings::default()
    });
    device.sync(&server);
    assert_eq!(device.core().lock_after(), Duration::from_secs(2 * 60));
    assert!(items());
}
