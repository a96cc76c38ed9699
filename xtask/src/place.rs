//! Where things are, and how programs are started there.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use duct::Expression;

/// The clone, and the folder for everything that is built.
pub(crate) struct Place {
    /// Top of the clone.
    pub(crate) root: PathBuf,
    /// Cargo's target directory, which several clones may share.
    pub(crate) target: PathBuf,
    /// A folder of programs that come before the system's: our own Node, if one was needed.
    pub(crate) programs: Option<PathBuf>,
}

impl Place {
    /// The clone from which `cargo xtask` was called.
    pub(crate) fn find() -> Result<Self> {
        let package = env::var_os("CARGO_MANIFEST_DIR").context("start it with `cargo xtask`")?;
        let root = Path::new(&package)
            .parent()
            .context("xtask has no folder above it")?;
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(target) => env::current_dir()?.join(target),
            None => root.join("target"),
        };
        Ok(Self {
            root: root.to_owned(),
            target,
            programs: None,
        })
    }

    /// A file of the clone.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// A binary of the development build.
    pub(crate) fn binary(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(name)
    }

    /// Where xtask keeps what it has to remember about this clone.
    pub(crate) fn stamps(&self) -> PathBuf {
        let clone = self.root.to_string_lossy().replace(['/', '\\', ':'], "-");
        self.target.join("xtask").join(clone.trim_matches('-'))
    }

    /// A program in a folder of the clone.
    pub(crate) fn command<I>(&self, folder: &Path, program: &str, args: I) -> Expression
    where
        I: IntoIterator,
        I::Item: Into<OsString>,
    {
        duct::cmd(program, args)
            .dir(folder)
            .env("PATH", self.search_path())
    }

    /// Cargo, at the top of the clone, as if it had been called by hand.
    pub(crate) fn cargo<S: AsRef<OsStr>>(&self, args: &[S]) -> Expression {
        let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let cargo = self
            .command(
                &self.root,
                &cargo,
                args.iter().map(|arg| arg.as_ref().to_owned()),
            )
            .env("CARGO_TARGET_DIR", &self.target);
        // What cargo said of xtask is not so of what is built next, and build scripts that look
        // at it, ring's among them, would run anew in each clone.
        env::vars_os()
            .map(|(name, _)| name)
            .filter(|name| of_package(name))
            .fold(cargo, |cargo, name| cargo.env_remove(name))
    }

    fn search_path(&self) -> OsString {
        let system = env::var_os("PATH").unwrap_or_default();
        let Some(programs) = &self.programs else {
            return system;
        };
        let all = std::iter::once(programs.clone()).chain(env::split_paths(&system));
        // Only a folder with a colon in its name cannot be joined; the system's path then stays.
        env::join_paths(all).unwrap_or(system)
    }
}

/// True of a variable by which `cargo run` describes the package that it runs.
fn of_package(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("CARGO_MANIFEST_") || name.starts_with("CARGO_PKG_")
}
