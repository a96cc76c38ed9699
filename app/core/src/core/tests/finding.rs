//! Notes and the records they name, searching, and what is pasted.

use shared::record::field;

use super::form::set;
use super::rig::*;
use super::server::Server;
use crate::store::{StoreError, record_rows};
use crate::view::{FieldValue, FindInput};

#[test]
fn notes_name_records_and_are_found_from_them() {
    let device = Device::new(PATEL, &Server::new());
    let search = device.submitted();
    let core = device.core();
    let note = core.draft_new("note", None, None).unwrap().id;
    set(&device, &note, "text", text("Statement of the shopkeeper"));
    set(&device, &note, "linked_record", text(&search));
    core.draft_submit(&note).unwrap();
    let notes = device.record(&search).notes;
    assert_eq!(notes.len(), 1);
    assert_eq!(
        (notes[0].id.as_str(), notes[0].kind.as_str()),
        (note.as_str(), "note")
    );
}

#[test]
fn what_is_found_comes_newest_first_and_filters_narrow_it() {
    let device = Device::new(PATEL, &Server::new());
    let core = device.core();
    let mut all = Vec::new();
    // Not in the order in which they happened.
    for minutes in [30_i64, 10, 50, 0, 40, 20] {
        let id = device.draft();
        let at = FieldValue::Int(NOON - minutes * 60_000);
        set(&device, &id, "searched_at", Some(at));
        set(&device, &id, "not_on_spot_reason", text("Sent on"));
        core.draft_submit(&id).unwrap();
        all.push((minutes, id));
    }
    all.sort();
    let ids = |find: &FindInput| {
        let found = core.find(find).unwrap().records.into_iter();
        found.map(|it| it.id).collect::<Vec<_>>()
    };
    let find = FindInput {
        text: "soho POST".into(),
        ..FindInput::default()
    };
    let newest_first: Vec<_> = all.iter().map(|(_, id)| id.clone()).collect();
    assert_eq!(ids(&find), newest_first);
    let narrow = |change: fn(&mut FindInput)| {
        let mut find = find.clone();
        change(&mut find);
        ids(&find)
    };
    assert_eq!(narrow(|it| it.kind = Some("note".into())), [""; 0]);
    assert_eq!(narrow(|it| it.subject = Some("vehicle".into())), [""; 0]);
    assert_eq!(narrow(|it| it.state = Some("saved".into())).len(), 6);
    assert_eq!(narrow(|it| it.state = Some("approved".into())).len(), 0);
    assert_eq!(
        narrow(|it| it.from = Some(NOON - 20 * 60_000)),
        newest_first[..3]
    );
    assert_eq!(
        narrow(|it| it.until = Some(NOON - 20 * 60_000)),
        newest_first[3..]
    );
    // A filter alone finds too; nothing at all does not.
    assert_eq!(
        narrow(|it| {
            it.text.clear();
            it.own = true;
        }),
        newest_first
    );
    assert_eq!(narrow(|it| it.text = " \"* ".into()), [""; 0]);
    // A search that turns out to have been earlier moves to where it belongs.
    let fields = patch(&[("searched_at", Some(FieldValue::Int(NOON - 90 * 60_000)))]);
    core.edit(&newest_first[0], fields).unwrap();
    assert_eq!(ids(&find).last(), Some(&newest_first[0]));
    assert_eq!(ids(&find).len(), 6);
}

#[test]
fn the_beginning_of_a_word_finds_all_that_it_begins_however_many_they_are() {
    let device = Device::new(PATEL, &Server::new());
    let core = device.core();
    let note = |words: &str| {
        let id = core.draft_new("note", None, None).unwrap().id;
        set(&device, &id, "text", text(words));
        core.draft_submit(&id).unwrap();
    };
    note("A red bicycle, and another bicyclist.");
    note("BICYCLES by the Café Größe, bicycleé");
    let many: Vec<_> = (0..40).map(|it| format!("order{it}")).collect();
    note(&many.join(" "));
    let hits = |text: &str| core.search(text).unwrap().records.len();
    for (typed, found) in [
        ("bicy", 2),
        ("bicycle", 2),
        ("bicycles", 1),
        ("bicyclist", 1),
        ("bicyclists", 0),
        ("Bicy ano", 1),
        ("bi", 2),
        ("café", 1),
        ("cafe", 1),
        ("größ", 1),
        ("bicycle caf", 1),
        ("order", 1),
        ("order3", 1),
        ("order99", 0),
        ("order bicycle", 0),
        // A word like any other.
        ("\" OR *", 1),
    ] {
        assert_eq!(hits(typed), found, "{typed}");
    }
}

