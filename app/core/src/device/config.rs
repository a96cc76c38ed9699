//! What a device is made of.

use std::path::PathBuf;
use std::sync::Arc;

use crate::env::Env;
use crate::vault::{KdfParams, KeyStore, NoKeyStore};
use crate::view::{FormFactor, PlaceView};

/// Where a device has its things, and what it is.
#[derive(Clone)]
pub struct DeviceConfig {
    /// The folder of enrolment and vaults.
    pub home: PathBuf,
    /// Clock and randomness.
    pub env: Env,
    /// The cost of deriving keys from PINs.
    pub kdf: KdfParams,
    /// Phone or tablet, until the enrolment says.
    pub form_factor: FormFactor,
    /// Where the device is.
    pub position: Arc<dyn PositionSource>,
    /// The key store of the platform.
    pub keystore: Arc<dyn KeyStore>,
}

impl DeviceConfig {
    /// The defaults, with this home.
    pub fn new(home: impl Into<PathBuf>) -> Self {
        Self {
            home: home.into(),
            env: Env::system(),
            kdf: KdfParams::DEVICE,
            form_factor: FormFactor::Phone,
            position: Arc::new(Nowhere),
            keystore: Arc::new(NoKeyStore),
        }
    }
}

/// Tells where the device is.
pub trait PositionSource: Send + Sync {
    /// What is known of it now.
    fn here(&self) -> Position;
}

/// What a device knows of where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// The last fix.
    At(Fix),
    /// There is none yet.
    Unknown,
    /// The person, or the system, does not let the app know.
    Refused,
}

/// A position fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fix {
    lat_e7: i64,
    lon_e7: i64,
    accuracy_m: i64,
    age_ms: i64,
}

impl Fix {
    /// From degrees and metres.
    pub fn from_degrees(lat: f64, lon: f64, accuracy_m: f64) -> Self {
        // Casting saturates, and what no coordinate can be is refused with the record's fields.
        let e7 = |degrees: f64| (degrees * 1e7).round() as i64;
        Self {
            lat_e7: e7(lat),
            lon_e7: e7(lon),
            accuracy_m: accuracy_m.ceil() as i64,
            age_ms: 0,
        }
    }

    /// The same, found so many milliseconds ago.
    pub const fn aged(self, age_ms: i64) -> Self {
        Self { age_ms, ..self }
    }

    /// How many milliseconds ago it was found.
    pub const fn age_ms(self) -> i64 {
        self.age_ms
    }

    /// As screens are given it.
    pub const fn view(self) -> PlaceView {
        PlaceView {
            lat_e7: self.lat_e7,
            lon_e7: self.lon_e7,
            accuracy_m: self.accuracy_m,
        }
    }
}

/// A device that never knows where it is.
struct Nowhere;

impl PositionSource for Nowhere {
    fn here(&self) -> Position {
        Position::Unknown
    }
}
