//! Which places and times an authorisation covers, and which files are refused.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::codes::CodeLists;

/// A square of about 1 km round Handsworth, on the evening of 22 November 2026.
fn feature() -> Value {
    json!({
        "type": "Feature",
        "properties": {
            "reference": "S60/14/2026", "power": "cjpoa_s60", "locality": "Handsworth",
            "from": "2026-11-22T18:00:00Z", "until": "2026-11-23T02:00:00+00:00",
            "rank": "inspector", "by": "Insp 1201 Khan",
        },
        "geometry": { "type": "Polygon", "coordinates": [[
            [-1.940, 52.500], [-1.925, 52.500], [-1.925, 52.509], [-1.940, 52.509],
            [-1.940, 52.500],
        ]]},
    })
}

fn with(change: &[(&str, Value)]) -> Value {
    let mut it = feature();
    for (key, value) in change {
        it["properties"][key] = value.clone();
    }
    it
}

fn read(feature: &Value) -> (Authorisations, Vec<AuthorisationFault>) {
    let text = feature.to_string();
    let (all, refused) = Authorisations::read_lawful(&text, CodeLists::builtin()).unwrap();
    (all, refused.into_iter().map(|it| it.fault).collect())
}

fn ms(text: &str) -> UnixMs {
    UnixMs(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

fn spot(lat: f64, lon: f64, accuracy_m: f64) -> Option<Spot> {
    Some(Spot {
        lat,
        lon,
        accuracy_m,
    })
}

const EVENING: &str = "2026-11-22T20:52:00Z";

#[test]
fn inside_and_in_time_is_covered_and_nothing_else_is() {
    let (all, refused) = read(&feature());
    assert_eq!(refused, []);
    let table = [
        (EVENING, spot(52.505, -1.932, 8.0), Cover::Inside),
        (EVENING, spot(52.505, -1.950, 8.0), Cover::Outside),
        // The northern edge is about 11 m away.
        (EVENING, spot(52.5089, -1.932, 5.0), Cover::Inside),
        (EVENING, spot(52.5089, -1.932, 20.0), Cover::Edge),
        (EVENING, spot(52.5091, -1.932, 20.0), Cover::Edge),
        (EVENING, spot(52.5091, -1.932, 5.0), Cover::Outside),
        (EVENING, None, Cover::NoPlace),
        (EVENING, spot(f64::NAN, -1.9, 5.0), Cover::NoPlace),
        (
            "2026-11-22T17:59:59Z",
            spot(52.505, -1.932, 8.0),
            Cover::NotInForce,
        ),
        (
            "2026-11-22T18:00:00Z",
            spot(52.505, -1.932, 8.0),
            Cover::Inside,
        ),
        (
            "2026-11-23T01:59:59Z",
            spot(52.505, -1.932, 8.0),
            Cover::Inside,
        ),
        (
            "2026-11-23T02:00:00Z",
            spot(52.505, -1.932, 8.0),
            Cover::NotInForce,
        ),
    ];
    for (at, spot, cover) in table {
        assert_eq!(
            all.cover("s60/14/2026 ", ms(at), spot),
            cover,
            "{at} {spot:?}"
        );
    }
    assert_eq!(all.cover("S60/15", ms(EVENING), None), Cover::Unknown);
}

#[test]
fn rank_and_hours_are_those_of_the_list_of_powers() {
    use AuthorisationFault::*;
    let late = |hours: i64| {
        json!(format!("{}", {
            let at = ms("2026-11-22T18:00:00Z").plus(hours * 3_600_000);
            jiff::Timestamp::from_millisecond(at.0).unwrap()
        }))
    };
    let table: Vec<(Value, Option<AuthorisationFault>)> = vec![
        (with(&[("rank", json!("superintendent"))]), None),
        (
            with(&[("rank", json!("sergeant"))]),
            Some(RankTooLow("Inspector".into())),
        ),
        (with(&[("rank", json!("captain"))]), Some(UnknownRank)),
        (with(&[("until", late(24))]), None),
        (with(&[("until", late(25))]), Some(TooLong(24))),
        (
            with(&[
                ("until", late(24)),
                ("extended_until", late(48)),
                ("extended_rank", json!("superintendent")),
            ]),
            None,
        ),
        (
            with(&[
                ("until", late(24)),
                ("extended_until", late(49)),
                ("extended_rank", json!("superintendent")),
            ]),
            Some(ExtendedTooLong(24)),
        ),
        (
            with(&[
                ("until", late(24)),
                ("extended_until", late(48)),
                ("extended_rank", json!("inspector")),
            ]),
            Some(RankTooLow("Superintendent".into())),
        ),
        (with(&[("power", json!("poa_s11"))]), None),
        (
            with(&[
                ("power", json!("poa_s11")),
                ("extended_until", late(9)),
                ("extended_rank", json!("superintendent")),
            ]),
            Some(ExtendedTooLong(0)),
        ),
        (with(&[("power", json!("mda_s23"))]), Some(NoArea)),
        (with(&[("power", json!("svro_s342e"))]), Some(NoArea)),
        (with(&[("power", json!("magna_carta"))]), Some(UnknownPower)),
        (
            with(&[("power", json!("tact_s47a"))]),
            Some(RankTooLow("Assistant chief constable".into())),
        ),
        (
            with(&[
                ("power", json!("tact_s47a")),
                ("rank", json!("assistant_chief_constable")),
                ("until", late(14 * 24)),
            ]),
            None,
        ),
    ];
    for (feature, fault) in table {
        let (all, refused) = read(&feature);
        assert_eq!(refused, fault.clone().into_iter().collect::<Vec<_>>());
        assert_eq!(all.len(), usize::from(fault.is_none()));
    }
}

#[test]
fn what_does_not_read_is_named() {
    use AuthorisationFault::*;
    let mut line = feature();
    line["geometry"] = json!({ "type": "LineString", "coordinates": [[0, 0], [1, 1]] });
    let mut metres = feature();
    metres["geometry"]["coordinates"] = json!([[
        [408_000, 290_000],
        [409_000, 290_000],
        [409_000, 291_000],
        [408_000, 290_000]
    ]]);
    let property = |key: &str| Property(key.to_owned());
    for (feature, fault) in [
        (with(&[("reference", json!(" "))]), property("reference")),
        (with(&[("power", Value::Null)]), property("power")),
        (
            with(&[("locality", json!("x".repeat(201)))]),
            property("locality"),
        ),
        (
            with(&[("from", json!("22 November"))]),
            NotATime("from".into()),
        ),
        (
            with(&[("until", json!("2026-11-23T02:00:00"))]),
            NotATime("until".into()),
        ),
        (with(&[("until", json!("2026-11-22T18:00:00Z"))]), EndsFirst),
        (line, NotAPolygon),
        (metres, NotDegrees),
    ] {
        assert_eq!(read(&feature).1, [fault]);
    }
    let both = json!({ "type": "FeatureCollection", "features": [feature(), feature()] });
    let (all, refused) = read(&both);
    assert_eq!((all.len(), refused), (1, vec![Twice]));
    for text in ["", "{}", "[]", r#"{"type":"Point","coordinates":[0,0]}"#] {
        assert!(Authorisations::read(text).is_err(), "{text}");
    }
}

#[test]
fn what_is_written_reads_the_same() {
    let (all, _) = read(&feature());
    let (again, refused) = Authorisations::read(&all.to_geojson()).unwrap();
    assert_eq!((&again, refused), (&all, Vec::new()));
}

#[test]
fn newer_ones_take_the_place_of_their_reference_and_old_ones_go() {
    let (old, _) = read(&feature());
    let (newer, _) = read(&with(&[("until", json!("2026-11-22T22:00:00Z"))]));
    let (other, _) = read(&with(&[("reference", json!("S60/15/2026"))]));
    let now = ms("2026-11-22T21:00:00Z");
    let all = old.with(newer, now).with(other.clone(), now);
    assert_eq!(all.len(), 2);
    assert_eq!(
        all.get("S60/14/2026").unwrap().ends(),
        ms("2026-11-22T22:00:00Z")
    );
    let later = now.plus(KEPT_MS + 24 * 3_600_000);
    assert_eq!(
        all.with(other, later).len(),
        1,
        "a month after its end it is given out no more"
    );
}

proptest! {
    #[test]
    fn any_place_and_time_has_an_answer(
        lat in proptest::num::f64::ANY, lon in proptest::num::f64::ANY,
        accuracy in proptest::num::f64::ANY, at: i64,
    ) {
        let (all, _) = read(&feature());
        all.cover("S60/14/2026", UnixMs(at), spot(lat, lon, accuracy));
    }

    #[test]
    fn within_its_accuracy_of_the_edge_nothing_is_claimed(
        along in 0.1_f64..0.9, off in -60.0_f64..60.0, accuracy in 1.0_f64..100.0,
    ) {
        // `off` metres north of the southern edge.
        let (lat, lon) = (52.5 + off / 111_195.0, -1.940 + along * 0.015);
        let (all, _) = read(&feature());
        let cover = all.cover("S60/14/2026", ms(EVENING), spot(lat, lon, accuracy));
        let expected = if off.abs() <= accuracy - 0.01 {
            Some(Cover::Edge)
        } else if off.abs() >= accuracy + 0.01 {
            Some(if off > 0.0 { Cover::Inside } else { Cover::Outside })
        } else {
            None
        };
        prop_assert!(expected.is_none_or(|it| it == cover), "{cover:?}");
    }
}
