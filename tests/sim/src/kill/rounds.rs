//! The rounds: in the middle of what, which process is killed, and how it comes back.

mod old;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};

use crate::driver::Work;
use crate::ledger::Ledger;
use crate::phone::{self, Phone};
use crate::process::Process;
use crate::site::{self, Running};

/// A restart may take so long.
const RESTART: Duration = Duration::from_secs(2);
/// Lines of a driver within which a kill comes.
const LINES: u64 = 12;
/// Microseconds after the last of them within which it comes.
const AFTER_US: u64 = 6_000;
/// Microseconds after a start within which a kill finds a process opening its database.
const OPENING_US: u64 = 60_000;
/// Lines after a restart until everything goes on again.
const GOES_ON: usize = 4;

/// In the middle of what a process is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Moment {
    Edit,
    Outbox,
    Upload,
    Commit,
    Checkpoint,
    Migration,
}

impl Moment {
    const ALL: [Self; 6] = [
        Self::Edit,
        Self::Outbox,
        Self::Upload,
        Self::Commit,
        Self::Checkpoint,
        Self::Migration,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Outbox => "outbox",
            Self::Upload => "upload",
            Self::Commit => "commit",
            Self::Checkpoint => "checkpoint",
            Self::Migration => "migration",
        }
    }
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Report {
    kills: BTreeMap<Moment, u64>,
    slowest: BTreeMap<&'static str, Duration>,
    saved: usize,
    photos: usize,
    lost: Vec<String>,
}

impl Report {
    /// True if nothing was lost and every restart was quick.
    pub(crate) fn holds(&self) -> bool {
        self.lost.is_empty() && self.slowest.values().all(|time| *time < RESTART)
    }

    fn started(&mut self, what: &'static str, time: Duration) {
        let slowest = self.slowest.entry(what).or_default();
        *slowest = time.max(*slowest);
    }

    /// Prints it.
    pub(crate) fn tell(&self, json: bool) {
        let kills: BTreeMap<_, _> = self.kills.iter().map(|(it, n)| (it.name(), n)).collect();
        let total: u64 = self.kills.values().sum();
        let seconds = |it: &Duration| it.as_secs_f64();
        if json {
            let slowest: BTreeMap<_, _> = self
                .slowest
                .iter()
                .map(|(it, t)| (it, seconds(t)))
                .collect();
            let report = serde_json::json!({
                "kills": total, "by_moment": kills, "slowest_restart_s": slowest,
                "saved": self.saved, "photos": self.photos, "lost": self.lost,
            });
            println!("{report}");
            return;
        }
        println!("{total} kills");
        for (moment, times) in kills {
            println!("  in {moment}: {times}");
        }
        for (what, time) in &self.slowest {
            println!("slowest start of the {what}: {:.3} s", seconds(time));
        }
        let (saved, photos, lost) = (self.saved, self.photos, self.lost.len());
        println!("{saved} words and {photos} photos promised, {lost} lost");
        for lost in &self.lost {
            println!("  {lost}");
        }
    }
}

/// The two machines, and what was said.
struct Site {
    data: PathBuf,
    folder: PathBuf,
    address: SocketAddr,
    pin: String,
    server: Option<Running>,
    chance: ChaCha8Rng,
    ledger: Ledger,
    report: Report,
}

/// Kills so many processes.
pub(crate) fn run(rounds: u64, seed: u64) -> Result<Report> {
    let temporary = tempfile::tempdir()?;
    let data = temporary.path().join("server");
    let folder = temporary.path().join("phone");
    let code = site::make(&data)?;
    let server = Running::start(&data, ([127, 0, 0, 1], 0).into())?;
    let url = format!("https://{}", server.address);
    let client = phone::client(&url, &server.pin)?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(phone::enrol(&folder, &client, code))?;
    let mut site = Site {
        data,
        folder,
        address: server.address,
        pin: server.pin.clone(),
        server: Some(server),
        chance: ChaCha8Rng::seed_from_u64(seed),
        ledger: Ledger::default(),
        report: Report::default(),
    };
    let mut done = 0;
    while done < rounds {
        let moment = Moment::ALL[usize::try_from(done % 6)?];
        if site
            .round(moment)
            .with_context(|| format!("round {done}"))?
        {
            *site.report.kills.entry(moment).or_default() += 1;
            done += 1;
        }
    }
    site.settle()
}

impl Site {
    /// One round; true if something that ran was killed.
    fn round(&mut self, moment: Moment) -> Result<bool> {
        match moment {
            Moment::Edit => self.kill_device(Work::Edit),
            Moment::Outbox => self.kill_device(Work::Send),
            Moment::Upload if self.below(2) == 0 => self.kill_device(Work::Photos),
            Moment::Upload => self.kill_server(Work::Photos),
            Moment::Commit => self.kill_server(Work::Send),
            Moment::Checkpoint => self.kill_while_opening(),
            Moment::Migration => self.kill_while_migrating(),
        }
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.chance.next_u64() % limit.max(1)
    }

