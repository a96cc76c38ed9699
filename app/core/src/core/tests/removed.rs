//! That copies were removed is said once, by why, and outlives a restart.

use shared::wire::{FeedEvent, Mail, Scope};

use super::rig::*;
use super::server::Server;

fn said(device: &Device) -> Vec<(String, u32)> {
    let removed = device.core().home().unwrap().removed;
    removed.into_iter().map(|it| (it.why, it.records)).collect()
}

#[test]
fn an_access_that_ends_is_said_with_its_number_until_somebody_has_read_it() {
    let server = Server::new();
    let (patel, mut ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    for _ in 0..2 {
        patel.submitted();
    }
    patel.sync(&server);
    ahmed.submitted();
    ahmed.sync(&server);
    assert_eq!(said(&ahmed), []);
    server.post(AHMED, Mail::GrantEnded(Scope::Team(team(1))));
    ahmed.sync(&server);
    assert_eq!(said(&ahmed), [("team".to_owned(), 2)]);
    ahmed.reopen();
    assert_eq!(said(&ahmed), [("team".to_owned(), 2)]);
    ahmed.core().removed_seen().unwrap();
    assert_eq!(said(&ahmed), []);
    ahmed.reopen();
    ahmed.sync(&server);
    assert_eq!(said(&ahmed), []);
}

#[test]
fn what_is_destroyed_by_law_is_said_as_that_and_what_is_not_here_is_not_counted() {
    let server = Server::new();
    let patel = Device::new(PATEL, &server);
    let (id, other) = (patel.submitted(), patel.submitted());
    patel.sync(&server);
    let record = super::rig::id(&id);
    server.post(PATEL, Mail::Evict(record));
    patel.sync(&server);
    assert_eq!(said(&patel), [("erased".to_owned(), 1)]);
    // Told again, as a log that begins anew is.
    server.post(PATEL, Mail::Evict(record));
    server.feed(record, FeedEvent::Leaves);
    patel.sync(&server);
    assert_eq!(said(&patel), [("erased".to_owned(), 1)]);
    patel.record(&other);
}
