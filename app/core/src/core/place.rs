//! Where: fixes, pins, grid references, wards, and places of a while ago. The officer's own
//! words for the place are never touched here.

use std::collections::BTreeSet;

use shared::authorisation::Spot;
use shared::codes::names;
use shared::grid::Grid;
use shared::ids::OfficerId;
use shared::record::{Fields, field};

use super::context::Context;
use super::project::load;
use super::{Core, CoreError};
use crate::store::record_rows;
use crate::view::{
    AreaView, AuthorisationView, DraftView, FieldMap, FieldValue, PlaceInput, PlaceView,
    RecentPlaceView, WhereView,
};

/// How many of one's own last records are looked at for their places.
const LOOKED_AT: u32 = 60;
/// How many places are offered.
const OFFERED: usize = 8;
/// A grid reference is right within about so many metres, however many digits it has.
const GRID_M: i64 = 5;
/// Beyond this a fix names no place.
const ACCURACY_MAX_M: i64 = 1_000_000;

impl Core {
    /// Gives a draft its coordinates. A fix that comes late gives way to what the officer has
    /// put there meanwhile.
    pub fn draft_place(&self, id: &str, place: &PlaceInput) -> Result<DraftView, CoreError> {
        let lists = self.lock().reference.lists.clone();
        if lists.get(names::PLACE_SOURCES, &place.source).is_none() {
            return Err(CoreError::BadInput(field::PLACE_SOURCE.to_owned()));
        }
        let draft = self.draft(id)?;
        if place.late && draft.fields.contains_key(field::PLACE_LAT_E7) {
            return Ok(draft);
        }
        let at = match &place.grid {
            Some(text) => grid_place(text)?,
            None => PlaceView {
                lat_e7: place.lat_e7.ok_or_else(|| bad(field::PLACE_LAT_E7))?,
                lon_e7: place.lon_e7.ok_or_else(|| bad(field::PLACE_LON_E7))?,
                accuracy_m: place.accuracy_m.unwrap_or_default(),
            },
        };
        let possible = at.lat_e7.abs() <= 900_000_000 && at.lon_e7.abs() <= 1_800_000_000;
        if !possible {
            return Err(bad(field::PLACE_LAT_E7));
        }
        let found = place.source == "gps";
        let now = self.config.env.now().0;
        let set = [
            (field::PLACE_LAT_E7, Some(FieldValue::Int(at.lat_e7))),
            (field::PLACE_LON_E7, Some(FieldValue::Int(at.lon_e7))),
            (
                field::PLACE_ACCURACY_M,
                Some(FieldValue::Int(at.accuracy_m.clamp(0, ACCURACY_MAX_M))),
            ),
            (
                field::PLACE_SOURCE,
                Some(FieldValue::Text(place.source.clone())),
            ),
            (
                field::PLACE_FIX_AT,
                found.then(|| FieldValue::Int(place.fix_at.unwrap_or(now))),
            ),
        ];
        let set: FieldMap = set.map(|(key, value)| (key.to_owned(), value)).into();
        self.patch(id, set, None, !place.late)
    }

    /// What is known of a point: its grid reference, ward and district.
    pub fn where_is(&self, lat_e7: i64, lon_e7: i64) -> Result<WhereView, CoreError> {
        Ok(WhereView {
            grid: grid(lat_e7, lon_e7),
            ward: self.ward_at(lat_e7, lon_e7)?,
        })
    }

    /// The place of a grid reference as typed.
    pub fn grid_place(&self, text: &str) -> Result<PlaceView, CoreError> {
        grid_place(text)
    }

    /// Places of one's own last records, each once, the newest first.
    pub fn recent_places(&self) -> Result<Vec<RecentPlaceView>, CoreError> {
        let state = self.lock();
        let conn = state.store.read();
        let rows = record_rows::own(conn, 0, LOOKED_AT, record_rows::OwnFilter::All)?;
        let (mut seen, mut places) = (BTreeSet::new(), Vec::new());
        for row in rows {
            let Some(text) = row.place.filter(|it| seen.insert(it.to_lowercase())) else {
                continue;
            };
            let kind = row.kind.parse().map_err(|_| CoreError::Damaged("kind"))?;
            let fields = load(conn, row.id, kind)?.content().fields;
            places.push(RecentPlaceView {
                text,
                place: point(&fields),
                at: row.happened_at.0,
            });
            if places.len() == OFFERED {
                break;
            }
        }
        Ok(places)
    }

