//! What can go wrong between device and server, and what each side may act upon.

use serde::{Deserialize, Serialize};

/// Defines the error codes once: name, HTTP status, and what it means.
macro_rules! error_codes {
    ($( $(#[$doc:meta])* $name:ident, $code:literal, $status:literal, $title:literal; )*) => {
        /// Codes of problem documents (RFC 9457). The list only grows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ErrorCode { $( $(#[$doc])* #[serde(rename = $code)] $name, )* }

        impl ErrorCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$( Self::$name, )*];

            /// The stable name.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$name => $code, )* }
            }

            /// The HTTP status.
            pub const fn status(self) -> u16 {
                match self { $( Self::$name => $status, )* }
            }

            /// One sentence for people.
            pub const fn title(self) -> &'static str {
                match self { $( Self::$name => $title, )* }
            }

            /// The code with this name.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $( $code => Some(Self::$name), )* _ => None }
            }
        }
    };
}

error_codes! {
    /// The enrolment code is unknown, used or expired; which of them is not said.
    BadEnrolmentCode, "bad_enrolment_code", 403, "This enrolment code cannot be used.";
    /// Collar number or password is wrong; which of them is not said.
    BadSignIn, "bad_sign_in", 401, "Collar number and password do not fit.";
    /// No or an unknown device credential.
    UnknownDevice, "unknown_device", 401, "This device is not enrolled.";
    /// The device was revoked.
    DeviceRevoked, "device_revoked", 403, "This device was revoked.";
    /// No session, or it ended.
    SignInNeeded, "sign_in_needed", 401, "Sign in first.";
    /// Not allowed, or not there: which of them is not said.
    NotFound, "not_found", 404, "There is nothing here for you.";
    /// The photo has not arrived yet.
    PhotoNotHere, "photo_not_here", 404, "The photo has not arrived yet.";
    /// The body is over the limit.
    TooLarge, "too_large", 413, "The message is too large.";
    /// The body does not read.
    BadBody, "bad_body", 400, "The message does not read.";
    /// Neither side's versions reach the other's.
    BadVersion, "bad_version", 426, "The app is too old for this server.";
    /// The log is not one of this device.
    UnknownLog, "unknown_log", 403, "The list of entries is not known here.";
    /// The chain or the signature of the pushed entries does not hold.
    BadChain, "bad_chain", 422, "The list of entries does not match the server's.";
    /// The same place of the log holds another entry: a clone or a restored device.
    Fork, "fork", 409, "The list of entries has split. Sign in again.";
    /// The pushed entries begin after what the server has.
    Gap, "gap", 409, "Entries are missing before these.";
    /// The content of an upload is not the photo that was announced.
    BadUpload, "bad_upload", 422, "The photo did not arrive whole.";
    /// An upload's offset is another.
    BadOffset, "bad_offset", 409, "The upload continues elsewhere.";
    /// Too many requests.
    SlowDown, "slow_down", 429, "Too many requests. Try again later.";
    /// The server has no room or no time.
    Busy, "busy", 503, "The server is busy. Try again later.";
    /// Something the server did not expect.
    Internal, "internal", 500, "Something went wrong on the server.";
}

/// Why a call did not give an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Nobody at the other end, or no way there.
    #[error("no connection")]
    NoConnection,
    /// The other end is there and does not answer in time.
    #[error("no answer in time")]
    Silent,
    /// The other end is not the server this device was enrolled with.
    #[error("not the server this device was enrolled with")]
    WrongServer,
    /// The answer does not read.
    #[error("the answer does not read")]
    Garbled,
    /// The server refused, with a code.
    #[error("{}", code.as_str())]
    Refused {
        /// The code.
        code: ErrorCode,
        /// Milliseconds to wait before another attempt, if the server said so.
        retry_after_ms: Option<u64>,
    },
}

impl WireError {
    /// A refusal without a waiting time.
    pub const fn refused(code: ErrorCode) -> Self {
        Self::Refused {
            code,
            retry_after_ms: None,
        }
    }
}
