//! A Python with an implementation of COSE that is not ours, to verify a device's log with.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::system;
use crate::place::Place;

/// What it is made of, and which versions.
const REQUIREMENTS: &str = "tests/net/outside/requirements.txt";

/// The program, in a folder of its own beside what is built; made where it is missing or its
/// packages have changed.
pub(crate) fn ready(place: &Place) -> Result<PathBuf> {
    let home = place.target.join("xtask").join("python");
    let program = home.join("bin").join("python");
    let stamp = home.join("requirements.txt");
    let wanted = fs::read(place.path(REQUIREMENTS)).context(REQUIREMENTS)?;
    if program.is_file() && fs::read(&stamp).is_ok_and(|kept| kept == wanted) {
        return Ok(program);
    }
    system::ready(&system::PYTHON)?;
    eprintln!("   making a Python with pycose in {}", home.display());
    let folder = home.to_str().context("a path that is not text")?;
    let make = ["-m", "venv", "--clear", folder];
    place.command(&place.root, "python3", make).run()?;
    let quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
    let install = ["-m", "pip", "install"].into_iter().chain(quiet);
    let program_name = program.to_str().context("a path that is not text")?;
    place
        .command(
            &place.root,
            program_name,
            install.chain(["--requirement", REQUIREMENTS]),
        )
        .run()
        .context("pycose cannot be fetched from PyPI")?;
    fs::write(stamp, wanted)?;
    Ok(program)
}
