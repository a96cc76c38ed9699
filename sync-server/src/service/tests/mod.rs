//! Tests of the server as a whole, through its methods.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod accounts;
mod backups;
mod console;
mod control;
mod coworking;
mod crash;
mod custody;
mod digests;
mod epochs;
mod erasure;
mod feed;
mod forms;
mod held;
mod hostile;
mod judge;
mod kit;
mod limits;
mod mailbox;
mod photos;
mod postings;
mod receipts;
mod receive;
mod recovery;
mod reviews;
mod schema;
mod story;
mod vault;
