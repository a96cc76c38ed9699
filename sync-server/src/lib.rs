//! The server of Beatbook: it receives signed entries, judges them, and feeds what was
//! accepted to devices and to the control room.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`cli`], [`import`] | the command line |
//! | [`env`] | clock and randomness, as traits, so that a simulation can drive the server |
//! | [`store`] | the store: whole units of work, each one transaction; SQLite behind a trait |
//! | [`http`] | the HTTP API and the control room's page, on top of [`Server`] |
//! | [`blobs`] | photos: uploads that resume, and the objects they become |
//! | [`service`] | [`Server`]: everything the server does, as plain synchronous methods |
//! | [`tls`] | certificate and key |
//! | [`view`] | the JSON that the control room's page reads |
//!
//! Only [`http`] reads HTTP: the protocol is the methods of [`Server`], which also implements
//! [`shared::wire::Protocol`].

pub mod blobs;
pub mod cli;
pub mod env;
pub mod http;
pub mod import;
pub mod service;
pub mod store;
pub mod tls;
pub mod view;

pub use env::Env;
pub use service::{Config, Server};
