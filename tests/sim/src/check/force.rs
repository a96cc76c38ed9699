//! What the force decides: everybody has it, and what was chosen before stands.

use shared::codes::names;
use shared::record::field;
use shared::settings::Gowisely;

use super::{Quiet, broken};
use crate::strike::force::{ENDED, decided, lasts};
use crate::world::Violation;

/// Fields that are chosen from a list, with the list.
const LISTED: [(&str, &str); 3] = [
    (field::OBJECT, names::OBJECTS),
    (field::POWER, names::POWERS),
    (field::SELF_ETHNICITY, names::SELF_ETHNICITIES),
];

/// The server gives out what was decided last, and every device that is served has it.
pub(super) fn everybody_has_what_was_decided(quiet: &Quiet<'_>) -> Result<(), Violation> {
    let rule = "everybody has what the force decided";
    let Some(force) = &quiet.world.ledger.force else {
        return Ok(());
    };
    let given = decided(&quiet.server).map_err(|e| broken(rule, e))?;
    if given.settings != force.settings || given.lists != force.lists {
        return Err(broken(rule, format!("the server has {:?}", given.settings)));
    }
    for (node, core) in quiet.running()? {
        if !quiet.is_served(node) {
            continue;
        }
        let lists = core.lists().map_err(|e| broken(rule, e))?;
        let items = force.settings.gowisely == Gowisely::Items;
        let locks = core.lock_after().as_secs() == u64::from(force.settings.lock_minutes) * 60;
        if lists.settings.gowisely_items != items || !locks {
            return Err(broken(rule, format!("{} has other settings", node.name)));
        }
        for list in force
            .lists
            .iter()
            .filter(|it| it.name != names::GROUNDS_PHRASES)
        {
            let offered = lists.lists.iter().find(|it| it.name == list.name);
            let offered = offered.map(|it| it.codes.as_slice()).unwrap_or_default();
            for code in &list.codes {
                let here = offered.iter().find(|it| it.code == code.code);
                let same =
                    here.is_some_and(|it| it.label == code.label && it.suspicion == code.suspicion);
                let gone = here.is_none();
                let ended = code.until.as_deref() == Some(ENDED);
                if (lasts(code) && !same) || (ended && !gone) {
                    let found = format!("{} offers {here:?} for {code:?}", node.name);
                    return Err(Violation { rule, found });
                }
            }
        }
    }
    Ok(())
}

/// What was chosen from a list is in the record as it was chosen, in words that people read, also
/// after its code has ended.
pub(super) fn what_was_chosen_stands(quiet: &Quiet<'_>) -> Result<(), Violation> {
    let rule = "what was chosen stands, and has its words";
    let ledger = &quiet.world.ledger;
    let Some(force) = &ledger.force else {
        return Ok(());
    };
    for ((record, name), code) in &ledger.chosen {
        let written = ledger.written.iter().any(|it| it.record == *record);
        let Some(shown) = record.parse().ok().and_then(|id| quiet.shown(id)) else {
            continue;
        };
        let there = shown.fields.get(*name).and_then(serde_json::Value::as_str);
        if written && there != Some(code.as_str()) {
            let found = format!("{record}: {name} is {there:?}, was {code}");
            return Err(Violation { rule, found });
        }
        let Some((_, list)) = LISTED.iter().find(|(it, _)| it == name) else {
            continue;
        };
        let label = shown.labels.get(*name).map(String::as_str);
        let due = force.lists.get(list, code).map(|it| it.label.as_str());
        // A list that only a lost lineage of the server had has no words any more.
        if due.is_some() && label != due {
            let found = format!("{record}: {name} {code} reads {label:?}, not {due:?}");
            return Err(Violation { rule, found });
        }
    }
    Ok(())
}
