//! An error as the screens are given it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What happened, by a code whose words are the front-end's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ErrorView {
    /// A stable code.
    pub code: String,
    /// The field it is about, if it is about one.
    pub field: Option<String>,
    /// Tries left before a wait, for a wrong PIN.
    pub tries_left: Option<u32>,
    /// How long that wait is.
    #[ts(type = "number | null")]
    pub then_wait_ms: Option<i64>,
    /// Until when no attempt is taken.
    #[ts(type = "number | null")]
    pub wait_until: Option<i64>,
    /// An id for support; never words of a record.
    pub details: Option<String>,
}

impl ErrorView {
    /// A code and nothing else.
    pub fn code(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            field: None,
            tries_left: None,
            then_wait_ms: None,
            wait_until: None,
            details: None,
        }
    }
}
