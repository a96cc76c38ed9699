//! Live channels by server-sent events. They only say that something moved, or repeat what the
//! API gives anyway: losing one loses nothing.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use shared::wire::{Credential, ErrorCode};
use tokio::sync::{broadcast, mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout};
use tokio_stream::wrappers::ReceiverStream;

use super::extract::{Console, Device, number};
use super::problem::Problem;
use super::schema;
use super::state::{App, LivePlace};
use crate::service::{Interest, Moved};
use crate::view::{ConsoleDevice, ConsoleRecords};

/// Events that may wait for a slow reader.
const BUFFER: usize = 64;
/// How long a reader may take nothing before it is given up.
const READER_SILENCE: Duration = Duration::from_secs(30);
/// Records read at once.
const PAGE: u32 = 200;
/// A device is told at most this often of what concerns it: a burst is a few exchanges.
const FEED_EVERY: Duration = Duration::from_millis(2);
/// What concerns everybody must not have everybody ask in the same moment: for each open
/// channel the devices are spread over this much more time.
const SPREAD_EACH: Duration = Duration::from_millis(1);
/// Devices are read at most this often: each exchange of each device moves them.
const DEVICES_EVERY: Duration = Duration::from_secs(1);
/// How often a device's session is looked at again.
const SESSION_EVERY: Duration = Duration::from_secs(20);

/// Tells a device that the feed moved: it should exchange.
#[utoipa::path(
    get, path = "/api/v1/live", tag = "device",
    responses(
        (status = 200, description = "Events `feed` and, every 5 seconds, `beat`",
            body = String, content_type = "text/event-stream"),
        (status = 401, description = "`unknown_device`, `sign_in_needed`", body = schema::Problem),
        (status = 429, description = "`slow_down`: too many are open", body = schema::Problem),
        (status = 503, description = "`busy`", body = schema::Problem),
    ),
    security(("device" = [], "session" = [])),
)]
pub(super) async fn device(
    State(app): State<App>,
    Device(credential): Device,
) -> Result<Response, Problem> {
    // First listen, then look: whatever moves in between is heard.
    let moved = app.server.moved();
    let asking = credential.clone();
    let interest = app.call(move |server| server.interest(&asking)).await?;
    let place = app.live_place(&credential.device)?;
    let (channel, answer) = Channel::open(&app, place);
    tokio::spawn(follow_feed(app, channel, moved, credential, interest));
    Ok(answer)
}

async fn follow_feed(
    app: App,
    mut channel: Channel,
    mut moved: broadcast::Receiver<Moved>,
    credential: Credential,
    mut interest: Interest,
) {
    let mut stopping = app.stopping.clone();
    let mut beat = ticks(app.options.beat);
    let mut session = ticks(SESSION_EVERY);
    // What moved before the channel was there is found by one exchange.
    let mut due = Some(Instant::now());
    let mut told = Instant::now();
    loop {
        let goes_on = tokio::select! {
            () = stopped(&mut stopping) => false,
            () = channel.gone() => false,
            _ = beat.tick() => channel.send(named("beat", "{}")).await,
            _ = session.tick() => {
                let asking = credential.clone();
                match app.call(move |server| server.interest(&asking)).await {
                    Ok(now) => {
                        // What moved in a scope that was granted meanwhile was not heard.
                        due = due.or_else(|| (now != interest).then(Instant::now));
                        interest = now;
                        true
                    }
                    Err(problem) => passing(problem),
                }
            }
            () = sleep_until(due.unwrap_or_else(far)), if due.is_some() => {
                due = None;
                told = Instant::now();
                channel.send(named("feed", "{}")).await
            }
            news = moved.recv() => match news {
                Ok(moved) if !interest.concerns(&moved) => true,
                Ok(Moved::Feed(_, Some(_)) | Moved::Mail(_)) => {
                    let soon = told + FEED_EVERY;
                    due = Some(due.map_or(soon, |due| due.min(soon)));
                    true
                }
                // Having missed some is having heard that something moved.
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {
                    due = due.or_else(|| Some(Instant::now() + spread(app.live_open())));
                    true
                }
                Err(broadcast::error::RecvError::Closed) => false,
            },
        };
        if !goes_on {
            return;
        }
    }
}

