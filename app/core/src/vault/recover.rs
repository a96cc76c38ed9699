//! A forgotten PIN, or a secret of the hardware that is gone: the database key comes back by the
//! force's escrow key, and is wrapped anew. Nothing is written before the key is proved.

use std::fs;

use shared::ids::{LogId, OfficerId};

use super::attempts::Attempts;
use super::{
    DbKey, ESCROW, PIN_MAX, PIN_MIN, VaultDir, VaultError, Vaults, read_vault, write_vault,
};

/// What the holder of the escrow key needs of a vault, and all of it that leaves the device.
#[derive(Debug)]
pub struct Wrap {
    /// Its log.
    pub log: LogId,
    /// The database key, wrapped to the escrow key.
    pub escrow: Vec<u8>,
}

impl Vaults {
    /// What the holder of the escrow key needs of a vault.
    pub fn wrap_of(&self, officer: OfficerId) -> Result<Wrap, VaultError> {
        let dir = self.dir(officer);
        let log = read_vault(&dir.path)?.log.ok_or(VaultError::NoWrap)?;
        match fs::read(dir.path.join(ESCROW)) {
            Ok(escrow) => Ok(Wrap { log, escrow }),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err(VaultError::NoWrap),
            Err(e) => Err(e.into()),
        }
    }

    /// Keeps which log a vault writes, where it can be read without the PIN.
    pub fn note_log(&self, officer: OfficerId, log: LogId) -> Result<(), VaultError> {
        let dir = self.dir(officer);
        let mut file = read_vault(&dir.path)?;
        if file.log != Some(log) {
            file.log = Some(log);
            write_vault(&dir.path, &file)?;
        }
        Ok(())
    }

    /// Where a vault lies.
    pub fn place(&self, officer: OfficerId) -> Result<VaultDir, VaultError> {
        let dir = self.dir(officer);
        read_vault(&dir.path).map(|_| dir)
    }

    /// Puts a vault under a new PIN, and under a new secret of the hardware where there is one.
    /// `prove` opens the database with the key: a key that does not leaves everything as it was.
    pub fn rewrap<T, E: From<VaultError>>(
        &self,
        officer: OfficerId,
        key: &DbKey,
        pin: &str,
        prove: impl FnOnce(&VaultDir, &DbKey) -> Result<T, E>,
    ) -> Result<T, E> {
        if !(PIN_MIN..=PIN_MAX).contains(&pin.chars().count()) {
            return Err(VaultError::BadPin.into());
        }
        let dir = self.dir(officer);
        let old = read_vault(&dir.path)?;
        let proved = prove(&dir, key)?;
        let mut file = self.wrapped(officer, &old.label, pin, key)?;
        file.log = old.log;
        write_vault(&dir.path, &file)?;
        Attempts::default().write(&dir.path)?;
        Ok(proved)
    }
}
