//! The control room's browser.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::json;

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
    /// Opens Chromium with an empty profile below `home`.
    pub async fn start(home: &Path, width: u32, height: u32) -> Result<Self> {
        fs::create_dir_all(home)?;
        let mut command = Command::new("chromedriver");
        command.env("HOME", home);
        let driver = Driver::start("chromedriver", command, &home.join("driver.log")).await?;
        let client = driver.session(capabilities(home)?).await?;
        let window = Window::new("control room", client);
        window.set_size(width, height).await?;
        Ok(Self {
            window,
            _driver: driver,
        })
    }
}

fn capabilities(home: &Path) -> Result<fantoccini::wd::Capabilities> {
    let profile = home.join("profile");
    let profile = profile.to_str().context("a path that is not text")?;
    let options = json!({
        "binary": tied_chromium(home)?,
        "args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", format!("--user-data-dir={profile}"),
        ],
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
