//! Officers who write in each other's records, so that what one sends rests on what another wrote.

use super::{Hand, text};
use crate::world::{OFFICERS, collar};

impl Hand<'_> {
    /// Shares a record, or adds to one that a colleague shares.
    pub(super) fn works_together(&mut self) -> Result<&'static str, String> {
        if self.dice.percent(40) {
            return self.shares_on().map(|()| "shares a record");
        }
        let mut theirs = Vec::new();
        for id in self.core.record_ids().map_err(text)? {
            let facts = self.core.facts(id).map_err(text)?;
            if facts.is_some_and(|it| !it.own) {
                theirs.push(id.to_string());
            }
        }
        let Some(id) = self.dice.pick(&theirs) else {
            return self.search().map(|()| "submits a search");
        };
        let mark = self.ledger.mark();
        self.core.add_to_record(id, &mark).map_err(text)?;
        self.ledger.wrote(self.writer()?, id, mark);
        Ok("adds to a colleague's record")
    }

    /// Shares the newest record with the other officer of the world.
    fn shares_on(&mut self) -> Result<(), String> {
        let rows = self.core.records(0, 1, "all").map_err(text)?;
        let Some(row) = rows.first() else {
            return self.search();
        };
        for colleague in self.core.colleagues().map_err(text)? {
            let number = colleague.label.split(' ').nth(1).unwrap_or_default();
            if (1..=OFFICERS).any(|n| number == collar(n)) {
                let share = (row.id.clone(), number.to_owned());
                if self.ledger.shared.insert(share) {
                    self.core.share(&row.id, &colleague.id).map_err(text)?;
                }
            }
        }
        Ok(())
    }
}
