//! An officer saves: a submission, a correction, and what is typed into a draft, each one
//! transaction of the encrypted database that is synced before it answers.

use std::time::Instant;

use anyhow::Result;
use app_core::view::FieldValue;

use crate::Bench;
use crate::limit::Commits;
use crate::phone::Phone;
use crate::report::{Figure, Measured};
use crate::site::{self, Running};
use crate::stats::Samples;

/// How many records are saved.
const RECORDS: usize = 500;
/// How many come before, to fill caches.
const WARM: usize = 20;

pub(crate) async fn measure(bench: &Bench) -> Result<Measured> {
    let scratch = bench.scratch()?;
    let data = scratch.path().join("server");
    let code = site::make(&data)?;
    let server = Running::start(&data, true)?;
    let phone = Phone::enrol(&scratch.path().join("phone"), &server, code).await?;
    drop(server);
    let mut commits = Commits::make(&scratch.path().join("limit.db"))?;

    let [mut typed, mut saved, mut edited, mut limit] = [const { Samples::EMPTY }; 4];
    for number in 0..WARM + RECORDS {
        let began = Instant::now();
        let draft = phone.draft(bench.records.fields(number))?;
        let typing = began.elapsed();
        let began = Instant::now();
        phone.core.draft_submit(&draft.id)?;
        let saving = began.elapsed();
        let outcome = if number % 2 == 0 { "arrest" } else { "summons" };
        let change = [
            ("outcome", FieldValue::Text(outcome.to_owned())),
            ("outcome_linked", FieldValue::Bool(number % 3 == 0)),
            (
                "crime_reference",
                FieldValue::Text(format!("20/{number:06}/26")),
            ),
        ];
        let change = change
            .into_iter()
            .map(|(key, value)| (key.to_owned(), Some(value)));
        let began = Instant::now();
        phone.core.edit(&draft.id, change.collect())?;
        let editing = began.elapsed();
        let committing = commits.commit(&draft.json)?;
        if number >= WARM {
            // A draft is begun and typed into: two transactions.
            typed.push_ms(typing / 2);
            saved.push_ms(saving);
            edited.push_ms(editing);
            limit.push_ms(committing);
        }
    }
    let note = format!("submission; {RECORDS} records; baseline: one SQLCipher commit");
    Ok(Measured::Figures(vec![
        Figure::new("p50_ms", saved.p50(), "ms")
            .against(limit.p50())
            .at_most(1.5)
            .note(note),
        Figure::new("p99_ms", saved.p99(), "ms")
            .against(limit.p99())
            .at_most(8.0),
        Figure::new("edit_p50_ms", edited.p50(), "ms")
            .against(limit.p50())
            .at_most(1.5),
        Figure::new("edit_p99_ms", edited.p99(), "ms")
            .against(limit.p99())
            .at_most(8.0),
        Figure::new("draft_p50_ms", typed.p50(), "ms").against(limit.p50()),
        Figure::new("draft_p99_ms", typed.p99(), "ms").against(limit.p99()),
    ]))
}
