//! Outlines of areas, as simple as a small picture of them allows.

use geo::{BoundingRect, Intersects, MultiPolygon, Rect, Simplify, coord};

/// Finer than this nobody can see: so many steps over the longer side of the picture.
const STEPS: f64 = 800.0;

/// A box of degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// The southern edge.
    pub south: f64,
    /// The western edge.
    pub west: f64,
    /// The northern edge.
    pub north: f64,
    /// The eastern edge.
    pub east: f64,
}

/// Closed lines of points, each latitude and longitude in degrees.
pub type Rings = Vec<Vec<(f64, f64)>>;

impl Frame {
    fn rect(&self) -> Rect {
        Rect::new(
            coord! { x: self.west, y: self.south },
            coord! { x: self.east, y: self.north },
        )
    }

    /// The outlines of a shape; none if it lies outside.
    pub(crate) fn outline(&self, shape: &MultiPolygon) -> Option<Rings> {
        let frame = self.rect();
        let touches = shape
            .bounding_rect()
            .is_some_and(|bounds| bounds.intersects(&frame));
        if !touches {
            return None;
        }
        let fine = frame.width().max(frame.height()) / STEPS;
        let simple = shape.simplify(fine.max(f64::EPSILON));
        let rings = simple
            .iter()
            .flat_map(|it| std::iter::once(it.exterior()).chain(it.interiors()));
        let points = |ring: &geo::LineString| ring.0.iter().map(|it| (it.y, it.x)).collect();
        let rings: Rings = rings.filter(|it| it.0.len() > 3).map(points).collect();
        (!rings.is_empty()).then_some(rings)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

    use super::*;

    fn shape() -> MultiPolygon {
        // A square with a point on one side that no picture of it shows.
        let ring = vec![
            (0.0, 0.0),
            (0.5, 0.000_001),
            (1.0, 0.0),
            (1.0, 1.0),
            (0.0, 1.0),
            (0.0, 0.0),
        ];
        MultiPolygon::new(vec![geo::Polygon::new(ring.into(), vec![])])
    }

    #[test]
    fn an_outline_has_the_points_that_can_be_seen_and_no_others() {
        let frame = Frame {
            south: -1.0,
            west: -1.0,
            north: 2.0,
            east: 2.0,
        };
        let rings = frame.outline(&shape()).unwrap();
        assert_eq!(rings.len(), 1);
        assert_eq!(rings[0].len(), 5);
        assert_eq!(rings[0][1], (0.0, 1.0), "latitude comes first");
    }

    #[test]
    fn what_lies_outside_the_picture_is_left_out() {
        let frame = Frame {
            south: 5.0,
            west: 5.0,
            north: 6.0,
            east: 6.0,
        };
        assert_eq!(frame.outline(&shape()), None);
    }
}
