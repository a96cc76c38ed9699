//! What lists, search and map are given of a record.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use super::*;
use crate::doc::{About, Addendum, ConflictValue, PhotoMeta};
use crate::hash::ChangeHash;

fn search() -> Content {
    let mut content = Content::empty(Kind::StopSearch);
    let fields = &mut content.fields;
    fields.set(field::REFERENCE, "BB20-7K3M-29QX");
    fields.set(field::SEARCHED_AT, 1_795_380_720_000_i64);
    fields.set(field::STARTED_AT, 1_795_380_730_000_i64);
    fields.set(field::OBJECT, "controlled_drugs");
    fields.set(field::POWER, "mda_s23");
    fields.set(field::OUTCOME, "arrest");
    fields.set(field::PLACE_TEXT, "Soho Road");
    fields.set(field::PLACE_LAT_E7, 524_500_000);
    fields.set(field::PLACE_LON_E7, -18_500_000);
    fields.set(field::AGE, 17);
    fields.set(field::EXTENT, "mts");
    fields.set(field::VEHICLE_PLATE, "BX19 KLM");
    fields.set(field::SEARCHED_BY, "04".repeat(16));
    fields.set(field::WEAPON_FOUND, true);
    fields.set(field::FORCE_USED, false);
    content
}

const SQUARE: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature",
"properties":{"code":"E01","name":"Handsworth Wood","district":"Town"},"geometry":{"type":"Polygon",
"coordinates":[[[-1.9,52.4],[-1.8,52.4],[-1.8,52.5],[-1.9,52.5],[-1.9,52.4]]]}}]}"#;

#[test]
fn a_search_becomes_a_row() {
    let (areas, _) = Areas::from_geojson(SQUARE).unwrap();
    let row = project(&search(), CodeLists::builtin(), Some(&areas));
    assert_eq!(row.title, "Controlled drugs");
    assert_eq!(row.title_code.as_deref(), Some("controlled_drugs"));
    assert_eq!(row.reference.as_deref(), Some("BB20-7K3M-29QX"));
    assert_eq!(row.happened_at, Some(UnixMs(1_795_380_720_000)));
    assert_eq!(row.ward.as_ref().unwrap().name, "Handsworth Wood");
    let flags = Flags {
        arrest: true,
        weapon_found: true,
        under_18: true,
        more_than_outer: true,
        no_video: true,
        ..Flags::default()
    };
    assert_eq!(row.flags, flags);
    for word in [
        "BX19KLM",
        "BX19 KLM",
        "Misuse of Drugs Act",
        "Arrest",
        "Handsworth",
        "BB20",
    ] {
        assert!(row.search_text.contains(word), "{word}");
    }
    assert!(!row.search_text.contains("0404"), "no identifiers");
}

#[test]
fn all_words_are_found_also_those_in_conflict() {
    let mut content = search();
    let value = |text: &str, hash| ConflictValue {
        value: Some(text.into()),
        change: ChangeHash::from_bytes([hash; 32]),
    };
    content.conflicts.insert(
        field::PLACE_TEXT.into(),
        vec![value("Soho Road", 1), value("Oxhill Road", 2)],
    );
    content.addenda.push(Addendum {
        id: [1; 16],
        text: "Knife found under the seat".into(),
        by: "PC 1".into(),
        at: UnixMs(1),
        about: About::default(),
    });
    let photo = PhotoMeta {
        sha256: BlobHash::of(b"photo"),
        bytes: 5,
        mime: "image/jpeg".into(),
        caption: Some("Seized bag".into()),
        taken_at: UnixMs(1),
        width: 1,
        height: 1,
    };
    let id = PhotoId::from_bytes([9; 16]);
    content.photos.insert(id, photo);
    let row = project(&content, CodeLists::builtin(), None);
    assert!(row.conflict && row.ward.is_none());
    assert_eq!(row.photos, [(id, BlobHash::of(b"photo"), 5)]);
    for word in ["Oxhill", "Soho", "Knife", "Seized"] {
        assert!(row.search_text.contains(word), "{word}");
    }
}

#[test]
fn a_note_is_headed_by_its_category() {
    let mut content = Content::empty(Kind::Note);
    let row = project(&content, CodeLists::builtin(), None);
    assert_eq!((row.title.as_str(), row.flags), ("Note", Flags::default()));
    content.fields.set(field::CATEGORY, "safeguarding");
    content.fields.set(field::TEXT, "Street lights out");
    content.fields.set(field::STARTED_AT, 7);
    content.fields.set(field::PLACE_LAT_E7, 524_500_000);
    let row = project(&content, CodeLists::builtin(), None);
    assert_eq!(row.title, "Concern for somebody");
    assert_eq!(
        (row.happened_at, row.lat_e7),
        (Some(UnixMs(7)), None),
        "half a place is none"
    );
    assert!(row.search_text.contains("Street lights out"));
}

#[test]
fn rows_read_back_and_debug_names_nobody() {
    let row = project(&search(), CodeLists::builtin(), None);
    let json = serde_json::to_string(&row).unwrap();
    assert_eq!(serde_json::from_str::<Projection>(&json).unwrap(), row);
    let printed = format!("{row:?}");
    assert!(
        !printed.contains("Soho") && !printed.contains("KLM"),
        "{printed}"
    );
}
