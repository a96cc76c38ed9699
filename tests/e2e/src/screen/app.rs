//! The real app: its binary, with a home of its own, in its web view.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::json;

use super::Place;
use super::driver::Driver;
use super::window::Window;
use crate::display::Display;
use crate::process::{alive, signal};
use crate::wait::{PATIENCE, wait_for};

/// Whose device it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormFactor {
    /// An officer's phone.
    Phone,
    /// A supervisor's tablet.
    Tablet,
}

impl FormFactor {
    /// As the app's variable has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Tablet => "tablet",
        }
    }

    /// Inside of the window.
    pub fn size(self) -> (u32, u32) {
        match self {
            Self::Phone => (390, 844),
            Self::Tablet => (1024, 768),
        }
    }
}

/// What an app is started with.
#[derive(Clone, Debug)]
pub struct AppSettings {
    /// The binary.
    pub binary: PathBuf,
    /// Where it keeps its data, over restarts.
    pub home: PathBuf,
    /// Where logs go.
    pub logs: PathBuf,
    /// Phone or tablet.
    pub form: FormFactor,
    /// Where its satellite receiver says that it is.
    pub position: Option<&'static str>,
    /// What comes before the binary's name, if it is started through another program.
    pub within: Vec<String>,
    /// Where on the display its window is; nowhere to be seen, without one.
    pub shown: Option<Place>,
}

impl AppSettings {
    /// What the app reads from its environment.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let home = self.home.display().to_string();
        let mut all = vec![
            ("BEATBOOK_HOME", home),
            ("BEATBOOK_FORM_FACTOR", self.form.as_str().to_owned()),
        ];
        all.extend(
            self.position
                .map(|here| ("BEATBOOK_POSITION", here.to_owned())),
        );
        all
    }
}

/// The app, running.
#[derive(Debug)]
pub struct App {
    /// What can be seen of it.
    pub window: Window,
    settings: AppSettings,
    driver: Driver,
    pid: u32,
    _display: Option<Display>,
}

impl App {
    /// Starts the app and waits for its window, which is on a display of its own unless it is to
    /// be seen.
    pub async fn start(settings: AppSettings) -> Result<Self> {
        let name = settings.form.as_str();
        std::fs::create_dir_all(&settings.home)?;
        let log = |what: &str| settings.logs.join(format!("{name}-{what}.log"));
        let mut command = Command::new("WebKitWebDriver");
        let display = match settings.shown {
            Some(_) => None,
            None => Some(Display::start(&log("display"))?),
        };
        if let Some(display) = &display {
            display.only(&mut command);
        }
        command.env("TAURI_WEBVIEW_AUTOMATION", "true");
        command.envs(settings.environment());
        let driver = Driver::start("WebKitWebDriver", command, &log("driver")).await?;
        let client = driver.session(capabilities(&settings)?).await?;
        let window = Window::new(name, client);
        let pid = *driver
            .started()?
            .first()
            .context("the app is not running")?;
        let (width, height) = settings.form.size();
        let place = settings.shown.unwrap_or_default();
        window.place(place, width, height).await?;
        Ok(Self {
            window,
            settings,
            driver,
            pid,
            _display: display,
        })
    }

    /// kill -9: what the app had not written is lost. Gives back what is needed to start again.
    pub async fn kill(mut self) -> Result<AppSettings> {
        signal(self.pid, "KILL")?;
        wait_for("the app's end", PATIENCE, async || {
            Ok((!alive(self.pid)).then_some(()))
        })
        .await?;
        self.driver.kill()?;
        Ok(self.settings.clone())
    }

    /// Closes it, as the end of the test does.
    pub fn close(mut self) -> Result<()> {
        self.driver.kill()
    }
}

fn capabilities(settings: &AppSettings) -> Result<fantoccini::wd::Capabilities> {
    let binary = settings.binary.to_str();
    let binary = binary.context("a path that is not text")?;
    // The driver starts the app; through setpriv it ends with the driver.
    let mut args = vec!["--pdeathsig", "KILL", "--"];
    args.extend(settings.within.iter().map(String::as_str));
    args.push(binary);
    let options = json!({ "binary": "/usr/bin/setpriv", "args": args });
    Ok(std::iter::once(("webkitgtk:browserOptions".to_owned(), options)).collect())
}
