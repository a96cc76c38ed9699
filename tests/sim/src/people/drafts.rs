//! Drafts that stay open while the force changes its rules: begun with a part of their answers,
//! gone on with, and submitted once nothing is missing.

use app_core::core::{Core, CoreError};
use app_core::view::{DraftView, FieldValue};
use shared::codes::names;
use shared::record::field;

use super::{Hand, fields, text};
use crate::check::Ledger;
use crate::dice::Dice;

/// Steps in which any draft can be finished.
const STEPS: usize = 24;
/// Fields that are chosen from a list, and the list.
const CHOSEN: [(&str, &str); 4] = [
    (field::OBJECT, names::OBJECTS),
    (field::POWER, names::POWERS),
    (field::SELF_ETHNICITY, names::SELF_ETHNICITIES),
    (field::CATEGORY, names::NOTE_CATEGORIES),
];

impl Hand<'_> {
    /// Begins a draft, or goes on with one.
    pub(super) fn goes_on(&mut self) -> Result<&'static str, String> {
        let open: Vec<String> = self
            .ledger
            .drafts
            .iter()
            .filter(|it| it.device == self.device)
            .map(|it| it.record.clone())
            .collect();
        let Some(id) = self.dice.pick(&open).filter(|_| self.dice.percent(70)) else {
            return self.begin().map(|()| "begins a draft");
        };
        let view = self.core.draft(id).map_err(text)?;
        if self.dice.percent(30) {
            return self.choose_again(&view).map(|()| "chooses again");
        }
        match view.problems.first() {
            Some(problem) => {
                let name = problem.field.clone();
                self.fill(id, &name).map(|()| "fills in a draft")
            }
            None => self.submit(id).map(|()| "submits a draft"),
        }
    }

    /// Begins a draft with some of its answers.
    fn begin(&mut self) -> Result<(), String> {
        let search = self.dice.percent(70);
        let kind = if search { "stop_search" } else { "note" };
        let draft = self.core.draft_new(kind, None, None).map_err(text)?;
        let mark = self.ledger.mark();
        let words = if search { field::GROUNDS } else { field::TEXT };
        let set = self
            .core
            .draft_set(&draft.id, fields(&[(words, &mark)]), None);
        set.map_err(text)?;
        self.ledger.drafted(self.writer()?, &draft.id, mark);
        let asked = CHOSEN.iter().map(|(name, _)| *name);
        for name in asked.filter(|it| (*it == field::CATEGORY) != search) {
            if self.dice.percent(50) {
                self.fill(&draft.id, name)?;
            }
        }
        Ok(())
    }

    /// Chooses something else, of what the lists offer now.
    fn choose_again(&mut self, draft: &DraftView) -> Result<(), String> {
        let of_note = draft.kind == "note";
        let able = CHOSEN.map(|(name, _)| name);
        let able: Vec<_> = able
            .into_iter()
            .filter(|name| (*name == field::CATEGORY) == of_note)
            .collect();
        match self.dice.pick(&able) {
            Some(name) => self.fill(&draft.id, name),
            None => Ok(()),
        }
    }

    /// Answers one question.
    fn fill(&mut self, id: &str, name: &str) -> Result<(), String> {
        let Some((name, list)) = CHOSEN.iter().find(|(field, _)| *field == name) else {
            let answer = match name {
                field::SEARCHED_AT | field::HAPPENED_AT => {
                    let view = self.core.draft(id).map_err(text)?;
                    FieldValue::Int(view.saved_at)
                }
                _ => FieldValue::Text("Sample Road".to_owned()),
            };
            let set = self
                .core
                .draft_set(id, [(name.to_owned(), Some(answer))].into(), None);
            return set.map(drop).map_err(text);
        };
        let offered = self.core.lists().map_err(text)?.lists;
        let offered = offered.into_iter().find(|it| it.name == *list);
        let codes: Vec<_> = offered.into_iter().flat_map(|it| it.codes).collect();
        let Some(chosen) = self.dice.pick(&codes) else {
            return Ok(());
        };
        // A disk that fails may keep it and say that it did not.
        let place = (id.to_owned(), *name);
        self.ledger.chosen.remove(&place);
        let set = self
            .core
            .draft_set(id, fields(&[(*name, &chosen.code)]), None);
        set.map_err(text)?;
        self.ledger.chosen.insert(place, chosen.code.clone());
        Ok(())
    }

    fn submit(&mut self, id: &str) -> Result<(), String> {
        self.core.draft_submit(id).map_err(text)?;
        self.ledger.submitted(self.writer()?, id);
        Ok(())
    }

    /// Answers what is missing until the draft is a record.
    fn finish(&mut self, id: &str) -> Result<(), String> {
        for _ in 0..STEPS {
            let view = match self.core.draft(id) {
                // A disk that failed kept the submission and said that it did not.
                Err(CoreError::NotFound) => return self.submit(id),
                other => other.map_err(text)?,
            };
            let Some(problem) = view.problems.first() else {
                return self.submit(id);
            };
            let refused = self.core.draft_submit(id).err();
            if !matches!(refused, Some(CoreError::Problems(told)) if told == view.problems) {
                return Err(format!("submitted in spite of {:?}", view.problems));
            }
            let name = problem.field.clone();
            let filled = self.fill(id, &name);
            filled.map_err(|error| format!("{name}: {error}"))?;
        }
        Err("something is always missing".to_owned())
    }
}

/// Finishes some of the drafts that are open on a device: each can be submitted as it is, or says
/// what is missing, whatever the force has changed since.
pub(crate) fn finish(
    core: &Core,
    device: usize,
    dice: &Dice,
    ledger: &mut Ledger,
) -> Result<(), String> {
    let open = ledger.drafts.iter().filter(|it| it.device == device);
    let open: Vec<String> = open.map(|it| it.record.clone()).collect();
    let mut hand = Hand {
        core,
        device,
        dice,
        ledger,
    };
    for id in open.iter().filter(|_| dice.percent(60)) {
        let done = hand.finish(id);
        done.map_err(|error| format!("{id}: {error}"))?;
    }
    Ok(())
}
