//! Records from a file: one JSON object a line, in our own keys or in those that others use.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use app_core::view::{FieldMap, FieldValue};
use serde_json::{Map, Value};
use shared::codes::{CodeLists, names};
use shared::record::{FieldType, Kind, field_def};

/// Other people's keys, and ours.
const TEXTS: [(&str, &str); 8] = [
    ("location_text", "place_text"),
    ("subject_name", "name"),
    ("subject_dob", "birth_date"),
    ("items_found", "found_what"),
    ("bwv_ref", "video"),
    ("vehicle_reg", "vehicle_plate"),
    ("vehicle_make", "vehicle_description"),
    ("beat", "incident_log"),
];
/// The same for coded ones, by the words that are published.
const CODES: [(&str, &str, &str); 5] = [
    ("gender", "sex", names::SEXES),
    ("age_range", "age_band", names::AGE_BANDS),
    ("legal_power", "power", names::POWERS),
    ("object", "object", names::OBJECTS),
    ("outcome", "outcome", names::OUTCOMES),
];

/// Reads the records of a file.
pub(crate) fn read(file: &Path) -> Result<Vec<FieldMap>> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let lines = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .enumerate();
    let records: Vec<_> = lines
        .map(|(place, line)| {
            let object: Map<String, Value> = serde_json::from_str(line)
                .with_context(|| format!("{}: line {}", file.display(), place + 1))?;
            Ok(record(&object))
        })
        .collect::<Result<_>>()?;
    ensure!(!records.is_empty(), "{}: no records", file.display());
    Ok(records)
}

/// The fields of a record that this object has, and what the law asks for besides.
fn record(object: &Map<String, Value>) -> FieldMap {
    let mut fields = FieldMap::new();
    for (key, value) in object {
        if let Some(value) = own(key, value) {
            fields.insert(key.clone(), Some(value));
        }
    }
    let text = |key: &str| {
        object
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .trim()
    };
    for (theirs, ours) in TEXTS {
        put(&mut fields, ours, text(theirs));
    }
    for (theirs, ours, list) in CODES {
        let lists = CodeLists::builtin();
        if let Some(code) = lists.code_of_published(list, text(theirs)) {
            put(&mut fields, ours, &code.code);
        }
    }
    // Case notes have two long texts where a search has one.
    let grounds = [text("grounds"), text("notes")].join("\n");
    put(&mut fields, "grounds", grounds.trim());
    for (theirs, ours) in [("lat", "place_lat_e7"), ("lon", "place_lon_e7")] {
        if let Some(degrees) = object.get(theirs).and_then(Value::as_f64) {
            // Degrees times ten million fit many times over.
            #[allow(clippy::cast_possible_truncation, reason = "see above")]
            let e7 = (degrees * 1e7) as i64;
            fields.insert(ours.to_owned(), Some(FieldValue::Int(e7)));
        }
    }
    for (key, value) in [
        ("place_text", "Not named"),
        ("object", "controlled_drugs"),
        ("grounds", "Not given."),
        ("self_ethnicity", "NS"),
    ] {
        if !fields.contains_key(key) {
            put(&mut fields, key, value);
        }
    }
    // A power without suspicion would ask for an authorisation, which these do not have.
    let suspicion = matches!(fields.get("power"), Some(Some(FieldValue::Text(power)))
        if CodeLists::builtin().needs_suspicion(Some(power)));
    if !suspicion {
        fields.remove("power");
    }
    fields
}

/// A value under one of our own keys, if the field takes it.
fn own(key: &str, value: &Value) -> Option<FieldValue> {
    let def = field_def(Kind::StopSearch, key)?;
    match (def.ty, value) {
        (FieldType::Code(list), Value::String(code)) => CodeLists::builtin()
            .get(list, code)
            .map(|code| FieldValue::Text(code.code.clone())),
        (FieldType::Text { .. } | FieldType::Date, Value::String(text)) if !text.is_empty() => {
            Some(FieldValue::Text(text.clone()))
        }
        (FieldType::Bool, Value::Bool(it)) => Some(FieldValue::Bool(*it)),
        (
            FieldType::Int { .. } | FieldType::CoordLat | FieldType::CoordLon | FieldType::Time,
            Value::Number(it),
        ) => it.as_i64().map(FieldValue::Int),
        _ => None,
    }
}

fn put(fields: &mut FieldMap, key: &str, value: &str) {
    if !value.is_empty() {
        fields.insert(key.to_owned(), Some(FieldValue::Text(value.to_owned())));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn other_keys_become_ours_and_what_is_missing_is_filled() {
        let line = r#"{"location_text":"1 Rowan Way","object":"Stolen goods","lat":52.5,
            "lon":-1.9,"grounds":"Ran off.","notes":"Later.","self_ethnicity":"W1","schema":3}"#;
        let fields = record(&serde_json::from_str(line).unwrap());
        let text = |key: &str| match fields.get(key) {
            Some(Some(FieldValue::Text(text))) => text.as_str(),
            _ => "",
        };
        assert_eq!(text("place_text"), "1 Rowan Way");
        assert_eq!(text("object"), "stolen_goods");
        assert_eq!(text("grounds"), "Ran off.\nLater.");
        assert_eq!(fields["place_lon_e7"], Some(FieldValue::Int(-19_000_000)));
        assert_eq!(text("self_ethnicity"), "W1");
    }
}
