//! The two front-ends: their packages, and the build that is embedded in the binaries.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::place::Place;

/// A folder with a `package.json`.
pub(crate) struct FrontEnd {
    /// In the clone.
    pub(crate) folder: &'static str,
    /// As steps call it.
    pub(crate) name: &'static str,
}

/// The app's screens and the control room's page.
pub(crate) const FRONT_ENDS: [FrontEnd; 2] = [
    FrontEnd {
        folder: "app/ui",
        name: "the app's screens",
    },
    FrontEnd {
        folder: "sync-server/control-room",
        name: "the control room's page",
    },
];

/// Not sources.
const LEFT_OUT: [&str; 3] = ["node_modules", "dist", ".svelte-kit"];

impl FrontEnd {
    /// Installs packages if the lock file changed, builds if a source did.
    pub(super) fn ready(&self, place: &Place) -> Result<()> {
        let folder = place.path(self.folder);
        let stamps = place.stamps();
        fs::create_dir_all(&stamps)?;
        let stamp = |what: &str| stamps.join(self.folder.replace('/', "-") + what);

        let lock = fs::read(folder.join("package-lock.json")).context(self.folder)?;
        let installed = stamp(".packages");
        let known = fs::read(&installed).is_ok_and(|kept| kept == lock);
        if !known || !folder.join("node_modules").is_dir() {
            eprintln!("   installing its npm packages");
            npm(
                place,
                &folder,
                &["ci", "--no-audit", "--no-fund", "--loglevel=error"],
            )?;
            fs::write(&installed, &lock)?;
        }

        let built = stamp(".sources");
        let sources = fingerprint(&folder)?;
        let known = fs::read_to_string(&built).is_ok_and(|kept| kept == sources);
        if !known || !folder.join("dist/index.html").is_file() {
            eprintln!("   building it");
            npm(place, &folder, &["run", "--silent", "build"])?;
            fs::write(&built, sources)?;
        }
        Ok(())
    }
}

/// Quiet while it works; a failure shows everything.
fn npm(place: &Place, folder: &Path, args: &[&str]) -> Result<()> {
    let command = place.command(folder, "npm", args).env("NO_COLOR", "1");
    let done = command
        .stderr_to_stdout()
        .stdout_capture()
        .unchecked()
        .run()?;
    if !done.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&done.stdout));
        anyhow::bail!("`npm {}` failed in {}", args.join(" "), folder.display());
    }
    Ok(())
}

/// Changes when any source does. Kept only on this machine, so any hash will do.
fn fingerprint(folder: &Path) -> Result<String> {
    let mut files = Vec::new();
    sources(folder, &mut files)?;
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.strip_prefix(folder)?.hash(&mut hasher);
        fs::read(&file)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name();
        if LEFT_OUT.iter().any(|left_out| name == *left_out) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            sources(&entry.path(), found)?;
        } else {
            found.push(entry.path());
        }
    }
    Ok(())
}
