//! `cargo xtask fuzz`: libFuzzer on every place where bytes from outside are read.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;

use crate::place::Place;
use crate::setup;
use crate::step::Steps;

/// Fetched from crates.io into the target folder where it is missing.
const CARGO_FUZZ: &str = "cargo-fuzz@0.13.2";
/// A workspace of its own.
const FOLDER: &str = "tests/fuzz/libfuzzer";
/// Longest input that is made: what is larger is more of the same, and slower.
const MAX_BYTES: u32 = 64 << 10;
/// No input may keep a target busy for longer. By the clock, so that a machine with much else to
/// do must not find what is none.
const TIMEOUT_S: u32 = 60;
/// Memory of a whole run, what has been found so far included.
const MEMORY_MB: u32 = 2048;

#[derive(Args)]
pub(crate) struct Fuzz {
    /// Which; all without one
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// Seconds for each
    #[arg(long, value_name = "N", default_value_t = 60)]
    seconds: u64,
}

impl Fuzz {
    pub(crate) fn run(self, place: &Place) -> Result<ExitCode> {
        let mut steps = Steps::begin();
        setup::compiling(&mut steps)?;
        let home = place.target.join("xtask").join("fuzz");
        let program = home.join("bin").join("cargo-fuzz");
        if !program.is_file() {
            steps.must(&format!("fetching {CARGO_FUZZ}"), || {
                let root = home.to_str().context("a path that is not text")?;
                let install = ["install", CARGO_FUZZ, "--locked", "--root", root];
                Ok(place.cargo(&install).run()?)
            })?;
        }
        let corpus = home.join("corpus");
        let seeds = ["run", "--quiet", "--package", "beatbook-fuzz", "--"];
        let begin = |args: &[&str]| place.cargo(&[&seeds[..], args].concat());
        let folder = corpus.to_str().context("a path that is not text")?;
        begin(&[folder]).run()?;
        let all = begin(&[]).read()?;
        let chosen = if self.targets.is_empty() {
            all.lines().map(str::to_owned).collect()
        } else {
            self.targets
        };
        for name in &chosen {
            steps.check(name, || {
                let found = corpus.join(name);
                let found = found.to_str().context("a path that is not text")?;
                // The instruments are the compiler's own, and asked for in a way that it
                // reserves for nightly; sanitizers would need a nightly for real.
                let args = [
                    "fuzz",
                    "run",
                    "--fuzz-dir",
                    FOLDER,
                    "-s",
                    "none",
                    name,
                    found,
                ];
                let limits = [
                    "--".to_owned(),
                    format!("-max_total_time={}", self.seconds),
                    format!("-max_len={MAX_BYTES}"),
                    format!("-timeout={TIMEOUT_S}"),
                    format!("-rss_limit_mb={MEMORY_MB}"),
                    "-print_final_stats=1".to_owned(),
                ];
                let args = args.map(str::to_owned).into_iter().chain(limits);
                let program = program.to_str().context("a path that is not text")?;
                let run = place.command(&place.root, program, args);
                run.env("RUSTC_BOOTSTRAP", "1")
                    .env("CARGO_TARGET_DIR", home.join("target"))
                    .run()?;
                Ok(())
            });
        }
        steps.end()?;
        Ok(ExitCode::SUCCESS)
    }
}
