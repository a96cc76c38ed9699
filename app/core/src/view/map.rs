//! The map of the page "where".

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a picture shows, in 1e-7 degrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FrameInput {
    /// The southern edge.
    #[ts(type = "number")]
    pub south_e7: i64,
    /// The western edge.
    #[ts(type = "number")]
    pub west_e7: i64,
    /// The northern edge.
    #[ts(type = "number")]
    pub north_e7: i64,
    /// The eastern edge.
    #[ts(type = "number")]
    pub east_e7: i64,
}

/// An area to draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OutlineView {
    /// Its name.
    pub name: String,
    /// True for an authorised area that is in force; a ward otherwise.
    pub authorised: bool,
    /// Closed lines: latitude and longitude by turns, in 1e-7 degrees.
    #[ts(type = "Array<Array<number>>")]
    pub rings: Vec<Vec<i64>>,
}

/// What lies within a frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MapView {
    /// Wards first.
    pub outlines: Vec<OutlineView>,
}

/// Which questions the answers of a record open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AsksView {
    /// What the power rests on: `grounds`, `authorisation` or `order`.
    pub basis: String,
    /// The fields that are asked for besides those that always are.
    pub asks: Vec<String>,
}
