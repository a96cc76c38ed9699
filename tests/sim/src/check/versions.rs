//! Versions: an app that is too old is told so, and still drains its outbox.

use app_core::core::{Progress, RecordFacts};
use app_core::view::ConnectionState;
use shared::ids::LogId;

use super::{Quiet, broken};
use crate::device::DeviceNode;
use crate::world::{Violation, World};

/// After an exchange of an app that is too old.
pub(crate) fn an_older_app(
    node: &DeviceNode,
    before: Option<Progress>,
    log: LogId,
) -> Result<(), Violation> {
    let rule = "an older app is told to upgrade, and drains its outbox";
    let (Some(core), Some(before)) = (node.core(), before) else {
        return Ok(());
    };
    let waiting = core.outbox().map_err(|e| broken(rule, e))?;
    if waiting.entries > 0 {
        return Err(broken(rule, format!("{}: {waiting:?}", node.name)));
    }
    let status = core.status().map_err(|e| broken(rule, e))?;
    let told = status.connection.state;
    if !matches!(told, ConnectionState::Upgrade | ConnectionState::Revoked) {
        return Err(broken(rule, format!("{}: {told:?}", node.name)));
    }
    // Another lineage of the server, or of the log, sets cursors back, whoever is told of it.
    let after = core.progress().map_err(|e| broken(rule, e))?;
    let same = after.epoch == before.epoch && core.log() == log;
    if same && after.cursors != before.cursors {
        return Err(broken(rule, format!("{} was given news", node.name)));
    }
    Ok(())
}

/// While some apps are older than others and all is at rest: what an older one cannot read it says
/// that it cannot, and shows the record as the server reads it, with its status.
pub(crate) fn older_apps_show_what_the_server_reads(world: &World) -> Result<(), Violation> {
    let rule = "an older app shows what the server reads, and opens nothing that is newer";
    let quiet = Quiet::of(world)?;
    for (node, core) in quiet.running()? {
        if !quiet.is_served(node) {
            continue;
        }
        for record in core.record_ids().map_err(|e| broken(rule, e))? {
            let newest = quiet.look.schema_of(record).map_err(|e| broken(rule, e))?;
            let facts = core.facts(record).map_err(|e| broken(rule, e))?;
            let (Some(facts), Some(shown)) = (facts, quiet.shown(record)) else {
                continue;
            };
            if node.schema().reads(newest) {
                continue;
            }
            let shown = &shown.record;
            let listed = facts.place == shown.place_text && facts.review == shown.status;
            if !listed || !says_that_it_is_newer(&facts) {
                let found = format!("{record}: {} {facts:?}, server {shown:?}", node.name);
                return Err(Violation { rule, found });
            }
        }
    }
    Ok(())
}

/// True if the app does not say that it has everything. What the officer has to know first stands
/// before it.
fn says_that_it_is_newer(facts: &RecordFacts) -> bool {
    let first = ["not_accepted", "held", "parked"];
    facts.delivery == "newer" || first.contains(&facts.delivery.as_str())
}
