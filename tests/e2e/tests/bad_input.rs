//! What people do wrong gets a clear sentence, and costs nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::path::Path;

use anyhow::Result;
use e2e::act::form::{part, parts, paste, unfold, write};
use e2e::act::officer::{NOTE, choose, go_on};
use e2e::act::{form, officer, room, start};
use e2e::screen::Window;
use e2e::server::{PATEL, ROOM};
use e2e::world::{Programs, World};

async fn world(name: &str) -> Option<World> {
    let programs = Programs::from_env()?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    Some(World::new(&folder, &programs, 0).await.unwrap())
}

/// Shows the whole chain of a failure, which `unwrap` would print with its stack.
fn must(done: Result<()>) {
    if let Err(error) = done {
        panic!("{error:#}");
    }
}

#[tokio::test]
async fn a_bad_or_used_enrolment_link_is_refused_in_words_and_a_good_one_still_works() {
    let Some(mut world) = world("bad-enrolment").await else {
        return;
    };
    must(bad_enrolment(&mut world).await);
}

async fn bad_enrolment(world: &mut World) -> Result<()> {
    world.phone.start().await?;
    let window = world.phone.window()?;
    start::enrol(window, "https://example.invalid/not-a-link").await?;
    window.reads("This is not a set-up link").await?;

    let good = world.enrolment(&world.phone)?;
    let (before, code) = good.split_once("code=").unwrap();
    let wrong = format!(
        "{before}code=AAAA-AAAA-AAAA&{}",
        code.split_once('&').unwrap().1
    );
    start::enrol(window, &wrong).await?;
    window
        .reads("This link has been used or has run out")
        .await?;

    start::enrol(window, &good).await?;
    start::sign_in(window, &PATEL).await?;

    // The same link on another device.
    world.tablet.start().await?;
    let window = world.tablet.window()?;
    start::enrol(window, &good).await?;
    window.reads("This link has been used or has run out").await
}

#[tokio::test]
async fn a_wrong_pin_says_how_many_tries_are_left_over_a_restart_too() {
    let Some(mut world) = world("wrong-pin").await else {
        return;
    };
    must(wrong_pin(&mut world).await);
}

async fn wrong_pin(world: &mut World) -> Result<()> {
    world.enrol_phone().await?;
    world.phone.kill().await?;
    world.phone.start().await?;
    start::try_pin(world.phone.window()?, "000000").await?;
    world.phone.window()?.reads("4 tries left").await?;
    world.phone.kill().await?;
    world.phone.start().await?;
    start::try_pin(world.phone.window()?, "111111").await?;
    world.phone.window()?.reads("3 tries left").await?;
    start::try_pin(world.phone.window()?, PATEL.pin).await?;
    world.phone.window()?.find("menu").await?;
    Ok(())
}

#[tokio::test]
async fn a_photo_that_is_no_image_is_refused_and_the_words_stay() {
    let Some(mut world) = world("no-photo").await else {
        return;
    };
    must(no_photo(&mut world).await);
}

async fn no_photo(world: &mut World) -> Result<()> {
    // Far from exact, and found twenty minutes ago.
    world.phone.settings().position = Some("52.5093,-1.9340,400,1200");
    world.enrol_phone().await?;
    let window = world.phone.window()?;
    officer::note(window, NOTE).await?;
    officer::home(window).await?;
    let note = officer::newest(window).await?;
    officer::photo(window, &world.no_photo()?).await?;
    window.reads("is not a photo").await?;
    officer::home(window).await?;
    officer::stands(window, &note, &["received", "submitted"]).await?;
    doubted(window).await
}

/// A search that begins with such a position goes on, and the page of the place says both.
async fn doubted(window: &Window) -> Result<()> {
    window.click("home-stop-search").await?;
    window.find("option-controlled_drugs").await?;
    let place = "location.hash = location.hash.replace('/object', '/where')";
    window.run(place, vec![]).await?;
    window.reads("is over ten minutes old").await?;
    window.reads("only right within 400 m").await
}

#[tokio::test]
async fn a_wrong_password_says_nothing_about_who_exists() {
    let Some(mut world) = world("wrong-password").await else {
        return;
    };
    must(wrong_password(&mut world).await);
}

async fn wrong_password(world: &mut World) -> Result<()> {
    let link = world.enrolment(&world.phone)?;
    world.phone.settings().position = None;
    world.phone.start().await?;
    let window = world.phone.window()?;
    start::enrol(window, &link).await?;
    let mut said = Vec::new();
    for collar in [PATEL.collar, "9999"] {
        window.fill("signin-collar", collar).await?;
        window.fill("signin-password", "not the password").await?;
        window.fill("signin-pin", PATEL.pin).await?;
        window.click("signin-submit").await?;
        window
            .reads("That was not right. Check collar number and password")
            .await?;
        said.push(window.words().await?);
    }
    anyhow::ensure!(
        said[0] == said[1],
        "the words differ for a number that does not exist"
    );
    start::sign_in(window, &PATEL).await?;
    // Nor is the position known yet.
    window.click("home-stop-search").await?;
    window.reads("No satellite fix yet").await
}

