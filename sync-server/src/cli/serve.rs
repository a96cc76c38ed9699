//! `beatbook-server serve`

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use clap::builder::FalseyValueParser;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::{Data, Out, log};
use crate::env::Env;
use crate::http::{Bound, Options, ServeOptions};
use crate::service::{Config, Server};
use crate::tls::Tls;

/// Upper bounds of the latencies that are counted, in seconds.
const BUCKETS: [f64; 11] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];

/// Serve devices and the control room.
#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    data: Data,
    /// Address and port; port 0 takes a free one
    #[arg(long, env = "BEATBOOK_LISTEN", default_value = "127.0.0.1:8443")]
    listen: SocketAddr,
    /// Certificate chain in PEM; without it one is made in the data directory
    #[arg(
        long,
        value_name = "FILE",
        env = "BEATBOOK_TLS_CERT",
        requires = "tls_key"
    )]
    tls_cert: Option<PathBuf>,
    /// Its private key in PEM
    #[arg(
        long,
        value_name = "FILE",
        env = "BEATBOOK_TLS_KEY",
        requires = "tls_cert"
    )]
    tls_key: Option<PathBuf>,
    /// The name or address at which devices reach this server
    #[arg(long, value_name = "HOST", env = "BEATBOOK_PUBLIC_HOST")]
    public_host: Option<String>,
    /// Name of the force
    #[arg(long, value_name = "NAME", env = "BEATBOOK_FORCE_NAME")]
    force_name: Option<String>,
    /// age recipient of the force's escrow key, to which devices also wrap their keys
    #[arg(long, value_name = "RECIPIENT", env = "BEATBOOK_ESCROW_RECIPIENT")]
    escrow_recipient: Option<String>,
    /// A replica has every commit before it is acknowledged: all that was received is covered
    #[arg(long, env = "BEATBOOK_REPLICATED", value_parser = FalseyValueParser::new())]
    replicated: bool,
    /// Serve plain HTTP, for a proxy on this machine that does TLS
    #[arg(long, env = "BEATBOOK_PLAIN_HTTP", value_parser = FalseyValueParser::new())]
    #[arg(conflicts_with_all = ["tls_cert", "tls_key"])]
    plain_http: bool,
    /// Failed attempts to sign in or enrol that one address has a minute
    #[arg(
        long,
        value_name = "N",
        env = "BEATBOOK_ATTEMPTS_PER_MINUTE",
        default_value_t = 20
    )]
    attempts_per_minute: u32,
    /// What goes to the log
    #[arg(
        long,
        value_name = "FILTER",
        env = "BEATBOOK_LOG",
        default_value = "sync_server=info"
    )]
    log: String,
}

impl Serve {
    pub(super) fn data(&self) -> &Data {
        &self.data
    }

    pub(super) fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        log::start(&self.log)?;
        log::quiet_panics();
        allow_many_connections();
        let metrics = record_metrics()?;
        let data = self.data.ready()?;
        let tls = self.tls(data)?;
        let server = Arc::new(Server::open(self.config(), Env::system())?);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .context("the threads of the server cannot be started")?;
        let _guard = runtime.enter();
        let bound = Bound::bind(ServeOptions {
            listen: self.listen,
            tls,
            http: self.options(),
            metrics,
        })?;
        // Signals are taken from before the line is printed: whoever waits for it may send one.
        let stop = stop_signal()?;
        self.data
            .keep_address(&self.public_url(bound.address(), bound.url()))?;
        let pin = bound
            .pin()
            .map(|pin| format!(" pin={pin}"))
            .unwrap_or_default();
        out.line(&format!("listening on {}{pin}", bound.url()))?;
        runtime.block_on(bound.run(server, stop))?;
        Ok(())
    }

    /// What the server itself is told.
    pub(super) fn config(&self) -> Config {
        let mut config = self.data.config();
        config.replicated = self.replicated;
        config.escrow = self.escrow_recipient.clone();
        if let Some(force) = &self.force_name {
            config.force.clone_from(force);
        }
        config
    }

    /// What its HTTP is told.
    pub(super) fn options(&self) -> Options {
        Options {
            attempts_per_minute: self.attempts_per_minute,
            ..Options::default()
        }
    }

    /// The certificate that is shown; none where a proxy has it.
    pub(super) fn tls(&self, data: &std::path::Path) -> anyhow::Result<Option<Tls>> {
        Ok(match (&self.tls_cert, &self.tls_key) {
            _ if self.plain_http => None,
            (Some(cert), Some(key)) => Some(Tls::from_files(cert, key)?),
            _ => Some(Tls::kept(data, self.public_host.as_deref())?),
        })
    }

    /// The address for enrolment links, of a listener at this one.
    pub(super) fn public_url(&self, address: SocketAddr, url: String) -> String {
        let host = match &self.public_host {
            Some(host) => host.clone(),
            None if address.ip().is_unspecified() => "localhost".to_owned(),
            None => return url,
        };
        let scheme = if self.plain_http { "http" } else { "https" };
        format!("{scheme}://{host}:{}", address.port())
    }
}

/// Takes as many open files as this user may have: each connection is one, and the usual
/// default of 1,024 is less than a fleet.
fn allow_many_connections() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Nofile);
        limit.current = limit.maximum;
        if setrlimit(Resource::Nofile, limit).is_err() {
            tracing::warn!("the limit of open files could not be raised");
        }
    }
}

/// Ends when the process is asked to.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// Starts recording figures.
fn record_metrics() -> anyhow::Result<Option<PrometheusHandle>> {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)
        .context("the figures cannot be recorded")?
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder)
        .map_err(|_| anyhow::anyhow!("the figures are recorded already"))?;
    Ok(Some(handle))
}
