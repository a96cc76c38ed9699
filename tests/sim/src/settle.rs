//! The end of a world: everything is healed, and left alone until nothing moves.

use shared::doc::Schema;

use crate::check::nothing_waits_for_what_is_here;
use crate::check::versions::older_apps_show_what_the_server_reads;
use crate::fault::Climate;
use crate::people::{confirms_all, finish};
use crate::world::{Violation, World};

/// A day and an hour.
const A_DAY: i64 = 25 * 60 * 60 * 1000;
/// Exchanges of each device that a quiet world may take to settle.
const ROUNDS_TO_SETTLE: usize = 40;
/// Rounds in which nothing may move before a world is at rest: whoever is asked to sign in does
/// it in the next one.
const STILL_ROUNDS: u32 = 2;

impl World {
    /// Heals everything and lets it come to rest.
    pub(crate) fn settle(&mut self) -> Result<(), Violation> {
        self.climate = Climate::calm();
        self.server.disk.disarm();
        self.server.clock.jump(0);
        for node in &mut self.devices {
            node.disk.disarm();
            node.connected = true;
            node.old = false;
            if node.core().is_none() {
                node.start().map_err(|found| Violation {
                    rule: "a locked device opens again",
                    found,
                })?;
            }
        }
        self.tell("everything is healed");
        if self.is_mixed() {
            self.rest()?;
            older_apps_show_what_the_server_reads(self)?;
            self.everybody_updates()?;
        }
        self.drafts_are_finished()?;
        self.rest()?;
        nothing_waits_for_what_is_here(self)?;
        // What nobody offers any more is waited for no longer than this.
        self.timeline.pass(A_DAY);
        self.tell("a day has passed");
        self.rest()
    }

    /// Officers finish some of their drafts, in a world where the force changes its rules or apps are
    /// updated.
    fn drafts_are_finished(&mut self) -> Result<(), Violation> {
        for (device, node) in self.devices.iter().enumerate() {
            let changed = self.ledger.force.is_some() || node.schema() != Schema::OURS;
            let Some(core) = node.core().filter(|_| changed) else {
                continue;
            };
            let done = finish(&core, device, &self.dice, &mut self.ledger);
            done.map_err(|found| Violation {
                rule: "a draft can be submitted, or says what is missing",
                found: format!("{} {found}", node.name),
            })?;
        }
        Ok(())
    }

    /// Lets everybody go on until nothing moves.
    fn rest(&mut self) -> Result<(), Violation> {
        let (mut rounds, mut last) = (0, String::from("the server"));
        for _ in 0..ROUNDS_TO_SETTLE {
            let mut still = true;
            for device in 0..self.devices.len() {
                self.timeline.pass(1_000);
                confirms_all(&self.devices[device]);
                let before = self.devices[device].progress();
                self.sync(device);
                let after = self.devices[device].progress();
                if before.is_none() || before != after {
                    still = false;
                    last = format!("{}: {before:?} {after:?}", self.devices[device].name);
                }
            }
            let running = self.server.server();
            self.hostile.read(running.as_deref());
            while running
                .as_ref()
                .is_some_and(|it| it.judge_next().unwrap_or(false))
            {
                still = false;
            }
            rounds = if still { rounds + 1 } else { 0 };
            if rounds == STILL_ROUNDS {
                return Ok(());
            }
        }
        Err(Violation {
            rule: "a world that is left alone comes to rest",
            found: format!("not in {ROUNDS_TO_SETTLE} rounds; the last that moved: {last}"),
        })
    }
}
