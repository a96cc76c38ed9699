//! Advice on a draft: it points at words and gives the reason, blocks nothing and gives no
//! score. The words live in a list that the force replaces.

use super::asks::{Basis, basis, is_further};
use super::catalogue::{FieldType, catalogue};
use super::phrases::phrases;
use super::{Fields, Kind, age_band, field, is_vehicle_only, search_day};
use crate::area::Areas;
use crate::authorisation::{Authorisations, Cover, Spot};
use crate::codes::{CodeLists, names};
use crate::time::UnixMs;

/// After this long a record counts as late and asks why. The law has no number of hours (Code A
/// 4.1 says on the spot, else as soon as practicable); this is the product's default.
pub const LATE_AFTER_MS: i64 = 60 * 60 * 1000;

/// Grounds of fewer words seldom let somebody else judge them.
const SHORT_WORDS: usize = 8;

/// A position older than this says little of where the search was.
const STALE_MS: i64 = 10 * 60 * 1000;

/// A position worse than this, in metres, names a neighbourhood and not a place.
const INACCURATE_M: i64 = 100;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What is advised.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum AdviceCode { $($(#[$doc])* $name,)* }

        impl AdviceCode {
            /// All.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its stable name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

codes! {
    /// The grounds are very short.
    Short = "short",
    /// A phrase is about the place, not about the person.
    PlaceNotPerson = "place_not_person",
    /// A phrase says little.
    Generic = "generic",
    /// The object is not what this power is for.
    PowerObject = "power_object",
    /// The officer's own view of ethnicity is blank.
    OfficerViewMissing = "officer_view_missing",
    /// Neither video nor a reason for none.
    NoVideo = "no_video",
    /// The safeguards for children apply.
    Under18 = "under_18",
    /// Recorded late without a reason.
    LateRecord = "late_record",
    /// The officer's role does not have this power.
    PowerNotAllowed = "power_not_allowed",
    /// The list does not have this code.
    UnknownCode = "unknown_code",
    /// The list had this code, and not on the day of the search.
    ExpiredCode = "expired_code",
    /// The place is outside the authorised area.
    AuthorisationOutside = "authorisation_outside",
    /// The place is so near the edge that its accuracy does not decide.
    AuthorisationEdge = "authorisation_edge",
    /// The authorisation was not in force at the time of the search.
    AuthorisationNotInForce = "authorisation_not_in_force",
    /// No authorisation of this reference is on the device.
    AuthorisationUnknown = "authorisation_unknown",
    /// There is no position to compare with the authorised area.
    AuthorisationNoPlace = "authorisation_no_place",
    /// The authorisation is for another power.
    AuthorisationPower = "authorisation_power",
    /// The position is old.
    PlaceStale = "place_stale",
    /// The position is not exact.
    PlaceInaccurate = "place_inaccurate",
    /// The place lies outside the force's areas.
    OutsideForce = "outside_force",
    /// An unattended vehicle was searched and no notice is recorded.
    NoticeMissing = "notice_missing",
    /// The officer who searched further was not of the person's sex.
    OfficerSex = "officer_sex",
    /// Intimate parts were exposed in a vehicle.
    IntimateInVehicle = "intimate_in_vehicle",
    /// Somebody of the other sex was there.
    OppositeSexPresent = "opposite_sex_present",
    /// A child was searched further without an appropriate adult or a reason.
    AdultMissing = "adult_missing",
    /// Intimate parts were exposed and no supervisor is named.
    SupervisorMissing = "supervisor_missing",
    /// Something was found, and whether the outcome has to do with it is not said.
    LinkMissing = "link_missing",
    /// Force was used, and no form of it is named.
    ForceFormMissing = "force_form_missing",
}

/// One piece of advice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// The field it is about.
    pub field: &'static str,
    /// What it is.
    pub code: AdviceCode,
    /// The phrase of the list that it points at.
    pub phrase: Option<String>,
}

/// What advice depends on besides the record.
#[derive(Debug, Clone, Copy, Default)]
pub struct AdviceContext<'a> {
    /// Rank or role of the officer, as the list of powers names it ("PC", "PCSO").
    pub role: &'a str,
    /// The time now.
    pub now: UnixMs,
    /// The force's areas, if they are known.
    pub areas: Option<&'a Areas>,
    /// The authorisations, if they are known.
    pub authorisations: Option<&'a Authorisations>,
}

/// Gathers advice.
struct Notes<'a> {
    fields: &'a Fields,
    all: Vec<Advice>,
}

impl Notes<'_> {
    fn add(&mut self, field: &'static str, code: AdviceCode) {
        self.when(true, field, code);
    }

    fn when(&mut self, is: bool, field: &'static str, code: AdviceCode) {
        if is {
            self.all.push(Advice {
                field,
                code,
                phrase: None,
            });
        }
    }

    fn blank(&self, key: &str) -> bool {
        self.fields.get_text(key).is_none()
    }

    fn is(&self, key: &str, code: &str) -> bool {
        self.fields.get_text(key) == Some(code)
    }

    fn answer(&self, key: &str) -> Option<bool> {
        self.fields.get_bool(key)
    }
}