/// A random part of the time over which so many devices are spread.
fn spread(channels: usize) -> Duration {
    let mut random = [0; 2];
    // Without randomness all ask at once, which is slower and still right.
    let _ = getrandom::fill(&mut random);
    let share = f64::from(u16::from_le_bytes(random)) / f64::from(u16::MAX);
    let channels = u32::try_from(channels).unwrap_or(u32::MAX);
    SPREAD_EACH.saturating_mul(channels).mul_f64(share)
}

/// Where to go on.
#[derive(Debug, Deserialize)]
pub(super) struct From {
    after: Option<u64>,
}

/// Every change of the control room's list, from a position on, without gaps.
#[utoipa::path(
    get, path = "/api/v1/console/live", tag = "console",
    params(
        ("after" = Option<u64>, Query, description = "Position to continue after"),
        ("Last-Event-ID" = Option<u64>, Header, description = "The same; it stands above `after`"),
    ),
    responses(
        (status = 200, description = "Events `hello` (data: epoch and position), `record` (id: \
            its position, data: ConsoleRecord), `device` (data: ConsoleDevice) and, every 5 \
            seconds, `beat`", body = String, content_type = "text/event-stream"),
        (status = 401, description = "`sign_in_needed`", body = schema::Problem),
        (status = 404, description = "`not_found`: not for this role", body = schema::Problem),
        (status = 429, description = "`slow_down`: too many are open", body = schema::Problem),
        (status = 503, description = "`busy`", body = schema::Problem),
    ),
    security(("console" = [])),
)]
pub(super) async fn console(
    State(app): State<App>,
    Console(token): Console,
    query: Result<Query<From>, axum::extract::rejection::QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Query(query) = query.map_err(|_| Problem::new(ErrorCode::BadBody))?;
    let after = number(&headers, "last-event-id").or(query.after);
    // First listen, then read: whatever moves in between is heard.
    let moved = app.server.moved();
    let asking = token.clone();
    let first = app
        .call(move |server| server.console_records(&asking, after, PAGE))
        .await?;
    let place = app.live_place(&token)?;
    let (channel, answer) = Channel::open(&app, place);
    let follower = Follower {
        app,
        channel,
        token,
        position: after,
        devices: BTreeMap::new(),
    };
    tokio::spawn(follower.run(moved, first));
    Ok(answer)
}

/// The follower of one open page.
struct Follower {
    app: App,
    channel: Channel,
    token: String,
    position: Option<u64>,
    /// As they were last told.
    devices: BTreeMap<String, ConsoleDevice>,
}

#[derive(Serialize)]
struct Hello<'a> {
    epoch: &'a str,
    position: u64,
}

#[derive(Serialize)]
struct Beat {
    position: Option<u64>,
}

impl Follower {
    async fn run(mut self, mut moved: broadcast::Receiver<Moved>, first: ConsoleRecords) {
        let mut stopping = self.app.stopping.clone();
        let mut beat = ticks(self.app.options.beat);
        let hello = Hello {
            epoch: &first.epoch,
            position: first.position,
        };
        if !self.channel.send(json("hello", &hello)).await || !self.records(first).await {
            return;
        }
        let mut devices_due = Some(Instant::now());
        let mut devices_read = Instant::now();
        loop {
            let goes_on = tokio::select! {
                () = stopped(&mut stopping) => false,
                () = self.channel.gone() => false,
                _ = beat.tick() => {
                    let beat = json("beat", &Beat { position: self.position });
                    // Reading again with each beat also notices what nobody told of, and that
                    // the session ended.
                    self.channel.send(beat).await && self.catch_up().await
                }
                () = sleep_until(devices_due.unwrap_or_else(far)), if devices_due.is_some() => {
                    devices_due = None;
                    devices_read = Instant::now();
                    self.tell_devices().await
                }
                news = moved.recv() => match news {
                    Ok(Moved::Devices) => {
                        devices_due = devices_due.or(Some(devices_read + DEVICES_EVERY));
                        true
                    }
                    // Of a burst, the first reading has mostly got them all.
                    Ok(Moved::Feed(to, _)) if self.position.is_some_and(|at| at >= to.0) => true,
                    Ok(Moved::Feed(..)) => self.catch_up().await,
                    Ok(Moved::Mail(_) | Moved::Reference) => true,
                    // Some were missed: the store has them all.
                    Err(broadcast::error::RecvError::Lagged(_)) => {
                        devices_due = devices_due.or(Some(devices_read + DEVICES_EVERY));
                        self.catch_up().await
                    }
                    Err(broadcast::error::RecvError::Closed) => false,
                },
            };
            if !goes_on {
                return;
            }
        }
    }

