//! The first start of a phone and of a tablet.

use anyhow::Result;

use super::Gallery;
use crate::act::start;
use crate::server::{AHMED, PATEL};
use crate::world::World;

pub(super) async fn tour(world: &mut World, gallery: &Gallery) -> Result<()> {
    world.phone.start().await?;
    let phone = world.phone.window()?;
    phone.find("enrol-link").await?;
    gallery.shot(phone, "enrol-first-start").await;
    let link = world.enrolment(&world.phone)?;
    start::enrol(phone, &link).await?;
    start::sign_in(phone, &PATEL).await?;
    phone.find("home-stop-search").await?;
    phone.gone("strip").await?;
    gallery.shot(phone, "home-empty").await;

    let link = world.enrolment(&world.tablet)?;
    world.tablet.start().await?;
    let tablet = world.tablet.window()?;
    start::enrol(tablet, &link).await?;
    start::sign_in(tablet, &AHMED).await?;
    tablet.gone("strip").await?;
    tablet.reads("Nothing waits for you").await?;
    gallery.shot(tablet, "review-empty").await;
    Ok(())
}
