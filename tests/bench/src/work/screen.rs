//! From acceptance at the server to the event on the control room's live channel, and to the row
//! that is painted, with one record after the other. The server runs in this process, so that the
//! moment in which it accepts can be seen; devices and control room reach it over TLS all the
//! same.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, Result};
use app_core::http::HttpClient;
use sync_server::Server;
use sync_server::http::{Bound, Options, ServeOptions};
use sync_server::service::Moved;
use sync_server::tls::Tls;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;

use crate::Bench;
use crate::phone::Phone;
use crate::report::{Figure, Measured};
use crate::site::{self, Running};
use crate::stats::Samples;
use crate::web::{self, Shown};
use crate::work::painted;

/// How many records.
const RECORDS: usize = 200;
/// How many come before, to fill caches.
const WARM: usize = 10;
/// The time between two of them, so that none waits for what is left of the one before.
const BETWEEN: Duration = Duration::from_millis(5);
/// How long an event may take.
const WITHIN: Duration = Duration::from_secs(10);

/// When each position was accepted.
pub(super) type Accepted = Arc<Mutex<BTreeMap<u64, Moment>>>;

/// A moment by both clocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// For what happens in this process.
    pub(super) here: Instant,
    /// For what happens in others.
    pub(super) wall: SystemTime,
}

pub(crate) async fn measure(bench: &Bench) -> Result<Measured> {
    let scratch = bench.scratch()?;
    let data = scratch.path().join("server");
    let code = site::make(&data)?;
    let process = Running::start(&data, true)?;
    let phone = Phone::enrol(&scratch.path().join("phone"), &process, code).await?;
    drop(process);

    let server = Arc::new(site::open(&data)?);
    let tls = Tls::kept(&data, None)?;
    let pin = site::pin(tls.pin())?;
    let bound = Bound::bind(ServeOptions {
        listen: ([127, 0, 0, 1], 0).into(),
        tls: Some(tls),
        http: Options::default(),
        metrics: None,
    })?;
    let url = bound.url();
    let (stop, stopped) = oneshot::channel::<()>();
    let accepted = watch(&server);
    let serving = tokio::spawn(bound.run(server, async move {
        let _ = stopped.await;
    }));
    let mut events = web::listen(&web::client(&data)?, &url).await?;
    let client = HttpClient::new(&url, pin)?;
    phone.sync(&client).await?;

    let [mut shown, mut received, mut saved] = [const { Samples::EMPTY }; 3];
    for number in 0..WARM + RECORDS {
        tokio::time::sleep(BETWEEN).await;
        let draft = phone.draft(bench.records.fields(number))?;
        let began = Instant::now();
        phone.core.draft_submit(&draft.id)?;
        phone.push(&client, || Ok(())).await?;
        let receipt = Instant::now();
        let event = wait(&mut events, &draft.id).await?;
        let accepted = at(&accepted, event.position).await?;
        if number >= WARM {
            shown.push_ms(event.at.saturating_duration_since(accepted.here));
            received.push_ms(event.at.saturating_duration_since(receipt));
            saved.push_ms(event.at.saturating_duration_since(began));
        }
    }
    let feed = painted::Feed {
        records: &bench.records,
        from: WARM + RECORDS,
        phone: &phone,
        client: &client,
        events: &mut events,
        accepted: &accepted,
    };
    let painted = painted::measure(feed, &scratch.path().join("browser"), &url).await?;
    drop(events);
    let _ = stop.send(());
    serving.await??;
    let mut figures = vec![
        Figure::new("p50_ms", shown.p50(), "ms")
            .at_most(1_000.0)
            .note(format!(
                "acceptance to the page's event; TLS on; {RECORDS} records"
            )),
        Figure::new("p99_ms", shown.p99(), "ms").at_most(1_000.0),
        Figure::new("received_p50_ms", received.p50(), "ms")
            .note("from when the device knows that it is received"),
        Figure::new("received_p99_ms", received.p99(), "ms"),
        Figure::new("saved_p50_ms", saved.p50(), "ms")
            .note("from the officer's submission, saving and sending included"),
        Figure::new("saved_p99_ms", saved.p99(), "ms"),
    ];
    figures.extend(painted);
    Ok(Measured::Figures(figures))
}

/// Notes when positions are accepted.
fn watch(server: &Server) -> Accepted {
    let accepted = Accepted::default();
    let (noted, mut moved) = (accepted.clone(), server.moved());
    tokio::spawn(async move {
        loop {
            match moved.recv().await {
                Ok(Moved::Feed(position, _)) => {
                    let mut noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
                    let moment = Moment {
                        here: Instant::now(),
                        wall: SystemTime::now(),
                    };
                    noted.insert(position.0, moment);
                }
                Err(RecvError::Closed) => return,
                Ok(_) | Err(RecvError::Lagged(_)) => {}
            }
        }
    });
    accepted
}

/// When this position was accepted. Its event may be there before the note is.
pub(super) async fn at(accepted: &Accepted, position: u64) -> Result<Moment> {
    let find = || {
        let noted = accepted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.get(&position).copied()
    };
    for _ in 0..100 {
        if let Some(at) = find() {
            return Ok(at);
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    find().context("an acceptance was missed")
}

/// Waits for the first event of a record.
pub(super) async fn wait(events: &mut UnboundedReceiver<Shown>, id: &str) -> Result<Shown> {
    loop {
        let event = tokio::time::timeout(WITHIN, events.recv()).await;
        let event = event
            .context("no event came")?
            .context("the channel ended")?;
        if event.id == id {
            return Ok(event);
        }
    }
}
