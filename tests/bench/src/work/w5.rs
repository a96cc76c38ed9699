//! An empty device of an officer with many records fetches them all.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::cpu::Cpu;
use crate::held::Held;
use crate::job::{Done, Job};
use crate::limit::{self, Transfer};
use crate::phone::Phone;
use crate::proxy::Proxy;
use crate::report::{Figure, Measured};
use crate::site::{self, Running};
use crate::stats::{Samples, ms};
use crate::{Bench, memory};

pub(crate) async fn measure(bench: &Bench) -> Result<Measured> {
    let held = Held::get(bench).await?;
    let scratch = bench.scratch()?;
    let data = scratch.path().join("server");
    site::copy(&held.data, &data)?;
    let server = Running::start(&data, true)?;
    let lines: Vec<_> = (0..bench.held)
        .map(|number| serde_json::to_string(&bench.records.fields(number)))
        .collect::<Result<_, _>>()?;

    let mut all = All::default();
    for run in 0..bench.runs {
        eprintln!("w5: run {} of {}", run + 1, bench.runs);
        let folder = scratch.path().join(format!("limit-{run}"));
        all.limit(&limit::download(&lines, &folder)?);
        let folder = new_device(scratch.path(), &format!("device-{run}"), &data, &server).await?;
        memory::forget_peak(server.pid())?;
        let before = Cpu::of(server.pid())?;
        let done = Job::sync(folder.clone(), &server, server.url())
            .run()
            .await?;
        let cpu = Cpu::of(server.pid())?.since(&before);
        ensure!(
            done.records == bench.held && done.unopened == 0,
            "of {} records, {} came, and {} entries are not open",
            bench.held,
            done.records,
            done.unopened
        );
        searched(&folder)?;
        all.done(&done, cpu, memory::peak_mb(server.pid())?);
        std::fs::remove_dir_all(folder)?;
    }
    // Counting costs time, so that what is counted is not measured.
    let folder = new_device(scratch.path(), "counted", &data, &server).await?;
    let proxy = Proxy::start(server.address, Duration::ZERO).await?;
    Job::sync(folder, &server, proxy.url()).run().await?;
    let traffic = proxy.take();
    let mut figures = all.figures((traffic.up + traffic.down) as f64 / 1e6);
    figures
        .push(Figure::new("round_trips", traffic.round_trips as f64, "").note("connecting, too"));
    figures.push(Figure::new("held", bench.held as f64, "records"));
    Ok(Measured::Figures(figures))
}

/// One more device of the officer, without records.
async fn new_device(
    scratch: &Path,
    name: &str,
    data: &Path,
    server: &Running,
) -> Result<std::path::PathBuf> {
    let folder = scratch.join(name);
    drop(Phone::enrol(&folder, server, site::code(data)?).await?);
    Ok(folder)
}

/// What was fetched is found by its words.
fn searched(folder: &Path) -> Result<()> {
    let found = Phone::open(folder)?.core.search("pocket")?;
    ensure!(!found.records.is_empty(), "nothing is found");
    Ok(())
}

#[derive(Default)]
struct All {
    seconds: Samples,
    first: Samples,
    requests: Samples,
    cpu: Samples,
    opened: Samples,
    peak: Samples,
    server_cpu: Samples,
    server_peak: Samples,
    limit: Samples,
    limit_bytes: Samples,
}

impl All {
    fn limit(&mut self, limit: &Transfer) {
        self.limit.push(limit.took.as_secs_f64());
        self.limit_bytes.push(limit.bytes as f64 / 1e6);
    }

    fn done(&mut self, done: &Done, server_cpu: Duration, server_peak: f64) {
        self.seconds.push(done.seconds);
        self.first.push(done.first_list_ms);
        self.requests.push(f64::from(done.requests));
        self.cpu.push(done.cpu_s);
        self.opened.push(done.opened_cpu_s);
        self.peak.push(done.peak_mb);
        self.server_cpu.push(ms(server_cpu) / 1e3);
        self.server_peak.push(server_peak);
    }

    fn figures(&self, megabytes: f64) -> Vec<Figure> {
        let spread = format!(
            "stored, encrypted and searchable; TLS on; baseline: no TLS; median of {}, spread {:.0}%",
            self.seconds.len(),
            self.seconds.spread() * 100.0
        );
        vec![
            Figure::new("seconds", self.seconds.p50(), "s")
                .against(self.limit.p50())
                .at_most(2.0)
                .note(spread),
            Figure::new("first_50_ms", self.first.p50(), "ms")
                .at_most(400.0)
                .note("on the list, connecting included"),
            Figure::new("megabytes", megabytes, "MB")
                .against(self.limit_bytes.p50())
                .at_most(4.6)
                .note("both ways, HTTP and TLS included"),
            Figure::new("requests", self.requests.p50(), ""),
            Figure::new("device_cpu_s", self.cpu.p50(), "s").at_most(2.0),
            Figure::new("opened_cpu_s", self.opened.p50(), "s")
                .note("to let all of it into documents, afterwards"),
            Figure::new("server_cpu_s", self.server_cpu.p50(), "s"),
            Figure::new("device_memory_mb", self.peak.p50(), "MB").note("peak of its process"),
            Figure::new("server_memory_mb", self.server_peak.p50(), "MB").note("peak"),
        ]
    }
}
