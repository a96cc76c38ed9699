//! Many devices connect in the same moment, each with five new records, and push until each
//! knows that they are received. Who is told to come back later, does.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use app_core::http::HttpClient;
use app_core::sync::Backoff;
use shared::ids::LogId;
use shared::wire::{Checkpoint, ExchangeRequest, ExchangeResponse, Protocol as _, WireError};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::cpu::Cpu;
use crate::fleet::{Fleet, Member, RECORDS};
use crate::limit::fleet::storm;
use crate::report::{Figure, Measured};
use crate::site::{self, Running};
use crate::stats::{Samples, ms};
use crate::text::Dice;
use crate::{Bench, memory, web};

/// How long a device tries before it counts as one that could not.
const WITHIN: Duration = Duration::from_secs(180);

pub(crate) async fn measure(bench: &Bench) -> Result<Measured> {
    let scratch = bench.scratch()?;
    let data = scratch.path().join("server");
    std::fs::create_dir_all(&data)?;
    let fleet = Fleet::make(bench, &data, bench.devices)?;
    let limit = Limit::measure(&fleet, &scratch.path().join("limit")).await?;

    let server = Running::start(&data, true)?;
    let web = web::client(&data)?;
    memory::forget_peak(server.pid())?;
    let before = Cpu::of(server.pid())?;
    let mut all = push_all(&fleet, &server).await?;
    let received = Cpu::of(server.pid())?;
    let peak = memory::peak_mb(server.pid())?;
    let judged = web::judged(&web, &server).await?;
    let judged_peak = memory::peak_mb(server.pid())?;
    drop(server);
    all.lost = lost(&fleet, &data, &all.received)?;

    let devices = fleet.members.len() as f64;
    let judging = ms(received.judging_since(&before)) / devices;
    let cpu = ms(received.since(&before)) / devices - judging;
    let judging_all = ms(judged.since(&before)) / devices - cpu;
    let mut figures = vec![
        Figure::new("devices", devices, "").note(format!("{RECORDS} records each")),
        Figure::new("seconds", all.seconds, "s")
            .against(limit.seconds)
            .note("until the last one is received; TLS on; baseline: no TLS"),
        Figure::new("received_p50_s", all.took.p50(), "s"),
        Figure::new("received_p99_s", all.took.p99(), "s"),
        Figure::new("server_cpu_ms_per_device", cpu, "ms")
            .against(limit.cpu_ms)
            .at_most(0.6)
            .note("until received, TLS handshakes included, without the thread that judges"),
        Figure::new("judging_cpu_ms_per_device", judging_all, "ms").note(format!(
            "of that, {judging:.2} before the last was received"
        )),
        Figure::new("server_memory_mb", peak, "MB")
            .against(limit.memory_mb)
            .at_most(768.0)
            .note("peak until the last one is received"),
        Figure::new("judged_memory_mb", judged_peak, "MB").note("peak until all is judged"),
    ];
    figures.extend([
        Figure::new("errors", f64::from(all.errors), "")
            .at_most(0.0)
            .note("tries that ended in anything but a receipt or a time to come back"),
        Figure::new("retry_after", f64::from(all.told_to_wait), "")
            .note("tries that were given a time to come back, and came back after it"),
        Figure::new("not_received", all.given_up as f64, "devices").at_most(0.0),
        Figure::new("lost", all.lost as f64, "entries")
            .at_most(0.0)
            .note("with a receipt, and not there once the server was killed and opened again"),
    ]);
    Ok(Measured::Figures(figures))
}

/// What came of it.
#[derive(Default)]
struct All {
    seconds: f64,
    took: Samples,
    errors: u32,
    told_to_wait: u32,
    given_up: usize,
    lost: u64,
    /// Which devices hold a receipt.
    received: Vec<bool>,
}

/// What came of one device.
struct One {
    place: usize,
    took: Option<Duration>,
    errors: u32,
    told_to_wait: u32,
}

