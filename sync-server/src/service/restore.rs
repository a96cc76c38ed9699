//! Restores: a backup becomes the database of a new lineage. Nothing is served in between, what
//! was erased since stays erased, and what no device can offer again is listed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use shared::ids::{Epoch, ReceivePos};
use shared::time::UnixMs;
use shared::wire::Branch;

use super::backup::{BackupPlace, Manifest, copy_keys, photo_path, photos_of, verify};
use super::files::{self, RESTORING, make_folder, sync_folder_of, write_synced};
use super::ledger::{Ledger, Published};
use super::open::DATABASE;
use super::{Config, Server, ServerError, acts};
use crate::env::Env;
use crate::store::{AuditRow, Operations as _, SqliteConfig, SqliteStore};

/// A restore to be done.
#[derive(Debug, Clone)]
pub struct Restore {
    /// The backup.
    pub from: BackupPlace,
    /// Also if it is older than what devices were told is covered.
    pub force: bool,
}

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Restored {
    /// The lineage that began.
    pub epoch: Epoch,
    /// The one it comes from.
    pub parent: Epoch,
    /// The last acceptance that both have.
    pub accept: u64,
    /// The last receipt that both have.
    pub receive: u64,
    /// Erasures that were carried out again.
    pub erased: u64,
    /// Photos that were put back.
    pub photos: u64,
    /// Where the database that was there before lies now.
    pub before: Option<PathBuf>,
    /// What was done above the branch and can be offered again by no device: acts in the
    /// browser, and of operators.
    pub lost: Vec<AuditRow>,
}

/// Why a restore was not done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The backup is older than what devices were told is covered.
    #[error(
        "the backup covers receipts up to {backup}, and devices were told that those up to \
         {published} are covered: what they have let go since would be lost (--force does it \
         all the same)"
    )]
    Older {
        /// The last receipt in the backup.
        backup: ReceivePos,
        /// The last one that is covered.
        published: ReceivePos,
    },
    /// The backup is of another lineage than the one that was last backed up.
    #[error(
        "the backup is of lineage {backup}, and the last verified backup was of {published} \
         (--force restores it all the same)"
    )]
    OtherLineage {
        /// That of the backup.
        backup: Epoch,
        /// That of the last verified backup.
        published: Epoch,
    },
    /// Anything else.
    #[error(transparent)]
    Server(#[from] ServerError),
}

impl From<io::Error> for RestoreError {
    fn from(error: io::Error) -> Self {
        Self::Server(error.into())
    }
}

impl From<crate::store::StoreError> for RestoreError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Server(error.into())
    }
}

/// Begins a new lineage in a database that was put back by other means, such as a snapshot of
/// the disk. Nothing may have it open.
pub fn begin_epoch(config: &Config, env: &Env) -> Result<Branch, ServerError> {
    let _alone = files::alone(&config.data)?;
    let sqlite = SqliteConfig {
        vfs: config.vfs.clone(),
        ..SqliteConfig::new(config.data.join(DATABASE))
    };
    let store = SqliteStore::open(sqlite, env)?;
    let branch = store.begin_epoch(Epoch::from_bytes(env.bytes()), env.now())?;
    publish(&Ledger::open(&config.ledger_folder())?, &branch, env.now())?;
    Ok(branch)
}

/// Restores a backup into a data directory that nobody uses.
pub fn restore(config: &Config, env: &Env, what: &Restore) -> Result<Restored, RestoreError> {
    make_folder(&config.data)?;
    let alone = files::alone(&config.data)?;
    let manifest = verify(&what.from)?;
    let ledger = Ledger::open(&config.ledger_folder())?;
    if !what.force {
        check_age(&manifest, ledger.published()?.as_ref())?;
    }
    let lost = lost(&config.data, &ledger, manifest.audit)?;
    let marker = config.data.join(RESTORING);
    write_synced(&marker, b"")?;
    sync_folder_of(&marker)?;

    let branch = stage(config, env, what)?;
    let photos = put_photos_back(&config.data, &what.from)?;
    copy_keys(&what.from.keys(), &config.data)?;
    let suffix = env.now().0.to_string();
    let before = set_aside(&config.data, &suffix)?;
    fs::rename(staged(&config.data), config.data.join(DATABASE))?;
    sync_folder_of(&marker)?;
    publish(&ledger, &branch, env.now())?;
    acts::begin_again(ledger.folder(), manifest.audit, &suffix)?;
    fs::remove_file(&marker)?;
    sync_folder_of(&marker)?;
    drop(alone);

    // The last step is that of every start: the erasure ledger is replayed before anything is
    // served.
    let server = Server::open(config.clone(), env.clone())?;
    Ok(Restored {
        epoch: branch.epoch,
        parent: branch.parent,
        accept: branch.accept.0,
        receive: branch.receive.0,
        erased: server.replayed,
        photos,
        before,
        lost,
    })
}