    /// Sends everything after the position. False when the channel is over.
    async fn catch_up(&mut self) -> bool {
        let (token, after) = (self.token.clone(), self.position);
        let page = self
            .app
            .call(move |server| server.console_records(&token, after, PAGE))
            .await;
        match page {
            Ok(page) => self.records(page).await,
            Err(problem) => passing(problem),
        }
    }

    /// Sends a page, and the pages after it.
    async fn records(&mut self, mut page: ConsoleRecords) -> bool {
        loop {
            page.records.sort_by_key(|record| record.position);
            for record in &page.records {
                let event = json("record", record).id(record.position.to_string());
                if !self.channel.send(event).await {
                    return false;
                }
            }
            self.position = Some(page.position.max(self.position.unwrap_or(0)));
            if !page.more {
                return true;
            }
            let (token, after) = (self.token.clone(), self.position);
            let next = self
                .app
                .call(move |server| server.console_records(&token, after, PAGE))
                .await;
            page = match next {
                Ok(next) => next,
                Err(problem) => return passing(problem),
            };
        }
    }

    /// Sends the devices that differ from what was told.
    async fn tell_devices(&mut self) -> bool {
        let token = self.token.clone();
        let list = match self
            .app
            .call(move |server| server.console_devices(&token))
            .await
        {
            Ok(list) => list,
            // A role that does not see devices still sees records.
            Err(Problem {
                code: ErrorCode::NotFound,
                ..
            }) => return true,
            Err(problem) => return passing(problem),
        };
        for device in list.devices {
            if self.devices.get(&device.id) == Some(&device) {
                continue;
            }
            if !self.channel.send(json("device", &device)).await {
                return false;
            }
            self.devices.insert(device.id.clone(), device);
        }
        true
    }
}

/// The sending end of one open channel.
struct Channel {
    sender: mpsc::Sender<Result<Event, Infallible>>,
    _place: LivePlace,
}

impl Channel {
    fn open(app: &App, place: LivePlace) -> (Self, Response) {
        let (sender, receiver) = mpsc::channel(BUFFER);
        metrics::gauge!("beatbook_live_channels").increment(1);
        let mut answer = Sse::new(ReceiverStream::new(receiver)).into_response();
        let headers = answer.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // Proxies that gather answers before passing them on are told not to.
        let buffering = HeaderName::from_static("x-accel-buffering");
        headers.insert(buffering, HeaderValue::from_static("no"));
        debug_assert!(app.options.beat < READER_SILENCE);
        (
            Self {
                sender,
                _place: place,
            },
            answer,
        )
    }

    /// Sends; false when the reader is gone or has taken nothing for too long.
    async fn send(&mut self, event: Event) -> bool {
        matches!(
            timeout(READER_SILENCE, self.sender.send(Ok(event))).await,
            Ok(Ok(()))
        )
    }

    /// Ends when the reader is gone.
    async fn gone(&self) {
        self.sender.closed().await;
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        metrics::gauge!("beatbook_live_channels").decrement(1);
    }
}

/// True if the channel goes on all the same: a busy moment passes, an ended session does not.
fn passing(problem: Problem) -> bool {
    matches!(problem.code, ErrorCode::Busy | ErrorCode::Internal)
}

/// Ends when the server is stopping.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that whoever would tell is gone, which is stopping, too.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

fn named(name: &'static str, data: &'static str) -> Event {
    Event::default().event(name).data(data)
}

fn json<T: Serialize>(name: &'static str, data: &T) -> Event {
    // Our own plain structs always become JSON.
    let text = serde_json::to_string(data).unwrap_or_else(|_| "{}".to_owned());
    Event::default().event(name).data(text)
}

fn ticks(every: Duration) -> tokio::time::Interval {
    let mut ticks = interval_at(Instant::now() + every, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// A time that is not waited for.
fn far() -> Instant {
    Instant::now() + Duration::from_secs(86_400)
}
