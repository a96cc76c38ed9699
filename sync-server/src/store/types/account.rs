//! People, devices and sessions.

use shared::ids::{
    AcceptPos, DeviceId, Epoch, LogId, OfficerId, PolicySeq, ReceivePos, ReferenceSeq, TeamId,
};
use shared::log::Descriptor;
use shared::policy::{Person, Role};
use shared::time::UnixMs;
use shared::wire::Waiting;

/// Where every order of things has got to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counters {
    /// The lineage of the database.
    pub epoch: Epoch,
    /// Entries received.
    pub receive: ReceivePos,
    /// The order of acceptance.
    pub accept: AcceptPos,
    /// The authority.
    pub policy: PolicySeq,
    /// Reference data.
    pub reference: ReferenceSeq,
    /// The receive position up to which everything is covered by a backup or a replica.
    pub horizon: ReceivePos,
}

/// Somebody to be added.
#[derive(Clone)]
pub struct PersonEntry {
    /// Who.
    pub id: OfficerId,
    /// Collar number.
    pub collar: String,
    /// For example "PC".
    pub title: String,
    /// Family name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// The id the team gets if there is none of this name.
    pub new_team: TeamId,
    /// The team's name.
    pub team: String,
    /// The station.
    pub station: String,
    /// The hashed password.
    pub password: String,
}

/// What became of people to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// All were, at this version of the authority.
    At(PolicySeq),
    /// None was: a collar number is taken.
    Taken,
}

/// What signing in needs.
#[derive(Clone)]
pub struct Account {
    /// Who, as of now.
    pub person: Person,
    /// The team's name.
    pub team: String,
    /// The hashed password.
    pub password: String,
    /// Wrong passwords since the last right one.
    pub failed: u32,
    /// Until when no attempt is taken.
    pub wait_until: UnixMs,
}

/// How an attempt to sign in ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// Wrong password: no further attempt before this.
    Wrong {
        /// Until when.
        wait_until: UnixMs,
    },
    /// Right password.
    Right,
}

/// A one-time code.
#[derive(Clone)]
pub struct NewCode {
    /// Its hash.
    pub code: [u8; 32],
    /// The name the device gets.
    pub name: String,
    /// When it expires.
    pub expires: UnixMs,
}

/// A device that shows a one-time code.
#[derive(Clone)]
pub struct NewDevice {
    /// The hash of the code.
    pub code: [u8; 32],
    /// The device.
    pub id: DeviceId,
    /// The hash of its credential.
    pub credential: [u8; 32],
    /// `phone` or `tablet`.
    pub form_factor: String,
}

/// An enrolled device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The device.
    pub id: DeviceId,
    /// Its name.
    pub name: String,
    /// `phone` or `tablet`.
    pub form_factor: String,
    /// When it was revoked.
    pub revoked: Option<UnixMs>,
    /// Who signed in on it last: the label.
    pub officer: Option<String>,
    /// When it was heard of last.
    pub last_heard: Option<UnixMs>,
    /// What waited on it then.
    pub waiting: Waiting,
    /// Entries that it sent after it was revoked, and that wait for a person.
    pub sealed: u64,
    /// Entries of logs of it that have split, kept as evidence.
    pub evidence: u64,
}

/// A session to be opened.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The hash of its token.
    pub token: [u8; 32],
    /// Whose.
    pub officer: OfficerId,
    /// When it ends.
    pub expires: UnixMs,
    /// For a vault; none for the control room's page.
    pub vault: Option<NewVault>,
}

/// The vault a session is for.
#[derive(Debug, Clone)]
pub struct NewVault {
    /// The device.
    pub device: DeviceId,
    /// The log.
    pub log: LogId,
    /// The log's beginning, to open it.
    pub open: Option<Descriptor>,
}

/// What became of a session to be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// It is open.
    Open,
    /// The log is unknown, or is another device's or officer's, or began otherwise.
    UnknownLog,
    /// The log has split: a new one must be opened.
    Forked,
}

/// An open session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose, as they are now.
    pub person: Person,
    /// The team's name.
    pub team: String,
    /// The device, for a vault.
    pub device: Option<DeviceId>,
    /// The log, for a vault.
    pub log: Option<LogId>,
    /// When it ends.
    pub expires: UnixMs,
}