async fn push_all(fleet: &Fleet, server: &Running) -> Result<All> {
    let gate = Arc::new(Semaphore::new(0));
    let key: Arc<[u8]> = fleet.receipt_key.clone().into();
    let mut pushes = JoinSet::new();
    for (place, member) in fleet.members.iter().enumerate() {
        // Ready, and not yet connected.
        let client = HttpClient::new(&server.url(), server.pin)?;
        let (gate, key) = (gate.clone(), key.clone());
        let member = Member {
            credential: member.credential.clone(),
            request: member.request.clone(),
            last: member.last,
            lines: Vec::new(),
        };
        pushes.spawn(async move {
            let _go = gate.acquire().await?;
            anyhow::Ok(push(place, &member, &client, &key).await)
        });
    }
    let began = Instant::now();
    gate.add_permits(fleet.members.len());
    let mut all = All {
        received: vec![false; fleet.members.len()],
        ..All::default()
    };
    while let Some(one) = pushes.join_next().await {
        let one = one??;
        all.errors += one.errors;
        all.told_to_wait += one.told_to_wait;
        match one.took {
            Some(took) => {
                all.took.push(took.as_secs_f64());
                all.received[one.place] = true;
            }
            None => all.given_up += 1,
        }
    }
    all.seconds = began.elapsed().as_secs_f64();
    Ok(all)
}

/// Pushes until the receipt is there, as the device's loop does.
async fn push(place: usize, member: &Member, client: &HttpClient, key: &[u8]) -> One {
    let began = Instant::now();
    let (mut backoff, dice) = (Backoff::new(), &mut Dice::new(place as u64));
    let mut one = One {
        place,
        took: None,
        errors: 0,
        told_to_wait: 0,
    };
    while began.elapsed() < WITHIN {
        let request: ExchangeRequest = member.request.clone();
        let log = request.log;
        let wait = match client.exchange(&member.credential, request).await {
            Ok(answer) if covers(&answer, key, log, member) => {
                one.took = Some(began.elapsed());
                return one;
            }
            Err(WireError::Refused {
                retry_after_ms: Some(asked),
                ..
            }) => {
                one.told_to_wait += 1;
                Some(asked)
            }
            Ok(_) | Err(_) => {
                one.errors += 1;
                None
            }
        };
        let wait = backoff.next(dice.below(u64::MAX), wait);
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
    one
}

/// True if an answer has the server's signature under all that was sent.
fn covers(answer: &ExchangeResponse, key: &[u8], log: LogId, member: &Member) -> bool {
    let signed = answer.checkpoint.as_ref();
    let receipt = signed.and_then(|bytes| Checkpoint::verify(key, bytes).ok());
    receipt.is_some_and(|it| it.log == log && it.seq >= member.last)
}

/// Entries that devices hold a receipt for and the server does not have.
fn lost(fleet: &Fleet, data: &Path, received: &[bool]) -> Result<u64> {
    let server = site::open(data)?;
    let mut lost = 0;
    for (member, _) in fleet.members.iter().zip(received).filter(|(_, it)| **it) {
        let has = server.received(member.request.log)?;
        let has = has.map_or(0, |last| last.0 + 1);
        lost += (member.last.0 + 1).saturating_sub(has);
    }
    Ok(lost)
}

/// The baseline, in a process of its own as the server is.
struct Limit {
    seconds: f64,
    cpu_ms: f64,
    memory_mb: f64,
}

/// Ends the process with what holds it.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Limit {
    async fn measure(fleet: &Fleet, folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--limit-server").arg(folder);
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().context("no output of the baseline")?;
        let child = Serving(child);
        let address = site::first_line(output)?;
        let address = address.parse().with_context(|| address.clone())?;
        let pid = child.0.id();
        let before = Cpu::of(pid)?;
        let devices: Vec<_> = fleet.members.iter().map(|it| it.lines.clone()).collect();
        ensure!(!devices.is_empty(), "no devices");
        let seconds = storm(address, &devices).await?;
        Ok(Self {
            seconds,
            cpu_ms: ms(Cpu::of(pid)?.since(&before)) / devices.len() as f64,
            memory_mb: memory::peak_mb(pid)?,
        })
    }
}
