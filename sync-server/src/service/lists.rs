//! Code lists and authorisations: brought in by the operator, given out with the reference
//! stream.

use std::collections::BTreeSet;

use shared::authorisation::{self, Authorisations};
use shared::codes::{CodeList, CodeLists};

use super::{Imported, Moved, RefusedLine, Server, ServerError};
use crate::store::AuditEvent;

/// The name of the code lists in the reference stream.
pub(super) const CODES: &str = "codes";

impl Server {
    /// The lists in effect: those this program was built with, replaced by those brought in.
    pub fn code_lists(&self) -> Result<CodeLists, ServerError> {
        Ok((*self.lists()?).clone())
    }

    /// Replaces lists by those of a JSON array. A list that no longer has a code which records
    /// may hold is refused whole: a code gets an end date and stays.
    pub fn import_codes(&self, json: &str) -> Result<Imported, ServerError> {
        let newer = CodeLists::from_json(json)?;
        let before = self.code_lists()?;
        let (mut taken, mut outcome) = (Vec::new(), nothing_yet());
        for (place, list) in newer.iter().enumerate() {
            outcome.read += 1;
            let had = before.list(&list.name);
            if had == Some(list) {
                outcome.known += 1;
                continue;
            }
            match had.and_then(|it| lost(it, list)) {
                Some(code) => outcome.refused.push(RefusedLine {
                    line: place as u64 + 1,
                    reason: format!("{} no longer has the code {code}", list.name),
                }),
                None => {
                    outcome.imported += 1;
                    taken.push(list.clone());
                }
            }
        }
        if outcome.imported > 0 {
            // Only what was brought in: the rest goes on following the program.
            let own = self.store.reference(CODES)?;
            let own = own.and_then(|(_, body)| String::from_utf8(body).ok());
            let own = own.filter(|_| !shared::mutant!(ListsForgotten));
            let own = own.map(|text| CodeLists::from_json(&text)).transpose()?;
            let all = own.unwrap_or_default().with(CodeLists::from_lists(taken)?);
            self.set_list(CODES, &all.to_json()?, "codes_imported", outcome.imported)?;
        }
        Ok(outcome)
    }

    /// Adds authorisations of a GeoJSON file. One of a reference that is there takes its place;
    /// what ended over a month ago is given out no more.
    pub fn import_authorisations(&self, geojson: &str) -> Result<Imported, ServerError> {
        let lists = self.lists()?;
        let (newer, refused) = Authorisations::read_lawful(geojson, &lists)?;
        let mut outcome = nothing_yet();
        outcome.read = (newer.len() + refused.len()) as u64;
        outcome.refused = refused
            .into_iter()
            .map(|it| RefusedLine {
                line: it.feature as u64 + 1,
                reason: match it.reference {
                    Some(reference) => format!("{reference} {}", it.fault),
                    None => it.fault.to_string(),
                },
            })
            .collect();
        let before = self.authorisations()?;
        let fresh = newer
            .iter()
            .filter(|it| before.get(&it.reference) != Some(it))
            .count();
        outcome.imported = fresh as u64;
        outcome.known = (newer.len() - fresh) as u64;
        if fresh > 0 {
            let all = before.with(newer, self.env.now());
            let text = all.to_geojson();
            let kind = "authorisations_imported";
            self.set_list(authorisation::ITEM, &text, kind, outcome.imported)?;
        }
        Ok(outcome)
    }

    /// The authorisations that are given out.
    pub fn authorisations(&self) -> Result<Authorisations, ServerError> {
        let Some((_, body)) = self.store.reference(authorisation::ITEM)? else {
            return Ok(Authorisations::default());
        };
        let text = String::from_utf8(body)
            .map_err(|_| ServerError::Invalid("the stored authorisations are not text"))?;
        Ok(Authorisations::read(&text)?.0)
    }

    fn set_list(
        &self,
        name: &str,
        body: &str,
        kind: &'static str,
        count: u64,
    ) -> Result<(), ServerError> {
        self.store.set_reference(name, body.as_bytes())?;
        let event = AuditEvent {
            kind,
            detail: format!("count={count}"),
            ..Default::default()
        };
        self.store.audit(&event, self.env.now())?;
        self.tell(Moved::Reference);
        Ok(())
    }
}

const fn nothing_yet() -> Imported {
    Imported {
        read: 0,
        imported: 0,
        known: 0,
        refused: Vec::new(),
    }
}

/// A code that the list had and the newer one has not.
fn lost<'a>(had: &'a CodeList, newer: &CodeList) -> Option<&'a str> {
    let codes: BTreeSet<_> = newer.codes.iter().map(|it| it.code.as_str()).collect();
    let had = had.codes.iter().map(|it| it.code.as_str());
    had.into_iter().find(|code| !codes.contains(code))
}
