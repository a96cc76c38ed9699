//! Files of the data directory that only its owner may read, written whole.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::Path;

use super::ServerError;

/// Held by whoever uses the data directory, and by a restore alone.
const IN_USE: &str = "in-use";
/// Here while a restore puts its parts into place.
pub(super) const RESTORING: &str = "restoring";

/// Marks a data directory as in use, beside others who use it, until the file is dropped.
pub(super) fn in_use(data: &Path) -> Result<File, ServerError> {
    let file = private().open(data.join(IN_USE))?;
    match file.try_lock_shared() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(ServerError::Restoring),
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    match data.join(RESTORING).try_exists()? {
        true => Err(ServerError::Restoring),
        false => Ok(file),
    }
}

/// Takes a data directory for oneself alone.
pub(super) fn alone(data: &Path) -> Result<File, ServerError> {
    let file = private().open(data.join(IN_USE))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(ServerError::InUse),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Options of a new file that only this account may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a folder that only this account may enter, and those above it.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// The content of a file that only this account may read, made if it is not there. Two
/// processes that start at once agree: the first one's file is linked into place.
pub(super) fn own_file(path: &Path, make: impl FnOnce() -> Vec<u8>) -> io::Result<Vec<u8>> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        found => return found,
    }
    let staged = path.with_extension(format!("new-{}", std::process::id()));
    write_synced(&staged, &make())?;
    let linked = fs::hard_link(&staged, path);
    fs::remove_file(&staged)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    sync_folder_of(path)?;
    fs::read(path)
}

/// Writes a file in place of the one that is there: after a crash there is the old or the new.
pub(super) fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let staged = path.with_extension(format!("new-{}", std::process::id()));
    write_synced(&staged, bytes)?;
    fs::rename(&staged, path)?;
    sync_folder_of(path)
}

/// Writes a file that only this account may read, synced.
pub(super) fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = private().open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes names in the folder of a path durable.
pub(super) fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}
