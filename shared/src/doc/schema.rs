//! The schema of records: what a program writes, and up to which it reads.

/// The newest schema that a program knows. It writes what it knows best, and reads all that came
/// before; upgrades happen on read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Schema(u32);

impl Schema {
    /// The one that every program reads.
    pub const FIRST: Self = Self(1);
    /// The one of this source.
    pub const OURS: Self = Self::FIRST;

    /// The one of this number.
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// Its number, as headers write it.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// True if a program that knows this one reads what was written with that number.
    pub const fn reads(self, number: u32) -> bool {
        number <= self.0
    }
}

impl Default for Schema {
    fn default() -> Self {
        Self::OURS
    }
}