#[tokio::test]
async fn what_cannot_be_is_named_and_the_search_is_recorded_all_the_same() {
    let Some(mut world) = world("bad-answers").await else {
        return;
    };
    must(bad_answers(&mut world).await);
}

const PASTED: usize = 2_000_000;
/// Emoji of several parts, right to left, and marks that turn the direction.
const ODD: &str = "He said “قال الشرطي” and ran 👮🏾\u{200d}♂️, \u{202e}desrever\u{202c}: \
    I saw him drop a bag & look back twice.";

async fn bad_answers(world: &mut World) -> Result<()> {
    world.import_samples()?;
    world.phone.settings().position = Some("refused");
    world.enrol_phone().await?;
    world.open_room().await?;
    room::sign_in(world.room()?, &ROOM).await?;
    let window = world.phone.window()?;
    let year = bad_where(window).await?;

    choose(window, "controlled_drugs").await?;
    officer::said(window).await?;
    paste(window, "#field-grounds", &"megabytes ".repeat(PASTED / 10)).await?;
    window.reads("is far too long to be saved").await?;
    go_on(window).await?;
    for code in ["male", "18_24", "group-Black", "B1", "IC3"] {
        choose(window, code).await?;
    }
    form::born(window, ["31", "2", "2001"]).await?;
    window.reads("Date of birth: there is no such day").await?;
    write(window, "age", "200").await?;
    window.reads("Age in years cannot be right").await?;
    go_on(window).await?;
    form::answer(window, &["jog", "nothing", "no_further_action", "no_force"]).await?;
    choose(window, "no_camera").await?;
    choose(window, "refused").await?;

    // It is not signed; the summary names each, and leads to it. All else was saved meanwhile.
    window.click("check-submit").await?;
    window.reads("There is a problem").await?;
    for words in [
        "Time of the search cannot be right",
        "Date of birth: there is no such day",
        "Age in years cannot be right",
        "Say why you searched this person.",
    ] {
        window.reads_in(".summary[role='alert']", words).await?;
    }
    lead(window, "searched_at").await?;
    parts_from(window, "searched_at", 2, &year).await?;
    go_on(window).await?;
    lead(window, "grounds").await?;
    paste(window, "#field-grounds", ODD).await?;
    go_on(window).await?;
    lead(window, "birth_date").await?;
    parts(window, "birth_date", &["29", "2", "2000"]).await?;
    go_on(window).await?;
    lead(window, "age").await?;
    write(window, "age", "26").await?;
    go_on(window).await?;

    window.reads("outside this force’s area").await?;
    let record = form::sign(window).await?;
    window.click("receipt-refused").await?;
    let held = room::held(world.room()?, &record).await?;
    let expected = serde_json::json!({
        "grounds": ODD, "birth_date": "2000-02-29", "age": 26, "place_source": "grid",
        "self_ethnicity": "B1", "object": "controlled_drugs", "video_reason": "no_camera",
    });
    form::holds(&held["fields"], &expected, &["place_fix_at"])
}

/// A position that is refused, a grid reference that is none, one far away, and a year to come; gives the year
/// that is right.
async fn bad_where(window: &Window) -> Result<String> {
    window.click("home-stop-search").await?;
    window.reads("Beatbook may not use the position").await?;
    unfold(window, "place_grid").await?;
    write(window, "place_grid", "ZZ 1").await?;
    window.click("grid-take").await?;
    window.reads("This is not a grid reference").await?;
    write(window, "place_grid", "TQ 3000 8000").await?;
    window.click("grid-take").await?;
    window.reads("TQ 30").await?;
    unfold(window, "searched_at").await?;
    let field = window.find_css(&part("searched_at", 2)).await?;
    let year = field.prop("value").await?.unwrap_or_default();
    parts_from(window, "searched_at", 2, "2099").await?;
    window.reads("Time of the search is in the future").await?;
    go_on(window).await?;
    Ok(year)
}

async fn parts_from(window: &Window, field: &str, place: usize, text: &str) -> Result<()> {
    window.fill_css(&part(field, place), text).await
}

/// Follows a line of the summary.
async fn lead(window: &Window, field: &str) -> Result<()> {
    let line = format!(".summary[role='alert'] a[href$='/{field}']");
    window.click_css(&line).await?;
    window.find_css(&format!("#field-{field}")).await?;
    Ok(())
}
