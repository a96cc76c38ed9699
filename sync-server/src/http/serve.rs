//! Listening, TLS, and stopping.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpSocket;
use tokio::sync::watch;

use super::judge::Judge;
use super::patience::Patience;
use super::router;
use super::state::{App, Options, Receiving};
use crate::service::Server;
use crate::tls::{Tls, TlsError};

/// How long requests may take to finish once the server is told to stop.
const STOP_WITHIN: Duration = Duration::from_secs(10);
/// Connections that may wait to be accepted.
const BACKLOG: u32 = 4096;
/// How often an HTTP/2 connection is asked whether it is still there.
const PING_EVERY: Duration = Duration::from_secs(20);

/// Why the server did not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {}", reason(cause))]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        cause: io::Error,
    },
    /// Certificate or key.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Listening or a thread failed.
    #[error("the server stopped: {0}")]
    Io(#[from] io::Error),
}

/// The reasons that happen, in words.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => "something else is listening there already".to_owned(),
        io::ErrorKind::PermissionDenied => "this user may not use that port".to_owned(),
        io::ErrorKind::AddrNotAvailable => "this machine does not have that address".to_owned(),
        _ => error.to_string(),
    }
}

/// How to serve.
pub struct ServeOptions {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Certificate and key; none for plain HTTP.
    pub tls: Option<Tls>,
    /// Limits and times.
    pub http: Options,
    /// Where metrics are read, if somebody records them.
    pub metrics: Option<PrometheusHandle>,
}

/// A server that is bound to its port and does not answer yet.
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<Tls>,
    http: Options,
    metrics: Option<PrometheusHandle>,
}

impl Bound {
    /// Takes the port. Within a runtime.
    pub fn bind(options: ServeOptions) -> Result<Self, ServeError> {
        let address = options.listen;
        let listener = listen(address).map_err(|cause| ServeError::Listen { address, cause })?;
        let address = listener.local_addr()?;
        let http = Options {
            secure: options.tls.is_some(),
            ..options.http
        };
        Ok(Self {
            listener,
            address,
            tls: options.tls,
            http,
            metrics: options.metrics,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// For example `https://127.0.0.1:8443`.
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// The pin of the certificate.
    pub fn pin(&self) -> Option<&str> {
        self.tls.as_ref().map(Tls::pin)
    }

    /// Serves until `stop` ends: then accepts no more, lets requests finish, closes live
    /// channels, and returns within ten seconds.
    pub async fn run(
        self,
        server: Arc<Server>,
        stop: impl Future<Output = ()> + Send,
    ) -> Result<(), ServeError> {
        let head_within = self.http.head_within;
        let receiving = Arc::new(Receiving::default());
        let (tell, stopping) = watch::channel(false);
        let app = App::new(
            server.clone(),
            self.http,
            receiving.clone(),
            stopping,
            self.metrics,
        );
        let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
        let judge = Judge::start(server, receiving)?;
        let handle = Handle::new();
        let closing = handle.clone();
        let serving = async move {
            match self.tls {
                Some(tls) => {
                    let config = RustlsConfig::from_config(tls.config());
                    let acceptor = RustlsAcceptor::new(config).acceptor(NoDelayAcceptor::new());
                    let acceptor = Patience::new(acceptor, head_within);
                    let mut server = axum_server::from_tcp(self.listener)?.acceptor(acceptor);
                    limit(server.http_builder(), head_within);
                    server.handle(handle).serve(service).await
                }
                None => {
                    let acceptor = Patience::new(NoDelayAcceptor::new(), head_within);
                    let mut server = axum_server::from_tcp(self.listener)?.acceptor(acceptor);
                    limit(server.http_builder(), head_within);
                    server.handle(handle).serve(service).await
                }
            }
        };
        tokio::pin!(serving);
        tokio::select! {
            ended = &mut serving => ended?,
            () = stop => {
                tracing::info!("stopping");
                let _ = tell.send(true);
                closing.graceful_shutdown(Some(STOP_WITHIN));
                serving.await?;
            }
        }
        // Joining the thread blocks for as long as one entry takes.
        let _ = tokio::task::spawn_blocking(move || drop(judge)).await;
        Ok(())
    }
}

/// Listens with a queue that a fleet coming back into coverage fits into.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()
    } else {
        TcpSocket::new_v6()
    }?;
    // A server that was just stopped has left connections behind that still hold the port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}

/// Limits on connections.
fn limit(builder: &mut Builder<TokioExecutor>, head_within: Duration) {
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(head_within)
        .max_headers(64)
        .max_buf_size(64 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PING_EVERY)
        .max_concurrent_streams(64)
        .max_header_list_size(16 * 1024);
}
