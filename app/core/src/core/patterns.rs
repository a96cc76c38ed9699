//! What the searches of a team have in common, and a sample of them for a second look. Code A 5.1
//! asks supervisors to examine records for patterns; nobody is ranked, and small numbers say so.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shared::codes::{CodeLists, names};
use shared::doc::Content;
use shared::hash::sha256;
use shared::policy::Act;
use shared::record::{Kind, field, is_vehicle_only};
use shared::time::UnixMs;

use super::context::Context;
use super::{Core, CoreError, lists, project};
use crate::store::{ListRow, record_rows, team_rows};
use crate::view::{GroupView, PatternsView, RateView, SampleView};

/// Rates of fewer searches than this are not shown: one search more or less would turn them.
const FEW: u32 = 20;
/// The most searches that are read for patterns, the newest.
const SEARCHES_MAX: u32 = 2_000;
/// The most records of one sample, and the most days that a look goes back.
const SAMPLE_MAX: u32 = 100;
const DAYS_MAX: u32 = 366;
/// The longest seed, in characters.
const SEED_MAX: usize = 64;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl Core {
    /// What the searches of the reader's teams in the last days have in common.
    pub fn patterns(&self, days: u32) -> Result<PatternsView, CoreError> {
        let state = self.lock();
        let context = state.context(&self.config)?;
        let conn = state.store.read();
        let from = from(&context, days)?;
        let rows = searches(conn, &context, from)?;
        let newest = usize::try_from(SEARCHES_MAX).unwrap_or(usize::MAX);
        let mut groups = Groups::default();
        for row in rows.iter().take(newest) {
            let content = project::load(conn, row.id, Kind::StopSearch)?.content();
            let look = record_rows::known(conn, row.id)?.map(|it| it.look);
            let look = look.unwrap_or_default();
            groups.add(&context, row, &content, &look);
        }
        Ok(groups.view(from, rows.len() > newest))
    }

    /// Some searches of the reader's teams in the last days, chosen by a seed alone.
    pub fn sample(&self, days: u32, count: u32, seed: &str) -> Result<SampleView, CoreError> {
        let seed = seed.trim();
        if seed.is_empty() || seed.chars().count() > SEED_MAX {
            return Err(CoreError::BadInput("seed".to_owned()));
        }
        if count == 0 || count > SAMPLE_MAX {
            return Err(CoreError::BadInput("count".to_owned()));
        }
        let state = self.lock();
        let context = state.context(&self.config)?;
        let from = from(&context, days)?;
        let mut rows = searches(state.store.read(), &context, from)?;
        let of = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        // Neither the order in which they came nor who wrote them has a say.
        rows.sort_by_cached_key(|row| sha256(&[seed.as_bytes(), row.id.as_bytes()]));
        rows.truncate(usize::try_from(count).unwrap_or(usize::MAX));
        let row = |row| lists::row_of(&state, &context, row);
        Ok(SampleView {
            seed: seed.to_owned(),
            of,
            rows: rows.into_iter().map(row).collect(),
        })
    }
}

fn from(context: &Context, days: u32) -> Result<UnixMs, CoreError> {
    if !context.may_for_a_team(Act::Review) {
        return Err(CoreError::NotAllowed("rank"));
    }
    context.may_show(false)?;
    if days == 0 || days > DAYS_MAX {
        return Err(CoreError::BadInput("days".to_owned()));
    }
    Ok(context.now().plus(-i64::from(days) * DAY_MS))
}

