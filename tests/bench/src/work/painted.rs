//! From acceptance to the row that is painted: the control room's page in a real Chromium. The
//! baseline is the barest page that could do it: it puts a row into a table for each event.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use app_core::http::HttpClient;
use e2e::act::room;
use e2e::screen::{Browser, Window};
use e2e::server::{Person, ROOM};
use e2e::world::is_there;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use super::screen::{Accepted, at, wait};
use crate::phone::Phone;
use crate::records::Records;
use crate::report::Figure;
use crate::site::{CONTROL_ROOM, PASSWORD};
use crate::stats::Samples;
use crate::web::Shown;

/// How many rows.
const ROWS: usize = 120;
/// How many come before, to fill caches.
const WARM: usize = 10;
/// How long the browser may take to ask.
const WITHIN: Duration = Duration::from_secs(30);
/// The inside of the control room's window.
const SIZE: (u32, u32) = (1440, 900);

/// The barest page.
const PAGE: &str = "<!doctype html><html lang=en><title>x</title><table><tbody></table><script>\
    new EventSource('/live').onmessage = e => { \
        const row = document.querySelector('tbody').insertRow(0); \
        row.dataset.testid = e.data; row.insertCell().textContent = e.data; };</script>";

/// Where records come from, and what the server says of them.
pub(super) struct Feed<'a> {
    pub(super) records: &'a Records,
    /// The number of the first one.
    pub(super) from: usize,
    pub(super) phone: &'a Phone,
    pub(super) client: &'a HttpClient,
    pub(super) events: &'a mut UnboundedReceiver<Shown>,
    pub(super) accepted: &'a Accepted,
}

/// Without a Chromium it says so and gives no figures.
pub(super) async fn measure(feed: Feed<'_>, home: &Path, url: &str) -> Result<Vec<Figure>> {
    if !is_there("chromedriver") || !is_there("chromium") {
        eprintln!("screen: no painted rows: chromium or chromedriver is not installed");
        return Ok(Vec::new());
    }
    let browser = Browser::start(home, None, SIZE).await?;
    let bare = bare(&browser.window).await?;
    let rows = rows(feed, &browser.window, url).await?;
    let note = format!("acceptance to the row painted in Chromium; {ROWS} rows");
    Ok(vec![
        Figure::new("painted_p50_ms", rows.p50(), "ms")
            .against(bare.p50())
            .at_most(1_000.0)
            .note(note),
        Figure::new("painted_p99_ms", rows.p99(), "ms")
            .against(bare.p99())
            .at_most(1_000.0)
            .note("baseline: an event that puts a row into a bare page"),
    ])
}

async fn rows(feed: Feed<'_>, page: &Window, url: &str) -> Result<Samples> {
    page.go_to(url).await?;
    let person = Person {
        collar: CONTROL_ROOM,
        password: PASSWORD,
        ..ROOM
    };
    room::sign_in(page, &person).await?;
    page.watch_paint("[data-testid^='cr-row-']").await?;
    page.has_clock(|| since_1970(SystemTime::now())).await?;
    let mut took = Samples::EMPTY;
    for number in 0..WARM + ROWS {
        let fields = feed.records.fields(feed.from + number);
        let draft = feed.phone.submit(fields)?;
        feed.phone.push(feed.client, || Ok(())).await?;
        let event = wait(feed.events, &draft.id).await?;
        let accepted = at(feed.accepted, event.position).await?;
        let painted = page.painted(&format!("cr-row-{}", draft.id)).await?;
        if number >= WARM {
            took.push(painted - since_1970(accepted.wall));
        }
    }
    Ok(took)
}

async fn bare(page: &Window) -> Result<Samples> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let (send, mut channels) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A browser that goes away is no reason to stop.
            let _ = answer(stream, &send).await;
        }
    });
    page.go_to(&format!("http://{address}/")).await?;
    let opened = tokio::time::timeout(WITHIN, channels.recv()).await;
    let mut channel = opened
        .context("the bare page opens no channel")?
        .context("the bare page is not served")?;
    page.watch_paint("tr").await?;
    let mut took = Samples::EMPTY;
    for number in 0..WARM + ROWS {
        let id = format!("row-{number}");
        let sent = since_1970(SystemTime::now());
        channel
            .write_all(format!("data: {id}\n\n").as_bytes())
            .await?;
        let painted = page.painted(&id).await?;
        if number >= WARM {
            took.push(painted - sent);
        }
    }
    Ok(took)
}

/// Answers one request: with the page, or with a channel that is kept open.
async fn answer(mut stream: TcpStream, channels: &UnboundedSender<TcpStream>) -> Result<()> {
    let mut head = [0; 4096];
    let length = stream.read(&mut head).await?;
    if head[..length].starts_with(b"GET /live ") {
        let begin = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
        stream.write_all(begin.as_bytes()).await?;
        channels.send(stream)?;
        return Ok(());
    }
    let page = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\
            Connection: close\r\n\r\n{PAGE}",
        PAGE.len()
    );
    Ok(stream.write_all(page.as_bytes()).await?)
}

fn since_1970(time: SystemTime) -> f64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0.0, |since| since.as_secs_f64() * 1e3)
}
