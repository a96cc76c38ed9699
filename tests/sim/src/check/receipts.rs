//! Receipts and what travels: nothing received is lost, nothing waits for ever.

use shared::ids::EntryId;

use super::{Quiet, broken};
use crate::world::{Violation, World};

/// Most bytes of an exchange with nothing to say, both ways, as docs/protocol has it.
const NOTHING_TO_DO: usize = 400;

/// An app that was told of a receipt knows of it after any death.
pub(super) fn a_device_forgets_nothing(world: &mut World) -> Result<(), Violation> {
    let rule = "a device forgets nothing it committed";
    for node in &world.devices {
        let Some(core) = node.core() else { continue };
        let known = core.received().map_err(|e| broken(rule, e))?;
        let told = world.ledger.received.get(&node.log).copied();
        if known < told {
            let found = format!("{}: knew {told:?}, knows {known:?}", node.name);
            return Err(Violation { rule, found });
        }
        if let Some(seq) = known {
            let log = node.log;
            world.ledger.told_received(EntryId { log, seq });
        }
    }
    Ok(())
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
        // Photos of a record that is held have nowhere to go until a person has looked.
        let photos = waiting.photos > 0 && quiet.is_served(node);
        if waiting.entries > 0 || photos {
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
            let found = format!("{}: {up} up and {down} down", node.name);
            return Err(Violation { rule, found });
        }
    }
    Ok(())
}
