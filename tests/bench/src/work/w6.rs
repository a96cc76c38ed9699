//! Two devices have corrected the same records while they were offline, in different fields.
//! Both are connected, and stay so until both have both.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use app_core::http::HttpClient;
use app_core::view::{FieldMap, FieldValue};
use shared::ids::RecordId;

use crate::limit;
use crate::phone::Phone;
use crate::proxy::{Proxy, Traffic};
use crate::report::{Figure, Measured};
use crate::site::{self, Running};
use crate::stats::Samples;
use crate::text::Dice;
use crate::work::w2::NEW_OUTCOME;
use crate::{Bench, web};

const RECORDS: usize = 1_000;
/// How often it is looked whether both have both.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// How long it may take.
const WITHIN: Duration = Duration::from_secs(300);
/// What each of the two corrects.
const FIELDS: [&str; 2] = ["outcome", "description"];

pub(crate) async fn measure(bench: &Bench) -> Result<Measured> {
    let scratch = bench.scratch()?;
    let template = scratch.path().join("template");
    let records = fill(bench, &template).await?;
    let mut all = All::default();
    for run in 0..bench.runs {
        eprintln!("w6: run {} of {}", run + 1, bench.runs);
        let place = |name: &str| scratch.path().join(format!("{run}-{name}"));
        all.limit(&place("limit"))?;
        site::copy(&template, &place("both"))?;
        all.once(&place("both"), &records).await?;
        std::fs::remove_dir_all(place("both"))?;
    }
    Ok(Measured::Figures(all.figures()))
}

/// A server and two devices of one officer that hold the same records, and have corrected them.
async fn fill(bench: &Bench, folder: &Path) -> Result<Vec<RecordId>> {
    let data = folder.join("server");
    std::fs::create_dir_all(&data)?;
    let code = site::make(&data)?;
    let server = Running::start(&data, true)?;
    let client = HttpClient::new(&server.url(), server.pin)?;
    let one = Phone::enrol(&folder.join("one"), &server, code).await?;
    one.sync(&client).await?;
    for number in 0..RECORDS {
        one.submit(bench.records.fields(number))?;
    }
    one.sync(&client).await?;
    web::judged(&web::client(&data)?, &server).await?;
    one.sync(&client).await?;
    let other = Phone::enrol(&folder.join("other"), &server, site::code(&data)?).await?;
    other.sync(&client).await?;
    let mut records = Vec::new();
    for (place, row) in all_of(&one)?.iter().enumerate() {
        records.push(row.parse().ok().context("an id that does not read")?);
        for (phone, key) in [&one, &other].into_iter().zip(FIELDS) {
            let value = FieldValue::Text(correction(key, place));
            phone
                .core
                .edit(row, FieldMap::from([(key.to_owned(), Some(value))]))?;
        }
    }
    ensure!(records.len() == RECORDS, "a record is missing");
    Ok(records)
}

/// The ids of a device's records.
fn all_of(phone: &Phone) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    loop {
        let rows = phone.core.records(u32::try_from(ids.len())?, 100, "all")?;
        if rows.is_empty() {
            return Ok(ids);
        }
        ids.extend(rows.into_iter().map(|row| row.id));
    }
}

/// What a field of a record is corrected to.
fn correction(key: &str, place: usize) -> String {
    if key == FIELDS[0] {
        return NEW_OUTCOME.to_owned();
    }
    let dice = &mut Dice::new(place as u64);
    let characters = 36 + dice.below(40);
    dice.prose(characters)
}

/// True if a device has both corrections of a record.
fn has_both(phone: &Phone, record: RecordId, place: usize) -> Result<bool> {
    let facts = phone.core.facts(record)?.context("a record is gone")?;
    let has = |key: &&str| facts.fields.get_text(key) == Some(correction(key, place).as_str());
    Ok(FIELDS.iter().all(has))
}

