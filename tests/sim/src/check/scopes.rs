//! Scopes: nobody is given what no grant allows.

use sync_server::view::ConsoleRecord;

use super::{Ledger, Quiet, broken};
use crate::device::DeviceNode;
use crate::strike::staff::TEAM;
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
            if facts.as_ref().is_none_or(|it| it.review == "unsubmitted") {
                return Err(broken(rule, format!("{id} on {}: {facts:?}", node.name)));
            }
        }
    }
    Ok(())
}

/// A revoked device is given nothing more.
pub(super) fn a_revoked_device_is_given_nothing(world: &mut World) -> Result<(), Violation> {
    let rule = "a revoked device is given nothing";
    let Some((device, then)) = &world.ledger.revoked else {
        return Ok(());
    };
    let Some(core) = world.devices.get(*device).and_then(DeviceNode::core) else {
        return Ok(());
    };
    let own = || {
        world
            .ledger
            .written
            .iter()
            .filter(|it| it.device == *device)
    };
    for record in core.record_ids().map_err(|e| broken(rule, e))? {
        let written = own().any(|it| it.record == record.to_string());
        if !then.contains(&record) && !written {
            let facts = core.facts(record).map_err(|e| broken(rule, e))?;
            return Err(broken(rule, format!("{record}: {facts:?}")));
        }
    }
    Ok(())
}

/// Every record on a device is its officer's, or of the team that its officer supervises.
pub(super) fn nobody_holds_what_no_grant_allowed(quiet: &Quiet<'_>) -> Result<(), Violation> {
    let rule = "nobody holds what no grant allowed";
    for (node, core) in quiet.running()? {
        // One that is given nothing is not told what to destroy either: its lease ends.
        if !quiet.is_served(node) {
            continue;
        }
        for record in core.record_ids().map_err(|e| broken(rule, e))? {
            let Some(shown) = quiet.shown(record) else {
                continue;
            };
            if !may_hold(node, &shown.record, &quiet.world.ledger) {
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

/// True if the officer of the device may see the record: it is their own, it was shared with
/// them, or it was submitted in the team that they supervise.
pub(super) fn may_hold(node: &DeviceNode, record: &ConsoleRecord, ledger: &Ledger) -> bool {
    let own = record.officer.contains(node.collar.as_str());
    let team = ledger.team.unwrap_or(TEAM);
    let supervised = node.collar == SERGEANT
        && record.status != "unsubmitted"
        && record.team.as_deref() == Some(team);
    let shared = (record.id.clone(), node.collar.clone());
    own || supervised || ledger.shared.contains(&shared)
}

/// True if the officer of the device must see it.
pub(super) fn must_hold(node: &DeviceNode, record: &ConsoleRecord, ledger: &Ledger) -> bool {
    let shared = (record.id.clone(), node.collar.clone());
    // Whether a share stands is not for this rule to know.
    let by_share_alone =
        ledger.shared.contains(&shared) && !record.officer.contains(node.collar.as_str());
    may_hold(node, record, ledger) && !by_share_alone
}
