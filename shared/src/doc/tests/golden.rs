//! The golden bytes of the first changes. If one of these tests fails, old records and new
//! ones no longer grow from the same root: never adjust the bytes here.

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{Automerge, ObjType, ROOT};

use crate::doc::genesis::{ENCODING, actor};
use crate::doc::{Content, RecordDoc, genesis};
use crate::record::Kind;

const GOLDEN: [(Kind, &str, &str); 2] = [
    (
        Kind::StopSearch,
        "856f4a837dbd323301590010000000000000000000000000000000010101000000\
         06151c340142045606570c70027c046b696e6406736368656d610670686f746f73\
         07616464656e646104020102007eb60114020073746f705f736561726368010400",
        "7dbd3233aebd569703eddd306b13f2db48ecad89c09116ece830044792a914f4",
    ),
    (
        Kind::Note,
        "856f4a83768761e501580010000000000000000000000000000000020101000000\
         061521340142065605570570027b046b696e6406736368656d610670686f746f73\
         07616464656e6461047465787405020102007f047e461403006e6f7465010500",
        "768761e57bb3c9d5cf58655c52b54c2ef06cb986ad621254bde87a78affbf695",
    ),
];

#[test]
fn the_first_change_of_each_kind_has_its_fixed_bytes_and_hash() {
    for (kind, bytes, hash) in GOLDEN {
        let genesis = genesis(kind);
        assert_eq!(hex::encode(genesis.bytes), bytes, "{kind}");
        assert_eq!(genesis.hash.to_string(), hash, "{kind}");
        assert_eq!(RecordDoc::new(kind).heads(), [genesis.hash]);
        assert_eq!(RecordDoc::new(kind).content(), Content::empty(kind));
    }
}

#[test]
fn the_automerge_of_today_still_makes_the_same_bytes() {
    for kind in Kind::ALL {
        let mut doc = Automerge::new_with_encoding(ENCODING);
        doc.set_actor(automerge::ActorId::from(actor(kind).as_slice()));
        let mut tx = doc.transaction();
        tx.put(ROOT, "kind", kind.as_str()).unwrap();
        tx.put(ROOT, "schema", 1_i64).unwrap();
        tx.put_object(ROOT, "photos", ObjType::Map).unwrap();
        tx.put_object(ROOT, "addenda", ObjType::Map).unwrap();
        if kind == Kind::Note {
            tx.put_object(ROOT, "text", ObjType::Text).unwrap();
        }
        tx.commit_with(CommitOptions::default().with_time(0));
        let made = doc.get_last_local_change().unwrap();
        assert_eq!(made.raw_bytes(), genesis(kind).bytes, "{kind}");
    }
}
