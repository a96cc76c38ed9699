//! A device asks, and there is nothing to do in either direction.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use app_core::http::HttpClient;
use shared::wire::Protocol;

use crate::cpu::Cpu;
use crate::held::Held;
use crate::phone::Phone;
use crate::proxy::{Proxy, Traffic};
use crate::report::{Figure, Measured};
use crate::site::Running;
use crate::stats::{Samples, ms};
use crate::{Bench, limit, web};

/// How often it asks on one connection.
const EXCHANGES: usize = 200;
/// How often it connects to ask once.
const CONNECTIONS: usize = 20;
/// How long what follows an answer may take to go through.
const SETTLE: Duration = Duration::from_millis(5);

pub(crate) async fn measure(bench: &Bench) -> Result<Measured> {
    let held = Held::get(bench).await?;
    let server = Running::start(&held.data, true)?;
    let phone = Phone::open(&held.phone)?;
    phone.sign_in(&server).await?;
    let client = HttpClient::new(&server.url(), server.pin)?;
    phone.sync(&client).await?;
    web::judged(&web::client(&held.data)?, &server).await?;
    phone.sync(&client).await?;

    let kept = asked(&phone, &server, EXCHANGES).await?;
    let mut connecting = Samples::EMPTY;
    let mut handshakes = Samples::EMPTY;
    for _ in 0..CONNECTIONS {
        let once = connected(&phone, &server).await?;
        connecting.push((once.up + once.down) as f64);
        handshakes.push(once.round_trips as f64);
    }
    let limit = limit::nothing()? as f64;
    Ok(Measured::Figures(vec![
        Figure::new("bytes", kept.bytes.p50(), "B")
            .against(limit)
            .at_most(400.0)
            .note("both ways, HTTP and TLS included, on an open connection; baseline: no TLS"),
        Figure::new("bytes_up", kept.up.p50(), "B"),
        Figure::new("bytes_with_connecting", connecting.p50(), "B").note("the first ever"),
        Figure::new("round_trips", kept.round_trips.p50(), "").at_most(1.0),
        Figure::new("round_trips_connecting", handshakes.p50(), "").note("TCP's own not counted"),
        Figure::new("server_cpu_ms", kept.cpu_ms, "ms").at_most(1.0),
        Figure::new("p50_ms", kept.took.p50(), "ms").note("request to answer stored"),
        Figure::new("held", bench.held as f64, "records"),
    ]))
}

struct Asked {
    bytes: Samples,
    up: Samples,
    round_trips: Samples,
    took: Samples,
    cpu_ms: f64,
}

/// Asks on one connection.
async fn asked(phone: &Phone, server: &Running, count: usize) -> Result<Asked> {
    let proxy = Proxy::start(server.address, Duration::ZERO).await?;
    let client = HttpClient::new(&proxy.url(), server.pin)?;
    exchange(phone, &client).await?;
    tokio::time::sleep(SETTLE).await;
    proxy.take();
    let mut asked = Asked {
        bytes: Samples::EMPTY,
        up: Samples::EMPTY,
        round_trips: Samples::EMPTY,
        took: Samples::EMPTY,
        cpu_ms: 0.0,
    };
    let before = Cpu::of(server.pid())?;
    for _ in 0..count {
        let began = std::time::Instant::now();
        exchange(phone, &client).await?;
        asked.took.push_ms(began.elapsed());
        tokio::time::sleep(SETTLE).await;
        let Traffic {
            up,
            down,
            round_trips,
        } = proxy.take();
        asked.bytes.push((up + down) as f64);
        asked.up.push(up as f64);
        asked.round_trips.push(round_trips as f64);
    }
    asked.cpu_ms = ms(Cpu::of(server.pid())?.since(&before)) / count as f64;
    Ok(asked)
}

/// Connects, and asks once.
async fn connected(phone: &Phone, server: &Running) -> Result<Traffic> {
    let address: SocketAddr = server.address;
    let proxy = Proxy::start(address, Duration::ZERO).await?;
    let client = HttpClient::new(&proxy.url(), server.pin)?;
    exchange(phone, &client).await?;
    tokio::time::sleep(SETTLE).await;
    Ok(proxy.take())
}

async fn exchange(phone: &Phone, client: &HttpClient) -> Result<()> {
    let request = phone.core.exchange_request()?;
    let answer = client.exchange(&phone.credential()?, request).await?;
    anyhow::ensure!(
        answer.checkpoint.is_none() && answer.feed.is_empty() && answer.mail.is_empty(),
        "there was something to do"
    );
    phone.core.apply_response(answer)?;
    Ok(())
}
