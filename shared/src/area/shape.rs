//! Polygons of a GeoJSON file.

use geo::MultiPolygon;
use geojson::{GeometryValue, Position};

/// A geometry that is no area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadShape {
    /// Not a polygon, or not one of several points.
    NotAPolygon,
    /// Coordinates that are not degrees of longitude and latitude.
    NotDegrees,
}

/// The polygons of a geometry in degrees (WGS 84), and how many points they have.
///
/// The conversion panics on a position of fewer than two numbers, which GeoJSON's reader lets
/// through: those are looked for first.
pub(crate) fn polygons(value: GeometryValue) -> Result<(MultiPolygon, usize), BadShape> {
    let whole = match &value {
        GeometryValue::Polygon { coordinates } => rings_are_whole(coordinates),
        GeometryValue::MultiPolygon { coordinates } => {
            coordinates.iter().all(|polygon| rings_are_whole(polygon))
        }
        _ => return Err(BadShape::NotAPolygon),
    };
    if !whole {
        return Err(BadShape::NotDegrees);
    }
    let shape = match geo::Geometry::<f64>::try_from(value) {
        Ok(geo::Geometry::Polygon(it)) => MultiPolygon::new(vec![it]),
        Ok(geo::Geometry::MultiPolygon(it)) => it,
        _ => return Err(BadShape::NotAPolygon),
    };
    let mut count = 0;
    for polygon in &shape {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            count += ring.0.len();
            let mut points = ring.0.iter();
            if !points.all(|it| it.x.abs() <= 180.0 && it.y.abs() <= 90.0) {
                return Err(BadShape::NotDegrees);
            }
        }
    }
    if count < 4 {
        return Err(BadShape::NotAPolygon);
    }
    Ok((shape, count))
}

fn rings_are_whole(polygon: &[Vec<Position>]) -> bool {
    polygon
        .iter()
        .flatten()
        .all(|position| position.as_slice().len() >= 2)
}
