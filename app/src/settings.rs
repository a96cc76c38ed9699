//! What the app is told from outside: where its data lies, and what the device is.

use std::env;
use std::path::PathBuf;
use std::sync::Arc;

use app_core::device::{DeviceConfig, Fix, PositionSource};
use app_core::view::FormFactor;
use tauri::{AppHandle, Manager};

/// Everything read once at the start.
#[derive(Clone)]
pub(crate) struct Settings {
    /// For the device.
    pub(crate) device: DeviceConfig,
    /// Which window to open.
    pub(crate) form_factor: FormFactor,
}

impl Settings {
    pub(crate) fn read(app: &AppHandle) -> tauri::Result<Self> {
        let home = match env::var_os("BEATBOOK_HOME") {
            Some(home) => PathBuf::from(home),
            None => app.path().app_data_dir()?,
        };
        let form_factor = match env::var("BEATBOOK_FORM_FACTOR").as_deref() {
            Ok("tablet") => FormFactor::Tablet,
            _ => FormFactor::Phone,
        };
        let position = env::var("BEATBOOK_POSITION")
            .ok()
            .and_then(|text| Fixed::parse(&text));
        let mut device = DeviceConfig::new(home);
        device.form_factor = form_factor;
        if let Some(fixed) = position {
            device.position = Arc::new(fixed);
        }
        Ok(Self {
            device,
            form_factor,
        })
    }
}

/// A position that was set: a desktop has no satellite receiver.
struct Fixed(Fix);

impl Fixed {
    /// Reads `latitude,longitude,accuracy in metres`.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(',').map(|part| part.trim().parse::<f64>().ok());
        let (lat, lon, accuracy) = (parts.next()??, parts.next()??, parts.next()??);
        Some(Self(Fix::from_degrees(lat, lon, accuracy)))
    }
}

impl PositionSource for Fixed {
    fn here(&self) -> Option<Fix> {
        Some(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_three_numbers_or_none() {
        let read = |text: &str| Fixed::parse(text).map(|it| it.0.view());
        let here = read("52.5093, -1.9340, 8").map(|it| (it.lat_e7, it.lon_e7, it.accuracy_m));
        assert_eq!(here, Some((525_093_000, -19_340_000, 8)));
        for text in ["", "52.5", "52.5,-1.9", "north,-1.9,8"] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
