//! Verdicts: each entry has one, it is the right one, screens say nothing else, and the audit
//! has it.

use std::collections::BTreeMap;

use app_core::core::Core;
use shared::ids::{EntryId, LogId, RecordId};

use super::{Quiet, broken};
use crate::world::{Violation, World};

/// Where a record is shown as received, the server has let in every entry of it.
pub(super) fn the_tick_is_true(world: &mut World) -> Result<(), Violation> {
    let rule = "the tick means accepted";
    let (Some(server), Some(node)) = (world.server.server(), world.dice.pick(&world.devices))
    else {
        return Ok(());
    };
    let Some(core) = node.core() else {
        return Ok(());
    };
    let records = core.record_ids().map_err(|e| broken(rule, e))?;
    let Some(id) = world.dice.pick(&records) else {
        return Ok(());
    };
    let Some(facts) = core.facts(*id).map_err(|e| broken(rule, e))? else {
        return Ok(());
    };
    // Another lineage of the server, of which it does not know yet, judges anew.
    let epoch = core.progress().map_err(|e| broken(rule, e))?.epoch;
    if world.epoch.is_some() && epoch != world.epoch {
        return Ok(());
    }
    // Of others' records there are readings too, which nobody sees as sent.
    let erased = world.ledger.erased.contains(id);
    if !facts.own || erased || !facts.delivery.starts_with("received") {
        return Ok(());
    }
    // What another entry took the place of is said there.
    let said = of_log(&facts.entries, node.log).filter(|(_, shown)| *shown != "superseded");
    for (entry, shown) in said {
        let verdict = server.verdict(*entry).map_err(|e| broken(rule, e))?;
        if verdict != "accepted" {
            let found = format!("{} shows {entry} as {shown}: {verdict}", node.name);
            return Err(Violation { rule, found });
        }
    }
    Ok(())
}

fn of_log<'a>(
    entries: &'a [(EntryId, &'static str)],
    log: LogId,
) -> impl Iterator<Item = &'a (EntryId, &'static str)> {
    entries.iter().filter(move |(id, _)| id.log == log)
}

/// What was parked for something is judged again once that is in, before anybody gives it up.
pub(crate) fn nothing_waits_for_what_is_here(world: &World) -> Result<(), Violation> {
    let rule = "nothing waits for what is here";
    let look = world.server.look().map_err(|e| broken(rule, e))?;
    match look.waits_in_vain().map_err(|e| broken(rule, e))? {
        Some(entry) => Err(broken(rule, entry)),
        None => Ok(()),
    }
}

/// Every entry of every honest device has a verdict; it is acceptance, or the entry is held
/// for a person where it has to be.
pub(super) fn everything_is_judged(quiet: &Quiet<'_>) -> Result<(), Violation> {
    let rule = "every entry is judged, and none that is honest is refused";
    for (node, core) in quiet.running()? {
        for record in core.record_ids().map_err(|e| broken(rule, e))? {
            if quiet.world.ledger.erased.contains(&record) {
                continue;
            }
            let facts = core.facts(record).map_err(|e| broken(rule, e))?;
            let Some(facts) = facts else { continue };
            for (entry, known) in &Quiet::own_entries(node, &core, &facts)? {
                let verdict = quiet.server.verdict(*entry).map_err(|e| broken(rule, e))?;
                let held = quiet.world.ledger.holds(*entry);
                let may = quiet.may_be_held(node, node.log, &record.to_string());
                let due = match verdict {
                    // What is held may have been released by the sergeant.
                    "accepted" => !held || quiet.world.ledger.ruled,
                    // What waited for something that nobody offers was said again by its author;
                    // who signed it is asked to sign it again, on what the server has, or would not.
                    "rejected" if *known == "superseded" => true,
                    "waiting" | "rejected" if *known == "dropped" => true,
                    "waiting" | "rejected" if is_asked_again(&core, *entry)? => true,
                    "quarantined" if quiet.is_rightly_held(record, *entry) => true,
                    "quarantined" | "rejected" => held || may,
                    // It rests on what both the server and its author's device have lost.
                    "waiting" if nobody_has(quiet, record)? || quiet.both_went_back() => true,
                    // What a revoked device sends is sealed, and judged once it is released.
                    _ => held,
                };
                // Those that are given no news any more are not told.
                let told = match *known {
                    "superseded" => verdict == "rejected",
                    "parked" if verdict == "waiting" => true,
                    "dropped" => ["waiting", "rejected"].contains(&verdict),
                    known => known == verdict || !quiet.is_served(node),
                };
                if !due || !told {
                    let said = said_of(quiet, *entry, record);
                    let found = format!(
                        "{} {entry} of {record}: {verdict}, known {known}; {said}",
                        node.name
                    );
                    return Err(Violation { rule, found });
                }
            }
        }
    }
    Ok(())
}

