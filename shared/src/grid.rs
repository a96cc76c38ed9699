//! British National Grid references, from degrees and back.
//!
//! Degrees of WGS 84 become the Airy ellipsoid of OSGB36 by the seven parameters that the
//! Ordnance Survey publishes, then the National Grid by its transverse Mercator projection
//! (*A Guide to Coordinate Systems in Great Britain*, 6.6 and annexes B and C). Without the
//! table of shifts OSTN15 a place is right within about five metres, which is what a phone
//! knows of it anyway.

use std::fmt;
use std::str::FromStr;

/// Metres from west to east, and from south to north, that the grid covers.
const EAST: f64 = 700_000.0;
const NORTH: f64 = 1_300_000.0;

/// A place on the National Grid, in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// Metres east.
    pub easting: f64,
    /// Metres north.
    pub northing: f64,
}

/// A text that is no grid reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a grid reference looks like SP 0812 8765")]
pub struct BadGrid;

/// An ellipsoid by its axes.
struct Ellipsoid {
    a: f64,
    b: f64,
}

impl Ellipsoid {
    const WGS84: Self = Self {
        a: 6_378_137.0,
        b: 6_356_752.314_245,
    };
    const AIRY: Self = Self {
        a: 6_377_563.396,
        b: 6_356_256.909,
    };

    fn e2(&self) -> f64 {
        1.0 - (self.b * self.b) / (self.a * self.a)
    }

    /// From latitude and longitude, in radians, to the three axes, at height 0.
    fn to_cartesian(&self, lat: f64, lon: f64) -> [f64; 3] {
        let nu = self.a / (1.0 - self.e2() * lat.sin().powi(2)).sqrt();
        [
            nu * lat.cos() * lon.cos(),
            nu * lat.cos() * lon.sin(),
            (1.0 - self.e2()) * nu * lat.sin(),
        ]
    }

    /// From the three axes to latitude and longitude, in radians.
    fn angles_of(&self, [x, y, z]: [f64; 3]) -> (f64, f64) {
        let p = x.hypot(y);
        let mut lat = z.atan2(p * (1.0 - self.e2()));
        // Converges to below a hundredth of a millimetre well before.
        for _ in 0..10 {
            let nu = self.a / (1.0 - self.e2() * lat.sin().powi(2)).sqrt();
            lat = (z + self.e2() * nu * lat.sin()).atan2(p);
        }
        (lat, y.atan2(x))
    }
}

/// Seconds of arc in radians.
fn arc(seconds: f64) -> f64 {
    (seconds / 3600.0).to_radians()
}

/// From WGS 84 to OSGB36, or back with `sign` -1.
fn helmert([x, y, z]: [f64; 3], sign: f64) -> [f64; 3] {
    let [tx, ty, tz] = [-446.448, 125.157, -542.060].map(|it| sign * it);
    let [rx, ry, rz] = [-0.1502, -0.2470, -0.8421].map(|it| sign * arc(it));
    let s = 1.0 + sign * 20.4894e-6;
    [
        tx + x * s - y * rz + z * ry,
        ty + x * rz + y * s - z * rx,
        tz - x * ry + y * rx + z * s,
    ]
}

/// Scale on the central meridian, true origin, and false origin of the National Grid.
const F0: f64 = 0.999_601_271_7;
const LAT0: f64 = 49.0;
const LON0: f64 = -2.0;
const E0: f64 = 400_000.0;
const N0: f64 = -100_000.0;

/// The arc of the meridian from the true origin.
fn meridian(lat: f64) -> f64 {
    let Ellipsoid { a, b } = Ellipsoid::AIRY;
    let n = (a - b) / (a + b);
    let (n2, n3) = (n * n, n * n * n);
    let lat0 = LAT0.to_radians();
    let (d, s) = (lat - lat0, lat + lat0);
    b * F0
        * ((1.0 + n + 1.25 * (n2 + n3)) * d - (3.0 * (n + n2) + 2.625 * n3) * d.sin() * s.cos()
            + 1.875 * (n2 + n3) * (2.0 * d).sin() * (2.0 * s).cos()
            - 35.0 / 24.0 * n3 * (3.0 * d).sin() * (3.0 * s).cos())
}

