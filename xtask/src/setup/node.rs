//! Node, of a version that Vite works with.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::system;
use crate::place::Place;

/// Fetched from the npm registry where the system's Node is too old.
const NODE: &str = "node@22.23.3";
/// Debian's npm keeps its parts where only Debian's Node finds them.
const NPM: &str = "npm@11.21.2";

/// The folder of our own Node, if the system's does not do.
pub(super) fn ready(place: &Place) -> Result<Option<PathBuf>> {
    if system::on_path("npm") && version(Path::new("node")).is_some_and(new_enough) {
        return Ok(None);
    }
    let home = place.target.join("xtask").join("node");
    let programs = home.join("node_modules").join(".bin");
    if !version(&programs.join("node")).is_some_and(new_enough) {
        system::ready(&system::NPM)?;
        eprintln!("   fetching {NODE} and {NPM} into {}", home.display());
        fs::create_dir_all(&home)?;
        let quiet = ["--no-audit", "--no-fund", "--no-save", "--loglevel=error"];
        let args = ["install", NODE, NPM].into_iter().chain(quiet);
        // --prefix keeps npm from looking for a project in the folders above.
        place
            .command(&home, "npm", args.map(str::to_owned).chain(prefix(&home)?))
            .run()
            .context("Node cannot be fetched from the npm registry")?;
    }
    if !version(&programs.join("node")).is_some_and(new_enough) {
        bail!("{NODE} was fetched but does not run: install Node 20.19 or later");
    }
    Ok(Some(programs))
}

fn prefix(home: &Path) -> Result<[String; 2]> {
    let home = home.to_str().context("a path that is not text")?;
    Ok(["--prefix".to_owned(), home.to_owned()])
}

/// Major and minor number; nothing if there is no such program.
fn version(node: &Path) -> Option<(u32, u32)> {
    // A path would be looked for in this folder, a plain name on the PATH.
    let text = duct::cmd!(node.as_os_str().to_owned(), "--version")
        .stderr_null()
        .read()
        .ok()?;
    let mut numbers = text.trim().strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// What Vite 8 asks for.
fn new_enough((major, minor): (u32, u32)) -> bool {
    match major {
        20 => minor >= 19,
        22 => minor >= 12,
        _ => major > 22,
    }
}

#[cfg(test)]
mod tests {
    use super::new_enough;

    #[test]
    fn only_versions_that_vite_works_with_will_do() {
        let good = [(20, 19), (22, 12), (24, 0)];
        let bad = [(18, 20), (20, 18), (21, 7), (22, 11)];
        assert!(good.into_iter().all(new_enough));
        assert!(!bad.into_iter().any(new_enough));
    }
}
