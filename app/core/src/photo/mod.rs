//! Photos: the original's bytes are evidence and are kept as they came, sealed; what screens
//! show is an upright copy made from the pixels, so that it carries no EXIF.

mod preview;
mod seal;

pub use preview::{PhotoError, Prepared, prepare};
pub use seal::{Damaged, open, seal};

/// The largest original that is taken.
pub const MAX_BYTES: usize = 25 << 20;
