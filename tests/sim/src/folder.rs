//! A folder of a device's disk.

use std::io;

use app_core::files::BlobDir;
use vfs::Disk;

/// A folder of a device, on its disk.
pub(crate) struct Folder {
    disk: Disk,
    name: &'static str,
}

impl Folder {
    pub(crate) fn of(disk: &Disk, name: &'static str) -> Self {
        let disk = disk.clone();
        Self { disk, name }
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.name)
    }
}

impl BlobDir for Folder {
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let partial = self.path(&format!("{name}.partial"));
        self.disk.write_file(&partial, bytes)?;
        Ok(self.disk.rename_file(&partial, &self.path(name))?)
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        Ok(self.disk.read_file(&self.path(name))?)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        match self
            .disk
            .remove_file(&self.path(name))
            .map_err(io::Error::from)
        {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    fn list(&self) -> io::Result<Vec<String>> {
        let names = self.disk.list()?;
        let folder = self.path("");
        let here = names.iter().filter_map(|name| name.strip_prefix(&folder));
        Ok(here
            .filter(|name| !name.ends_with(".partial"))
            .map(str::to_owned)
            .collect())
    }
}
