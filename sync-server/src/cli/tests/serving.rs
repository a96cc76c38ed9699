//! What `serve` is told reaches what it tells.

use std::net::SocketAddr;
use std::path::Path;

use clap::Parser as _;
use serde_json::Value;

use super::{Cli, add, call};
use crate::cli::{Command, serve::Serve};
use crate::tls::Tls;

fn serve(data: &Path, words: &[&str]) -> Result<Serve, String> {
    let data = data.to_str().expect("text");
    let words = [&["beatbook-server", "serve", "--data", data], words].concat();
    let cli = Cli::try_parse_from(words).map_err(|error| error.to_string())?;
    match cli.command {
        Command::Serve(serve) => Ok(serve),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_flag_of_serve_reaches_the_server_or_its_listener() {
    let data = tempfile::tempdir().expect("a directory");
    let plain = serve(data.path(), &[]).expect("read");
    let config = plain.config();
    assert!(!config.replicated && config.escrow.is_none() && config.ledger.is_none());
    assert_eq!(plain.options().attempts_per_minute, 20);

    let told = serve(
        data.path(),
        &[
            "--replicated",
            "--escrow-recipient",
            "age1recipient",
            "--force-name",
            "West Midlands Police",
            "--ledger",
            "/elsewhere/ledger",
            "--attempts-per-minute",
            "7",
        ],
    );
    let told = told.expect("read");
    let config = told.config();
    assert!(config.replicated);
    assert_eq!(config.escrow.as_deref(), Some("age1recipient"));
    assert_eq!(config.force, "West Midlands Police");
    assert_eq!(
        config.ledger.as_deref(),
        Some(Path::new("/elsewhere/ledger"))
    );
    assert_eq!(config.data, data.path());
    assert_eq!(told.options().attempts_per_minute, 7);
}

#[test]
fn devices_are_told_the_public_host_and_the_port_that_is_listened_on() {
    let data = tempfile::tempdir().expect("a directory");
    let says = |words: &[&str], address: &str| {
        let address: SocketAddr = address.parse().expect("an address");
        let serve = serve(data.path(), words).expect("read");
        serve.public_url(address, format!("https://{address}"))
    };
    let host = ["--public-host", "beatbook.example"];
    assert_eq!(says(&host, "0.0.0.0:8443"), "https://beatbook.example:8443");
    assert_eq!(says(&[], "0.0.0.0:8443"), "https://localhost:8443");
    assert_eq!(says(&[], "127.0.0.1:9"), "https://127.0.0.1:9");
    let behind = ["--plain-http", "--public-host", "beatbook.example"];
    assert_eq!(says(&behind, "[::]:80"), "http://beatbook.example:80");
}

#[test]
fn a_certificate_of_the_forces_own_is_shown_and_pinned() {
    let parent = tempfile::tempdir().expect("a directory");
    let (data, own) = (parent.path().join("data"), parent.path().join("own"));
    std::fs::create_dir(&own).expect("a directory");
    add(&data, "4417").expect("added");
    let made = Tls::kept(&own, Some("beatbook.example")).expect("a certificate");
    let (cert, key) = (own.join("tls/cert.pem"), own.join("tls/key.pem"));
    let (cert, key) = (cert.to_str().expect("text"), key.to_str().expect("text"));

    let both = ["--tls-cert", cert, "--tls-key", key];
    let serving = serve(&data, &both).expect("read");
    let shown = serving.tls(&data).expect("read").expect("TLS");
    assert_eq!(shown.pin(), made.pin());
    let plain = serve(&data, &["--plain-http"]).expect("read");
    assert!(plain.tls(&data).expect("none").is_none());
    assert!(serve(&data, &["--tls-cert", cert]).is_err(), "no key");
    let at_odds = [&both[..], &["--plain-http"]].concat();
    assert!(serve(&data, &at_odds).is_err());

    let enrol = ["device", "enrol", "--name", "Phone", "--json"];
    let server = ["--server", "https://beatbook.example", "--tls-cert", cert];
    let link = call(&data, &[&enrol[..], &server].concat()).expect("a link");
    let link: Value = serde_json::from_str(&link).expect("one object");
    assert_eq!(link["pin"], made.pin());
}
