//! A supervisor's tablet: a long queue opened, what changed since a review, and a hundred
//! approvals that were signed offline.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use app_core::http::HttpClient;
use app_core::view::{FieldMap, FieldValue, ReviewInput};
use shared::ids::RecordId;

use crate::limit::{self, Pairs};
use crate::phone::Phone;
use crate::proxy::{Proxy, Traffic};
use crate::report::{Figure, Measured};
use crate::site::{self, Running, SUPERVISOR};
use crate::stats::Samples;
use crate::text::Dice;
use crate::{Bench, web};

/// Records that wait for the supervisor.
const WAITING: usize = 5_000;
/// Of them those that were returned, and have been answered.
const ANSWERED: usize = 100;
/// Approvals that are signed without a connection.
const APPROVALS: usize = 100;
/// Records submitted between two exchanges.
const BATCH: usize = 1_000;
/// How often the queue is read.
const OPENED: usize = 15;
/// How often it is looked whether the last approval has come back.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// How long it may take.
const WITHIN: Duration = Duration::from_secs(300);

pub(crate) async fn measure(bench: &Bench) -> Result<Measured> {
    let template = fill(bench).await?;
    let scratch = bench.scratch()?;
    let mut all = All::default();
    all.limits(bench, &scratch.path().join("limit"))?;
    for run in 0..bench.runs {
        eprintln!("review: run {} of {}", run + 1, bench.runs);
        let folder = scratch.path().join(run.to_string());
        site::copy(&template, &folder)?;
        all.once(&folder).await?;
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(Measured::Figures(all.figures()))
}

/// A server, an officer's phone and a supervisor's tablet that are in step. Making them takes a
/// while, so they are kept between runs.
async fn fill(bench: &Bench) -> Result<PathBuf> {
    let name = format!("review-{WAITING}-{}", bench.records.mark());
    let folder = bench.folder.join(name);
    let (data, complete) = (folder.join("server"), folder.join("complete"));
    let opens = || Phone::open(&folder.join("tablet")).is_ok() && site::open(&data).is_ok();
    if complete.exists() && opens() {
        return Ok(folder);
    }
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&data)?;
    let code = site::make(&data)?;
    let server = Running::start(&data, true)?;
    let client = HttpClient::new(&server.url(), server.pin)?;
    let (phone, web) = (folder.join("phone"), web::client(&data)?);
    let phone = Phone::enrol(&phone, &server, code).await?;
    for number in 0..WAITING {
        phone.submit(bench.records.fields(number))?;
        if (number + 1) % BATCH == 0 {
            eprintln!("making records: {} of {WAITING}", number + 1);
            phone.sync(&client).await?;
        }
    }
    web::judged(&web, &server).await?;
    phone.sync(&client).await?;
    let code = site::code(&data)?;
    let tablet = folder.join("tablet");
    let tablet = Phone::enrol_for(SUPERVISOR, &tablet, &server, code).await?;
    tablet.sync(&client).await?;
    let waiting = ids(&tablet)?;
    ensure!(waiting.len() == WAITING, "a record is missing in the queue");
    for id in &waiting[..ANSWERED] {
        decide(&tablet, id, "return")?;
    }
    tablet.sync(&client).await?;
    web::judged(&web, &server).await?;
    phone.sync(&client).await?;
    for (place, id) in waiting[..ANSWERED].iter().enumerate() {
        phone.core.edit(id, answer(place))?;
    }
    phone.sync(&client).await?;
    web::judged(&web, &server).await?;
    tablet.sync(&client).await?;
    std::fs::write(complete, "")?;
    Ok(folder)
}

