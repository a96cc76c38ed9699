//! An officer records, without a connection for the most part.

use anyhow::{Context as _, Result};

use super::{Gallery, cut, to};
use crate::act::form;
use crate::act::officer::{self, GROUNDS, NOTE, choose, go_on};
use crate::screen::Window;
use crate::server::{AHMED, PATEL};
use crate::situation::{Officer, Situation, bring_in_authorisation};
use crate::world::World;

/// Words about a place, which the app has a hint about.
const ABOUT_A_PLACE: &str = "This is a known drugs area and he looked nervous.";

/// What is unfinished, on the home screen.
const DRAFT: &str = "main a[href*='stop-search']";

pub(super) async fn tour(world: &mut World, gallery: &Gallery) -> Result<()> {
    let phone = world.phone.window()?;
    looked_for(world, phone, gallery)
        .await
        .context("looked for")?;
    officer::home(phone).await?;
    cut(&world.phone).await?;
    phone.click_css(DRAFT).await?;
    searched(phone, gallery).await.context("searched")?;
    again(phone, gallery).await.context("same again")?;
    besides(world, phone, gallery)
        .await
        .context("note and photo")?;
    world.phone.link.mend();
    officer::try_now(phone).await?;
    officer::home(phone).await?;
    phone.gone("strip").await?;
    let area = Officer {
        window: phone,
        me: &PATEL,
        colleague: &AHMED,
    };
    Situation::Inside
        .record(area, async |_| Ok(()))
        .await
        .context("section 60")?;
    officer::home(phone).await?;
    let newest = officer::newest(phone).await?;
    officer::stands(phone, &newest, &["received", "submitted"]).await?;
    phone.gone("strip").await?;
    gallery.shot(phone, "home-received").await;
    looks(phone, gallery).await
}

/// The first page, before and after an area was authorised around the officer.
async fn looked_for(world: &World, phone: &Window, gallery: &Gallery) -> Result<()> {
    phone.click("home-stop-search").await?;
    phone.find("option-controlled_drugs").await?;
    gallery.shot(phone, "looking-for-first").await;
    bring_in_authorisation(world)?;
    officer::try_now(phone).await?;
    officer::home(phone).await?;
    phone.click_css(DRAFT).await?;
    phone.reads("You are inside").await?;
    gallery.shot(phone, "looking-for-section-60-live").await;
    Ok(())
}

async fn searched(phone: &Window, gallery: &Gallery) -> Result<()> {
    choose(phone, "controlled_drugs").await?;
    phone.find("option-GOWISELY").await?;
    gallery.shot(phone, "gowisely-unsaid").await;
    officer::said(phone).await?;
    phone.fill("grounds", ABOUT_A_PLACE).await?;
    phone.reads("is about the place").await?;
    gallery.shot(phone, "grounds-hint").await;
    phone.fill("grounds", GROUNDS).await?;
    go_on(phone).await?;
    for code in ["male", "18_24", "group-Black"] {
        choose(phone, code).await?;
    }
    phone.find("option-B1").await?;
    gallery.shot(phone, "who-ethnicity").await;
    choose(phone, "B1").await?;
    choose(phone, "IC3").await?;
    go_on(phone).await?;
    choose(phone, "mts").await?;
    gallery.shot(phone, "what-more-than-outer").await;
    officer::what(phone).await?;
    phone.find("video").await?;
    gallery.shot(phone, "video-camera").await;
    officer::video(phone).await?;
    phone.find("option-qr").await?;
    gallery.shot(phone, "copy-offered").await;
    choose(phone, "qr").await?;
    phone.find("check-submit").await?;
    gallery.shot(phone, "check-complete").await;
    form::sign(phone).await?;
    phone.find("receipt-reference").await?;
    gallery.shot(phone, "receipt-qr").await;
    Ok(())
}

/// The next person: nothing of the grounds is copied, and what is missing is said.
async fn again(phone: &Window, gallery: &Gallery) -> Result<()> {
    phone.click("receipt-again").await?;
    officer::said(phone).await?;
    phone.find("grounds").await?;
    gallery.shot(phone, "grounds-same-again").await;
    let draft = form::id(phone).await?;
    to(phone, &format!("#/stop-search/{draft}/check")).await?;
    phone.click("check-submit").await?;
    phone.reads("There is a problem").await?;
    gallery.shot(phone, "check-problems").await;
    officer::home(phone).await
}

async fn besides(world: &World, phone: &Window, gallery: &Gallery) -> Result<()> {
    phone.click("home-note").await?;
    phone.fill("note-text", NOTE).await?;
    gallery.shot(phone, "note-writing").await;
    phone.click("note-submit").await?;
    phone.find("home-stop-search").await?;
    phone.click("home-photo").await?;
    phone.reads("Take a photo").await?;
    gallery.shot(phone, "photo-camera").await;
    phone.choose_file("photo-file", &world.photo()?).await?;
    phone.click("photo-add").await?;
    phone.find("photo-done").await?;
    gallery.shot(phone, "photo-waiting").await;
    officer::home(phone).await?;
    phone.reads("2 records are only on this phone").await?;
    gallery.shot(phone, "home-no-connection").await;
    to(phone, "#/sending").await?;
    phone.find("sending-try").await?;
    gallery.shot(phone, "sending-waiting").await;
    Ok(())
}

/// Looking for something, the menu, and how it looks to who needs it larger.
async fn looks(phone: &Window, gallery: &Gallery) -> Result<()> {
    to(phone, "#/search").await?;
    phone.fill("search-text", "drugs").await?;
    phone.find_css("[data-testid^='row-']").await?;
    gallery.shot(phone, "search-results").await;
    to(phone, "#/menu").await?;
    phone.find("lock").await?;
    gallery.shot(phone, "menu-shift").await;
    officer::home(phone).await?;
    let root = "const e = document.documentElement;";
    let large = format!("{root} e.dataset.buttons = 'large'");
    phone.run(&large, vec![]).await?;
    gallery.shot(phone, "home-large-buttons").await;
    let text = format!("{root} delete e.dataset.buttons; e.style.fontSize = '200%'");
    phone.run(&text, vec![]).await?;
    gallery.shot(phone, "home-text-200").await;
    phone
        .run(&format!("{root} e.style.fontSize = ''"), vec![])
        .await?;
    Ok(())
}
