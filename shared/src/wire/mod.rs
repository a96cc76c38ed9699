//! The protocol between device and server: its messages, its versions, and the trait that
//! both ends implement.

mod checkpoint;
mod codec;
mod digest;
mod error;
mod exchange;
mod feed;
mod mail;
mod protocol;
mod scope;
mod session;
mod spool;
#[cfg(test)]
mod tests;

pub use checkpoint::Checkpoint;
pub use codec::{BadBody, Limits, MEDIA_TYPE, decode_body, encode_body};
pub use digest::{Leaf, ScopeDigest, Sum};
pub use error::{ErrorCode, WireError};
pub use exchange::{
    BackfillCursor, BackfillPage, Branch, Cursors, ExchangeRequest, ExchangeResponse, SessionState,
    Waiting,
};
pub use feed::{FeedEntry, FeedEvent, FeedItem, ReferenceItem};
pub use mail::{Mail, MailItem, Task, Verdict, VerdictCode};
pub use protocol::{Credential, Protocol, UploadState, V1, VERSION_MAX, VERSION_MIN, Version};
pub use scope::Scope;
pub use session::{
    EnrolRequest, EnrolResponse, RecoveryRequest, RecoveryTicket, SignInRequest, SignInResponse,
};
pub use spool::{
    BadUnsent, ITEM_MAX, PARCEL_MAX, PHOTO_PIECE, UnsentHead, UnsentItem, UnsentPhoto,
};
