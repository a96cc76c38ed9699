//! The records of the workloads: made here, or given as a file.

use std::path::Path;

use anyhow::{Context as _, Result};
use app_core::view::{FieldMap, FieldValue};
use shared::doc::{Edit, RawChange, RecordDoc};
use shared::ids::ActorId;
use shared::record::{Kind, Scalar};
use shared::time::UnixMs;

use crate::given;
use crate::text::Dice;

/// Where records come from. A record depends on its number alone.
pub(crate) enum Records {
    /// Made here, in the shape of real searches.
    Made,
    /// A file's, from the first one again when they run out.
    Given(Vec<FieldMap>),
}

impl Records {
    /// Reads a file.
    pub(crate) fn given(file: &Path) -> Result<Self> {
        Ok(Self::Given(given::read(file)?))
    }

    /// What an officer enters for a search.
    pub(crate) fn fields(&self, number: usize) -> FieldMap {
        match self {
            Self::Made => made(number),
            Self::Given(records) => records[number % records.len()].clone(),
        }
    }

    /// The change that makes a record, by this actor.
    pub(crate) fn change(&self, number: usize, actor: ActorId) -> Result<RawChange> {
        let fields = self.fields(number).into_iter();
        let edits: Vec<_> = fields
            .filter_map(|(key, value)| {
                let value = match value? {
                    FieldValue::Bool(it) => Scalar::Bool(it),
                    FieldValue::Int(it) => Scalar::Int(it),
                    FieldValue::Text(it) => Scalar::Text(it),
                };
                Some(Edit::Set { key, value })
            })
            .collect();
        let at = UnixMs(1_795_000_000_000);
        let made = RecordDoc::new(Kind::StopSearch).edit(actor, at, &edits)?;
        made.context("a record without fields")
    }

    /// Names what they are, for folders that keep them.
    pub(crate) fn mark(&self) -> String {
        let Self::Given(records) = self else {
            return "made".to_owned();
        };
        let bytes = serde_json::to_vec(records).unwrap_or_default();
        hex::encode(&shared::hash::sha256(&[&bytes])[..6])
    }

    /// Searches for words that are there: one word, the beginning of one, two of one record.
    pub(crate) fn queries(&self, count: usize) -> Vec<String> {
        let query = |number: usize| {
            let fields = self.fields(number * 7 + 3);
            let text = match fields.get("grounds") {
                Some(Some(FieldValue::Text(text))) => text.clone(),
                _ => String::new(),
            };
            let words = text.split(|it: char| !it.is_ascii_alphabetic());
            let long: Vec<_> = words.filter(|word| word.len() >= 5).collect();
            let word = |place: usize| long.get(place % long.len().max(1)).copied();
            let (one, two) = (
                word(number).unwrap_or("knife"),
                word(number + 1).unwrap_or("bag"),
            );
            match number % 3 {
                0 => one.to_owned(),
                1 => format!("{one} {two}"),
                _ => one[..4].to_owned(),
            }
        };
        (0..count).map(query).collect()
    }
}

const ETHNICITIES: [&str; 10] = ["W1", "A2", "B1", "B2", "NS", "M1", "A1", "W9", "O9", "A9"];
const SEEN_AS: [&str; 6] = ["IC1", "IC3", "IC4", "IC2", "IC6", "IC9"];
const AGES: [&str; 4] = ["18_24", "25_34", "over_34", "10_17"];
const OBJECTS: [(&str, &str); 5] = [
    ("controlled_drugs", "mda_s23"),
    ("offensive_weapons", "pace_s1"),
    ("stolen_goods", "pace_s1"),
    ("article_for_theft", "pace_s1"),
    ("firearms", "firearms_s47"),
];
const OUTCOMES: [&str; 6] = [
    "no_further_action",
    "arrest",
    "community_resolution",
    "drugs_warning",
    "penalty_notice",
    "summons",
];

fn made(number: usize) -> FieldMap {
    let dice = &mut Dice::new(number as u64);
    let mut fields = FieldMap::new();
    person(&mut fields, dice);
    let place = usize::try_from(dice.below(7)).unwrap_or(0) % OBJECTS.len();
    let (object, power) = OBJECTS[place];
    let mut text = |key: &str, value: &str| put(&mut fields, key, value);
    text("place_text", &dice.place());
    text("object", object);
    text("power", power);
    let grounds = 300 + dice.below(220);
    text("grounds", &dice.prose(grounds));
    text("gowisely", "GOWISELY");
    text("extent", dice.skewed(&["none", "jog", "mts"]));
    text(
        "handcuffs",
        dice.skewed(&["none", "compliant", "non_compliant"]),
    );
    text("outcome", dice.skewed(&OUTCOMES));
    text("copy", dice.skewed(&["qr", "refused", "email"]));
    text(
        "incident_log",
        &format!("{}-{}", dice.below(4000), dice.digits(6)),
    );
    if dice.percent(27) {
        let found = 50 + dice.below(40);
        text("found", "object");
        text("found_what", &dice.prose(found));
    } else {
        text("found", "nothing");
    }
    if dice.percent(22) {
        text("subject", "person_and_vehicle");
        text("vehicle_plate", &dice.plate());
        text("vehicle_description", &dice.looks());
    }
    if dice.percent(93) {
        text("video", &format!("BWV-{}", dice.digits(10)));
    } else {
        text("video_reason", "camera_fault");
    }
    let mut number = |key: &str, from: u64, below: u64| {
        let value = i64::try_from(from + dice.below(below)).unwrap_or(0);
        fields.insert(key.to_owned(), Some(FieldValue::Int(value)));
    };
    number("place_lat_e7", 523_000_000, 3_000_000);
    number("place_lon_e7", 1_000_000, 3_000_000);
    number("place_accuracy_m", 3, 30);
    for key in ["force_used", "outcome_linked", "officer_safety"] {
        fields.insert(key.to_owned(), Some(FieldValue::Bool(dice.percent(30))));
    }
    fields
}

fn person(fields: &mut FieldMap, dice: &mut Dice) {
    put(fields, "sex", dice.skewed(&["male", "female"]));
    put(fields, "age_band", dice.pick(&AGES));
    put(fields, "self_ethnicity", dice.skewed(&ETHNICITIES));
    put(fields, "officer_ethnicity", dice.skewed(&SEEN_AS));
    let words = 60 + dice.below(120);
    let looks = format!("{}. {}", dice.looks(), dice.prose(words));
    put(fields, "description", &looks);
    if dice.percent(70) {
        put(fields, "name", &dice.name());
        put(fields, "address", &dice.place());
        put(fields, "birth_date", &dice.day());
    }
}

fn put(fields: &mut FieldMap, key: &str, value: &str) {
    fields.insert(key.to_owned(), Some(FieldValue::Text(value.to_owned())));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_records_are_as_long_as_case_notes_and_the_same_each_time() {
        let bytes = |number| serde_json::to_string(&made(number)).map_or(0, |it| it.len());
        let mean = (0..200).map(bytes).sum::<usize>() / 200;
        assert!((1_050..1_400).contains(&mean), "{mean}");
        assert_eq!(made(7), made(7));
        assert_ne!(made(7), made(8));
    }
}
