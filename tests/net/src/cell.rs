//! One cell: a server, a device, and a link between them that goes bad once the device is
//! enrolled.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::cells::{Cell, Link};
use crate::kernel::{Net, SERVER, Weather};
use crate::ledger::Ledger;
use crate::process::Process;
use crate::proxy::{Proxy, Trouble};
use crate::site::{self, Running};

/// Enrolling and making a vault on a good link.
const READY: Duration = Duration::from_secs(180);

/// What the device has to send.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work {
    records: u32,
    /// Sides of the photo, in pixels: three bytes each.
    photo: u32,
}

impl Work {
    /// Twenty records, and a photo of 200 kB.
    pub(crate) const WHOLE: Self = Self {
        records: 20,
        photo: 258,
    };
    /// Five, and a photo of 60 kB.
    pub(crate) const SHORT: Self = Self {
        records: 5,
        photo: 142,
    };
}

/// What came of a cell.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) seconds: f64,
    /// Bytes both ways, from when the link went bad until nothing was left to send.
    pub(crate) bytes: u64,
    /// How often the trouble struck, where that can be counted.
    pub(crate) struck: u64,
    pub(crate) wrong: Vec<String>,
}

/// What is between device and server.
enum Way {
    Relay(Proxy, Trouble),
    Kernel(Net, Weather),
}

/// Runs a cell. An error means that it could not be run here.
pub(crate) fn run(cell: &Cell, work: Work) -> Result<Done> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("server");
    let code = site::make(&data)?;
    let program = site::program()?;
    let program = program.to_str().context("a path that is not text")?;
    let (server, way) = match cell.link {
        Link::Relay(trouble) => {
            let server = Running::start(Command::new(program), &data, "127.0.0.1")?;
            let proxy = Proxy::start(server.address, trouble)?;
            (server, Way::Relay(proxy, trouble))
        }
        Link::Kernel(weather) => {
            let net = Net::make()?;
            let server = Running::start(net.at_server(program), &data, SERVER)?;
            (server, Way::Kernel(net, weather))
        }
    };
    let mut device = way.device(&folder.path().join("device"), &server, &code, work)?;
    let ready = device
        .line(READY)?
        .context("the device does not get ready")?;
    let log = ready
        .strip_prefix("ready ")
        .context("the device is confused")?;
    let before = way.bytes()?;
    way.make_bad()?;
    let mut ledger = Ledger::default();
    let seconds = send(&mut device, &mut ledger, cell.deadline)?;
    let bytes = way.bytes()? - before;
    let struck = way.struck()?;
    way.judge(&mut ledger, bytes, seconds, struck);
    drop((device, server, way));
    ledger.settle(&site::open(&data)?, work.records, log)?;
    Ok(Done {
        seconds,
        bytes,
        struck,
        wrong: ledger.wrong,
    })
}

/// Lets the device work until nothing is left to send, or the time is over.
fn send(device: &mut Process, ledger: &mut Ledger, deadline: Duration) -> Result<f64> {
    let begun = Instant::now();
    device.tell("go")?;
    loop {
        let left = deadline.saturating_sub(begun.elapsed());
        match device.line(left)? {
            Some(line) if line == "drained" => return Ok(begun.elapsed().as_secs_f64()),
            Some(line) => ledger.take(&line),
            None => {
                let late = format!("not done within {} s", deadline.as_secs());
                ledger.wrong.push(late);
                return Ok(begun.elapsed().as_secs_f64());
            }
        }
    }
}

impl Way {
    fn device(&self, home: &Path, server: &Running, code: &str, work: Work) -> Result<Process> {
        let program = std::env::current_exe()?;
        let (mut command, at) = match self {
            Self::Relay(proxy, _) => (Command::new(program), proxy.address),
            Self::Kernel(net, _) => {
                let program = program.to_str().context("a path that is not text")?;
                (net.at_device(program), server.address)
            }
        };
        command.arg("device").arg("--folder").arg(home);
        command.args(["--link", &server.link(at, code)]);
        command.args(["--records", &work.records.to_string()]);
        command.args(["--photo", &work.photo.to_string()]);
        Process::spawn(command)
    }

    fn make_bad(&self) -> Result<()> {
        match self {
            Self::Relay(proxy, _) => {
                proxy.make_bad();
                Ok(())
            }
            Self::Kernel(net, weather) => net.make_bad(*weather),
        }
    }

    fn bytes(&self) -> Result<u64> {
        match self {
            Self::Relay(proxy, _) => Ok(proxy.counts.bytes.load(Ordering::Relaxed)),
            Self::Kernel(net, _) => net.bytes(),
        }
    }

    fn struck(&self) -> Result<u64> {
        match self {
            Self::Relay(proxy, _) => Ok(proxy.counts.struck.load(Ordering::Relaxed)),
            Self::Kernel(net, Weather::Loss(_)) => net.lost(),
            Self::Kernel(..) => Ok(0),
        }
    }

    /// A link that was not bad proves nothing.
    fn judge(&self, ledger: &mut Ledger, bytes: u64, seconds: f64, struck: u64) {
        let was_bad = match self {
            Self::Relay(_, Trouble::None) | Self::Kernel(_, Weather::Fair) => true,
            Self::Relay(..) | Self::Kernel(_, Weather::Loss(_)) => struck > 0,
            // Both directions have the rate.
            Self::Kernel(_, Weather::Rate(bits)) => {
                bytes as f64 * 8.0 / seconds < f64::from(*bits) * 2.2
            }
        };
        if !was_bad {
            ledger.wrong.push("the trouble never struck".to_owned());
        }
    }
}
