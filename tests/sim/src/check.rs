//! What must hold: at every step, and when all is quiet.

use std::collections::BTreeMap;

use app_core::core::Core;
use shared::hash::BlobHash;
use shared::ids::{EntryId, LogId, RecordId, Seq};
use sync_server::service::Server;

use crate::device::DeviceNode;
use crate::server::PASSWORD;
use crate::world::{Violation, World};

/// What people were told, kept outside the world so that nothing in it can forget it.
#[derive(Debug, Default)]
pub struct Ledger {
    marks: u64,
    written: Vec<(String, String)>,
    drafts: Vec<(LogId, String, String)>,
    photos: Vec<(String, String)>,
    received: BTreeMap<LogId, Seq>,
    /// How many reviews were signed.
    pub reviews: u64,
}

impl Ledger {
    /// A text that nobody has written before.
    pub(crate) fn mark(&mut self) -> String {
        self.marks += 1;
        format!("mark-{:06}", self.marks)
    }

    /// The app said that this was saved.
    pub(crate) fn wrote(&mut self, record: &str, mark: String) {
        self.written.push((record.to_owned(), mark));
    }

    /// The app said that this was kept as a draft.
    pub(crate) fn drafted(&mut self, log: LogId, draft: String, mark: String) {
        self.drafts.push((log, draft, mark));
    }

    /// The app said that this photo was kept.
    pub(crate) fn photographed(&mut self, record: &str, sha256: String) {
        self.photos.push((record.to_owned(), sha256));
    }

    /// The app shows that everything of its log up to here was received.
    fn told_received(&mut self, id: EntryId) {
        let last = self.received.entry(id.log).or_insert(id.seq);
        *last = id.seq.max(*last);
    }
}

/// What holds at every step: what was ever shown as received is on the server's disk.
pub(crate) fn at_each_step(world: &mut World) -> Result<(), Violation> {
    for node in &world.devices {
        let Some(core) = node.core() else { continue };
        let log = core.log();
        let rule = "a device forgets nothing it committed";
        let known = core.received().map_err(|e| broken(rule, e))?;
        if known < world.ledger.received.get(&log).copied() {
            let found = format!(
                "{} {known:?} {:?}",
                node.name,
                world.ledger.received.get(&log)
            );
            return Err(Violation { rule, found });
        }
        if let Some(last) = known {
            world.ledger.told_received(EntryId { log, seq: last });
        }
    }
    let Some(server) = world.server.server() else {
        return Ok(());
    };
    for (&log, &told) in &world.ledger.received {
        let kept = server
            .received(log)
            .map_err(|e| broken("the server's store answers", e))?;
        if kept.is_none_or(|kept| kept < told) {
            let found = format!("told {told} of {log}, kept {kept:?}");
            return Err(Violation {
                rule: "received is never lost",
                found,
            });
        }
    }
    Ok(())
}

/// What holds when everything is healed and at rest.
pub(crate) fn when_quiet(world: &World) -> Result<(), Violation> {
    for node in &world.devices {
        outbox_is_empty(node)?;
    }
    nothing_written_is_lost(world)?;
    every_photo_arrived(world)?;
    replicas_are_equal(world)?;
    drafts_are_kept(world)
}

fn outbox_is_empty(node: &DeviceNode) -> Result<(), Violation> {
    let rule = "every outbox is drained";
    let core = running(node)?;
    let waiting = core.outbox().map_err(|e| broken(rule, e))?;
    if waiting.entries == 0 {
        return Ok(());
    }
    Err(Violation {
        rule,
        found: format!("{}: {waiting:?}", node.name),
    })
}

/// Every text that an app said was saved is in its record on the server, once.
fn nothing_written_is_lost(world: &World) -> Result<(), Violation> {
    let rule = "no words are lost or doubled";
    let server = world
        .server
        .server()
        .ok_or_else(|| broken(rule, "the server is off"))?;
    let console = console(&server)?;
    for (record, mark) in &world.ledger.written {
        let id: RecordId = record.parse().map_err(|e| broken(rule, e))?;
        let Ok(detail) = server.console_record(&console, id) else {
            let found = format!("{mark}: the server does not show {}", known(world, id));
            return Err(Violation { rule, found });
        };
        let fields = detail.fields.values().filter_map(serde_json::Value::as_str);
        let words = fields.chain(detail.addenda.iter().map(|it| it.text.as_str()));
        let times = words.filter(|text| text.contains(mark.as_str())).count();
        if times != 1 {
            return Err(Violation {
                rule,
                found: format!("{mark} {times} times in {record}"),
            });
        }
    }
    Ok(())
}

