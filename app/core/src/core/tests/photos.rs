//! Photos: on the disk before they are named, sent after the words, fetched for review.

use super::rig::*;
use super::server::Server;
use crate::sync::{SyncOutcome, sync_once};
use shared::hash::BlobHash;
use shared::wire::{Credential, FeedEvent};

pub(super) fn picture(seed: u8) -> Vec<u8> {
    let image = image::RgbImage::from_fn(64, 48, |x, y| {
        image::Rgb([seed.wrapping_mul(31), (x * 3) as u8, (y * 5) as u8])
    });
    let mut out = std::io::Cursor::new(Vec::new());
    image.write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

fn online() -> Credential {
    Credential {
        device: "d".into(),
        session: Some("s".into()),
    }
}

#[tokio::test]
async fn a_photo_goes_after_the_words_and_the_record_says_where_it_is() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let id = device.draft();
    let bytes = picture(1);
    let photo = device
        .core()
        .photo_add(&id, "IMG.png", Some(" The bag "), &bytes)
        .unwrap();
    assert_eq!(
        (photo.state.as_str(), photo.caption.as_deref()),
        ("saved", Some("The bag"))
    );
    assert_eq!(photo.sha256, BlobHash::of(&bytes).to_string());
    assert_eq!(device.core().draft(&id).unwrap().photos.len(), 1);
    // A draft sends nothing.
    assert!(device.core().next_upload().unwrap().is_none());
    device.core().draft_submit(&id).unwrap();
    assert_eq!(device.core().photo_original(&photo.id).unwrap(), bytes);
    assert!(
        device
            .core()
            .photo_preview(&photo.id)
            .unwrap()
            .starts_with(&[0xff, 0xd8])
    );
    device.sync(&server);
    let row = device.record(&id).row;
    assert_eq!(
        (row.delivery.code.as_str(), row.delivery.photos),
        ("received_photos_here", Some(1))
    );
    assert_eq!(row.shown, "delivery");
    let outcome = sync_once(device.core(), &server, &online()).await;
    assert!(matches!(outcome, SyncOutcome::Idle), "{outcome:?}");
    assert_eq!(server.state().blobs[&BlobHash::of(&bytes)], bytes);
    let view = device.record(&id);
    assert_eq!(
        (
            view.row.delivery.code.as_str(),
            view.photos[0].state.as_str()
        ),
        ("received", "received")
    );
    assert_eq!(device.core().status().unwrap().waiting_photos, 0);
}

#[tokio::test]
async fn a_photo_of_a_submitted_record_is_one_change_and_an_upload_goes_on_where_it_stopped() {
    let server = Server::new();
    let mut device = Device::new(PATEL, &server);
    let id = device.submitted();
    let bytes = picture(2);
    let photo = device.core().photo_add(&id, "x", None, &bytes).unwrap();
    assert_eq!(device.record(&id).version, 2);
    assert_eq!(device.record(&id).timeline.last().unwrap().code, "added");
    server
        .state()
        .blobs
        .insert(BlobHash::of(&bytes), bytes[..100].to_vec());
    device.reopen();
    sync_once(device.core(), &server, &online()).await;
    assert_eq!(server.state().blobs[&BlobHash::of(&bytes)], bytes);
    assert_eq!(device.core().photo_original(&photo.id).unwrap(), bytes);
}

#[test]
fn what_is_not_a_photo_or_names_no_record_leaves_no_file() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let id = device.draft();
    // All but the room kept for words.
    let files = || device.config.blobs.list().unwrap().len() - 1;
    assert_eq!(
        code(device.core().photo_add(&id, "x", None, b"not a picture")),
        "bad_photo"
    );
    let nobody = "00".repeat(16);
    assert_eq!(
        code(device.core().photo_add(&nobody, "x", None, &picture(3))),
        "not_found"
    );
    let long = "c".repeat(501);
    assert_eq!(
        code(device.core().photo_add(&id, "x", Some(&long), &picture(3))),
        "bad_input"
    );
    assert_eq!(files(), 0);
}

