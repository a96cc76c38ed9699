//! A supervisor reviews on the tablet.

use anyhow::{Context as _, Result};

use super::{Gallery, to};
use crate::act::{officer, supervisor};
use crate::screen::Window;
use crate::world::World;

/// Puts away a sheet that is open.
const CLOSE: &str =
    "document.querySelector('dialog[open] [data-close], dialog[open] button').click()";

pub(super) async fn tour(world: &World, gallery: &Gallery) -> Result<()> {
    let (phone, tablet) = (world.phone.window()?, world.tablet.window()?);
    let search = one_search(phone).await?;
    supervisor::queue(tablet).await?;
    supervisor::open(tablet, &search).await?;
    tablet.find("approve").await?;
    gallery.shot(tablet, "review-record").await;
    tablet.click("approve").await?;
    tablet.find("approve-confirm").await?;
    gallery.shot(tablet, "review-approve-sheet").await;
    tablet.run(CLOSE, vec![]).await?;
    tablet.gone("approve-confirm").await?;
    tablet.click("return").await?;
    tablet.click("return-reason-grounds").await?;
    tablet
        .fill("return-text", "What did you see in the bag?")
        .await?;
    gallery.shot(tablet, "review-return-sheet").await;
    tablet.click("return-confirm").await?;
    supervisor::sign(tablet).await?;
    changed(world, gallery).await.context("changed")?;
    own(tablet, gallery).await.context("own record")?;
    to(tablet, "#/patterns").await?;
    tablet.find_css("main h1").await?;
    gallery.shot(tablet, "patterns-team").await;
    to(tablet, "#/sample").await?;
    tablet.fill("sample-seed", "November").await?;
    tablet.click("sample-draw").await?;
    tablet.find_css("[data-testid^='sample-row-']").await?;
    gallery.shot(tablet, "sample-drawn").await;
    Ok(())
}

/// A search that the server has.
pub(super) async fn one_search(phone: &Window) -> Result<String> {
    officer::home(phone).await?;
    phone.click("home-stop-search").await?;
    officer::choose(phone, "controlled_drugs").await?;
    officer::said(phone).await?;
    phone.fill("grounds", officer::GROUNDS).await?;
    officer::go_on(phone).await?;
    officer::who(phone).await?;
    officer::what(phone).await?;
    phone
        .find_css("[data-testid='option-camera'], [data-testid='video']")
        .await?;
    if phone.shows("option-camera").await? {
        officer::choose(phone, "camera").await?;
    } else {
        officer::video(phone).await?;
    }
    officer::choose(phone, "refused").await?;
    phone.click("check-submit").await?;
    phone.click("receipt-done").await?;
    let search = officer::newest(phone).await?;
    officer::stands(phone, &search, &["received", "submitted"]).await?;
    Ok(search)
}

/// Added to while it is read, and again after it was approved.
async fn changed(world: &World, gallery: &Gallery) -> Result<()> {
    let (phone, tablet) = (world.phone.window()?, world.tablet.window()?);
    let search = one_search(phone).await?;
    supervisor::look(tablet, &search).await?;
    tablet.find("approve").await?;
    officer::add(phone, &search, "The driver then left towards the A34.").await?;
    tablet.find("see-change").await?;
    gallery.shot(tablet, "review-changed-while-reading").await;
    tablet.click("see-change").await?;
    tablet.click("read-on").await?;
    supervisor::approve(tablet).await?;
    supervisor::sign(tablet).await?;
    officer::stands(phone, &search, &["approved"]).await?;
    let grounds = officer::GROUNDS.replace("small clear bag", "small blue bag");
    officer::change(phone, &search, "grounds", &grounds).await?;
    officer::stands(phone, &search, &["amended"]).await?;
    supervisor::queue(tablet).await?;
    supervisor::open(tablet, &search).await?;
    tablet.find("since").await?;
    gallery.shot(tablet, "review-changed-since-approval").await;

    officer::read(phone, &search).await?;
    phone.find("versions").await?;
    let end = "document.querySelector('[data-testid=versions]').scrollIntoView({ block: 'end' })";
    phone.run(end, vec![]).await?;
    gallery.shot(phone, "record-timeline").await;
    phone.click("versions").await?;
    phone.click("version-1").await?;
    phone.click("compare-3").await?;
    phone.find_css("main ins").await?;
    gallery.shot(phone, "record-difference").await;
    officer::home(phone).await
}

/// A device that is taken out of use has no lease any more: what others wrote is locked at once.
pub(super) async fn locked(world: &World, gallery: &Gallery) -> Result<()> {
    let tablet = world.tablet.window()?;
    officer::home(tablet).await?;
    world.server.revoke(&world.tablet.name())?;
    officer::try_now(tablet).await?;
    tablet.reads("This device was taken out of use").await?;
    to(tablet, "#/review").await?;
    tablet.reads("are locked").await?;
    gallery.shot(tablet, "review-locked").await;
    Ok(())
}

async fn own(tablet: &Window, gallery: &Gallery) -> Result<()> {
    officer::home(tablet).await?;
    officer::note(tablet, "Spoke to the shop owner myself.").await?;
    let note = officer::newest(tablet).await?;
    officer::stands(tablet, &note, &["received", "submitted"]).await?;
    supervisor::look(tablet, &note).await?;
    tablet
        .reads("You wrote this. Somebody else must review it.")
        .await?;
    gallery.shot(tablet, "review-own-record").await;
    Ok(())
}
