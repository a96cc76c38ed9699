//! The one request that does push and pull.

use minicbor::{Decode, Encode};

use super::{FeedItem, MailItem, ReferenceItem, Scope, ScopeDigest, Version};
use crate::ids::{AcceptPos, Epoch, LogId, MailSeq, PolicySeq, ReceivePos, ReferenceSeq, Seq};
use crate::log::Segment;
use crate::time::UnixMs;

/// How far a vault has stored each stream.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Cursors {
    /// The records stream, by acceptance position.
    #[n(0)]
    pub records: AcceptPos,
    /// The mailbox: everything at or below is stored, and may be forgotten by the server.
    #[n(1)]
    pub mailbox: MailSeq,
    /// The reference stream.
    #[n(2)]
    pub reference: ReferenceSeq,
    /// Backfills not yet finished.
    #[n(3)]
    pub backfills: Vec<BackfillCursor>,
}

/// How far the backfill of one grant has come. It runs from the newest record down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct BackfillCursor {
    /// The scope.
    #[n(0)]
    pub scope: Scope,
    /// Records that entered the scope below this position are still owed.
    #[n(1)]
    pub below: AcceptPos,
}

/// What the device still holds back, for the control room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Waiting {
    /// Entries not yet received, those of this request included.
    #[n(0)]
    pub entries: u32,
    /// Photos not yet stored.
    #[n(1)]
    pub photos: u32,
    /// Since when the oldest of them waits, by the device's estimate.
    #[n(2)]
    pub oldest: Option<UnixMs>,
}

/// Device to server.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ExchangeRequest {
    /// The newest version the device speaks.
    #[n(0)]
    pub version: Version,
    /// The oldest version the device speaks.
    #[n(1)]
    pub oldest: Version,
    /// The log the device appends to.
    #[n(2)]
    pub log: LogId,
    /// The lineage its cursors belong to; none before the first answer.
    #[n(3)]
    pub epoch: Option<Epoch>,
    /// How far it has come.
    #[n(4)]
    pub cursors: Cursors,
    /// The sequence up to which it holds a receipt.
    #[n(5)]
    pub received: Option<Seq>,
    /// The next entries of its outbox.
    #[n(6)]
    pub push: Option<Segment>,
    /// What waits.
    #[n(7)]
    pub waiting: Waiting,
    /// Bytes of news that the device wants at most.
    #[n(8)]
    pub budget: u32,
    /// True if the device wants the digests once an answer reaches the end.
    #[n(9)]
    pub digests: Option<bool>,
}

/// What the server thinks of the device's session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum SessionState {
    /// News are given.
    #[n(0)]
    Current,
    /// Pushing works; the officer has to sign in again for news.
    #[n(1)]
    SignIn,
    /// The device was revoked: what it pushes is sealed until a person has looked.
    #[n(2)]
    Revoked,
    /// The app is too old to be given news; pushing works.
    #[n(3)]
    Upgrade,
}

/// Records of one grant that were there before it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct BackfillPage {
    /// The scope.
    #[n(0)]
    pub scope: Scope,
    /// Each as an [`super::FeedEvent::Enters`], newest first.
    #[n(1)]
    pub items: Vec<FeedItem>,
    /// Where the next page begins; none when this was the last.
    #[n(2)]
    pub below: Option<AcceptPos>,
}

/// Server to device: one snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ExchangeResponse {
    /// The version this answer is in.
    #[n(0)]
    pub version: Version,
    /// The lineage of the server's database.
    #[n(1)]
    pub epoch: Epoch,
    /// The server's clock.
    #[n(2)]
    pub server_time: UnixMs,
    /// Whether news are given.
    #[n(3)]
    pub session: SessionState,
    /// The signed receipt, if the log has got further than the device knew.
    #[n(4)]
    pub checkpoint: Option<minicbor::bytes::ByteVec>,
    /// The cursors that this answers; a device that has others by now drops it.
    #[n(5)]
    pub answers: Cursors,
    /// The records stream after the cursor.
    #[n(6)]
    pub feed: Vec<FeedItem>,
    /// The records cursor after these items.
    #[n(7)]
    pub records: AcceptPos,
    /// Mail after the cursor.
    #[n(8)]
    pub mail: Vec<MailItem>,
    /// Reference data after the cursor.
    #[n(9)]
    pub reference: Vec<ReferenceItem>,
    /// Pages of the backfills asked for.
    #[n(10)]
    pub backfills: Vec<BackfillPage>,
    /// True if more of anything is there.
    #[n(11)]
    pub more: bool,
    /// The current authority.
    #[n(12)]
    pub policy: PolicySeq,
    /// Up to here the server's commits are covered by a replica or a verified backup.
    #[n(13)]
    pub horizon: ReceivePos,
    /// The digest of each scope granted, if they were asked for and nothing more is there.
    #[n(14)]
    pub digests: Option<Vec<ScopeDigest>>,
    /// How this lineage descends from older ones, the newest first, if the request named
    /// another.
    #[n(15)]
    pub lineage: Option<Vec<Branch>>,
}

/// Where one lineage of the server's database left another: a restore from a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Branch {
    /// The lineage that begins.
    #[n(0)]
    pub epoch: Epoch,
    /// The one it comes from.
    #[n(1)]
    pub parent: Epoch,
    /// The last acceptance that both have.
    #[n(2)]
    pub accept: AcceptPos,
    /// The last receipt that both have.
    #[n(3)]
    pub receive: ReceivePos,
}
