//! A link that the kernel makes bad: two networks of their own, with one wire between them, on
//! which packets are dropped and slowed down. It takes root, `ip`, `tc` and `nft`.
//!
//! Packets are dropped by a rule of nftables and not by netem, which many kernels are built
//! without. There is no delay here for the same reason: the relay has it.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::process::Process;

/// What is wrong with the wire, in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Nothing.
    Fair,
    /// So many of a hundred packets are lost.
    Loss(u32),
    /// So many bits go through in a second.
    Rate(u32),
}

/// Where the server listens.
pub(crate) const SERVER: &str = "10.77.0.1";
const DEVICE: &str = "10.77.0.2";
/// The wire's name at both ends.
const WIRE: &str = "wire";
/// How long making a network may take.
const MAKE: Duration = Duration::from_secs(20);

/// Two networks with a wire between them; they go with the processes that hold them.
pub(crate) struct Net {
    server: Process,
    device: Process,
}

impl Net {
    /// Makes them.
    pub(crate) fn make() -> Result<Self> {
        let net = Self {
            server: holder()?,
            device: holder()?,
        };
        let other = net.device.pid().to_string();
        let add = ["link", "add", WIRE, "type", "veth", "peer", "name", WIRE];
        run(net.at_server("ip").args(add).args(["netns", &other]))?;
        for (place, address) in [(&net.server, SERVER), (&net.device, DEVICE)] {
            let ip = |args: &[&str]| run(within(place, "ip").args(args));
            ip(&["address", "add", &format!("{address}/24"), "dev", WIRE])?;
            // Otherwise one lost packet would be forty at once.
            ip(&["link", "set", WIRE, "gso_max_segs", "1"])?;
            ip(&["link", "set", WIRE, "up"])?;
        }
        Ok(net)
    }

    /// Starts a program where the server is.
    pub(crate) fn at_server(&self, program: &str) -> Command {
        within(&self.server, program)
    }

    /// Starts a program where the device is.
    pub(crate) fn at_device(&self, program: &str) -> Command {
        within(&self.device, program)
    }

    /// From here on the wire is as bad as that.
    pub(crate) fn make_bad(&self, weather: Weather) -> Result<()> {
        for place in [&self.server, &self.device] {
            match weather {
                Weather::Fair => {}
                Weather::Loss(percent) => lose(place, percent)?,
                Weather::Rate(bits) => slow(place, bits)?,
            }
        }
        Ok(())
    }

    /// Bytes on the wire so far, both ways, headers and what was sent again included.
    pub(crate) fn bytes(&self) -> Result<u64> {
        let text = output(self.at_device("cat").arg("/proc/net/dev"))?;
        let line = text.lines().find(|line| line.trim().starts_with(WIRE));
        let line = line.context("there is no wire")?;
        let numbers: Vec<u64> = line
            .split([':', ' '])
            .filter_map(|word| word.parse().ok())
            .collect();
        // Eight columns of what came, then eight of what went; bytes are the first.
        match (numbers.first(), numbers.get(8)) {
            (Some(came), Some(went)) => Ok(came + went),
            _ => bail!("/proc/net/dev does not read"),
        }
    }

    /// Packets that were lost.
    pub(crate) fn lost(&self) -> Result<u64> {
        let mut sum = 0;
        for place in [&self.server, &self.device] {
            let text = output(within(place, "nft").args(["list", "ruleset"]))?;
            let mut words = text.split_whitespace();
            if words.any(|word| word == "packets") {
                sum += words
                    .next()
                    .and_then(|it| it.parse::<u64>().ok())
                    .unwrap_or(0);
            }
        }
        Ok(sum)
    }
}

/// A process in a network of its own.
fn holder() -> Result<Process> {
    let mut command = Command::new("unshare");
    command
        .arg("--net")
        .arg(std::env::current_exe()?)
        .arg("hold");
    command.stderr(Stdio::null());
    let process = Process::spawn(command)?;
    let said = process
        .line(MAKE)
        .context("no network of its own is allowed here")?;
    said.context("a network takes too long to make")?;
    Ok(process)
}

fn within(place: &Process, program: &str) -> Command {
    let mut command = Command::new("nsenter");
    command.arg(format!("--net=/proc/{}/ns/net", place.pid()));
    command.arg("--").arg(program);
    command
}

fn lose(place: &Process, percent: u32) -> Result<()> {
    let rules = format!(
        "table inet bad {{\n chain in {{\n type filter hook input priority 0\n \
         iifname \"{WIRE}\" numgen random mod 100 < {percent} counter drop\n }}\n}}\n"
    );
    let mut command = within(place, "nft");
    command.args(["-f", "-"]).stdin(Stdio::piped());
    let mut child = command.spawn().context("nft")?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(rules.as_bytes())?;
    }
    if child.wait()?.success() {
        Ok(())
    } else {
        bail!("nft refused the rule")
    }
}

/// The queue holds what a mobile network would keep for a device.
fn slow(place: &Process, bits: u32) -> Result<()> {
    let rate = format!("{bits}bit");
    let filter = ["tbf", "rate", &rate, "burst", "1600", "limit", "32768"];
    let add = ["qdisc", "add", "dev", WIRE, "root"];
    run(within(place, "tc").args(add).args(filter))
}

fn run(command: &mut Command) -> Result<()> {
    output(command).map(drop)
}

fn output(command: &mut Command) -> Result<String> {
    let done = command.stdin(Stdio::null()).output();
    let done = done.with_context(|| format!("{:?}", command.get_program()))?;
    if !done.status.success() {
        let told = String::from_utf8_lossy(&done.stderr);
        bail!("{command:?}: {}", told.trim());
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}
