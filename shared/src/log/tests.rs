//! The formats of the log, to the byte, and what a reader refuses.

#![allow(clippy::unwrap_used, reason = "tests")]

use ring::signature::{Ed25519KeyPair, KeyPair};

use super::*;
use crate::hash::{ChangeHash, HeaderHash, PayloadHash, sha256};
use crate::ids::*;
use crate::time::UnixMs;

fn key() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[1; 32]).unwrap()
}

fn descriptor() -> Descriptor {
    Descriptor {
        version: Descriptor::VERSION,
        log: LogId::from_bytes([2; 16]),
        algorithm: Algorithm::EdDsa,
        key: key().public_key().as_ref().to_vec(),
        officer: OfficerId::from_bytes([3; 16]),
        device: DeviceId::from_bytes([4; 16]),
        parent: None,
    }
}

fn header(seq: u64, payload: &[u8]) -> Header {
    Header {
        log: LogId::from_bytes([2; 16]),
        seq: Seq(seq),
        subject: Some(RecordId::from_bytes([5; 16])),
        kind: EntryKind::Change,
        payload: PayloadHash::of(&[6; 16], payload),
        officer: OfficerId::from_bytes([3; 16]),
        deps: vec![ChangeHash::from_bytes([7; 32])],
        seen: vec![EntryId {
            log: LogId::from_bytes([8; 16]),
            seq: Seq(9),
        }],
        supersedes: Vec::new(),
        policy: PolicySeq(10),
        schema: 1,
        wall: UnixMs(1_795_000_000_000),
        server_time: None,
        elapsed: 11,
        boot: BootId::from_bytes([12; 16]),
    }
}

fn segment(count: u64) -> Segment {
    let mut hash = descriptor().hash();
    let entries: Vec<Entry> = (0..count)
        .map(|seq| {
            let payload = vec![u8::try_from(seq).unwrap(); 3];
            let header = header(seq, &payload).to_bytes();
            hash = hash.next(&header);
            Entry {
                header,
                salt: [6; 16],
                payload,
            }
        })
        .collect();
    let signature = sign(&key(), Purpose::LogCommit, hash.as_bytes());
    Segment {
        log: LogId::from_bytes([2; 16]),
        first: Seq(0),
        entries,
        signature,
    }
}

fn verify_segment(segment: Segment) -> Result<Vec<Verified>, ChainError> {
    segment.verify(descriptor().hash(), key().public_key().as_ref())
}

/// These bytes are on devices and in evidence. A change here is a new version, never an edit.
#[test]
fn golden_bytes_of_descriptor_header_chain_and_signature() {
    let descriptor = descriptor();
    let header = header(0, b"payload").to_bytes();
    let chained = descriptor.hash().next(&header);
    let signature = sign(&key(), Purpose::LogCommit, chained.as_bytes());
    let golden = include_str!("golden_v1.txt");
    let written = format!(
        "descriptor {}\ndescriptor-hash {}\nheader {}\nheader-hash {}\npayload-hash {}\nsignature {}\n",
        hex::encode(encode(&descriptor)),
        descriptor.hash(),
        hex::encode(&header),
        chained,
        PayloadHash::of(&[6; 16], b"payload"),
        hex::encode(&signature),
    );
    assert_eq!(written, golden);
}

#[test]
fn a_whole_segment_verifies_and_gives_each_header_its_hash() {
    let verified = verify_segment(segment(3)).unwrap();
    assert_eq!(verified.len(), 3);
    assert!(verified.iter().all(|v| v.entry.payload_matches(&v.header)));
    let last = verified.last().unwrap();
    assert_eq!(last.hash, verified[1].hash.next(&last.entry.header));
}

#[test]
fn every_changed_header_byte_refuses_the_segment() {
    let good = segment(2);
    for at in 0..good.entries[0].header.len() {
        let mut bad = good.clone();
        bad.entries[0].header[at] ^= 1;
        assert!(verify_segment(bad).is_err(), "byte {at}");
    }
}

#[test]
fn a_changed_payload_spoils_its_own_entry_and_no_other() {
    let mut segment = segment(3);
    segment.entries[1].payload[0] ^= 1;
    let verified = verify_segment(segment).unwrap();
    let fit: Vec<bool> = verified
        .iter()
        .map(|v| v.entry.payload_matches(&v.header))
        .collect();
    assert_eq!(fit, [true, false, true]);
}

#[test]
fn another_start_order_key_or_purpose_is_refused() {
    let other = HeaderHash::from_bytes([0; 32]);
    let key_bytes = key().public_key().as_ref().to_vec();
    assert_eq!(
        segment(2).verify(other, &key_bytes).unwrap_err(),
        ChainError::OtherChain
    );

    let mut swapped = segment(2);
    swapped.entries.swap(0, 1);
    assert_eq!(
        verify_segment(swapped).unwrap_err(),
        ChainError::Place(Seq(0))
    );

    let stranger = Ed25519KeyPair::from_seed_unchecked(&[9; 32]).unwrap();
    let refused = segment(2).verify(descriptor().hash(), stranger.public_key().as_ref());
    assert_eq!(
        refused.unwrap_err(),
        ChainError::Signature(BadSignature::Signature)
    );

    let mut receipt = segment(1);
    let hash = descriptor().hash().next(&receipt.entries[0].header);
    receipt.signature = sign(&key(), Purpose::Checkpoint, hash.as_bytes());
    assert!(verify_segment(receipt).is_err());

    let mut empty = segment(1);
    empty.entries.clear();
    assert_eq!(verify_segment(empty).unwrap_err(), ChainError::Empty);
}

#[test]
fn only_the_deterministic_encoding_of_a_header_is_read() {
    let bytes = header(0, b"x").to_bytes();
    assert_eq!(Header::from_bytes(&bytes).unwrap(), header(0, b"x"));
    // The same array with the sequence 0 written in two bytes.
    let at = 1 + 17;
    assert_eq!(bytes[at], 0);
    let mut long = bytes.clone();
    long.splice(at..=at, [0x18, 0]);
    assert_eq!(Header::from_bytes(&long), Err(BadCbor::NotCanonical));
    let mut trailing = bytes;
    trailing.push(0);
    assert!(Header::from_bytes(&trailing).is_err());
}

#[test]
fn an_unknown_kind_of_entry_is_kept_as_it_is() {
    let mut header = header(0, b"x");
    header.kind = EntryKind::Unknown(4711);
    assert_eq!(Header::from_bytes(&header.to_bytes()).unwrap(), header);
    for code in 0..=u16::from(u8::MAX) {
        assert_eq!(EntryKind::from_code(code).code(), code);
    }
}

#[test]
fn the_estimated_time_rests_on_the_server_and_boot_time() {
    let mut header = header(0, b"x");
    assert_eq!(header.estimated_time(), header.wall);
    header.server_time = Some(UnixMs(100));
    assert_eq!(header.estimated_time(), UnixMs(111));
}

#[test]
fn the_salt_keeps_equal_payloads_apart() {
    assert_ne!(
        PayloadHash::of(&[1; 16], b"x"),
        PayloadHash::of(&[2; 16], b"x")
    );
    assert_eq!(
        PayloadHash::of(&[1; 16], b"x").as_bytes(),
        &sha256(&[&[1; 16], b"x"])
    );
}
