//! A note over its life: written, added to, put right, found, withdrawn; and a draft that is put
//! away.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::path::Path;

use anyhow::{Result, ensure};
use e2e::act::form::{holds, id, write};
use e2e::act::officer::{choose, home, newest, stands};
use e2e::act::room;
use e2e::screen::Window;
use e2e::server::ROOM;
use e2e::world::{Programs, World};
use shared::log::EntryKind;

const FIRST: &str = "Red Ford Focus, going north, two people in it.";
const PUT_RIGHT: &str = "It went south: I had the map the wrong way up.";

#[tokio::test]
async fn a_note_keeps_every_word_and_a_draft_that_is_put_away_asks_why() {
    let Some(programs) = Programs::from_env() else {
        return;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("notes");
    let mut world = World::new(&folder, &programs, 0).await.unwrap();
    if let Err(error) = notes(&mut world).await {
        panic!("{error:#}");
    }
}

async fn notes(world: &mut World) -> Result<()> {
    world.enrol_phone().await?;
    world.open_room().await?;
    let (window, page) = (world.phone.window()?, world.room()?);
    room::sign_in(page, &ROOM).await?;

    window.click("home-note").await?;
    window.fill("note-text", FIRST).await?;
    choose(window, "traffic").await?;
    window
        .click_css("details:has(#field-incident_log) > summary")
        .await?;
    window.fill("note-incident_log", "1834").await?;
    window.fill("note-vehicles", "BD51 SMR").await?;
    window.click("note-submit").await?;
    window.find("home-stop-search").await?;
    let note = newest(window).await?;

    put_right(window, &note, world.folder()).await?;
    let held = room::held_with(page, &note, |it| {
        it["addenda"].as_array().is_some_and(|it| it.len() == 1)
    })
    .await?;
    let expected = serde_json::json!({
        "text": FIRST, "category": "traffic", "incident_log": "1834", "vehicles": "BD51 SMR",
    });
    holds(&held["fields"], &expected, &["grounds"])?;
    ensure!(
        held["addenda"][0]["text"] == PUT_RIGHT,
        "{}",
        held["addenda"]
    );

    find(window, &note).await?;
    withdraw(window, &note).await?;
    room::held_with(page, &note, |it| {
        let timeline = it["timeline"].as_array();
        timeline.is_some_and(|it| it.iter().any(|line| line["text"] == "Written twice"))
    })
    .await?;
    put_away(window).await?;
    // That a draft was put away reached the server, signed like all else.
    let kind = format!(" kind={} ", EntryKind::DraftDiscarded.code());
    world.server.has_audited("accepted", &kind).await
}

/// What is corrected stays beside its correction, struck through.
async fn put_right(window: &Window, note: &str, folder: &Path) -> Result<()> {
    window.click(&format!("row-{note}")).await?;
    window.click("add").await?;
    window.fill("add-text", PUT_RIGHT).await?;
    choose(window, "corrects-text").await?;
    write(window, "quote", "going north").await?;
    window.click("add-submit").await?;
    window.gone("add-submit").await?;
    window.reads(PUT_RIGHT).await?;
    window.reads_in("main del, main s", "going north").await?;
    // A page that still moves has no colours of its own.
    window
        .picture(&folder.join("phone-note-put-right.png"))
        .await?;
    window.is_accessible().await
}

/// By words and by filters, while one types.
async fn find(window: &Window, note: &str) -> Result<()> {
    window.run("location.hash = '#/search'", vec![]).await?;
    let row = format!("row-{note}");
    window.fill("search-text", "focus nor").await?;
    window.find(&row).await?;
    window.click("find-stop_search").await?;
    window.gone(&row).await?;
    window.click("find-note").await?;
    window.find(&row).await?;
    // What was added is found as well.
    window.fill("search-text", "map wrong").await?;
    window.find(&row).await?;
    Ok(())
}

async fn withdraw(window: &Window, note: &str) -> Result<()> {
    home(window).await?;
    window.click(&format!("row-{note}")).await?;
    window.click("withdraw").await?;
    window.fill("withdraw-text", "Written twice").await?;
    window.click("withdraw-submit").await?;
    window.gone("withdraw-submit").await?;
    window.reads("Written twice").await?;
    window.reads(FIRST).await?;
    home(window).await?;
    stands(window, note, &["withdrawn"]).await
}

/// Two drafts at once; one is put away, with a reason, and taken up again; an answer is taken back.
async fn put_away(window: &Window) -> Result<()> {
    let mut drafts = Vec::new();
    for object in ["controlled_drugs", "stolen_goods"] {
        window.click("home-stop-search").await?;
        choose(window, object).await?;
        window.find("option-GOWISELY").await?;
        drafts.push(id(window).await?);
        home(window).await?;
    }
    for draft in &drafts {
        window.find(&format!("draft-{draft}")).await?;
    }
    window.click(&format!("draft-{}", drafts[1])).await?;
    window.click("take-back").await?;
    window.gone("take-back").await?;
    e2e::act::form::go_to_where(window).await?;
    window.click("discard").await?;
    choose(window, "search_not_made").await?;
    window.find("home-stop-search").await?;
    window.gone(&format!("draft-{}", drafts[1])).await?;
    window.click("undo").await?;
    window.find(&format!("draft-{}", drafts[1])).await?;
    Ok(())
}
