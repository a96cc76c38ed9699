//! The control room's page.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::json;

use super::Gallery;
use crate::act::room;
use crate::screen::Place;
use crate::server::ROOM;
use crate::wait::{PATIENCE, wait_for};
use crate::world::World;

/// The page's clock, which is not the one that everything else was started with: Chromium does
/// not start with it.
const CLOCK: &str = "const off = arguments[0] * 1000; const Real = window.ownDate ??= Date; \
    window.Date = class extends Real { \
        constructor(...all) { if (all.length) super(...all); else super(Real.now() + off); } \
        static now() { return Real.now() + off; } }";
/// How much later the page is looked at once more: phones are then missing.
const LATER_S: i64 = 45 * 60;

pub(super) async fn tour(world: &mut World, gallery: &Gallery, clock: Option<&Path>) -> Result<()> {
    world.open_room().await?;
    let page = world.room()?;
    if let Some(clock) = clock {
        page.run(CLOCK, vec![json!(offset(clock)?)]).await?;
    }
    room::sign_in(page, &ROOM).await?;
    page.find_css("[data-testid^='cr-row-']").await?;
    gallery.shot(page, "live-list").await;
    page.click_css("[data-testid='cr-filter-under_18'], [data-testid='cr-filter-all']")
        .await?;
    page.fill_css("input[type='search']", "A34 northbound")
        .await?;
    page.reads("fits this filter").await?;
    gallery.shot(page, "live-filtered-empty").await;
    page.fill_css("input[type='search']", "section 60").await?;
    page.find_css("[data-testid^='cr-row-']").await?;
    gallery.shot(page, "live-section-60").await;
    page.click_css("[data-testid^='cr-row-']").await?;
    page.find("cr-sheet").await?;
    gallery.shot(page, "record-open").await;
    page.click("cr-sheet-close").await?;
    page.place(Place::default(), 1024, 768).await?;
    page.click("cr-view-map").await?;
    gallery.shot(page, "map-1024").await;
    page.click("cr-view-list").await?;
    page.place(Place::default(), 1440, 900).await?;
    if let Some(clock) = clock {
        later(world, gallery, clock)
            .await
            .context("phones not heard from")?;
    }
    world.server.kill()?;
    let page = world.room()?;
    page.reads("Not live since").await?;
    gallery.shot(page, "live-not").await;
    Ok(())
}

/// By how many seconds the clock is off.
fn offset(clock: &Path) -> Result<i64> {
    Ok(fs::read_to_string(clock)?
        .trim()
        .trim_end_matches('s')
        .parse()?)
}

/// Everybody's phone is away, and half an hour goes by.
async fn later(world: &mut World, gallery: &Gallery, clock: &Path) -> Result<()> {
    world.phone.kill().await?;
    world.tablet.kill().await?;
    let then = offset(clock)? + LATER_S;
    fs::write(clock, format!("{then:+}s"))?;
    let page = world.room()?;
    page.run(CLOCK, vec![json!(then)]).await?;
    wait_for("phones not heard from", PATIENCE * 4, async || {
        Ok(page.shows("cr-devices-show").await?.then_some(()))
    })
    .await?;
    page.click("cr-devices-show").await?;
    page.find("cr-devices").await?;
    // The half hour was missing to the page too, until the next sign of life.
    page.find_css("[data-testid='cr-live'][data-state='live']")
        .await?;
    gallery.shot(page, "devices-not-heard-from").await;
    page.click("cr-tab-live").await?;
    Ok(())
}
