//! Entries and logs: headers, chains, signatures and statements.

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use shared::guard::{Limits, preflight};
use shared::hash::{HeaderHash, PayloadHash};
use shared::ids::{BootId, EntryId, LogId, OfficerId, PolicySeq, RecordId, Seq};
use shared::log::{
    Descriptor, Entry, EntryKind, Header, Purpose, Segment, decode_canonical, encode, sign, verify,
};
use shared::statement::Statement;
use shared::time::UnixMs;
use shared::wire::Checkpoint;

use crate::wire::CBOR;
use crate::{Form, Target, change, golden};

pub(crate) fn targets() -> Vec<Target> {
    let target = |name, run, honest, form| Target {
        name,
        run,
        honest,
        form,
        room: CBOR,
    };
    vec![
        target("segment", pushed, segments, Form::Cbor),
        target("header", header, headers, Form::Cbor),
        target("descriptor", descriptor, descriptors, Form::Cbor),
        target("statement", statement, statements, Form::ChosenCbor),
        target("signed", signed, signatures, Form::Cbor),
    ]
}

/// The key of the log whose segments are read.
fn key() -> Option<Ed25519KeyPair> {
    Ed25519KeyPair::from_seed_unchecked(&[1; 32]).ok()
}

/// A segment as it is pushed, handed in as evidence, or lies in a parcel.
fn pushed(data: &[u8]) {
    if let Ok(segment) = decode_canonical::<Segment>(data) {
        read(segment);
    }
}

/// All that a server reads of a segment before it judges.
pub(crate) fn read(segment: Segment) {
    for entry in &segment.entries {
        let Ok(header) = Header::from_bytes(&entry.header) else {
            continue;
        };
        let _ = entry.payload_matches(&header);
        let _ = header.estimated_time();
        if header.kind == EntryKind::Change {
            let _ = preflight(&entry.payload, &Limits::default());
        } else {
            let _ = Statement::from_bytes(header.kind, &entry.payload);
        }
    }
    if let Some(key) = key() {
        let count = segment.entries.len();
        let verified = segment.verify(start(), key.public_key().as_ref());
        assert!(verified.is_err() || verified.is_ok_and(|it| it.len() == count));
    }
}

fn header(data: &[u8]) {
    if let Ok(header) = Header::from_bytes(data) {
        assert!(header.to_bytes() == data, "a header of two encodings");
        let _ = header.estimated_time();
    }
}

fn descriptor(data: &[u8]) {
    if let Ok(descriptor) = decode_canonical::<Descriptor>(data) {
        let _ = descriptor.hash();
        if let Some(key) = key() {
            // The key that it names is what signatures are held against.
            let signature = sign(&key, Purpose::LogCommit, data);
            let _ = verify(&descriptor.key, Purpose::LogCommit, &signature);
        }
    }
}

/// The first byte is the kind.
fn statement(data: &[u8]) {
    let Some((kind, payload)) = data.split_first() else {
        return;
    };
    let kind = EntryKind::from_code(u16::from(kind % 14));
    if let Ok(statement) = Statement::from_bytes(kind, payload) {
        assert!(statement.kind() == kind && statement.to_bytes() == payload);
    }
}

/// A signature of a commit, or a receipt.
pub(crate) fn signed(data: &[u8]) {
    let Some(key) = key() else { return };
    let public = key.public_key();
    let commit = verify(public.as_ref(), Purpose::LogCommit, data);
    let receipt = Checkpoint::verify(public.as_ref(), data);
    assert!(
        commit.is_err() || receipt.is_err(),
        "one signature for two purposes"
    );
}

/// The hash before the first header of [`segment`].
fn start() -> HeaderHash {
    HeaderHash::from_bytes([9; 32])
}

/// A segment that holds: a statement of each golden kind, and a change.
pub(crate) fn segment() -> Segment {
    let log = LogId::from_bytes([2; 16]);
    let changes = change::changes();
    let payloads = statements().into_iter().map(|bytes| {
        let (kind, payload) = (bytes[0], bytes[1..].to_vec());
        (EntryKind::from_code(u16::from(kind)), payload)
    });
    let payloads = payloads.chain(changes.into_iter().map(|bytes| (EntryKind::Change, bytes)));
    let (mut hash, mut entries) = (start(), Vec::new());
    for (seq, (kind, payload)) in (4..).zip(payloads) {
        let salt = [5; 16];
        let header = entry_header(log, Seq(seq), kind, PayloadHash::of(&salt, &payload));
        let header = header.to_bytes();
        hash = hash.next(&header);
        entries.push(Entry {
            header,
            salt,
            payload,
        });
    }
    let signature = key().map(|key| sign(&key, Purpose::LogCommit, hash.as_bytes()));
    Segment {
        log,
        first: Seq(4),
        entries,
        signature: signature.unwrap_or_default(),
    }
}

fn entry_header(log: LogId, seq: Seq, kind: EntryKind, payload: PayloadHash) -> Header {
    Header {
        log,
        seq,
        subject: Some(RecordId::from_bytes([3; 16])),
        kind,
        payload,
        officer: OfficerId::from_bytes([4; 16]),
        deps: Vec::new(),
        seen: vec![EntryId { log, seq: Seq(1) }],
        supersedes: Vec::new(),
        policy: PolicySeq(6),
        schema: 1,
        wall: UnixMs(7),
        server_time: Some(UnixMs(8)),
        elapsed: 9,
        boot: BootId::from_bytes([10; 16]),
    }
}

fn segments() -> Vec<Vec<u8>> {
    vec![encode(&segment())]
}

fn headers() -> Vec<Vec<u8>> {
    golden::named("header ")
}

fn descriptors() -> Vec<Vec<u8>> {
    golden::named("descriptor ")
}

fn signatures() -> Vec<Vec<u8>> {
    let mut all = golden::named("signature ");
    all.extend(golden::named("checkpoint "));
    all
}

fn statements() -> Vec<Vec<u8>> {
    let kinds = [
        (EntryKind::Submission, "submission "),
        (EntryKind::Review, "review "),
        (EntryKind::Withdrawal, "withdrawal "),
        (EntryKind::ReceiptGiven, "receipt-given "),
        (EntryKind::Consultation, "consultation "),
        (EntryKind::DraftDiscarded, "draft-discarded "),
        (EntryKind::Share, "share "),
        (EntryKind::ScopeChange, "scope-change "),
        (EntryKind::LogNumber, "log-number "),
        (EntryKind::Release, "release "),
        (EntryKind::Uphold, "uphold "),
        (EntryKind::Notice, "notice "),
    ];
    let all = kinds.into_iter().flat_map(|(kind, name)| {
        // Every kind that is known has a number of one byte.
        let code = kind.code() as u8;
        let named = golden::named(name).into_iter();
        named.map(move |bytes| [&[code][..], &bytes].concat())
    });
    all.collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_honest_segment_holds_and_says_something_of_every_kind() {
        let segment = segment();
        assert!(segment.entries.len() > 15);
        for bytes in statements() {
            let kind = EntryKind::from_code(u16::from(bytes[0]));
            assert!(Statement::from_bytes(kind, &bytes[1..]).is_ok(), "{kind:?}");
        }
        let public = key().unwrap();
        assert!(
            segment
                .verify(start(), public.public_key().as_ref())
                .is_ok()
        );
    }
}
