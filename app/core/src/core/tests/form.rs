//! Encounters, places, authorisations, steps taken back, receipts, and entries of notes.

use shared::ids::ReferenceSeq;
use shared::record::Reference;
use shared::wire::ReferenceItem;

use super::rig::*;
use super::server::Server;
use crate::core::Fix;
use crate::view::{DraftView, EntryInput, FieldValue, PlaceInput, PlaceView};

const HANDSWORTH: Fix = Fix {
    lat_e7: 525_050_000,
    lon_e7: -19_300_000,
    accuracy_m: 8,
    age_ms: 0,
};

pub(super) fn set(device: &Device, id: &str, key: &str, value: Option<FieldValue>) -> DraftView {
    let fields = patch(&[(key, value)]);
    device.core().draft_set(id, fields, None).unwrap()
}

/// Gives the device a document of the reference stream, as an exchange does.
fn give(device: &Device, server: &Server, name: &str, body: &str) {
    let item = ReferenceItem {
        seq: ReferenceSeq(9),
        name: name.to_owned(),
        body: body.as_bytes().to_vec(),
    };
    let request = device.core().exchange_request().unwrap();
    let mut response = server.exchange(request).unwrap();
    response.reference.push(item);
    device.core().apply_response(response).unwrap();
}

const SECTION_60: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature",
    "properties":{"reference":"S60/14","power":"cjpoa_s60","locality":"Handsworth",
    "from":"2026-11-22T10:00:00Z","until":"2026-11-22T18:00:00Z","rank":"inspector"},
    "geometry":{"type":"Polygon","coordinates":[[[-1.94,52.50],[-1.92,52.50],[-1.92,52.51],
    [-1.94,52.51],[-1.94,52.50]]]}}]}"#;

#[test]
fn people_of_one_encounter_share_what_is_the_same_and_have_a_record_each() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let core = device.core();
    let first = core
        .draft_new("stop_search", None, Some(HANDSWORTH))
        .unwrap();
    core.draft_set(&first.id, search_fields(), None).unwrap();
    set(&device, &first.id, "vehicle_plate", text("ab12 cde"));
    set(&device, &first.id, "gowisely", text("GOWISELY"));
    let second = core
        .draft_new("stop_search", Some(&first.id), None)
        .unwrap();
    assert_eq!(second.fields["vehicle_plate"], text("AB12CDE"));
    assert_eq!(second.fields["place_lat_e7"], first.fields["place_lat_e7"]);
    for key in ["grounds", "name", "self_ethnicity", "gowisely"] {
        assert!(!second.fields.contains_key(key), "{key}");
    }
    assert_ne!(second.reference, first.reference);
    let linked = |view: &DraftView| {
        let all = view.encounter.iter();
        all.map(|it| (it.id.clone(), it.draft)).collect::<Vec<_>>()
    };
    assert_eq!(linked(&second), [(first.id.clone(), true)]);

    core.draft_submit(&first.id).unwrap();
    let second = core.draft(&second.id).unwrap();
    assert_eq!(linked(&second), [(first.id.clone(), false)]);
    core.draft_set(&second.id, search_fields(), None).unwrap();
    core.draft_submit(&second.id).unwrap();
    let seen = device.record(&first.id).encounter;
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].id, second.id);
    // Another search of the day has nothing to do with them.
    let other = device.submitted();
    assert!(device.record(&other).encounter.is_empty());
}

#[test]
fn steps_are_taken_back_one_by_one_also_after_a_kill() {
    let mut device = Device::new(PATEL, &Server::new());
    let id = device
        .core()
        .draft_new("stop_search", None, None)
        .unwrap()
        .id;
    for typed in ["S", "Seen", "Seen to run"] {
        set(&device, &id, "grounds", text(typed));
        device.clock.pass(300);
    }
    set(&device, &id, "object", text("firearms"));
    let power = patch(&[
        ("object", text("controlled_drugs")),
        ("power", text("mda_s23")),
    ]);
    device.core().draft_set(&id, power, Some("why")).unwrap();
    device.reopen();
    let undo = |device: &Device| device.core().draft_undo(&id).unwrap();
    let view = undo(&device);
    assert_eq!(view.fields["object"], text("firearms"));
    assert!(!view.fields.contains_key("power"));
    let view = undo(&device);
    assert!(!view.fields.contains_key("object"));
    assert!(view.can_undo);
    // What was typed without a pause is one step.
    let view = undo(&device);
    assert!(
        !view.fields.contains_key("grounds"),
        "{:?}",
        view.fields.keys()
    );
    assert!(!view.can_undo);
    assert_eq!(undo(&device), view);
}

