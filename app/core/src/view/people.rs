//! People as shown.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The role and rank words the screens know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// Makes records.
    Officer,
    /// Also reviews those of a team.
    Supervisor,
}

/// The signed-in person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    /// The officer's id.
    pub id: String,
    /// For example "PC 4417 Patel".
    pub label: String,
    /// Officer or supervisor.
    pub rank: Rank,
    /// The team's name.
    pub team: String,
    /// The station, as said to the person searched.
    pub station: String,
    /// Who reviews this person's records, for example "Sgt 2093 Ahmed".
    pub reviewer: Option<String>,
    /// True once the session with the server has to be renewed with a password.
    pub sign_in_needed: bool,
}
