//! `cargo xtask demo` and `cargo xtask screenshots`: prepare, then start `beatbook-demo`.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use clap::Args;

use crate::place::Place;
use crate::setup;
use crate::step::Steps;

/// Where Debian puts it.
const FAKETIME: [&str; 2] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
];

#[derive(Args)]
pub(crate) struct Demo {
    /// Published searches (CSV of data.police.uk) or areas (GeoJSON) to show instead of samples
    #[arg(long, value_name = "FILE", num_args = 1..)]
    import: Vec<PathBuf>,
    /// Open no windows even if there is a display
    #[arg(long)]
    headless: bool,
}

impl Demo {
    pub(crate) fn run(self, place: &Place) -> Result<ExitCode> {
        let shown = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let display = shown("DISPLAY") || shown("WAYLAND_DISPLAY");
        let mode = if display && !self.headless {
            "open"
        } else {
            "watch"
        };
        let mut args = vec![
            mode.into(),
            "--out".into(),
            place.path("target/demo").into(),
        ];
        for file in &self.import {
            args.extend([
                "--import".into(),
                std::path::absolute(file)?.into_os_string(),
            ]);
        }
        start(place, args, None)
    }
}

pub(crate) fn screenshots(place: &Place, out: &Path) -> Result<ExitCode> {
    let out = env::current_dir()?.join(out);
    let mut args = vec!["pictures".into(), "--out".into(), out.into()];
    let clock = clock(place)?;
    if let Some(clock) = &clock {
        args.extend(["--clock".into(), clock.file.clone().into()]);
    }
    start(place, args, clock.as_ref())
}

/// What everything that is started takes its time from.
struct Clock {
    library: PathBuf,
    file: PathBuf,
}

/// On all pictures it is the same evening: this is when it begins, in seconds since 1970.
const EVENING: i64 = 1_795_380_000;

/// libfaketime, set to that evening. Pictures can be made without it, at the time it is.
fn clock(place: &Place) -> Result<Option<Clock>> {
    let found = FAKETIME.iter().map(Path::new).find(|path| path.is_file());
    let Some(library) = found else {
        println!("Without libfaketime (Debian: libfaketime) the pictures show the time it is.");
        return Ok(None);
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let file = place.path("target/screenshots.clock");
    fs::write(&file, format!("{:+}s", EVENING - i64::try_from(now)?))?;
    Ok(Some(Clock {
        library: library.to_owned(),
        file,
    }))
}

fn start(place: &Place, args: Vec<OsString>, clock: Option<&Clock>) -> Result<ExitCode> {
    let mut steps = Steps::begin();
    let place = setup::ready(place, &mut steps)?;
    steps.must("build", || {
        let args = ["build", "--workspace", "--bins"];
        Ok(place.cargo(&args).run()?)
    })?;
    let demo = place.binary("beatbook-demo").into_os_string();
    let mut command = duct::cmd(demo, args).dir(&place.root);
    if let Some(clock) = clock {
        command = command
            .env("LD_PRELOAD", &clock.library)
            .env("FAKETIME_TIMESTAMP_FILE", &clock.file)
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env("FAKETIME_CACHE_DURATION", "2")
            .env("TZ", "Europe/London");
    }
    let status = command
        .env("BEATBOOK_APP_BIN", place.binary("beatbook"))
        .env("BEATBOOK_SERVER_BIN", place.binary("beatbook-server"))
        .unchecked()
        .run()?
        .status;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
