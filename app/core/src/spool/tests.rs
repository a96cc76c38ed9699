//! The names in a spool.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::files::FsBlobs;

fn parcel(log: u8, first: u64, last: u64) -> Parcel {
    Parcel {
        log: LogId::from_bytes([log; 16]),
        first: Seq(first),
        last: Seq(last),
    }
}

#[test]
fn parcels_are_listed_in_the_order_of_their_logs_and_nothing_else_is_taken_for_one() {
    let dir = tempfile::tempdir().unwrap();
    let files = SpoolFiles::new(Arc::new(FsBlobs::open(dir.path()).unwrap()));
    let parcels = [parcel(1, 0, 9), parcel(1, 10, 300), parcel(2, 0, 1)];
    for it in [2, 1, 0].map(|n| &parcels[n]) {
        files.put(it, b"sealed").unwrap();
    }
    let name = parcels[0].name();
    for other in [
        format!("{name}.partial"),
        name.replace(".age", ""),
        name.to_uppercase(),
        name.replacen("-0", "-+", 1),
        format!("x{name}"),
        "left.json".to_owned(),
        "-.age".to_owned(),
    ] {
        std::fs::write(dir.path().join(other), b"x").unwrap();
    }
    assert_eq!(files.parcels().unwrap(), parcels);
    assert_eq!(files.read(&parcels[1]).unwrap(), b"sealed");
    files.remove(&parcels[1]).unwrap();
    files.remove(&parcels[1]).unwrap();
    assert_eq!(files.parcels().unwrap(), [parcels[0], parcels[2]]);
    // What does not read says nothing.
    assert_eq!(files.left(), Left::default());
}

#[test]
fn what_is_sealed_opens_with_the_servers_key_alone() {
    let (server, other) = [(); 2].map(|()| age::x25519::Identity::generate()).into();
    let seal = AgeSeal::to(&server.to_public().to_string()).unwrap();
    let sealed = seal.seal(b"words").unwrap();
    assert_eq!(age::decrypt(&server, &sealed).unwrap(), b"words");
    assert!(age::decrypt(&other, &sealed).is_err());
    assert_eq!(AgeSeal::to("age1no").unwrap_err(), BadRecipient);
}