/// Radii of curvature at a latitude: transverse, and along the meridian.
fn radii(lat: f64) -> (f64, f64) {
    let airy = Ellipsoid::AIRY;
    let e2 = airy.e2();
    let w = 1.0 - e2 * lat.sin().powi(2);
    (
        airy.a * F0 / w.sqrt(),
        airy.a * F0 * (1.0 - e2) / w.powf(1.5),
    )
}

/// The projection (annex C.1).
fn project(lat: f64, lon: f64) -> Grid {
    let (nu, rho) = radii(lat);
    let eta2 = nu / rho - 1.0;
    let (sin, cos, t2) = (lat.sin(), lat.cos(), lat.tan().powi(2));
    let i = meridian(lat) + N0;
    let ii = nu / 2.0 * sin * cos;
    let iii = nu / 24.0 * sin * cos.powi(3) * (5.0 - t2 + 9.0 * eta2);
    let iiia = nu / 720.0 * sin * cos.powi(5) * (61.0 - 58.0 * t2 + t2 * t2);
    let iv = nu * cos;
    let v = nu / 6.0 * cos.powi(3) * (nu / rho - t2);
    let vi =
        nu / 120.0 * cos.powi(5) * (5.0 - 18.0 * t2 + t2 * t2 + 14.0 * eta2 - 58.0 * t2 * eta2);
    let d = lon - LON0.to_radians();
    Grid {
        northing: i + ii * d.powi(2) + iii * d.powi(4) + iiia * d.powi(6),
        easting: E0 + iv * d + v * d.powi(3) + vi * d.powi(5),
    }
}

/// The projection backwards (annex C.2).
fn unproject(grid: &Grid) -> (f64, f64) {
    let mut lat = LAT0.to_radians();
    for _ in 0..20 {
        let off = grid.northing - N0 - meridian(lat);
        lat += off / (Ellipsoid::AIRY.a * F0);
        if off.abs() < 1e-5 {
            break;
        }
    }
    let (nu, rho) = radii(lat);
    let eta2 = nu / rho - 1.0;
    let (tan, sec) = (lat.tan(), 1.0 / lat.cos());
    let t2 = tan * tan;
    let vii = tan / (2.0 * rho * nu);
    let viii = tan / (24.0 * rho * nu.powi(3)) * (5.0 + 3.0 * t2 + eta2 - 9.0 * t2 * eta2);
    let ix = tan / (720.0 * rho * nu.powi(5)) * (61.0 + 90.0 * t2 + 45.0 * t2 * t2);
    let x = sec / nu;
    let xi = sec / (6.0 * nu.powi(3)) * (nu / rho + 2.0 * t2);
    let xii = sec / (120.0 * nu.powi(5)) * (5.0 + 28.0 * t2 + 24.0 * t2 * t2);
    let xiia =
        sec / (5040.0 * nu.powi(7)) * (61.0 + 662.0 * t2 + 1320.0 * t2 * t2 + 720.0 * t2.powi(3));
    let d = grid.easting - E0;
    (
        lat - vii * d.powi(2) + viii * d.powi(4) - ix * d.powi(6),
        LON0.to_radians() + x * d - xi * d.powi(3) + xii * d.powi(5) - xiia * d.powi(7),
    )
}

impl Grid {
    /// The place of these degrees; none outside the grid.
    pub fn at(lat: f64, lon: f64) -> Option<Self> {
        // Far from Britain the series do not hold.
        if !(49.0..=62.0).contains(&lat) || !(-9.5..=3.0).contains(&lon) {
            return None;
        }
        let wgs = Ellipsoid::WGS84.to_cartesian(lat.to_radians(), lon.to_radians());
        let (lat, lon) = Ellipsoid::AIRY.angles_of(helmert(wgs, 1.0));
        let grid = project(lat, lon);
        grid.is_inside().then_some(grid)
    }

