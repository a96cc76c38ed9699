//! What receiving and judging a push is made of, step by step: the same batch, the same
//! functions and the real store, without HTTP, threads and news. Processor time of one thread.

use std::collections::HashMap;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use rusqlite::{Connection, params};
use rustix::time::{ClockId, clock_gettime};
use shared::area::Areas;
use shared::codes::CodeLists;
use shared::doc::RecordDoc;
use shared::guard::{Checked, Limits as GuardLimits};
use shared::hash::{ChangeHash, sha256};
use shared::ids::{ActorId, RecordId};
use shared::log::{EntryKind, Verified};
use shared::policy::{Decision, Named, judge};
use shared::projection::project;
use shared::record::Kind;
use shared::statement::Statement;
use shared::wire::{ExchangeRequest, Limits, Scope, decode_body, encode_body};
use sync_server::Env;
use sync_server::store::{
    Answer, Case, Incoming, Judge, NewState, NewStatement, Outcome, Push, Received, Sitting,
    SqliteConfig, SqliteStore, Staging, Store, Turn,
};

/// As the server's judge sits.
const SITTING: Sitting = Sitting {
    entries: 512,
    turn: Turn {
        entries: 32,
        bytes: 64 << 10,
    },
    after: None,
    staging: Staging {
        device_entries: 10_000,
        device_bytes: 20 << 20,
        all_bytes: 256 << 20,
    },
};

/// What each step took, for all records of one request.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Steps {
    /// How many those are.
    pub(super) records: usize,
    /// Unpacking and reading the message.
    pub(super) decode: Duration,
    /// The chain and the signature.
    pub(super) verify: Duration,
    /// Each payload by itself.
    pub(super) preflight: Duration,
    /// Letting each change into its document.
    pub(super) guard: Duration,
    /// Whether each entry may be.
    pub(super) policy: Duration,
    /// The rows that lists and map read.
    pub(super) project: Duration,
    /// The rows of the audit.
    pub(super) audit: Duration,
    /// Everything else that is written, and both commits.
    pub(super) commit: Duration,
}

