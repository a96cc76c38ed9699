//! What goes into the store and what comes out: plain values, the same for every backend.

mod account;
mod judge;
mod operations;
mod own;
mod read;
mod receive;

pub use account::*;
pub use judge::*;
pub use operations::*;
pub use own::*;
pub use read::*;
pub use receive::*;
