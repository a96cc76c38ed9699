//! An officer who types while the app is killed, again and again: how much of it is lost.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::act::officer::{choose, said};
use crate::act::{form, start};
use crate::screen::Window;
use crate::world::Device;

/// What is promised: at most this much typing is lost.
pub const BEHIND_MAX: Duration = Duration::from_secs(2);
/// The longest that somebody types before the app is killed.
const TYPES_MS: u64 = 4_000;
/// Between two keys, of a quick typist who now and then thinks.
const KEY_MS: (u64, u64) = (40, 260);
const THINKS_MS: (u64, u64) = (300, 1_200);
/// One key in so many comes after a thought.
const THINKS: u64 = 25;
/// A text that is as long as this is finished, and another search is begun.
const LONG: usize = 2_500;

/// What was found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Killed {
    /// How often it was killed.
    pub kills: u32,
    /// Of those, after how many more was missing than may be.
    pub lost: u32,
    /// Keys that were typed.
    pub keys: usize,
    /// The most typing that was missing.
    pub worst: Duration,
}

/// Numbers that follow from a seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn between(&mut self, (least, most): (u64, u64)) -> u64 {
        least + self.next() % (most - least)
    }
}

/// What was typed into one text, and when each key had reached the page.
#[derive(Default)]
struct Typed {
    text: String,
    at: Vec<Instant>,
    /// How much of it stood there when the app was opened last.
    before: usize,
}

/// Kills the app so often while somebody types, and opens the search again each time. The device
/// is enrolled, and shows the home screen.
pub async fn kill_while_typing(device: &mut Device, kills: u32, seed: u64) -> Result<Killed> {
    let mut chance = Chance(seed);
    let mut found = Killed::default();
    let mut typed = Typed::default();
    begin(device.window()?).await?;
    while found.kills < kills {
        let within = Duration::from_millis(chance.between((1, TYPES_MS)));
        let window = device.window()?;
        // The kill comes at any moment, also while a key is on its way.
        let typing = keys(window, &mut typed, &mut chance);
        if let Ok(ended) = tokio::time::timeout(within, typing).await {
            ended?;
        }
        let killed = Instant::now();
        device.kill().await?;
        found.kills += 1;
        start::open_again(device).await?;
        let window = device.window()?;
        // It is offered to go on, on the page that was open.
        window.click_css("[data-testid^='draft-']").await?;
        let kept = kept(window).await?;
        let behind = typed.missing(&kept, killed)?;
        found.worst = found.worst.max(behind);
        found.lost += u32::from(behind > BEHIND_MAX);
        found.keys += typed.at.len().saturating_sub(typed.before);
        typed.is(&kept);
        if kept.len() > LONG {
            typed = Typed::default();
            finish(window).await?;
            begin(window).await?;
        }
    }
    Ok(found)
}

impl Typed {
    /// How long before the kill the first key was typed that is missing.
    fn missing(&self, kept: &str, killed: Instant) -> Result<Duration> {
        ensure!(
            self.text.starts_with(kept),
            "what is kept was never typed: “{kept}”"
        );
        let first = self.at.get(kept.len());
        Ok(first.map_or(Duration::ZERO, |at| killed.saturating_duration_since(*at)))
    }

    /// From now on this is what stands there.
    fn is(&mut self, kept: &str) {
        self.text.truncate(kept.len());
        self.at.truncate(kept.len());
        // A key that got there though nobody was told.
        self.at.resize(kept.len(), Instant::now());
        self.before = kept.len();
    }
}

/// A search, up to the page of its grounds.
async fn begin(window: &Window) -> Result<()> {
    window.click("home-stop-search").await?;
    choose(window, "controlled_drugs").await?;
    said(window).await?;
    window.find("grounds").await?;
    Ok(())
}

/// Puts it away, so that one alone is unfinished.
async fn finish(window: &Window) -> Result<()> {
    form::go_to_where(window).await?;
    window.click("discard").await?;
    choose(window, "opened_by_mistake").await?;
    window.find("home-stop-search").await?;
    Ok(())
}

/// Types on and on, key by key.
async fn keys(window: &Window, typed: &mut Typed, chance: &mut Chance) -> Result<()> {
    let field = window.find("grounds").await?;
    loop {
        let pause = if chance.next().is_multiple_of(THINKS) {
            THINKS_MS
        } else {
            KEY_MS
        };
        tokio::time::sleep(Duration::from_millis(chance.between(pause))).await;
        let letter = match chance.next() % 6 {
            0 => ' ',
            other => char::from(b'a' + u8::try_from((other * 7 + chance.next()) % 26)?),
        };
        // It counts as typed from here on: it may arrive though the answer does not.
        typed.text.push(letter);
        field.send_keys(&letter.to_string()).await?;
        typed.at.push(Instant::now());
    }
}

/// What stands in the field once it is there.
async fn kept(window: &Window) -> Result<String> {
    window.find("grounds").await?;
    let script = "return document.querySelector('[data-testid=\"grounds\"]').value";
    let value = window.run(script, vec![]).await?;
    Ok(value
        .as_str()
        .context("the field of the grounds is gone")?
        .to_owned())
}

/// When the page was first painted with something on it, in milliseconds after it was asked for.
pub async fn first_paint_ms(window: &Window) -> Result<f64> {
    let script = "return performance.getEntriesByType('paint') \
        .find(it => it.name === 'first-contentful-paint')?.startTime ?? null";
    let at: Value = window.run(script, vec![]).await?;
    at.as_f64().context("the web view names no first paint")
}
