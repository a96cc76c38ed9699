//! The page of the person who was searched: what the law says must be in the record, and
//! nothing else of it.

use shared::codes::{CodeLists, names};
use shared::doc::{Content, RecordDoc};
use shared::hash::sha256;
use shared::record::{
    Basis, Kind, ReceiptSecret, Reference, Scalar, basis, copy_can_be_asked_for, copy_until, field,
    is_vehicle_only,
};
use shared::time::UnixMs;
use shared::wire::WireError;

use super::Server;
use super::gate::refuse;
use crate::store::{AuditEvent, Referenced};

/// What the person is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonPage {
    /// No record of this reference and secret is here: perhaps not yet, perhaps never.
    NotHere,
    /// The time in which a copy can be asked for is over. The day was YYYY-MM-DD.
    Ended(String),
    /// The record.
    Record(Box<PersonRecord>),
}

/// The items of the law (PACE 1984 s.3). Each may have two values, if two people wrote
/// different ones and nobody has chosen.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonRecord {
    /// The reference.
    pub reference: String,
    /// When.
    pub searched_at: Vec<UnixMs>,
    /// Where, in the officer's words.
    pub place: Vec<String>,
    /// Where, as a grid reference, if there are no words.
    pub near: Option<String>,
    /// As the person described it; none where only a vehicle was searched.
    pub ethnicity: Option<Vec<String>>,
    /// As the officer saw it.
    pub officer_view: Vec<String>,
    /// What was looked for.
    pub object: Vec<String>,
    /// The power.
    pub power: Vec<String>,
    /// The grounds, or what stands in their place.
    pub grounds: Vec<String>,
    /// Whether the power rests on grounds; else on an authorisation or order.
    pub suspicion: bool,
    /// Who searched: rank, number and name, or the number alone.
    pub officer: Vec<String>,
    /// True if the name is withheld (Code A 4.4).
    pub withheld: bool,
    /// The station.
    pub station: Vec<String>,
    /// The last day on which a copy can be asked for, YYYY-MM-DD.
    pub copy_until: String,
    /// True if the officer has taken the record back.
    pub withdrawn: bool,
}

/// Prints no words: they are about a person.
impl std::fmt::Debug for PersonRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonRecord")
            .field("reference", &self.reference)
            .finish_non_exhaustive()
    }
}

impl Server {
    /// The page that a receipt's code opens. That it was opened goes to the audit before it is
    /// given: it discloses what is recorded (Data Protection Act 2018, s.62).
    pub fn person_page(&self, reference: &str, secret: &str) -> Result<PersonPage, WireError> {
        let (Ok(reference), Some(secret)) =
            (Reference::parse(reference), ReceiptSecret::parse(secret))
        else {
            return Ok(PersonPage::NotHere);
        };
        let now = self.env.now();
        let expected = secret.hash();
        for found in self.store.referenced(reference.as_str()).map_err(refuse)? {
            let Some(content) = content(&found) else {
                tracing::error!("the snapshot of a record does not read");
                continue;
            };
            let hash = content.fields.get_text(field::RECEIPT_HASH);
            // Comparing hashes of the two leaves nothing to learn from how long it takes.
            let same =
                hash.is_some_and(|it| sha256(&[it.as_bytes()]) == sha256(&[expected.as_bytes()]));
            if !same {
                continue;
            }
            let searched_at = content
                .fields
                .get_time(field::SEARCHED_AT)
                .unwrap_or(found.received);
            let page = if copy_can_be_asked_for(searched_at, now) {
                let lists = self.lists().map_err(refuse)?;
                PersonPage::Record(Box::new(record(&content, &lists, &found, searched_at)))
            } else {
                PersonPage::Ended(copy_until(searched_at))
            };
            let event = AuditEvent {
                kind: "receipt_opened",
                record: Some(found.record),
                detail: format!("ended={}", matches!(page, PersonPage::Ended(_))),
                ..Default::default()
            };
            self.store.audit(&event, now).map_err(refuse)?;
            return Ok(page);
        }
        Ok(PersonPage::NotHere)
    }
}

