//! The device and its vaults, before and after unlocking.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the app can do at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AppState {
    /// Not enrolled: the first screen asks for the enrolment code.
    New,
    /// Enrolled, nobody has a vault here yet: sign in and choose a PIN.
    Enrolled,
    /// A vault exists and is locked.
    Locked,
    /// A vault is open.
    Open,
}

/// Which words and layout the device gets ("on this phone", "on this tablet").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FormFactor {
    /// Held in one hand.
    Phone,
    /// The supervisor's tablet.
    Tablet,
}

/// What the first screen needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppView {
    /// What the app can do now.
    pub state: AppState,
    /// Phone or tablet, as enrolled; a phone until then.
    pub form_factor: FormFactor,
    /// True where the PIN is not strengthened by a key store of the platform.
    pub reduced_protection: bool,
    /// The vaults on this device.
    pub vaults: Vec<VaultView>,
    /// The host name of the server, once enrolled.
    pub server: Option<String>,
}

/// One officer's vault on this device, as shown while locked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VaultView {
    /// Identifies the vault to `unlock`.
    pub id: String,
    /// For example "PC 4417 Patel".
    pub label: String,
    /// Attempts left before the next wait.
    pub tries_left: u32,
    /// Until when no attempt is taken, if a wait is on.
    #[ts(type = "number | null")]
    pub wait_until: Option<i64>,
}

/// The answer to a successful enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EnrolledView {
    /// The name the administrator gave the device.
    pub device: String,
    /// The force the server belongs to.
    pub force: String,
}