    /// The place of coordinates in 1e-7 degrees, as records hold them.
    #[allow(
        clippy::cast_precision_loss,
        reason = "coordinates have ten digits at most"
    )]
    pub fn at_e7(lat_e7: i64, lon_e7: i64) -> Option<Self> {
        Self::at(lat_e7 as f64 / 1e7, lon_e7 as f64 / 1e7)
    }

    /// Latitude and longitude in degrees.
    pub fn degrees(&self) -> (f64, f64) {
        let (lat, lon) = unproject(self);
        let airy = Ellipsoid::AIRY.to_cartesian(lat, lon);
        let (lat, lon) = Ellipsoid::WGS84.angles_of(helmert(airy, -1.0));
        (lat.to_degrees(), lon.to_degrees())
    }

    /// Latitude and longitude in 1e-7 degrees.
    #[allow(clippy::cast_possible_truncation, reason = "degrees are small numbers")]
    pub fn degrees_e7(&self) -> (i64, i64) {
        let (lat, lon) = self.degrees();
        ((lat * 1e7).round() as i64, (lon * 1e7).round() as i64)
    }

    fn is_inside(&self) -> bool {
        (0.0..EAST).contains(&self.easting) && (0.0..NORTH).contains(&self.northing)
    }
}

/// The letters of the grid, without I, row by row from the north.
const LETTERS: &[u8; 25] = b"ABCDEFGHJKLMNOPQRSTUVWXYZ";

/// Two letters and ten digits: the square of one metre that the place lies in.
impl fmt::Display for Grid {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within the grid"
    )]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (e, n) = (self.easting as usize, self.northing as usize);
        // Squares of 100 km, counted from the corner of the square of 2,500 km that begins
        // 1,000 km west and 500 km south of the grid's own.
        let (x, y) = (e / 100_000 + 10, n / 100_000 + 5);
        let letter = |column: usize, row: usize| char::from(LETTERS[(4 - row) * 5 + column]);
        write!(
            f,
            "{}{} {:05} {:05}",
            letter(x / 5 % 5, y / 5 % 5),
            letter(x % 5, y % 5),
            e % 100_000,
            n % 100_000
        )
    }
}

/// Reads two letters and two to ten digits, with or without spaces, in either case. A
/// reference of fewer digits names a square; the place is its middle.
impl FromStr for Grid {
    type Err = BadGrid;

    #[allow(clippy::cast_precision_loss, reason = "at most five digits")]
    fn from_str(text: &str) -> Result<Self, BadGrid> {
        let typed = text.chars().filter(|it| !it.is_whitespace() && *it != ',');
        let typed: String = typed.take(13).collect::<String>().to_ascii_uppercase();
        let [first, second, digits @ ..] = typed.as_bytes() else {
            return Err(BadGrid);
        };
        let place = |letter: &u8| {
            let at = LETTERS.iter().position(|it| it == letter).ok_or(BadGrid)?;
            Ok((at % 5, 4 - at / 5))
        };
        let ((x5, y5), (x1, y1)) = (place(first)?, place(second)?);
        let half = digits.len() / 2;
        let even = digits.len() % 2 == 0 && (1..=5).contains(&half);
        if !even || !digits.iter().all(u8::is_ascii_digit) {
            return Err(BadGrid);
        }
        let size = 10_usize.pow(5 - u32::try_from(half).map_err(|_| BadGrid)?);
        let number = |digits: &[u8]| {
            digits
                .iter()
                .fold(0, |sum, it| sum * 10 + usize::from(it - b'0'))
        };
        let metres = |five: usize, one: usize, from: usize, digits: &[u8]| {
            let squares = (five * 5 + one).checked_sub(from)?;
            let corner = squares * 100_000 + number(digits) * size;
            Some(corner as f64 + size as f64 / 2.0)
        };
        let easting = metres(x5, x1, 10, &digits[..half]).ok_or(BadGrid)?;
        let northing = metres(y5, y1, 5, &digits[half..]).ok_or(BadGrid)?;
        let grid = Self { easting, northing };
        if grid.is_inside() {
            Ok(grid)
        } else {
            Err(BadGrid)
        }
    }
}

#[cfg(test)]
mod tests;
