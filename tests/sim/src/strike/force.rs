//! What a force does to its own rules while its officers write: settings that change, codes that
//! are new or end, a power that asks for something else.

use shared::codes::{Code, CodeList, CodeLists, names};
use shared::settings::Settings;
use sync_server::service::Server;

use crate::fault::Fault;
use crate::world::{Violation, World};

/// The last day of a code that has ended, before any clock of a world.
pub(crate) const ENDED: &str = "2000-01-01";
/// Lists in which codes come and go.
const OPEN: [&str; 3] = [
    names::OBJECTS,
    names::NOTE_CATEGORIES,
    names::SELF_ETHNICITIES,
];
/// Codes that each list keeps.
const LEFT: usize = 3;
/// A power that asks now for grounds, now for an authorisation.
const POWER: &str = "pace_s1";

/// What the force has decided, as its operator knows it.
#[derive(Debug, Clone)]
pub(crate) struct Force {
    /// Its settings.
    pub(crate) settings: Settings,
    /// Its lists, and those that come with the program.
    pub(crate) lists: CodeLists,
}

impl Default for Force {
    fn default() -> Self {
        Self {
            settings: Settings::default(),
            lists: CodeLists::builtin().clone(),
        }
    }
}

impl World {
    /// The force decides anew on its settings.
    pub(super) fn settings_change(&mut self) -> Result<(), Violation> {
        let (Some(server), Some(_)) = (self.server.server(), &self.ledger.force) else {
            return Ok(());
        };
        let one = || self.dice.percent(50);
        let json = serde_json::json!({
            "lease_hours": if one() { 1 } else { 72 },
            "review_hours": if one() { 1 } else { 24 },
            "gowisely": if one() { "items" } else { "one_touch" },
            "reason_to_read": one(),
            "lock_minutes": 1 + self.dice.below(60),
        });
        let settings = server.set_settings(json.to_string().as_bytes());
        let settings = settings.map_err(|e| refused(e.to_string()))?;
        if let Some(force) = &mut self.ledger.force {
            force.settings = settings;
        }
        self.hit(Fault::SettingsChange, None);
        Ok(())
    }

    /// The force brings in a list with one entry that is new, has ended or is another.
    pub(super) fn lists_change(&mut self) -> Result<(), Violation> {
        let (Some(server), Some(force)) = (self.server.server(), &self.ledger.force) else {
            return Ok(());
        };
        let mut lists = force.lists.clone();
        let mark = self.ledger.mark();
        let Some(newer) = self.another(&lists, &mark) else {
            return Ok(());
        };
        let json = serde_json::to_string(&[&newer]).unwrap_or_default();
        let taken = server.import_codes(&json);
        let taken = taken.map_err(|e| refused(e.to_string()))?;
        if taken.imported != 1 || !taken.refused.is_empty() {
            return Err(refused(format!("{}: {taken:?}", newer.name)));
        }
        self.tell(&format!("the list {} is another", newer.name));
        let newer = CodeLists::from_lists(vec![newer]).map_err(|e| refused(e.to_string()))?;
        lists = lists.with(newer);
        if let Some(force) = &mut self.ledger.force {
            force.lists = lists;
        }
        self.hit(Fault::ListsChange, None);
        Ok(())
    }

    /// One of the lists with one entry changed; none if nothing can be.
    fn another(&self, lists: &CodeLists, mark: &str) -> Option<CodeList> {
        if self.dice.percent(25) {
            let mut powers = lists.list(names::POWERS)?.clone();
            let power = powers.codes.iter_mut().find(|it| it.code == POWER)?;
            power.suspicion = Some(power.suspicion == Some(false));
            return Some(powers);
        }
        let mut list = lists.list(self.dice.pick(&OPEN)?)?.clone();
        let ends = self.dice.percent(50);
        let mut chosen: Vec<&mut Code> = list.codes.iter_mut().filter(|it| lasts(it)).collect();
        if ends && chosen.len() > LEFT {
            let count = u64::try_from(chosen.len()).unwrap_or(1);
            let which = usize::try_from(self.dice.below(count)).unwrap_or(0);
            chosen.get_mut(which)?.until = Some(ENDED.to_owned());
        } else {
            list.codes.push(Code {
                code: mark.to_owned(),
                label: format!("Sample {mark}"),
                ..Code::default()
            });
        }
        Some(list)
    }

    /// The server has the settings and lists of an older state of it: so has the force, until it
    /// brings in others.
    pub(super) fn force_went_back(&mut self, server: &Server) -> Result<(), Violation> {
        if self.ledger.force.is_some() {
            self.ledger.force = Some(decided(server).map_err(refused)?);
        }
        Ok(())
    }
}

/// What a server gives out as decided.
pub(crate) fn decided(server: &Server) -> Result<Force, String> {
    let text = server.reference_text(shared::settings::ITEM);
    let text = text.map_err(|e| e.to_string())?;
    let settings = text
        .map(|it| Settings::from_json(it.as_bytes()))
        .transpose();
    Ok(Force {
        settings: settings.map_err(|e| e.to_string())?.unwrap_or_default(),
        lists: server.code_lists().map_err(|e| e.to_string())?,
    })
}

/// True if the code can be chosen on any day.
pub(crate) fn lasts(code: &Code) -> bool {
    !code.imported && code.from.is_none() && code.until.is_none()
}

fn refused(found: String) -> Violation {
    Violation {
        rule: "a force can change its settings and lists",
        found,
    }
}
