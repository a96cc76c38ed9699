//! Authorisations of an area for a time, under which a search needs no suspicion: section 60
//! and its like.
//!
//! They come as GeoJSON, each a polygon with the properties [`read`](Authorisations::read)
//! lists, and travel as GeoJSON too, so that a map can draw them. Whether a place and a time
//! are covered is computed here, the same on every device.

mod read;
#[cfg(test)]
mod tests;

use std::fmt;

use geo::{Intersects, MultiPolygon, Point};
use serde::{Deserialize, Serialize};

use crate::area::{Frame, Rings};
use crate::time::UnixMs;

pub use read::{AuthorisationError, AuthorisationFault, RefusedAuthorisation};

/// The name of their document in the reference stream.
pub const ITEM: &str = "authorisations";

/// How long after its end an authorisation is still given out, for records made late.
pub const KEPT_MS: i64 = 31 * 24 * 3600 * 1000;

/// One authorisation.
#[derive(Clone, PartialEq)]
pub struct Authorisation {
    /// The force's own reference for it, which records hold.
    pub reference: String,
    /// The power: a code of the list of powers.
    pub power: String,
    /// Where, in words.
    pub locality: String,
    /// From when.
    pub from: UnixMs,
    /// Until when, that moment excluded.
    pub until: UnixMs,
    /// The rank of who gave it: a code of the list of ranks.
    pub rank: String,
    /// Who gave it, in words.
    pub by: Option<String>,
    /// The named operation it belongs to.
    pub operation: Option<String>,
    /// When it was extended, and by which rank.
    pub extended: Option<Extension>,
    shape: MultiPolygon,
}

/// A longer time, given by a higher rank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Until when, that moment excluded.
    pub until: UnixMs,
    /// The rank: a code of the list of ranks.
    pub rank: String,
}

impl fmt::Debug for Authorisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorisation")
            .field("reference", &self.reference)
            .field("power", &self.power)
            .finish_non_exhaustive()
    }
}

/// Where somebody is, as a record or a device has it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// How far off that may be, in metres.
    pub accuracy_m: f64,
}

impl Spot {
    /// From coordinates in 1e-7 degrees, as records hold them.
    #[allow(
        clippy::cast_precision_loss,
        reason = "coordinates have ten digits at most"
    )]
    pub fn from_e7(lat_e7: i64, lon_e7: i64, accuracy_m: i64) -> Self {
        Self {
            lat: lat_e7 as f64 / 1e7,
            lon: lon_e7 as f64 / 1e7,
            accuracy_m: accuracy_m as f64,
        }
    }
}

/// How a place and a time stand to an authorisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cover {
    /// In force, and inside.
    Inside,
    /// In force, and so near the edge that the accuracy does not decide.
    Edge,
    /// In force, and outside.
    Outside,
    /// Not in force at that time.
    NotInForce,
    /// In force, and no position to compare.
    NoPlace,
    /// None of this reference is known here.
    Unknown,
}

impl Cover {
    /// Its code in the list `authorisation_checks`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Edge => "edge",
            Self::Outside => "outside",
            Self::NotInForce => "not_in_force",
            Self::NoPlace => "no_place",
            Self::Unknown => "unknown",
        }
    }
}

impl Authorisation {
    /// Until when, extensions included.
    pub fn ends(&self) -> UnixMs {
        let extended = self.extended.as_ref().map(|it| it.until);
        extended.map_or(self.until, |it| it.max(self.until))
    }

    /// True if it is in force at this time.
    pub fn in_force(&self, at: UnixMs) -> bool {
        self.from <= at && at < self.ends()
    }

    /// How a place and a time stand to it. The time comes first: one that is over covers
    /// nothing, wherever somebody is.
    pub fn cover(&self, at: UnixMs, spot: Option<Spot>) -> Cover {
        if !self.in_force(at) {
            return Cover::NotInForce;
        }
        let Some(spot) = spot.filter(|it| it.lat.is_finite() && it.lon.is_finite()) else {
            return Cover::NoPlace;
        };
        if self.edge_m(&spot) <= spot.accuracy_m {
            return Cover::Edge;
        }
        if self.shape.intersects(&Point::new(spot.lon, spot.lat)) {
            Cover::Inside
        } else {
            Cover::Outside
        }
    }

    /// Its outline; none if it lies outside the frame.
    pub fn outline(&self, frame: &Frame) -> Option<Rings> {
        frame.outline(&self.shape)
    }

    /// Metres from a spot to the nearest edge, on the plane that touches the earth there: over
    /// the few kilometres of a locality that is right to the metre.
    fn edge_m(&self, spot: &Spot) -> f64 {
        const METRES: f64 = 111_195.0;
        let narrow = spot.lat.to_radians().cos();
        let flat = |it: &geo::Coord| {
            (
                (it.x - spot.lon) * METRES * narrow,
                (it.y - spot.lat) * METRES,
            )
        };
        let rings = self
            .shape
            .iter()
            .flat_map(|it| std::iter::once(it.exterior()).chain(it.interiors()));
        let edges = rings.flat_map(|ring| ring.0.windows(2));
        edges
            .map(|edge| to_edge(flat(&edge[0]), flat(&edge[1])))
            .fold(f64::INFINITY, f64::min)
    }
}

/// The distance of the origin from an edge.
fn to_edge((ax, ay): (f64, f64), (bx, by): (f64, f64)) -> f64 {
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 {
        (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (ax + along * dx).hypot(ay + along * dy)
}

/// All authorisations that are given out, the newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Authorisations {
    all: Vec<Authorisation>,
}

impl Authorisations {
    fn of(mut all: Vec<Authorisation>) -> Self {
        let order = |it: &Authorisation| (std::cmp::Reverse(it.from), it.reference.clone());
        all.sort_by_key(order);
        Self { all }
    }

    /// The one with this reference, whatever the case of its letters.
    pub fn get(&self, reference: &str) -> Option<&Authorisation> {
        let reference = reference.trim();
        self.all
            .iter()
            .find(|it| it.reference.eq_ignore_ascii_case(reference))
    }

    /// All, the newest first.
    pub fn iter(&self) -> impl Iterator<Item = &Authorisation> {
        self.all.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How a place and a time stand to the one with this reference.
    pub fn cover(&self, reference: &str, at: UnixMs, spot: Option<Spot>) -> Cover {
        self.get(reference)
            .map_or(Cover::Unknown, |it| it.cover(at, spot))
    }

    /// These, with newer ones in the place of those of the same reference, and without what
    /// has long been over.
    pub fn with(&self, newer: Self, now: UnixMs) -> Self {
        let kept = self
            .all
            .iter()
            .filter(|it| newer.get(&it.reference).is_none() && now.since(it.ends()) < KEPT_MS);
        let mut all: Vec<_> = kept.cloned().collect();
        all.extend(newer.all);
        Self::of(all)
    }
}
