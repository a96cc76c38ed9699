//! Backups: a copy of the database as of one moment, the photos that it names, and the keys
//! apart. Nothing counts as covered before the copy was read again and holds.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};
use shared::hash::BlobHash;
use shared::ids::{AcceptPos, Epoch, ReceivePos};
use shared::time::UnixMs;

use super::files::{make_folder, replace_file, sync_folder_of, write_synced};
use super::open::DATABASE;
use super::{Published, Server, ServerError};
use crate::store::{AuditEvent, Copied, SqliteStore};

/// What a backup says of itself.
pub(super) const MANIFEST: &str = "manifest.json";
/// The folder of its keys, unless they are put elsewhere.
pub(super) const KEYS: &str = "keys";
/// The folder of its photos.
const BLOBS: &str = "blobs";
/// The shape of a backup.
const FORMAT: u32 = 1;
/// Files and folders that are keys, in the data directory.
pub(super) const KEY_FILES: [&str; 4] = ["receipt.key", "escrow.key", "sealing", "tls"];

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The shape of the backup.
    pub format: u32,
    /// The lineage that was backed up.
    pub epoch: Epoch,
    /// The last receipt in it.
    pub receive: ReceivePos,
    /// The last acceptance in it.
    pub accept: AcceptPos,
    /// The last row of the audit in it.
    pub audit: u64,
    /// When it was begun.
    pub at: UnixMs,
    /// SHA-256 of the database, hexadecimal.
    pub database: String,
    /// Bytes of the database.
    pub database_bytes: u64,
    /// Photos in it.
    pub photos: u64,
    /// Bytes of them.
    pub photo_bytes: u64,
}

/// Where a backup lies.
#[derive(Debug, Clone)]
pub struct BackupPlace {
    /// Database and photos.
    pub folder: PathBuf,
    /// The keys; without one, in the folder.
    pub keys: Option<PathBuf>,
}

impl BackupPlace {
    pub(super) fn keys(&self) -> PathBuf {
        self.keys.clone().unwrap_or_else(|| self.folder.join(KEYS))
    }
}

impl Server {
    /// Writes a backup while the server goes on, reads it again, and tells devices that what
    /// is in it is covered.
    pub fn backup(&self, to: &BackupPlace) -> Result<Manifest, ServerError> {
        begin_folder(&to.folder)?;
        let at = self.env.now();
        let database = to.folder.join(DATABASE);
        self.store.copy_to(&database)?;
        File::open(&database)?.sync_all()?;
        let copied = SqliteStore::inspect(&database)?;
        let photo_bytes = self.copy_photos(&copied, &to.folder.join(BLOBS))?;
        copy_keys(&self.config.data, &to.keys())?;
        let (hash, bytes) = hash_file(&database)?;
        let manifest = Manifest {
            format: FORMAT,
            epoch: copied.epoch,
            receive: copied.receive,
            accept: copied.accept,
            audit: copied.audit,
            at,
            database: hash,
            database_bytes: bytes,
            photos: copied.photos.len() as u64,
            photo_bytes,
        };
        let text = serde_json::to_vec_pretty(&manifest)
            .map_err(|_| ServerError::Invalid("a manifest that cannot be written"))?;
        replace_file(&to.folder.join(MANIFEST), &text)?;
        verify(to)?;
        self.publish(&manifest)?;
        Ok(manifest)
    }

    /// Notes that a replica has everything up to a receipt; gives what is covered then.
    pub fn cover(&self, to: ReceivePos) -> Result<ReceivePos, ServerError> {
        let counters = self.store.counters()?;
        let to = to.min(counters.receive);
        if to <= counters.horizon {
            return Ok(counters.horizon);
        }
        // As with a backup: a restore is held to more than devices were told, never to less.
        self.ledger.publish(&Published {
            epoch: self.epoch,
            receive: to,
            accept: counters.accept,
            at: self.env.now(),
        })?;
        Ok(self.store.raise_horizon(to)?)
    }

    /// Notes what has been done since it was last asked to: what no device can offer again, and,
    /// with a replica that has every commit before it is acknowledged, that all is covered.
    pub fn keep_up(&self) -> Result<(), ServerError> {
        self.write_acts()?;
        if self.config.replicated {
            self.cover(ReceivePos(u64::MAX))?;
        }
        Ok(())
    }

    fn publish(&self, manifest: &Manifest) -> Result<(), ServerError> {
        let now = self.env.now();
        // The folder that no backup holds comes first: it may promise more than devices were
        // told, never less.
        self.ledger.publish(&Published {
            epoch: manifest.epoch,
            receive: manifest.receive,
            accept: manifest.accept,
            at: now,
        })?;
        self.store.raise_horizon(manifest.receive)?;
        let event = AuditEvent {
            kind: "backed_up",
            detail: format!("receive={} audit={}", manifest.receive, manifest.audit),
            ..Default::default()
        };
        Ok(self.store.audit(&event, now)?)
    }

