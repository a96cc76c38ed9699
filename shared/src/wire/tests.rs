//! The messages of the protocol: their bytes, their limits, and what is refused.

#![allow(clippy::unwrap_used, reason = "tests")]

mod golden;

use minicbor::bytes::ByteVec;
use ring::signature::{Ed25519KeyPair, KeyPair};

use super::*;
use crate::hash::{BlobHash, ChangeHash, HeaderHash};
use crate::ids::*;
use crate::log::{Entry, EntryKind, Segment, encode};
use crate::statement::{
    BadStatement, Bound, PhotoRef, Review, ReviewVerdict, Statement, VideoViewed, Withdrawal,
};
use crate::time::UnixMs;

fn key() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[1; 32]).unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint {
        epoch: Epoch::from_bytes([1; 16]),
        log: LogId::from_bytes([2; 16]),
        seq: Seq(3),
        header: HeaderHash::from_bytes([4; 32]),
        position: ReceivePos(5),
        at: UnixMs(6),
    }
}

fn bound() -> Bound {
    Bound {
        heads: vec![
            ChangeHash::from_bytes([1; 32]),
            ChangeHash::from_bytes([2; 32]),
        ],
        photos: vec![PhotoRef {
            id: PhotoId::from_bytes([3; 16]),
            blob: BlobHash::from_bytes([4; 32]),
        }],
        schema: 1,
    }
}

fn review() -> Statement {
    Statement::Review(Review {
        bound: bound(),
        verdict: ReviewVerdict::Return,
        reasons: vec!["grounds".into(), "video".into()],
        text: Some("Say what you saw him do.".into()),
        photos_missing: 1,
        video_viewed: VideoViewed::No,
    })
}

fn cursors() -> Cursors {
    Cursors {
        records: AcceptPos(7),
        mailbox: MailSeq(8),
        reference: ReferenceSeq(9),
        backfills: vec![BackfillCursor {
            scope: Scope::Team(TeamId::from_bytes([10; 16])),
            below: AcceptPos(11),
        }],
    }
}

fn request() -> ExchangeRequest {
    ExchangeRequest {
        version: V1,
        oldest: V1,
        log: LogId::from_bytes([2; 16]),
        epoch: Some(Epoch::from_bytes([1; 16])),
        cursors: cursors(),
        received: Some(Seq(3)),
        push: Some(Segment {
            log: LogId::from_bytes([2; 16]),
            first: Seq(4),
            entries: vec![Entry {
                header: vec![1],
                salt: [2; 16],
                payload: vec![3],
            }],
            signature: vec![4],
        }),
        waiting: Waiting {
            entries: 1,
            photos: 2,
            oldest: Some(UnixMs(12)),
        },
        budget: 1 << 20,
        digests: None,
    }
}

fn feed_entry() -> FeedEntry {
    FeedEntry {
        id: EntryId {
            log: LogId::from_bytes([2; 16]),
            seq: Seq(4),
        },
        kind: EntryKind::Change,
        officer: OfficerId::from_bytes([13; 16]),
        device: DeviceId::from_bytes([14; 16]),
        seen: Vec::new(),
        at: UnixMs(15),
        received: UnixMs(16),
        payload: vec![17],
        schema: None,
        projection: None,
    }
}

