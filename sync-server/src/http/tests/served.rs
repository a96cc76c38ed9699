//! The whole server, on a socket, with a client that is not ours.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use futures_util::{StreamExt as _, stream};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use shared::hash::{BlobHash, sha256};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::world::{OFFICER, World, eventually, random, server};
use crate::Server;
use crate::http::{Bound, Options, ServeError, ServeOptions};
use crate::tls::Tls;

fn options(listen: SocketAddr, tls: Option<Tls>) -> ServeOptions {
    let head_within = Duration::from_millis(300);
    let http = Options {
        head_within,
        ..Options::default()
    };
    ServeOptions {
        listen,
        tls,
        http,
        metrics: None,
    }
}

/// A free port of this machine.
fn any() -> SocketAddr {
    ([127, 0, 0, 1], 0).into()
}

/// A client that trusts the certificate of a data directory and no other.
fn client(data: &Path) -> reqwest::ClientBuilder {
    let pem = std::fs::read(data.join("tls/cert.pem")).expect("the certificate");
    let cert = CertificateDer::from_pem_slice(&pem).expect("a certificate");
    let mut roots = RootCertStore::empty();
    roots.add(cert).expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    reqwest::Client::builder()
        .tls_backend_preconfigured(config)
        .no_proxy()
}

/// Serves until the sender is dropped.
fn serve(bound: Bound, server: Arc<Server>) -> (oneshot::Sender<()>, JoinHandle<()>) {
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(async move {
        let stop = async {
            let _ = stopped.await;
        };
        bound.run(server, stop).await.expect("it serves");
    });
    (stop, running)
}

#[tokio::test]
async fn it_starts_on_a_free_port_answers_over_tls_and_stops() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (server, data) = server();
    let tls = Tls::kept(data.path(), None).expect("a certificate");
    let bound = Bound::bind(options(any(), Some(tls))).expect("a free port");
    let (url, port) = (bound.url(), bound.address().port());
    let pin = bound.pin().expect("a pin").to_owned();
    assert!(url.starts_with("https://127.0.0.1:") && port != 0);
    let pem = std::fs::read(data.path().join("tls/cert.pem")).expect("the certificate");
    let cert = CertificateDer::from_pem_slice(&pem).expect("a certificate");
    assert_eq!(URL_SAFE_NO_PAD.encode(sha256(&[&cert])), pin);

    let (stop, running) = serve(bound, server);
    let client = client(data.path()).build().expect("a client");
    for host in ["127.0.0.1", "localhost"] {
        let answer = client
            .get(format!("https://{host}:{port}/readyz"))
            .send()
            .await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status(), 200, "{host}");
        assert_eq!(answer.version(), reqwest::Version::HTTP_2);
    }
    let answer = client.get(format!("{url}/api/v1/console/me")).send().await;
    assert_eq!(answer.expect("an answer").status(), 401);

    let began = Instant::now();
    drop(stop);
    running.await.expect("it ends");
    assert!(began.elapsed() < Duration::from_secs(10));
    assert!(client.get(format!("{url}/healthz")).send().await.is_err());
}

#[tokio::test]
async fn a_photo_is_kept_as_far_as_it_came_when_the_line_is_cut() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let (_, data) = server();
    for http1 in [true, false] {
        let tls = Tls::kept(data.path(), None).expect("a certificate");
        let bound = Bound::bind(options(any(), Some(tls))).expect("a free port");
        let base = format!("{}/api/v1/blobs", bound.url());
        let (_stop, _running) = serve(bound, world.server.clone());
        let builder = client(data.path());
        let builder = if http1 { builder.http1_only() } else { builder };
        let client = builder.build().expect("a client");

        let photo: [u8; 9000] = random();
        let blob = BlobHash::of(&photo);
        let record = vault.note(&world, "A note", &[&photo]).await;
        let encode = |text: String| STANDARD.encode(text);
        let metadata = format!(
            "sha256 {},record {}",
            encode(blob.to_string()),
            encode(record.to_string())
        );
        let with = |request: reqwest::RequestBuilder| {
            request
                .bearer_auth(&vault.device)
                .header("tus-resumable", "1.0.0")
        };
        let created = with(client.post(&base))
            .header("upload-length", photo.len())
            .header("upload-metadata", metadata)
            .send()
            .await
            .expect("an answer");
        assert_eq!(created.status(), 201);

        let upload = format!("{base}/{blob}");
        let start = stream::iter([Ok::<_, std::io::Error>(photo[..7000].to_vec())]);
        let sending = with(client.patch(&upload))
            .header("upload-offset", 0)
            .header("content-type", "application/offset+octet-stream")
            .body(reqwest::Body::wrap_stream(start.chain(stream::pending())))
            .send();
        // The phone goes into the lift: the request is dropped, and its line with it.
        assert!(
            tokio::time::timeout(Duration::from_millis(300), sending)
                .await
                .is_err()
        );

        eventually(Some(b"7000".to_vec()), async || {
            let answer = with(client.head(&upload)).send().await.expect("an answer");
            let at = answer.headers().get("upload-offset");
            at.map(|at| at.as_bytes().to_vec())
        })
        .await;
        let done = with(client.patch(&upload))
            .header("upload-offset", 7000)
            .header("content-type", "application/offset+octet-stream")
            .body(photo[7000..].to_vec())
            .send()
            .await
            .expect("an answer");
        assert_eq!(done.status(), 204);
    }
}

#[tokio::test]
async fn a_head_that_does_not_end_is_not_waited_for() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let (server, _data) = server();
    let bound = Bound::bind(options(any(), None)).expect("a free port");
    let address = bound.address();
    let (_stop, _running) = serve(bound, server);
    for start in [
        "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        "",
        "P",
        "PRI * HTTP/2.0\r\n",
    ] {
        let mut socket = tokio::net::TcpStream::connect(address)
            .await
            .expect("connected");
        socket.write_all(start.as_bytes()).await.expect("written");
        let mut answer = Vec::new();
        let closed =
            tokio::time::timeout(Duration::from_secs(5), socket.read_to_end(&mut answer)).await;
        // Closed or reset: either way it is not waited for.
        let _ = closed.expect("the server closes");
    }
}

#[tokio::test]
async fn a_port_in_use_is_said_in_words() {
    let first = Bound::bind(options(any(), None)).expect("a free port");
    assert!(first.url().starts_with("http://"));
    let error = Bound::bind(options(first.address(), None))
        .err()
        .expect("the port is in use");
    assert!(matches!(error, ServeError::Listen { .. }));
    let text = error.to_string();
    assert!(
        text.ends_with("something else is listening there already"),
        "{text}"
    );
}
