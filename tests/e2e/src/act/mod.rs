//! The vocabulary of the scenarios: what people do with a window, and what they then see.

pub mod form;
pub mod officer;
pub mod room;
pub mod start;
pub mod supervisor;
