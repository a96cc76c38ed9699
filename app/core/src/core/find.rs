//! Looking through everything that is on the device.

use shared::time::UnixMs;

use super::lists::row_of;
use super::{Core, CoreError};
use crate::store::{Find, find_rows, record_rows};
use crate::view::{FindInput, SearchView};

/// The most hits of a search.
const HITS: u32 = 50;
/// How many earlier states are taken out at once: each takes some milliseconds, which screens
/// wait for.
const TIDIED: u32 = 4;

impl Core {
    /// Looks through every record on this device; once the lease is over, through one's own.
    pub fn search(&self, text: &str) -> Result<SearchView, CoreError> {
        self.find(&FindInput {
            text: text.to_owned(),
            ..FindInput::default()
        })
    }

    /// Looks for words, under filters; without words, for what the filters let through. Without
    /// either there is nothing to look for.
    pub fn find(&self, input: &FindInput) -> Result<SearchView, CoreError> {
        let state = self.lock();
        let context = state.context(&self.config)?;
        let own = context.lease.is_over();
        let conn = state.store.read();
        let find = Find {
            words: find_rows::expression(conn, &input.text)?,
            own: own || input.own,
            kind: input.kind.clone(),
            subject: input.subject.clone(),
            state: input.state.clone(),
            from: input.from.map(UnixMs),
            until: input.until.map(UnixMs),
            limit: HITS,
        };
        let anything = find.words.is_some() || input.own || find.is_filtered();
        let rows = if anything {
            find_rows::find(conn, &find)?
        } else {
            Vec::new()
        };
        let (searched, since) = record_rows::count(conn, own)?;
        Ok(SearchView {
            records: rows
                .into_iter()
                .map(|row| row_of(&state, &context, row))
                .collect(),
            searched,
            since: since.map(|at| at.0),
        })
    }
}

impl Core {
    /// Takes a few words of earlier states out of the index. Called where nobody waits.
    pub fn tidy(&self) -> Result<bool, CoreError> {
        self.lock()
            .store
            .write(|tx| Ok(find_rows::tidy(tx, TIDIED)?))
    }
}
