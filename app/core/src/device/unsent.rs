//! Taking unsent work out as a file.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;

use super::{Device, DeviceError};
use crate::core::CoreError;
use crate::spool::AgeSeal;
use crate::view::UnsentView;

impl Device {
    /// Writes what the open vault has not sent into a new file of this folder. Only the server
    /// can open it.
    pub fn export_unsent(&self, folder: &Path) -> Result<UnsentView, DeviceError> {
        let core = self.core()?;
        let sealing = self.enrolment()?.sealing;
        let seal = AgeSeal::to(&sealing).map_err(|_| DeviceError::CannotSeal)?;
        let mark = hex::encode(self.env.bytes::<4>());
        let path = folder.join(format!("beatbook-unsent-{mark}.age"));
        let written = write(&core, &path, &seal);
        // What holds nothing, or not all of it, must not be taken for something.
        if !matches!(&written, Ok(unsent) if !unsent.is_empty()) {
            let _ = fs::remove_file(&path);
        }
        let unsent = written?;
        if unsent.is_empty() {
            return Err(DeviceError::NothingUnsent);
        }
        let bytes = fs::metadata(&path).map_err(CoreError::from)?.len();
        Ok(UnsentView {
            path: path.to_string_lossy().into_owned(),
            entries: u32::try_from(unsent.entries).unwrap_or(u32::MAX),
            photos: unsent.photos,
            photos_missing: unsent.photos_missing,
            bytes,
        })
    }
}

fn write(
    core: &crate::core::Core,
    path: &Path,
    seal: &AgeSeal,
) -> Result<crate::core::Unsent, CoreError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = BufWriter::new(options.open(path)?);
    let unsent = core.write_unsent(&mut out, seal)?;
    let file = out.into_inner().map_err(|error| error.into_error())?;
    file.sync_all()?;
    Ok(unsent)
}
