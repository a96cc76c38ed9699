//! The keys to which devices seal what only the server may open: a locked phone's spool, work
//! that an officer carries in on a stick, copies that a device may no longer read. Old keys are
//! kept, for what was sealed before a rotation; the newest is the one that devices are told.

use std::fs;
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};

use age::secrecy::ExposeSecret as _;
use age::x25519::{Identity, Recipient};
use age::{DecryptError, Decryptor};
use shared::wire::WireError;

use super::files::{make_folder, own_file};
use super::{Server, ServerError};
use crate::store::AuditEvent;

/// The item of the reference stream with the newest recipient, as text.
pub(super) const ITEM: &str = "sealing";
/// The first line of every age file.
const MAGIC: &[u8] = b"age-encryption.org/v1\n";
/// What begins the last line of an age header.
const HEADER_END: &[u8] = b"\n--- ";
/// Bytes in which an age header must end. One for a single recipient has 200, and each further
/// one costs a try of each key.
const HEADER_MAX: usize = 1024;
/// What age adds to a plain text at most, per 64 KiB of it.
const CHUNK_OVERHEAD: usize = 16;

/// Something sealed that does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSeal {
    /// Not an age file for one recipient.
    #[error("not an age file for one recipient")]
    Shape,
    /// Sealed to none of the keys that are here.
    #[error("sealed to none of the keys that are here")]
    OtherKey,
    /// More than may be in it.
    #[error("over the limit")]
    TooLarge,
    /// Cut short or changed.
    #[error("cut short or changed")]
    Damaged,
}

/// The keys of a data directory.
pub(super) struct SealingKeys {
    folder: PathBuf,
}

impl SealingKeys {
    /// Opens the folder; makes it, and a first key, if there is none.
    pub(super) fn open(data: &Path) -> Result<Self, ServerError> {
        let keys = Self {
            folder: data.join("sealing"),
        };
        make_folder(&keys.folder)?;
        if keys.files()?.is_empty() {
            keys.add(1)?;
        }
        Ok(keys)
    }

    /// The recipient that devices are told.
    pub(super) fn current(&self) -> Result<Recipient, ServerError> {
        let newest = self.identities()?.pop();
        let newest = newest.ok_or(ServerError::Invalid("there is no sealing key"))?;
        Ok(newest.to_public())
    }

    /// Makes a new key. What was sealed to older ones still opens.
    pub(super) fn rotate(&self) -> Result<Recipient, ServerError> {
        let newest = self.files()?.pop();
        let number = newest.as_deref().and_then(number_of).unwrap_or(0);
        self.add(number + 1)?;
        self.current()
    }

    /// How many keys there are.
    pub(super) fn count(&self) -> Result<usize, ServerError> {
        Ok(self.files()?.len())
    }

    /// Seals to the newest key.
    pub(super) fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, ServerError> {
        seal_to(&self.current()?, plain)
    }

    /// Opens what was sealed to any of the keys, never taking more room than the limit.
    pub(super) fn open_sealed(&self, sealed: &[u8], most: usize) -> Result<Vec<u8>, BadSeal> {
        open_with(&self.newest_first()?, sealed, most)
    }

    /// Opens what was sealed to any of the keys, to be read bit by bit.
    pub(super) fn open_stream<R: BufRead>(&self, sealed: R) -> Result<impl Read + use<R>, BadSeal> {
        open_stream(&self.newest_first()?, sealed)
    }

    /// Most was sealed to the newest.
    fn newest_first(&self) -> Result<Vec<Identity>, BadSeal> {
        let mut identities = self.identities().map_err(|_| BadSeal::OtherKey)?;
        identities.reverse();
        Ok(identities)
    }

    fn add(&self, number: u32) -> Result<(), ServerError> {
        let path = self.folder.join(format!("{number:04}.key"));
        own_file(&path, || {
            let identity = Identity::generate();
            identity.to_string().expose_secret().as_bytes().to_vec()
        })?;
        Ok(())
    }

    /// The key files, oldest first.
    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if number_of(&path).is_some() {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }

    fn identities(&self) -> Result<Vec<Identity>, ServerError> {
        let damaged = || ServerError::Invalid("a sealing key is damaged");
        let read = |path: PathBuf| {
            let text = fs::read_to_string(path)?;
            text.trim().parse::<Identity>().map_err(|_| damaged())
        };
        self.files()?.into_iter().map(read).collect()
    }
}

fn number_of(path: &Path) -> Option<u32> {
    let key = path.extension().is_some_and(|it| it == "key");
    key.then(|| path.file_stem()?.to_str()?.parse().ok())?
}

/// Seals to one recipient.
pub(super) fn seal_to(recipient: &Recipient, plain: &[u8]) -> Result<Vec<u8>, ServerError> {
    age::encrypt(recipient, plain).map_err(|_| ServerError::Invalid("sealing failed"))
}

/// Opens with the first key that fits, never taking more room than the limit.
pub(super) fn open_with(
    identities: &[Identity],
    sealed: &[u8],
    most: usize,
) -> Result<Vec<u8>, BadSeal> {
    if sealed.len() > sealed_len(most) {
        return Err(BadSeal::TooLarge);
    }
    let mut read = Vec::new();
    let room = most as u64 + 1;
    let ended = open_stream(identities, sealed)?
        .take(room)
        .read_to_end(&mut read);
    ended.map_err(|_| BadSeal::Damaged)?;
    if read.len() > most {
        return Err(BadSeal::TooLarge);
    }
    Ok(read)
}

