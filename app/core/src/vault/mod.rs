//! Vaults: one officer's encrypted store on this device, and what opens it.
//!
//! PIN -> Argon2id -> the key that unwraps the database key. The database key is also wrapped
//! to the force's escrow key, so that a forgotten PIN loses nothing. Attempts are counted on
//! disk before each try, so that a restart gives none back.

mod attempts;
mod enrolment;
mod error;
mod home;
mod key;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use shared::ids::OfficerId;

pub use attempts::{FREE_TRIES, Lock};
pub use enrolment::Enrolment;
pub use error::VaultError;
pub use home::HomeLock;
pub use key::{DbKey, KdfParams};

use crate::env::Env;
use crate::files::{FsBlobs, RESERVE, write_whole};
use attempts::Attempts;
use key::Wrapped;

/// The home of a device: its enrolment and its vaults.
#[derive(Debug, Clone)]
pub struct Vaults {
    home: PathBuf,
    env: Env,
    kdf: KdfParams,
}

/// One vault's place.
#[derive(Debug, Clone)]
pub struct VaultDir {
    /// Whose it is.
    pub officer: OfficerId,
    /// The folder.
    pub path: PathBuf,
}

impl VaultDir {
    /// The encrypted database.
    pub fn database(&self) -> PathBuf {
        self.path.join("records.db")
    }

    /// The folder of sealed photos.
    pub fn photos(&self) -> std::io::Result<FsBlobs> {
        FsBlobs::open(self.path.join("photos"))
    }

    /// The room kept for words.
    fn reserve(&self) -> PathBuf {
        self.path.join("photos").join(RESERVE)
    }
}

/// A vault as listed while locked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultSummary {
    /// Whose it is.
    pub officer: OfficerId,
    /// For example "PC 4417 Patel".
    pub label: String,
    /// How many tries are left, or until when there are none.
    pub lock: Lock,
}

/// What lies in vault.json.
#[derive(Serialize, Deserialize)]
struct VaultFile {
    version: u32,
    officer: OfficerId,
    label: String,
    key: Wrapped,
}

/// The shortest PIN that is taken.
pub const PIN_MIN: usize = 6;
/// The longest PIN or passphrase that is taken.
pub const PIN_MAX: usize = 128;

impl Vaults {
    /// Opens the home of a device, making it if it is missing.
    pub fn open(home: impl Into<PathBuf>, env: Env, kdf: KdfParams) -> Result<Self, VaultError> {
        let home = home.into();
        fs::create_dir_all(home.join("vaults"))?;
        Ok(Self { home, env, kdf })
    }

    /// Takes the home for this process, until what is given back is dropped. A second app on
    /// one home would wait for the first one's database, and not be told why.
    pub fn claim(&self) -> Result<HomeLock, VaultError> {
        HomeLock::take(&self.home)
    }

