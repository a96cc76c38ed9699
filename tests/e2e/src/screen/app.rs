//! The real app: its binary, with a home of its own, in its web view.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::json;

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
    _display: Display,
}

impl App {
    /// Starts the app on a display of its own and waits for its window.
    pub async fn start(settings: AppSettings) -> Result<Self> {
        let name = settings.form.as_str();
        std::fs::create_dir_all(&settings.home)?;
        let log = |what: &str| settings.logs.join(format!("{name}-{what}.log"));
        let display = Display::start(&log("display"))?;
        let mut command = Command::new("WebKitWebDriver");
        command
            .env("DISPLAY", display.name())
            .env_remove("WAYLAND_DISPLAY");
        command
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("GDK_BACKEND", "x11");
        command.envs(settings.environment());
        let driver = Driver::start("WebKitWebDriver", command, &log("driver")).await?;
        let client = driver.session(capabilities(&settings.binary)?).await?;
        let window = Window::new(name, client);
        let pid = *driver
            .started()?
            .first()
            .context("the app is not running")?;
        let (width, height) = settings.form.size();
        window.set_size(width, height).await?;
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

fn capabilities(binary: &Path) -> Result<fantoccini::wd::Capabilities> {
    let binary = binary.to_str().context("a path that is not text")?;
    // The driver starts the app; through setpriv it ends with the driver.
    let options = json!({
        "binary": "/usr/bin/setpriv",
        "args": ["--pdeathsig", "KILL", "--", binary],
    });
    Ok(std::iter::once(("webkitgtk:browserOptions".to_owned(), options)).collect())
}
