//! Everything an officer's device does, without a window.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`device`] | the whole device: enrolment, vaults, the one open [`core::Core`], its sync loop |
//! | [`vault`] | PIN, Argon2id, the wrapped database key and its escrow copy |
//! | [`core`] | one open vault: capture, records, review, search, as values for screens |
//! | [`store`] | the encrypted database; one transaction for each fact |
//! | [`sync`], [`driver`] | one exchange after another, and when to try |
//! | [`http`] | the protocol over HTTPS; the one place that names the HTTP client |
//! | [`spool`] | what a locked phone sends: sealed parcels and their receipts |
//! | [`photo`] | photos: sealed originals, upright previews |
//! | [`view`] | what the screens are given |
//! | [`env`], [`files`] | the clock, randomness and files, behind traits so that tests drive them |

pub mod core;
pub mod device;
pub mod driver;
pub mod env;
pub mod files;
pub mod http;
pub mod photo;
pub mod spool;
pub mod store;
pub mod sync;
pub mod vault;
pub mod view;
