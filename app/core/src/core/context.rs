//! What every command needs to know: who acts, when, and by which lists.

use std::sync::Arc;

use rusqlite::Connection;
use shared::area::Areas;
use shared::authorisation::Authorisations;
use shared::codes::CodeLists;
use shared::doc::Schema;
use shared::ids::{OfficerId, TeamId};
use shared::log::decode_canonical;
use shared::policy::{Act, Authority, Person, Relation, Role, may};
use shared::record::AdviceContext;
use shared::settings::{self, Settings};
use shared::time::UnixMs;

use super::CoreError;
use super::lease::Lease;
use crate::env::Env;
use crate::store::{Stamp, VaultRow, feed_rows};

/// The name of the code lists among the reference data.
pub(super) const CODES: &str = "codes";

/// Reference data as read into memory.
#[derive(Clone)]
pub(super) struct Reference {
    pub(super) authority: Arc<Authority>,
    pub(super) lists: Arc<CodeLists>,
    pub(super) areas: Option<Arc<Areas>>,
    pub(super) authorisations: Arc<Authorisations>,
    pub(super) settings: Arc<Settings>,
}

impl Reference {
    /// Reads the stored documents. One that does not read is passed over: lists that are old
    /// are better than no app.
    pub(super) fn read(conn: &Connection) -> Result<Self, CoreError> {
        let authority = feed_rows::reference(conn, "authority")?
            .and_then(|body| decode_canonical::<Authority>(&body).ok())
            .unwrap_or_default();
        let lists = feed_rows::reference(conn, CODES)?
            .and_then(|body| String::from_utf8(body).ok())
            .and_then(|text| CodeLists::from_json(&text).ok())
            .map_or_else(
                || CodeLists::builtin().clone(),
                |it| CodeLists::builtin().with(it),
            );
        let areas = feed_rows::reference(conn, "areas")?
            .and_then(|body| String::from_utf8(body).ok())
            .and_then(|text| Areas::from_geojson(&text).ok())
            .map(|(areas, _)| Arc::new(areas));
        let authorisations = feed_rows::reference(conn, shared::authorisation::ITEM)?
            .and_then(|body| String::from_utf8(body).ok())
            .and_then(|text| Authorisations::read(&text).ok())
            .map(|(all, _)| all)
            .unwrap_or_default();
        let settings = feed_rows::reference(conn, settings::ITEM)?
            .and_then(|body| Settings::from_json(&body).ok())
            .unwrap_or_default();
        Ok(Self {
            authority: Arc::new(authority),
            lists: Arc::new(lists),
            areas,
            authorisations: Arc::new(authorisations),
            settings: Arc::new(settings),
        })
    }
}

/// Who acts, when, and by which lists.
pub(super) struct Context {
    pub(super) vault: VaultRow,
    pub(super) reference: Reference,
    pub(super) stamp: Stamp,
    pub(super) lease: Lease,
    pub(super) env: Env,
    /// The newest schema that this app knows.
    pub(super) schema: Schema,
}

impl Context {
    pub(super) fn new(
        vault: VaultRow,
        reference: &Reference,
        env: &Env,
        schema: Schema,
    ) -> Result<Self, CoreError> {
        let stamp = stamp(&vault, env);
        let lease = Lease::now(vault.lease, &reference.settings, env);
        Ok(Self {
            vault,
            reference: reference.clone(),
            stamp,
            lease,
            env: env.clone(),
            schema,
        })
    }

    /// The same, after the vault's row has changed.
    pub(super) fn of_vault(self, vault: VaultRow) -> Self {
        let stamp = stamp(&vault, &self.env);
        let lease = Lease::now(vault.lease, &self.reference.settings, &self.env);
        Self {
            vault,
            stamp,
            lease,
            ..self
        }
    }

    /// What the reader holds now: the posting, cover and acting ranks, by the server's time and
    /// the boot time since. None before the authority has come.
    pub(super) fn posts(&self) -> Vec<(Role, TeamId)> {
        let at = self.stamp.estimate();
        self.person()
            .map(|person| person.posts(at).collect())
            .unwrap_or_default()
    }

    /// True if one of the reader's roles lets them do it for the team it is held for.
    pub(super) fn may_for_a_team(&self, act: Act) -> bool {
        let mut posts = self.posts().into_iter();
        posts.any(|(role, _)| may(role, act, Relation::OwnTeam))
    }

    /// The officer whose vault it is.
    pub(super) const fn me(&self) -> OfficerId {
        self.vault.officer
    }

    /// That officer as the authority has them.
    pub(super) fn person(&self) -> Option<&Person> {
        self.reference.authority.person(self.me())
    }

    /// The role, by the newest authority.
    pub(super) fn role(&self) -> Role {
        self.person().map_or(self.vault.role, |person| person.role)
    }

    /// Somebody's label.
    pub(super) fn label(&self, officer: OfficerId) -> Option<String> {
        if officer == self.me() {
            return Some(self.vault.label.clone());
        }
        self.reference.authority.label(officer)
    }

    /// Somebody's label, or the words that name them otherwise.
    pub(super) fn label_or_id(&self, officer: OfficerId) -> String {
        self.label(officer)
            .unwrap_or_else(|| officer.to_string()[..8].to_owned())
    }

    /// The rank as the list of powers names it: the first word of the label.
    pub(super) fn rank(&self, officer: OfficerId) -> String {
        let label = self.label(officer).unwrap_or_default();
        label.split(' ').next().unwrap_or_default().to_owned()
    }

    /// The wall clock, which is what the officer reads on the device.
    pub(super) const fn now(&self) -> UnixMs {
        self.stamp.wall
    }

    /// What advice depends on, for an officer of this rank at this time.
    pub(super) fn advice_on<'a>(&'a self, role: &'a str, now: UnixMs) -> AdviceContext<'a> {
        AdviceContext {
            role,
            now,
            areas: self.reference.areas.as_deref(),
            authorisations: Some(&self.reference.authorisations),
        }
    }

    /// The lists in effect.
    pub(super) fn lists(&self) -> &CodeLists {
        &self.reference.lists
    }
}

/// What the clocks say. After a restart of the device, boot time since the server was heard is
/// not known, so that the wall clock has to do until it is heard again; set back, it gives nobody
/// a rank that had run out by then.
fn stamp(vault: &VaultRow, env: &Env) -> Stamp {
    let (boot, boot_ms) = env.clock.boot();
    let heard = vault
        .heard
        .filter(|heard| heard.boot == boot && heard.boot_ms <= boot_ms);
    Stamp {
        wall: env.now(),
        server_time: heard.map(|heard| heard.server),
        elapsed: heard.map_or(0, |heard| boot_ms - heard.boot_ms),
        boot,
        floor: vault.heard.map_or(UnixMs::default(), |heard| heard.server),
    }
}
