//! Two officers, a sergeant and the control room about the same records: cover, an acting rank,
//! co-working, values that compete, a log number, and what is held.
//!
//! Two phones and a tablet with a network each, a browser, and the real server.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use e2e::act::{officer, room, start, supervisor};
use e2e::screen::Window;
use e2e::server::{AHMED, OKORO, OTHER_TEAM, ROOM, TEAM};
use e2e::world::{Device, Programs, World};

/// Long after any test.
const UNTIL: &str = "2099-01-01T00:00Z";
const HERE: &str = "Thornhill Road, by the library";
const WHY: &str = "It was written while the share held.";
const THERE: &str = "Thornhill Road junction with Oxhill Road";

#[tokio::test]
async fn people_work_on_one_record_together_and_nothing_of_it_is_lost() {
    let Some(programs) = Programs::from_env() else {
        return;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("together");
    let mut world = World::new(&folder, &programs, 0).await.unwrap();
    let mut okoro = world.another_phone(OKORO).unwrap();
    if let Err(error) = all(&mut world, &mut okoro).await {
        let windows = [world.phone.window(), world.tablet.window(), okoro.window()];
        for (at, window) in windows.into_iter().flatten().enumerate() {
            let name = format!("failed-{at}.png");
            let _ = window.picture(&world.folder().join(name)).await;
        }
        panic!("{error:#}");
    }
}

async fn all(world: &mut World, okoro: &mut Device) -> Result<()> {
    world.server.add_to(OTHER_TEAM, &OKORO)?;
    world.server.act_for(&AHMED, OTHER_TEAM, UNTIL)?;
    world.enrol_both().await?;
    let link = world.enrolment(okoro)?;
    okoro.enrol(&link).await?;
    world.open_room().await?;
    room::sign_in(world.room()?, &ROOM).await?;

    let phone = world.phone.window()?;
    officer::stop_and_search(phone).await?;
    phone.click("receipt-done").await?;
    let search = officer::newest(phone).await?;
    officer::stands(phone, &search, &["received", "submitted"]).await?;
    covered(world, okoro).await.context("cover")?;
    numbered(world, &search).await.context("the log number")?;
    shared(world, okoro, &search).await.context("co-working")?;
    picked(world, okoro, &search).await.context("two values")?;
    held(world, okoro, &search).await.context("held")?;
    acted(world, okoro, &search).await.context("acting")?;
    lost_the_rank(world, okoro).await.context("the rank ended")
}

/// Writes a note, and waits until the server has it.
async fn written(phone: &Window, words: &str) -> Result<String> {
    officer::home(phone).await?;
    officer::note(phone, words).await?;
    // By its words: a record that changes meanwhile may stand above it.
    let note = officer::row_of(phone, words).await?;
    officer::stands(phone, &note, &["received", "submitted"]).await?;
    Ok(note)
}

/// The other team's sergeant is away: theirs are in the queue, and it says whose.
async fn covered(world: &World, okoro: &Device) -> Result<()> {
    let (theirs, tablet) = (okoro.window()?, world.tablet.window()?);
    let note = written(theirs, "Two youths on the roof of the school.").await?;
    supervisor::queue(tablet).await?;
    tablet.reads(&format!("You cover {OTHER_TEAM}")).await?;
    tablet.pictures(world.folder(), "together-cover").await?;
    supervisor::open(tablet, &note).await?;
    supervisor::approve(tablet).await?;
    supervisor::sign(tablet).await?;
    officer::stands(theirs, &note, &["approved"]).await?;
    theirs.reads("Approved by Sgt").await
}

/// The control room's number for the incident is seen by everybody who has the record.
async fn numbered(world: &World, search: &str) -> Result<()> {
    let (page, phone) = (world.room()?, world.phone.window()?);
    room::open(page, search).await?;
    page.click("cr-log-open").await?;
    page.fill("cr-log-number", "0417 of 22 November").await?;
    page.click("cr-log-save").await?;
    officer::read(phone, search).await?;
    phone.reads("0417 of 22 November").await?;
    supervisor::look(world.tablet.window()?, search).await?;
    world.tablet.window()?.reads("0417 of 22 November").await
}

/// A colleague is added to the record, and writes in it on their own phone.
async fn shared(world: &World, okoro: &Device, search: &str) -> Result<()> {
    let (phone, theirs) = (world.phone.window()?, okoro.window()?);
    officer::read(phone, search).await?;
    phone.click("share").await?;
    phone.fill("share-find", "Okoro").await?;
    phone.click_css("[data-option]").await?;
    phone.find_css("[data-testid^='unshare-']").await?;
    phone.pictures(world.folder(), "together-share").await?;
    let words = "I stood at the back door the whole time.";
    theirs
        .find_css(&format!("[data-testid='row-{search}']"))
        .await
        .context("what is shared is on the list")?;
    officer::add(theirs, search, words).await?;
    officer::read(phone, search).await?;
    phone.reads(words).await?;
    phone.reads("by PC 5120 Okoro").await
}

/// Both change the place while apart. Nothing is dropped, the sergeant may return it and not
/// approve it, and the officer picks.
async fn picked(world: &World, okoro: &Device, search: &str) -> Result<()> {
    let (phone, theirs) = (world.phone.window()?, okoro.window()?);
    for (device, window) in [(&world.phone, phone), (okoro, theirs)] {
        device.link.cut();
        officer::home(window).await?;
        window.find("strip").await?;
    }
    officer::change(phone, search, "place_text", HERE).await?;
    officer::change(theirs, search, "place_text", THERE).await?;
    for (device, window) in [(&world.phone, phone), (okoro, theirs)] {
        device.link.mend();
        officer::try_now(window).await?;
    }
    phone
        .find_css(&format!("[data-testid='todo-{search}']"))
        .await?;

    let (page, tablet) = (world.room()?, world.tablet.window()?);
    room::open(page, search).await?;
    let both = [HERE, THERE, "PC 4417 Patel", "PC 5120 Okoro"];
    for words in both {
        page.reads(words).await?;
    }
    page.pictures(world.folder(), "together-conflict").await?;
    supervisor::queue(tablet).await?;
    supervisor::look(tablet, search).await?;
    tablet.find("return").await?;
    tablet.reads("You can return it").await?;
    for words in both {
        tablet.reads_in("[data-testid='competing']", words).await?;
    }
    ensure!(!tablet.shows("approve").await?, "approval is offered");
    tablet.pictures(world.folder(), "together-conflict").await?;

    phone.click(&format!("todo-{search}")).await?;
    for words in [HERE, THERE, "You, this phone", "PC 5120 Okoro"] {
        phone.reads(words).await?;
    }
    phone.pictures(world.folder(), "together-choose").await?;
    phone
        .click_css("button[data-option]:not([aria-pressed='true'])")
        .await?;
    phone.gone("choose").await?;
    officer::read(phone, search).await?;
    phone.find("versions").await?;
    supervisor::queue(tablet).await?;
    supervisor::look(tablet, search).await?;
    // It may have been read just before the choice came.
    tablet
        .find_css("[data-testid='approve'], [data-testid='see-change']")
        .await?;
    if tablet.shows("see-change").await? {
        tablet.click("see-change").await?;
        tablet.click("read-on").await?;
    }
    tablet.find("approve").await?;
    Ok(())
}

/// What the colleague wrote after the share had ended waits for the sergeant, with its reason.
async fn held(world: &World, okoro: &Device, search: &str) -> Result<()> {
    let (phone, theirs) = (world.phone.window()?, okoro.window()?);
    let tablet = world.tablet.window()?;
    okoro.link.cut();
    officer::home(theirs).await?;
    theirs.find("strip").await?;
    officer::add(theirs, search, "He also had a second phone.").await?;
    officer::read(phone, search).await?;
    phone.click("share").await?;
    phone.click_css("[data-testid^='unshare-']").await?;
    phone.reads_in(".options", "PC 5120 Okoro").await?;
    officer::home(phone).await?;
    officer::stands(phone, search, &["received", "submitted"]).await?;
    okoro.link.mend();
    theirs.run("location.hash = '#/sending'", vec![]).await?;
    theirs.click("sending-try").await?;
    theirs.reads("Held for checking").await?;
    theirs
        .reads("Only the officer who wrote the record can change it")
        .await?;
    theirs
        .pictures(world.folder(), "together-sending-held")
        .await?;

    tablet.run("location.hash = '#/held'", vec![]).await?;
    tablet.reads("it was not shared with this officer").await?;
    tablet.click_css("[data-testid^='release-']").await?;
    tablet.click("ruling-sign").await?;
    tablet.reads("Say why.").await?;
    tablet.fill("ruling-text", WHY).await?;
    tablet.pictures(world.folder(), "together-held").await?;
    // The lock takes none of it away.
    tablet.run("location.hash = '#/menu'", vec![]).await?;
    tablet.click("lock").await?;
    start::try_pin(tablet, AHMED.pin).await?;
    tablet.find("lock").await?;
    tablet.run("location.hash = '#/held'", vec![]).await?;
    tablet.reads("You have begun to write why").await?;
    tablet.click_css("[data-testid^='release-']").await?;
    let kept = tablet.find("ruling-text").await?.prop("value").await?;
    ensure!(kept.as_deref() == Some(WHY), "the reason is gone: {kept:?}");
    tablet.click("ruling-sign").await?;
    tablet.reads("Nothing is held.").await?;
    officer::read(phone, search).await?;
    phone.reads("He also had a second phone.").await
}

/// An officer acts as the sergeant of the team, on a phone; not about what they wrote in.
async fn acted(world: &World, okoro: &Device, search: &str) -> Result<()> {
    let (phone, theirs) = (world.phone.window()?, okoro.window()?);
    world.server.act_for(&OKORO, TEAM, UNTIL)?;
    let note = written(phone, "Gate of the yard forced, nothing gone.").await?;
    officer::try_now(theirs).await?;
    theirs.run("location.hash = '#/review'", vec![]).await?;
    theirs.pictures(world.folder(), "together-queue").await?;
    supervisor::open(theirs, &note).await?;
    theirs.find("approve").await?;
    theirs.pictures(world.folder(), "together-review").await?;
    supervisor::give_back(theirs, "other", "Which gate?").await?;
    supervisor::sign(theirs).await?;
    officer::home(phone).await?;
    officer::stands(phone, &note, &["returned"]).await?;
    phone.reads("Returned by PC 5120 Okoro").await?;
    supervisor::look(theirs, search).await?;
    theirs.reads("Somebody else must review it").await?;
    ensure!(!theirs.shows("approve").await?, "approval is offered");
    Ok(())
}

/// The rank has ended while the phone was away: what was decided then is held, and says so.
async fn lost_the_rank(world: &World, okoro: &Device) -> Result<()> {
    let (phone, theirs) = (world.phone.window()?, okoro.window()?);
    let note = written(phone, "Shouting at number 12, all quiet now.").await?;
    officer::try_now(theirs).await?;
    supervisor::queue(theirs).await?;
    supervisor::open(theirs, &note).await?;
    theirs.find("approve").await?;
    okoro.link.cut();
    officer::home(theirs).await?;
    theirs.find("strip").await?;
    supervisor::look(theirs, &note).await?;
    supervisor::approve(theirs).await?;
    supervisor::sign(theirs).await?;
    world.server.end_acting(&OKORO)?;
    okoro.link.mend();
    theirs.run("location.hash = '#/sending'", vec![]).await?;
    theirs.click("sending-try").await?;
    theirs.reads("Held for checking").await?;
    theirs.reads("Your role may not do this").await?;
    theirs
        .pictures(world.folder(), "together-rank-ended")
        .await?;
    officer::home(phone).await?;
    officer::stands(phone, &note, &["received", "submitted"]).await?;
    kept_out(world, theirs).await.context("kept out")
}

/// The sergeant keeps it out, and the phone says so of it: it is no longer called held.
async fn kept_out(world: &World, theirs: &Window) -> Result<()> {
    let tablet = world.tablet.window()?;
    theirs.run("location.hash = '#/sending'", vec![]).await?;
    tablet.run("location.hash = '#/held'", vec![]).await?;
    tablet.reads("The officer’s role may not do this.").await?;
    tablet.click_css("[data-testid^='uphold-']").await?;
    tablet.reads("It stays out for good.").await?;
    tablet.fill("ruling-text", "The rank had ended.").await?;
    tablet.pictures(world.folder(), "together-kept-out").await?;
    tablet.click("ruling-sign").await?;
    tablet.reads("Nothing is held.").await?;
    theirs
        .find_css("main [data-testid='state-not_accepted']")
        .await?;
    theirs.reads("A supervisor keeps it out.").await?;
    let held = "main [data-testid='state-held']";
    let gone = format!("return document.querySelector(\"{held}\") === null");
    let gone = theirs.run(&gone, vec![]).await?;
    ensure!(gone == true, "it is called held as well");
    theirs.pictures(world.folder(), "together-kept-out").await
}
