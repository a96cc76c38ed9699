//! Versions: an app that is too old is told so, and still drains its outbox.

use app_core::core::Progress;
use app_core::view::ConnectionState;
use shared::ids::LogId;

use super::broken;
use crate::device::DeviceNode;
use crate::world::Violation;

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
