//! The whole server over TLS, with a client that is not ours.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use shared::hash::sha256;

use super::world::server;
use crate::http::{Bound, Options, ServeError, ServeOptions};
use crate::tls::Tls;

fn options(listen: SocketAddr, tls: Option<Tls>) -> ServeOptions {
    ServeOptions {
        listen,
        tls,
        http: Options::default(),
        metrics: None,
    }
}

#[tokio::test]
async fn it_starts_on_a_free_port_answers_over_tls_and_stops() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (server, data) = server();
    let tls = Tls::kept(data.path(), None).expect("a certificate");
    let bound = Bound::bind(options(([127, 0, 0, 1], 0).into(), Some(tls))).expect("a free port");
    let (url, port) = (bound.url(), bound.address().port());
    let pin = bound.pin().expect("a pin").to_owned();
    assert!(url.starts_with("https://127.0.0.1:") && port != 0);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(bound.run(server, async {
        let _ = stopped.await;
    }));

    let pem = std::fs::read(data.path().join("tls/cert.pem")).expect("the certificate");
    let cert = CertificateDer::from_pem_slice(&pem).expect("a certificate");
    assert_eq!(URL_SAFE_NO_PAD.encode(sha256(&[&cert])), pin);
    let mut roots = RootCertStore::empty();
    roots.add(cert).expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(config)
        .no_proxy()
        .build()
        .expect("a client");
    for host in ["127.0.0.1", "localhost"] {
        let answer = client
            .get(format!("https://{host}:{port}/readyz"))
            .send()
            .await;
        assert_eq!(answer.expect("an answer").status(), 200, "{host}");
    }
    let answer = client
        .get(format!("{url}/api/v1/console/me"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 401);

    let began = Instant::now();
    stop.send(()).expect("it runs");
    running.await.expect("it ends").expect("well");
    assert!(began.elapsed() < Duration::from_secs(10));
    assert!(client.get(format!("{url}/healthz")).send().await.is_err());
}

#[tokio::test]
async fn a_port_in_use_is_said_in_words() {
    let first = Bound::bind(options(([127, 0, 0, 1], 0).into(), None)).expect("a free port");
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
