//! The file of unsent work: everything that the server has not, and nobody else can read.

use shared::hash::BlobHash;
use shared::ids::Seq;
use shared::wire::UnsentItem;

use super::photos::picture;
use super::rig::*;
use super::server::Server;
use crate::spool::AgeSeal;

fn export(device: &Device, server: &Server) -> (Vec<u8>, crate::core::Unsent) {
    let mut file = Vec::new();
    let seal = AgeSeal::to(&server.sealing()).unwrap();
    let unsent = device.core().write_unsent(&mut file, &seal).unwrap();
    (file, unsent)
}

#[test]
fn a_file_of_unsent_work_holds_the_log_from_the_receipt_on_and_the_photos() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    device.submitted();
    device.sync(&server);
    let received = device.core().received().unwrap().unwrap();
    let id = device.draft();
    let picture = picture(1);
    device.core().photo_add(&id, "x", None, &picture).unwrap();
    device.core().draft_submit(&id).unwrap();
    let (file, unsent) = export(&device, &server);
    assert_eq!(
        (unsent.entries, unsent.photos, unsent.photos_missing),
        (2, 1, 0)
    );
    assert!(!file.windows(6).any(|it| it == b"Jordan"));
    let plain = server.unseal(&file);
    let items: Vec<_> = UnsentItem::all(&plain).map(Result::unwrap).collect();
    let [head, log, segment, photo, pieces @ ..] = &items[..] else {
        panic!("{items:?}");
    };
    let UnsentItem::Head(head) = head else {
        panic!("no head");
    };
    assert_eq!(head.officer, officer(PATEL));
    let UnsentItem::Log(descriptor) = log else {
        panic!("no log");
    };
    assert_eq!(descriptor, &device.core().descriptor().unwrap());
    let UnsentItem::Segment(segment) = segment else {
        panic!("no segment");
    };
    assert_eq!((segment.first, segment.entries.len()), (received.next(), 2));
    let UnsentItem::Photo(photo) = photo else {
        panic!("no photo");
    };
    assert_eq!(photo.blob, BlobHash::of(&picture));
    let bytes: Vec<u8> = pieces
        .iter()
        .flat_map(|it| match it {
            UnsentItem::Piece(bytes) => bytes.to_vec(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(bytes, picture);
    // Taking it out sends nothing and forgets nothing.
    assert_eq!(device.delivery(&id), "saved");
    device.sync(&server);
    assert_eq!(device.delivery(&id), "received_photos_here");
}

#[test]
fn a_photo_whose_bytes_are_gone_is_named_and_keeps_nothing_back() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let id = device.draft();
    let photo = device
        .core()
        .photo_add(&id, "x", None, &picture(2))
        .unwrap();
    device.core().draft_submit(&id).unwrap();
    device.config.blobs.remove(&photo.id).unwrap();
    let (_, unsent) = export(&device, &server);
    assert_eq!((unsent.photos, unsent.photos_missing), (0, 1));
}

#[test]
fn nothing_unsent_is_an_empty_file_and_says_so() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    device.submitted();
    device.sync(&server);
    assert!(export(&device, &server).1.is_empty());
    assert_eq!(device.core().outbox().unwrap().entries, 0);
    assert_eq!(device.core().received().unwrap(), Some(Seq(1)));
}
