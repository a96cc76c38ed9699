//! Receipts and what travels: nothing received is lost, nothing waits for ever.

use shared::ids::EntryId;
use shared::wire::Checkpoint;

use super::{Quiet, broken};
use crate::world::{Violation, World};

/// Most bytes of an exchange with nothing to say, both ways, as docs/protocol has it.
const NOTHING_TO_DO: usize = 400;

/// An app that was told of a receipt knows of it after any death.
pub(super) fn a_device_forgets_nothing(world: &mut World) -> Result<(), Violation> {
    let rule = "a device forgets nothing it committed";
    for (device, node) in world.devices.iter().enumerate() {
        let Some(core) = node.core() else { continue };
        let progress = core.progress().map_err(|e| broken(rule, e))?;
        // What another lineage of the server had received is offered again.
        if world.epoch.is_some() && progress.epoch != world.epoch {
            continue;
        }
        let told = world.ledger.known.get(&device);
        let told = told.filter(|it| it.log == node.log).map(|it| it.seq);
        if progress.received < told {
            let found = format!(
                "{}: knew {told:?}, knows {:?}",
                node.name, progress.received
            );
            return Err(Violation { rule, found });
        }
        if let Some(seq) = progress.received {
            let id = EntryId { log: node.log, seq };
            world.ledger.known.insert(device, id);
            world.ledger.told_received(id);
        }
    }
    Ok(())
}

/// What a locked device has a receipt of counts as received.
pub(super) fn a_spool_is_received(world: &mut World) {
    for node in &world.devices {
        let known = node.spooled().into_iter();
        // Another lineage of the server has received what it has received.
        let current = known.filter(|it| world.epoch.is_none_or(|epoch| it.epoch == epoch));
        for Checkpoint { log, seq, .. } in current {
            world.ledger.told_received(EntryId { log, seq });
        }
    }
}

/// What was ever shown as received is on the server's disk.
pub(super) fn received_is_never_lost(world: &mut World) -> Result<(), Violation> {
    let rule = "received is never lost";
    let Some(server) = world.server.server() else {
        return Ok(());
    };
    for (&log, &told) in &world.ledger.received {
        let kept = server
            .received(log)
            .map_err(|e| broken("the server's store answers", e))?;
        if kept.is_none_or(|kept| kept < told) {
            let found = format!("told {told} of {log}, kept {kept:?}");
            return Err(Violation { rule, found });
        }
    }
    Ok(())
}

/// Nothing is left to send.
pub(super) fn every_outbox_is_drained(quiet: &Quiet<'_>) -> Result<(), Violation> {
    let rule = "every outbox is drained";
    for (node, core) in quiet.running()? {
        let waiting = core.outbox().map_err(|e| broken(rule, e))?;
        // Photos of a record that is held have nowhere to go until a person has looked. A log
        // that has split goes on once its officer signs in, which not everybody may.
        let served = quiet.is_served(node);
        let split = core.split().map_err(|e| broken(rule, e))?.is_some();
        // A server restored from before a log was begun takes nothing of it before its officer
        // has signed in again, which one whose account has ended since cannot.
        let unknown = quiet.server.export_log(node.log).is_err();
        let stuck = waiting.entries > 0 && (served || !(split || unknown));
        if stuck || (waiting.photos > 0 && served) {
            return Err(broken(rule, format!("{}: {waiting:?}", node.name)));
        }
    }
    Ok(())
}

/// An exchange with nothing to say stays small, however much is held.
pub(super) fn nothing_to_do_costs_little(quiet: &Quiet<'_>) -> Result<(), Violation> {
    let rule = "nothing to do costs at most 400 bytes";
    for node in quiet.world.devices.iter().filter(|it| quiet.is_served(it)) {
        let (up, down) = node.wire.last();
        if up + down > NOTHING_TO_DO {
            let knows = node.progress();
            let found = format!("{}: {up} up and {down} down, {knows:?}", node.name);
            return Err(Violation { rule, found });
        }
    }
    Ok(())
}
