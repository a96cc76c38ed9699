//! Packages of the operating system.

use std::env;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// A package of Debian, and how its absence shows on any system.
pub(super) struct Package {
    name: &'static str,
    sign: Sign,
}

enum Sign {
    Program(&'static str),
    Library(&'static str),
    Folder(&'static str),
    /// A module of Python.
    Python(&'static str),
}

/// What building and testing needs, Node excepted.
pub(super) const PACKAGES: [Package; 13] = [
    program("build-essential", "cc"),
    program("build-essential", "make"),
    program("pkg-config", "pkg-config"),
    program("perl", "perl"),
    program("git", "git"),
    program("util-linux", "setpriv"),
    Package {
        name: "libssl-dev",
        sign: Sign::Library("openssl"),
    },
    Package {
        name: "libwebkit2gtk-4.1-dev",
        sign: Sign::Library("webkit2gtk-4.1"),
    },
    program("webkit2gtk-driver", "WebKitWebDriver"),
    program("xvfb", "Xvfb"),
    program("chromium", "chromium"),
    program("chromium-driver", "chromedriver"),
    Package {
        name: "fonts-dejavu-core",
        sign: Sign::Folder("/usr/share/fonts"),
    },
];
/// Brings the Node that fetches a newer Node.
pub(super) const NPM: [Package; 1] = [program("npm", "npm")];

/// Makes a Python with packages of its own.
pub(super) const PYTHON: [Package; 2] = [
    program("python3", "python3"),
    Package {
        name: "python3-venv",
        sign: Sign::Python("ensurepip"),
    },
];
/// Makes networks of their own, and bad ones.
pub(super) const NETWORKS: [Package; 5] = [
    program("util-linux", "unshare"),
    program("util-linux", "nsenter"),
    program("iproute2", "ip"),
    program("iproute2", "tc"),
    program("nftables", "nft"),
];

const fn program(name: &'static str, program: &'static str) -> Package {
    Package {
        name,
        sign: Sign::Program(program),
    }
}

/// Installs those of the packages that are missing.
pub(super) fn ready(packages: &[Package]) -> Result<()> {
    let absent = |package: &&Package| !package.sign.is_there();
    let mut missing: Vec<&str> = packages
        .iter()
        .filter(absent)
        .map(|package| package.name)
        .collect();
    missing.dedup();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !is_debian() {
        bail!("install what Debian calls {list}, then try again: only there is it done for you");
    }
    eprintln!("   installing {list}");
    apt(&["update", "-q"])?;
    let install = ["install", "-y", "-q", "--no-install-recommends"];
    apt(&[&install[..], &missing].concat())
}

impl Sign {
    fn is_there(&self) -> bool {
        match self {
            Self::Program(name) => on_path(name),
            Self::Library(name) => {
                let query = duct::cmd!("pkg-config", "--exists", *name);
                on_path("pkg-config") && query.stderr_null().run().is_ok()
            }
            Self::Python(module) => {
                let import = duct::cmd!("python3", "-c", format!("import {module}"));
                on_path("python3") && import.stderr_null().run().is_ok()
            }
            Self::Folder(path) => {
                fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some())
            }
        }
    }
}

/// True if a program of that name can be started.
pub(super) fn on_path(name: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

fn is_debian() -> bool {
    let text = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let told = |key: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(key).map(str::to_owned))
    };
    let names = told("ID=").unwrap_or_default() + " " + &told("ID_LIKE=").unwrap_or_default();
    names.contains("debian") && Path::new("/usr/bin/apt-get").exists()
}

fn apt(args: &[&str]) -> Result<()> {
    let mut all = vec!["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
    if duct::cmd!("id", "-u").read()? != "0" {
        if !on_path("sudo") {
            bail!("as root, run `apt-get {}`, then try again", args.join(" "));
        }
        all.insert(0, "sudo");
    }
    all.extend(args);
    // It says a great deal, which is only wanted when it fails.
    let [program, rest @ ..] = all.as_slice() else {
        return Ok(());
    };
    let done = duct::cmd(*program, rest)
        .stderr_to_stdout()
        .stdout_capture()
        .unchecked()
        .run()
        .context("apt-get")?;
    if !done.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&done.stdout));
        bail!("apt-get {} failed: see above", args.join(" "));
    }
    Ok(())
}
