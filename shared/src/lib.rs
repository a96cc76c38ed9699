//! The domain of Beatbook and its protocol, with no I/O, no clock, no randomness and no async
//! runtime: everything here is a value or a pure function, the same on device and server.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`record`], [`codes`], [`published`] | what officers record, and the lists and published format that go with it |
//! | [`area`], [`authorisation`], [`grid`] | wards, authorised areas, and grid references |
//! | [`doc`], [`guard`] | records as Automerge documents, and what stands before them |
//! | [`projection`] | the plain rows that lists, search and map read |
//! | [`log`], [`statement`] | entries, their hash chain and signatures; what entries say |
//! | [`status`], [`policy`] | what a record's state is, and who may do what |
//! | [`wire`] | the messages of the protocol and the trait both ends implement |
//! | [`settings`] | what a force decides for itself |
//! | [`mutant`] | deliberate faults for the simulation; empty in what ships |
//! | [`ids`], [`hash`], [`time`] | the values all of them use |

pub mod area;
pub mod authorisation;
pub mod codes;
pub mod doc;
pub mod grid;
pub mod guard;
pub mod hash;
pub mod ids;
pub mod log;
pub mod mutant;
pub mod policy;
pub mod projection;
pub mod published;
pub mod record;
pub mod settings;
pub mod statement;
pub mod status;
pub mod time;
pub mod wire;
