//! Reading authorisations from GeoJSON and writing them, under limits.

use std::collections::BTreeSet;
use std::str::FromStr;

use geo::MultiPolygon;
use geojson::{Feature, FeatureCollection, GeoJson, Geometry, GeometryValue, JsonObject};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Authorisation, Authorisations, Extension};
use crate::area::{BadShape, polygons};
use crate::codes::{AuthorisationRule, CodeLists, names};
use crate::time::UnixMs;

/// Most authorisations of a file.
const FEATURES: usize = 500;
/// Most points of a file's polygons.
const POINTS: usize = 200_000;
/// Longest property, in characters: what a record's field of it holds.
const PROPERTY_CHARS: usize = 200;
const HOUR_MS: i64 = 3_600_000;

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AuthorisationError {
    /// Not GeoJSON.
    #[error("not GeoJSON: {0}")]
    Unreadable(#[from] Box<geojson::Error>),
    /// Neither a feature nor a collection of them.
    #[error("neither a feature nor a collection of features")]
    NotFeatures,
    /// Too many authorisations or points.
    #[error("too many authorisations or points")]
    TooLarge,
}

/// A feature that was not taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedAuthorisation {
    /// Which feature, from 0.
    pub feature: usize,
    /// Its reference, if it has one.
    pub reference: Option<String>,
    /// Why not.
    pub fault: AuthorisationFault,
}

/// Why a feature was not taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum AuthorisationFault {
    /// A property is not there, or is blank or too long.
    #[error("has no property {0}, or a blank or overlong one")]
    Property(String),
    /// A time is not RFC 3339 with its offset.
    #[error("has a {0} that is not a time like 2026-11-22T18:00:00Z")]
    NotATime(String),
    /// It ends before it begins.
    #[error("ends before it begins")]
    EndsFirst,
    /// The list of powers does not have it.
    #[error("names a power that the list does not have")]
    UnknownPower,
    /// The power rests on suspicion, or on an order about a person.
    #[error("names a power that no area is authorised for")]
    NoArea,
    /// The list of ranks does not have it.
    #[error("names a rank that the list does not have")]
    UnknownRank,
    /// The rank may not give it, or extend it.
    #[error("was given by a rank below {0}")]
    RankTooLow(String),
    /// Longer than the power allows.
    #[error("lasts longer than {0} hours")]
    TooLong(u32),
    /// The power cannot be extended, or not for so long.
    #[error("is extended by more than {0} hours")]
    ExtendedTooLong(u32),
    /// The reference occurred before.
    #[error("has a reference that occurred before")]
    Twice,
    /// Not a polygon.
    #[error("is not a polygon")]
    NotAPolygon,
    /// Coordinates that are not degrees of longitude and latitude.
    #[error("has coordinates that are not degrees")]
    NotDegrees,
}

impl Authorisations {
    /// Reads GeoJSON, a feature or a collection: polygons in degrees (WGS 84), each with the
    /// properties `reference`, `power`, `locality`, `from`, `until` and `rank`, and where they
    /// apply `by`, `operation`, `extended_until` and `extended_rank`. What does not fit is
    /// named and left out.
    pub fn read(text: &str) -> Result<(Self, Vec<RefusedAuthorisation>), AuthorisationError> {
        let (all, refused) = features(text)?;
        Ok((
            Self::of(all.into_iter().map(|(_, it)| it).collect()),
            refused,
        ))
    }

    /// Reads GeoJSON as [`Authorisations::read`] does, and leaves out what the powers do not
    /// allow: rank and hours are those of the list of powers, which a force narrows.
    pub fn read_lawful(
        text: &str,
        lists: &CodeLists,
    ) -> Result<(Self, Vec<RefusedAuthorisation>), AuthorisationError> {
        let (read, mut refused) = features(text)?;
        let mut all = Vec::new();
        for (feature, it) in read {
            match fault(&it, lists) {
                None => all.push(it),
                Some(fault) => refused.push(RefusedAuthorisation {
                    feature,
                    reference: Some(it.reference),
                    fault,
                }),
            }
        }
        refused.sort_by_key(|it| it.feature);
        Ok((Self::of(all), refused))
    }

    /// A feature collection with the properties that [`Authorisations::read`] reads.
    pub fn to_geojson(&self) -> String {
        let features = self.all.iter().map(|it| Feature {
            geometry: Some(Geometry::new(GeometryValue::from(&it.shape))),
            properties: Some(properties(it)),
            ..Feature::default()
        });
        GeoJson::from(FeatureCollection::new(features.collect::<Vec<_>>())).to_string()
    }
}

type Read = (Vec<(usize, Authorisation)>, Vec<RefusedAuthorisation>);

/// What reads, with the place of each in the file, and what does not.
fn features(text: &str) -> Result<Read, AuthorisationError> {
    let features = match GeoJson::from_str(text).map_err(Box::new)? {
        GeoJson::FeatureCollection(all) => all.features,
        GeoJson::Feature(one) => vec![one],
        GeoJson::Geometry(_) => return Err(AuthorisationError::NotFeatures),
    };
    if features.len() > FEATURES {
        return Err(AuthorisationError::TooLarge);
    }
    let (mut all, mut refused) = (Vec::new(), Vec::new());
    let (mut seen, mut points) = (BTreeSet::new(), 0);
    for (place, feature) in features.into_iter().enumerate() {
        let properties = feature.properties.unwrap_or_default();
        let reference = property(&properties, "reference").ok();
        let read = one(&properties, feature.geometry).and_then(|(it, count)| {
            points += count;
            if seen.insert(it.reference.to_ascii_uppercase()) {
                Ok(it)
            } else {
                Err(AuthorisationFault::Twice)
            }
        });
        match read {
            Ok(it) => all.push((place, it)),
            Err(fault) => refused.push(RefusedAuthorisation {
                feature: place,
                reference,
                fault,
            }),
        }
        if points > POINTS {
            return Err(AuthorisationError::TooLarge);
        }
    }
    Ok((all, refused))
}

