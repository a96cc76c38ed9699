//! Files with whole-file semantics: a name holds all of its bytes or is not there.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A folder of files that are written once and whole.
pub trait BlobDir: Send + Sync {
    /// Writes the file so that after a power cut it is there whole or not at all.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()>;
    /// Reads the file.
    fn read(&self, name: &str) -> io::Result<Vec<u8>>;
    /// Removes the file; one that is not there is removed already.
    fn remove(&self, name: &str) -> io::Result<()>;
    /// Names of all files.
    fn list(&self) -> io::Result<Vec<String>>;
}

/// A folder of the file system.
#[derive(Debug, Clone)]
pub struct FsBlobs {
    root: PathBuf,
}

impl FsBlobs {
    /// Opens the folder, making it if it is missing.
    pub fn open(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        private_dir(&root)?;
        Ok(Self { root })
    }
}

impl BlobDir for FsBlobs {
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        write_whole(&self.root.join(name), bytes)
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.root.join(name))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.root.join(name)) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            // What was removed stays so after a power cut.
            Ok(()) => File::open(&self.root)?.sync_all(),
            other => other,
        }
    }

    fn list(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.root)? {
            if let Ok(name) = entry?.file_name().into_string()
                && !name.ends_with(PARTIAL)
            {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }
}

/// The file that keeps room for words, in the folder of photos.
pub(crate) const RESERVE: &str = "reserve";

/// The ending of a file that is still being written.
const PARTIAL: &str = ".partial";

/// Makes a folder that only its owner may look into, or makes one so.
pub fn private_dir(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    only_owner(path, 0o700)
}

/// Makes a file that only its owner may read or write, or makes one so. What is in it stays.
pub fn private_file(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    only_owner(path, 0o600)
}

#[cfg(unix)]
fn only_owner(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut now = fs::metadata(path)?.permissions();
    if now.mode() & 0o077 != 0 {
        now.set_mode(mode);
        fs::set_permissions(path, now)?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn only_owner(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

/// Writes a file beside its name, syncs it, and moves it there; readable by its owner only.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(PARTIAL);
    let partial = path.with_file_name(name);
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&partial)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&partial, path)?;
    if let Some(parent) = path.parent() {
        File::open(parent)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_half_written_file_is_not_listed_and_is_replaced_by_the_next_write() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = FsBlobs::open(dir.path()).unwrap();
        fs::write(dir.path().join("a.partial"), b"half").unwrap();
        assert!(blobs.list().unwrap().is_empty());
        blobs.write("a", b"whole").unwrap();
        assert_eq!(blobs.read("a").unwrap(), b"whole");
        assert_eq!(blobs.list().unwrap(), ["a"]);
        blobs.remove("a").unwrap();
        blobs.remove("a").unwrap();
    }
}
