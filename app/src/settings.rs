//! What the app is told from outside: where its data lies, and what the device is.

use std::env;
use std::path::PathBuf;
use std::sync::Arc;

use app_core::device::{DeviceConfig, Fix, Position, PositionSource};
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
struct Fixed(Position);

impl Fixed {
    /// Reads `latitude,longitude,accuracy in metres`, with the seconds since then if it is old;
    /// `refused` where the app is not to know, and `none` as long as there is none.
    fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "refused" => return Some(Self(Position::Refused)),
            "none" => return Some(Self(Position::Unknown)),
            _ => {}
        }
        let parts: Option<Vec<f64>> = text.split(',').map(|it| it.trim().parse().ok()).collect();
        let (lat, lon, accuracy, seconds) = match *parts?.as_slice() {
            [lat, lon, accuracy] => (lat, lon, accuracy, 0.0),
            [lat, lon, accuracy, seconds] if seconds >= 0.0 => (lat, lon, accuracy, seconds),
            _ => return None,
        };
        // Casting saturates.
        let age_ms = (seconds * 1000.0) as i64;
        let fix = Fix::from_degrees(lat, lon, accuracy).aged(age_ms);
        Some(Self(Position::At(fix)))
    }
}

impl PositionSource for Fixed {
    fn here(&self) -> Position {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_three_or_four_numbers_a_refusal_or_none() {
        let read = |text: &str| match Fixed::parse(text)?.0 {
            Position::At(fix) => Some((fix.view(), fix.age_ms())),
            Position::Unknown | Position::Refused => None,
        };
        let here = read("52.5093, -1.9340, 8");
        let here = here.map(|(it, age)| (it.lat_e7, it.lon_e7, it.accuracy_m, age));
        assert_eq!(here, Some((525_093_000, -19_340_000, 8, 0)));
        let age = read("52.5093,-1.9340,400,1200").map(|(_, age)| age);
        assert_eq!(age, Some(1_200_000));
        for text in [
            "",
            "52.5",
            "52.5,-1.9",
            "north,-1.9,8",
            "1,2,3,-4",
            "1,2,3,4,5",
        ] {
            assert!(Fixed::parse(text).is_none(), "{text}");
        }
        let state = |text| Fixed::parse(text).map(|it| it.0);
        assert_eq!(state("refused"), Some(Position::Refused));
        assert_eq!(state("none"), Some(Position::Unknown));
    }
}
