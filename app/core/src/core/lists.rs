//! Lists: home, records, search, queue, and the code lists of the forms.

use shared::codes::{AuthorisationRule, names};
use shared::ids::OfficerId;
use shared::record::{Basis, search_day};
use shared::settings::Gowisely;
use shared::time::UnixMs;
use shared::wire::Scope;

use super::context::{CODES, Context};
use super::{Core, CoreError, State, begun, drafts, project, removed, sending};
use crate::store::{ListRow, feed_rows, record_rows, team_rows};
use crate::view::{
    AreaView, CodeListView, CodeView, ConnectionState, HintView, HomeView, ListsView, PersonView,
    QueueRow, QueueView, Rank, RecordRow, SettingsView, StateView, TodoView,
};

/// How many records the home screen gets at once.
const HOME_ROWS: u32 = 50;
/// How many records that colleagues share it gets.
const SHARED_ROWS: u32 = 20;
/// The most rows of one page.
const PAGE_MAX: u32 = 500;

impl Core {
    /// The signed-in person.
    pub fn person(&self) -> Result<PersonView, CoreError> {
        let state = self.lock();
        Ok(person(&state, &state.context(&self.config)?))
    }

    /// The home screen.
    pub fn home(&self) -> Result<HomeView, CoreError> {
        let mut state = self.lock();
        state.follow_posts(&self.config)?;
        let context = state.context(&self.config)?;
        let conn = state.store.read();
        let todo = record_rows::todo(conn)?.into_iter().map(|row| TodoView {
            record_id: row.id.to_string(),
            code: row.code,
            by: row.by.and_then(|by| context.label(by)),
            text: row.text,
            reasons: row.reasons,
            title: if context.may_show(row.own).is_ok() {
                row.title
            } else {
                String::new()
            },
            at: row.at.0,
        });
        Ok(HomeView {
            person: person(&state, &context),
            status: sending::status(&state, &context)?,
            drafts: drafts::lines(conn, &context)?,
            todo: todo.chain(begun::todo(conn, &context)?).collect(),
            records: own_rows(&state, &context, 0, HOME_ROWS, record_rows::OwnFilter::All)?,
            shared: shared(&state, &context)?,
            total: record_rows::count(conn, true)?.0,
            to_review: record_rows::queue_len(conn)?,
            removed: removed::views(conn)?,
        })
    }

    /// A page of one's own records, newest first.
    pub fn records(
        &self,
        offset: u32,
        limit: u32,
        filter: &str,
    ) -> Result<Vec<RecordRow>, CoreError> {
        let filter = match filter {
            "all" | "" => record_rows::OwnFilter::All,
            "waiting" => record_rows::OwnFilter::Waiting,
            "returned" => record_rows::OwnFilter::Returned,
            _ => return Err(CoreError::BadInput("filter".to_owned())),
        };
        let state = self.lock();
        let context = state.context(&self.config)?;
        own_rows(&state, &context, offset, limit.min(PAGE_MAX), filter)
    }

    /// What waits for this person's review, oldest deadline first.
    pub fn queue(&self) -> Result<QueueView, CoreError> {
        let mut state = self.lock();
        state.follow_posts(&self.config)?;
        let context = state.context(&self.config)?;
        let rows = if context.lease.is_over() {
            Vec::new()
        } else {
            record_rows::queue(state.store.read())?
        };
        let hours = project::review_ms(&context);
        let view = |(row, due, flags): (ListRow, UnixMs, Vec<String>)| QueueRow {
            id: row.id.to_string(),
            kind: row.kind.clone(),
            title: row.title.clone(),
            subject: row.subject.clone(),
            officer: context.label_or_id(row.author),
            team: covered(&context, row.author),
            happened_at: row.happened_at.0,
            since: due.0 - hours,
            due_at: due.0,
            flags,
            review: review_view(&context, &row).unwrap_or_else(|| delivery_view(&row, false)),
        };
        Ok(QueueView {
            status: sending::status(&state, &context)?,
            rows: rows.into_iter().map(view).collect(),
            decided_here: sending::decided_here(&state)?,
        })
    }

    /// What forms choose from today.
    pub fn lists(&self) -> Result<ListsView, CoreError> {
        let state = self.lock();
        let context = state.context(&self.config)?;
        let today = search_day(context.now());
        let lists = context.lists();
        let came = feed_rows::came(state.store.read(), CODES)?;
        let code = |list: &str, code: &shared::codes::Code| CodeView {
            code: code.code.clone(),
            label: code.label.clone(),
            // Of an object, the law it is looked for under.
            detail: code
                .power
                .as_deref()
                .map(|it| lists.label(names::POWERS, it).to_owned()),
            group: code.group.clone(),
            power: code.power.clone(),
            suspicion: code.suspicion,
            basis: (list == names::POWERS).then(|| basis_of(code)),
            governing: code.governing.clone(),
        };
        let offered = lists
            .iter()
            .filter(|list| list.name != names::GROUNDS_PHRASES);
        let phrases = lists
            .list(names::GROUNDS_PHRASES)
            .into_iter()
            .flat_map(|it| &it.codes);
        Ok(ListsView {
            version: came.map_or_else(built_in, |(seq, _)| seq.0.to_string()),
            since: came.map(|(_, at)| at.0),
            lists: offered
                .map(|list| CodeListView {
                    name: list.name.clone(),
                    codes: list.on(&today).map(|it| code(&list.name, it)).collect(),
                })
                .collect(),
            hints: phrases
                .map(|phrase| HintView {
                    phrase: phrase.label.to_lowercase(),
                    code: phrase.advice.clone().unwrap_or_default(),
                })
                .collect(),
            settings: SettingsView {
                gowisely_items: context.reference.settings.gowisely == Gowisely::Items,
            },
        })
    }