/// Advice on a record, in the order of the pages. Of a note, only what is wrong with its
/// codes.
pub fn advice(
    kind: Kind,
    fields: &Fields,
    lists: &CodeLists,
    context: &AdviceContext<'_>,
) -> Vec<Advice> {
    let mut notes = Notes {
        fields,
        all: Vec::new(),
    };
    if kind == Kind::StopSearch {
        let late = is_late(fields, context.now);
        notes.when(late, field::SEARCHED_AT, AdviceCode::LateRecord);
        place(&mut notes, context);
        power(&mut notes, lists, context);
        grounds(&mut notes, lists);
        person(&mut notes);
        extent(&mut notes);
        result(&mut notes);
    }
    codes_of(&mut notes, kind, lists);
    notes.all
}

fn spot(fields: &Fields) -> Option<Spot> {
    let accuracy = fields.get_int(field::PLACE_ACCURACY_M).unwrap_or_default();
    Some(Spot::from_e7(
        fields.get_int(field::PLACE_LAT_E7)?,
        fields.get_int(field::PLACE_LON_E7)?,
        accuracy,
    ))
}

/// How the recorded place and time stand to the authorisation that the record names; nothing
/// if its power needs none, or none is named.
pub fn cover(fields: &Fields, lists: &CodeLists, authorisations: &Authorisations) -> Option<Cover> {
    if basis(fields, lists) != Basis::Authorisation {
        return None;
    }
    let reference = fields.get_text(field::AUTHORISATION)?;
    let at = fields.get_time(field::SEARCHED_AT)?;
    Some(authorisations.cover(reference, at, spot(fields)))
}

/// Whether the position can be trusted. The officer's words stand beside it in any case.
fn place(notes: &mut Notes<'_>, context: &AdviceContext<'_>) {
    let fields = notes.fields;
    let by_device = !notes.is(field::PLACE_SOURCE, "pin") && !notes.is(field::PLACE_SOURCE, "grid");
    let accuracy = fields.get_int(field::PLACE_ACCURACY_M);
    let wide = accuracy.is_some_and(|it| it > INACCURATE_M);
    notes.when(wide, field::PLACE_TEXT, AdviceCode::PlaceInaccurate);
    let times = fields
        .get_time(field::PLACE_FIX_AT)
        .zip(fields.get_time(field::SEARCHED_AT));
    let old = times.is_some_and(|(fix, at)| at.since(fix).saturating_abs() > STALE_MS);
    notes.when(old && by_device, field::PLACE_TEXT, AdviceCode::PlaceStale);
    let outside = context
        .areas
        .zip(spot(fields))
        .is_some_and(|(areas, spot)| !areas.is_empty() && areas.at(spot.lat, spot.lon).is_none());
    notes.when(outside, field::PLACE_TEXT, AdviceCode::OutsideForce);
}

fn power(notes: &mut Notes<'_>, lists: &CodeLists, context: &AdviceContext<'_>) {
    let fields = notes.fields;
    let code = fields.get_text(field::POWER);
    if let Some(power) = code.and_then(|it| lists.get(names::POWERS, it)) {
        let object = fields.get_text(field::OBJECT);
        let fits = |object| power.objects.is_empty() || power.objects.iter().any(|it| it == object);
        let misfit = object.is_some_and(|it| !fits(it));
        notes.when(misfit, field::POWER, AdviceCode::PowerObject);
        let barred = !power.allowed_for(context.role);
        notes.when(barred, field::POWER, AdviceCode::PowerNotAllowed);
    }
    let Some(known) = context.authorisations else {
        return;
    };
    let code = match cover(fields, lists, known) {
        Some(Cover::Outside) => AdviceCode::AuthorisationOutside,
        Some(Cover::Edge) => AdviceCode::AuthorisationEdge,
        Some(Cover::NotInForce) => AdviceCode::AuthorisationNotInForce,
        Some(Cover::NoPlace) => AdviceCode::AuthorisationNoPlace,
        Some(Cover::Unknown) => AdviceCode::AuthorisationUnknown,
        Some(Cover::Inside) | None => {
            let reference = fields.get_text(field::AUTHORISATION);
            let named = reference.and_then(|it| known.get(it));
            if basis(fields, lists) == Basis::Authorisation
                && named.is_some_and(|it| !notes.is(field::POWER, &it.power))
            {
                notes.add(field::AUTHORISATION, AdviceCode::AuthorisationPower);
            }
            return;
        }
    };
    notes.add(field::AUTHORISATION, code);
}

fn grounds(notes: &mut Notes<'_>, lists: &CodeLists) {
    let Some(grounds) = notes.fields.get_text(field::GROUNDS) else {
        return;
    };
    let short = grounds.split_whitespace().count() < SHORT_WORDS;
    notes.when(short, field::GROUNDS, AdviceCode::Short);
    let phrases = phrases(grounds, lists).into_iter();
    notes.all.extend(phrases.map(|(code, phrase)| Advice {
        field: field::GROUNDS,
        code,
        phrase: Some(phrase),
    }));
}

