//! What each step of the guard costs for the first change of a record: all of its fields.

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context as _, Result};
use shared::doc::{RecordDoc, genesis};
use shared::guard::{Checked, Limits, Past, causal, preflight};
use shared::hash::sha256;
use shared::ids::ActorId;
use shared::record::Kind;

use crate::Bench;
use crate::report::{Figure, Measured};
use crate::stats::{Samples, us};

/// How many changes.
const CHANGES: usize = 1_000;
/// How often each is checked, since once is too short for a clock.
const TIMES: u32 = 10;

pub(crate) fn measure(bench: &Bench) -> Result<Measured> {
    let kind = Kind::StopSearch;
    let limits = Limits::default();
    let past = Past::genesis(&preflight(genesis(kind).bytes, &limits)?);
    let [mut checks, mut causes, mut applies, mut hashes, mut bytes] =
        [const { Samples::EMPTY }; 5];
    for number in 0..CHANGES {
        let actor = ActorId::from_bytes((number as u128 + 1).to_be_bytes());
        let change = bench.records.change(number, actor)?.bytes;
        bytes.push(change.len() as f64);
        let began = Instant::now();
        for _ in 0..TIMES {
            black_box(preflight(black_box(&change), &limits)?);
        }
        checks.push(us(began.elapsed() / TIMES));
        let checked = Checked::parse(change.clone(), &limits)?;
        let began = Instant::now();
        for _ in 0..TIMES {
            let follows = causal(black_box(checked.facts()), black_box(&past));
            follows.ok().context("a change does not follow")?;
        }
        causes.push(us(began.elapsed() / TIMES));
        let mut doc = RecordDoc::new(kind);
        let began = Instant::now();
        doc.admit(vec![checked])?;
        applies.push(us(began.elapsed()));
        let began = Instant::now();
        for _ in 0..TIMES {
            black_box(sha256(&[black_box(&change)]));
        }
        hashes.push(us(began.elapsed() / TIMES));
    }
    Ok(Measured::Figures(vec![
        Figure::new("preflight_us", checks.p50(), "us")
            .against(hashes.p50())
            .note("baseline: SHA-256 of the bytes"),
        Figure::new("causal_us", causes.p50(), "us"),
        Figure::new("apply_us", applies.p50(), "us")
            .note("on a copy, saved, loaded again and read; with the causal check"),
        Figure::new("change_bytes", bytes.p50(), "B").note("raw, all fields of a record"),
    ]))
}
