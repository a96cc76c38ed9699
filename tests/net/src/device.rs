//! The app in a process of its own, with its own clock, its live channel and its own idea of
//! when to try again; it says what it would have shown its officer.
//!
//! | line | said once |
//! | --- | --- |
//! | `ready LOG` | enrolled, signed in, and nothing to send |
//! | `saved RECORD MARK` | these words were saved |
//! | `photo RECORD SHA256` | this photo was kept |
//! | `received SEQ` | everything of the log up to here was received |
//! | `drained` | nothing is left to send |

use std::io::{BufRead as _, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use app_core::core::Core;
use app_core::device::{Device, DeviceConfig};
use app_core::view::{FieldMap, FieldValue, FormFactor};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};

use crate::site::{OFFICER, PASSWORD};

/// The vault's PIN.
const PIN: &str = "493817";
/// How often the device is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// Enrols on a good link, waits to be told, and then works on whatever the link has become.
pub(crate) fn run(folder: &Path, link: &str, records: u32, photo: u32) -> Result<()> {
    let device = Arc::new(Device::open(DeviceConfig::new(folder))?);
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(device.enrol(link, FormFactor::Phone))?;
    let vault =
        device
            .clone()
            .create_vault(OFFICER.to_owned(), PASSWORD.to_owned(), PIN.to_owned());
    runtime.block_on(vault)?;
    let core = device.core()?;
    while !drained(&core)? {
        std::thread::sleep(LOOK);
    }
    say(&format!("ready {}", core.log()))?;
    let mut told = String::new();
    std::io::stdin().lock().read_line(&mut told)?;
    end_with_input();
    write(&core, records, photo)?;
    let mut received = None;
    while !drained(&core)? {
        device.touch();
        if core.received()? > received {
            received = core.received()?;
            say(&format!("received {}", received.context("no receipt")?.0))?;
        }
        std::thread::sleep(LOOK);
    }
    if let Some(last) = core.received()? {
        say(&format!("received {}", last.0))?;
    }
    say("drained")?;
    loop {
        std::thread::park();
    }
}

/// Ends the process when whoever started it is gone.
fn end_with_input() {
    std::thread::spawn(|| {
        // Whether it ends or fails: there is nobody any more.
        let _ = std::io::stdin().lock().read_line(&mut String::new());
        std::process::exit(0);
    });
}

fn write(core: &Core, records: u32, photo: u32) -> Result<()> {
    let mut chance = ChaCha8Rng::seed_from_u64(1);
    for n in 0..records {
        let mark = format!("mark-{:016x}", chance.next_u64());
        let draft = core.draft_new("note", None, None)?;
        let text = format!("{mark} Two youths seen by the shops; spoken to and moved on.");
        let fields = FieldMap::from_iter([("text".to_owned(), Some(FieldValue::Text(text)))]);
        core.draft_set(&draft.id, fields, None)?;
        core.draft_submit(&draft.id)?;
        say(&format!("saved {} {mark}", draft.id))?;
        if n == 0 {
            let bytes = picture(&mut chance, photo)?;
            let added = core.photo_add(&draft.id, "photo.png", None, &bytes)?;
            say(&format!("photo {} {}", draft.id, added.sha256))?;
        }
    }
    Ok(())
}

/// Noise, which nothing on the way makes smaller.
fn picture(chance: &mut ChaCha8Rng, side: u32) -> Result<Vec<u8>> {
    let mut pixels = vec![0; (side * side * 3) as usize];
    chance.fill_bytes(&mut pixels);
    let picture = image::RgbImage::from_raw(side, side, pixels).context("no picture")?;
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png)?;
    Ok(png.into_inner())
}

fn drained(core: &Core) -> Result<bool> {
    let waiting = core.outbox()?;
    Ok(waiting.entries == 0 && waiting.photos == 0)
}

fn say(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
