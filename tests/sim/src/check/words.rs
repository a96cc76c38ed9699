//! Words and photos: what an app said it had kept is kept, once.

use std::collections::BTreeMap;

use shared::hash::BlobHash;
use shared::ids::RecordId;

use super::ledger::Written;
use super::{Quiet, broken};
use crate::world::Violation;

/// Every text that an app said was saved is in its record on the server, once. Where the
/// officer's entries are held for a person, it is at least still on the device.
pub(super) fn no_words_are_lost_or_doubled(quiet: &Quiet<'_>) -> Result<(), Violation> {
    let rule = "no words are lost or doubled";
    let mut of_record: BTreeMap<&str, Vec<&Written>> = BTreeMap::new();
    for written in &quiet.world.ledger.written {
        of_record.entry(&written.record).or_default().push(written);
    }
    for (record, all) in of_record {
        if quiet.world.ledger.is_erased(record) {
            continue;
        }
        let id: RecordId = record.parse().map_err(|e| broken(rule, e))?;
        let texts = texts(quiet, id);
        for written in all {
            let has = |text: &&String| text.contains(written.mark.as_str());
            let times = texts.iter().filter(has).count();
            if times == 1 || (times == 0 && is_kept(quiet, written)?) {
                continue;
            }
            let found = format!("{} {times} times in {}", written.mark, known(quiet, id));
            return Err(Violation { rule, found });
        }
    }
    Ok(())
}

/// All words of a record, as the server shows it.
fn texts(quiet: &Quiet<'_>, id: RecordId) -> Vec<String> {
    let Some(detail) = quiet.shown(id) else {
        return Vec::new();
    };
    let fields = detail.fields.values().filter_map(serde_json::Value::as_str);
    let words = fields.map(str::to_owned);
    words
        .chain(detail.addenda.iter().map(|it| it.text.clone()))
        .collect()
}

/// True if the words may be held for a person, and are on the server or still on the device.
fn is_kept(quiet: &Quiet<'_>, written: &Written) -> Result<bool, Violation> {
    let Some(node) = quiet.world.devices.get(written.device) else {
        return Ok(false);
    };
    // What was said again in a later log is held with that.
    let held = |log| quiet.may_be_held(node, log, &written.record);
    let id = written.record.parse();
    let in_it = id.is_ok_and(|id| quiet.holds_words_of(&node.collar, id));
    if !(held(written.last.log) || held(node.log) || in_it) {
        return Ok(false);
    }
    let said = |e| broken("the server's database reads", e);
    let received = quiet.look.has_words(&written.mark).map_err(said)?;
    if received || quiet.look.has_evidence(&written.mark).map_err(said)? {
        return Ok(true);
    }
    let view = super::running(node)?.record(&written.record);
    Ok(view.is_ok_and(|view| format!("{view:?}").contains(written.mark.as_str())))
}

/// Every photo that an app said was kept is whole on the server, under its record.
pub(super) fn every_photo_arrives(quiet: &Quiet<'_>) -> Result<(), Violation> {
    let rule = "every photo arrives whole";
    let held = |photo: &&Written| {
        let node = quiet.world.devices.get(photo.device);
        let node = node.filter(|_| !quiet.world.ledger.is_erased(&photo.record));
        node.is_none_or(|node| {
            let id = photo.record.parse();
            quiet.may_be_held(node, photo.last.log, &photo.record)
                || id.is_ok_and(|id| quiet.holds_words_of(&node.collar, id))
        })
    };
    for photo in quiet.world.ledger.photos.iter().filter(|it| !held(it)) {
        let id: RecordId = photo.record.parse().map_err(|e| broken(rule, e))?;
        let blob: BlobHash = photo.mark.parse().map_err(|e| broken(rule, e))?;
        let found = quiet
            .server
            .console_photo(&quiet.console, id, blob, false)
            .map_err(|e| broken(rule, format!("{blob} of {id}: {e}")))?;
        if BlobHash::of(&found.bytes) != blob {
            return Err(broken(rule, format!("{blob} has other bytes")));
        }
    }
    Ok(())
}

/// A record that was erased is on no device that is told so, and not on the server, whatever was
/// restored since.
pub(super) fn what_was_erased_is_nowhere(quiet: &Quiet<'_>) -> Result<(), Violation> {
    let rule = "what was erased is nowhere";
    for &record in &quiet.world.ledger.erased {
        if quiet.shown(record).is_some() {
            return Err(broken(rule, format!("{record} is on the server")));
        }
        for (node, core) in quiet.running()? {
            let held = core.facts(record).map_err(|e| broken(rule, e))?;
            // A copy of the device that submitted it may hold the draft of it, which is its officer's.
            let unsent = core.draft(&record.to_string()).is_ok();
            if quiet.is_served(node) && held.is_some() && !unsent {
                return Err(broken(
                    rule,
                    format!("{record} is on {}: {held:?}", node.name),
                ));
            }
        }
    }
    Ok(())
}

/// Every draft that an app said was saved is still there, with its words.
pub(super) fn drafts_are_kept(quiet: &Quiet<'_>) -> Result<(), Violation> {
    let rule = "no draft is lost";
    for draft in &quiet.world.ledger.drafts {
        let Some(node) = quiet.world.devices.get(draft.device) else {
            continue;
        };
        let core = super::running(node)?;
        let view = core.draft(&draft.record);
        // A disk that failed may have kept a submission and said that it did not.
        let id: RecordId = draft.record.parse().map_err(|e| broken(rule, e))?;
        if core.facts(id).map_err(|e| broken(rule, e))?.is_some() {
            continue;
        }
        let view = view.map_err(|e| broken(rule, format!("{}: {e}", node.name)))?;
        if !format!("{:?}", view.fields).contains(draft.mark.as_str()) {
            return Err(broken(rule, format!("{} on {}", draft.mark, node.name)));
        }
    }
    Ok(())
}

/// What the devices know of a record, for the trace.
fn known(quiet: &Quiet<'_>, record: RecordId) -> String {
    let facts = quiet.world.devices.iter().filter_map(|node| {
        let facts = node.core()?.facts(record).ok()??;
        Some(format!("{} {facts:?}", node.name))
    });
    format!("{record}: {}", facts.collect::<Vec<_>>().join("; "))
}