fn content(found: &Referenced) -> Option<Content> {
    if found.kind != Kind::StopSearch {
        return None;
    }
    let doc = RecordDoc::load(found.kind, &found.snapshot).ok()?;
    Some(doc.content())
}

/// Every value of a field: the one that is shown everywhere first, then those that somebody else
/// wrote while apart.
fn values<'a>(content: &'a Content, key: &str) -> Vec<&'a Scalar> {
    let mut all: Vec<_> = content.fields.get(key).into_iter().collect();
    if let Some(others) = content.conflicts.get(key) {
        for value in others.iter().filter_map(|it| it.value.as_ref()) {
            if !all.contains(&value) {
                all.push(value);
            }
        }
    }
    all
}

fn texts(content: &Content, key: &str) -> Vec<String> {
    let texts = values(content, key).into_iter().filter_map(Scalar::as_text);
    let texts = texts.map(str::trim).filter(|it| !it.is_empty());
    texts.map(str::to_owned).collect()
}

fn record(
    content: &Content,
    lists: &CodeLists,
    found: &Referenced,
    searched_at: UnixMs,
) -> PersonRecord {
    let fields = &content.fields;
    let labels = |list, key| {
        let codes = texts(content, key).into_iter();
        codes
            .map(|code| lists.label(list, &code).to_owned())
            .collect()
    };
    // If two people disagree about it, the officer is protected.
    let withheld = values(content, field::IDENTITY_PROTECTED)
        .into_iter()
        .any(|it| it.as_bool() == Some(true));
    let officer = texts(content, field::SEARCHED_BY_LABEL).into_iter();
    let place = texts(content, field::PLACE_TEXT);
    let basis = basis(fields, lists);
    let times = values(content, field::SEARCHED_AT).into_iter();
    PersonRecord {
        reference: fields
            .get_text(field::REFERENCE)
            .unwrap_or_default()
            .to_owned(),
        searched_at: times.filter_map(Scalar::as_int).map(UnixMs).collect(),
        near: if place.is_empty() {
            near(content)
        } else {
            None
        },
        place,
        ethnicity: (!is_vehicle_only(fields)).then(|| ethnicity(content, lists)),
        officer_view: labels(names::OFFICER_ETHNICITIES, field::OFFICER_ETHNICITY),
        object: labels(names::OBJECTS, field::OBJECT),
        power: labels(names::POWERS, field::POWER),
        grounds: texts(content, basis.field()),
        suspicion: basis == Basis::Grounds,
        officer: if withheld {
            officer.map(|it| number(&it)).collect()
        } else {
            officer.collect()
        },
        withheld,
        station: texts(content, field::STATION),
        copy_until: copy_until(searched_at),
        withdrawn: found.withdrawn,
    }
}

/// "Caribbean" alone says little away from its group.
fn ethnicity(content: &Content, lists: &CodeLists) -> Vec<String> {
    let codes = texts(content, field::SELF_ETHNICITY).into_iter();
    let label = |code: String| {
        let entry = lists.get(names::SELF_ETHNICITIES, &code);
        let group = entry.and_then(|it| it.group.as_deref());
        match (entry, group) {
            (Some(entry), Some(group)) if group != entry.label => {
                format!("{group}: {}", entry.label)
            }
            (Some(entry), _) => entry.label.clone(),
            (None, _) => code,
        }
    };
    codes.map(label).collect()
}

fn near(content: &Content) -> Option<String> {
    let at = |key| content.fields.get_int(key);
    let grid = shared::grid::Grid::at_e7(at(field::PLACE_LAT_E7)?, at(field::PLACE_LON_E7)?)?;
    Some(grid.to_string())
}

/// The collar number of a label such as "PC 4417 Patel" (Code A 4.4: numbers, no names).
fn number(label: &str) -> String {
    let digits = |word: &&str| word.chars().any(|it| it.is_ascii_digit());
    label.split(' ').find(digits).unwrap_or_default().to_owned()
}
