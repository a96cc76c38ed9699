//! Two officers about one record: values that compete, a share that ends, a device taken away.

use anyhow::{Context as _, Result};

use super::{Gallery, cut, reviewed, to};
use crate::act::officer;
use crate::screen::Window;
use crate::server::OKORO;
use crate::world::{Device, World};

/// A second phone with another officer.
pub(super) async fn colleague(world: &World) -> Result<Device> {
    world.server.add(&OKORO)?;
    let mut okoro = world.another_phone(OKORO)?;
    let link = world.enrolment(&okoro)?;
    okoro.enrol(&link).await?;
    Ok(okoro)
}

pub(super) async fn tour(world: &World, okoro: &Device, gallery: &Gallery) -> Result<()> {
    let (phone, theirs) = (world.phone.window()?, okoro.window()?);
    let search = reviewed::one_search(phone).await?;
    officer::read(phone, &search).await?;
    phone.click("share").await?;
    phone.fill("share-find", "Okoro").await?;
    phone.click_css("[data-option]").await?;
    phone.find_css("[data-testid^='unshare-']").await?;
    theirs
        .find_css(&format!("[data-testid='row-{search}']"))
        .await?;
    for device in [&world.phone, okoro] {
        device.link.cut();
        officer::home(device.window()?).await?;
        cut(device).await?;
    }
    officer::change(
        phone,
        &search,
        "place_text",
        "Thornhill Road, by the library",
    )
    .await?;
    let there = "Thornhill Road junction with Oxhill Road";
    officer::change(theirs, &search, "place_text", there).await?;
    for device in [&world.phone, okoro] {
        device.link.mend();
        officer::try_now(device.window()?).await?;
    }
    officer::home(phone).await?;
    phone
        .find_css(&format!("[data-testid='todo-{search}']"))
        .await?;
    phone.gone("strip").await?;
    gallery.shot(phone, "home-to-do").await;
    to(phone, &format!("#/record/{search}/choose")).await?;
    phone.reads("You, this phone").await?;
    gallery.shot(phone, "choose-one-place").await;
    held(world, okoro, &search, gallery).await
}

/// What the colleague wrote after the share had ended is held, and the record leaves their phone.
async fn held(world: &World, okoro: &Device, search: &str, gallery: &Gallery) -> Result<()> {
    let (phone, theirs) = (world.phone.window()?, okoro.window()?);
    officer::home(theirs).await?;
    cut(okoro).await?;
    officer::add(theirs, search, "He also had a second phone.").await?;
    officer::read(phone, search).await?;
    phone.click("share").await?;
    phone.click_css("[data-testid^='unshare-']").await?;
    phone.reads_in(".options", "PC 5120 Okoro").await?;
    okoro.link.mend();
    to(theirs, "#/sending").await?;
    theirs.click("sending-try").await?;
    theirs
        .reads("Only the officer who wrote the record can change it")
        .await?;
    gallery.shot(theirs, "sending-held").await;
    kept_out(world, theirs, gallery).await.context("kept out")?;
    to(theirs, &format!("#/record/{search}")).await?;
    theirs.reads("Removed from this phone").await?;
    gallery.shot(theirs, "record-removed").await;
    Ok(())
}

/// The sergeant keeps it out, which the author is told.
async fn kept_out(world: &World, theirs: &Window, gallery: &Gallery) -> Result<()> {
    let tablet = world.tablet.window()?;
    to(tablet, "#/held").await?;
    tablet.click_css("[data-testid^='uphold-']").await?;
    tablet.fill("ruling-text", "The share had ended.").await?;
    tablet.click("ruling-sign").await?;
    tablet.reads("Nothing is held.").await?;
    theirs
        .find_css("main [data-testid='state-not_accepted']")
        .await?;
    gallery.shot(theirs, "sending-not-accepted").await;
    Ok(())
}

/// The device is taken out of use.
pub(super) async fn ended(world: &World, okoro: &mut Device, gallery: &Gallery) -> Result<()> {
    let theirs = okoro.window()?;
    officer::home(theirs).await?;
    world.server.revoke(&okoro.name())?;
    officer::try_now(theirs).await?;
    officer::home(theirs).await?;
    theirs.reads("This device was taken out of use").await?;
    gallery.shot(theirs, "home-revoked").await;
    okoro.close()
}
