//! Who may do what. One table, one pure function, the same on device and server.
//!
//! The device asks it to decide what to offer; only the server's answer counts. Semantic
//! faults of a record never come here: a search that was made has happened.

mod authority;
mod judge;
mod table;
#[cfg(test)]
mod tests;

pub use authority::{Acting, Authority, Operation, Person, Role, Team};
pub use judge::{Decision, Held, Named, Reason, judge, judge_at};
pub use table::{Act, Relation, may, print_table};
