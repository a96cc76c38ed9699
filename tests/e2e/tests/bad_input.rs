//! What people do wrong gets a clear sentence, and costs nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::path::Path;

use anyhow::Result;
use e2e::act::officer::NOTE;
use e2e::act::{officer, start};
use e2e::server::PATEL;
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
    world.enrol_phone().await?;
    let window = world.phone.window()?;
    officer::note(window, NOTE).await?;
    officer::home(window).await?;
    let note = officer::newest(window).await?;
    officer::photo(window, &world.no_photo()?).await?;
    window.reads("is not a photo").await?;
    officer::home(window).await?;
    officer::stands(window, &note, &["received", "submitted"]).await
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
    start::sign_in(window, &PATEL).await
}
