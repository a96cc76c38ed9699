//! What must hold: at every step, and when all is quiet. Each rule is a function of its own.

mod force;
mod held;
mod judged;
mod ledger;
mod logs;
mod receipts;
mod replicas;
mod scopes;
pub(crate) mod versions;
mod words;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use app_core::core::{Core, RecordFacts};
use shared::ids::{EntryId, RecordId};
use sync_server::service::Server;
use sync_server::view::ConsoleRecordDetail;

pub(crate) use judged::nothing_waits_for_what_is_here;
pub use ledger::Ledger;
pub(crate) use ledger::{Promised, Reviewed, Writer};

use crate::device::DeviceNode;
use crate::fault::Fault;
use crate::server::{Held, Look, PASSWORD};
use crate::world::{Violation, World};

/// What holds at every step.
pub(crate) fn at_each_step(world: &mut World) -> Result<(), Violation> {
    if let Some(found) = world.doubt.take() {
        return Err(found);
    }
    receipts::a_device_forgets_nothing(world)?;
    receipts::a_spool_is_received(world);
    receipts::received_is_never_lost(world)?;
    judged::the_tick_is_true(world)?;
    scopes::nothing_comes_before_it_is_submitted(world)?;
    scopes::a_revoked_device_is_given_nothing(world)
}

/// What holds when everything is healed and at rest.
pub(crate) fn when_quiet(world: &World) -> Result<(), Violation> {
    let quiet = Quiet::of(world)?;
    receipts::every_outbox_is_drained(&quiet)?;
    receipts::nothing_to_do_costs_little(&quiet)?;
    judged::everything_is_judged(&quiet)?;
    judged::nothing_is_accepted_after_its_right_ended(&quiet)?;
    judged::hostile_entries_get_their_verdicts(&quiet)?;
    judged::the_audit_accounts_for_every_entry(&quiet)?;
    logs::every_log_verifies(&quiet)?;
    logs::no_signed_payload_is_lost(&quiet)?;
    logs::what_was_cut_off_is_evidence(&quiet)?;
    words::no_words_are_lost_or_doubled(&quiet)?;
    words::every_photo_arrives(&quiet)?;
    words::drafts_are_kept(&quiet)?;
    words::what_was_erased_is_nowhere(&quiet)?;
    replicas::all_who_hold_a_record_hold_the_same(&quiet)?;
    replicas::no_hole_had_to_be_filled(&quiet)?;
    replicas::approved_means_that_this_state_was_approved(&quiet)?;
    replicas::nobody_approved_their_own_change(&quiet)?;
    scopes::nobody_holds_what_no_grant_allowed(&quiet)?;
    force::everybody_has_what_was_decided(&quiet)?;
    force::what_was_chosen_stands(&quiet)
}

/// A world at rest, and a way to look at what the server shows.
struct Quiet<'a> {
    world: &'a World,
    server: Arc<Server>,
    look: Look,
    console: String,
    /// What is held for a person.
    held: BTreeMap<RecordId, Vec<Held>>,
    /// Records as the control room was shown them: nothing changes any more.
    shown: RefCell<BTreeMap<RecordId, Option<Rc<ConsoleRecordDetail>>>>,
}

impl<'a> Quiet<'a> {
    fn of(world: &'a World) -> Result<Self, Violation> {
        let server = running_server(world)?;
        let (console, _) = server
            .console_sign_in("3000", PASSWORD)
            .map_err(|e| broken("the control room can sign in", e))?;
        let look = world.server.look();
        let look = look.map_err(|e| broken("the server's database reads", e))?;
        let held = look.held().map_err(|e| broken("what is held is told", e))?;
        Ok(Self {
            world,
            server,
            look,
            console,
            held,
            shown: RefCell::default(),
        })
    }
}

impl Quiet<'_> {
    /// The devices with their apps.
    fn running(&self) -> Result<Vec<(&DeviceNode, Arc<Core>)>, Violation> {
        let nodes = self.world.devices.iter();
        nodes.map(|node| Ok((node, running(node)?))).collect()
    }

    /// A record as the control room sees it, if it does.
    fn shown(&self, id: RecordId) -> Option<Rc<ConsoleRecordDetail>> {
        let mut shown = self.shown.borrow_mut();
        let detail = shown.entry(id).or_insert_with(|| {
            let detail = self.server.console_record(&self.console, id);
            detail.ok().map(Rc::new)
        });
        detail.clone()
    }

    /// True if both the server and some device went back to an older state: what only they had
    /// nobody can offer again.
    fn both_went_back(&self) -> bool {
        self.has_struck(Fault::ServerRestored) && self.has_struck(Fault::DeviceRestored)
    }

    fn has_struck(&self, fault: Fault) -> bool {
        let struck = self.world.struck.times();
        struck.iter().any(|(it, times)| *it == fault && *times > 0)
    }

    /// The entries of a record that are of the device's own log, as far as that is the server's
    /// too: where it has split, the server has others of their names.
    fn own_entries(
        node: &DeviceNode,
        core: &Core,
        facts: &RecordFacts,
    ) -> Result<Vec<(EntryId, &'static str)>, Violation> {
        let split = core
            .split()
            .map_err(|e| broken("a device tells its split", e))?;
        let cut = split.map(|it| it.last.map_or(0, |last| last.seq.0 + 1));
        let own = facts.entries.iter().filter(|(id, _)| id.log == node.log);
        let both = own.filter(|(id, _)| cut.is_none_or(|cut| id.seq.0 < cut));
        Ok(both.copied().collect())
    }

    /// True if the device's officer may still be given news.
    fn is_served(&self, node: &DeviceNode) -> bool {
        !self.world.ledger.is_ended(&node.collar) && !self.world.ledger.is_held(node.log)
    }
}

fn running_server(world: &World) -> Result<Arc<Server>, Violation> {
    let server = world.server.server();
    server.ok_or_else(|| broken("the server runs in the end", "it is off"))
}

fn running(node: &DeviceNode) -> Result<Arc<Core>, Violation> {
    node.core()
        .ok_or_else(|| broken("every device runs in the end", &node.name))
}

fn broken(rule: &'static str, error: impl std::fmt::Display) -> Violation {
    Violation {
        rule,
        found: error.to_string(),
    }
}
