//! Baselines, written by hand: what physics asks of the same work, and nothing else. No
//! change, signature, policy, projection, search index or TLS.

mod database;
pub(crate) mod fleet;
mod http;
mod relay;
mod transfer;

pub(crate) use database::{Commits, Lists, Pairs};
pub(crate) use relay::Relay;
pub(crate) use transfer::{Transfer, download, nothing, upload};