fn check_age(manifest: &Manifest, published: Option<&Published>) -> Result<(), RestoreError> {
    let Some(published) = published else {
        return Ok(());
    };
    if manifest.epoch != published.epoch {
        return Err(RestoreError::OtherLineage {
            backup: manifest.epoch,
            published: published.epoch,
        });
    }
    if manifest.receive < published.receive {
        return Err(RestoreError::Older {
            backup: manifest.receive,
            published: published.receive,
        });
    }
    Ok(())
}

fn staged(data: &Path) -> PathBuf {
    data.join("beatbook.db.restored")
}

/// Copies the database beside the one in place, and begins a new lineage in it.
fn stage(config: &Config, env: &Env, what: &Restore) -> Result<Branch, RestoreError> {
    let path = staged(&config.data);
    remove_database(&path)?;
    fs::copy(what.from.folder.join(DATABASE), &path)?;
    fs::File::open(&path)?.sync_all()?;
    let store = SqliteStore::open(SqliteConfig::new(&path), env)?;
    let branch = store.begin_epoch(Epoch::from_bytes(env.bytes()), env.now())?;
    // Closed, it is one file.
    drop(store);
    Ok(branch)
}

/// Says that the new lineage is covered up to where it branched, by what it was restored from.
fn publish(ledger: &Ledger, branch: &Branch, at: UnixMs) -> Result<(), ServerError> {
    ledger.publish(&Published {
        epoch: branch.epoch,
        receive: branch.receive,
        accept: branch.accept,
        at,
    })
}

/// What was done above the branch and comes back from no device: by the database that is still
/// there if it reads, and else by what was written beside it.
fn lost(data: &Path, ledger: &Ledger, audit: u64) -> Result<Vec<AuditRow>, RestoreError> {
    let database = data.join(DATABASE);
    let rows = match database.try_exists()? {
        true => SqliteStore::audit_of(&database, audit).unwrap_or_default(),
        false => Vec::new(),
    };
    let mut lost: Vec<AuditRow> = rows.into_iter().filter(acts::is_lost).collect();
    let last = lost.last().map_or(audit, |row| row.seq);
    lost.extend(acts::read(ledger.folder(), last)?);
    Ok(lost)
}

/// Puts back the photos that are not here; gives how many.
fn put_photos_back(data: &Path, from: &BackupPlace) -> Result<u64, RestoreError> {
    let to = data.join("blobs");
    let mut put = 0;
    for blob in SqliteStore::inspect(&from.folder.join(DATABASE))?.photos {
        let (source, target) = (photo_path(&photos_of(from), blob), photo_path(&to, blob));
        if target.try_exists()? || !source.try_exists()? {
            continue;
        }
        if let Some(folder) = target.parent() {
            make_folder(folder)?;
        }
        write_synced(&target, &fs::read(source)?)?;
        sync_folder_of(&target)?;
        put += 1;
    }
    Ok(put)
}

/// Moves the database that is there out of the way, with its write-ahead log.
fn set_aside(data: &Path, suffix: &str) -> Result<Option<PathBuf>, RestoreError> {
    let here = data.join(DATABASE);
    if !here.try_exists()? {
        return Ok(None);
    }
    let folder = data.join(format!("before-restore-{suffix}"));
    make_folder(&folder)?;
    // The database last: while it is there, so is its log.
    for name in ["beatbook.db-wal", "beatbook.db-shm", DATABASE] {
        let path = data.join(name);
        if path.try_exists()? {
            fs::rename(&path, folder.join(name))?;
        }
    }
    sync_folder_of(&folder)?;
    Ok(Some(folder))
}

fn remove_database(path: &Path) -> io::Result<()> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        match fs::remove_file(PathBuf::from(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
