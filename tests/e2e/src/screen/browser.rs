//! The control room's browser.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::json;

use super::Place;
use super::driver::Driver;
use super::window::Window;

/// Chromium on one page.
#[derive(Debug)]
pub struct Browser {
    /// What can be seen of it.
    pub window: Window,
    _driver: Driver,
}

impl Browser {
    /// Opens Chromium with an empty profile below `home`: where it is said, or nowhere to be seen.
    pub async fn start(home: &Path, shown: Option<Place>, size: (u32, u32)) -> Result<Self> {
        fs::create_dir_all(home)?;
        let mut command = Command::new("chromedriver");
        command.env("HOME", home);
        // Chromium does not start with another clock put before it.
        command.env_remove("LD_PRELOAD");
        let driver = Driver::start("chromedriver", command, &home.join("driver.log")).await?;
        let client = driver.session(capabilities(home, shown.is_some())?).await?;
        let window = Window::new("control-room", client);
        let place = shown.unwrap_or_default();
        window.place(place, size.0, size.1).await?;
        Ok(Self {
            window,
            _driver: driver,
        })
    }
}

fn capabilities(home: &Path, shown: bool) -> Result<fantoccini::wd::Capabilities> {
    let profile = home.join("profile");
    let profile = profile.to_str().context("a path that is not text")?;
    let mut args = vec![
        "--disable-quic".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        format!("--user-data-dir={profile}"),
    ];
    let more: &[&str] = if shown {
        // A bar about switches, and questions about passwords, would stand over the page.
        &[
            "--test-type",
            "--password-store=basic",
            "--ozone-platform-hint=auto",
        ]
    } else {
        &["--headless", "--disable-gpu"]
    };
    args.extend(more.iter().map(|&arg| arg.to_owned()));
    // Chromium refuses its sandbox to root, and a machine of a build has no other user.
    if !shown || fs::metadata("/proc/self")?.uid() == 0 {
        args.push("--no-sandbox".to_owned());
    }
    let options = json!({
        "binary": tied_chromium(home)?,
        "args": args,
        "excludeSwitches": ["enable-automation"],
        "prefs": { "credentials_enable_service": false },
    });
    // The server's certificate is its own; devices pin it, a browser cannot.
    let all = [
        ("goog:chromeOptions".to_owned(), options),
        ("acceptInsecureCerts".to_owned(), json!(true)),
    ];
    Ok(all.into_iter().collect())
}

/// A program that is Chromium and ends with the driver.
fn tied_chromium(home: &Path) -> Result<String> {
    use std::os::unix::fs::PermissionsExt as _;
    let path = home.join("chromium");
    fs::write(
        &path,
        "#!/bin/sh\nexec setpriv --pdeathsig KILL -- chromium \"$@\"\n",
    )?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    Ok(path.to_str().context("a path that is not text")?.to_owned())
}