#[test]
fn each_letter_that_was_said_keeps_the_time_of_its_tick() {
    let device = Device::new(PATEL, &Server::new());
    let id = device.draft();
    set(&device, &id, "gowisely", text("G"));
    device.clock.pass(5_000);
    let view = set(&device, &id, "gowisely", text("GO"));
    let times = format!("G{NOON} O{}", NOON + 5_000);
    assert_eq!(view.fields["gowisely_times"], text(&times));
    let view = set(&device, &id, "gowisely", text("O"));
    assert_eq!(
        view.fields["gowisely_times"],
        text(&format!("O{}", NOON + 5_000))
    );
    let view = set(&device, &id, "gowisely", None);
    assert!(!view.fields.contains_key("gowisely_times"));
}

#[test]
fn what_the_app_fills_in_no_form_changes() {
    let device = Device::new(PATEL, &Server::new());
    let id = device.draft();
    for key in [
        "reference",
        "encounter",
        "receipt_hash",
        "authorisation_check",
    ] {
        let fields = patch(&[(key, text("x"))]);
        assert_eq!(
            code(device.core().draft_set(&id, fields, None)),
            "bad_input"
        );
    }
    let id = device.submitted();
    let fields = patch(&[("receipt_hash", text("x"))]);
    assert_eq!(code(device.core().edit(&id, fields)), "bad_input");
}

#[test]
fn somebody_else_may_have_searched_and_their_label_goes_with_them() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    device.sync(&server);
    let id = device.draft();
    let view = set(
        &device,
        &id,
        "searched_by",
        text(&officer(AHMED).to_string()),
    );
    assert_eq!(view.fields["searched_by_label"], text("Sgt 2093 Ahmed"));
    assert_eq!(view.fields["recorded_by_label"], text("PC 4417 Patel"));
    let view = set(&device, &id, "searched_by", None);
    assert!(!view.fields.contains_key("searched_by_label"));
    assert_eq!(view.problems[0].field, "searched_by");
    // The same of a submitted record that is put right; no form gives a label of its own.
    let id = device.submitted();
    let fields = patch(&[
        ("searched_by", text(&officer(AHMED).to_string())),
        ("searched_by_label", text("PC 1 Nobody")),
    ]);
    let view = device.core().edit(&id, fields).unwrap();
    assert_eq!(view.fields["searched_by_label"], text("Sgt 2093 Ahmed"));
}

#[test]
fn a_position_that_is_found_late_is_added_and_is_no_step_to_take_back() {
    let device = Device::new(PATEL, &Server::new());
    let core = device.core();
    let id = core.draft_new("stop_search", None, None).unwrap().id;
    set(&device, &id, "grounds", text("Seen to run"));
    let late = PlaceInput {
        source: "gps".into(),
        lat_e7: Some(HANDSWORTH.lat_e7),
        lon_e7: Some(HANDSWORTH.lon_e7),
        accuracy_m: Some(8),
        late: true,
        ..PlaceInput::default()
    };
    let view = core.draft_place(&id, &late).unwrap();
    assert_eq!(view.fields["place_fix_at"], Some(FieldValue::Int(NOON)));
    let view = core.draft_undo(&id).unwrap();
    assert!(!view.fields.contains_key("grounds"));
    assert!(view.fields.contains_key("place_lat_e7"));
    assert!(!view.can_undo);
}

#[test]
fn a_live_authorisation_is_held_against_place_and_time_and_kept_with_the_record() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    give(&device, &server, "authorisations", SECTION_60);
    let core = device.core();
    let here = PlaceView {
        lat_e7: HANDSWORTH.lat_e7,
        lon_e7: HANDSWORTH.lon_e7,
        accuracy_m: 8,
    };
    let away = PlaceView {
        lon_e7: -19_700_000,
        ..here
    };
    let cover = |place| core.authorisations(place).unwrap()[0].cover.clone();
    assert_eq!(cover(Some(here)), "inside");
    assert_eq!(cover(Some(away)), "outside");
    assert_eq!(cover(None), "no_place");

    let id = core
        .draft_new("stop_search", None, Some(HANDSWORTH))
        .unwrap()
        .id;
    core.draft_set(&id, search_fields(), None).unwrap();
    let fields = patch(&[
        ("power", text("cjpoa_s60")),
        ("object", text("weapons_s60")),
        ("grounds", None),
    ]);
    let view = core.draft_set(&id, fields, None).unwrap();
    assert_eq!(view.basis, "authorisation");
    assert_eq!(view.problems[0].field, "authorisation");
    let view = set(&device, &id, "authorisation", text("S60/14"));
    assert_eq!(
        (view.cover.as_deref(), view.problems.len()),
        (Some("inside"), 0)
    );
    assert_eq!(view.grid.as_deref(), Some("SP 04848 89680"));
    core.draft_submit(&id).unwrap();
    let kept = device.record(&id).fields["authorisation_check"].clone();
    assert_eq!(kept, text("inside"));
    device.clock.pass(12 * 3_600_000);
    assert_eq!(cover(Some(here)), "not_in_force");
}

