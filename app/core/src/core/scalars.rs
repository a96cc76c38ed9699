//! Values between records and screens.

use shared::record::{Fields, Kind, Scalar, field, field_def};

use super::CoreError;
use crate::view::{FieldMap, FieldValue};

/// The longest text that a form may hand over, in bytes: far above every cap, so that what is
/// too long is kept in the journal and named as a problem, and yet bounded.
const TEXT_MAX: usize = 256 * 1024;

impl From<&Scalar> for FieldValue {
    fn from(value: &Scalar) -> Self {
        match value {
            Scalar::Bool(it) => Self::Bool(*it),
            Scalar::Int(it) => Self::Int(*it),
            Scalar::Text(it) => Self::Text(it.clone()),
        }
    }
}

impl From<FieldValue> for Scalar {
    fn from(value: FieldValue) -> Self {
        match value {
            FieldValue::Bool(it) => Self::Bool(it),
            FieldValue::Int(it) => Self::Int(it),
            FieldValue::Text(it) => Self::Text(it),
        }
    }
}

/// Fields as the screens get them.
pub(super) fn field_map(fields: &Fields) -> FieldMap {
    fields
        .iter()
        .map(|(key, value)| (key.to_owned(), Some(value.into())))
        .collect()
}

/// Fields that the app fills in itself: what people were shown of them stays what it is.
const KEPT: [&str; 5] = [
    field::REFERENCE,
    field::GOWISELY_TIMES,
    field::ENCOUNTER,
    field::RECEIPT_HASH,
    field::AUTHORISATION_CHECK,
];

/// True if no form sets this field.
pub(super) fn is_kept(key: &str) -> bool {
    KEPT.contains(&key)
}

/// A plate as it is stored: no spaces, capital letters. Foreign ones too.
fn plate(text: &str) -> String {
    let kept = text.chars().filter(|it| !it.is_whitespace());
    kept.flat_map(char::to_uppercase).collect()
}

/// A value from a form, if the field takes it. A blank text is no value.
pub(super) fn scalar(
    kind: Kind,
    key: &str,
    value: Option<FieldValue>,
) -> Result<Option<Scalar>, CoreError> {
    let bad = || CoreError::BadInput(key.to_owned());
    let def = field_def(kind, key).ok_or_else(bad)?;
    let Some(value) = value.map(Scalar::from) else {
        return Ok(None);
    };
    if !def.ty.takes(&value) || value.as_text().is_some_and(|text| text.len() > TEXT_MAX) {
        return Err(bad());
    }
    let blank = value.as_text().is_some_and(|text| text.trim().is_empty());
    Ok(match value {
        _ if blank => None,
        Scalar::Text(text) if key == field::VEHICLE_PLATE => Some(plate(&text).into()),
        value => Some(value),
    })
}
