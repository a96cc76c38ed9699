//! What browsers and operators ask of the server: figures, and the control room's channel.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use reqwest::{Client, Response, header};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use tokio::sync::mpsc;

use crate::cpu::Cpu;
use crate::site::{CONTROL_ROOM, PASSWORD, Running};
use crate::stats::ms;

/// How often a server that is busy is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// A server that uses less than this between two looks has nothing to do.
const IDLE_MS: f64 = 5.0;
/// How long judging may take.
const JUDGED_WITHIN: Duration = Duration::from_secs(900);

/// A client that trusts the certificate of a data directory and no other.
pub(crate) fn client(data: &Path) -> Result<Client> {
    let pem = std::fs::read(data.join("tls/cert.pem"))?;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(&pem)?)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Client::builder()
        .tls_backend_preconfigured(config)
        .no_proxy()
        .build()?)
}

/// Waits until the server has judged everything; gives its processor time at that moment,
/// without what asking cost.
pub(crate) async fn judged(client: &Client, server: &Running) -> Result<Cpu> {
    let began = Instant::now();
    let mut last = Cpu::of(server.pid())?;
    loop {
        ensure!(
            began.elapsed() < JUDGED_WITHIN,
            "the server does not finish judging"
        );
        tokio::time::sleep(LOOK_EVERY).await;
        let now = Cpu::of(server.pid())?;
        if ms(now.since(&last)) < IDLE_MS && pending(client, &server.url()).await? == 0.0 {
            return Ok(now);
        }
        last = Cpu::of(server.pid())?;
    }
}

/// How many entries wait for their verdict.
async fn pending(client: &Client, url: &str) -> Result<f64> {
    let answer = client.get(format!("{url}/metrics")).send().await?;
    let text = answer.error_for_status()?.text().await?;
    let line = text
        .lines()
        .find(|line| line.starts_with("beatbook_entries{state=\"pending\"}"));
    let value = line.and_then(|line| line.rsplit(' ').next());
    Ok(value.context("no figure of pending entries")?.parse()?)
}

/// A `record` event of the control room's channel.
#[derive(Debug)]
pub(crate) struct Shown {
    /// The record.
    pub(crate) id: String,
    /// Its place in the order of acceptance.
    pub(crate) position: u64,
    /// When the event was there.
    pub(crate) at: Instant,
}

/// Signs in at the control room and listens to its channel until the receiver is dropped.
pub(crate) async fn listen(client: &Client, url: &str) -> Result<mpsc::UnboundedReceiver<Shown>> {
    let body = serde_json::json!({ "collar": CONTROL_ROOM, "password": PASSWORD });
    let asked = client
        .post(format!("{url}/api/v1/console/sign-in"))
        .json(&body);
    let answer = asked.send().await?.error_for_status()?;
    let cookie = answer
        .headers()
        .get(header::SET_COOKIE)
        .context("no cookie")?
        .to_str()?;
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    let asked = client.get(format!("{url}/api/v1/console/live"));
    let channel = asked
        .header(header::COOKIE, cookie)
        .send()
        .await?
        .error_for_status()?;
    let (send, events) = mpsc::unbounded_channel();
    tokio::spawn(read(channel, send));
    Ok(events)
}

/// Reads the channel as a page does: an event ends with a blank line.
async fn read(mut channel: Response, send: mpsc::UnboundedSender<Shown>) {
    let (mut text, mut from) = (String::new(), 0);
    while let Ok(Some(chunk)) = channel.chunk().await {
        text.push_str(&String::from_utf8_lossy(&chunk));
        while let Some(length) = text[from..].find("\n\n") {
            let event = shown(&text[from..from + length]);
            from += length + 2;
            if event.is_some_and(|event| send.send(event).is_err()) {
                return;
            }
        }
        text.drain(..from);
        from = 0;
    }
}

fn shown(event: &str) -> Option<Shown> {
    let field = |name: &str| {
        let mut lines = event.lines();
        lines
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
            .map(str::trim)
    };
    if field("event") != Some("record") {
        return None;
    }
    // A page reads the data before it shows it.
    let data: serde_json::Value = serde_json::from_str(field("data")?).ok()?;
    Some(Shown {
        id: data.get("id")?.as_str()?.to_owned(),
        position: field("id")?.parse().ok()?,
        at: Instant::now(),
    })
}
