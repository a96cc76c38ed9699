//! A WebDriver program and one session with it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use tokio::net::TcpStream;

use crate::process::{Process, free_port};
use crate::wait::{PATIENCE, wait_for};

/// `WebKitWebDriver` or `chromedriver`, running.
#[derive(Debug)]
pub(super) struct Driver {
    process: Process,
    port: u16,
}

impl Driver {
    /// Starts the program on a free port; whatever `command` has as environment is handed on
    /// to the browser or the app.
    pub(super) async fn start(name: &str, mut command: Command, log: &Path) -> Result<Self> {
        let port = free_port()?;
        command.arg(format!("--port={port}"));
        let mut process = Process::start(name, &command, log)?;
        wait_for(name, PATIENCE, async || {
            process.must_run()?;
            Ok(TcpStream::connect(("127.0.0.1", port)).await.ok())
        })
        .await?;
        Ok(Self { process, port })
    }

    /// Opens a window.
    pub(super) async fn session(&self, capabilities: Capabilities) -> Result<Client> {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let url = format!("http://127.0.0.1:{}", self.port);
        let opening = tokio::time::timeout(Duration::from_secs(60), builder.connect(&url));
        let client = opening
            .await
            .context("the window did not open within 60 s")?
            .with_context(|| format!("the window did not open: {}", self.process.log_tail()))?;
        Ok(client)
    }

    /// The processes that it started: the app.
    pub(super) fn started(&self) -> Result<Vec<u32>> {
        crate::process::children(self.process.pid())
    }

    /// Ends it, and with it what it opened.
    pub(super) fn kill(&mut self) -> Result<()> {
        self.process.kill()
    }
}
