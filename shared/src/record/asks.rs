//! Which questions a record's answers open. The form shows these and no others, so that an
//! officer is never asked what does not apply, and the rule is written once for every screen.

use super::{Fields, Kind, age_band, field, is_vehicle_only};
use crate::codes::{AuthorisationRule, CodeLists, names};

/// What stands in the record for why the power could be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Grounds for suspicion, written anew for each person (Code A 4.6).
    Grounds,
    /// An authorisation of an area for a time (CJPOA 1994 s.60, Public Order Act 2023 s.11,
    /// Terrorism Act 2000 s.47A).
    Authorisation,
    /// A court's order about the person (Sentencing Code s.342E).
    Order,
}

impl Basis {
    /// Its stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Grounds => "grounds",
            Self::Authorisation => "authorisation",
            Self::Order => "order",
        }
    }

    /// The field that holds it.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Grounds => field::GROUNDS,
            Self::Authorisation | Self::Order => field::AUTHORISATION,
        }
    }
}

/// What a record under this power rests on. A power that is blank or not in the list asks for
/// grounds, which is the stricter reading.
pub fn basis(fields: &Fields, lists: &CodeLists) -> Basis {
    let power = fields.get_text(field::POWER);
    if lists.needs_suspicion(power) {
        return Basis::Grounds;
    }
    let rule = power
        .and_then(|it| lists.get(names::POWERS, it))
        .and_then(|it| it.authorisation.as_ref());
    match rule {
        Some(AuthorisationRule::Order) => Basis::Order,
        Some(AuthorisationRule::Area { .. }) | None => Basis::Authorisation,
    }
}

/// True if the search went further than outer clothing.
pub fn is_further(fields: &Fields) -> bool {
    matches!(fields.get_text(field::EXTENT), Some("mts" | "eip"))
}

/// The questions that these answers open, in the order of the pages.
pub fn asks(kind: Kind, fields: &Fields, lists: &CodeLists) -> Vec<&'static str> {
    if kind == Kind::Note {
        return Vec::new();
    }
    let is = |key, code: &str| fields.get_text(key) == Some(code);
    let yes = |key| fields.get_bool(key) == Some(true);
    let blank = |key| fields.get_text(key).is_none();
    let subject = fields.get_text(field::SUBJECT).unwrap_or_default();
    let child = age_band(fields).is_some_and(|it| it.is_under_18());
    let something = matches!(fields.get_text(field::FOUND), Some("object" | "other"));

    let mut asks = vec![basis(fields, lists).field()];
    let mut open = |when: bool, keys: &[&'static str]| {
        if when {
            asks.extend_from_slice(keys);
        }
    };
    // s.60AA goes with a section 60 authorisation and is not itself a search.
    open(is(field::POWER, "cjpoa_s60"), &[field::FACE_COVERING]);
    open(
        subject.contains("vehicle"),
        &[
            field::VEHICLE_PLATE,
            field::VEHICLE_DESCRIPTION,
            field::DAMAGE,
        ],
    );
    // PACE s.2(6) and (7), Code A 4.8 to 4.10: a notice, inside unless that does damage, and
    // the vehicle left secure.
    let unattended = subject == "unattended_vehicle";
    open(unattended, &[field::NOTICE, field::LEFT_SECURE]);
    open(
        unattended && matches!(fields.get_text(field::NOTICE), Some("outside" | "not_left")),
        &[field::NOTICE_REASON],
    );
    open(is(field::SELF_ETHNICITY, "NS"), &[field::ETHNICITY_REASON]);
    if !is_vehicle_only(fields) {
        open(blank(field::SEX), &[field::PERCEIVED_SEX]);
        extent(fields, child, &mut open);
    }
    open(
        something,
        &[
            field::FOUND_WHAT,
            field::WEAPON_FOUND,
            field::EXHIBIT,
            field::OUTCOME_LINKED,
        ],
    );
    // The record is then part of the custody record (Crime and Security Act 2010 s.1).
    open(
        is(field::OUTCOME, "arrest"),
        &[field::CUSTODY_REFERENCE, field::CRIME_REFERENCE],
    );
    // Each officer who used force fills the form of the NPCC; this record points to it.
    open(
        yes(field::FORCE_USED),
        &[field::HANDCUFFS, field::FORCE_REFERENCE],
    );
    open(blank(field::VIDEO), &[field::VIDEO_REASON]);
    open(is(field::COPY, "not_practicable"), &[field::COPY_REASON]);
    open(yes(field::IDENTITY_PROTECTED), &[field::IDENTITY_REASON]);
    open(yes(field::OFFICER_SAFETY), &[field::OFFICER_SAFETY_TEXT]);
    asks
}

/// What each level of search adds (College of Policing, search options): where it was, who
/// made it and who was there; for intimate parts the supervisor; for a child the appropriate
/// adult (Code C annex A, 11).
fn extent(fields: &Fields, child: bool, open: &mut impl FnMut(bool, &[&'static str])) {
    let further = is_further(fields);
    open(
        further,
        &[
            field::EXTENT_REASON,
            field::EXTENT_PLACE,
            field::EXTENT_HEADGEAR_ONLY,
            field::EXTENT_OFFICER_SEX,
            field::EXTENT_OPPOSITE_SEX,
        ],
    );
    let intimate = fields.get_text(field::EXTENT) == Some("eip");
    open(intimate, &[field::EXTENT_SUPERVISOR]);
    open(child, &[field::APPROPRIATE_ADULT]);
    open(
        child && further && fields.get_bool(field::APPROPRIATE_ADULT) == Some(false),
        &[field::ADULT_REASON],
    );
}