#[test]
fn files_whose_row_was_never_committed_are_swept_and_others_stay() {
    let server = Server::new();
    let mut device = Device::new(PATEL, &server);
    let id = device.draft();
    let photo = device
        .core()
        .photo_add(&id, "x", None, &picture(4))
        .unwrap();
    device
        .config
        .blobs
        .write(&"ab".repeat(16), b"orphan")
        .unwrap();
    device.reopen();
    assert_eq!(device.config.blobs.list().unwrap().len(), 3);
    assert!(device.core().photo_preview(&photo.id).is_ok());
    // A bit that rotted is noticed, not shown.
    let mut sealed = device.config.blobs.read(&photo.id).unwrap();
    let middle = sealed.len() / 2;
    sealed[middle] ^= 1;
    device.config.blobs.write(&photo.id, &sealed).unwrap();
    assert_eq!(code(device.core().photo_original(&photo.id)), "damaged");
}

#[tokio::test]
async fn a_reviewer_gets_the_photos_that_have_arrived_and_is_told_of_those_that_have_not() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = patel.draft();
    let bytes = picture(5);
    patel.core().photo_add(&id, "x", None, &bytes).unwrap();
    patel.core().draft_submit(&id).unwrap();
    patel.sync(&server);
    sync_once(ahmed.core(), &server, &online()).await;
    let view = ahmed.record(&id);
    assert_eq!(view.review.unwrap().photos_missing, 1);
    assert_eq!(view.photos[0].state, "elsewhere");
    assert_eq!(
        code(ahmed.core().photo_preview(&view.photos[0].id)),
        "photo_not_here"
    );
    assert!(
        ahmed.core().queue().unwrap().rows[0]
            .flags
            .contains(&"photos_missing".to_owned())
    );
    sync_once(patel.core(), &server, &online()).await;
    server.feed(super::rig::id(&id), FeedEvent::Stored(BlobHash::of(&bytes)));
    sync_once(ahmed.core(), &server, &online()).await;
    let view = ahmed.record(&id);
    assert_eq!(view.review.unwrap().photos_missing, 0);
    assert_eq!(view.photos[0].state, "received");
    assert!(ahmed.core().photo_preview(&view.photos[0].id).is_ok());
    let files = |device: &Device| device.config.blobs.list().unwrap();
    assert_eq!(files(&ahmed).len(), 3);
    server.post(AHMED, shared::wire::Mail::Evict(super::rig::id(&id)));
    ahmed.sync(&server);
    assert_eq!(files(&ahmed), ["reserve"]);
    // Bytes that are not the photo are never kept as it.
    let wrong = ahmed.core().photo_arrived(BlobHash::of(b"other"), b"bytes");
    assert_eq!(code(wrong), "damaged");
}

#[test]
fn a_photo_that_is_refused_is_tried_again_later_and_later_and_keeps_no_other_waiting() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let id = device.submitted();
    let core = device.core();
    for n in [6, 7] {
        core.photo_add(&id, "x", None, &picture(n)).unwrap();
    }
    core.postpone_upload(None);
    let first = core.next_upload().unwrap().unwrap().blob;
    let tried = || {
        core.next_upload()
            .unwrap()
            .is_some_and(|it| it.blob == first)
    };
    core.postpone_upload(Some(first));
    assert!(!tried() && core.next_upload().unwrap().is_some());
    // In the next round once more, then not for a while.
    core.postpone_upload(None);
    assert!(tried());
    core.postpone_upload(Some(first));
    core.postpone_upload(None);
    assert!(!tried());
    device.clock.pass(60_000);
    assert!(tried());
}

