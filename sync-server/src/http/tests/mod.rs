//! The API as clients see it, in process but for one test over TLS.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod bodies;
mod console;
mod hostile;
mod live;
mod person;
mod routes;
mod sealed;
mod served;
mod unreadable;
mod uploads;
mod vault;
mod world;