#[derive(Default)]
struct All {
    seconds: Samples,
    kilobytes: Samples,
    requests: Samples,
    merged: Samples,
    conflicts: Samples,
    limit: Samples,
    limit_bytes: Samples,
}

impl All {
    /// Both send their corrections, and both fetch the other's.
    fn limit(&mut self, folder: &Path) -> Result<()> {
        let (mut seconds, mut bytes) = (0.0, 0);
        for key in FIELDS {
            let line = |place: usize| {
                let set = [(key, correction(key, place))];
                serde_json::to_string(&(format!("{place:032x}"), set))
            };
            let lines: Vec<_> = (0..RECORDS).map(line).collect::<Result<_, _>>()?;
            for (name, fetches) in [("up", false), ("down", true)] {
                let folder = folder.join(format!("{key}-{name}"));
                std::fs::create_dir_all(&folder)?;
                let done = match fetches {
                    false => limit::upload(&lines, &folder)?,
                    true => limit::download(&lines, &folder)?,
                };
                seconds += done.took.as_secs_f64();
                bytes += done.bytes;
            }
        }
        self.limit.push(seconds);
        self.limit_bytes.push(bytes as f64 / 1e3);
        Ok(())
    }

    async fn once(&mut self, folder: &Path, records: &[RecordId]) -> Result<()> {
        let server = Running::start(&folder.join("server"), true)?;
        let (one, other) = (
            Phone::open(&folder.join("one"))?,
            Phone::open(&folder.join("other"))?,
        );
        let proxy = Proxy::start(server.address, Duration::ZERO).await?;
        let client = || HttpClient::new(&proxy.url(), server.pin);
        let began = Instant::now();
        let in_step = (one.stay_in_step(client()?), other.stay_in_step(client()?));
        // Each sends its corrections in this order, and they come in the order of acceptance:
        // whoever has the last one has all.
        let last = records.len() - 1;
        while !(has_both(&one, records[last], last)? && has_both(&other, records[last], last)?) {
            ensure!(began.elapsed() < WITHIN, "the two do not become equal");
            tokio::time::sleep(LOOK_EVERY).await;
        }
        self.seconds.push(began.elapsed().as_secs_f64());
        let Traffic {
            up,
            down,
            round_trips,
        } = proxy.take();
        self.kilobytes.push((up + down) as f64 / 1e3);
        self.requests.push(round_trips as f64);
        drop(in_step);
        let (mut merged, mut conflicts) = (0, 0);
        for (place, record) in records.iter().enumerate() {
            let facts = [&one, &other].map(|phone| phone.core.facts(*record));
            let [Ok(Some(ours)), Ok(Some(theirs))] = facts else {
                continue;
            };
            let both = has_both(&one, *record, place)? && has_both(&other, *record, place)?;
            merged += usize::from(both && ours.heads == theirs.heads);
            conflicts += usize::from(ours.conflicts + theirs.conflicts > 0);
        }
        self.merged.push(merged as f64);
        self.conflicts.push(conflicts as f64);
        Ok(())
    }

    fn figures(&self) -> Vec<Figure> {
        let note = format!(
            "connecting, judging and the live channel included; TLS on; baseline: no TLS; \
             median of {}, spread {:.0}%",
            self.seconds.len(),
            self.seconds.spread() * 100.0
        );
        vec![
            Figure::new("seconds", self.seconds.p50(), "s")
                .against(self.limit.p50())
                .at_most(0.6)
                .note(note),
            Figure::new("kilobytes", self.kilobytes.p50(), "kB")
                .against(self.limit_bytes.p50())
                .at_most(550.0)
                .note("of both devices, both ways, HTTP and TLS included"),
            Figure::new("round_trips", self.requests.p50(), "").note("of both, connecting, too"),
            Figure::new("merged", self.merged.percentile(0.0), "records")
                .at_least(RECORDS as f64)
                .note("both corrections on both devices, and the same heads"),
            Figure::new(
                "conflicts_left",
                self.conflicts.percentile(100.0),
                "records",
            )
            .at_most(0.0),
        ]
    }
}
