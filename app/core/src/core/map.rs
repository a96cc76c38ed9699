//! What the map of the page "where" draws: the wards around a place, and authorised areas. It
//! is made from the reference that is on the device; nothing is fetched for it.

use shared::area::{Frame, Rings};

use super::{Core, CoreError};
use crate::view::{FrameInput, MapView, OutlineView};

/// More than this is no street and no ward any more, in 1e-7 degrees.
const WIDEST_E7: i64 = 30_000_000;
/// The most outlines of one picture.
const MOST: usize = 400;

impl Core {
    /// The outlines within a frame.
    pub fn map(&self, frame: &FrameInput) -> Result<MapView, CoreError> {
        let frame = checked(frame)?;
        let state = self.lock();
        let context = state.context(&self.config)?;
        let reference = &context.reference;
        let wards = reference.areas.iter().flat_map(|it| it.outlines(&frame));
        let wards = wards.map(|(area, rings)| OutlineView {
            name: area.name.clone(),
            authorised: false,
            rings: flat(&rings),
        });
        let now = context.now();
        let live = reference.authorisations.iter();
        let live = live.filter(|it| it.in_force(now)).filter_map(|it| {
            Some(OutlineView {
                name: it.locality.clone(),
                authorised: true,
                rings: flat(&it.outline(&frame)?),
            })
        });
        Ok(MapView {
            outlines: wards.take(MOST).chain(live.take(MOST)).collect(),
        })
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "coordinates have ten digits at most"
)]
fn checked(frame: &FrameInput) -> Result<Frame, CoreError> {
    let FrameInput {
        south_e7,
        west_e7,
        north_e7,
        east_e7,
    } = *frame;
    let side = |low: i64, high: i64, most: i64| {
        low >= -most && high <= most && low < high && high - low <= WIDEST_E7
    };
    if !(side(south_e7, north_e7, 900_000_000) && side(west_e7, east_e7, 1_800_000_000)) {
        return Err(CoreError::BadInput("frame".to_owned()));
    }
    let degrees = |e7: i64| e7 as f64 / 1e7;
    Ok(Frame {
        south: degrees(south_e7),
        west: degrees(west_e7),
        north: degrees(north_e7),
        east: degrees(east_e7),
    })
}

/// Latitude and longitude by turns, in 1e-7 degrees.
#[allow(
    clippy::cast_possible_truncation,
    reason = "degrees of the earth in 1e-7 fit"
)]
fn flat(rings: &Rings) -> Vec<Vec<i64>> {
    let e7 = |degrees: f64| (degrees * 1e7).round() as i64;
    let point = |(lat, lon): &(f64, f64)| [e7(*lat), e7(*lon)];
    let flat = |ring: &Vec<(f64, f64)>| ring.iter().flat_map(point).collect();
    rings.iter().map(flat).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

    use super::*;

    fn frame(south: i64, west: i64, north: i64, east: i64) -> FrameInput {
        FrameInput {
            south_e7: south,
            west_e7: west,
            north_e7: north,
            east_e7: east,
        }
    }

    #[test]
    fn only_a_frame_that_a_street_map_has_is_drawn() {
        assert!(checked(&frame(524_000_000, -20_000_000, 526_000_000, -18_000_000)).is_ok());
        let wrong = [
            frame(526_000_000, -20_000_000, 524_000_000, -18_000_000),
            frame(0, 0, 0, 0),
            frame(-900_000_000, 0, 900_000_000, 10),
            frame(0, 1_799_999_999, 10, 1_800_000_001),
            frame(i64::MIN, 0, i64::MAX, 10),
        ];
        for it in wrong {
            assert!(checked(&it).is_err(), "{it:?}");
        }
    }

    #[test]
    fn points_are_latitude_and_longitude_by_turns() {
        let rings = vec![vec![(52.5, -1.9), (52.6, -1.8)]];
        let expected = vec![vec![525_000_000, -19_000_000, 526_000_000, -18_000_000]];
        assert_eq!(flat(&rings), expected);
    }
}