/// Every photo that an app said was kept is whole on the server, under its record.
fn every_photo_arrived(world: &World) -> Result<(), Violation> {
    let rule = "every photo arrives whole";
    let server = world
        .server
        .server()
        .ok_or_else(|| broken(rule, "the server is off"))?;
    let console = console(&server)?;
    for (record, sha256) in &world.ledger.photos {
        let id: RecordId = record.parse().map_err(|e| broken(rule, e))?;
        let blob: BlobHash = sha256.parse().map_err(|e| broken(rule, e))?;
        let photo = server
            .console_photo(&console, id, blob, false)
            .map_err(|e| broken(rule, format!("{sha256} of {record}: {e}")))?;
        if BlobHash::of(&photo.bytes) != blob {
            return Err(broken(rule, format!("{sha256} has other bytes")));
        }
    }
    Ok(())
}

/// The author's replica, the sergeant's and the server's have the same heads and status.
fn replicas_are_equal(world: &World) -> Result<(), Violation> {
    let rule = "all replicas are equal when quiet";
    let server = world
        .server
        .server()
        .ok_or_else(|| broken(rule, "the server is off"))?;
    let console = console(&server)?;
    let sergeant = running(world.sergeant())?;
    for node in world.officers() {
        let core = running(node)?;
        for record in core.record_ids().map_err(|e| broken(rule, e))? {
            let Some(heads) = server.heads(record).map_err(|e| broken(rule, e))? else {
                return Err(Violation {
                    rule,
                    found: format!("{record} is not on the server"),
                });
            };
            let shown = server
                .console_record(&console, record)
                .map_err(|e| broken(rule, e))?;
            let review = shown.record.status;
            for (name, replica) in [(&node.name, &core), (&world.sergeant().name, &sergeant)] {
                let facts = replica.facts(record).map_err(|e| broken(rule, e))?;
                let same = facts
                    .as_ref()
                    .is_some_and(|it| it.heads == heads && it.review == review);
                if !same {
                    let found = format!("{record}: {name} {facts:?}, server {heads:?} {review}");
                    return Err(Violation { rule, found });
                }
            }
        }
    }
    let unopened = sergeant.unopened().map_err(|e| broken(rule, e))?;
    if unopened > 0 {
        return Err(Violation {
            rule,
            found: format!("{unopened} items were never opened"),
        });
    }
    Ok(())
}

/// Every draft that an app said was saved is still there, with its words.
fn drafts_are_kept(world: &World) -> Result<(), Violation> {
    let rule = "no draft is lost";
    for (log, draft, mark) in &world.ledger.drafts {
        for node in world.officers() {
            let core = running(node)?;
            if core.log() != *log {
                continue;
            }
            let view = core.draft(draft).map_err(|e| broken(rule, e))?;
            if !format!("{:?}", view.fields).contains(mark.as_str()) {
                return Err(Violation {
                    rule,
                    found: format!("{mark} on {}", node.name),
                });
            }
        }
    }
    Ok(())
}

/// What the devices know of a record, for the trace.
fn known(world: &World, record: RecordId) -> String {
    let facts = world.devices.iter().filter_map(|node| {
        let facts = node.core()?.facts(record).ok()??;
        Some(format!("{} {facts:?}", node.name))
    });
    format!("{record}: {}", facts.collect::<Vec<_>>().join("; "))
}

/// A session of the control room.
fn console(server: &Server) -> Result<String, Violation> {
    let (token, _) = server
        .console_sign_in("3000", PASSWORD)
        .map_err(|e| broken("the control room can sign in", e))?;
    Ok(token)
}

fn running(node: &DeviceNode) -> Result<std::sync::Arc<Core>, Violation> {
    node.core()
        .ok_or_else(|| broken("every device runs in the end", &node.name))
}

fn broken(rule: &'static str, error: impl std::fmt::Display) -> Violation {
    Violation {
        rule,
        found: error.to_string(),
    }
}
