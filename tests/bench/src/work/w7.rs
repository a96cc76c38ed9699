//! Many records on the device: from the start of the process to the list, the list again, and
//! searches.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::Bench;
use crate::held::Held;
use crate::limit::Lists;
use crate::phone::Phone;
use crate::report::{Figure, Measured};
use crate::stats::{Samples, us};

/// How often a process is started.
const STARTS: usize = 15;
/// How often the list is read.
const LISTS: usize = 300;
/// How many searches.
const SEARCHES: usize = 300;
/// Records in a list.
const ROWS: u32 = 50;

pub(crate) async fn measure(bench: &Bench) -> Result<Measured> {
    let held = Held::get(bench).await?;
    let scratch = bench.scratch()?;
    let path = scratch.path().join("limit.db");
    drop(Lists::make(&path, bench.held, |number| {
        bench.records.fields(number)
    })?);

    let [mut start, mut cold, mut limit_start] = [const { Samples::EMPTY }; 3];
    for _ in 0..STARTS {
        let (opened, listed) = start_anew(&held.phone)?;
        start.push_ms(opened + listed);
        cold.push_ms(listed);
        let began = Instant::now();
        Lists::open(&path)?.list()?;
        limit_start.push_ms(began.elapsed());
    }

    let phone = Phone::open(&held.phone)?;
    let limit = Lists::open(&path)?;
    let [mut lists, mut limit_lists, mut hits] = [const { Samples::EMPTY }; 3];
    for _ in 0..LISTS {
        let began = Instant::now();
        let rows = phone.core.records(0, ROWS, "all")?;
        lists.push_ms(began.elapsed());
        ensure!(!rows.is_empty(), "the list is empty");
        let began = Instant::now();
        limit.list()?;
        limit_lists.push_ms(began.elapsed());
    }
    let [mut searches, mut again, mut limit_searches] = [const { Samples::EMPTY }; 3];
    for query in bench.records.queries(SEARCHES) {
        let began = Instant::now();
        let found = phone.core.search(&query)?;
        searches.push_ms(began.elapsed());
        hits.push(found.records.len() as f64);
        let began = Instant::now();
        limit.search(&query)?;
        limit_searches.push_ms(began.elapsed());
        // What the first time read and decrypted is there now: what is left is the search itself.
        let began = Instant::now();
        phone.core.search(&query)?;
        again.push_ms(began.elapsed());
    }

    let figure = |metric, value: f64, limit: f64| Figure::new(metric, value, "ms").against(limit);
    let (list, search) = (
        limit_lists.p50(),
        (limit_searches.p50(), limit_searches.p99()),
    );
    Ok(Measured::Figures(vec![
        figure("start_to_list_ms", start.p50(), limit_start.p50())
            .at_most(150.0)
            .note("new process, files in the system's cache, without the key derivation"),
        Figure::new("cold_list_ms", cold.p50(), "ms"),
        figure("list_p50_ms", lists.p50(), list)
            .at_most(0.1)
            .note("50 rows"),
        figure("search_p50_ms", searches.p50(), search.0)
            .at_most(0.2)
            .note(format!(
                "{} searches, hits p50 {:.0}",
                searches.len(),
                hits.p50()
            )),
        figure("search_p99_ms", searches.p99(), search.1).at_most(2.0),
        Figure::new("search_again_p50_ms", again.p50(), "ms")
            .note("the same words once more: no page has to be decrypted"),
        Figure::new("held", bench.held as f64, "records"),
    ]))
}

/// Starts this program anew to open a device; gives how long that took and the list.
fn start_anew(phone: &Path) -> Result<(Duration, Duration)> {
    let program = std::env::current_exe()?;
    let output = Command::new(program)
        .arg("--start-to-list")
        .arg(phone)
        .output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    let text = String::from_utf8(output.stdout)?;
    let mut numbers = text.split_whitespace().map(str::parse::<f64>);
    let mut next = || -> Result<Duration> {
        Ok(Duration::from_secs_f64(
            numbers.next().context("no figure")?? / 1e6,
        ))
    };
    Ok((next()?, next()?))
}

/// What the new process does.
pub(crate) fn start_to_list(phone: &Path) -> Result<()> {
    let began = Instant::now();
    let phone = Phone::open(phone)?;
    let opened = began.elapsed();
    phone.core.records(0, ROWS, "all")?;
    println!("{} {}", us(opened), us(began.elapsed() - opened));
    Ok(())
}
