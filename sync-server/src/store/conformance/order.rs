//! Acceptance order is commit order, whoever reads in between.

use shared::ids::{AcceptPos, PhotoId};
use shared::wire::{Cursors, FeedEvent};

use super::Make;
use super::follow::{EACH, Page, Stream, WRITERS, blob, follow};
use super::kit::*;
use crate::store::*;

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

/// The stream of a vault that sees the record, in pages as small as they come.
struct Feed<'a> {
    store: &'a dyn Store,
    /// Past all mail and reference data: nobody writes any meanwhile.
    cursors: Cursors,
}

impl<'a> Feed<'a> {
    fn new(store: &'a dyn Store) -> Self {
        let all = news(store, SERGEANTS_LOG, Cursors::default(), 1 << 20);
        let mut cursors = Cursors::default();
        cursors.mailbox = all.mail.last().map_or(cursors.mailbox, |item| item.seq);
        let reference = all.reference.last();
        cursors.reference = reference.map_or(cursors.reference, |item| item.seq);
        Self { store, cursors }
    }
}

impl Stream for Feed<'_> {
    fn write(&self, writer: u8, n: u8) {
        let told = self.store.photo_stored(DEVICE, blob(writer, n), 1, NOW);
        told.unwrap();
    }

    fn read(&self, after: AcceptPos) -> Page {
        let mut cursors = self.cursors.clone();
        cursors.records = after;
        let news = news(self.store, SERGEANTS_LOG, cursors, 256);
        let items = news.feed.iter().map(|item| match item.event {
            FeedEvent::Stored(blob) => (item.position, Some(blob)),
            _ => (item.position, None),
        });
        Page {
            items: items.collect(),
            end: news.records,
            more: news.more,
        }
    }
}

/// Several writers and a reader at once: with positions taken before the commit, a reader
/// passes one that becomes visible later, and never sees it.
pub(super) fn readers_beside_writers_miss_nothing(make: Make<'_>) {
    let store = make();
    with_photos(&*store);
    assert_eq!(
        follow(&Feed::new(&*store)),
        Ok(()),
        "contract: a reader is given each once, in order of acceptance"
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
