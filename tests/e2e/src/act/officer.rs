//! What an officer does on the phone.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::screen::Window;
use crate::wait::{PATIENCE, wait_for};

/// Why the person of the story is searched.
pub const GROUNDS: &str = "I saw him pass a small clear bag to the driver of a parked car and \
    take money. When he saw me he put his hand into his left jacket pocket and walked away fast. \
    I have seen two others do the same here this evening.";
/// What the officer notes down.
pub const NOTE: &str = "Broken shop window at the corner, nobody there. Keyholder is on the way.";

/// Touches an option, by its code.
pub async fn choose(window: &Window, code: &str) -> Result<()> {
    window.click(&format!("option-{code}")).await
}

/// Touches Continue.
pub async fn go_on(window: &Window) -> Result<()> {
    window.click("continue").await
}

/// Has said everything of GOWISELY.
pub async fn said(window: &Window) -> Result<()> {
    choose(window, "GOWISELY").await
}

/// Who was searched: the answers of one page.
pub async fn who(window: &Window) -> Result<()> {
    choose(window, "male").await?;
    choose(window, "18_24").await?;
    choose(window, "group-Black").await?;
    choose(window, "B1").await?;
    choose(window, "IC3").await?;
    go_on(window).await
}

/// What happened: a search of outer clothing that found nothing.
pub async fn what(window: &Window) -> Result<()> {
    choose(window, "jog").await?;
    choose(window, "nothing").await?;
    choose(window, "no_further_action").await?;
    choose(window, "no_force").await?;
    go_on(window).await
}

/// Which camera recorded it.
pub async fn video(window: &Window) -> Result<()> {
    window.fill("video", "4417-A").await?;
    go_on(window).await
}

/// A whole common search, from the first touch to the receipt.
pub async fn stop_and_search(window: &Window) -> Result<()> {
    stop_and_search_to_check(window).await?;
    window.click("check-submit").await
}

/// The same up to the page on which the answers are checked and signed.
pub async fn stop_and_search_to_check(window: &Window) -> Result<()> {
    window.click("home-stop-search").await?;
    choose(window, "controlled_drugs").await?;
    said(window).await?;
    window.fill("grounds", GROUNDS).await?;
    go_on(window).await?;
    who(window).await?;
    what(window).await?;
    video(window).await?;
    choose(window, "refused").await?;
    window.find("check-submit").await?;
    Ok(())
}

/// Writes a note; afterwards it is the newest of the list.
pub async fn note(window: &Window, text: &str) -> Result<()> {
    window.click("home-note").await?;
    window.fill("note-text", text).await?;
    window.click("note-submit").await?;
    window.find("home-stop-search").await?;
    Ok(())
}

/// Adds a photo to the record that the screen proposes: the latest.
pub async fn photo(window: &Window, file: &Path) -> Result<()> {
    window.click("home-photo").await?;
    window.choose_file("photo-file", file).await?;
    window.click("photo-add").await
}

/// Holds the receipt out to the person, and reads the reference on it.
pub async fn receipt(window: &Window, record: &str) -> Result<String> {
    let script = "location.hash = '#/receipt/' + arguments[0]";
    window.run(script, vec![json!(record)]).await?;
    window.text("receipt-reference").await
}

/// Goes home from anywhere.
pub async fn home(window: &Window) -> Result<()> {
    window.run("location.hash = '#/home'", vec![]).await?;
    window.find("home-stop-search").await?;
    Ok(())
}

/// The newest record of the list.
pub async fn newest(window: &Window) -> Result<String> {
    let row = window.find_css("[data-testid^='row-']").await?;
    let id = row
        .attr("data-testid")
        .await?
        .context("a row without an id")?;
    Ok(id.trim_start_matches("row-").to_owned())
}

/// The record of the list in whose row these words stand.
pub async fn row_of(window: &Window, words: &str) -> Result<String> {
    let script = "const rows = [...document.querySelectorAll('[data-testid^=\"row-\"]')]; \
        return rows.find(it => it.innerText.includes(arguments[0]))?.dataset.testid";
    let row = wait_for(words, PATIENCE, async || {
        let row = window.run(script, vec![json!(words)]).await?;
        Ok(row.as_str().map(str::to_owned))
    })
    .await?;
    Ok(row.trim_start_matches("row-").to_owned())
}

/// Waits until the list shows the record in one of these states.
pub async fn stands(window: &Window, record: &str, states: &[&str]) -> Result<()> {
    let row = format!("[data-testid='row-{record}']");
    let any: Vec<String> = states
        .iter()
        .map(|state| format!("{row} [data-testid='state-{state}']"))
        .collect();
    window.find_css(&any.join(", ")).await?;
    Ok(())
}

/// Does not wait for the next try, which comes later the longer there was no connection.
pub async fn try_now(window: &Window) -> Result<()> {
    window.run("location.hash = '#/sending'", vec![]).await?;
    window.click("sending-try").await?;
    home(window).await
}

/// Opens a record by its address: rows move while states change.
pub async fn read(window: &Window, record: &str) -> Result<()> {
    let script = "location.hash = '#/record/' + arguments[0]";
    window.run(script, vec![json!(record)]).await?;
    window.find_css("main h1").await?;
    Ok(())
}

/// Adds words to a record, and goes home.
pub async fn add(window: &Window, record: &str, words: &str) -> Result<()> {
    read(window, record).await?;
    window.click("add").await?;
    window.fill("add-text", words).await?;
    window.click("add-submit").await?;
    window.gone("add-submit").await?;
    home(window).await
}

/// Changes one answer of a submitted search, signs the change and goes home.
pub async fn change(window: &Window, record: &str, answer: &str, words: &str) -> Result<()> {
    read(window, record).await?;
    window.click("edit").await?;
    window.click(&format!("answer-{answer}")).await?;
    let field = if answer == "place_text" {
        "place"
    } else {
        answer
    };
    window.fill(field, words).await?;
    go_on(window).await?;
    window.click("edit-see").await?;
    window.click("edit-sign").await?;
    window.gone("edit-sign").await?;
    home(window).await
}
