//! Scopes: nobody is given what no grant allows.

use sync_server::view::ConsoleRecord;

use super::{Quiet, broken};
use crate::device::DeviceNode;
use crate::world::{SERGEANT, Violation, World};

/// A supervisor is given a record with its submission, not before it.
pub(super) fn nothing_comes_before_it_is_submitted(world: &mut World) -> Result<(), Violation> {
    let rule = "nothing comes before it is submitted";
    for node in world.devices.iter().filter(|it| it.collar == SERGEANT) {
        let Some(core) = node.core() else { continue };
        for id in core.record_ids().map_err(|e| broken(rule, e))? {
            if !world.ledger.seen.insert((node.log, id)) {
                continue;
            }
            let facts = core.facts(id).map_err(|e| broken(rule, e))?;
            if facts.is_none_or(|facts| facts.review == "unsubmitted") {
                return Err(broken(rule, format!("{id} on {}", node.name)));
            }
        }
    }
    Ok(())
}

/// A revoked device is given nothing more.
pub(super) fn a_revoked_device_is_given_nothing(world: &mut World) -> Result<(), Violation> {
    let rule = "a revoked device is given nothing";
    let Some((log, then)) = &world.ledger.revoked else {
        return Ok(());
    };
    let node = world.devices.iter().find(|node| node.log == *log);
    match node.and_then(DeviceNode::progress) {
        Some(now) if now.cursors != *then => {
            Err(broken(rule, format!("{then:?} became {:?}", now.cursors)))
        }
        _ => Ok(()),
    }
}

/// Every record on a device is its officer's, or of the team that its officer supervises.
pub(super) fn nobody_holds_what_no_grant_allowed(quiet: &Quiet<'_>) -> Result<(), Violation> {
    let rule = "nobody holds what no grant allowed";
    for (node, core) in quiet.running()? {
        for record in core.record_ids().map_err(|e| broken(rule, e))? {
            let Ok(shown) = quiet.server.console_record(&quiet.console, record) else {
                continue;
            };
            if !may_hold(node, &shown.record) {
                let of = &shown.record.officer;
                return Err(broken(
                    rule,
                    format!("{} holds {record} of {of}", node.name),
                ));
            }
        }
    }
    Ok(())
}

/// True if the officer of the device may see the record.
pub(super) fn may_hold(node: &DeviceNode, record: &ConsoleRecord) -> bool {
    let own = record.officer.contains(node.collar.as_str());
    let team = node.collar == SERGEANT && record.status != "unsubmitted";
    own || team
}
