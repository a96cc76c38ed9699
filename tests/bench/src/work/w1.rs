//! A device with 1,000 new records, each one change and one submission, connects and pushes
//! until it knows that all of them are received.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use app_core::http::HttpClient;

use crate::cpu::Cpu;
use crate::limit::{self, Transfer};
use crate::phone::{Phone, Steps};
use crate::plain::Plain;
use crate::proxy::Proxy;
use crate::report::{Figure, Measured};
use crate::site::{self, Running};
use crate::stats::{Samples, us};
use crate::work::steps;
use crate::{Bench, web};

const RECORDS: usize = 1_000;
/// Each way, for a round trip of 100 ms.
const SLOW: Duration = Duration::from_millis(50);

pub(crate) async fn measure(bench: &Bench) -> Result<Measured> {
    let scratch = bench.scratch()?;
    let template = Place::at(scratch.path().join("template"));
    let lines = template.fill(bench).await?;
    let mut all = All::default();
    // In turn, so that whatever else the machine does falls on all alike.
    for run in 0..bench.runs {
        eprintln!("w1: run {} of {}", run + 1, bench.runs);
        let place = |name: &str| template.copied(&scratch.path().join(format!("{run}-{name}")));
        let limit_folder = scratch.path().join(format!("{run}-limit"));
        std::fs::create_dir(&limit_folder)?;
        all.limit(&limit::upload(&lines, &limit_folder)?);
        all.with_tls(&place("tls")?.push_over_tls().await?);
        all.without_tls
            .push(place("plain")?.push_without_tls().await?.as_secs_f64());
    }
    let steps = template.copied(&scratch.path().join("steps"))?.steps()?;
    let counted = template
        .copied(&scratch.path().join("counted"))?
        .count(Duration::ZERO)
        .await?;
    let slow = template
        .copied(&scratch.path().join("slow"))?
        .count(SLOW)
        .await?;
    let mut figures = all.figures(&lines, &counted, &slow);
    figures.extend(all.by_step(&steps));
    Ok(Measured::Figures(figures))
}

/// The folders of a device and its server.
struct Place {
    phone: PathBuf,
    data: PathBuf,
}

/// What one push took.
struct Pushed {
    took: Duration,
    steps: Steps,
    /// Of the server until the last receipt.
    cpu: Duration,
    /// Of that, what was not judging.
    receiving: Duration,
    /// Of the server until everything was judged.
    cpu_all: Duration,
}

/// What went over the wire.
struct Counted {
    bytes: u64,
    up: u64,
    requests: u32,
    round_trips: u64,
    took: Duration,
}

impl Place {
    fn at(folder: PathBuf) -> Self {
        Self {
            phone: folder.join("phone"),
            data: folder.join("server"),
        }
    }

    fn copied(&self, to: &Path) -> Result<Self> {
        let copy = Self::at(to.to_owned());
        site::copy(&self.phone, &copy.phone)?;
        site::copy(&self.data, &copy.data)?;
        Ok(copy)
    }

    /// A server without records, and a device that has its reference data and new records.
    async fn fill(&self, bench: &Bench) -> Result<Vec<String>> {
        std::fs::create_dir_all(self.data.parent().context("no folder")?)?;
        let code = site::make(&self.data)?;
        let server = Running::start(&self.data, true)?;
        let phone = Phone::enrol(&self.phone, &server, code).await?;
        phone
            .sync(&HttpClient::new(&server.url(), server.pin)?)
            .await?;
        let records = (0..RECORDS).map(|number| bench.records.fields(number));
        records
            .map(|fields| Ok(phone.submit(fields)?.json))
            .collect()
    }

    async fn push_over_tls(&self) -> Result<Pushed> {
        let phone = Phone::open(&self.phone)?;
        let server = Running::start(&self.data, true)?;
        let before = Cpu::of(server.pid())?;
        let mut received = before.clone();
        let began = Instant::now();
        let client = HttpClient::new(&server.url(), server.pin)?;
        let steps = phone
            .push(&client, || {
                received = Cpu::of(server.pid())?;
                Ok(())
            })
            .await?;
        let took = began.elapsed();
        let judged = web::judged(&web::client(&self.data)?, &server).await?;
        let cpu = received.since(&before);
        Ok(Pushed {
            took,
            steps,
            cpu,
            receiving: cpu.saturating_sub(received.judging_since(&before)),
            cpu_all: judged.since(&before),
        })
    }

    async fn push_without_tls(&self) -> Result<Duration> {
        let phone = Phone::open(&self.phone)?;
        let server = Running::start(&self.data, false)?;
        let client = Plain::new(server.address)?;
        let began = Instant::now();
        phone.push(&client, || Ok(())).await?;
        Ok(began.elapsed())
    }

    /// The same batch on the same server, by step.
    fn steps(&self) -> Result<steps::Steps> {
        let request = Phone::open(&self.phone)?.core.exchange_request()?;
        steps::Steps::measure(&request, &self.data)
    }

