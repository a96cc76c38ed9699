//! Baselines, written by hand: what physics asks of the same work, and nothing else. No
//! change, signature, policy, projection, search index or TLS.

mod database;
mod upload;

pub(crate) use database::{Commits, Lists};
pub(crate) use upload::{Upload, nothing, upload};
