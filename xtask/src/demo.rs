//! `cargo xtask demo` and `cargo xtask screenshots`: prepare, then start `beatbook-demo`.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::place::Place;
use crate::setup;
use crate::step::Steps;

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
        start(place, args)
    }
}

pub(crate) fn screenshots(place: &Place, out: &Path) -> Result<ExitCode> {
    let out = env::current_dir()?.join(out);
    start(place, vec!["pictures".into(), "--out".into(), out.into()])
}

fn start(place: &Place, args: Vec<OsString>) -> Result<ExitCode> {
    let mut steps = Steps::begin();
    let place = setup::ready(place, &mut steps)?;
    steps.must("build", || {
        let args = ["build", "--workspace", "--bins"];
        Ok(place.cargo(&args).run()?)
    })?;
    let demo = place.binary("beatbook-demo").into_os_string();
    let status = duct::cmd(demo, args)
        .dir(&place.root)
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