    /// Copies the photos that the copied database names; gives their bytes.
    fn copy_photos(&self, copied: &Copied, to: &Path) -> Result<u64, ServerError> {
        make_folder(to)?;
        let mut bytes = 0;
        for &blob in &copied.photos {
            let photo = match self.blobs.read(blob) {
                Ok(photo) => photo,
                // Erased since the database was copied: a restore erases it again.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error.into()),
            };
            if BlobHash::of(&photo) != blob {
                return Err(ServerError::Invalid("a stored photo is damaged"));
            }
            let path = photo_path(to, blob);
            if let Some(folder) = path.parent() {
                make_folder(folder)?;
            }
            write_synced(&path, &photo)?;
            bytes += photo.len() as u64;
        }
        Ok(bytes)
    }
}

/// Where a photo lies in a folder of photos: as in the data directory.
pub(super) fn photo_path(folder: &Path, blob: BlobHash) -> PathBuf {
    let text = blob.to_string();
    folder.join(&text[..2]).join(text)
}

/// The photos of a backup.
pub(super) fn photos_of(place: &BackupPlace) -> PathBuf {
    place.folder.join(BLOBS)
}

/// A new folder, or one with nothing in it: a backup is never written over another.
fn begin_folder(folder: &Path) -> Result<(), ServerError> {
    if folder.try_exists()? && fs::read_dir(folder)?.next().is_some() {
        return Err(ServerError::Exists);
    }
    make_folder(folder)?;
    Ok(sync_folder_of(folder)?)
}

/// Reads a backup again: the database is the one of the manifest and sound, its audit holds,
/// and every photo is what its name says.
pub fn verify(place: &BackupPlace) -> Result<Manifest, ServerError> {
    let manifest = read_manifest(&place.folder)?;
    let database = place.folder.join(DATABASE);
    if hash_file(&database)?.0 != manifest.database {
        return Err(BAD_COPY);
    }
    let copied = SqliteStore::inspect(&database)?;
    let positions = (copied.epoch, copied.receive, copied.accept, copied.audit);
    let promised = (
        manifest.epoch,
        manifest.receive,
        manifest.accept,
        manifest.audit,
    );
    if positions != promised || !copied.sound {
        return Err(BAD_COPY);
    }
    for &blob in &copied.photos {
        match fs::read(photo_path(&photos_of(place), blob)) {
            Ok(bytes) if BlobHash::of(&bytes) == blob => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                tracing::warn!("a photo was erased while the backup was written");
            }
            _ => return Err(BAD_COPY),
        }
    }
    Ok(manifest)
}

const BAD_COPY: ServerError = ServerError::Invalid("the backup does not hold what it says");

fn read_manifest(folder: &Path) -> Result<Manifest, ServerError> {
    let no_backup = ServerError::Invalid("no whole backup is in this folder");
    let text = match fs::read(folder.join(MANIFEST)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(no_backup),
        Err(error) => return Err(error.into()),
    };
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|_| no_backup)?;
    match manifest.format {
        FORMAT => Ok(manifest),
        _ => Err(ServerError::Invalid("the backup is of another version")),
    }
}

/// SHA-256 of a file and its length, without having it in memory.
fn hash_file(path: &Path) -> io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let mut context = Context::new(&SHA256);
    let (mut buffer, mut bytes) = (vec![0; 1 << 20], 0);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((hex::encode(context.finish()), bytes)),
            n => {
                context.update(&buffer[..n]);
                bytes += n as u64;
            }
        }
    }
}

/// Copies those keys that are here and not there.
pub(super) fn copy_keys(from: &Path, to: &Path) -> Result<(), ServerError> {
    make_folder(to)?;
    for name in KEY_FILES {
        let path = from.join(name);
        if path.is_dir() {
            make_folder(&to.join(name))?;
            for entry in fs::read_dir(&path)? {
                let entry = entry?;
                copy_key(&entry.path(), &to.join(name).join(entry.file_name()))?;
            }
        } else {
            copy_key(&path, &to.join(name))?;
        }
    }
    Ok(())
}

fn copy_key(from: &Path, to: &Path) -> Result<(), ServerError> {
    if to.try_exists()? || !from.is_file() {
        return Ok(());
    }
    write_synced(to, &fs::read(from)?)?;
    Ok(sync_folder_of(to)?)
}
