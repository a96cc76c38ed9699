//! Wards and which of them a place lies in.
//!
//! Areas come as GeoJSON from whoever publishes them. Bounding boxes in an R-tree find the
//! candidates, the polygons decide. A place on a boundary belongs to the first of its
//! neighbours by code, so every device gives the same answer.

mod outline;
mod shape;

use std::fmt;
use std::str::FromStr;

use geo::{BoundingRect, Intersects, MultiPolygon, Point};
use geojson::{Feature, FeatureCollection, GeoJson, GeometryValue, JsonObject};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use serde::{Deserialize, Serialize};

pub use outline::{Frame, Rings};
pub(crate) use shape::{BadShape, polygons};

/// Most areas of a file.
const AREAS: usize = 20_000;
/// Most points of a file's polygons.
const POINTS: usize = 5_000_000;
/// Longest code or name, in bytes.
const NAME_BYTES: usize = 200;

/// A ward.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AreaRef {
    /// Its official code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The district it belongs to.
    pub district: Option<String>,
}

/// A feature that was not taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// Which feature, from 0.
    pub feature: usize,
    /// Its code or name, if it has one.
    pub label: Option<String>,
    /// Why not.
    pub reason: RejectedReason,
}

/// Why a feature was not taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum RejectedReason {
    /// No property looks like a code.
    #[error("has no code")]
    NoCode,
    /// No property looks like a name.
    #[error("has no name")]
    NoName,
    /// The code occurred before.
    #[error("has a code that occurred before")]
    Twice,
    /// Not a polygon.
    #[error("is not a polygon")]
    NotAPolygon,
    /// Coordinates that are not degrees of longitude and latitude.
    #[error("has coordinates that are not degrees")]
    NotDegrees,
}

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AreaError {
    /// Not GeoJSON.
    #[error("not GeoJSON: {0}")]
    Unreadable(#[from] Box<geojson::Error>),
    /// Not a collection of features.
    #[error("not a collection of features")]
    NotACollection,
    /// Too many areas or points.
    #[error("too many areas or points")]
    TooLarge,
    /// Not one usable area.
    #[error("no usable area")]
    Empty,
}

struct Area {
    area: AreaRef,
    shape: MultiPolygon,
}

/// The wards of a force, sorted by code.
pub struct Areas {
    areas: Vec<Area>,
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
}

impl fmt::Debug for Areas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Areas({})", self.areas.len())
    }
}

impl Areas {
    /// Reads a collection of polygons in degrees (WGS 84). Code, name and district are found
    /// by the names that the Office for National Statistics gives them (`WD23CD`, `WD23NM`,
    /// `LAD23NM`, whatever the year), or plainly as `code`, `name`, `district`. Features that
    /// do not fit are reported, not dropped in silence.
    pub fn from_geojson(text: &str) -> Result<(Self, Vec<Rejected>), AreaError> {
        let GeoJson::FeatureCollection(all) = GeoJson::from_str(text).map_err(Box::new)? else {
            return Err(AreaError::NotACollection);
        };
        if all.features.len() > AREAS {
            return Err(AreaError::TooLarge);
        }
        let (mut areas, mut rejected) = (Vec::<Area>::new(), Vec::new());
        let mut seen = std::collections::BTreeSet::new();
        let mut points = 0;
        for (place, feature) in all.features.into_iter().enumerate() {
            let label = feature.properties.as_ref().and_then(label);
            match area(feature) {
                Ok((area, count)) if seen.insert(area.area.code.clone()) => {
                    points += count;
                    areas.push(area);
                }
                Ok(_) => rejected.push(Rejected {
                    feature: place,
                    label,
                    reason: RejectedReason::Twice,
                }),
                Err(reason) => rejected.push(Rejected {
                    feature: place,
                    label,
                    reason,
                }),
            }
            if points > POINTS {
                return Err(AreaError::TooLarge);
            }
        }
        if areas.is_empty() {
            return Err(AreaError::Empty);
        }
        areas.sort_by(|a, b| a.area.cmp(&b.area));
        Ok((Self::index(areas), rejected))
    }

    fn index(areas: Vec<Area>) -> Self {
        let boxes = areas.iter().enumerate().filter_map(|(place, it)| {
            let rect = it.shape.bounding_rect()?;
            let (min, max) = (rect.min(), rect.max());
            let rect = Rectangle::from_corners([min.x, min.y], [max.x, max.y]);
            Some(GeomWithData::new(rect, place))
        });
        let tree = RTree::bulk_load(boxes.collect());
        Self { areas, tree }
    }

