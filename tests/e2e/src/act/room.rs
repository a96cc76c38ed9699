//! What is done and seen in the control room.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::screen::Window;
use crate::server::Person;
use crate::wait::{PATIENCE, wait_for};

/// Signs in, and marks the page so that a reload would show.
pub async fn sign_in(window: &Window, person: &Person) -> Result<()> {
    window.fill("cr-collar", person.collar).await?;
    window.fill("cr-password", person.password).await?;
    window.click("cr-signin").await?;
    window.find("cr-live").await?;
    window.run("window.sameDocument = true", vec![]).await?;
    Ok(())
}

/// Fails if the page was loaded again since the sign-in.
pub async fn was_never_reloaded(window: &Window) -> Result<()> {
    let same = window
        .run("return window.sameDocument === true", vec![])
        .await?;
    ensure!(
        same == json!(true),
        "the control room's page was loaded again"
    );
    Ok(())
}

/// Waits until the list has the record.
pub async fn sees(window: &Window, record: &str) -> Result<()> {
    window.find(&format!("cr-row-{record}")).await?;
    Ok(())
}

/// Waits until the map shows so many records.
pub async fn has_on_the_map(window: &Window, records: usize) -> Result<()> {
    let script = "return document.querySelector('[data-testid=\"cr-map\"]').dataset.shown";
    wait_for("the records on the map", PATIENCE, async || {
        let shown = window.run(script, vec![]).await?;
        Ok((shown == json!(records.to_string())).then_some(()))
    })
    .await
}

/// When the server received the record of this row, in milliseconds since 1970.
pub async fn received_at(window: &Window, row: &str) -> Result<f64> {
    let script = "const row = document.querySelector(`[data-testid=\"${arguments[0]}\"]`); \
        return Date.parse(row.querySelector('time').dateTime)";
    let time = window.run(script, vec![json!(row)]).await?;
    time.as_f64()
        .with_context(|| format!("{row} does not say when it was received"))
}

/// Opens the record.
pub async fn open(window: &Window, record: &str) -> Result<()> {
    window.click(&format!("cr-row-{record}")).await
}

/// Waits until the open record shows a picture that really came.
pub async fn has_photo(window: &Window) -> Result<()> {
    let script = "return [...document.images].some(i => i.complete && i.naturalWidth > 0)";
    wait_for("the photo in the control room", PATIENCE, async || {
        Ok((window.run(script, vec![]).await? == json!(true)).then_some(()))
    })
    .await
}

/// A record as the server holds it, once it was accepted.
pub async fn held(window: &Window, record: &str) -> Result<Value> {
    held_with(window, record, |_| true).await
}

/// The same once this is so.
pub async fn held_with(
    window: &Window,
    record: &str,
    is: impl Fn(&Value) -> bool,
) -> Result<Value> {
    let script = "const done = arguments[1]; \
        fetch('/api/v1/console/records/' + arguments[0]) \
            .then(it => it.ok ? it.json() : null).then(done, () => done(null))";
    wait_for("the record on the server", PATIENCE, async || {
        let found = window.run_async(script, vec![json!(record)]).await?;
        Ok((!found.is_null() && is(&found)).then_some(found))
    })
    .await
}
