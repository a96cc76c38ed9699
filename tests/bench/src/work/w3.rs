//! An officer saves a record, and it is stored on the supervisor's device: both are connected,
//! and the live channel says that there is something.

use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use app_core::core::Changed;
use app_core::http::HttpClient;
use shared::ids::RecordId;

use crate::Bench;
use crate::limit::Relay;
use crate::phone::Phone;
use crate::report::{Figure, Measured};
use crate::site::{self, Running, SUPERVISOR};
use crate::stats::Samples;

/// How many records.
const RECORDS: usize = 200;
/// How many come before, to fill caches.
const WARM: usize = 10;
/// The time between two of them, so that none waits for what is left of the one before.
const BETWEEN: Duration = Duration::from_millis(5);
/// How long one may take.
const WITHIN: Duration = Duration::from_secs(30);

pub(crate) async fn measure(bench: &Bench) -> Result<Measured> {
    let scratch = bench.scratch()?;
    let data = scratch.path().join("server");
    let code = site::make(&data)?;
    let server = Running::start(&data, true)?;
    let phone = Phone::enrol(&scratch.path().join("a"), &server, code).await?;
    let (folder, code) = (scratch.path().join("b"), site::code(&data)?);
    let other = Phone::enrol_for(SUPERVISOR, &folder, &server, code).await?;
    let client = || HttpClient::new(&server.url(), server.pin);
    phone.sync(&client()?).await?;
    other.sync(&client()?).await?;
    let mut relay = Relay::start(&scratch.path().join("limit"))?;

    let events = told(&other);
    let _in_step = (phone.stay_in_step(client()?), other.stay_in_step(client()?));
    let [mut took, mut limit] = [const { Samples::EMPTY }; 2];
    for number in 0..WARM + RECORDS {
        let draft = phone.draft(bench.records.fields(number))?;
        let id: RecordId = draft.id.parse().ok().context("an id that does not read")?;
        let relayed = relay.send(&draft.json)?;
        tokio::time::sleep(BETWEEN).await;
        events.try_iter().for_each(drop);
        let began = Instant::now();
        phone.core.draft_submit(&draft.id)?;
        let stored = tokio::task::block_in_place(|| stored(&other, &events, id))?;
        if number >= WARM {
            took.push_ms(stored.saturating_duration_since(began));
            limit.push_ms(relayed);
        }
    }
    let note = format!("saving included; committed with fsync; TLS on; {RECORDS} records");
    Ok(Measured::Figures(vec![
        Figure::new("p50_ms", took.p50(), "ms")
            .against(limit.p50())
            .at_most(3.0)
            .note(note),
        Figure::new("p99_ms", took.p99(), "ms")
            .against(limit.p99())
            .at_most(15.0)
            .note("baseline: three synced commits over two open connections, no TLS"),
        Figure::new("max_ms", took.percentile(100.0), "ms").against(limit.percentile(100.0)),
    ]))
}

/// When a device says that what screens show of records has changed: after each transaction.
fn told(phone: &Phone) -> Receiver<Instant> {
    let (send, events) = channel();
    phone.core.listen(move |changed| {
        if changed == Changed::Records {
            // Nobody listens any more once all is measured.
            let _ = send.send(Instant::now());
        }
    });
    events
}

/// Waits until a record is stored on a device.
fn stored(phone: &Phone, events: &Receiver<Instant>, id: RecordId) -> Result<Instant> {
    loop {
        let at = events.recv_timeout(WITHIN);
        let at = at.context("the record does not come")?;
        if phone.core.facts(id)?.is_some() {
            return Ok(at);
        }
    }
}