    /// Pushes over TLS through a proxy.
    async fn count(&self, delay: Duration) -> Result<Counted> {
        let phone = Phone::open(&self.phone)?;
        let server = Running::start(&self.data, true)?;
        let proxy = Proxy::start(server.address, delay).await?;
        let began = Instant::now();
        let client = HttpClient::new(&proxy.url(), server.pin)?;
        let requests = phone.push(&client, || Ok(())).await?.requests;
        let took = began.elapsed();
        let traffic = proxy.take();
        Ok(Counted {
            bytes: traffic.up + traffic.down,
            up: traffic.up,
            requests,
            round_trips: traffic.round_trips,
            took,
        })
    }
}

/// The samples of all runs; processor time in microseconds a record.
#[derive(Default)]
struct All {
    took: Samples,
    request: Samples,
    exchange: Samples,
    store: Samples,
    cpu: Samples,
    receiving: Samples,
    cpu_all: Samples,
    without_tls: Samples,
    limit: Samples,
    limit_cpu: Samples,
    limit_bytes: Samples,
}

fn each(time: Duration) -> f64 {
    us(time) / RECORDS as f64
}

impl All {
    fn limit(&mut self, upload: &Transfer) {
        self.limit.push(upload.took.as_secs_f64());
        self.limit_cpu.push(each(upload.cpu));
        self.limit_bytes.push(upload.bytes as f64 / RECORDS as f64);
    }

    fn with_tls(&mut self, pushed: &Pushed) {
        self.took.push(pushed.took.as_secs_f64());
        self.request.push_ms(pushed.steps.request);
        self.exchange.push_ms(pushed.steps.exchange);
        self.store.push_ms(pushed.steps.store);
        self.cpu.push(each(pushed.cpu));
        self.receiving.push(each(pushed.receiving));
        self.cpu_all.push(each(pushed.cpu_all));
    }

    /// What the steps cost, and how much more all of it does.
    fn by_step(&self, steps: &steps::Steps) -> Vec<Figure> {
        let (all, records) = (steps.all(), steps.records.max(1) as f64);
        let each = |took: Duration| us(took) / records;
        let sum: f64 = all.iter().map(|(_, took)| each(*took)).sum();
        let mut figures: Vec<_> = all
            .iter()
            .map(|(name, took)| Figure::new(name, each(*took), "us"))
            .collect();
        figures.push(Figure::new("steps_sum_us", sum, "us").note(format!(
            "each of {records} records in one request, two entries"
        )));
        let ratio = self.cpu_all.p50() / sum;
        figures.push(
            Figure::new("ratio_to_steps", ratio, "x")
                .at_most(1.5)
                .note("all of the server's time over the steps': HTTP, TLS, threads, news"),
        );
        figures
    }

    fn figures(&self, lines: &[String], counted: &Counted, slow: &Counted) -> Vec<Figure> {
        let records = RECORDS as f64;
        let (took, limit, plain) = (self.took.p50(), self.limit.p50(), self.without_tls.p50());
        let json = lines.iter().map(String::len).sum::<usize>() as f64 / records;
        let spread = format!(
            "TLS on; baseline: no TLS; median of {}, spread {:.0}% and {:.0}%",
            self.took.len(),
            self.took.spread() * 100.0,
            self.limit.spread() * 100.0
        );
        let cpu = self.limit_cpu.p50();
        vec![
            Figure::new("seconds", took, "s")
                .against(limit)
                .note(spread),
            Figure::new("records_per_s", records / took, "1/s").against(records / limit),
            Figure::new("ratio_to_limit", limit / plain, "x")
                .at_least(0.5)
                .note("records/s over the baseline's, neither with TLS"),
            Figure::new("seconds_without_tls", plain, "s").against(limit),
            Figure::new("request_ms", self.request.p50(), "ms").note("reading what waits"),
            Figure::new("exchange_ms", self.exchange.p50(), "ms")
                .note("packing, TLS, sending, the server, its synced commit, the answer"),
            Figure::new("store_ms", self.store.p50(), "ms").note("the receipt, and 1,000 states"),
            Figure::new("server_cpu_us_to_receipt", self.cpu.p50(), "us")
                .against(cpu)
                .at_most(40.0)
                .note("each record; TLS on; what was judged by then included"),
            Figure::new("receiving_cpu_us", self.receiving.p50(), "us")
                .against(cpu)
                .at_most(40.0)
                .note("the same without the thread that judges"),
            Figure::new("server_cpu_us_per_record", self.cpu_all.p50(), "us")
                .against(cpu)
                .at_most(180.0)
                .note("all work, once judged: two entries each"),
            Figure::new("bytes_per_record", counted.bytes as f64 / records, "B")
                .against(self.limit_bytes.p50())
                .at_most(520.0)
                .note("both ways, HTTP and TLS included"),
            Figure::new("bytes_up_per_record", counted.up as f64 / records, "B"),
            Figure::new("requests", f64::from(counted.requests), "").at_most(1.0),
            Figure::new("round_trips", counted.round_trips as f64, "")
                .note("with the TLS handshake"),
            Figure::new("seconds_at_100ms", slow.took.as_secs_f64(), "s")
                .at_most(0.6)
                .note("100 ms a round trip, connecting included"),
            Figure::new("json_bytes", json, "B").note("mean of a record's fields"),
        ]
    }
}
