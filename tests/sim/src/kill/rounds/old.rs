//! Databases of the first version, as they lie on machines that were not updated since.

use std::fs;
use std::path::Path;

use anyhow::Result;
use app_core::env::Env;
use rusqlite::{Connection, params};

use crate::phone::{KEYS, Phone};

const SERVER: &str = include_str!("../../../../../sync-server/migrations/0001_start.sql");
const PHONE: &str = include_str!("../../../../../app/core/src/store/migrations/0001_first.sql");

/// The id of the draft that is on the old device.
const DRAFT: [u8; 16] = [5; 16];

/// A data directory of the first version.
pub(super) fn server(data: &Path) -> Result<()> {
    fs::create_dir_all(data)?;
    let db = Connection::open(data.join("beatbook.db"))?;
    db.execute_batch("PRAGMA journal_mode = WAL;")?;
    db.execute_batch(SERVER)?;
    db.execute_batch("PRAGMA user_version = 1;")?;
    db.execute(
        "INSERT INTO state (id, epoch, receive, accept, policy, reference)
         VALUES (1, ?1, 0, 0, 0, 0)",
        params![Env::system().bytes::<16>()],
    )?;
    Ok(())
}

/// A device's folder of the first version, with a draft; gives the words in it.
pub(super) fn phone(folder: &Path) -> Result<String> {
    fs::create_dir_all(folder)?;
    let env = Env::system();
    let key = hex::encode(env.bytes::<32>());
    let keys = ["old", &hex::encode([0; 32]), &key];
    fs::write(folder.join(KEYS), keys.join("\n"))?;
    let words = hex::encode(env.bytes::<8>());
    let db = Connection::open(folder.join("records.db"))?;
    db.execute_batch(&format!(
        "PRAGMA key = \"x'{key}'\"; PRAGMA journal_mode = WAL;"
    ))?;
    db.execute_batch(PHONE)?;
    db.execute_batch("PRAGMA user_version = 1;")?;
    db.execute(
        "INSERT INTO vault (id, log, seed, officer, device, head, label, collar, role, team,
             station)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, 'PC 1001 Sample', '1001', 'officer', 'A', 'B')",
        params![
            env.bytes::<16>(),
            env.bytes::<32>(),
            env.bytes::<16>(),
            env.bytes::<16>(),
            env.bytes::<32>()
        ],
    )?;
    db.execute(
        "INSERT INTO draft (id, kind, reference, fields, started_at, saved_at)
         VALUES (?1, 'note', '', ?2, 0, 0)",
        params![DRAFT, format!("{{\"text\":\"{words}\"}}")],
    )?;
    Ok(words)
}

/// True if the draft of the old device is there with its words.
pub(super) fn has(phone: &Phone, words: &str) -> bool {
    let draft = phone.core.draft(&hex::encode(DRAFT));
    draft.is_ok_and(|draft| format!("{:?}", draft.fields).contains(words))
}
