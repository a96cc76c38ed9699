//! Places, authorisations, and clocks.

use super::*;
use crate::area::Areas;
use crate::authorisation::Authorisations;

const AREAS: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature",
    "properties":{"code":"W1","name":"Handsworth"},"geometry":{"type":"Polygon",
    "coordinates":[[[-2.0,52.4],[-1.8,52.4],[-1.8,52.6],[-2.0,52.6],[-2.0,52.4]]]}}]}"#;

const SECTION_60: &str = r#"{"type":"Feature","properties":{"reference":"S60/14",
    "power":"cjpoa_s60","locality":"Handsworth","from":"2026-11-22T18:00:00Z",
    "until":"2026-11-23T02:00:00Z","rank":"inspector"},"geometry":{"type":"Polygon",
    "coordinates":[[[-1.94,52.50],[-1.92,52.50],[-1.92,52.51],[-1.94,52.51],[-1.94,52.50]]]}}"#;

fn codes(changes: &[(&str, Scalar)]) -> Vec<(&'static str, &'static str)> {
    let (areas, _) = Areas::from_geojson(AREAS).unwrap();
    let (authorisations, refused) = Authorisations::read(SECTION_60).unwrap();
    assert_eq!(refused, []);
    let mut fields = complete();
    for (key, value) in [
        (OFFICER_ETHNICITY, "IC1"),
        (VIDEO, "4417-A 0093"),
        (POWER, "cjpoa_s60"),
        (OBJECT, "weapons_s60"),
        (AUTHORISATION, "S60/14"),
    ] {
        fields.set(key, value);
    }
    for (key, value) in [
        (PLACE_LAT_E7, 525_050_000_i64),
        (PLACE_LON_E7, -19_300_000),
        (PLACE_ACCURACY_M, 8),
        (PLACE_FIX_AT, NOW.0 - 5_000),
    ] {
        fields.set(key, value);
    }
    for (key, value) in changes {
        fields.set(*key, value.clone());
    }
    let context = AdviceContext {
        role: "PC",
        now: NOW,
        areas: Some(&areas),
        authorisations: Some(&authorisations),
    };
    let all = advice(Kind::StopSearch, &fields, CodeLists::builtin(), &context);
    all.into_iter()
        .map(|it| (it.field, it.code.as_str()))
        .collect()
}

#[test]
fn the_authorisation_is_held_against_place_and_time() {
    assert_eq!(codes(&[]), []);
    let table: &[(&[(&str, Scalar)], &str)] = &[
        (
            &[(PLACE_LON_E7, (-19_500_000).into())],
            "authorisation_outside",
        ),
        (&[(PLACE_LAT_E7, 525_000_500.into())], "authorisation_edge"),
        (&[(PLACE_LAT_E7, "".into())], "authorisation_no_place"),
        (&[(AUTHORISATION, "S60/15".into())], "authorisation_unknown"),
        (
            &[
                (SEARCHED_AT, ms("2026-11-22T17:59:00Z").into()),
                (PLACE_FIX_AT, ms("2026-11-22T17:59:00Z").into()),
                (NOT_ON_SPOT_REASON, "Sent on".into()),
            ],
            "authorisation_not_in_force",
        ),
        (
            &[
                (POWER, "poa_s11".into()),
                (OBJECT, "protest_objects".into()),
            ],
            "authorisation_power",
        ),
    ];
    for (changes, code) in table {
        assert_eq!(codes(changes), [(AUTHORISATION, *code)]);
    }
    // What rests on suspicion or on an order is not compared with areas.
    for (power, object) in [
        ("mda_s23", "controlled_drugs"),
        ("svro_s342e", "svro_weapons"),
    ] {
        let changes = [(POWER, power.into()), (OBJECT, object.into())];
        assert_eq!(codes(&changes), [], "{power}");
    }
}

#[test]
fn a_position_that_says_little_is_pointed_at() {
    let suspicion = [
        (POWER, Scalar::from("mda_s23")),
        (OBJECT, "controlled_drugs".into()),
    ];
    let with = |more: &[(&'static str, Scalar)]| codes(&[&suspicion[..], more].concat());
    assert_eq!(with(&[]), []);
    assert_eq!(
        with(&[(PLACE_ACCURACY_M, 101.into())]),
        [(PLACE_TEXT, "place_inaccurate")]
    );
    let old = (PLACE_FIX_AT, Scalar::from(NOW.0 - 11 * 60_000));
    assert_eq!(
        with(std::slice::from_ref(&old)),
        [(PLACE_TEXT, "place_stale")]
    );
    assert_eq!(with(&[old, (PLACE_SOURCE, "pin".into())]), []);
    assert_eq!(
        with(&[(PLACE_LON_E7, (-10_000_000).into())]),
        [(PLACE_TEXT, "outside_force")]
    );
}

#[test]
fn a_clock_that_is_wrong_by_years_stops_nobody() {
    let stops = |now: UnixMs, searched: UnixMs| {
        let mut fields = complete();
        fields.set(SEARCHED_AT, searched);
        let all = problems(Kind::StopSearch, &fields, CodeLists::builtin(), now);
        all.iter().map(|it| it.code.as_str()).collect::<Vec<_>>()
    };
    // A flat battery has set it back, and the officer types the right date.
    for clock in [UnixMs(0), ms("2015-01-01T00:00:00Z")] {
        assert_eq!(stops(clock, NOW), [""; 0]);
    }
    // Nobody searched anybody before 2000; that wants putting right.
    assert_eq!(stops(UnixMs(0), UnixMs(0)), ["out_of_range"]);
    // A clock that may be right still catches a slip of the finger.
    assert_eq!(stops(NOW, NOW.plus(86_400_000)), ["out_of_range"]);
    assert_eq!(stops(NOW, NOW.plus(9 * 60_000)), [""; 0]);
}
