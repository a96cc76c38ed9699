//! A device in step with its server: ten records are corrected, and the corrections are sent.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use app_core::http::HttpClient;
use app_core::view::{FieldMap, FieldValue};

use crate::cpu::Cpu;
use crate::held::Held;
use crate::job::Job;
use crate::phone::Phone;
use crate::proxy::Proxy;
use crate::report::{Figure, Measured};
use crate::site::{self, Running};
use crate::stats::Samples;
use crate::{Bench, limit, memory, web};

/// Records that are corrected each time.
const EDITS: u32 = 10;
/// An outcome that no record has before.
pub(super) const NEW_OUTCOME: &str = "caution";
/// How often at least.
const RUNS: usize = 10;
/// How long what follows an answer may take to go through.
const SETTLE: Duration = Duration::from_millis(5);

pub(crate) async fn measure(bench: &Bench) -> Result<Measured> {
    let held = Held::get(bench).await?;
    let scratch = bench.scratch()?;
    let (folder, data) = (scratch.path().join("phone"), scratch.path().join("server"));
    site::copy(&held.phone, &folder)?;
    site::copy(&held.data, &data)?;

    let server = Running::start(&data, true)?;
    let started = memory::peak_mb(server.pid())?;
    let phone = Phone::open(&folder)?;
    phone.sign_in(&server).await?;
    let proxy = Proxy::start(server.address, Duration::ZERO).await?;
    let place = Place {
        client: HttpClient::new(&proxy.url(), server.pin)?,
        web: web::client(&data)?,
        phone,
        server,
        proxy,
    };
    place.phone.sync(&place.client).await?;
    place.settle().await?;
    memory::forget_peak(place.server.pid())?;
    let mut all = All::default();
    for run in 0..bench.runs.max(RUNS) {
        place.once(u32::try_from(run)? * EDITS, &mut all).await?;
        let folder = scratch.path().join(format!("limit-{run}"));
        all.limit(&folder)?;
    }
    let server_mb = memory::peak_mb(place.server.pid())?;

    // The same in a process of its own, which begins with its key and nothing else.
    let Place { phone, server, .. } = place;
    edit(&phone, 0, "crime_reference", "20/000001/26")?;
    drop(phone);
    let device = Job::sync(folder, &server, server.url()).run().await?;
    ensure!(device.records == bench.held, "the device lost a record");
    let mut figures = all.figures();
    figures.extend([
        Figure::new("server_memory_mb", server_mb, "MB").note(format!(
            "peak during the exchanges; once started {started:.0}"
        )),
        Figure::new("device_memory_mb", device.peak_mb, "MB").note(format!(
            "peak of a process with one device; once opened {:.0}",
            device.before_mb
        )),
        Figure::new("held", bench.held as f64, "records"),
    ]);
    Ok(Measured::Figures(figures))
}

/// A device and its server, with a proxy between them.
struct Place {
    phone: Phone,
    server: Running,
    proxy: Proxy,
    client: HttpClient,
    web: reqwest::Client,
}

impl Place {
    /// Corrects ten records and sends them.
    async fn once(&self, from: u32, all: &mut All) -> Result<()> {
        edit(&self.phone, from, "outcome", NEW_OUTCOME)?;
        tokio::time::sleep(SETTLE).await;
        self.proxy.take();
        let before = Cpu::of(self.server.pid())?;
        let mut received = before.clone();
        let began = Instant::now();
        let answered = || {
            received = Cpu::of(self.server.pid())?;
            Ok(())
        };
        let steps = self.phone.push(&self.client, answered).await?;
        all.took.push_ms(began.elapsed());
        ensure!(steps.requests == 1, "ten edits took more than one request");
        tokio::time::sleep(SETTLE).await;
        let traffic = self.proxy.take();
        all.up.push(traffic.up as f64);
        all.bytes.push((traffic.up + traffic.down) as f64);
        all.round_trips.push(traffic.round_trips as f64);
        let cpu = received.since(&before);
        all.cpu
            .push_ms(cpu.saturating_sub(received.judging_since(&before)));
        let judged = self.settle().await?;
        all.cpu_all.push_ms(judged.since(&before));
        let traffic = self.proxy.take();
        all.verdicts.push((traffic.up + traffic.down) as f64);
        Ok(())
    }

    /// Waits for the verdicts and fetches them; gives the server's time before that.
    async fn settle(&self) -> Result<Cpu> {
        let judged = web::judged(&self.web, &self.server).await?;
        self.phone.sync(&self.client).await?;
        ensure!(!self.phone.core.push_is_due()?, "something is not received");
        tokio::time::sleep(SETTLE).await;
        Ok(judged)
    }
}

/// Sets one field of ten records.
fn edit(phone: &Phone, from: u32, key: &str, value: &str) -> Result<()> {
    let rows = phone.core.records(from, EDITS, "all")?;
    ensure!(rows.len() == EDITS as usize, "too few records are held");
    for row in rows {
        let value = FieldValue::Text(value.to_owned());
        let fields = FieldMap::from([(key.to_owned(), Some(value))]);
        phone.core.edit(&row.id, fields).context(key.to_owned())?;
    }
    Ok(())
}

/// What each run gave.
#[derive(Default)]
struct All {
    took: Samples,
    bytes: Samples,
    up: Samples,
    verdicts: Samples,
    round_trips: Samples,
    cpu: Samples,
    cpu_all: Samples,
    limit: Samples,
    limit_cpu: Samples,
    limit_bytes: Samples,
}

impl All {
    /// The same ten edits, as lines of JSON.
    fn limit(&mut self, folder: &Path) -> Result<()> {
        std::fs::create_dir(folder)?;
        let line = |number| {
            format!("{{\"id\":\"{number:032x}\",\"set\":{{\"outcome\":\"{NEW_OUTCOME}\"}}}}")
        };
        let lines: Vec<_> = (0..EDITS).map(line).collect();
        let limit = limit::upload(&lines, folder)?;
        self.limit.push_ms(limit.took);
        self.limit_cpu.push_ms(limit.cpu);
        self.limit_bytes.push(limit.bytes as f64);
        Ok(())
    }

    fn figures(&self) -> Vec<Figure> {
        vec![
            Figure::new("bytes", self.bytes.p50(), "B")
                .against(self.limit_bytes.p50())
                .at_most(1_900.0)
                .note("both ways, HTTP and TLS included, on an open connection; baseline: no TLS"),
            Figure::new("bytes_up", self.up.p50(), "B"),
            Figure::new("bytes_of_verdicts", self.verdicts.p50(), "B")
                .note("both ways, the exchange after that"),
            Figure::new("round_trips", self.round_trips.p50(), "").at_most(1.0),
            Figure::new("server_cpu_ms", self.cpu.p50(), "ms")
                .against(self.limit_cpu.p50())
                .at_most(1.0)
                .note("to the receipt, without the thread that judges"),
            Figure::new("server_cpu_all_ms", self.cpu_all.p50(), "ms").note("once judged"),
            Figure::new("p50_ms", self.took.p50(), "ms")
                .against(self.limit.p50())
                .note("request to receipt stored"),
        ]
    }
}