fn ids(tablet: &Phone) -> Result<Vec<String>> {
    let rows = tablet.core.queue()?.rows;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// What the officer answers to a return.
fn answer(place: usize) -> FieldMap {
    let dice = &mut Dice::new(place as u64);
    let text = FieldValue::Text(dice.prose(400));
    FieldMap::from([("grounds".to_owned(), Some(text))])
}

/// Reads a record and decides about it, as the review screen does.
fn decide(tablet: &Phone, id: &str, verdict: &str) -> Result<()> {
    let record = tablet.core.record(id)?;
    tablet.core.review(&ReviewInput {
        record_id: id.to_owned(),
        verdict: verdict.to_owned(),
        heads: record.heads,
        reasons: match verdict {
            "return" => vec!["grounds".to_owned()],
            _ => Vec::new(),
        },
        fields: Vec::new(),
        again: false,
        text: None,
        video_viewed: Some("no".to_owned()),
    })?;
    Ok(())
}

#[derive(Default)]
struct All {
    queue: Samples,
    queue_limit: Samples,
    difference: Samples,
    difference_limit: Samples,
    sign: Samples,
    seconds: Samples,
    bytes: Samples,
    requests: Samples,
    sync_limit: Samples,
    sync_limit_bytes: Samples,
}

impl All {
    /// The same by hand: a table of rows, pairs of texts, and one upload.
    fn limits(&mut self, bench: &Bench, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join("list.db");
        let made = limit::Lists::make(&path, WAITING, |number| bench.records.fields(number))?;
        drop(made);
        for _ in 0..OPENED {
            let list = limit::Lists::open(&path)?;
            let began = Instant::now();
            ensure!(list.all()? > 0, "no rows");
            self.queue_limit.push_ms(began.elapsed());
        }
        let pairs = Pairs::make(&folder.join("pairs.db"), ANSWERED, |number| {
            let before = bench.records.fields(number);
            let mut after = before.clone();
            after.extend(answer(number));
            (before, after)
        })?;
        for number in 0..ANSWERED {
            let began = Instant::now();
            ensure!(pairs.differ(number)? == 1, "one field differs");
            self.difference_limit.push_ms(began.elapsed());
        }
        // Names and hashes have no pattern that could be packed.
        let line = |number: usize| {
            let digest = hex::encode(shared::hash::sha256(&[&number.to_be_bytes()]));
            serde_json::json!({ "record": digest[..32], "verdict": "approve",
                "heads": [digest], "video": "no" })
            .to_string()
        };
        let lines: Vec<_> = (0..APPROVALS).map(line).collect();
        for run in 0..bench.runs {
            let folder = folder.join(format!("upload-{run}"));
            std::fs::create_dir_all(&folder)?;
            let done = limit::upload(&lines, &folder)?;
            self.sync_limit.push(done.took.as_secs_f64());
            self.sync_limit_bytes.push(done.bytes as f64);
        }
        Ok(())
    }

    async fn once(&mut self, folder: &Path) -> Result<()> {
        let mut rows = Vec::new();
        for _ in 0..OPENED / 3 {
            let tablet = Phone::open(&folder.join("tablet"))?;
            let began = Instant::now();
            let queue = tablet.core.queue()?;
            // What the window is handed.
            let json = serde_json::to_vec(&queue)?;
            self.queue.push_ms(began.elapsed());
            ensure!(json.len() > WAITING, "an empty queue");
            rows = queue.rows;
        }
        ensure!(rows.len() == WAITING, "{} rows", rows.len());
        let tablet = Phone::open(&folder.join("tablet"))?;
        let amended = |flags: &[String]| flags.iter().any(|flag| flag == "amended");
        let (answered, new): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| amended(&row.flags));
        for row in &answered {
            let began = Instant::now();
            let panel = tablet.core.record(&row.id)?.review;
            self.difference.push_ms(began.elapsed());
            let since = panel.and_then(|panel| panel.since);
            let fields = since.context("no difference")?.fields;
            ensure!(fields.len() == 1, "{} fields differ", fields.len());
        }
        let decided: Vec<_> = new.iter().take(APPROVALS).map(|row| &row.id).collect();
        for id in &decided {
            let began = Instant::now();
            decide(&tablet, id, "approve")?;
            self.sign.push_ms(began.elapsed());
        }
        let last = decided.last().context("nothing was decided")?;
        self.synced(folder, &tablet, last.parse().ok().context("an id")?)
            .await
    }

    /// From the connection until the server has accepted the last approval and the tablet knows.
    async fn synced(&mut self, folder: &Path, tablet: &Phone, last: RecordId) -> Result<()> {
        let server = Running::start(&folder.join("server"), true)?;
        let proxy = Proxy::start(server.address, Duration::ZERO).await?;
        let client = HttpClient::new(&proxy.url(), server.pin)?;
        let began = Instant::now();
        let in_step = tablet.stay_in_step(client);
        let approved = || -> Result<bool> {
            let facts = tablet.core.facts(last)?.context("the record is gone")?;
            Ok(facts.review == "approved")
        };
        while !approved()? {
            ensure!(began.elapsed() < WITHIN, "the approvals do not come back");
            tokio::time::sleep(LOOK_EVERY).await;
        }
        self.seconds.push(began.elapsed().as_secs_f64());
        let Traffic {
            up,
            down,
            round_trips,
        } = proxy.take();
        drop(in_step);
        self.bytes.push((up + down) as f64);
        self.requests.push(round_trips as f64);
        Ok(())
    }

    fn figures(&self) -> Vec<Figure> {
        let synced = format!(
            "{APPROVALS} approvals and as many readings for the audit, until each is accepted and \
             the tablet knows; connecting, TLS and the live channel included; median of {}, \
             spread {:.0}%",
            self.seconds.len(),
            self.seconds.spread() * 100.0
        );
        vec![
            Figure::new("queue_open_ms", self.queue.p50(), "ms")
                .against(self.queue_limit.p50())
                .note(format!(
                    "{WAITING} rows as JSON, from a database just opened; p99 {:.0} ms",
                    self.queue.p99()
                )),
            Figure::new("difference_ms", self.difference.p50(), "ms")
                .against(self.difference_limit.p50())
                .note(format!(
                    "the whole record with what changed since its return, logged as read; p99 \
                     {:.1} ms",
                    self.difference.p99()
                )),
            Figure::new("sign_ms", self.sign.p50(), "ms")
                .note("one approval: read, logged, signed, on the disk"),
            Figure::new("sync_100_seconds", self.seconds.p50(), "s")
                .against(self.sync_limit.p50())
                .note(synced),
            Figure::new("sync_100_bytes", self.bytes.p50(), "B")
                .against(self.sync_limit_bytes.p50())
                .note("both ways, HTTP and TLS included"),
            Figure::new("sync_100_requests", self.requests.p50(), "").against(1.0),
        ]
    }
}
