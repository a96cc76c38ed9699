//! Vaults: one officer's encrypted store on this device, and what opens it.
//!
//! PIN -> Argon2id -> (with the secret of the hardware where there is one) the key that unwraps
//! the database key. The database key is also wrapped to the force's escrow key, so that a
//! forgotten PIN or a lost secret loses nothing. Attempts are counted on disk before each try,
//! so that a restart gives none back.

mod attempts;
mod enrolment;
mod error;
mod home;
mod key;
mod keystore;
mod recover;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shared::ids::{LogId, OfficerId};

pub use attempts::{FREE_TRIES, Lock};
pub use enrolment::Enrolment;
pub use error::VaultError;
pub use home::HomeLock;
pub use key::{DbKey, KdfParams};
pub use keystore::{HardwareSecret, KeyStore, KeyStoreError, NoKeyStore};
pub use recover::Wrap;

use crate::env::Env;
use crate::files::{FsBlobs, RESERVE, private_dir, write_whole};
use crate::spool::SpoolFiles;
use attempts::Attempts;
use key::Wrapped;

/// The home of a device: its enrolment and its vaults.
#[derive(Clone)]
pub struct Vaults {
    home: PathBuf,
    env: Env,
    kdf: KdfParams,
    keystore: Arc<dyn KeyStore>,
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

    /// The files of the spool.
    pub fn spool(&self) -> std::io::Result<SpoolFiles> {
        let files = FsBlobs::open(self.path.join("spool"))?;
        Ok(SpoolFiles::new(Arc::new(files)))
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
    /// The secret of the hardware takes part.
    #[serde(default)]
    hardware: bool,
    /// The log of the vault, to ask for its key with.
    #[serde(default)]
    log: Option<LogId>,
}

/// The shortest PIN that is taken.
pub const PIN_MIN: usize = 6;
/// The longest PIN or passphrase that is taken.
pub const PIN_MAX: usize = 128;

impl Vaults {
    /// Opens the home of a device, making it if it is missing.
    pub fn open(
        home: impl Into<PathBuf>,
        env: Env,
        kdf: KdfParams,
        keystore: Arc<dyn KeyStore>,
    ) -> Result<Self, VaultError> {
        let home = home.into();
        private_dir(&home.join("vaults"))?;
        Ok(Self {
            home,
            env,
            kdf,
            keystore,
        })
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
        write_vault(&dir.path, &file)?;
        Ok(filled)
    }

    /// The folder of a new vault with its escrow wrap, its key, and what its file will hold.
    fn prepare(
        &self,
        dir: &VaultDir,
        label: &str,
        pin: &str,
        escrow: &str,
    ) -> Result<(DbKey, VaultFile), VaultError> {
        self.put_aside(dir)?;
        private_dir(&dir.path)?;
        let key = DbKey::random(&self.env);
        write_whole(&dir.path.join(ESCROW), &key.wrap_to(escrow)?)?;
        let file = self.wrapped(dir.officer, label, pin, &key)?;
        Ok((key, file))
    }

    /// A folder without the vault's file is most likely a making that was cut short. It may also
    /// be a vault whose file was lost: the escrow key opens its database still, so that it is
    /// moved out of the way and not removed.
    fn put_aside(&self, dir: &VaultDir) -> Result<(), VaultError> {
        if !dir.path.exists() {
            return Ok(());
        }
        let has_words = fs::metadata(dir.database()).is_ok_and(|it| it.len() > 0);
        if has_words && dir.path.join(ESCROW).is_file() {
            let mark = hex::encode(self.env.bytes::<4>());
            fs::rename(&dir.path, dir.path.with_extension(format!("aside-{mark}")))?;
        } else {
            fs::remove_dir_all(&dir.path)?;
        }
        Ok(())
    }

    /// What a vault's file holds: the key under this PIN, and under a new secret of the
    /// hardware where there is one.
    fn wrapped(
        &self,
        officer: OfficerId,
        label: &str,
        pin: &str,
        key: &DbKey,
    ) -> Result<VaultFile, VaultError> {
        let hardware = self.keystore.is_there();
        let secret = match hardware {
            true => Some(self.keystore.make(officer).map_err(VaultError::KeyStore)?),
            false => None,
        };
        Ok(VaultFile {
            version: 1,
            officer,
            label: label.to_owned(),
            key: key.wrap(pin, officer, self.kdf, secret.as_ref(), &self.env)?,
            hardware,
            log: None,
        })
    }

    /// Unwraps the database key. A wrong PIN costs a try, counted before it is tried.
    pub fn unlock(&self, officer: OfficerId, pin: &str) -> Result<(VaultDir, DbKey), VaultError> {
        let dir = self.dir(officer);
        let file = read_vault(&dir.path)?;
        let mut attempts = Attempts::read(&dir.path)?;
        if let Lock::Wait { until } = attempts.lock(&self.env) {
            return Err(VaultError::Wait { until });
        }
        let secret = self.secret_of(&file)?;
        attempts.fail(&self.env);
        if let Err(error) = attempts.write(&dir.path) {
            // A full disk must not lock the officer out of their words: the room that is kept
            // for words is given up for the count.
            if !error.is_full() || fs::remove_file(dir.reserve()).is_err() {
                return Err(error);
            }
            attempts.write(&dir.path)?;
        }
        match file.key.unwrap(pin, officer, secret.as_ref())? {
            Some(key) => {
                Attempts::default().write(&dir.path)?;
                Ok((dir, key))
            }
            None => Err(match attempts.lock(&self.env) {
                Lock::Free {
                    tries_left,
                    then_wait,
                } => VaultError::WrongPin {
                    tries_left,
                    then_wait,
                },
                Lock::Wait { until } => VaultError::Wait { until },
            }),
        }
    }

    /// The secret of the hardware that takes part, if one does. That it is gone is no wrong PIN.
    fn secret_of(&self, file: &VaultFile) -> Result<Option<HardwareSecret>, VaultError> {
        if !file.hardware {
            return Ok(None);
        }
        let secret = self.keystore.get(file.officer);
        let secret = secret.map_err(VaultError::KeyStore)?;
        secret.map(Some).ok_or(VaultError::KeyLost)
    }

    fn dir(&self, officer: OfficerId) -> VaultDir {
        VaultDir {
            officer,
            path: self.home.join("vaults").join(officer.to_string()),
        }
    }
}

const FILE: &str = "vault.json";
const ESCROW: &str = "escrow.age";

/// How a vault is called whose label does not read.
fn officer_id(officer: OfficerId) -> String {
    officer.to_string()[..8].to_owned()
}

fn write_vault(path: &Path, file: &VaultFile) -> Result<(), VaultError> {
    let bytes = serde_json::to_vec_pretty(file).map_err(VaultError::damaged)?;
    Ok(write_whole(&path.join(FILE), &bytes)?)
}

fn read_vault(path: &Path) -> Result<VaultFile, VaultError> {
    let bytes = match fs::read(path.join(FILE)) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(VaultError::NoVault),
        other => other?,
    };
    serde_json::from_slice(&bytes).map_err(VaultError::damaged)
}