#[test]
fn records_are_counted_as_they_come_and_go() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let counts = || {
        let state = device.core().lock();
        let conn = state.store.read();
        let sql = "SELECT count(*) FROM record WHERE own >= ?1";
        let real = |own| {
            conn.query_row(sql, (own,), |row| row.get::<_, u32>(0))
                .unwrap()
        };
        let told = |own| record_rows::count(conn, own).unwrap().0;
        assert_eq!((told(true), told(false)), (real(true), real(false)));
        (told(true), told(false))
    };
    let one = device.submitted();
    device.submitted();
    assert_eq!(counts(), (2, 2));
    let write = |sql: &str| {
        let mut state = device.core().lock();
        let key = (id(&one).as_bytes().to_vec(),);
        let done: Result<_, StoreError> = state.store.write(|tx| Ok(tx.execute(sql, key)?));
        assert_eq!(done.unwrap(), 1);
    };
    write("UPDATE record SET own = 0 WHERE id = ?1");
    assert_eq!(counts(), (1, 2));
    write("DELETE FROM record WHERE id = ?1");
    assert_eq!(counts(), (1, 1));
}

#[test]
fn words_of_earlier_states_are_found_by_nobody_and_go_in_time() {
    let device = Device::new(PATEL, &Server::new());
    let core = device.core();
    let id = device.submitted();
    let fields = patch(&[("place_text", text("Holyhead Road"))]);
    core.edit(&id, fields).unwrap();
    let hits = |text: &str| core.search(text).unwrap().records.len();
    assert_eq!((hits("Soho"), hits("Holyhead")), (0, 1));
    let left = || -> i64 {
        let state = core.lock();
        let sql = "SELECT count(*) FROM words WHERE words MATCH 'soho'";
        state
            .store
            .read()
            .query_row(sql, (), |row| row.get(0))
            .unwrap()
    };
    assert_eq!(left(), 1);
    assert!(!core.tidy().unwrap());
    assert_eq!((left(), hits("Holyhead")), (0, 1));
}

#[test]
fn whatever_is_pasted_is_kept_and_named_and_nothing_is_lost() {
    let device = Device::new(PATEL, &Server::new());
    let id = device.draft();
    let odd = "👮🏾\u{200d}♂️ قال الشرطي \u{202e}desrever\u{202c} ".repeat(20);
    let view = set(&device, &id, "grounds", text(&odd));
    assert_eq!(view.fields["grounds"], text(&odd));
    assert_eq!(view.problems, []);
    let long = "x".repeat(100_000);
    let view = set(&device, &id, "grounds", text(&long));
    assert_eq!(view.fields["grounds"], text(&long), "kept as typed");
    assert_eq!(
        (
            view.problems[0].field.as_str(),
            view.problems[0].code.as_str()
        ),
        ("grounds", "too_long")
    );
    // Megabytes are refused with the field's name, and what was there stays.
    let huge = patch(&[("grounds", text(&"y".repeat(2_000_000)))]);
    let error = device.core().draft_set(&id, huge, None).unwrap_err();
    assert_eq!(
        (error.code(), error.field()),
        ("bad_input", Some("grounds"))
    );
    assert_eq!(
        device.core().draft(&id).unwrap().fields["grounds"],
        text(&long)
    );
    set(&device, &id, "grounds", text(&odd));
    for plate in ["wa 1234c", "1-abc-234", "北京 a12345"] {
        set(&device, &id, field::VEHICLE_PLATE, text(plate));
    }
    let receipt = device.core().draft_submit(&id).unwrap();
    assert!(receipt.is_some());
    assert_eq!(
        device.record(&id).fields["vehicle_plate"],
        text("北京A12345")
    );
}