impl Steps {
    /// Each with its name.
    pub(super) const fn all(&self) -> [(&'static str, Duration); 8] {
        [
            ("decode_us", self.decode),
            ("verify_us", self.verify),
            ("preflight_us", self.preflight),
            ("guard_us", self.guard),
            ("policy_us", self.policy),
            ("project_us", self.project),
            ("audit_us", self.audit),
            ("commit_us", self.commit),
        ]
    }

    /// Receives and judges what a device pushes, on the server's database in this folder.
    pub(super) fn measure(request: &ExchangeRequest, data: &Path) -> Result<Self> {
        let mut steps = Self::default();
        let body = encode_body(request);
        let store = SqliteStore::open(SqliteConfig::new(data.join("beatbook.db")), &Env::system())?;
        let now = Env::system().now();

        let request: ExchangeRequest =
            steps.decode.add(|| decode_body(&body, Limits::REQUEST))??;
        let segment = request.push.context("nothing is pushed")?;
        let (log, signature) = (segment.log, segment.signature.clone());
        let place = store.place(log, segment.first)?.context("no such log")?;
        let previous = place.previous.context("a gap")?;
        let verified = steps
            .verify
            .add(|| segment.verify(previous, &place.key))??;
        let entries: Vec<_> = steps
            .preflight
            .add(|| verified.into_iter().map(examine).collect::<Result<_>>())??;
        let records = entries.iter().filter(|it| it.change.is_some()).count();
        let push = Push {
            device: place.device,
            log,
            entries,
            signature,
            waiting: Some(request.waiting),
        };
        let mut stored = Duration::ZERO;
        let received = stored.add(|| store.receive(&push, now))??;
        ensure!(matches!(received, Received::Stored { .. }), "not received");

        let (rows, _) = store.verify_audit()?;
        let areas = store.reference("areas")?.context("no areas")?.1;
        let (areas, _) = Areas::from_geojson(std::str::from_utf8(&areas)?)?;
        let mut desk = Desk {
            documents: HashMap::new(),
            areas,
            guard: Duration::ZERO,
            policy: Duration::ZERO,
            project: Duration::ZERO,
            refused: 0,
        };
        let mut sitting = SITTING;
        loop {
            let judged = stored.add(|| store.judge(&sitting, &mut desk, now))??;
            if judged.entries == 0 {
                break;
            }
            sitting.after = judged.last;
        }
        ensure!(desk.refused == 0, "{} are not accepted", desk.refused);
        ensure!(desk.documents.len() == records, "a record is missing");
        let rows = store.verify_audit()?.0 - rows;
        steps.audit = audit(&data.join("audit.db"), rows)?;
        let (guard, policy, project) = (desk.guard, desk.policy, desk.project);
        Ok(Self {
            records,
            guard,
            policy,
            project,
            commit: stored.saturating_sub(guard + policy + project + steps.audit),
            ..steps
        })
    }
}

/// Adds what some work takes of this thread's time.
trait Add {
    fn add<T>(&mut self, work: impl FnOnce() -> T) -> Result<T>;
}

impl Add for Duration {
    fn add<T>(&mut self, work: impl FnOnce() -> T) -> Result<T> {
        let before = thread_time()?;
        let done = black_box(work());
        *self += thread_time()?.saturating_sub(before);
        Ok(done)
    }
}

fn thread_time() -> Result<Duration> {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Ok(Duration::new(
        u64::try_from(time.tv_sec)?,
        u32::try_from(time.tv_nsec)?,
    ))
}

/// What is said of an entry before it is stored.
fn examine(verified: Verified) -> Result<Incoming> {
    ensure!(
        verified.entry.payload_matches(&verified.header),
        "a payload does not fit"
    );
    let change = match verified.header.kind {
        EntryKind::Change => {
            let checked = Checked::parse(verified.entry.payload.clone(), &GuardLimits::default())?;
            let facts = checked.facts();
            Some((
                ChangeHash::from_bytes(facts.hash),
                ActorId::from_bytes(facts.actor),
            ))
        }
        _ => None,
    };
    Ok(Incoming {
        verified,
        change,
        rejected: None,
        sealed: None,
    })
}

/// Judges first changes and submissions, as the server does.
struct Desk {
    documents: HashMap<RecordId, u32>,
    areas: Areas,
    guard: Duration,
    policy: Duration,
    project: Duration,
    /// How many were not accepted.
    refused: usize,
}

impl Desk {
    fn rule(&mut self, case: &Case) -> Result<Outcome> {
        let statement = self.policy.add(|| permitted(case))??;
        if statement.is_some() {
            let author = case.authority.person(case.header.officer);
            return Ok(Outcome::AcceptStatement(Box::new(
                NewStatement::Submission {
                    team: author.map(|author| author.team),
                    operations: Vec::new(),
                },
            )));
        }
        let (doc, snapshot) = self.guard.add(|| {
            let mut doc = RecordDoc::new(Kind::StopSearch);
            let checked = Checked::parse(case.payload.clone(), &GuardLimits::default())?;
            doc.admit(vec![checked])?;
            let snapshot = doc.save();
            anyhow::Ok((doc, snapshot))
        })??;
        let areas = &self.areas;
        let json = self.project.add(|| {
            let row = project(&doc.content(), CodeLists::builtin(), Some(areas));
            serde_json::to_string(&row)
        })??;
        let record = case.header.subject.context("a change of nothing")?;
        self.documents.insert(record, 1);
        Ok(Outcome::AcceptChange(Box::new(NewState {
            kind: doc.kind(),
            heads: doc.heads(),
            projection: json,
            photos: Vec::new(),
            snapshot,
        })))
    }
}

/// Reads the statement, if it is one, and asks the policy of then and of now.
fn permitted(case: &Case) -> Result<Option<Statement>> {
    let statement = match case.header.kind {
        EntryKind::Change => None,
        kind => Some(Statement::from_bytes(kind, &case.payload)?),
    };
    let mut named = Named::default();
    if let Some(record) = &case.record {
        named.author = Some(record.author);
        named.contributors = record.contributors.clone();
        named.submitted = record.submitted;
        named.teams = record.scopes.iter().filter_map(team).collect();
    }
    for authority in [&case.authority, &case.authority_received] {
        let decision = judge(&case.header, statement.as_ref(), &named, authority);
        ensure!(decision == Decision::Accept, "held");
    }
    Ok(statement)
}

const fn team(scope: &Scope) -> Option<shared::ids::TeamId> {
    match scope {
        Scope::Team(team) => Some(*team),
        Scope::Author(_) | Scope::Shared(_) | Scope::Operation(_) => None,
    }
}

impl Judge for Desk {
    fn knows(&self, record: RecordId, changes: u32) -> bool {
        self.documents.get(&record) == Some(&changes)
    }

    fn decide(&mut self, case: &Case) -> Answer {
        let outcome = self.rule(case).unwrap_or_else(|_| {
            self.refused += 1;
            Outcome::Supersede
        });
        Answer::Rule(outcome)
    }

    fn goes_on(&mut self) -> bool {
        true
    }
}

/// So many rows of an audit by hand: each hashed with the one before, in one transaction.
fn audit(path: &Path, rows: u64) -> Result<Duration> {
    let mut conn = Connection::open(path)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE audit (seq INTEGER PRIMARY KEY, at INTEGER, kind TEXT, officer BLOB,
             device BLOB, record BLOB, detail TEXT, hash BLOB);
         CREATE INDEX audit_record ON audit (record);",
    )?;
    let mut took = Duration::ZERO;
    took.add(|| {
        let tx = conn.transaction()?;
        let mut hash = [0_u8; 32];
        for seq in 0..rows {
            let record = sha256(&[b"record", &seq.to_be_bytes()]);
            hash = sha256(&[b"audit", &hash, &record, &seq.to_be_bytes()]);
            tx.prepare_cached(
                "INSERT INTO audit (seq, at, kind, officer, device, record, detail, hash)
                 VALUES (?1, ?2, 'accepted', ?3, ?4, ?5, 'change', ?6)",
            )?
            .execute(params![
                i64::try_from(seq)?,
                1_795_000_000_000_i64,
                &record[..16],
                &record[..16],
                &record[16..],
                hash
            ])?;
        }
        anyhow::Ok(tx.commit()?)
    })??;
    Ok(took)
}
