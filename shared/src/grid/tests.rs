//! Grid references against the worked example of the guide, and there and back again.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use proptest::prelude::*;

use super::*;

/// Metres between two places some metres apart.
fn metres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let north = (a.0 - b.0).to_radians() * 6_371_000.0;
    let east = (a.1 - b.1).to_radians() * 6_371_000.0 * a.0.to_radians().cos();
    north.hypot(east)
}

#[test]
fn the_projection_is_that_of_the_guides_worked_example() {
    // A Guide to Coordinate Systems in Great Britain, annex C: Framingham.
    let lat = (52.0 + 39.0 / 60.0 + 27.2531 / 3600.0_f64).to_radians();
    let lon = (1.0 + 43.0 / 60.0 + 4.5177 / 3600.0_f64).to_radians();
    let grid = project(lat, lon);
    assert!((grid.easting - 651_409.903).abs() < 0.01, "{grid:?}");
    assert!((grid.northing - 313_177.270).abs() < 0.01, "{grid:?}");
    let back = unproject(&grid);
    assert!((back.0 - lat).abs() < 1e-9 && (back.1 - lon).abs() < 1e-9);
}

#[test]
fn degrees_of_a_phone_become_the_grid_within_five_metres() {
    // The same place in WGS 84.
    let grid = Grid::at(52.657_98, 1.716_05).unwrap();
    assert!((grid.easting - 651_409.9).abs() < 5.0, "{grid:?}");
    assert!((grid.northing - 313_177.3).abs() < 5.0, "{grid:?}");
}

#[test]
fn a_reference_is_read_as_people_type_it() {
    let full: Grid = "TG 51409 13177".parse().unwrap();
    assert_eq!((full.easting, full.northing), (651_409.5, 313_177.5));
    assert_eq!(full.to_string(), "TG 51409 13177");
    for typed in ["tg5140913177", "TG 51409, 13177", " TG  51409  13177 "] {
        assert_eq!(typed.parse(), Ok(full), "{typed}");
    }
    let square: Grid = "SP 08 87".parse().unwrap();
    assert_eq!((square.easting, square.northing), (408_500.0, 287_500.0));
    for wrong in [
        "",
        "S",
        "SP",
        "SP 1",
        "SP 123",
        "SI 12 34",
        "SP 123456 123456",
        "12 34",
        "ZZ 12 34",
        "SP 12 3x",
        "💷 12 34",
    ] {
        assert_eq!(wrong.parse::<Grid>(), Err(BadGrid), "{wrong}");
    }
}

#[test]
fn places_far_from_britain_have_no_reference() {
    for (lat, lon) in [
        (0.0, 0.0),
        (48.85, 2.35),
        (52.5, 13.4),
        (-52.5, -1.9),
        (f64::NAN, -1.9),
        (f64::INFINITY, 0.0),
    ] {
        assert_eq!(Grid::at(lat, lon), None, "{lat} {lon}");
    }
}

proptest! {
    #[test]
    fn there_and_back_again_is_within_a_metre(lat in 50.0_f64..58.6, lon in -6.0_f64..1.7) {
        if let Some(grid) = Grid::at(lat, lon) {
            prop_assert!(metres((lat, lon), grid.degrees()) < 0.1);
            // The reference names the square of one metre; its middle is under a metre away.
            let read: Grid = grid.to_string().parse().unwrap();
            prop_assert!(metres((lat, lon), read.degrees()) < 1.0);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text: String) {
        if let Ok(grid) = text.parse::<Grid>() {
            prop_assert!(grid.is_inside());
        }
    }
}