fn response() -> ExchangeResponse {
    let record = RecordId::from_bytes([18; 16]);
    let scope = Scope::Author(OfficerId::from_bytes([13; 16]));
    let item = |position, event| FeedItem {
        position: AcceptPos(position),
        scope,
        record,
        event,
    };
    ExchangeResponse {
        version: V1,
        epoch: Epoch::from_bytes([1; 16]),
        server_time: UnixMs(19),
        session: SessionState::Current,
        checkpoint: Some(ByteVec::from(checkpoint().sign(&key()))),
        answers: cursors(),
        feed: vec![
            item(20, FeedEvent::Accepted(feed_entry())),
            item(
                21,
                FeedEvent::Enters(vec![feed_entry()], vec![BlobHash::from_bytes([4; 32])]),
            ),
            item(22, FeedEvent::Leaves),
            item(23, FeedEvent::Stored(BlobHash::from_bytes([4; 32]))),
        ],
        records: AcceptPos(23),
        mail: vec![
            MailItem {
                seq: MailSeq(24),
                mail: Mail::Verdict(Seq(3), Verdict::Accepted(AcceptPos(20)), UnixMs(25)),
            },
            MailItem {
                seq: MailSeq(25),
                mail: Mail::Verdict(
                    Seq(4),
                    Verdict::Parked(VerdictCode::MissingDependency),
                    UnixMs(26),
                ),
            },
            MailItem {
                seq: MailSeq(26),
                mail: Mail::Granted(scope, AcceptPos(27)),
            },
            MailItem {
                seq: MailSeq(27),
                mail: Mail::GrantEnded(scope),
            },
            MailItem {
                seq: MailSeq(28),
                mail: Mail::Evict(record),
            },
        ],
        reference: vec![ReferenceItem {
            seq: ReferenceSeq(29),
            name: "areas".into(),
            body: vec![30],
        }],
        backfills: vec![BackfillPage {
            scope,
            items: Vec::new(),
            below: None,
        }],
        more: false,
        policy: PolicySeq(31),
        horizon: ReceivePos(32),
        digests: None,
        lineage: None,
    }
}

/// Fields that came later stand at the end, and a message without them has the bytes it
/// always had.
#[test]
fn golden_bytes_of_messages_with_what_came_later() {
    let scope = Scope::Shared(OfficerId::from_bytes([13; 16]));
    let request = ExchangeRequest {
        digests: Some(true),
        ..request()
    };
    let response = ExchangeResponse {
        digests: Some(vec![ScopeDigest {
            scope,
            sum: [5; 16],
        }]),
        lineage: Some(vec![Branch {
            epoch: Epoch::from_bytes([1; 16]),
            parent: Epoch::from_bytes([33; 16]),
            accept: AcceptPos(34),
            receive: ReceivePos(35),
        }]),
        ..response()
    };
    let leaf = Leaf::of(
        RecordId::from_bytes([18; 16]),
        &[ChangeHash::from_bytes([6; 32])],
        &[feed_entry().id],
    );
    let written = format!(
        "request {}\nresponse {}\nleaf {}\n",
        hex::encode(encode(&request)),
        hex::encode(encode(&response)),
        hex::encode(Sum::default().with(leaf).to_bytes()),
    );
    assert_eq!(written, include_str!("golden_later_v1.txt"));
}

/// These bytes are spoken by devices in the field. A change here is a new version.
#[test]
fn golden_bytes_of_messages_statements_and_checkpoint() {
    let withdrawal = Statement::Withdrawal(Withdrawal {
        bound: bound(),
        reason: "Entered twice.".into(),
    });
    let written = format!(
        "submission {}\nreview {}\nwithdrawal {}\ncheckpoint {}\nrequest {}\nresponse {}\n",
        hex::encode(Statement::Submission(bound()).to_bytes()),
        hex::encode(review().to_bytes()),
        hex::encode(withdrawal.to_bytes()),
        hex::encode(checkpoint().sign(&key())),
        hex::encode(encode(&request())),
        hex::encode(encode(&response())),
    );
    assert_eq!(written, include_str!("golden_v1.txt"));
}

#[test]
fn messages_read_back_from_their_bodies() {
    assert_eq!(
        decode_body(&encode_body(&request()), Limits::REQUEST),
        Ok(request())
    );
    assert_eq!(
        decode_body(&encode_body(&response()), Limits::RESPONSE),
        Ok(response())
    );
}

