//! Lists and search, at the size of a busy year.

use std::time::Instant;

use super::rig::*;
use super::server::Server;
use crate::core::project;
use crate::store::{ProjectedRow, record_rows};
use shared::ids::{RecordId, ReferenceSeq};
use shared::time::UnixMs;
use shared::wire::ReferenceItem;

#[test]
fn home_shows_person_reviewer_drafts_and_records_without_names() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    device.sync(&server);
    let id = device.submitted();
    device.draft();
    let home = device.core().home().unwrap();
    assert_eq!(home.person.label, "PC 4417 Patel");
    assert_eq!(home.person.reviewer.as_deref(), Some("Sgt 2093 Ahmed"));
    assert_eq!(
        (home.drafts.len(), home.records.len(), home.total),
        (1, 1, 1)
    );
    let row = &home.records[0];
    assert_eq!(
        (row.id.as_str(), row.title.as_str()),
        (id.as_str(), "Controlled drugs")
    );
    assert!(!format!("{home:?}").contains("Jordan"));
}

#[test]
fn search_finds_by_prefix_reference_name_and_label_and_takes_no_syntax() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let id = device.submitted();
    let reference = device.record(&id).reference;
    device
        .core()
        .add_to_record(&id, "Found a Čapek novel")
        .unwrap();
    let hits = |text: &str| device.core().search(text).unwrap().records.len();
    for text in [
        "soh",
        "SOHO road",
        &reference,
        "jordan exam",
        "misuse",
        "capek",
        "novel",
    ] {
        assert_eq!(hits(text), 1, "{text}");
    }
    for text in [
        "",
        "   ",
        "\"",
        "nothing",
        "soho OR zebra*(",
        "NEAR(",
        "words:soho x",
    ] {
        assert_eq!(hits(text), 0, "{text}");
    }
    let view = device.core().search("soho").unwrap();
    assert_eq!((view.searched, view.since), (1, Some(NOON)));
}

#[test]
fn the_forms_get_their_lists_and_hints() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let lists = device.core().lists().unwrap();
    let objects = lists
        .lists
        .iter()
        .find(|list| list.name == "objects")
        .unwrap();
    let drugs = objects
        .codes
        .iter()
        .find(|it| it.code == "controlled_drugs")
        .unwrap();
    assert_eq!(drugs.power.as_deref(), Some("mda_s23"));
    assert_eq!(
        drugs.detail.as_deref(),
        Some("Misuse of Drugs Act 1971, section 23")
    );
    assert!(!lists.hints.is_empty());
    assert!(device.core().where_is(0, 0).unwrap().ward.is_none());
}

#[test]
fn the_lists_say_which_version_they_are_and_since_when_they_are_here() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let lists = device.core().lists().unwrap();
    assert_eq!(lists.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(lists.since, None);
    device.clock.pass(60_000);
    server.state().reference.push(ReferenceItem {
        seq: ReferenceSeq(7),
        name: "codes".into(),
        body: b"[]".to_vec(),
    });
    device.sync(&server);
    // The day on which somebody looks is no version.
    device.clock.pass(9 * 24 * 3_600_000);
    let lists = device.core().lists().unwrap();
    assert_eq!(lists.version, "7");
    assert_eq!(lists.since, Some(NOON + 60_000));
}

#[test]
fn ten_thousand_records_list_and_search_without_opening_a_document() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let id = device.submitted();
    device
        .core()
        .lock()
        .commit(&device.config, |tx, context| {
            let known = record_rows::known(tx, super::rig::id(&id))?.unwrap();
            for n in 0..10_000_u32 {
                let mut bytes = [0; 16];
                bytes[..4].copy_from_slice(&n.to_be_bytes());
                let record = RecordId::from_bytes(bytes);
                record_rows::put(
                    tx,
                    &ProjectedRow {
                        id: record,
                        own: true,
                        author: context.me(),
                        kind: "stop_search",
                        title: "Controlled drugs",
                        subject: Some("person"),
                        place: Some("Soho Road"),
                        photos: 0,
                        happened_at: UnixMs(NOON - i64::from(n) * 60_000),
                        conflict: false,
                        look: &known.look,
                        words: &format!("Soho Road number{n} bag passed quickly"),
                        // No document: opening one would fail.
                        snapshot: Some(b""),
                    },
                )?;
                if n < 100 {
                    project::states(tx, context, record)?;
                }
            }
            Ok(())
        })
        .unwrap();
    let started = Instant::now();
    let home = device.core().home().unwrap();
    assert_eq!((home.records.len(), home.total), (50, 10_001));
    let page = device.core().records(5000, 50, "all").unwrap();
    assert!(
        page.iter()
            .is_sorted_by(|a, b| a.happened_at >= b.happened_at)
    );
    assert_eq!(device.core().search("soho").unwrap().records.len(), 50);
    assert_eq!(device.core().search("number77").unwrap().records.len(), 50);
    // Generous for a debug build on a shared machine; the benchmark has the real figures.
    assert!(
        started.elapsed().as_millis() < 2000,
        "{:?}",
        started.elapsed()
    );
    let state = device.core().lock();
    let plan: String = state
        .store
        .read()
        .query_row(
            "EXPLAIN QUERY PLAN SELECT id, own, author, kind, title, subject, place, photos,
                 happened_at, delivery, delivery_at, delivery_photos, delivery_reason, review,
                 review_at, review_by, shown, waiting
             FROM record WHERE own = 1 ORDER BY happened_at DESC, num DESC LIMIT 50",
            (),
            |row| row.get("detail"),
        )
        .unwrap();
    assert!(plan.contains("COVERING INDEX record_list"), "{plan}");
}