#[test]
fn the_officers_words_for_a_place_stay_whatever_the_coordinates_do() {
    let device = Device::new(PATEL, &Server::new());
    let core = device.core();
    let id = device.draft();
    let words = text("Soho Road, by the post office");
    let pin = PlaceInput {
        source: "pin".into(),
        lat_e7: Some(525_000_000),
        lon_e7: Some(-19_000_000),
        ..PlaceInput::default()
    };
    let view = core.draft_place(&id, &pin).unwrap();
    assert_eq!(view.fields["place_source"], text("pin"));
    assert!(!view.fields.contains_key("place_fix_at"));
    // A fix that comes late gives way to the pin.
    let late = PlaceInput {
        source: "gps".into(),
        lat_e7: Some(1),
        late: true,
        ..pin.clone()
    };
    assert_eq!(core.draft_place(&id, &late).unwrap(), view);
    let grid = PlaceInput {
        source: "grid".into(),
        grid: Some("sp 048 889".into()),
        ..PlaceInput::default()
    };
    let view = core.draft_place(&id, &grid).unwrap();
    assert_eq!(view.fields["place_accuracy_m"], Some(FieldValue::Int(71)));
    // The middle of the square, to the seventh decimal of a degree.
    assert_eq!(view.grid.as_deref(), Some("SP 04849 88949"));
    assert_eq!(view.fields["place_text"], words);
    for bad in [
        PlaceInput {
            source: "dowsing".into(),
            ..pin.clone()
        },
        PlaceInput {
            lat_e7: Some(i64::MAX),
            ..pin.clone()
        },
        PlaceInput {
            lat_e7: None,
            ..pin.clone()
        },
        PlaceInput {
            grid: Some("SP 1".into()),
            ..pin
        },
    ] {
        assert_eq!(code(core.draft_place(&id, &bad)), "bad_input");
    }
    core.draft_submit(&id).unwrap();
    let recent = core.recent_places().unwrap();
    assert_eq!(Some(FieldValue::Text(recent[0].text.clone())), words);
    assert_eq!(recent[0].place.unwrap().accuracy_m, 71);
}

#[test]
fn the_receipts_code_holds_the_persons_page_and_the_record_only_its_hash() {
    let mut device = Device::new(PATEL, &Server::new());
    let id = device.submitted();
    let receipt = device.core().receipt(&id).unwrap();
    let url = receipt.url.clone().unwrap();
    let rest = url
        .strip_prefix("https://beatbook.example:8443/r/")
        .unwrap();
    let (reference, secret) = rest.split_once('/').unwrap();
    assert_eq!(reference, receipt.reference);
    assert!(Reference::parse(reference).is_ok());
    let secret = shared::record::ReceiptSecret::parse(secret).unwrap();
    let record = device.record(&id);
    assert_eq!(record.fields["receipt_hash"], text(&secret.hash()));
    assert!(!format!("{:?}", record.fields).contains(rest));
    device.reopen();
    assert_eq!(
        device.core().receipt(&id).unwrap(),
        receipt,
        "it can be shown again"
    );
    assert_ne!(
        device.core().receipt(&device.submitted()).unwrap().url,
        Some(url)
    );
}

#[test]
fn a_correction_stands_beside_what_it_corrects() {
    let device = Device::new(PATEL, &Server::new());
    let core = device.core();
    let id = core.draft_new("note", None, None).unwrap().id;
    set(&device, &id, "text", text("Red Ford, going north."));
    core.draft_submit(&id).unwrap();
    let entry = |text: &str, corrects: Option<&str>, quote: Option<&str>| EntryInput {
        record_id: id.clone(),
        text: text.into(),
        happened_at: Some(NOON - 60_000),
        corrects: corrects.map(str::to_owned),
        quote: quote.map(str::to_owned),
    };
    let put_right = entry("It went south.", Some("text"), Some("going north"));
    let view = core.add_entry(&put_right).unwrap();
    assert_eq!(view.fields["text"], text("Red Ford, going north."));
    let added = &view.addenda[0];
    assert_eq!(added.quote.as_deref(), Some("going north"));
    assert_eq!(added.happened_at, Some(NOON - 60_000));
    // An entry can be put right as well.
    let again = entry("South-west.", Some(&added.id), Some("south"));
    assert_eq!(core.add_entry(&again).unwrap().addenda.len(), 2);
    for bad in [
        entry("x", Some("text"), Some("never said")),
        entry("x", Some("nowhere"), None),
        entry(" ", None, None),
    ] {
        assert_eq!(code(core.add_entry(&bad)), "bad_input");
    }
    assert_eq!(device.record(&id).addenda.len(), 2);
    // The note itself is what was written at the time.
    let rewrite = patch(&[("text", text("Blue Audi"))]);
    assert_eq!(code(core.edit(&id, rewrite)), "append_only");
    let other = patch(&[("category", text("incident"))]);
    assert!(core.edit(&id, other).is_ok());
}
