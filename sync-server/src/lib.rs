//! The server of Beatbook: it receives signed entries, judges them, and feeds what was
//! accepted to devices and to the control room.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`env`] | clock and randomness, as traits, so that a simulation can drive the server |
//! | [`store`] | the store: whole units of work, each one transaction; SQLite behind a trait |
//! | [`service`] | [`Server`]: everything the server does, as plain synchronous methods |
//! | [`view`] | the JSON that the control room's page reads |
//!
//! Nothing here reads HTTP: the protocol is the methods of [`Server`], which also implements
//! [`shared::wire::Protocol`].

pub mod env;
pub mod service;
pub mod store;
pub mod view;

pub use env::Env;
pub use service::{Config, Server};
