//! The server's node: a disk that can fail, and the process on it while it runs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::{Connection, OpenFlags, Row};
use shared::doc::Schema;
use shared::ids::{EntryId, Epoch, LogId, RecordId, Seq};
use shared::log::Header;
use shared::policy::Role;
use sync_server::env::Env;
use sync_server::service::{Config, NewPerson, Server, begin_epoch};
use vfs::{Disk, Image};

use crate::clock::NodeClock;
use crate::dice::Dice;

/// The password of everybody in the world.
pub const PASSWORD: &str = "correct horse";
/// The collar number of whoever means harm.
pub const HOSTILE: &str = "1009";

/// What is parked for a change, another entry or a record's beginning that is in.
const WAITS_IN_VAIN: &str = "SELECT hex(it.log) || '/' || it.seq FROM entries it
    WHERE it.state = 2 AND (
        EXISTS (SELECT 1 FROM records r WHERE r.id = it.waits_on)
        OR EXISTS (SELECT 1 FROM entries e WHERE e.state = 1 AND e.record = it.record
            AND (e.change = it.waits_on OR it.waits_on = e.log || unhex(printf('%016X', e.seq)))))";

/// A copy of the server's database.
pub struct Look {
    db: Connection,
    _disk: Disk,
}

impl Look {
    /// True if some entry that the server has received says this, whatever was decided of it.
    pub fn has_words(&self, words: &str) -> Result<bool, String> {
        let sql = "SELECT 1 FROM entries WHERE instr(payload, ?1) > 0";
        self.says(sql, words.as_bytes())
    }

    /// True if some entry of a log that has split, which the server keeps as evidence, says this.
    pub fn has_evidence(&self, words: &str) -> Result<bool, String> {
        let sql = "SELECT 1 FROM fork_entries WHERE instr(payload, ?1) > 0";
        self.says(sql, words.as_bytes())
    }

    /// True if the server was given an entry of this log without the payload that was signed.
    pub fn has_lost_payload(&self, log: LogId) -> Result<bool, String> {
        let sql = "SELECT 1 FROM entries WHERE log = ?1 AND code = 'payload_mismatch'";
        self.says(sql, log.as_bytes())
    }

    /// An entry that waits for something that the server has let in, if there is one.
    pub fn waits_in_vain(&self) -> Result<Option<String>, String> {
        let found = self.db.query_row(WAITS_IN_VAIN, [], |row| row.get(0));
        match found {
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
            other => other.map(Some).map_err(|e| e.to_string()),
        }
    }

    /// What is held for a person, by record.
    pub fn held(&self) -> Result<BTreeMap<RecordId, Vec<Held>>, String> {
        let read = |row: &Row<'_>| -> rusqlite::Result<(RecordId, Held)> {
            let id = EntryId {
                log: LogId::from_bytes(row.get(1)?),
                seq: Seq(row.get::<_, i64>(2)?.cast_unsigned()),
            };
            let (code, collar) = (row.get(3)?, row.get(4)?);
            Ok((RecordId::from_bytes(row.get(0)?), Held { id, code, collar }))
        };
        let rows = |db: &Connection| -> rusqlite::Result<Vec<(RecordId, Held)>> {
            let mut statement = db.prepare(HELD)?;
            statement.query_map([], read)?.collect()
        };
        let mut held: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (record, it) in rows(&self.db).map_err(|e| e.to_string())? {
            held.entry(record).or_default().push(it);
        }
        Ok(held)
    }

    /// The newest schema of a change that was let into this record.
    pub fn schema_of(&self, record: RecordId) -> Result<u32, String> {
        let sql = "SELECT header FROM entries WHERE record = ?1 AND state = 1 AND kind = 0";
        let text = |error: rusqlite::Error| error.to_string();
        let mut statement = self.db.prepare_cached(sql).map_err(text)?;
        let headers = statement.query_map((record.as_bytes(),), |row| row.get::<_, Vec<u8>>(0));
        let mut newest = 0;
        for header in headers.map_err(text)? {
            let header = Header::from_bytes(&header.map_err(text)?);
            newest = newest.max(header.map_err(|e| e.to_string())?.schema);
        }
        Ok(newest)
    }

    fn says(&self, sql: &str, of: &[u8]) -> Result<bool, String> {
        let exists = self.db.prepare(sql).and_then(|mut it| it.exists((of,)));
        exists.map_err(|e| e.to_string())
    }
}

