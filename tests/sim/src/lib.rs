//! The deterministic world: several app cores and one server core in one thread, with a
//! seeded lossy network, virtual time and disks that can fail. Everything follows from one
//! seed, so that a failure is its seed.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`world`] | the nodes and what can happen to them, step by step |
//! | [`device`], [`server`] | a node: a disk, and the process on it while it runs |
//! | [`link`] | the network between them |
//! | [`clock`], [`dice`] | time and chance |
//! | `people` | what officers and their sergeant do |
//! | [`check`] | what must hold at every step, and when all is quiet |

pub mod check;
pub mod clock;
pub mod device;
pub mod dice;
pub mod link;
mod people;
pub mod server;
pub mod world;

pub use world::{Report, Violation, World, run};