/// True if a statement has been put before its signer again.
fn is_asked_again(core: &Core, entry: EntryId) -> Result<bool, Violation> {
    let asked = core.confirmations();
    let asked = asked.map_err(|e| broken("what has to be signed again is told", e))?;
    let name = entry.to_string();
    Ok(asked.iter().any(|it| it.entry == name))
}

/// True if the server does not know the record. Every outbox is empty: nobody has its beginning.
fn nobody_has(quiet: &Quiet<'_>, record: RecordId) -> Result<bool, Violation> {
    let heads = quiet.server.heads(record);
    let heads = heads.map_err(|e| broken("a record that is known reads", e))?;
    Ok(heads.is_none())
}

/// What the audit says of an entry, for the trace.
fn said_of(quiet: &Quiet<'_>, entry: EntryId, record: RecordId) -> String {
    let rows = quiet.server.audit_of(record).unwrap_or_default();
    let name = format!("entry={entry} ");
    let of_it = rows
        .into_iter()
        .filter(|(_, detail)| detail.contains(&name));
    of_it
        .map(|(kind, detail)| format!("{kind} {detail}"))
        .collect::<Vec<_>>()
        .join("; ")
}

/// What came after an account ended, or from a device that was revoked, was let in by nobody.
pub(super) fn nothing_is_accepted_after_its_right_ended(
    quiet: &Quiet<'_>,
) -> Result<(), Violation> {
    let rule = "nothing is let in after the right to it ended";
    for (node, core) in quiet.running()? {
        if !quiet.world.ledger.is_held(node.log) || quiet.world.ledger.ruled {
            continue;
        }
        let last = core.received().map_err(|e| broken(rule, e))?;
        for seq in 0..=last.map_or(0, |last| last.0) {
            let entry = EntryId {
                log: node.log,
                seq: shared::ids::Seq(seq),
            };
            let verdict = quiet.server.verdict(entry).map_err(|e| broken(rule, e))?;
            if quiet.world.ledger.holds(entry) && verdict == "accepted" {
                return Err(broken(rule, format!("{entry} of {}", node.name)));
            }
        }
    }
    Ok(())
}

/// Each hostile form has its own verdict.
pub(super) fn hostile_entries_get_their_verdicts(quiet: &Quiet<'_>) -> Result<(), Violation> {
    let rule = "each hostile form gets its own verdict";
    let hostile = &quiet.world.hostile;
    match hostile
        .misjudged(quiet.world.ledger.ruled)
        .or(hostile.let_through.first().cloned())
    {
        Some(found) => Err(Violation { rule, found }),
        None => Ok(()),
    }
}

/// The audit's chain holds, and it has the judgement of every entry.
pub(super) fn the_audit_accounts_for_every_entry(quiet: &Quiet<'_>) -> Result<(), Violation> {
    let rule = "the audit accounts for every entry";
    let report = quiet.server.verify_audit().map_err(|e| broken(rule, e))?;
    if let Some(row) = report.broken_at {
        return Err(broken(rule, format!("its chain breaks at {row}")));
    }
    let mut of_record: BTreeMap<RecordId, Vec<EntryId>> = BTreeMap::new();
    for (node, core) in quiet.running()? {
        for record in core.record_ids().map_err(|e| broken(rule, e))? {
            let facts = core.facts(record).map_err(|e| broken(rule, e))?;
            let Some(facts) = facts else { continue };
            let entries = Quiet::own_entries(node, &core, &facts)?.into_iter();
            let entries = entries.map(|(entry, _)| entry);
            of_record.entry(record).or_default().extend(entries);
        }
    }
    for (record, entries) in of_record {
        let rows = quiet.server.audit_of(record).map_err(|e| broken(rule, e))?;
        for entry in entries {
            let name = format!("entry={entry}");
            let names = |detail: &String| detail.split(' ').any(|part| part == name);
            let told = rows.iter().any(|(_, detail)| names(detail));
            // What a revoked device sends is sealed unread: the audit has the log and the
            // places. What cannot be sent is not there at all.
            let verdict = quiet.server.verdict(entry).map_err(|e| broken(rule, e))?;
            // What was erased before it was judged is accounted for with its record.
            let erased = quiet.world.ledger.erased.contains(&record);
            if !told && !erased && verdict != "none" && !quiet.world.ledger.holds(entry) {
                let found = format!("nothing of {entry} of {record}, which is {verdict}");
                return Err(Violation { rule, found });
            }
        }
    }
    Ok(())
}