    /// The authorisations that are in force or soon were, and how this place stands to each;
    /// those that cover it first.
    pub fn authorisations(
        &self,
        place: Option<PlaceView>,
    ) -> Result<Vec<AuthorisationView>, CoreError> {
        let state = self.lock();
        let context = state.context(&self.config)?;
        let spot = place.map(|it| Spot::from_e7(it.lat_e7, it.lon_e7, it.accuracy_m));
        let now = context.now();
        let label = |list, code: &str| context.lists().label(list, code).to_owned();
        let mut all: Vec<_> = context
            .reference
            .authorisations
            .iter()
            .map(|it| {
                let view = AuthorisationView {
                    reference: it.reference.clone(),
                    power_label: label(names::POWERS, &it.power),
                    power: it.power.clone(),
                    locality: it.locality.clone(),
                    from: it.from.0,
                    until: it.ends().0,
                    rank: label(names::RANKS, &it.rank),
                    by: it.by.clone(),
                    operation: it.operation.clone(),
                    cover: it.cover(now, spot).as_str().to_owned(),
                };
                (it.cover(now, spot), view)
            })
            .collect();
        all.sort_by_key(|(cover, _)| *cover);
        Ok(all.into_iter().map(|(_, view)| view).collect())
    }
}

fn bad(key: &str) -> CoreError {
    CoreError::BadInput(key.to_owned())
}

/// The grid reference of coordinates, if they lie on the grid.
pub(super) fn grid(lat_e7: i64, lon_e7: i64) -> Option<String> {
    Grid::at_e7(lat_e7, lon_e7).map(|it| it.to_string())
}

fn grid_place(text: &str) -> Result<PlaceView, CoreError> {
    let grid: Grid = text.parse().map_err(|_| bad("place_grid"))?;
    let (lat_e7, lon_e7) = grid.degrees_e7();
    let digits = text.bytes().filter(u8::is_ascii_digit).count() / 2;
    // The place is the middle of the square that the reference names.
    let square = 10_i64.pow(5_u32.saturating_sub(u32::try_from(digits).unwrap_or(5)));
    Ok(PlaceView {
        lat_e7,
        lon_e7,
        accuracy_m: (square * 71 / 100).max(GRID_M),
    })
}

/// The coordinates of a record, if it has both.
pub(super) fn point(fields: &Fields) -> Option<PlaceView> {
    Some(PlaceView {
        lat_e7: fields.get_int(field::PLACE_LAT_E7)?,
        lon_e7: fields.get_int(field::PLACE_LON_E7)?,
        accuracy_m: fields.get_int(field::PLACE_ACCURACY_M).unwrap_or_default(),
    })
}

/// The ward of the recorded place, by the newest boundaries.
pub(super) fn ward(context: &Context, fields: &Fields) -> Option<AreaView> {
    let place = point(fields)?;
    let areas = context.reference.areas.as_ref()?;
    let area = areas.at_e7(place.lat_e7, place.lon_e7)?;
    Some(AreaView {
        code: area.code.clone(),
        name: area.name.clone(),
        district: area.district.clone().unwrap_or_default(),
    })
}

/// The label of an officer whom a form names, if the authority has them.
pub(super) fn label_of(context: &Context, officer: &str) -> Option<String> {
    let officer: OfficerId = officer.parse().ok()?;
    context.label(officer)
}

/// A patch with the label of the officer whom it names as the one who searched: somebody else may
/// have searched than records it (Crime and Security Act 2010, s.1).
pub(super) fn with_searcher(context: &Context, mut fields: FieldMap) -> FieldMap {
    if let Some(officer) = fields.get(field::SEARCHED_BY) {
        let label = match officer {
            Some(FieldValue::Text(officer)) => label_of(context, officer),
            _ => None,
        };
        let label = label.map(FieldValue::Text);
        fields.insert(field::SEARCHED_BY_LABEL.to_owned(), label);
    }
    fields
}
