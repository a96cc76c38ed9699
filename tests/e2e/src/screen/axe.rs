//! Accessibility, as axe-core sees it.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use fantoccini::Client;

const SOURCE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../app/ui/node_modules/axe-core/axe.min.js"
);
/// WCAG 2.0 to 2.2, A and AA, and what axe calls best practice.
const RUN: &str = "const done = arguments[0]; \
    axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', \
    'best-practice'], resultTypes: ['violations'] }).then( \
    found => done(found.violations.map(v => ({ id: v.id, impact: v.impact, help: v.help, \
    where: v.nodes.map(n => n.target.join(' ')) }))), error => done(String(error)))";

/// Fails on serious and critical findings, naming each with its place.
pub(super) async fn check(client: &Client) -> Result<()> {
    let source = fs::read_to_string(Path::new(SOURCE))
        .context("axe-core is not installed: run `npm ci` in app/ui")?;
    // Once a page: a web view keeps what was put into it.
    let there = client
        .execute("return typeof axe === 'object'", vec![])
        .await?;
    if there.as_bool() != Some(true) {
        client
            .execute(&format!("{source}\nwindow.axe = axe;"), vec![])
            .await?;
    }
    let found = client.execute_async(RUN, vec![]).await?;
    let Some(found) = found.as_array() else {
        bail!("axe did not run: {found}")
    };
    let grave: Vec<String> = found
        .iter()
        .filter(|fault| matches!(fault["impact"].as_str(), Some("serious" | "critical")))
        .map(|fault| format!("{} ({}) at {}", fault["id"], fault["help"], fault["where"]))
        .collect();
    if !grave.is_empty() {
        bail!("axe finds: {}", grave.join("; "));
    }
    Ok(())
}