    /// The enrolment, once there is one.
    pub fn enrolment(&self) -> Result<Option<Enrolment>, VaultError> {
        match fs::read(self.home.join("device.json")) {
            Ok(bytes) => Ok(Some(
                serde_json::from_slice(&bytes).map_err(VaultError::damaged)?,
            )),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e.into()),
        }
    }

    /// Keeps the enrolment.
    pub fn save_enrolment(&self, enrolment: &Enrolment) -> Result<(), VaultError> {
        let bytes = serde_json::to_vec_pretty(enrolment).map_err(VaultError::damaged)?;
        Ok(write_whole(&self.home.join("device.json"), &bytes)?)
    }

    /// The vaults on this device, by label.
    pub fn list(&self) -> Result<Vec<VaultSummary>, VaultError> {
        let mut vaults = Vec::new();
        for entry in fs::read_dir(self.home.join("vaults"))? {
            let path = entry?.path();
            // A folder without its file is a vault whose making was cut short: not a vault.
            if !path.join(FILE).is_file() {
                continue;
            }
            let Some(officer) = path.file_name().and_then(|it| it.to_str()?.parse().ok()) else {
                continue;
            };
            // One that is damaged must not hide the others. Opening it says what is wrong.
            let label = match read_vault(&path) {
                Ok(file) => file.label,
                Err(VaultError::Damaged(_)) => officer_id(officer),
                Err(other) => return Err(other),
            };
            let lock = Attempts::read(&path)?.lock(&self.env);
            vaults.push(VaultSummary {
                officer,
                label,
                lock,
            });
        }
        vaults.sort_by(|a, b| a.label.cmp(&b.label));
        Ok(vaults)
    }

    /// Makes a vault with a new database key, wrapped by the PIN and to the escrow recipient.
    /// It is there once what fills it has succeeded: a vault without its database could neither
    /// be opened nor be made again.
    pub fn create<T, E: From<VaultError>>(
        &self,
        officer: OfficerId,
        label: &str,
        pin: &str,
        escrow: &str,
        fill: impl FnOnce(&VaultDir, &DbKey) -> Result<T, E>,
    ) -> Result<T, E> {
        if !(PIN_MIN..=PIN_MAX).contains(&pin.chars().count()) {
            return Err(VaultError::BadPin.into());
        }
        let dir = self.dir(officer);
        if dir.path.join(FILE).is_file() {
            return Err(VaultError::Exists.into());
        }
        let (key, file) = self.prepare(&dir, label, pin, escrow)?;
        let filled = fill(&dir, &key)?;
        write_whole(&dir.path.join(FILE), &file).map_err(VaultError::from)?;
        Ok(filled)
    }

    /// The folder of a new vault with its escrow wrap, its key, and what its file will hold.
    fn prepare(
        &self,
        dir: &VaultDir,
        label: &str,
        pin: &str,
        escrow: &str,
    ) -> Result<(DbKey, Vec<u8>), VaultError> {
        // What a cut-short attempt left behind is under a key that nobody has.
        let _ = fs::remove_dir_all(&dir.path);
        fs::create_dir_all(&dir.path)?;
        let key = DbKey::random(&self.env);
        write_whole(&dir.path.join("escrow.age"), &key.wrap_to(escrow)?)?;
        let wrapped = key.wrap(pin, dir.officer, self.kdf, &self.env)?;
        let file = VaultFile {
            version: 1,
            officer: dir.officer,
            label: label.to_owned(),
            key: wrapped,
        };
        let bytes = serde_json::to_vec_pretty(&file).map_err(VaultError::damaged)?;
        Ok((key, bytes))
    }

    /// Unwraps the database key. A wrong PIN costs a try, counted before it is tried.
    pub fn unlock(&self, officer: OfficerId, pin: &str) -> Result<(VaultDir, DbKey), VaultError> {
        let dir = self.dir(officer);
        let file = read_vault(&dir.path)?;
        let mut attempts = Attempts::read(&dir.path)?;
        if let Lock::Wait { until } = attempts.lock(&self.env) {
            return Err(VaultError::Wait { until });
        }
        attempts.fail(&self.env);
        if let Err(error) = attempts.write(&dir.path) {
            // A full disk must not lock the officer out of their words: the room that is kept
            // for words is given up for the count.
            if !error.is_full() || fs::remove_file(dir.reserve()).is_err() {
                return Err(error);
            }
            attempts.write(&dir.path)?;
        }
        match file.key.unwrap(pin, officer)? {
            Some(key) => {
                Attempts::default().write(&dir.path)?;
                Ok((dir, key))
            }
            None => Err(match attempts.lock(&self.env) {
                Lock::Free { tries_left } => VaultError::WrongPin { tries_left },
                Lock::Wait { until } => VaultError::Wait { until },
            }),
        }
    }

    fn dir(&self, officer: OfficerId) -> VaultDir {
        VaultDir {
            officer,
            path: self.home.join("vaults").join(officer.to_string()),
        }
    }
}

const FILE: &str = "vault.json";

/// How a vault is called whose label does not read.
fn officer_id(officer: OfficerId) -> String {
    officer.to_string()[..8].to_owned()
}

fn read_vault(path: &std::path::Path) -> Result<VaultFile, VaultError> {
    let bytes = match fs::read(path.join(FILE)) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(VaultError::NoVault),
        other => other?,
    };
    serde_json::from_slice(&bytes).map_err(VaultError::damaged)
}
