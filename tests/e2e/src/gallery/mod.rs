//! Pictures of the screens in their states: the real app, server and page, brought into each state
//! as people bring them there. What a picture is called says the device, the screen, the state
//! and the theme.

mod enrolled;
mod recorded;
mod reviewed;
mod together;
mod watched;

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::json;

use crate::screen::Window;
use crate::world::{Device, World};

/// Every picture, without its theme.
pub const NAMES: &[&str] = &[
    "phone-unlock-pin",
    "phone-unlock-4-tries-left",
    "phone-enrol-first-start",
    "phone-home-empty",
    "phone-home-no-connection",
    "phone-home-received",
    "phone-home-to-do",
    "phone-looking-for-first",
    "phone-looking-for-section-60-live",
    "phone-gowisely-unsaid",
    "phone-grounds-hint",
    "phone-who-ethnicity",
    "phone-what-more-than-outer",
    "phone-video-camera",
    "phone-copy-offered",
    "phone-check-complete",
    "phone-check-problems",
    "phone-receipt-qr",
    "phone-grounds-same-again",
    "phone-note-writing",
    "phone-photo-camera",
    "phone-photo-waiting",
    "phone-record-timeline",
    "phone-record-difference",
    "phone-choose-one-place",
    "phone-sending-waiting",
    "phone-sending-held",
    "phone-sending-not-accepted",
    "phone-record-removed",
    "phone-home-revoked",
    "phone-search-results",
    "phone-menu-shift",
    "phone-home-large-buttons",
    "phone-home-text-200",
    "tablet-review-record",
    "tablet-review-empty",
    "tablet-review-approve-sheet",
    "tablet-review-return-sheet",
    "tablet-review-changed-while-reading",
    "tablet-review-own-record",
    "tablet-review-changed-since-approval",
    "tablet-patterns-team",
    "tablet-sample-drawn",
    "tablet-review-locked",
    "control-room-live-list",
    "control-room-live-not",
    "control-room-devices-not-heard-from",
    "control-room-record-open",
    "control-room-live-section-60",
    "control-room-live-filtered-empty",
    "control-room-map-1024",
];

/// Takes the pictures, and remembers which it has.
#[derive(Debug)]
pub struct Gallery {
    folder: PathBuf,
    made: RefCell<Vec<String>>,
    faults: RefCell<Vec<String>>,
}

impl Gallery {
    /// Nothing yet.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            made: RefCell::default(),
            faults: RefCell::default(),
        }
    }

    /// A picture in light and one in dark, which axe finds no fault with. A fault of one picture
    /// is said at the end, so that the others are made all the same.
    pub async fn shot(&self, window: &Window, name: &str) {
        let name = format!("{}-{name}", window.name());
        for theme in ["light", "dark"] {
            let file = format!("{name}-{theme}.png");
            if let Err(error) = self.one(window, theme, &file).await {
                self.fault(&file, &error);
            }
        }
        if let Err(error) = window.set_theme("system").await {
            self.fault(&name, &error);
        }
        println!("{name}");
        self.made.borrow_mut().push(name);
    }

    async fn one(&self, window: &Window, theme: &str, file: &str) -> Result<()> {
        window.set_theme(theme).await?;
        window.picture(&self.folder.join(file)).await?;
        // Now that it stands still: a colour on its way to another one is neither.
        window.is_accessible().await
    }

    fn fault(&self, what: &str, error: &anyhow::Error) {
        let fault = format!("{what}: {error:#}");
        println!("{fault}");
        self.faults.borrow_mut().push(fault);
    }

    /// Fails, naming them, if a picture is missing or something is wrong with one.
    pub fn is_complete(&self) -> Result<usize> {
        let made = self.made.borrow();
        let missing = NAMES
            .iter()
            .filter(|name| !made.iter().any(|it| it == *name));
        let mut faults = self.faults.borrow().clone();
        faults.extend(missing.map(|name| format!("{name} is missing")));
        if !faults.is_empty() {
            bail!("{} faults:\n{}", faults.len(), faults.join("\n"));
        }
        Ok(made.len() * 2)
    }
}

/// Brings everything about, from the first start to the watch in the control room. A part that
/// cannot be brought about is a fault, and the next begins all the same.
pub async fn tour(world: &mut World, gallery: &Gallery, clock: Option<&Path>) -> Result<()> {
    enrolled::tour(world, gallery)
        .await
        .context("first start")?;
    let parts = recorded::tour(world, gallery).await;
    kept(gallery, "recording", parts);
    world.phone.link.mend();
    kept(gallery, "review", reviewed::tour(world, gallery).await);
    let mut okoro = together::colleague(world).await?;
    let parts = together::tour(world, &okoro, gallery).await;
    kept(gallery, "together", parts);
    let parts = together::ended(world, &mut okoro, gallery).await;
    kept(gallery, "the end of a device", parts);
    kept(gallery, "unlocking", unlocked(world, gallery).await);
    kept(
        gallery,
        "the end of a lease",
        reviewed::locked(world, gallery).await,
    );
    kept(
        gallery,
        "watching",
        watched::tour(world, gallery, clock).await,
    );
    Ok(())
}

fn kept(gallery: &Gallery, part: &str, done: Result<()>) {
    if let Err(error) = done {
        gallery.fault(part, &error);
    }
}

/// A phone that was closed and is opened again.
async fn unlocked(world: &mut World, gallery: &Gallery) -> Result<()> {
    world.phone.kill().await?;
    world.phone.start().await?;
    let phone = world.phone.window()?;
    phone.find("unlock-submit").await?;
    gallery.shot(phone, "unlock-pin").await;
    crate::act::start::try_pin(phone, "000000").await?;
    phone.reads("4 tries left").await?;
    gallery.shot(phone, "unlock-4-tries-left").await;
    crate::act::start::try_pin(phone, world.phone.person.pin).await?;
    phone.find("menu").await?;
    Ok(())
}

/// Goes to an address of the app.
async fn to(window: &Window, hash: &str) -> Result<()> {
    window
        .run("location.hash = arguments[0]", vec![json!(hash)])
        .await?;
    Ok(())
}

/// Loses the device's network, and waits at home until it says so.
async fn cut(device: &Device) -> Result<()> {
    device.link.cut();
    // Asking notices it at once.
    crate::act::officer::try_now(device.window()?).await?;
    device.window()?.find("strip").await?;
    Ok(())
}
