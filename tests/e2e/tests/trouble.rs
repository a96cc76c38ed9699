//! What goes wrong around the officer: a device that is revoked, a disk that is full. It is said
//! in plain words, what was written stays, and nothing else is in the way.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use e2e::act::officer::{self, GROUNDS, NOTE};
use e2e::act::{start, supervisor};
use e2e::disk::SmallDisk;
use e2e::screen::Window;
use e2e::world::{Programs, World};

const ANOTHER: &str = "The keyholder came at ten past nine and has locked up.";
/// Room for a vault and little more.
const SMALL: u64 = 12 << 20;
const NO_ROOM: &str = "This could not be saved. What you typed is still on the screen.";
const WHAT_TO_DO: &str = "Free some space";

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

async fn world(name: &str) -> Option<World> {
    let programs = Programs::from_env()?;
    Some(World::new(&folder(name), &programs, 0).await.unwrap())
}

/// Shows the whole chain of a failure, which `unwrap` would print with its stack.
fn must(done: Result<()>) {
    if let Err(error) = done {
        panic!("{error:#}");
    }
}

#[tokio::test]
async fn a_revoked_phone_says_so_keeps_what_was_written_and_goes_on_recording() {
    let Some(mut world) = world("revoked-phone").await else {
        return;
    };
    must(revoked_phone(&mut world).await);
}

async fn revoked_phone(world: &mut World) -> Result<()> {
    world.enrol_phone().await?;
    let phone = world.phone.window()?;
    officer::note(phone, NOTE).await?;
    let sent = officer::newest(phone).await?;
    officer::stands(phone, &sent, &["received", "submitted"]).await?;
    world.phone.link.cut();
    phone.find("strip").await?;
    officer::note(phone, ANOTHER).await?;
    let unsent = officer::newest(phone).await?;
    officer::stands(phone, &unsent, &["saved"]).await?;
    world.server.revoke(&world.phone.name())?;
    world.phone.link.mend();

    phone.reads("This device was taken out of use").await?;
    phone.reads("Hand the device in").await?;
    phone.pictures(world.folder(), "revoked-home").await?;
    for (record, words) in [(&sent, NOTE), (&unsent, ANOTHER)] {
        read(phone, record).await?;
        phone.reads(words).await?;
        officer::home(phone).await?;
    }
    // It can still be written on, and what was written outlives the process.
    officer::stop_and_search(phone).await?;
    phone.click("receipt-done").await?;
    let search = officer::newest(phone).await?;
    ensure!(search != unsent, "the search is not in the list");
    phone.pictures(world.folder(), "revoked-after").await?;
    world.phone.kill().await?;
    start::open_again(&mut world.phone).await?;
    let phone = world.phone.window()?;
    phone.reads("This device was taken out of use").await?;
    for record in [&sent, &unsent, &search] {
        phone.find(&format!("row-{record}")).await?;
    }
    read(phone, &search).await?;
    phone.reads(GROUNDS).await?;
    phone.pictures(world.folder(), "revoked-record").await
}

#[tokio::test]
async fn a_revoked_tablet_says_so_and_keeps_what_was_decided() {
    let Some(mut world) = world("revoked-tablet").await else {
        return;
    };
    must(revoked_tablet(&mut world).await);
}

async fn revoked_tablet(world: &mut World) -> Result<()> {
    world.enrol_both().await?;
    let phone = world.phone.window()?;
    officer::note(phone, NOTE).await?;
    let note = officer::newest(phone).await?;
    let tablet = world.tablet.window()?;
    supervisor::open(tablet, &note).await?;
    tablet.find("approve").await?;
    world.tablet.link.cut();
    tablet.find("strip").await?;
    supervisor::approve(tablet).await?;
    tablet.reads("decision is only on this tablet").await?;
    world.server.revoke(&world.tablet.name())?;
    world.tablet.link.mend();

    tablet.reads("This device was taken out of use").await?;
    tablet.pictures(world.folder(), "revoked-review").await?;
    // What others wrote is closed with the device; what was decided is not lost with it.
    read(tablet, &note).await?;
    tablet.reads("Yours stay open").await?;
    tablet.run("location.hash = '#/sending'", vec![]).await?;
    tablet.reads("Decision").await?;
    tablet.pictures(world.folder(), "revoked-sending").await
}

/// Opens a record by its address: rows move while states change.
async fn read(window: &Window, record: &str) -> Result<()> {
    let script = "location.hash = '#/record/' + arguments[0]";
    window.run(script, vec![record.into()]).await?;
    Ok(())
}

#[tokio::test]
async fn a_full_disk_on_save_is_said_and_costs_neither_old_words_nor_new_ones() {
    let Some(mut world) = world("full-disk").await else {
        return;
    };
    must(full_disk(&mut world).await);
}

async fn full_disk(world: &mut World) -> Result<()> {
    let home = world.phone.settings().home.clone();
    let disk = SmallDisk::mount(&home, SMALL, &world.folder().join("logs/disk.log"))?;
    world.phone.settings().within = disk.within();
    world.enrol_phone().await?;
    let phone = world.phone.window()?;
    officer::note(phone, NOTE).await?;
    let before = officer::newest(phone).await?;
    // What was put ready to be sent is removed by then, and gives no room later.
    officer::stands(phone, &before, &["received", "submitted"]).await?;
    // It is said beforehand: a disk of this size has room for words.
    phone.reads("Words only: no room for photos").await?;

    // Beginning: there is nothing on the screen yet that could be lost.
    disk.fill()?;
    phone.click("home-note").await?;
    phone.reads("There is no room for a new record").await?;
    phone.pictures(world.folder(), "full-home").await?;
    disk.free()?;

    // Typing: nothing of it has room.
    phone.click("home-note").await?;
    phone.find("note-text").await?;
    disk.fill()?;
    phone.fill("note-text", ANOTHER).await?;
    says_no_room(phone).await?;
    // The app has given up the room it kept; that is taken too.
    disk.fill()?;
    phone.click("note-submit").await?;
    says_no_room(phone).await?;
    let typed = phone.find("note-text").await?.prop("value").await?;
    ensure!(typed.as_deref() == Some(ANOTHER), "what was typed is gone");
    phone.pictures(world.folder(), "full-note").await?;
    disk.free()?;
    phone.click("note-submit").await?;
    phone.find("home-stop-search").await?;
    let note = officer::newest(phone).await?;
    ensure!(note != before, "the note was not saved");
    officer::stands(phone, &note, &["received", "submitted"]).await?;

    // Signing: the answers are kept as unfinished, and signed when there is room.
    officer::stop_and_search_to_check(phone).await?;
    disk.fill()?;
    phone.click("check-submit").await?;
    says_no_room(phone).await?;
    phone.pictures(world.folder(), "full-check").await?;
    disk.free()?;
    phone.click("check-submit").await?;
    phone.click("receipt-done").await?;
    let search = officer::newest(phone).await?;

    world.phone.kill().await?;
    start::open_again(&mut world.phone).await?;
    let phone = world.phone.window()?;
    for record in [&before, &note, &search] {
        officer::stands(phone, record, &["received", "submitted"]).await?;
    }
    Ok(())
}

async fn says_no_room(window: &Window) -> Result<()> {
    window.reads(NO_ROOM).await?;
    window.reads(WHAT_TO_DO).await
}