/// The submitted searches of the teams that the reader reviews, the newest first.
fn searches(conn: &Connection, context: &Context, from: UnixMs) -> Result<Vec<ListRow>, CoreError> {
    let mut rows = Vec::new();
    for row in team_rows::submitted_searches(conn, from)? {
        if project::reviews(conn, context, row.id)? {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// What is true of one search, by the order of the shares.
const CODES: [&str; 7] = [
    "found",
    "linked",
    "no_further_action",
    "more_than_outer",
    "force",
    "no_video",
    "grounds",
];

#[derive(Default, Clone)]
struct Tally {
    searches: u32,
    parts: [u32; CODES.len()],
}

impl Tally {
    fn add(&mut self, content: &Content, look: &[String]) {
        let fields = &content.fields;
        let is = |key, code: &str| fields.get_text(key) == Some(code);
        let found = is(field::FOUND, "object") || is(field::FOUND, "other");
        let facts = [
            found,
            found && fields.get_bool(field::OUTCOME_LINKED) == Some(true),
            is(field::OUTCOME, "no_further_action"),
            is(field::EXTENT, "mts") || is(field::EXTENT, "eip"),
            fields.get_bool(field::FORCE_USED) == Some(true),
            fields.get_text(field::VIDEO).is_none(),
            look.iter().any(|flag| flag == "grounds"),
        ];
        self.searches += 1;
        for (part, is) in self.parts.iter_mut().zip(facts) {
            *part += u32::from(is);
        }
    }

    fn shares(&self) -> Vec<RateView> {
        let share = |(code, part): (&&str, &u32)| {
            // Whether it has to do with the object is asked where something was found.
            let of = match *code {
                "linked" => self.parts[0],
                _ => self.searches,
            };
            RateView {
                code: (*code).to_owned(),
                part: *part,
                of,
                few: of < FEW,
            }
        };
        CODES.iter().zip(&self.parts).map(share).collect()
    }

    fn view(&self, label: String) -> GroupView {
        GroupView {
            label,
            searches: self.searches,
            shares: self.shares(),
        }
    }
}

#[derive(Default)]
struct Groups {
    all: Tally,
    vehicles: u32,
    objects: BTreeMap<String, Tally>,
    ethnicities: BTreeMap<(usize, String), Tally>,
    officers: BTreeMap<(String, String), Tally>,
}

impl Groups {
    fn add(&mut self, context: &Context, row: &ListRow, content: &Content, look: &[String]) {
        self.all.add(content, look);
        let object = self.objects.entry(row.title.clone()).or_default();
        object.add(content, look);
        let officer = context.label_or_id(row.author);
        let name = officer.rsplit(' ').next().unwrap_or_default().to_owned();
        let officer = self.officers.entry((name, officer)).or_default();
        officer.add(content, look);
        if is_vehicle_only(&content.fields) {
            self.vehicles += 1;
            return;
        }
        let group = ethnicity(context.lists(), content);
        self.ethnicities
            .entry(group)
            .or_default()
            .add(content, look);
    }

    fn view(self, from: UnixMs, more: bool) -> PatternsView {
        let objects = self.objects.iter();
        let ethnicities = self.ethnicities.iter();
        let officers = self.officers.iter();
        PatternsView {
            from: from.0,
            searches: self.all.searches,
            vehicles: self.vehicles,
            more,
            few: FEW,
            all: self.all.shares(),
            objects: objects.map(|(label, it)| it.view(label.clone())).collect(),
            ethnicities: ethnicities
                .map(|((_, label), it)| it.view(label.clone()))
                .collect(),
            officers: officers
                .map(|((_, label), it)| it.view(label.clone()))
                .collect(),
        }
    }
}

/// The group that a person says they belong to, in the order of the list; not stated and blank
/// are groups of their own.
fn ethnicity(lists: &CodeLists, content: &Content) -> (usize, String) {
    let blank = (usize::MAX, "Not given".to_owned());
    let Some(code) = content.fields.get_text(field::SELF_ETHNICITY) else {
        return blank;
    };
    let Some(list) = lists.list(names::SELF_ETHNICITIES) else {
        return blank;
    };
    let group = |it: &shared::codes::Code| it.group.clone().unwrap_or_else(|| it.label.clone());
    let Some(mine) = list.codes.iter().find(|it| it.code == code).map(group) else {
        return blank;
    };
    let first = list.codes.iter().position(|it| group(it) == mine);
    (first.unwrap_or(usize::MAX), mine)
}
