//! Identifiers, each a type of its own so that none can stand in for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that is not the identifier it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of {0} bytes in hexadecimal")]
pub struct BadId(pub usize);

/// Makes a fixed-length byte string a type: hexadecimal for people and JSON, a CBOR byte
/// string on the wire.
macro_rules! bytes_newtype {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = $len;

            /// From its bytes.
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// From a slice of exactly the right length.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, $crate::ids::BadId> {
                bytes.try_into().map(Self).map_err(|_| $crate::ids::BadId($len))
            }

            /// Its bytes.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), hex::encode(&self.0[..4]))
            }
        }

        impl FromStr for $name {
            type Err = $crate::ids::BadId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let mut bytes = [0; $len];
                hex::decode_to_slice(text, &mut bytes).map_err(|_| $crate::ids::BadId($len))?;
                Ok(Self(bytes))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
            }
        }

        impl<C> minicbor::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(
                d: &mut minicbor::Decoder<'b>,
                _: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                Self::from_slice(d.bytes()?)
                    .map_err(|_| minicbor::decode::Error::message(concat!("length of ", stringify!($name))))
            }
        }
    };
}
pub(crate) use bytes_newtype;

bytes_newtype!(
    /// A record: one stop and search, or one incident note.
    RecordId, 16
);
bytes_newtype!(
    /// A person with an account.
    OfficerId, 16
);
bytes_newtype!(
    /// An enrolled device.
    DeviceId, 16
);
bytes_newtype!(
    /// A log: one per vault and database lineage.
    LogId, 16
);
bytes_newtype!(
    /// A team.
    TeamId, 16
);
bytes_newtype!(
    /// An operation: people of several teams who see each other's records of it.
    OperationId, 16
);
bytes_newtype!(
    /// A photo of a record.
    PhotoId, 16
);
bytes_newtype!(
    /// An Automerge actor.
    ActorId, 16
);
bytes_newtype!(
    /// One lineage of the server's database.
    Epoch, 16
);
bytes_newtype!(
    /// One run of a device's operating system since boot.
    BootId, 16
);

/// Defines a counter that is a type of its own.
macro_rules! counter {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize,
            Deserialize, minicbor::Encode, minicbor::Decode,
        )]
        #[serde(transparent)]
        #[cbor(transparent)]
        pub struct $name(#[n(0)] pub u64);

        impl $name {
            /// The one after this.
            pub const fn next(self) -> Self {
                Self(self.0 + 1)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

counter!(
    /// The place of an entry in its log, from 0.
    Seq
);
counter!(
    /// The place of an entry in the order in which the server received entries.
    ReceivePos
);
counter!(
    /// The place of an entry in the order in which the server accepted entries.
    AcceptPos
);
counter!(
    /// A version of the authority (people, roles, teams, devices).
    PolicySeq
);
counter!(
    /// A version of the reference data (code lists, authorisations, notices).
    ReferenceSeq
);
counter!(
    /// The place of an item in a vault's mailbox.
    MailSeq
);

/// The name of a statement or any other entry: its log and its place there.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[cbor(array)]
pub struct EntryId {
    /// The log.
    #[n(0)]
    pub log: LogId,
    /// The place in it.
    #[n(1)]
    pub seq: Seq,
}

impl fmt::Debug for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}/{}", self.log, self.seq)
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.log, self.seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_reads_back_from_its_text() {
        let id = RecordId::from_bytes([7; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("07".parse::<RecordId>(), Err(BadId(16)));
    }
}
