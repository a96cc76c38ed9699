//! Changes of people, posts and devices, as an administrator makes them.

use sync_server::service::NewPost;

use crate::fault::Fault;
use crate::world::{OFFICERS, SERGEANT, World, collar};

/// The team that the sergeant is moved to.
pub(crate) const OTHER_TEAM: &str = "Response B";
/// The team of everybody.
pub(crate) const TEAM: &str = "Response A";

impl World {
    /// Somebody new has an account.
    pub(super) fn authority_moves(&mut self) {
        let number = self.ledger.mark();
        if let Err(error) = self.server.add_person(&number) {
            return self.tell(&format!("nobody joins: {error}"));
        }
        self.hit(Fault::AuthorityMoves, None);
    }

    /// The second officer's account ends, once.
    pub(super) fn account_ends(&mut self) {
        let collar = collar(2);
        let Some(server) = self.server.server() else {
            return;
        };
        if self.ledger.is_ended(&collar) || server.end_person(&collar).is_err() {
            return;
        }
        for node in self.devices.iter().filter(|node| node.collar == collar) {
            if let Ok(received) = server.received(node.log) {
                self.ledger.held_after(node.log, received);
            }
        }
        self.ledger.ended(collar);
        self.copies.server.clear();
        self.hit(Fault::AccountEnds, None);
    }

    /// A device that came later is revoked, at most one.
    pub(super) fn device_revoked(&mut self, device: usize) {
        let Some(server) = self.server.server() else {
            return;
        };
        let node = &self.devices[device];
        let twice = self.devices.iter().filter(|it| it.id == node.id).count() > 1;
        if device <= OFFICERS || twice || self.ledger.revoked.is_some() {
            return;
        }
        let Ok(received) = server.received(node.log) else {
            return;
        };
        let (Some(core), Ok(stored)) = (node.core(), node.records_on_disk(self.seed)) else {
            return;
        };
        let Ok(mut records) = core.record_ids() else {
            return;
        };
        records.extend(stored);
        if server.revoke_device(node.id).is_err() {
            return;
        }
        // What was given before may still be on its way: that is not given after.
        node.wire.clear();
        self.ledger.held_after(node.log, received);
        self.ledger.revoked = Some((device, records.into_iter().collect()));
        self.copies.server.clear();
        self.hit(Fault::DeviceRevoked, Some(device));
    }

    /// The sergeant is moved to another team, or back to the first.
    pub(super) fn posting_moves(&mut self) {
        let Some(server) = self.server.server() else {
            return;
        };
        let away = self.ledger.team.is_none();
        let team = if away { OTHER_TEAM } else { TEAM };
        let post = NewPost {
            team: Some(team.to_owned()),
            ..NewPost::default()
        };
        if server.move_person(SERGEANT, &post).is_err() {
            return;
        }
        self.copies.server.clear();
        if self.dice.percent(50) {
            // A backup from before the sergeant's devices have heard of it.
            self.copies.server.push(self.server.disk.snapshot());
        }
        self.ledger.team = away.then_some(OTHER_TEAM);
        self.ledger.moved = true;
        self.hit(Fault::PostingMoves, None);
    }
}
