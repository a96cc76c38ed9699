//! The app's core in a process of its own, which says what an app would have shown.
//!
//! | line | said once |
//! | --- | --- |
//! | `open` | the vault is open |
//! | `saved RECORD MARK` | these words were saved |
//! | `photo RECORD SHA256` | this photo was kept |
//! | `received SEQ` | everything of the log up to here was received |
//! | `drained` | nothing is left to send |

use std::io::{Read as _, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use app_core::sync::{SyncOutcome, sync_once};
use app_core::view::{FieldMap, FieldValue};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};
use shared::wire::Protocol;

use crate::phone::{Phone, client};

/// Sides of a photo, in pixels: noise does not compress, so that it goes up in several chunks.
const PHOTO: u32 = 400;

/// What a driver does until it is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Work {
    /// Writes, and never sends.
    Edit,
    /// Writes and sends.
    Send,
    /// Takes photos and sends them.
    Photos,
    /// Sends what is left, and ends.
    Drain,
}

/// Works until it is killed, or its input ends; or, where that is its work, until nothing is
/// left to send.
pub(crate) fn run(folder: &Path, url: &str, pin: &str, work: Work, seed: u64) -> Result<()> {
    let phone = Phone::open(folder)?;
    say("open")?;
    let client = client(url, pin)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    end_with_input();
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    runtime.block_on(async {
        loop {
            if work == Work::Drain {
                if send(&phone, &client).await? {
                    return say("drained");
                }
                continue;
            }
            act(&phone, work, &mut chance)?;
            if work != Work::Edit {
                send(&phone, &client).await?;
            }
        }
    })
}

/// Ends the process when whoever started it is gone.
fn end_with_input() {
    std::thread::spawn(|| {
        // Whether it ends or fails: there is nobody any more.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
}

fn act(phone: &Phone, work: Work, chance: &mut ChaCha8Rng) -> Result<()> {
    let core = &phone.core;
    let mark = format!("mark-{:016x}", chance.next_u64());
    let rows = core.records(0, 20, "all")?;
    let old = rows.get(chance.next_u32() as usize % rows.len().max(1));
    let photo = work == Work::Photos || chance.next_u32().is_multiple_of(16);
    match old {
        Some(row) if photo => {
            let bytes = picture(chance);
            let added = core.photo_add(&row.id, "photo.png", None, &bytes)?;
            say(&format!("photo {} {}", row.id, added.sha256))
        }
        Some(row) if chance.next_u32().is_multiple_of(3) => {
            core.add_to_record(&row.id, &mark)?;
            say(&format!("saved {} {mark}", row.id))
        }
        _ => {
            let draft = core.draft_new("note", None, None)?;
            // As keystrokes come: several times, the last one whole.
            for part in [&mark[..4], &mark[..12], &mark] {
                let text = FieldValue::Text(part.to_owned());
                let fields = FieldMap::from_iter([("text".to_owned(), Some(text))]);
                core.draft_set(&draft.id, fields, None)?;
            }
            core.draft_submit(&draft.id)?;
            say(&format!("saved {} {mark}", draft.id))
        }
    }
}

fn picture(chance: &mut ChaCha8Rng) -> Vec<u8> {
    let mut pixels = vec![0; (PHOTO * PHOTO * 3) as usize];
    chance.fill_bytes(&mut pixels);
    let mut png = std::io::Cursor::new(Vec::new());
    if let Some(picture) = image::RgbImage::from_raw(PHOTO, PHOTO, pixels) {
        // Encoding to memory what was made here cannot fail; no bytes are no photo.
        let _ = picture.write_to(&mut png, image::ImageFormat::Png);
    }
    png.into_inner()
}

/// One round with the server; true if nothing is left to send.
async fn send<P: Protocol>(phone: &Phone, server: &P) -> Result<bool> {
    let outcome = sync_once(&phone.core, server, &phone.credential()?).await;
    if let SyncOutcome::Local(error) = outcome {
        return Err(error).context("the device could not go on");
    }
    if let Some(seq) = phone.core.received()? {
        say(&format!("received {}", seq.0))?;
    }
    let waiting = phone.core.outbox()?;
    Ok(waiting.entries == 0 && waiting.photos == 0)
}

fn say(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
