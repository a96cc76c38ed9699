//! Shapes that the description of the API shows and that live in crates without OpenAPI. A
//! test holds them to the types that are really read and written.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A problem document (RFC 9457).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `https://beatbook.invalid/problems/` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// One sentence for people.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// For machines; the list only grows.
    pub code: String,
}

/// A device offers the one-time code it was given.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct EnrolRequest {
    /// The code.
    pub code: String,
    /// `phone` or `tablet`.
    pub form_factor: String,
}

/// What an enrolled device keeps.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct EnrolResponse {
    /// The device, 32 hexadecimal digits.
    pub device: String,
    /// Its name.
    pub name: String,
    /// 256 bits, hexadecimal.
    pub credential: String,
    /// The force.
    pub force: String,
    /// Ed25519 public key that verifies receipts, hexadecimal.
    pub receipt_key: String,
    /// The age recipient that database keys are also wrapped to.
    pub escrow: String,
    /// The age recipient that a locked phone's spool and other sealed work are for.
    pub sealing: String,
}

/// An officer signs in on an enrolled device.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct SignInRequest {
    /// Collar number.
    pub collar: String,
    /// Password.
    pub password: String,
    /// The public key of a new vault, hexadecimal; none to renew a session.
    pub key: Option<String>,
    /// The log to open, or whose session is renewed.
    pub log: String,
    /// Of a log that continues another, where that one had got to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<LogPlace>,
}

/// A place in a log.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct LogPlace {
    /// The log, 32 hexadecimal digits.
    pub log: String,
    /// The place in it.
    pub seq: u64,
}

/// Who signed in, and until when.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SignInResponse {
    /// Opaque token of the session.
    pub session: String,
    /// When it ends, in ms since 1970.
    pub expires: i64,
    /// Who.
    pub officer: String,
    /// For example "PC 4417 Patel".
    pub label: String,
    /// Collar number.
    pub collar: String,
    /// Role.
    pub role: String,
    /// The team's name.
    pub team: String,
    /// The station.
    pub station: String,
    /// The version of the authority.
    pub policy: u64,
    /// The server's clock, in ms since 1970.
    pub server_time: i64,
}

/// An officer who forgot the PIN asks for the database key from the force's escrow.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct RecoveryRequest {
    /// The log of the vault.
    pub log: String,
    /// The vault's wrap of its database key to the escrow key: an age file, byte by byte.
    pub wrap: Vec<u8>,
    /// The age recipient of a key made for this request alone.
    pub recipient: String,
}

/// The request waits for a person with the escrow key.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct RecoveryTicket {
    /// What the officer tells them.
    pub code: String,
    /// Until when it can be used, in ms since 1970.
    pub expires: i64,
}

/// Somebody signs in to the control room's page.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ConsoleSignIn {
    /// Collar number.
    pub collar: String,
    /// Password.
    pub password: String,
}

/// A log number for a record.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ConsoleLogNumber {
    /// 1 to 64 characters.
    pub number: String,
}

/// Something that everybody should know for a while.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ConsoleNewNotice {
    /// 1 to 1,000 characters.
    pub text: String,
    /// Until when it is shown, in ms since 1970: not more than 31 days from now.
    pub until: i64,
}

#[cfg(test)]
mod tests {
    use shared::ids::{DeviceId, EntryId, LogId, OfficerId, PolicySeq, Seq};
    use shared::policy::Role;
    use shared::time::UnixMs;
    use shared::wire;

    use super::*;

    /// The JSON of the real type must read as the shape, with nothing left over.
    fn same<T: Serialize, S: Serialize + for<'a> Deserialize<'a>>(real: &T) {
        let real = serde_json::to_value(real).expect("JSON");
        let shape: S = serde_json::from_value(real.clone()).expect("the shape reads it");
        assert_eq!(serde_json::to_value(&shape).expect("JSON"), real);
    }

    #[test]
    fn the_described_shapes_are_the_real_ones() {
        let text = || "x".to_owned();
        same::<_, EnrolRequest>(&wire::EnrolRequest {
            code: text(),
            form_factor: text(),
        });
        same::<_, EnrolResponse>(&wire::EnrolResponse {
            device: DeviceId::from_bytes([1; 16]),
            name: text(),
            credential: text(),
            force: text(),
            receipt_key: text(),
            escrow: text(),
            sealing: text(),
        });
        same::<_, SignInRequest>(&wire::SignInRequest {
            collar: text(),
            password: text(),
            key: Some(text()),
            log: LogId::from_bytes([2; 16]),
            parent: Some(EntryId {
                log: LogId::from_bytes([3; 16]),
                seq: Seq(8),
            }),
        });
        same::<_, RecoveryRequest>(&wire::RecoveryRequest {
            log: LogId::from_bytes([2; 16]),
            wrap: vec![1, 2],
            recipient: text(),
        });
        same::<_, RecoveryTicket>(&wire::RecoveryTicket {
            code: text(),
            expires: UnixMs(5),
        });
        same::<_, SignInResponse>(&wire::SignInResponse {
            session: text(),
            expires: UnixMs(5),
            officer: OfficerId::from_bytes([3; 16]),
            label: text(),
            collar: text(),
            role: Role::ControlRoom,
            team: text(),
            station: text(),
            policy: PolicySeq(7),
            server_time: UnixMs(6),
        });
    }
}
