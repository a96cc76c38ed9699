//! What a force decides for itself. It reaches devices as the reference item `settings`.

use serde::{Deserialize, Serialize};

/// The name of the reference item.
pub const ITEM: &str = "settings";

/// How GOWISELY is confirmed before a search (PACE Code A 3.8).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gowisely {
    /// Each of the eight items by itself.
    Items,
    /// All in one touch.
    #[default]
    OneTouch,
}

/// The settings of a force; what it does not say is as here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Hours for which a device may show others' records without hearing the server.
    pub lease_hours: u32,
    /// Hours in which a submitted record should be reviewed.
    pub review_hours: u32,
    /// How GOWISELY is confirmed.
    pub gowisely: Gowisely,
    /// True if reading another's record asks for a reason.
    pub reason_to_read: bool,
    /// Minutes without a touch after which a vault locks.
    pub lock_minutes: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lease_hours: 72,
            review_hours: 24,
            gowisely: Gowisely::default(),
            reason_to_read: false,
            lock_minutes: 5,
        }
    }
}

/// Settings that are not settings.
#[derive(Debug, thiserror::Error)]
pub enum BadSettings {
    /// A name that is none of theirs.
    #[error("there is no setting {0}")]
    Unknown(String),
    /// Not the JSON of settings.
    #[error("settings: {0}")]
    Shape(#[from] serde_json::Error),
    /// A number outside what makes sense.
    #[error("{0} should be between {1} and {2}")]
    Range(&'static str, u32, u32),
}

impl Settings {
    /// Reads what an operator wrote: every name has to be one that is known here.
    pub fn from_operator(json: &[u8]) -> Result<Self, BadSettings> {
        let written: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(json)?;
        let known = serde_json::to_value(Self::default())?;
        match written.keys().find(|name| known.get(name).is_none()) {
            Some(name) => Err(BadSettings::Unknown(name.clone())),
            None => Self::from_json(json),
        }
    }

    /// Reads and checks them. A newer server may know more of them.
    pub fn from_json(json: &[u8]) -> Result<Self, BadSettings> {
        let settings: Self = serde_json::from_slice(json)?;
        for (name, value, low, high) in [
            ("lease_hours", settings.lease_hours, 1, 24 * 31),
            ("review_hours", settings.review_hours, 1, 24 * 90),
            ("lock_minutes", settings.lock_minutes, 1, 60),
        ] {
            if !(low..=high).contains(&value) {
                return Err(BadSettings::Range(name, low, high));
            }
        }
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_force_does_not_say_is_as_shipped() {
        let read = Settings::from_json(br#"{"lease_hours": 24, "gowisely": "items"}"#);
        let expected = Settings {
            lease_hours: 24,
            gowisely: Gowisely::Items,
            ..Settings::default()
        };
        assert_eq!(read.ok(), Some(expected));
    }

    #[test]
    fn unknown_names_and_odd_numbers_are_refused_by_name() {
        let says = |json: &str| {
            let read = Settings::from_operator(json.as_bytes());
            read.err().map(|error| error.to_string())
        };
        let unknown = says(r#"{"lease_hour": 24}"#);
        assert_eq!(unknown.as_deref(), Some("there is no setting lease_hour"));
        assert!(Settings::from_json(br#"{"of_a_newer_server": 1}"#).is_ok());
        let odd = says(r#"{"lease_hours": 0}"#);
        assert_eq!(
            odd.as_deref(),
            Some("lease_hours should be between 1 and 744")
        );
    }
}
