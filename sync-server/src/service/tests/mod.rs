//! Tests of the server as a whole, through its methods.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod accounts;
mod console;
mod crash;
mod feed;
mod hostile;
mod judge;
mod kit;
mod photos;
mod receive;
mod vault;
