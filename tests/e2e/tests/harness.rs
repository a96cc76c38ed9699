//! The harness itself: what it says and refuses.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::path::PathBuf;
use std::time::Duration;

use e2e::link::Link;
use e2e::screen::Browser;
use e2e::wait::wait_for;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("harness")
        .join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

const PAGE: &str = "data:text/html,<html lang=en><title>x</title><body><main><h1>Hello</h1>\
    <input aria-label=Name data-testid=name>\
    <button data-testid=go onclick=\"document.querySelector('h1').textContent='Bye'\">Go</button>\
    </main>";

#[tokio::test]
async fn a_page_is_read_touched_and_typed_into() {
    if !e2e::world::installed("chromedriver") {
        return;
    }
    let folder = folder("page");
    let browser = Browser::start(&folder, None, (1024, 768)).await.unwrap();
    let window = &browser.window;
    window.go_to(PAGE).await.unwrap();
    window.fill("name", "Patel 4417").await.unwrap();
    window.fill("name", "Ahmed").await.unwrap();
    window.click("go").await.unwrap();
    window.reads("Bye").await.unwrap();
    let size = window
        .run("return [innerWidth, innerHeight]", vec![])
        .await
        .unwrap();
    assert_eq!(size, serde_json::json!([1024, 768]));
    let picture = folder.join("page.png");
    window.picture(&picture).await.unwrap();
    assert!(picture.metadata().unwrap().len() > 1000);
    window.is_accessible().await.unwrap();
}

#[tokio::test]
async fn blank_pictures_and_grave_faults_are_refused() {
    if !e2e::world::installed("chromedriver") {
        return;
    }
    let folder = folder("blank");
    let browser = Browser::start(&folder, None, (800, 600)).await.unwrap();
    let window = &browser.window;
    window
        .go_to("data:text/html,<html lang=en><title>x</title>")
        .await
        .unwrap();
    let error = window.picture(&folder.join("blank.png")).await.unwrap_err();
    assert!(format!("{error:#}").contains("one colour"), "{error:#}");
    window
        .go_to("data:text/html,<title>x</title><main><h1>x</h1><input></main>")
        .await
        .unwrap();
    let error = window.is_accessible().await.unwrap_err();
    assert!(format!("{error:#}").contains("label"), "{error:#}");
}

#[tokio::test]
async fn waiting_says_what_stood_in_the_way() {
    let never = async || -> anyhow::Result<Option<()>> { anyhow::bail!("the door is shut") };
    let error = wait_for("the door", Duration::from_millis(1), never)
        .await
        .unwrap_err();
    let said = format!("{error:#}");
    assert!(
        said.contains("the door: not within") && said.contains("is shut"),
        "{said}"
    );
}

#[tokio::test]
async fn a_link_that_is_cut_breaks_connections_and_lets_none_through() {
    let server = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = server.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = server.accept().await {
            tokio::spawn(async move {
                let (mut read, mut write) = stream.split();
                let _ = tokio::io::copy(&mut read, &mut write).await;
            });
        }
    });
    let link = Link::open(port).unwrap();
    let address = link.url().replace("https://", "");
    let mut first = TcpStream::connect(&address).await.unwrap();
    assert!(echoes(&mut first).await);
    link.cut();
    assert!(!echoes(&mut first).await);
    let mut second = TcpStream::connect(&address).await.unwrap();
    assert!(!echoes(&mut second).await);
    link.mend();
    let mut third = TcpStream::connect(&address).await.unwrap();
    assert!(echoes(&mut third).await);
}

async fn echoes(stream: &mut TcpStream) -> bool {
    let mut back = [0; 4];
    stream.write_all(b"ping").await.is_ok() && stream.read_exact(&mut back).await.is_ok()
}