fn person(notes: &mut Notes<'_>) {
    let fields = notes.fields;
    let unanswered = !notes.blank(field::SELF_ETHNICITY) && notes.blank(field::OFFICER_ETHNICITY);
    notes.when(
        unanswered && !is_vehicle_only(fields),
        field::OFFICER_ETHNICITY,
        AdviceCode::OfficerViewMissing,
    );
    if age_band(fields).is_some_and(|it| it.is_under_18()) {
        let keys = [field::BIRTH_DATE, field::AGE];
        let key = keys.into_iter().find(|it| fields.get(it).is_some());
        notes.add(key.unwrap_or(field::AGE_BAND), AdviceCode::Under18);
    }
}

/// What the further levels of a search call for (College of Policing, search options; Code C
/// annex A, 11).
fn extent(notes: &mut Notes<'_>) {
    if !is_further(notes.fields) {
        return;
    }
    let intimate = notes.is(field::EXTENT, "eip");
    let sex = [field::SEX, field::PERCEIVED_SEX]
        .into_iter()
        .find_map(|key| notes.fields.get_text(key));
    let officer = notes.fields.get_text(field::EXTENT_OFFICER_SEX);
    let headgear = notes.answer(field::EXTENT_HEADGEAR_ONLY) == Some(true);
    let other = sex
        .zip(officer)
        .is_some_and(|(sex, officer)| sex != officer);
    notes.when(
        other && !headgear,
        field::EXTENT_OFFICER_SEX,
        AdviceCode::OfficerSex,
    );
    let watched = notes.answer(field::EXTENT_OPPOSITE_SEX) == Some(true);
    notes.when(
        watched && !headgear,
        field::EXTENT_OPPOSITE_SEX,
        AdviceCode::OppositeSexPresent,
    );
    let vehicle = notes.is(field::EXTENT_PLACE, "police_vehicle");
    notes.when(
        intimate && vehicle,
        field::EXTENT_PLACE,
        AdviceCode::IntimateInVehicle,
    );
    let unasked = notes.blank(field::EXTENT_SUPERVISOR);
    notes.when(
        intimate && unasked,
        field::EXTENT_SUPERVISOR,
        AdviceCode::SupervisorMissing,
    );
    let child = age_band(notes.fields).is_some_and(|it| it.is_under_18());
    let alone = notes.answer(field::APPROPRIATE_ADULT) != Some(true);
    notes.when(
        child && alone && notes.blank(field::ADULT_REASON),
        field::APPROPRIATE_ADULT,
        AdviceCode::AdultMissing,
    );
}

fn result(notes: &mut Notes<'_>) {
    let unattended = notes.is(field::SUBJECT, "unattended_vehicle");
    notes.when(
        unattended && notes.blank(field::NOTICE),
        field::NOTICE,
        AdviceCode::NoticeMissing,
    );
    let found = notes.is(field::FOUND, "object") || notes.is(field::FOUND, "other");
    let unlinked = notes.answer(field::OUTCOME_LINKED).is_none();
    notes.when(
        found && unlinked && !notes.blank(field::OUTCOME),
        field::OUTCOME_LINKED,
        AdviceCode::LinkMissing,
    );
    let force = notes.answer(field::FORCE_USED) == Some(true);
    notes.when(
        force && notes.blank(field::FORCE_REFERENCE),
        field::FORCE_REFERENCE,
        AdviceCode::ForceFormMissing,
    );
    let unseen = notes.blank(field::VIDEO) && notes.blank(field::VIDEO_REASON);
    notes.when(unseen, field::VIDEO, AdviceCode::NoVideo);
}

/// Codes that the list does not have, or did not have on the day. The encounter has happened:
/// they are recorded as given, and pointed at.
fn codes_of(notes: &mut Notes<'_>, kind: Kind, lists: &CodeLists) {
    let fields = notes.fields;
    let at = [field::SEARCHED_AT, field::HAPPENED_AT, field::STARTED_AT]
        .into_iter()
        .find_map(|key| fields.get_time(key));
    let day = at.map(search_day);
    for def in catalogue(kind) {
        let (FieldType::Code(list), Some(code)) = (def.ty, fields.get_text(def.key)) else {
            continue;
        };
        match (lists.get(list, code), &day) {
            (None, _) => notes.add(def.key, AdviceCode::UnknownCode),
            (Some(code), Some(day)) if !code.in_force(day) => {
                notes.add(def.key, AdviceCode::ExpiredCode);
            }
            (Some(_), _) => {}
        }
    }
}

fn is_late(fields: &Fields, now: UnixMs) -> bool {
    let Some(searched) = fields.get_time(field::SEARCHED_AT) else {
        return false;
    };
    let done = fields.get_time(field::COMPLETED_AT).unwrap_or(now);
    done.since(searched) > LATE_AFTER_MS && fields.get_text(field::NOT_ON_SPOT_REASON).is_none()
}
