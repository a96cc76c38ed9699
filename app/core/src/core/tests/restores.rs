//! Restored servers: what they lost is shown as it was until somebody offers it again, for a day.

use super::rig::*;
use super::server::{Server, State};
use shared::ids::{AcceptPos, Epoch, ReceivePos};
use shared::wire::Branch;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// The server goes back to this.
fn restore(server: &Server, mut backup: State) {
    backup.lineage = vec![Branch {
        epoch: Epoch::from_bytes([2; 16]),
        parent: Epoch::from_bytes([1; 16]),
        accept: AcceptPos(backup.feed.len() as u64),
        receive: ReceivePos(1),
    }];
    server.restore(backup);
}

/// Patel wrote a search, and more of it that only the devices have: Ahmed as a reader.
fn lost(server: &Server) -> (Device, Device, String) {
    let (patel, ahmed) = (Device::new(PATEL, server), Device::new(AHMED, server));
    let id = patel.submitted();
    patel.sync(server);
    let backup = server.backup();
    patel.core().add_to_record(&id, "He ran").unwrap();
    patel.sync(server);
    ahmed.sync(server);
    assert_eq!(ahmed.record(&id).addenda.len(), 1);
    restore(server, backup);
    ahmed.sync(server);
    (patel, ahmed, id)
}

fn after_a_day(device: &Device, server: &Server) {
    device.clock.pass(DAY + 1);
    server.state().now += DAY + 1;
    device.sync(server);
}

#[test]
fn what_a_restored_server_lost_is_shown_for_a_day_and_then_put_aside() {
    let server = Server::new();
    let (_patel, ahmed, id) = lost(&server);
    assert_eq!(ahmed.record(&id).addenda.len(), 1);
    after_a_day(&ahmed, &server);
    assert_eq!(ahmed.record(&id).addenda.len(), 0);
    let record = super::rig::id(&id);
    let facts = ahmed.core().facts(record).unwrap().unwrap();
    assert_eq!(facts.heads, facts.accepted_heads);
    // It is still here, and counted.
    assert_eq!(ahmed.core().sending().unwrap().details.unknown, 1);
}

#[test]
fn a_record_that_a_restored_server_lost_as_a_whole_stays() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    patel.submitted();
    patel.sync(&server);
    let backup = server.backup();
    let id = patel.submitted();
    patel.sync(&server);
    ahmed.sync(&server);
    restore(&server, backup);
    ahmed.sync(&server);
    after_a_day(&ahmed, &server);
    let fields = ahmed.record(&id).fields;
    assert_eq!(fields["object"], text("controlled_drugs"));
}

#[test]
fn what_was_put_aside_comes_back_with_what_builds_on_it() {
    let server = Server::new();
    let (patel, ahmed, id) = lost(&server);
    after_a_day(&ahmed, &server);
    patel.sync(&server);
    patel.core().add_to_record(&id, "He was found").unwrap();
    patel.sync(&server);
    // Both come in one answer.
    ahmed.sync(&server);
    assert_eq!(ahmed.record(&id).addenda.len(), 2);
    assert_eq!(ahmed.core().unopened().unwrap(), 0);
    assert_eq!(ahmed.core().sending().unwrap().details.unknown, 0);
}
