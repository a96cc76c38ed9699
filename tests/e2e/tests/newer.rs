//! What a newer app and a newer server leave on devices that are older: it is listed, says that
//! it needs a newer app, and nothing else is in the way.
//!
//! The server is this one. What makes it newer is done to its database while it is down: entries
//! that it had accepted become entries of the next schema.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use e2e::act::officer::{self, NOTE};
use e2e::act::supervisor;
use e2e::server::Server;
use e2e::world::{Programs, World};
use rusqlite::{Connection, params};
use shared::ids::RecordId;
use shared::log::{EntryKind, Header};

const ASKS: &str = "Update Beatbook to read it";
const SAYS: &str = "written with a newer Beatbook";

async fn world(name: &str) -> Option<World> {
    let programs = Programs::from_env()?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    Some(World::new(&folder, &programs, 0).await.unwrap())
}

/// Makes entries of this kind about a record those of the next schema. The server must be down.
fn make_newer(server: &Server, record: &str, kind: EntryKind) -> Result<()> {
    let record: RecordId = record.parse().ok().context("not a record's id")?;
    let db = Connection::open(server.data().join("beatbook.db"))?;
    let entries: Vec<(i64, Vec<u8>)> = db
        .prepare("SELECT position, header FROM entries WHERE record = ?1 AND kind = ?2")?
        .query_map(params![record.as_bytes(), kind.code()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    ensure!(!entries.is_empty(), "the server has no such entry");
    for (position, header) in entries {
        let mut header = Header::from_bytes(&header).ok().context("a header")?;
        header.schema += 1;
        db.execute(
            "UPDATE entries SET header = ?2 WHERE position = ?1",
            params![position, header.to_bytes()],
        )?;
    }
    Ok(())
}

#[tokio::test]
async fn a_record_of_a_newer_schema_is_listed_on_the_tablet_and_the_rest_is_reviewed() {
    let Some(mut world) = world("newer-tablet").await else {
        return;
    };
    if let Err(error) = on_the_tablet(&mut world).await {
        panic!("{error:#}");
    }
}

async fn on_the_tablet(world: &mut World) -> Result<()> {
    world.import_samples()?;
    world.enrol_phone().await?;
    let phone = world.phone.window()?;
    officer::note(phone, NOTE).await?;
    let note = officer::newest(phone).await?;
    officer::stop_and_search(phone).await?;
    phone.click("receipt-done").await?;
    let search = officer::newest(phone).await?;
    for record in [&note, &search] {
        officer::stands(phone, record, &["received", "submitted"]).await?;
    }
    world.server.stop().await?;
    make_newer(&world.server, &search, EntryKind::Change)?;
    world.server.run().await?;

    world.enrol_tablet().await?;
    let tablet = world.tablet.window()?;
    supervisor::open(tablet, &search).await?;
    tablet.reads("Update Beatbook first").await?;
    tablet.pictures(world.folder(), "newer-review").await?;
    let script = "location.hash = '#/record/' + arguments[0]";
    tablet.run(script, vec![search.clone().into()]).await?;
    for words in [SAYS, ASKS, "Controlled drugs", "Nightingale"] {
        tablet.reads(words).await?;
    }
    let words = tablet.words().await?;
    ensure!(
        !words.contains("Not given"),
        "what is not readable is not blank"
    );
    tablet.pictures(world.folder(), "newer-record").await?;

    tablet.run("location.hash = '#/review'", vec![]).await?;
    supervisor::open(tablet, &note).await?;
    supervisor::approve(tablet).await?;
    let phone = world.phone.window()?;
    officer::stands(phone, &note, &["approved"]).await
}

#[tokio::test]
async fn an_act_of_a_newer_app_is_said_on_the_phone_and_work_goes_on() {
    let Some(mut world) = world("newer-phone").await else {
        return;
    };
    if let Err(error) = on_the_phone(&mut world).await {
        panic!("{error:#}");
    }
}

async fn on_the_phone(world: &mut World) -> Result<()> {
    world.enrol_both().await?;
    let phone = world.phone.window()?;
    officer::note(phone, NOTE).await?;
    let note = officer::newest(phone).await?;
    let tablet = world.tablet.window()?;
    supervisor::open(tablet, &note).await?;
    tablet.find("approve").await?;
    world.phone.link.cut();
    phone.find("strip").await?;
    supervisor::approve(tablet).await?;
    let script = "location.hash = '#/record/' + arguments[0]";
    tablet.run(script, vec![note.clone().into()]).await?;
    tablet.find("state-approved").await?;
    world.server.stop().await?;
    make_newer(&world.server, &note, EntryKind::Review)?;
    world.server.run().await?;
    world.phone.link.mend();

    officer::stands(phone, &note, &["newer"]).await?;
    phone.reads(ASKS).await?;
    phone.pictures(world.folder(), "newer-home").await?;
    phone.click(&format!("row-{note}")).await?;
    phone.reads(SAYS).await?;
    phone.reads(NOTE).await?;
    phone.pictures(world.folder(), "newer-record").await?;
    officer::home(phone).await?;
    officer::stop_and_search(phone).await?;
    phone.click("receipt-done").await?;
    let search = officer::newest(phone).await?;
    officer::stands(phone, &search, &["received", "submitted"]).await
}
