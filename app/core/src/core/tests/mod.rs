//! The rules of the core, each on a real encrypted database in a temporary folder.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod begun;
mod capture;
mod chance;
mod compared;
mod delivery;
mod durable;
mod finding;
mod form;
mod holes;
mod kept_out;
mod lists;
mod newer;
mod news;
mod others;
mod patterns;
mod photos;
mod pieces;
mod removed;
mod restores;
mod review;
mod rig;
mod ruling;
mod served;
mod server;
mod sharing;
mod splits;
mod tasks;

pub(crate) use rig::{Device, PATEL};
pub(crate) use server::Server;
mod evictions;
mod later;
mod leases;
mod spool;
mod unsent;