#[test]
fn a_body_over_its_limits_or_cut_short_is_refused_without_taking_room() {
    let body = encode_body(&request());
    for end in 0..body.len() {
        assert!(
            decode_body::<ExchangeRequest>(&body[..end], Limits::REQUEST).is_err(),
            "{end}"
        );
    }
    let small = Limits {
        compressed: body.len() - 1,
        plain: 1 << 20,
    };
    assert_eq!(
        decode_body::<ExchangeRequest>(&body, small),
        Err(BadBody::TooLarge)
    );

    let bomb = zstd::bulk::compress(&vec![0; 64 << 20], 3).unwrap();
    assert!(bomb.len() < 64 * 1024);
    assert_eq!(
        decode_body::<ExchangeRequest>(&bomb, Limits::REQUEST),
        Err(BadBody::TooLarge)
    );

    let mut two = body.clone();
    two.extend_from_slice(&body);
    assert_eq!(
        decode_body::<ExchangeRequest>(&two, Limits::REQUEST),
        Err(BadBody::Compression)
    );
    assert_eq!(
        decode_body::<ExchangeRequest>(b"hello", Limits::REQUEST),
        Err(BadBody::Compression)
    );
}

#[test]
fn a_body_with_one_bit_changed_never_passes_for_another_message() {
    let body = encode_body(&request());
    for at in 0..body.len() * 8 {
        let mut bad = body.clone();
        bad[at / 8] ^= 1 << (at % 8);
        if let Ok(read) = decode_body::<ExchangeRequest>(&bad, Limits::REQUEST) {
            assert_eq!(read, request(), "bit {at}");
        }
    }
}

#[test]
fn an_exchange_with_nothing_to_do_is_small() {
    let request = ExchangeRequest {
        push: None,
        waiting: Waiting::default(),
        ..request()
    };
    let response = ExchangeResponse {
        checkpoint: None,
        feed: Vec::new(),
        mail: Vec::new(),
        reference: Vec::new(),
        backfills: Vec::new(),
        ..response()
    };
    let bytes = encode_body(&request).len() + encode_body(&response).len();
    assert!(bytes <= 250, "{bytes} bytes before HTTP");
}

#[test]
fn a_checkpoint_verifies_with_its_key_alone() {
    let signed = checkpoint().sign(&key());
    assert_eq!(
        Checkpoint::verify(key().public_key().as_ref(), &signed),
        Ok(checkpoint())
    );
    assert!(Checkpoint::verify(&[0; 32], &signed).is_err());
    for at in 0..signed.len() {
        let mut bad = signed.clone();
        bad[at] ^= 1;
        assert!(
            Checkpoint::verify(key().public_key().as_ref(), &bad).is_err(),
            "byte {at}"
        );
    }
}

#[test]
fn statements_read_back_and_out_of_order_or_over_long_ones_do_not() {
    let bytes = review().to_bytes();
    assert!(Statement::from_bytes(EntryKind::Review, &bytes).unwrap() == review());
    assert!(Statement::from_bytes(EntryKind::Withdrawal, &bytes).is_err());
    assert_eq!(
        Statement::from_bytes(EntryKind::Unknown(99), &bytes).unwrap_err(),
        BadStatement::UnknownKind
    );
    let mut unsorted = bound();
    unsorted.heads.swap(0, 1);
    let payload = Statement::Submission(unsorted).to_bytes();
    assert_eq!(
        Statement::from_bytes(EntryKind::Submission, &payload).unwrap_err(),
        BadStatement::NotSorted
    );
    let long = Withdrawal {
        bound: bound(),
        reason: "x".repeat(10_001),
    };
    let payload = Statement::Withdrawal(long).to_bytes();
    assert_eq!(
        Statement::from_bytes(EntryKind::Withdrawal, &payload).unwrap_err(),
        BadStatement::TooLong
    );
}

#[test]
fn codes_have_one_name_each_and_read_back() {
    for &code in ErrorCode::ALL {
        assert_eq!(ErrorCode::parse(code.as_str()), Some(code));
        assert!((400..600).contains(&code.status()));
    }
    for &code in VerdictCode::ALL {
        assert_eq!(VerdictCode::parse(code.as_str()), Some(code));
    }
    for scope in [
        Scope::Author(OfficerId::from_bytes([1; 16])),
        Scope::Team(TeamId::from_bytes([2; 16])),
    ] {
        assert_eq!(scope.to_string().parse(), Ok(scope));
    }
}

#[test]
fn debug_output_holds_no_words_of_a_record() {
    let text = format!("{:?} {:?}", review(), feed_entry());
    assert!(!text.contains("saw"), "{text}");
}