    /// The ward and district of a point.
    pub(super) fn ward_at(&self, lat_e7: i64, lon_e7: i64) -> Result<Option<AreaView>, CoreError> {
        let areas = self.lock().reference.areas.clone();
        let found = areas.as_ref().and_then(|areas| areas.at_e7(lat_e7, lon_e7));
        Ok(found.map(|area| AreaView {
            code: area.code.clone(),
            name: area.name.clone(),
            district: area.district.clone().unwrap_or_default(),
        }))
    }
}

/// The version of the lists that the app was built with: they follow the app.
fn built_in() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// What a search under a power rests on.
fn basis_of(power: &shared::codes::Code) -> String {
    let basis = match (power.suspicion, &power.authorisation) {
        (Some(false), Some(AuthorisationRule::Order)) => Basis::Order,
        (Some(false), _) => Basis::Authorisation,
        _ => Basis::Grounds,
    };
    basis.as_str().to_owned()
}

fn person(state: &State, context: &Context) -> PersonView {
    let vault = &context.vault;
    let authority = &context.reference.authority;
    let ended = vault
        .session_expires
        .is_some_and(|at| at <= context.stamp.estimate());
    let refused = state.link.state == ConnectionState::SignIn || vault.forked.is_some();
    let supervises = context.role() == shared::policy::Role::Supervisor;
    PersonView {
        id: vault.officer.to_string(),
        label: vault.label.clone(),
        rank: if supervises {
            Rank::Supervisor
        } else {
            Rank::Officer
        },
        team: vault.team.clone(),
        station: vault.station.clone(),
        reviewer: authority
            .reviewer_of(vault.officer)
            .map(shared::policy::Person::label),
        sign_in_needed: vault.session.is_none() || ended || refused,
    }
}

/// The author's team, where the reader reviews for another team than their own.
fn covered(context: &Context, author: OfficerId) -> Option<String> {
    let authority = &context.reference.authority;
    let team = authority.person(author)?.team;
    let own = context.person().is_some_and(|me| me.team == team);
    let name = authority.teams.get(&team).map(|it| it.name.clone())?;
    (!own).then_some(name)
}

fn own_rows(
    state: &State,
    context: &Context,
    offset: u32,
    limit: u32,
    filter: record_rows::OwnFilter,
) -> Result<Vec<RecordRow>, CoreError> {
    let rows = record_rows::own(state.store.read(), offset, limit, filter)?;
    Ok(rows
        .into_iter()
        .map(|row| row_of(state, context, row))
        .collect())
}

/// What colleagues share with the reader; nothing while others' records are locked.
fn shared(state: &State, context: &Context) -> Result<Vec<RecordRow>, CoreError> {
    if context.lease.is_over() {
        return Ok(Vec::new());
    }
    let scope = Scope::Shared(context.me());
    let rows = team_rows::in_scope(state.store.read(), scope, SHARED_ROWS)?;
    Ok(rows
        .into_iter()
        .map(|row| row_of(state, context, row))
        .collect())
}

pub(super) fn row_of(state: &State, context: &Context, row: ListRow) -> RecordRow {
    let in_flight = state.link.in_flight.contains(&row.id);
    record_row(context, row, in_flight)
}

/// A record as listed.
pub(super) fn record_row(context: &Context, row: ListRow, in_flight: bool) -> RecordRow {
    RecordRow {
        id: row.id.to_string(),
        officer: (!row.own).then(|| context.label_or_id(row.author)),
        happened_at: row.happened_at.0,
        photos: row.photos,
        delivery: delivery_view(&row, in_flight),
        review: review_view(context, &row),
        shown: row.state.shown.to_owned(),
        kind: row.kind,
        title: row.title,
        subject: row.subject,
        place: row.place,
    }
}

fn delivery_view(row: &ListRow, in_flight: bool) -> StateView {
    let state = &row.state;
    // Saved is what it is; it is being sent only while its bytes move.
    let sending = in_flight && state.delivery == "saved";
    StateView {
        code: if sending {
            "sending".to_owned()
        } else {
            state.delivery.clone()
        },
        at: state.delivery_at.map(|at| at.0),
        by: None,
        photos: state.delivery_photos,
        reason: state.delivery_reason.clone(),
    }
}

fn review_view(context: &Context, row: &ListRow) -> Option<StateView> {
    let state = &row.state;
    Some(StateView {
        code: state.review.clone()?,
        at: state.review_at.map(|at| at.0),
        by: state.review_by.and_then(|by| context.label(by)),
        photos: None,
        reason: None,
    })
}
