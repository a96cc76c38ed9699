//! A device with a clock that stands still until it is told to move.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use shared::doc::Schema;
use shared::ids::{BootId, DeviceId, LogId, OfficerId, PolicySeq, RecordId, TeamId};
use shared::policy::{Authority, Person, Role, Team};
use shared::time::UnixMs;
use shared::wire::SignInResponse;
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::server::Server;
use crate::core::{Core, CoreConfig, CoreError, NewVault};
use crate::env::{Clock, Env, SystemRandom};
use crate::files::FsBlobs;
use crate::spool::{AgeSeal, Spool, SpoolFiles};
use crate::store::StoreConfig;
use crate::vault::DbKey;
use crate::view::{FieldMap, FieldValue, RecordView};

/// Noon of a Sunday.
pub(super) const NOON: i64 = 1_795_348_800_000;

/// Clocks that only tests move.
pub(super) struct TestClock {
    pub(super) wall: AtomicI64,
    pub(super) boot_ms: AtomicU64,
    pub(super) boot: AtomicU64,
}

impl TestClock {
    pub(super) fn pass(&self, ms: i64) {
        self.wall.fetch_add(ms, Ordering::Relaxed);
        self.boot_ms.fetch_add(ms.unsigned_abs(), Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> UnixMs {
        UnixMs(self.wall.load(Ordering::Relaxed))
    }

    fn boot(&self) -> (BootId, u64) {
        let boot = self.boot.load(Ordering::Relaxed) as u8;
        (
            BootId::from_bytes([boot; 16]),
            self.boot_ms.load(Ordering::Relaxed),
        )
    }
}

/// One officer's vault on one device.
pub(crate) struct Device {
    pub(crate) core: Option<Core>,
    pub(super) clock: Arc<TestClock>,
    pub(super) dir: TempDir,
    pub(super) config: CoreConfig,
    pub(super) answer: SignInResponse,
}

pub(super) const KEY: DbKey = DbKey::from_bytes([9; 32]);

pub(super) fn officer(n: u8) -> OfficerId {
    OfficerId::from_bytes([n; 16])
}

pub(crate) const PATEL: u8 = 1;
pub(super) const AHMED: u8 = 2;
/// A supervisor of another team.
pub(super) const OKORO: u8 = 3;

pub(super) fn team(n: u8) -> TeamId {
    TeamId::from_bytes([n; 16])
}

/// Two people of one team, and a supervisor of another.
pub(super) fn authority() -> Authority {
    let person = |n: u8, title: &str, collar: &str, name: &str, role, t| Person {
        id: officer(n),
        collar: collar.into(),
        title: title.into(),
        name: name.into(),
        role,
        team: team(t),
        station: "Perry Barr".into(),
        active: true,
        acting: Vec::new(),
        operations: Vec::new(),
    };
    let people = [
        person(PATEL, "PC", "4417", "Patel", Role::Officer, 1),
        person(AHMED, "Sgt", "2093", "Ahmed", Role::Supervisor, 1),
        person(OKORO, "Sgt", "3001", "Okoro", Role::Supervisor, 2),
    ];
    let teams = [1, 2].map(|n| {
        (
            team(n),
            Team {
                id: team(n),
                name: format!("Team {n}"),
            },
        )
    });
    Authority {
        seq: PolicySeq(1),
        people: people
            .into_iter()
            .map(|person| (person.id, person))
            .collect(),
        teams: teams.into_iter().collect(),
        operations: Default::default(),
    }
}

impl Device {
    /// A new vault of this officer, known to the server.
    pub(crate) fn new(n: u8, server: &Server) -> Self {
        Self::numbered(n, n, server)
    }

    /// A new vault on another device.
    pub(super) fn numbered(n: u8, device: u8, server: &Server) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock {
            wall: AtomicI64::new(NOON),
            boot_ms: AtomicU64::new(1_000_000),
            boot: AtomicU64::new(1),
        });
        let config = CoreConfig {
            store: StoreConfig {
                path: dir.path().join("records.db"),
                vfs: None,
            },
            blobs: Arc::new(FsBlobs::open(dir.path().join("photos")).unwrap()),
            env: Env {
                clock: clock.clone(),
                random: Arc::new(SystemRandom),
                network: Arc::new(crate::env::Steady(crate::env::NetworkKind::Unmetered)),
            },
            receipt_key: server.receipt_key(),
            server: "https://beatbook.example:8443".into(),
            reference_force: 20,
            spool: Some(Spool {
                files: SpoolFiles::new(Arc::new(FsBlobs::open(dir.path().join("spool")).unwrap())),
                seal: Some(Arc::new(AgeSeal::to(&server.sealing()).unwrap())),
            }),
            schema: Schema::OURS,
        };
        let person = authority().people[&officer(n)].clone();
        let answer = SignInResponse {
            session: "token".into(),
            expires: UnixMs(NOON + 86_400_000),
            officer: person.id,
            label: person.label(),
            collar: person.collar,
            role: person.role,
            team: "Team 1".into(),
            station: person.station,
            policy: PolicySeq(1),
            server_time: UnixMs(NOON),
        };
        let new = NewVault {
            log: LogId::from_bytes([device; 16]),
            seed: Zeroizing::new([device; 32]),
            device: DeviceId::from_bytes([device; 16]),
            signed_in: answer.clone(),
        };
        let core = Core::create(config.clone(), &KEY, &new).unwrap();
        server.open_log(&core.descriptor().unwrap(), n);
        Self {
            core: Some(core),
            clock,
            dir,
            config,
            answer,
        }
    }

