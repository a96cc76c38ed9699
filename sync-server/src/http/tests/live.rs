//! Live channels: nothing is missed, nothing is left open.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{Method, StatusCode, header};
use futures_util::StreamExt as _;
use serde_json::Value;
use tokio::time::timeout;

use super::world::{CONTROL, OFFICER, World, builder};

/// One event.
#[derive(Debug, Clone, PartialEq)]
struct Heard {
    event: String,
    id: Option<u64>,
    data: Value,
}

/// The reading end of a channel.
struct Ear {
    body: BodyDataStream,
    text: String,
}

impl Ear {
    async fn open(world: &World, request: axum::http::request::Builder) -> Self {
        let answer = world
            .ask(request.body(Body::empty()).expect("a request"))
            .await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/event-stream");
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
        Self {
            body: answer.into_body().into_data_stream(),
            text: String::new(),
        }
    }

    async fn console(world: &World, cookie: &str, after: Option<u64>) -> Self {
        let mut request =
            builder(Method::GET, "/api/v1/console/live").header(header::COOKIE, cookie);
        if let Some(after) = after {
            request = request.header("last-event-id", after);
        }
        Self::open(world, request).await
    }

    /// The next event; none at the end.
    async fn next(&mut self) -> Option<Heard> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let heard = parse(event);
                self.text = rest.to_owned();
                return Some(heard);
            }
            let chunk = timeout(Duration::from_secs(5), self.body.next())
                .await
                .expect("silent")?;
            self.text
                .push_str(std::str::from_utf8(&chunk.expect("a chunk")).expect("text"));
        }
    }

    /// The next event with this name.
    async fn next_of(&mut self, name: &str) -> Heard {
        loop {
            let heard = self.next().await.expect("the channel goes on");
            if heard.event == name {
                return heard;
            }
        }
    }
}

fn parse(text: &str) -> Heard {
    let field = |name: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            .map(str::to_owned)
    };
    Heard {
        event: field("event").expect("a name"),
        id: field("id").map(|id| id.parse().expect("a position")),
        data: serde_json::from_str(&field("data").expect("data")).expect("JSON"),
    }
}

#[tokio::test]
async fn a_page_hears_of_records_as_they_are_accepted() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let cookie = world.cookie(CONTROL).await;
    let mut ear = Ear::console(&world, &cookie, None).await;
    let hello = ear.next().await.expect("an event");
    assert_eq!(hello.event, "hello");
    assert_eq!(hello.data["epoch"].as_str().map(str::len), Some(32));
    for text in ["one", "two"] {
        let record = vault.note(&world, text, &[]).await;
        let heard = ear.next_of("record").await;
        assert_eq!(heard.data["id"], record.to_string());
        assert_eq!(heard.data["position"].as_u64(), heard.id);
    }
    ear.next_of("beat").await;
    ear.next_of("beat").await;
}

#[tokio::test]
async fn a_page_that_comes_back_misses_nothing_and_hears_nothing_twice() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let cookie = world.cookie(CONTROL).await;
    let mut expected = Vec::new();
    let mut heard = Vec::new();
    let mut last = Some(0);
    for round in 0..4u32 {
        let mut ear = Ear::console(&world, &cookie, last).await;
        // Some while the page listens...
        for _ in 0..2 {
            expected.push(vault.note(&world, "heard", &[]).await.to_string());
        }
        // ...of which it takes one, or all, before the line breaks.
        while heard.len() < expected.len() - usize::from(round % 2 == 0) {
            let event = ear.next_of("record").await;
            last = event.id;
            heard.push(event.data["id"].as_str().expect("an id").to_owned());
        }
        drop(ear);
        // And some while nobody does.
        expected.push(vault.note(&world, "missed", &[]).await.to_string());
    }
    let mut ear = Ear::console(&world, &cookie, last).await;
    while heard.len() < expected.len() {
        let event = ear.next_of("record").await;
        heard.push(event.data["id"].as_str().expect("an id").to_owned());
    }
    assert_eq!(heard, expected);
}

#[tokio::test]
async fn more_than_a_page_of_records_comes_in_order() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    for _ in 0..230 {
        vault.note(&world, "many", &[]).await;
    }
    let cookie = world.cookie(CONTROL).await;
    let mut ear = Ear::console(&world, &cookie, Some(0)).await;
    let mut last = 0;
    for _ in 0..230 {
        let id = ear.next_of("record").await.id.expect("a position");
        assert!(id > last);
        last = id;
    }
}

#[tokio::test]
async fn a_page_hears_of_devices() {
    let world = World::new();
    let cookie = world.cookie(CONTROL).await;
    let mut ear = Ear::console(&world, &cookie, None).await;
    let vault = world.vault(OFFICER).await;
    vault.exchange(&world, None).await;
    let device = ear.next_of("device").await;
    assert_eq!(device.data["name"], "Phone");
}

#[tokio::test]
async fn a_channel_ends_with_its_session() {
    let world = World::new();
    let cookie = world.cookie(CONTROL).await;
    let mut ear = Ear::console(&world, &cookie, None).await;
    let request = builder(Method::POST, "/api/v1/console/sign-out").header(header::COOKIE, &cookie);
    world
        .send(request.body(Body::empty()).expect("a request"))
        .await;
    while ear.next().await.is_some() {}
}

#[tokio::test]
async fn channels_end_when_the_server_stops() {
    let world = World::new();
    let vault = world.vault(OFFICER).await;
    let cookie = world.cookie(CONTROL).await;
    let mut page = Ear::console(&world, &cookie, None).await;
    let mut device = Ear::open(&world, vault.request(Method::GET, "/api/v1/live")).await;
    world.stop.send(true).expect("somebody listens");
    while page.next().await.is_some() {}
    while device.next().await.is_some() {}
}

#[tokio::test]
async fn a_device_hears_that_the_feed_moved() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let mut ear = Ear::open(&world, vault.request(Method::GET, "/api/v1/live")).await;
    ear.next_of("feed").await;
    ear.next_of("beat").await;
    vault.note(&world, "news", &[]).await;
    ear.next_of("feed").await;
}
