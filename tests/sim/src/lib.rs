//! The deterministic world: several app cores and one server core in one thread, with a
//! seeded lossy network, virtual time and disks that can fail. Everything follows from one
//! seed, so that a failure is its seed.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`world`], `settle` | the nodes, step by step, and how they come to rest |
//! | `character` | what some of them are made for |
//! | [`fault`], `strike` | what can go wrong, how often it does, and what it does to a world |
//! | [`device`], [`server`] | a node: a disk, and the process on it while it runs |
//! | `hostile` | a device that means harm |
//! | [`link`] | the network between them |
//! | [`cells`] | links that are bad in several ways at once |
//! | [`clock`], [`dice`] | time and chance |
//! | `people` | what officers and their sergeant do |
//! | `mutants` | deliberate faults of our own code, with the feature of that name |
//! | [`check`] | what must hold at every step, and when all is quiet |

pub mod cells;
mod character;
pub mod check;
pub mod clock;
pub mod device;
pub mod dice;
pub mod fault;
mod folder;
mod hostile;
pub mod link;
#[cfg(feature = "mutants")]
pub mod mutants;
mod people;
pub mod server;
mod settle;
mod strike;
pub mod world;

pub use world::{Report, Violation, World, run, run_without};