    pub(super) fn core(&self) -> &Core {
        self.core.as_ref().unwrap()
    }

    /// Drops the core without closing anything, as a kill does, and opens the vault again.
    pub(super) fn reopen(&mut self) {
        self.core = None;
        self.core = Some(Core::open(self.config.clone(), &KEY).unwrap());
    }

    /// The app is updated to one that knows this schema.
    pub(super) fn update(&mut self, schema: u32) {
        self.config.schema = Schema::new(schema);
        self.reopen();
    }

    pub(super) fn spool(&self) -> &SpoolFiles {
        &self.config.spool.as_ref().unwrap().files
    }

    /// Exchanges until nothing is left.
    pub(super) fn sync(&self, server: &Server) {
        for _ in 0..20 {
            let request = self.core().exchange_request().unwrap();
            let response = server.exchange(request).unwrap();
            let applied = self.core().apply_response(response).unwrap();
            if !applied.more && !self.core().push_is_due().unwrap() {
                return;
            }
        }
        panic!("sync does not end");
    }

    /// A draft of a search with everything the law asks for.
    pub(super) fn draft(&self) -> String {
        let id = self.core().draft_new("stop_search", None, None).unwrap().id;
        self.core().draft_set(&id, search_fields(), None).unwrap();
        id
    }

    /// A submitted search.
    pub(super) fn submitted(&self) -> String {
        let id = self.draft();
        self.core().draft_submit(&id).unwrap();
        id
    }

    pub(super) fn record(&self, id: &str) -> RecordView {
        self.core().record(id).unwrap()
    }

    pub(super) fn delivery(&self, id: &str) -> String {
        self.record(id).row.delivery.code
    }

    pub(super) fn review_code(&self, id: &str) -> Option<String> {
        self.record(id).row.review.map(|state| state.code)
    }

    /// Lets the database grow by so many pages and no more.
    pub(super) fn fill_disk(&self, pages: i64) {
        let state = self.core().lock();
        let conn = state.store.read();
        let now: i64 = conn
            .query_row("PRAGMA page_count", (), |row| row.get(0))
            .unwrap();
        let max = now + pages;
        conn.query_row(&format!("PRAGMA max_page_count = {max}"), (), |_| Ok(()))
            .unwrap();
    }

    /// There is room again.
    pub(super) fn free_disk(&self) {
        let state = self.core().lock();
        state
            .store
            .read()
            .query_row("PRAGMA max_page_count = 1000000000", (), |_| Ok(()))
            .unwrap();
    }
}

pub(super) fn text(value: &str) -> Option<FieldValue> {
    Some(FieldValue::Text(value.to_owned()))
}

pub(super) fn patch(fields: &[(&str, Option<FieldValue>)]) -> FieldMap {
    fields
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()))
        .collect()
}

pub(super) fn search_fields() -> FieldMap {
    patch(&[
        ("place_text", text("Soho Road, by the post office")),
        ("self_ethnicity", text("NS")),
        ("object", text("controlled_drugs")),
        ("power", text("mda_s23")),
        (
            "grounds",
            text("Seen to pass a small bag to another person and to walk off quickly"),
        ),
        ("name", text("Jordan Example")),
    ])
}

pub(super) fn id(text: &str) -> RecordId {
    text.parse().unwrap()
}

pub(super) fn code<T: std::fmt::Debug>(result: Result<T, CoreError>) -> &'static str {
    result.unwrap_err().code()
}