    /// The area a place lies in, in degrees.
    pub fn at(&self, lat: f64, lon: f64) -> Option<&AreaRef> {
        if !(lat.is_finite() && lon.is_finite()) {
            return None;
        }
        let point = Point::new(lon, lat);
        self.tree
            .locate_in_envelope_intersecting(&AABB::from_point([lon, lat]))
            .map(|it| it.data)
            .filter(|place| self.areas[*place].shape.intersects(&point))
            .min()
            .map(|place| &self.areas[place].area)
    }

    /// The area of coordinates in 1e-7 degrees, as records hold them.
    pub fn at_e7(&self, lat_e7: i64, lon_e7: i64) -> Option<&AreaRef> {
        self.at(degrees(lat_e7), degrees(lon_e7))
    }

    /// All areas, sorted by code.
    pub fn iter(&self) -> impl Iterator<Item = &AreaRef> {
        self.areas.iter().map(|it| &it.area)
    }

    /// The areas that touch the frame, with their outlines.
    pub fn outlines(&self, frame: &Frame) -> Vec<(&AreaRef, Rings)> {
        let corners = ([frame.west, frame.south], [frame.east, frame.north]);
        let mut found: Vec<_> = self
            .tree
            .locate_in_envelope_intersecting(&AABB::from_corners(corners.0, corners.1))
            .map(|it| it.data)
            .collect();
        found.sort_unstable();
        let outline = |place| {
            let Area { area, shape } = &self.areas[place];
            Some((area, frame.outline(shape)?))
        };
        found.into_iter().filter_map(outline).collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.areas.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    /// A feature collection with `code`, `name` and `district`.
    pub fn to_geojson(&self) -> String {
        let features = self.areas.iter().map(|it| {
            let mut properties = JsonObject::new();
            properties.insert("code".into(), it.area.code.clone().into());
            properties.insert("name".into(), it.area.name.clone().into());
            properties.insert("district".into(), it.area.district.clone().into());
            Feature {
                geometry: Some(geojson::Geometry::new(GeometryValue::from(&it.shape))),
                properties: Some(properties),
                ..Feature::default()
            }
        });
        GeoJson::from(FeatureCollection::new(features.collect::<Vec<_>>())).to_string()
    }
}

/// Degrees of a coordinate in 1e-7 degrees.
#[allow(
    clippy::cast_precision_loss,
    reason = "coordinates have ten digits at most"
)]
fn degrees(e7: i64) -> f64 {
    e7 as f64 / 1e7
}

fn area(feature: Feature) -> Result<(Area, usize), RejectedReason> {
    let properties = feature.properties.unwrap_or_default();
    let code = find(&properties, "code", &["WD"], "CD").ok_or(RejectedReason::NoCode)?;
    let name = find(&properties, "name", &["WD"], "NM").ok_or(RejectedReason::NoName)?;
    let district = find(&properties, "district", &["LAD"], "NM");
    let value = feature.geometry.ok_or(RejectedReason::NotAPolygon)?.value;
    let (shape, count) = polygons(value).map_err(|bad| match bad {
        BadShape::NotAPolygon => RejectedReason::NotAPolygon,
        BadShape::NotDegrees => RejectedReason::NotDegrees,
    })?;
    Ok((
        Area {
            area: AreaRef {
                code,
                name,
                district,
            },
            shape,
        },
        count,
    ))
}

fn label(properties: &JsonObject) -> Option<String> {
    find(properties, "code", &["WD"], "CD").or_else(|| find(properties, "name", &["WD"], "NM"))
}

/// The text of a property called `plain`, or prefix, two digits of a year, suffix.
fn find(properties: &JsonObject, plain: &str, prefixes: &[&str], suffix: &str) -> Option<String> {
    let fits = |key: &str| {
        key.eq_ignore_ascii_case(plain)
            || prefixes.iter().any(|prefix| {
                key.strip_prefix(prefix)
                    .and_then(|it| it.strip_suffix(suffix))
                    .is_some_and(|it| it.len() == 2 && it.bytes().all(|it| it.is_ascii_digit()))
            })
    };
    let (_, value) = properties.iter().find(|(key, _)| fits(key))?;
    let text = value.as_str()?.trim();
    (!text.is_empty() && text.len() <= NAME_BYTES).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
