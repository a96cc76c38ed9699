//! Wards: reading them, finding the one of a place, and what is reported and left out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "tests"
)]

use super::*;

/// Two squares that share the line of longitude -1.9, and things that are no areas.
const TWO: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"WD23CD":"E02","WD23NM":"East","LAD23NM":"Town"},"geometry":{"type":"Polygon",
 "coordinates":[[[-1.9,52.4],[-1.8,52.4],[-1.8,52.5],[-1.9,52.5],[-1.9,52.4]]]}},
{"type":"Feature","properties":{"code":"E01","name":"West"},"geometry":{"type":"MultiPolygon",
 "coordinates":[[[[-2.0,52.4],[-1.9,52.4],[-1.9,52.5],[-2.0,52.5],[-2.0,52.4]],
  [[-1.96,52.44],[-1.94,52.44],[-1.94,52.46],[-1.96,52.46],[-1.96,52.44]]]]}},
{"type":"Feature","properties":{"code":"E01","name":"Again"},"geometry":{"type":"Polygon",
 "coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}},
{"type":"Feature","properties":{"name":"Nameless"},"geometry":null},
{"type":"Feature","properties":{"code":"E03","name":"Dot"},"geometry":{"type":"Point","coordinates":[0,0]}},
{"type":"Feature","properties":{"code":"E04","name":"Grid"},"geometry":{"type":"Polygon",
 "coordinates":[[[400000,280000],[400001,280000],[400001,280001],[400000,280000]]]}}]}"#;

fn at(areas: &Areas, lat: f64, lon: f64) -> Option<&str> {
    areas.at(lat, lon).map(|it| it.name.as_str())
}

#[test]
fn a_place_lies_in_one_area() {
    let (areas, _) = Areas::from_geojson(TWO).unwrap();
    assert_eq!(at(&areas, 52.45, -1.85), Some("East"));
    assert_eq!(at(&areas, 52.42, -1.98), Some("West"));
    assert_eq!(at(&areas, 52.45, -1.95), None, "in the hole");
    assert_eq!(
        at(&areas, 52.45, -1.90),
        Some("West"),
        "on the boundary: first by code"
    );
    assert_eq!(at(&areas, 53.0, -1.85), None);
    assert_eq!(at(&areas, f64::NAN, -1.85), None);
    let east = areas.at_e7(524_500_000, -18_500_000).unwrap();
    assert_eq!(
        (east.code.as_str(), east.district.as_deref()),
        ("E02", Some("Town"))
    );
}

#[test]
fn what_does_not_fit_is_reported() {
    let (areas, rejected) = Areas::from_geojson(TWO).unwrap();
    assert_eq!(
        areas.iter().map(|it| it.code.as_str()).collect::<Vec<_>>(),
        ["E01", "E02"]
    );
    let reasons: Vec<_> = rejected.iter().map(|it| (it.feature, it.reason)).collect();
    assert_eq!(
        reasons,
        [
            (2, RejectedReason::Twice),
            (3, RejectedReason::NoCode),
            (4, RejectedReason::NotAPolygon),
            (5, RejectedReason::NotDegrees),
        ]
    );
    assert!(matches!(
        Areas::from_geojson("{"),
        Err(AreaError::Unreadable(_))
    ));
    let point = r#"{"type":"Point","coordinates":[0,0]}"#;
    assert!(matches!(
        Areas::from_geojson(point),
        Err(AreaError::NotACollection)
    ));
    let empty = r#"{"type":"FeatureCollection","features":[]}"#;
    assert!(matches!(Areas::from_geojson(empty), Err(AreaError::Empty)));
}

#[test]
fn what_is_written_reads_back() {
    let (areas, _) = Areas::from_geojson(TWO).unwrap();
    let (again, rejected) = Areas::from_geojson(&areas.to_geojson()).unwrap();
    assert!(rejected.is_empty());
    assert!(again.iter().eq(areas.iter()));
    assert_eq!(at(&again, 52.45, -1.95), None);
    assert_eq!(again.to_geojson(), areas.to_geojson());
}

#[test]
fn real_wards() {
    let Some(folder) = std::env::var_os("BEATBOOK_REAL_DATA") else {
        println!("skipped: BEATBOOK_REAL_DATA is not set");
        return;
    };
    let folder = std::path::PathBuf::from(folder);
    let wards = folder.join("boundaries/west-midlands-wards-2013.geojson");
    let (wards, rejected) = Areas::from_geojson(&std::fs::read_to_string(wards).unwrap()).unwrap();
    assert_eq!((wards.len(), rejected.len()), (163, 0));
    assert_eq!(
        wards.at(52.4862, -1.8904).unwrap().district.as_deref(),
        Some("Birmingham")
    );

    // The union has a name and no code of a ward.
    let union = folder.join("boundaries/west-midlands-force-area.derived.geojson");
    let union = std::fs::read_to_string(union).unwrap();
    let union = union.replace("\"properties\":{", "\"properties\":{\"code\":\"force\",");
    let (union, _) = Areas::from_geojson(&union).unwrap();

    let searches = folder.join("stop-and-search/WMPstopandsearchJun16Jun17.csv");
    let rows =
        crate::published::read(std::fs::File::open(searches).unwrap()).filter_map(Result::ok);
    let places: Vec<_> = rows.filter_map(|it| it.place()).collect();
    let in_union = places
        .iter()
        .filter(|it| union.at(it.0, it.1).is_some())
        .count();
    let in_ward = places
        .iter()
        .filter(|it| wards.at(it.0, it.1).is_some())
        .count();
    println!(
        "{} points, {in_union} in the force's area, {in_ward} in a ward",
        places.len()
    );
    assert_eq!((places.len(), in_union), (11_890, 11_882));
}

/// A reader of GeoJSON lets them through, and converting them would panic.
#[test]
fn a_position_of_one_number_is_not_degrees() {
    for position in ["[]", "[7.0]"] {
        let ring = format!("[{position},[1,0],[1,1],[0,1],{position}]");
        for geometry in [
            format!(r#"{{"type":"Polygon","coordinates":[{ring}]}}"#),
            format!(r#"{{"type":"MultiPolygon","coordinates":[[{ring}]]}}"#),
        ] {
            let odd = format!(
                r#"{{"type":"Feature","properties":{{"code":"E9","name":"Odd"}},"geometry":{geometry}}}"#
            );
            let text = TWO.replacen(
                r#"{"type":"Feature","properties":{"name":"Nameless"},"geometry":null}"#,
                &odd,
                1,
            );
            let read = Areas::from_geojson(&text);
            // Either the file is not GeoJSON at all, or that feature is named and left out.
            if let Ok((areas, rejected)) = read {
                assert_eq!(areas.len(), 2);
                let reason = |it: &Rejected| it.reason == RejectedReason::NotDegrees;
                assert!(rejected.iter().any(|it| it.feature == 3 && reason(it)));
            }
        }
    }
}
