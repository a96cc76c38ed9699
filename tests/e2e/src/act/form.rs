//! The pages of a stop and search, question by question: what few searches need.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::officer::{choose, go_on};
use crate::screen::Window;

/// Types into the field of this name.
pub async fn write(window: &Window, field: &str, text: &str) -> Result<()> {
    window.fill_css(&format!("#field-{field}"), text).await
}

/// Types a plate as people do; it is held in capitals without spaces.
pub async fn plate(window: &Window, typed: &str) -> Result<()> {
    let held = window.type_css("#field-vehicle_plate", typed).await?;
    let plain = typed.to_uppercase().replace(' ', "");
    ensure!(held == plain, "{typed} became {held}");
    Ok(())
}

/// Opens what a field is folded away in.
pub async fn unfold(window: &Window, field: &str) -> Result<()> {
    let summary = format!("details:has(#field-{field}) > summary");
    window.click_css(&summary).await
}

/// Answers the questions of a page by their codes, and goes on.
pub async fn answer(window: &Window, codes: &[&str]) -> Result<()> {
    for code in codes {
        choose(window, code).await?;
    }
    go_on(window).await
}

/// Begins a search on the page of place and subject. Where the position is known the app begins
/// with the object, one page later.
pub async fn begin_where(window: &Window) -> Result<()> {
    window.click("home-stop-search").await?;
    let first = window
        .find_css("[data-testid='place'], [data-testid='option-controlled_drugs']")
        .await?;
    if first.attr("data-testid").await?.as_deref() != Some("place") {
        window.click("back").await?;
    }
    window.find("place").await?;
    Ok(())
}

/// Why this person: the page, and on.
pub async fn grounds(window: &Window, text: &str) -> Result<()> {
    window.fill("grounds", text).await?;
    go_on(window).await
}

/// Goes to the first page of the search that is open.
pub async fn go_to_where(window: &Window) -> Result<()> {
    let script = "location.hash = location.hash.split('/').slice(0, 3).join('/') + '/where'";
    window.run(script, vec![]).await?;
    window.find("place").await?;
    Ok(())
}

/// Types the day of birth, which is folded away at first: day, month, year.
pub async fn born(window: &Window, day: [&str; 3]) -> Result<()> {
    unfold(window, "birth_date").await?;
    parts(window, "birth_date", &day).await
}

/// Types a date or a time, part by part.
pub async fn parts(window: &Window, field: &str, texts: &[&str]) -> Result<()> {
    for (place, text) in texts.iter().enumerate() {
        window.fill_css(&part(field, place), text).await?;
    }
    Ok(())
}

/// One part of a date or a time.
pub fn part(field: &str, place: usize) -> String {
    format!("#field-{field} label:nth-of-type({}) input", place + 1)
}

/// Puts words into a field as pasting does: all at once, whatever they are.
pub async fn paste(window: &Window, css: &str, text: &str) -> Result<()> {
    window.find_css(css).await?;
    let script = "const e = document.querySelector(arguments[0]); e.value = arguments[1]; \
        e.dispatchEvent(new InputEvent('input', { bubbles: true }))";
    window.run(script, vec![json!(css), json!(text)]).await?;
    Ok(())
}

/// No camera: why not, which goes on by itself.
pub async fn no_video(window: &Window, reason: &str) -> Result<()> {
    choose(window, reason).await
}

/// The page of the address that is open: `#/page/id/…`.
pub async fn id(window: &Window) -> Result<String> {
    let hash = window.run("return location.hash", vec![]).await?;
    let hash = hash.as_str().unwrap_or_default();
    let id = hash.split('/').nth(2).context("an address without an id")?;
    Ok(id.to_owned())
}

/// Signs; the record's id. A search of a person then shows its receipt.
pub async fn sign(window: &Window) -> Result<String> {
    let record = id(window).await?;
    window.click("check-submit").await?;
    window
        .find_css("[data-testid='receipt-done'], [data-testid='home-stop-search']")
        .await?;
    Ok(record)
}

/// The address that a receipt's code holds.
pub async fn receipt_url(window: &Window, record: &str) -> Result<String> {
    let script = "const done = arguments[1]; \
        window.__TAURI_INTERNALS__.invoke('receipt', { id: arguments[0] }) \
            .then(it => done(it.url), error => done({ error }))";
    let url = window.run_async(script, vec![json!(record)]).await?;
    let url = url.as_str().with_context(|| format!("no address: {url}"))?;
    Ok(url.to_owned())
}

/// Fails unless the person's page can be read from the screen's code: so many modules of two
/// colours, dark on light.
pub async fn shows_a_code(window: &Window) -> Result<()> {
    let script = "const c = document.querySelector('main svg, main canvas'); \
        return c ? Math.min(c.getBoundingClientRect().width, c.getBoundingClientRect().height) : 0";
    let side = window.run(script, vec![]).await?;
    ensure!(
        side.as_f64().is_some_and(|it| it >= 232.0),
        "the code is {side} pixels wide"
    );
    Ok(())
}

/// Compares what is held with what was given; each fault is named.
pub fn holds(fields: &Value, expected: &Value, absent: &[&str]) -> Result<()> {
    let mut faults = Vec::new();
    for (key, value) in expected.as_object().context("expected fields")? {
        if fields.get(key) != Some(value) {
            let held = fields.get(key).unwrap_or(&Value::Null);
            faults.push(format!("{key} is {held}, not {value}"));
        }
    }
    for key in absent {
        if let Some(held) = fields.get(*key) {
            faults.push(format!("{key} is {held}, and should be blank"));
        }
    }
    ensure!(faults.is_empty(), "{}", faults.join("; "));
    Ok(())
}
