//! Logs: each verifies as anybody outside could, and what was cut off of one is kept.

use super::{Quiet, broken};
use crate::world::Violation;

/// Chain, signatures and payloads of every log hold on the server.
pub(super) fn every_log_verifies(quiet: &Quiet<'_>) -> Result<(), Violation> {
    let rule = "every log verifies";
    let report = quiet.server.verify_logs().map_err(|e| broken(rule, e))?;
    match report.first_broken {
        Some(place) => Err(broken(rule, place)),
        None => Ok(()),
    }
}

/// What was signed is what was sent, also after the copy of its record was destroyed and the
/// server had to be offered it again.
pub(super) fn no_signed_payload_is_lost(quiet: &Quiet<'_>) -> Result<(), Violation> {
    let rule = "no signed payload is lost";
    for node in &quiet.world.devices {
        let lost = quiet.look.has_lost_payload(node.log);
        if lost.map_err(|e| broken(rule, e))? {
            return Err(broken(rule, &node.name));
        }
    }
    Ok(())
}

/// What was cut off of a log that has split is on the server as evidence, also where its officer
/// cannot sign in for another.
pub(super) fn what_was_cut_off_is_evidence(quiet: &Quiet<'_>) -> Result<(), Violation> {
    let rule = "what was cut off is evidence";
    for (node, core) in quiet.running()? {
        let waits = core.evidence_waits().map_err(|e| broken(rule, e))?;
        if waits {
            return Err(broken(rule, format!("{} keeps some of it", node.name)));
        }
        let Some(split) = core.split().map_err(|e| broken(rule, e))? else {
            continue;
        };
        let waiting = core.outbox().map_err(|e| broken(rule, e))?.entries;
        let received = core.received().map_err(|e| broken(rule, e))?;
        let end = received.map_or(0, |last| last.0 + 1) + u64::from(waiting);
        let cut = end.saturating_sub(split.last.map_or(0, |last| last.seq.0 + 1));
        let listed = quiet.server.listed_devices().map_err(|e| broken(rule, e))?;
        let id = node.id.to_string();
        let kept = listed.iter().find(|it| it.device.id == id);
        let kept = kept.map_or(0, |it| it.evidence);
        if kept < cut {
            let found = format!("{}: {cut} cut off, {kept} kept", node.name);
            return Err(broken(rule, found));
        }
    }
    Ok(())
}