/// Entries that are held, with who wrote them.
const HELD: &str = "SELECT e.record, e.log, e.seq, coalesce(e.code, ''), a.collar
    FROM entries e JOIN accounts a ON a.officer = e.officer
    WHERE e.state = 3 AND e.record IS NOT NULL ORDER BY e.position";

/// An entry that is held for a person.
#[derive(Debug)]
pub struct Held {
    /// Its name.
    pub id: EntryId,
    /// Why.
    pub code: String,
    /// Who wrote it.
    pub collar: String,
}

/// The server's machine.
pub struct ServerNode {
    /// Its disk.
    pub disk: Disk,
    /// Its clock.
    pub clock: Arc<NodeClock>,
    /// The newest schema that it knows from its next start on.
    pub schema: Schema,
    data: tempfile::TempDir,
    env: Env,
    running: Option<Arc<Server>>,
}

impl ServerNode {
    /// A machine with an empty disk, running.
    pub fn new(seed: u64, clock: Arc<NodeClock>, dice: Dice) -> Result<Self, String> {
        let data = tempfile::tempdir().map_err(|e| e.to_string())?;
        let env = Env {
            clock: clock.clone(),
            random: Arc::new(dice),
        };
        let mut node = Self {
            disk: Disk::new(seed),
            clock,
            schema: Schema::OURS,
            data,
            env,
            running: None,
        };
        node.start()?;
        Ok(node)
    }

    /// The process, while it runs.
    pub fn server(&self) -> Option<Arc<Server>> {
        self.running.clone()
    }

    /// Starts the process on what the disk holds.
    pub fn start(&mut self) -> Result<(), String> {
        self.running = None;
        self.disk.power_on();
        let server = Server::open(self.config(), self.env.clone()).map_err(|e| e.to_string())?;
        self.running = Some(Arc::new(server));
        Ok(())
    }

    fn config(&self) -> Config {
        Config {
            vfs: Some(self.disk.vfs_name().to_owned()),
            // Hashing is not what is tested here.
            password_kib: 8,
            schema: self.schema,
            ..Config::new(PathBuf::from(self.data.path()))
        }
    }

    /// Puts an older copy of the disk in place, as an operator does, and begins another lineage.
    /// The process is off after it.
    pub fn restore(&mut self, image: &Image) -> Result<Epoch, String> {
        self.kill();
        self.disk.restore(image);
        let branch = begin_epoch(&self.config(), &self.env).map_err(|e| e.to_string())?;
        Ok(branch.epoch)
    }

    /// A look into a copy of its database: what is held for a person is shown to nobody.
    pub fn look(&self) -> Result<Look, String> {
        let disk = Disk::new(0);
        disk.restore(&self.disk.snapshot());
        let names = disk.list().map_err(|e| e.to_string())?;
        let name = names.into_iter().find(|it| it.ends_with(".db"));
        let name = name.ok_or("there is no database")?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        let db = Connection::open_with_flags_and_vfs(name, flags, disk.vfs_name());
        let db = db.map_err(|e| e.to_string())?;
        db.pragma_update(None, "locking_mode", "EXCLUSIVE")
            .map_err(|e| e.to_string())?;
        Ok(Look { db, _disk: disk })
    }

    /// Ends the process as kill -9 does.
    pub fn kill(&mut self) {
        self.disk.crash();
        self.running = None;
    }

    /// Gives accounts to a team of officers and their sergeant, and to one more who means harm.
    pub fn add_team(&self, officers: usize) -> Result<(), String> {
        let mut people = vec![
            person("2000", "Sgt", Role::Supervisor),
            person("3000", "Mr", Role::ControlRoom),
            person(HOSTILE, "PC", Role::Officer),
        ];
        people.extend((1..=officers).map(|n| person(&format!("100{n}"), "PC", Role::Officer)));
        self.add(&people)
    }

    /// Gives somebody new an account.
    pub fn add_person(&self, collar: &str) -> Result<(), String> {
        self.add(&[person(collar, "PC", Role::Officer)])
    }

    fn add(&self, people: &[NewPerson]) -> Result<(), String> {
        let server = self.running.as_ref().ok_or("the server is not running")?;
        server
            .add_people(people)
            .map(drop)
            .map_err(|e| e.to_string())
    }
}

fn person(collar: &str, title: &str, role: Role) -> NewPerson {
    NewPerson {
        collar: collar.to_owned(),
        title: title.to_owned(),
        name: "Sample".to_owned(),
        role,
        team: "Response A".to_owned(),
        station: "Sample Road".to_owned(),
        password: PASSWORD.to_owned(),
    }
}
