//! A story that backups are tested with: a record in the backup, and work after it.

use std::path::Path;

use shared::ids::{Epoch, ReceivePos};
use shared::wire::{Checkpoint, ExchangeResponse};

use super::kit::{Rec, Vault, World, config, sign_in};
use crate::service::{BackupPlace, Restore, RestoreError, Restored, Server, restore};

pub(super) fn place(folder: &Path) -> BackupPlace {
    BackupPlace {
        folder: folder.to_owned(),
        keys: None,
    }
}

/// Stops the server, restores, and starts it again.
pub(super) fn restored(
    world: World,
    from: &Path,
    force: bool,
) -> (World, Result<Restored, RestoreError>) {
    let World {
        dir,
        env,
        clock,
        server,
    } = world;
    drop(server);
    let what = Restore {
        from: place(from),
        force,
    };
    let outcome = restore(&config(&dir), &env, &what);
    let server = Server::open(config(&dir), env.clone()).unwrap();
    let world = World {
        dir,
        env,
        clock,
        server,
    };
    (world, outcome)
}

/// The first answer that a vault gets which still names an older lineage.
pub(super) fn first_answer(world: &World, vault: &Vault, epoch: Epoch) -> ExchangeResponse {
    let mut request = vault.request(None);
    request.epoch = Some(epoch);
    world.server.exchange(&vault.credential, request).unwrap()
}

/// What a device does then: its session has ended, and its cursors go back to the branch.
pub(super) fn joins(
    world: &World,
    vault: &mut Vault,
    collar: &str,
    epoch: Epoch,
) -> ExchangeResponse {
    let again = sign_in(collar, vault.log, None);
    let session = world
        .server
        .sign_in(&vault.credential, again)
        .unwrap()
        .session;
    vault.credential.session = Some(session);
    let answer = first_answer(world, vault, epoch);
    let lineage = answer.lineage.clone().unwrap();
    let branch = lineage.iter().find(|it| it.parent == epoch);
    let records = branch.map_or(0, |it| it.accept.0);
    vault.cursors.records.0 = vault.cursors.records.0.min(records);
    vault.cursors.mailbox.0 = 0;
    vault.cursors.reference.0 = 0;
    vault.received = answer.checkpoint.as_ref().map(|bytes| {
        let receipt = Checkpoint::verify(world.server.receipt_key(), bytes).unwrap();
        assert_eq!(receipt.header, vault.hashes[receipt.seq.0 as usize + 1]);
        receipt.seq
    });
    answer
}

pub(super) struct Story {
    pub(super) world: World,
    pub(super) backups: tempfile::TempDir,
    pub(super) vault: Vault,
    pub(super) sergeant: Vault,
    pub(super) record: Rec,
    pub(super) epoch: Epoch,
}

/// One submitted record in the backup, and an edit and another record after it.
pub(super) fn story() -> Story {
    let world = World::new();
    let backups = tempfile::tempdir().unwrap();
    let (mut vault, mut sergeant) = (world.vault("4417"), world.vault("12"));
    let mut record = Rec::new(1);
    vault.change(&mut record, "before");
    vault.submit(&record);
    vault.push(&world.server).unwrap();
    world.judge();
    sergeant.pull(&world.server);
    let manifest = world
        .server
        .backup(&place(&backups.path().join("one")))
        .unwrap();
    assert_eq!((manifest.receive, manifest.accept.0), (ReceivePos(2), 2));
    vault.change(&mut record, "after");
    let mut other = Rec::new(2);
    vault.change(&mut other, "another");
    vault.submit(&other);
    vault.push(&world.server).unwrap();
    world.judge();
    sergeant.pull(&world.server);
    let epoch = first_answer(&world, &vault, Epoch::from_bytes([9; 16])).epoch;
    Story {
        world,
        backups,
        vault,
        sergeant,
        record,
        epoch,
    }
}