#[tokio::test]
async fn where_bytes_are_paid_for_a_reviewer_waits_for_others_photos() {
    use crate::env::{NetworkKind, Steady};
    let server = Server::new();
    let (patel, mut ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = patel.submitted();
    let bytes = picture(8);
    patel.core().photo_add(&id, "x", None, &bytes).unwrap();
    // One's own are evidence, and go all the same.
    sync_once(patel.core(), &server, &online()).await;
    assert_eq!(patel.core().status().unwrap().waiting_photos, 0);
    server.feed(super::rig::id(&id), FeedEvent::Stored(BlobHash::of(&bytes)));
    let here = |device: &Device| device.record(&id).photos[0].preview;
    for (kind, expected) in [
        (NetworkKind::Metered, false),
        (NetworkKind::Unmetered, true),
    ] {
        ahmed.config.env.network = std::sync::Arc::new(Steady(kind));
        ahmed.reopen();
        sync_once(ahmed.core(), &server, &online()).await;
        assert_eq!(here(&ahmed), expected, "{kind:?}");
    }
}

#[tokio::test]
async fn photos_wait_for_wifi_where_the_officer_wants_it_and_words_go_all_the_same() {
    use crate::env::{NetworkKind, Steady};
    let server = Server::new();
    let mut patel = Device::new(PATEL, &server);
    patel.config.env.network = std::sync::Arc::new(Steady(NetworkKind::Metered));
    patel.reopen();
    assert!(!patel.core().status().unwrap().photos_over_wifi);
    patel.core().photos_over_wifi(true).unwrap();
    let id = patel.submitted();
    let bytes = picture(9);
    patel.core().photo_add(&id, "x", None, &bytes).unwrap();
    sync_once(patel.core(), &server, &online()).await;
    let status = patel.core().status().unwrap();
    assert_eq!((status.waiting_records, status.waiting_photos), (0, 1));
    assert!(status.photos_over_wifi && status.photos_wait && !status.moving);
    let reasons = |device: &Device| -> Vec<_> {
        let view = device.core().sending().unwrap();
        let photos = view.waiting.into_iter().filter(|row| row.kind == "photo");
        photos.map(|row| row.reason).collect()
    };
    assert_eq!(reasons(&patel), [Some("wifi".to_owned())]);
    // Kept on the device; on Wi-Fi nothing waits.
    patel.config.env.network = std::sync::Arc::new(Steady(NetworkKind::Unmetered));
    patel.reopen();
    let status = patel.core().status().unwrap();
    assert!(status.photos_over_wifi && !status.photos_wait);
    assert_eq!(reasons(&patel), [None]);
    sync_once(patel.core(), &server, &online()).await;
    assert_eq!(server.state().blobs[&BlobHash::of(&bytes)], bytes);
    // Nor does it once the officer wants it no more.
    patel.config.env.network = std::sync::Arc::new(Steady(NetworkKind::Metered));
    patel.reopen();
    patel.core().photos_over_wifi(false).unwrap();
    patel
        .core()
        .photo_add(&id, "y", None, &picture(10))
        .unwrap();
    sync_once(patel.core(), &server, &online()).await;
    assert_eq!(patel.core().status().unwrap().waiting_photos, 0);
}

/// A network that was Wi-Fi when it was asked for the first so many times.
struct Leaving(std::sync::atomic::AtomicU32);

impl crate::env::Network for Leaving {
    fn kind(&self) -> crate::env::NetworkKind {
        use std::sync::atomic::Ordering::Relaxed;
        let left = self
            .0
            .fetch_update(Relaxed, Relaxed, |it| it.checked_sub(1));
        left.map_or(crate::env::NetworkKind::Metered, |_| {
            crate::env::NetworkKind::Unmetered
        })
    }
}

#[tokio::test]
async fn a_photo_stops_half_way_when_the_wifi_is_left() {
    let server = Server::new();
    let mut patel = Device::new(PATEL, &server);
    let id = patel.submitted();
    let bytes: Vec<u8> = [picture(11), vec![0; 600 * 1024]].concat();
    patel.core().photo_add(&id, "x", None, &bytes).unwrap();
    patel.core().photos_over_wifi(true).unwrap();
    // Asked for the lanes, for the photo, and before each of two pieces.
    patel.config.env.network = std::sync::Arc::new(Leaving(4.into()));
    patel.reopen();
    let outcome = sync_once(patel.core(), &server, &online()).await;
    assert!(matches!(outcome, SyncOutcome::Idle), "{outcome:?}");
    let over = server.state().blobs[&BlobHash::of(&bytes)].len();
    assert!(over > 0 && over < bytes.len(), "{over}");
    let status = patel.core().status().unwrap();
    assert!(status.waiting_photos == 1 && status.photos_wait && !status.moving);
}