/// What is in an age file, as it is read: one that was cut gives an error before its end.
fn open_stream<R: BufRead>(
    identities: &[Identity],
    mut sealed: R,
) -> Result<impl Read + use<R>, BadSeal> {
    let head = sealed.fill_buf().map_err(|_| BadSeal::Damaged)?;
    let head = &head[..head.len().min(HEADER_MAX)];
    let ends = head.windows(HEADER_END.len()).any(|it| it == HEADER_END);
    if !head.starts_with(MAGIC) || !ends {
        return Err(BadSeal::Shape);
    }
    let decryptor = Decryptor::new_buffered(sealed).map_err(|_| BadSeal::Shape)?;
    let keys = identities.iter().map(|it| it as &dyn age::Identity);
    decryptor.decrypt(keys).map_err(|error| match error {
        DecryptError::NoMatchingKeys => BadSeal::OtherKey,
        _ => BadSeal::Shape,
    })
}

/// The bytes of an age file with so many inside, at most.
pub(super) const fn sealed_len(plain: usize) -> usize {
    HEADER_MAX + 16 + plain + (plain / (64 * 1024) + 1) * CHUNK_OVERHEAD
}

impl Server {
    /// Makes a new sealing key and tells the devices; gives its recipient.
    pub fn rotate_sealing_key(&self) -> Result<String, ServerError> {
        let recipient = self.sealing.rotate()?.to_string();
        self.tell_of_rotation()?;
        let event = AuditEvent {
            kind: "sealing_key_rotated",
            detail: format!("recipient={recipient}"),
            ..Default::default()
        };
        self.store.audit(&event, self.env.now())?;
        Ok(recipient)
    }

    /// The recipient that devices are told, and how many keys there are.
    pub fn sealing_keys(&self) -> Result<(String, usize), ServerError> {
        let count = self.sealing.count()?;
        Ok((self.sealing.current()?.to_string(), count))
    }

    /// The same, for a device that enrols.
    pub(super) fn sealing_recipient(&self) -> Result<String, WireError> {
        let current = self.sealing.current();
        let recipient = current.map_err(|error| super::gate::refuse_server(&error))?;
        Ok(recipient.to_string())
    }

    /// Tells devices of the newest key if they may know another: the first one comes with the
    /// enrolment, and a process may have ended between a rotation and its telling.
    pub(super) fn tell_of_rotation(&self) -> Result<(), ServerError> {
        let told = self.store.reference(ITEM)?;
        if told.is_none() && self.sealing.count()? == 1 {
            return Ok(());
        }
        let recipient = self.sealing.current()?.to_string();
        if told.is_none_or(|(_, body)| body != recipient.as_bytes()) {
            self.store.set_reference(ITEM, recipient.as_bytes())?;
            self.tell(super::Moved::Reference);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn what_was_sealed_before_a_rotation_still_opens() {
        let data = tempfile::tempdir().unwrap();
        let keys = SealingKeys::open(data.path()).unwrap();
        let before = keys.seal(b"words").unwrap();
        let first = keys.current().unwrap().to_string();
        let second = keys.rotate().unwrap().to_string();
        assert_ne!(first, second);
        let after = keys.seal(b"words").unwrap();
        let again = SealingKeys::open(data.path()).unwrap();
        assert_eq!(again.current().unwrap().to_string(), second);
        for sealed in [before, after] {
            assert_eq!(again.open_sealed(&sealed, 5).unwrap(), b"words");
            assert_eq!(again.open_sealed(&sealed, 4), Err(BadSeal::TooLarge));
        }
        let elsewhere = tempfile::tempdir().unwrap();
        let strange = SealingKeys::open(elsewhere.path()).unwrap();
        let sealed = keys.seal(b"words").unwrap();
        assert_eq!(strange.open_sealed(&sealed, 5), Err(BadSeal::OtherKey));
    }

    #[test]
    fn what_is_cut_changed_or_made_to_be_dear_is_refused() {
        let data = tempfile::tempdir().unwrap();
        let keys = SealingKeys::open(data.path()).unwrap();
        let sealed = keys.seal(&[7; 200_000]).unwrap();
        assert!(sealed.len() <= sealed_len(200_000));
        for end in [0, 10, 100, 300, 70_000, sealed.len() - 1] {
            assert!(keys.open_sealed(&sealed[..end], 1 << 20).is_err(), "{end}");
        }
        let mut changed = sealed.clone();
        changed[150_000] ^= 1;
        assert_eq!(keys.open_sealed(&changed, 1 << 20), Err(BadSeal::Damaged));
        assert_eq!(keys.open_sealed(&sealed, 10), Err(BadSeal::TooLarge));
        // A thousand recipients would each be tried with each key.
        let recipient = keys.current().unwrap();
        let many = std::iter::repeat_n(&recipient as &dyn age::Recipient, 1_000);
        let mut dear = Vec::new();
        let encryptor = age::Encryptor::with_recipients(many).unwrap();
        let writer = encryptor.wrap_output(&mut dear).unwrap();
        writer.finish().unwrap();
        assert_eq!(keys.open_sealed(&dear, 1 << 20), Err(BadSeal::Shape));
    }
}
