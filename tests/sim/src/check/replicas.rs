//! Replicas: all who hold a record hold the same, and what is approved is what was approved.

use app_core::core::Core;
use shared::ids::RecordId;

use super::{Quiet, broken};
use crate::device::DeviceNode;
use crate::fault::Fault;
use crate::world::Violation;

/// Every device that is served has each record that its officer may see, with the server's
/// heads and status, and nothing that was sent to it is left unopened.
pub(super) fn all_who_hold_a_record_hold_the_same(quiet: &Quiet<'_>) -> Result<(), Violation> {
    let rule = "all replicas are equal when quiet";
    for record in records(quiet, rule)? {
        let Some(heads) = quiet.server.heads(record).map_err(|e| broken(rule, e))? else {
            continue;
        };
        // The control room is shown what was submitted: a submission may be held for a person.
        let Some(shown) = quiet.shown(record) else {
            nobody_sees_it_as_submitted(quiet, record)?;
            continue;
        };
        let shown = &shown.record;
        for (node, core) in quiet.running()? {
            let ledger = &quiet.world.ledger;
            let must = super::scopes::must_hold(node, shown, ledger);
            let facts = core.facts(record).map_err(|e| broken(rule, e))?;
            if !quiet.is_served(node) || (facts.is_none() && !must) {
                continue;
            }
            // Words that are held are in their author's document and nowhere else.
            let same = facts
                .as_ref()
                .is_some_and(|it| it.accepted_heads == heads && it.review == shown.status);
            let held = quiet.may_be_held(node, node.log, &record.to_string())
                || quiet.holds_words_of(&node.collar, record);
            let open = facts.as_ref().is_some_and(|it| it.heads == heads || held);
            if !same || !open {
                let (status, how) = (&shown.status, stands(quiet, node, &core, record));
                let found = format!(
                    "{record}: {} {facts:?}, server {heads:?} {status}; {how}",
                    node.name
                );
                return Err(Violation { rule, found });
            }
        }
    }
    for (node, core) in quiet.running()? {
        // One that is cut off in the middle of a backfill is owed the rest of it for good.
        if !quiet.is_served(node) {
            continue;
        }
        let unopened = core.unopened().map_err(|e| broken(rule, e))?;
        if unopened > 0 {
            let found = format!("{unopened} items were never opened on {}", node.name);
            return Err(Violation { rule, found });
        }
    }
    Ok(())
}

/// Digests find no hole where nothing was copied or restored: what they mend elsewhere must not
/// come of exchanging.
pub(super) fn no_hole_had_to_be_filled(quiet: &Quiet<'_>) -> Result<(), Violation> {
    let rule = "no hole had to be filled";
    let copies = [
        Fault::DeviceRestored,
        Fault::DeviceCloned,
        Fault::ServerRestored,
    ];
    let struck = quiet.world.struck.times();
    if struck
        .iter()
        .any(|(it, times)| copies.contains(it) && *times > 0)
    {
        return Ok(());
    }
    for (node, core) in quiet.running()? {
        let repairs = core.sending().map_err(|e| broken(rule, e))?.details.repairs;
        if repairs > 0 {
            return Err(broken(rule, format!("{}: {repairs}", node.name)));
        }
    }
    Ok(())
}

fn nobody_sees_it_as_submitted(quiet: &Quiet<'_>, record: RecordId) -> Result<(), Violation> {
    let rule = "what was submitted is shown to the control room";
    for (node, core) in quiet.running()? {
        let facts = core.facts(record).map_err(|e| broken(rule, e))?;
        let submitted = facts.is_some_and(|it| it.review != "unsubmitted");
        if quiet.is_served(node) && submitted {
            return Err(broken(rule, format!("{record} on {}", node.name)));
        }
    }
    Ok(())
}

/// How a device stands with the server, for the trace.
fn stands(quiet: &Quiet<'_>, node: &DeviceNode, core: &Core, record: RecordId) -> String {
    let state = core.status().map(|it| it.connection.state);
    let (state, progress) = (state.ok(), core.progress().ok());
    let audit = quiet.server.audit_of(record).unwrap_or_default();
    format!("{:?} {state:?} {progress:?} {audit:?}", node.log)
}

/// Every record that an app knows of.
fn records(quiet: &Quiet<'_>, rule: &'static str) -> Result<Vec<RecordId>, Violation> {
    let mut all = Vec::new();
    for (_, core) in quiet.running()? {
        all.extend(core.record_ids().map_err(|e| broken(rule, e))?);
    }
    all.sort();
    all.dedup();
    Ok(all)
}

/// A record that is shown as approved was approved in exactly the state it has.
pub(super) fn approved_means_that_this_state_was_approved(
    quiet: &Quiet<'_>,
) -> Result<(), Violation> {
    let rule = "approved means that this state was approved";
    for record in records(quiet, rule)? {
        let Some(shown) = quiet.shown(record) else {
            continue;
        };
        if shown.record.status != "approved" {
            continue;
        }
        let heads = quiet.server.heads(record).map_err(|e| broken(rule, e))?;
        let heads: Vec<_> = heads.iter().flatten().map(ToString::to_string).collect();
        let of_it = |it: &&super::ledger::Reviewed| {
            it.approved && it.record == record.to_string() && it.heads == heads
        };
        if !quiet.world.ledger.reviews.iter().any(|it| of_it(&it)) {
            return Err(broken(rule, format!("{record} {heads:?}")));
        }
    }
    Ok(())
}

/// Whoever is shown as having approved a record has written nothing of it.
pub(super) fn nobody_approved_their_own_change(quiet: &Quiet<'_>) -> Result<(), Violation> {
    let rule = "nobody approved their own change";
    for record in records(quiet, rule)? {
        let Some(shown) = quiet.shown(record) else {
            continue;
        };
        if shown.record.status != "approved" {
            continue;
        }
        let wrote = shown
            .timeline
            .iter()
            .filter(|event| ["created", "changed"].contains(&event.code.as_str()))
            .find(|event| Some(&event.by) == shown.record.status_by.as_ref());
        if wrote.is_some() {
            return Err(broken(
                rule,
                format!("{record} {:?}", shown.record.status_by),
            ));
        }
    }
    Ok(())
}
