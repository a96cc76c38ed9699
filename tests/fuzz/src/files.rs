//! Files that people bring, and short words in addresses and tables.

use shared::area::Areas;
use shared::authorisation::Authorisations;
use shared::codes::CodeLists;
use shared::grid::Grid;
use shared::ids::RecordId;
use shared::published;
use shared::record::{Kind, Reference};
use shared::settings::Settings;
use shared::wire::{ErrorCode, Scope, VerdictCode};

use crate::{Form, Room, Target};

const ROOM: Room = Room {
    flat: 1 << 20,
    per_byte: 512,
};

pub(crate) fn targets() -> Vec<Target> {
    let target = |name, run, honest, form| Target {
        name,
        run,
        honest,
        form,
        room: ROOM,
    };
    vec![
        target("published", published, searches, Form::Text),
        target("areas", areas, wards, Form::Json),
        target("authorisations", authorisations, orders, Form::Json),
        target("settings", settings, configurations, Form::Json),
        target("lists", lists, code_lists, Form::Json),
        target("words", words, names, Form::Text),
    ]
}

/// A force's published searches.
fn published(data: &[u8]) {
    for row in published::read(data).flatten() {
        let _ = (row.month(), row.place());
    }
}

fn areas(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    if let Ok((areas, _)) = Areas::from_geojson(text) {
        let _ = areas.at(52.5, -1.9);
        let again = Areas::from_geojson(&areas.to_geojson());
        assert!(again.is_ok_and(|(it, _)| it.len() == areas.len()));
    }
}

fn authorisations(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    if let Ok((read, _)) = Authorisations::read(text) {
        assert!(Authorisations::read(&read.to_geojson()).is_ok());
    }
}

fn settings(data: &[u8]) {
    let _ = Settings::from_operator(data);
    let _ = Settings::from_json(data);
}

fn lists(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    if let Ok(lists) = CodeLists::from_json(text) {
        assert!(
            lists
                .to_json()
                .is_ok_and(|it| CodeLists::from_json(&it).is_ok())
        );
    }
}

/// What stands in addresses, in columns, and on receipts.
fn words(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    if let Ok(id) = text.parse::<RecordId>() {
        assert!(id.to_string().parse() == Ok(id));
    }
    if let Ok(scope) = text.parse::<Scope>() {
        assert!(scope.to_string().parse() == Ok(scope));
    }
    if let Ok(reference) = Reference::parse(text) {
        assert!(Reference::parse(reference.as_str()) == Ok(reference));
    }
    if let Ok(grid) = text.parse::<Grid>() {
        let _ = grid.degrees();
    }
    let _ = text.parse::<Kind>();
    let _ = (ErrorCode::parse(text), VerdictCode::parse(text));
}

fn searches() -> Vec<Vec<u8>> {
    let rows = published::sample(1, 20);
    let mut file = Vec::new();
    // Writing to memory cannot fail.
    let _ = published::write(&rows, &mut file);
    vec![file]
}

fn wards() -> Vec<Vec<u8>> {
    vec![published::sample_areas().into_bytes()]
}

fn orders() -> Vec<Vec<u8>> {
    let order = r#"{"type":"Feature","properties":{"reference":"S60/14/2026",
        "power":"cjpoa_s60","locality":"Westerby","from":"2026-11-22T18:00:00Z",
        "until":"2026-11-23T02:00:00+00:00","rank":"inspector","by":"Insp 1201 Khan"},
        "geometry":{"type":"Polygon","coordinates":[[[-1.940,52.500],[-1.925,52.500],
        [-1.925,52.509],[-1.940,52.509],[-1.940,52.500]]]}}"#;
    vec![order.as_bytes().to_vec()]
}

fn configurations() -> Vec<Vec<u8>> {
    let usual = serde_json::to_vec(&Settings::default());
    usual.into_iter().collect()
}

fn code_lists() -> Vec<Vec<u8>> {
    let all = CodeLists::builtin().to_json();
    all.into_iter().map(String::into_bytes).collect()
}

fn names() -> Vec<Vec<u8>> {
    [
        "0102030405060708090a0b0c0d0e0f10",
        "team:0102030405060708090a0b0c0d0e0f10",
        "0102030405060708090a0b0c0d0e0f10:7",
        "BB20-7K3M-29QX",
        "SP 0690 8690",
        "stop_search",
        "bad_chain",
    ]
    .map(|it| it.as_bytes().to_vec())
    .into()
}