fn properties(it: &Authorisation) -> JsonObject {
    let mut all = JsonObject::new();
    let mut set = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            all.insert(key.into(), value.into());
        }
    };
    set("reference", Some(it.reference.clone()));
    set("power", Some(it.power.clone()));
    set("locality", Some(it.locality.clone()));
    set("from", stamp(it.from));
    set("until", stamp(it.until));
    set("rank", Some(it.rank.clone()));
    set("by", it.by.clone());
    set("operation", it.operation.clone());
    let extended = it.extended.as_ref();
    set("extended_until", extended.and_then(|it| stamp(it.until)));
    set("extended_rank", extended.map(|it| it.rank.clone()));
    all
}

fn stamp(at: UnixMs) -> Option<String> {
    let at = Timestamp::from_millisecond(at.0).ok()?;
    Some(at.to_string())
}

fn property(properties: &JsonObject, key: &str) -> Result<String, AuthorisationFault> {
    let text = properties.get(key).and_then(|it| it.as_str());
    let text = text.map(str::trim).filter(|it| {
        !it.is_empty() && it.chars().count() <= PROPERTY_CHARS && !it.contains(char::is_control)
    });
    text.map(str::to_owned)
        .ok_or_else(|| AuthorisationFault::Property(key.to_owned()))
}

/// A property that need not be there.
fn optional(properties: &JsonObject, key: &str) -> Result<Option<String>, AuthorisationFault> {
    match properties.get(key) {
        None | Some(serde_json::Value::Null) => Ok(None),
        Some(_) => property(properties, key).map(Some),
    }
}

fn time(text: &str, key: &str) -> Result<UnixMs, AuthorisationFault> {
    let read: Result<Timestamp, _> = text.parse();
    read.map(|it| UnixMs(it.as_millisecond()))
        .map_err(|_| AuthorisationFault::NotATime(key.to_owned()))
}

fn one(
    properties: &JsonObject,
    geometry: Option<Geometry>,
) -> Result<(Authorisation, usize), AuthorisationFault> {
    let text = |key| property(properties, key);
    let extended = match optional(properties, "extended_until")? {
        Some(until) => Some(Extension {
            until: time(&until, "extended_until")?,
            rank: text("extended_rank")?,
        }),
        None => None,
    };
    let (shape, count) = shape(geometry)?;
    let it = Authorisation {
        reference: text("reference")?,
        power: text("power")?,
        locality: text("locality")?,
        from: time(&text("from")?, "from")?,
        until: time(&text("until")?, "until")?,
        rank: text("rank")?,
        by: optional(properties, "by")?,
        operation: optional(properties, "operation")?,
        extended,
        shape,
    };
    let backwards = it
        .extended
        .as_ref()
        .is_some_and(|more| more.until <= it.until);
    if it.until <= it.from || backwards {
        return Err(AuthorisationFault::EndsFirst);
    }
    Ok((it, count))
}

fn shape(geometry: Option<Geometry>) -> Result<(MultiPolygon, usize), AuthorisationFault> {
    let value = geometry.ok_or(AuthorisationFault::NotAPolygon)?.value;
    polygons(value).map_err(|bad| match bad {
        BadShape::NotAPolygon => AuthorisationFault::NotAPolygon,
        BadShape::NotDegrees => AuthorisationFault::NotDegrees,
    })
}

/// What the law or the force does not allow about it.
fn fault(it: &Authorisation, lists: &CodeLists) -> Option<AuthorisationFault> {
    use AuthorisationFault::{
        ExtendedTooLong, NoArea, RankTooLow, TooLong, UnknownPower, UnknownRank,
    };
    let Some(power) = lists.get(names::POWERS, &it.power) else {
        return Some(UnknownPower);
    };
    let Some(AuthorisationRule::Area {
        rank,
        hours,
        extension_rank,
        extension_hours,
    }) = &power.authorisation
    else {
        return Some(NoArea);
    };
    // The list of ranks goes from the lowest to the highest.
    let height = |code: &str| {
        let ranks = lists.list(names::RANKS)?;
        ranks.codes.iter().position(|it| it.code == code)
    };
    let low = |given: &str, least_code: &str| match (height(given), height(least_code)) {
        (Some(given), Some(least)) if given < least => {
            Some(RankTooLow(lists.label(names::RANKS, least_code).to_owned()))
        }
        (Some(_), _) => None,
        (None, _) => Some(UnknownRank),
    };
    let longer =
        |from: UnixMs, until: UnixMs, hours: u32| until.since(from) > i64::from(hours) * HOUR_MS;
    if let Some(fault) = low(&it.rank, rank) {
        return Some(fault);
    }
    if longer(it.from, it.until, *hours) {
        return Some(TooLong(*hours));
    }
    let extended = it.extended.as_ref()?;
    let allowed = extension_hours.unwrap_or_default();
    if longer(it.until, extended.until, allowed) {
        return Some(ExtendedTooLong(allowed));
    }
    low(&extended.rank, extension_rank.as_deref().unwrap_or(rank))
}