    /// Lets time pass in which a process does what a process does: there is nothing to wait
    /// for, the kill is to come at any moment.
    fn any_moment(&mut self, within_us: u64) {
        std::thread::sleep(Duration::from_micros(self.below(within_us)));
    }

    /// Starts a driver, and waits until its vault is open.
    fn driver(&mut self, work: Work) -> Result<Process> {
        let mut driver = self.spawn_driver(work)?;
        match driver.line().as_deref() {
            Some("open") => self.report.started("app", driver.age()),
            other => bail!("the app does not open: {other:?}"),
        }
        Ok(driver)
    }

    fn spawn_driver(&mut self, work: Work) -> Result<Process> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("device").arg("--folder").arg(&self.folder);
        command.args(["--url", &format!("https://{}", self.address)]);
        // A pin may begin with a dash.
        command.arg(format!("--pin={}", self.pin));
        let work = clap::ValueEnum::to_possible_value(&work).context("work without a name")?;
        command.args(["--work", work.get_name()]);
        command.args(["--seed", &self.chance.next_u64().to_string()]);
        Process::spawn(command)
    }

    /// Hears so many lines of a driver.
    fn hear(&mut self, driver: &mut Process, lines: u64) -> Result<()> {
        for _ in 0..lines {
            let line = driver.line().context("the app has ended")?;
            self.ledger.take(&line);
        }
        Ok(())
    }

    fn end(&mut self, process: Process) -> bool {
        let (ran, said) = process.kill();
        for line in said {
            self.ledger.take(&line);
        }
        ran
    }

    fn kill_device(&mut self, work: Work) -> Result<bool> {
        self.start_server()?;
        let mut driver = self.driver(work)?;
        let lines = self.below(LINES);
        self.hear(&mut driver, lines)?;
        self.any_moment(AFTER_US);
        Ok(self.end(driver))
    }

    fn kill_server(&mut self, work: Work) -> Result<bool> {
        self.start_server()?;
        let mut driver = self.driver(work)?;
        let lines = self.below(LINES);
        self.hear(&mut driver, lines)?;
        self.any_moment(AFTER_US);
        let server = self.server.take().context("no server")?;
        let (ran, _) = server.process.kill();
        self.start_server()?;
        self.hear(&mut driver, GOES_ON as u64)?;
        self.end(driver);
        Ok(ran)
    }

    /// Starts the server if it does not run.
    fn start_server(&mut self) -> Result<()> {
        if self.server.is_none() {
            let server = Running::start(&self.data, self.address)?;
            self.report.started("server", server.process.age());
            self.server = Some(server);
        }
        Ok(())
    }

    /// Opening folds the write-ahead log of the last process into the database.
    fn kill_while_opening(&mut self) -> Result<bool> {
        if self.below(2) == 0 {
            let driver = self.spawn_driver(Work::Edit)?;
            self.any_moment(OPENING_US);
            return Ok(self.end(driver));
        }
        if let Some(server) = self.server.take() {
            server.process.kill();
        }
        let opening = site::spawn(&self.data, self.address)?;
        self.any_moment(OPENING_US);
        let (ran, _) = opening.kill();
        self.start_server()?;
        Ok(ran)
    }

    /// A database of the first version is brought up to date.
    fn kill_while_migrating(&mut self) -> Result<bool> {
        let temporary = tempfile::tempdir()?;
        if self.below(2) == 0 {
            let folder = temporary.path().join("phone");
            let words = old::phone(&folder)?;
            let now = std::mem::replace(&mut self.folder, folder);
            let driver = self.spawn_driver(Work::Edit);
            self.any_moment(OPENING_US);
            let (ran, _) = driver?.kill();
            let folder = std::mem::replace(&mut self.folder, now);
            let phone = Phone::open(&folder).context("after a kill in a migration")?;
            if !old::has(&phone, &words) {
                self.ledger.lost.push("a draft, in a migration".to_owned());
            }
            return Ok(ran);
        }
        let data = temporary.path().join("server");
        old::server(&data)?;
        let any = ([127, 0, 0, 1], 0).into();
        let migrating = site::spawn(&data, any)?;
        self.any_moment(OPENING_US);
        let (ran, _) = migrating.kill();
        let server = Running::start(&data, any).context("after a kill in a migration")?;
        self.report
            .started("server after a migration", server.process.age());
        Ok(ran)
    }

    /// Sends what is left, and asks the server for everything.
    fn settle(mut self) -> Result<Report> {
        self.start_server()?;
        let mut driver = self.driver(Work::Drain)?;
        loop {
            let line = driver.line().context("the outbox is not drained")?;
            if line == "drained" {
                break;
            }
            self.ledger.take(&line);
        }
        self.end(driver);
        let log = Phone::open(&self.folder)?.core.log();
        drop(self.server.take());
        let server = site::open(&self.data)?;
        self.ledger.settle(&server, log)?;
        self.report.saved = self.ledger.saved.len();
        self.report.photos = self.ledger.photos.len();
        self.report.lost = self.ledger.lost;
        Ok(self.report)
    }
}
