//! Acceptance order is commit order, whoever reads in between.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use shared::hash::BlobHash;
use shared::ids::{AcceptPos, PhotoId};
use shared::wire::{Cursors, FeedEvent, FeedItem};

use super::Make;
use super::kit::*;
use crate::store::*;

const WRITERS: u8 = 4;
const EACH: u8 = 12;

fn blob(writer: u8, n: u8) -> BlobHash {
    BlobHash::of(&[writer, n])
}

/// A submitted record that names a photo for each thing that will be written.
fn with_photos(store: &dyn Store) {
    let mut photos = Vec::new();
    for writer in 0..WRITERS {
        for n in 0..EACH {
            photos.push((
                PhotoId::from_bytes([writer * EACH + n; 16]),
                blob(writer, n),
            ));
        }
    }
    submitted(store, &photos);
}

pub(super) fn positions_have_no_holes(make: Make<'_>) {
    let store = make();
    with_photos(&*store);
    let before = store.counters().unwrap().accept.0;
    for n in 0..EACH {
        let scopes = store.photo_stored(DEVICE, blob(0, n), 1, NOW).unwrap();
        assert_eq!(scopes.len(), 2, "contract: author and team are told");
        assert!(
            store
                .photo_stored(DEVICE, blob(0, n), 1, NOW)
                .unwrap()
                .is_empty(),
            "contract: once"
        );
    }
    assert_eq!(store.counters().unwrap().accept.0, before + u64::from(EACH));
}

/// Several writers and a reader at once: with positions taken before the commit, a reader
/// passes one that becomes visible later, and never sees it.
pub(super) fn readers_beside_writers_miss_nothing(make: Make<'_>) {
    let store = make();
    with_photos(&*store);
    let running = AtomicUsize::new(usize::from(WRITERS));
    let seen: Vec<FeedItem> = std::thread::scope(|scope| {
        let (store, running) = (&store, &running);
        for writer in 0..WRITERS {
            scope.spawn(move || {
                for n in 0..EACH {
                    store.photo_stored(DEVICE, blob(writer, n), 1, NOW).unwrap();
                }
                running.fetch_sub(1, Ordering::SeqCst);
            });
        }
        let mut cursors = Cursors::default();
        let mut seen = Vec::new();
        loop {
            let last = running.load(Ordering::SeqCst) == 0;
            let news = news(&**store, SERGEANTS_LOG, cursors.clone(), 256);
            cursors.records = news.records;
            cursors.mailbox = news.mail.last().map_or(cursors.mailbox, |item| item.seq);
            cursors.reference = news
                .reference
                .last()
                .map_or(cursors.reference, |item| item.seq);
            seen.extend(news.feed);
            if last && !news.more {
                return seen;
            }
        }
    });
    let stored = seen.iter().filter_map(|item| match &item.event {
        FeedEvent::Stored(blob) => Some(*blob),
        _ => None,
    });
    let stored: Vec<BlobHash> = stored.collect();
    let each: BTreeSet<BlobHash> = stored.iter().copied().collect();
    let all = usize::from(WRITERS * EACH);
    assert_eq!(
        (stored.len(), each.len()),
        (all, all),
        "contract: each once"
    );
    assert!(
        seen.is_sorted_by(|a, b| a.position < b.position),
        "contract: in order"
    );
}

pub(super) fn the_console_resumes_at_any_position(make: Make<'_>) {
    let store = make();
    with_photos(&*store);
    let list = |after| {
        store
            .console_list(&ListQuery::After(AcceptPos(after), 10))
            .unwrap()
    };
    let first = list(0);
    assert_eq!((first.rows.len(), first.more), (1, false));
    let position = first.counters.accept.0;
    assert!(list(position).rows.is_empty());
    store.photo_stored(DEVICE, blob(1, 1), 1, NOW).unwrap();
    let next = list(position);
    assert_eq!(
        next.rows[0].position.0,
        position + 1,
        "contract: the row moves with its record"
    );
    assert_eq!(next.rows[0].photos_here, [blob(1, 1)]);
    let since = |at| {
        store
            .console_list(&ListQuery::Since(at, 10))
            .unwrap()
            .rows
            .len()
    };
    assert_eq!([since(NOW), since(NOW.plus(1))], [1, 0]);
    let audit = store.figures().unwrap().audit;
    assert!(
        store
            .console_detail(RECORD, OFFICER, NOW)
            .unwrap()
            .is_some()
    );
    assert_eq!(
        store.figures().unwrap().audit,
        audit + 1,
        "contract: reading is audited"
    );
}

pub(super) fn published_searches_come_once(make: Make<'_>) {
    let store = make();
    let row = |line, at| PublishedRow {
        line,
        at: Some(NOW.plus(at)),
        lat: Some(52.5),
        lon: None,
        columns: "{}".to_owned(),
    };
    let rows = [row(2, 5), row(3, 9), row(4, 1)];
    assert_eq!(store.add_published(&[1; 32], &rows).unwrap(), 3);
    assert_eq!(store.add_published(&[1; 32], &rows).unwrap(), 0);
    assert_eq!(
        store.add_published(&[2; 32], &rows[..1]).unwrap(),
        1,
        "contract: by file"
    );
    let (total, newest) = store.published(1).unwrap();
    assert_eq!((total, newest[0].line), (4, 3));
    let seq = store.set_reference("areas", b"one").unwrap();
    assert!(store.set_reference("areas", b"two").unwrap() > seq);
    assert_eq!(store.reference("areas").unwrap().unwrap().1, b"two");
}

pub(super) fn the_audit_holds(make: Make<'_>) {
    let store = make();
    with_photos(&*store);
    let event = AuditEvent {
        kind: "test",
        officer: Some(OFFICER),
        ..Default::default()
    };
    store.audit(&event, NOW).unwrap();
    let (rows, broken) = store.verify_audit().unwrap();
    assert_eq!((rows, broken), (store.figures().unwrap().audit, None));
}
