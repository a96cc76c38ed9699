//! A device's node: its disk, its vault, and the app while it runs.

use std::collections::BTreeSet;
use std::sync::Arc;

use app_core::core::{Core, CoreConfig, NewLineage, NewVault, Parent, Progress, public_key};
use app_core::env::{Env, NetworkKind, Steady};
use app_core::spool::{AgeSeal, Spool, SpoolFiles, SpoolOutcome, send_spool};
use app_core::store::StoreConfig;
use app_core::sync::{SyncOutcome, sync_once};
use app_core::vault::DbKey;
use app_core::view::ConnectionState;
use shared::doc::Schema;
use shared::ids::{DeviceId, LogId, RecordId};
use shared::wire::{
    Checkpoint, Credential, EnrolRequest, ErrorCode, Protocol, SignInRequest, WireError,
};
use vfs::Disk;
use zeroize::Zeroizing;

use crate::clock::NodeClock;
use crate::dice::Dice;
use crate::folder::Folder;
use crate::link::{Link, Wire};
use crate::server::PASSWORD;

/// An officer's device.
pub struct DeviceNode {
    /// For traces: `phone 1001`.
    pub name: String,
    /// Whose it is.
    pub collar: String,
    /// Its name at the server.
    pub id: DeviceId,
    /// The log of its vault, as it was last known.
    pub log: LogId,
    /// It has a network.
    pub connected: bool,
    /// Its app is older than any that the server still gives news.
    pub old: bool,
    /// What of its calls is still on its way.
    pub wire: Wire,
    /// Its disk.
    pub disk: Disk,
    /// Its clocks.
    pub clock: Arc<NodeClock>,
    dice: Dice,
    key: DbKey,
    device_credential: String,
    config: CoreConfig,
    running: Option<Arc<Core>>,
}

impl DeviceNode {
    /// Enrols a device over a clear link, signs its officer in and makes the vault.
    pub fn enrol(
        collar: &str,
        code: String,
        link: &Link,
        seed: u64,
        clock: Arc<NodeClock>,
        dice: Dice,
    ) -> Result<Self, String> {
        let form_factor = if collar.starts_with('2') {
            "tablet"
        } else {
            "phone"
        };
        let request = EnrolRequest {
            code,
            form_factor: form_factor.to_owned(),
        };
        let enrolled = now(link.enrol(request)).map_err(|e| e.to_string())?;
        let mut signing = Zeroizing::new([0; 32]);
        let (mut log, mut key) = ([0; 16], [0; 32]);
        dice.fill(signing.as_mut());
        dice.fill(&mut log);
        dice.fill(&mut key);
        let log = LogId::from_bytes(log);
        let public = public_key(&signing).map_err(|e| e.to_string())?;
        let request = SignInRequest {
            collar: collar.to_owned(),
            password: PASSWORD.to_owned(),
            key: Some(hex::encode(public)),
            log,
            parent: None,
        };
        let credential = Credential {
            device: enrolled.credential.clone(),
            session: None,
        };
        let signed_in = now(link.sign_in(&credential, request)).map_err(|e| e.to_string())?;
        let disk = Disk::new(seed);
        let env = Env {
            clock: clock.clone(),
            random: Arc::new(dice.clone()),
            network: Arc::new(Steady(NetworkKind::Unmetered)),
        };
        let config = CoreConfig {
            store: StoreConfig {
                path: "records.db".into(),
                vfs: Some(disk.vfs_name().to_owned()),
            },
            blobs: Arc::new(Folder::of(&disk, "photos")),
            env,
            receipt_key: hex::decode(&enrolled.receipt_key).map_err(|e| e.to_string())?,
            server: "https://simulated".to_owned(),
            reference_force: shared::record::WEST_MIDLANDS,
            schema: Schema::OURS,
            spool: Some(Spool {
                files: SpoolFiles::new(Arc::new(Folder::of(&disk, "spool"))),
                seal: Some(Arc::new(
                    AgeSeal::to(&enrolled.sealing).map_err(|e| e.to_string())?,
                )),
            }),
        };
        let key = DbKey::from_bytes(key);
        let new = NewVault {
            log,
            seed: signing,
            device: enrolled.device,
            signed_in,
        };
        let core = Core::create(config.clone(), &key, &new).map_err(|e| e.to_string())?;
        Ok(Self {
            name: format!("{form_factor} {collar}"),
            collar: collar.to_owned(),
            id: enrolled.device,
            log,
            connected: true,
            old: false,
            wire: Wire::default(),
            disk,
            clock,
            dice,
            key,
            device_credential: enrolled.credential,
            config,
            running: Some(Arc::new(core)),
        })
    }

    /// The app, while it runs.
    pub fn core(&self) -> Option<Arc<Core>> {
        self.running.clone()
    }

    /// Starts the app on what the disk holds.
    pub fn start(&mut self) -> Result<(), String> {
        self.running = None;
        self.disk.power_on();
        let core = Core::open(self.config.clone(), &self.key).map_err(|e| e.to_string())?;
        self.log = core.log();
        self.running = Some(Arc::new(core));
        Ok(())
    }

    /// The newest schema that its app knows.
    pub const fn schema(&self) -> Schema {
        self.config.schema
    }

    /// The app is updated. One that runs goes on as it is until it is started anew.
    pub fn update(&mut self, schema: Schema) {
        self.config.schema = schema;
    }

    /// Ends the app as kill -9 does.
    pub fn kill(&mut self) {
        self.disk.crash();
        self.running = None;
    }

    /// Closes the vault, as an officer does who locks the device. The spool goes on sending.
    pub fn lock(&mut self) {
        if let Some(core) = self.running.take() {
            // What cannot be sealed now waits for the unlock.
            let _ = core.spool();
        }
    }

    /// Sends what of a locked vault is sealed; none if the vault is open.
    pub fn send_spool(&self, link: &Link) -> Option<SpoolOutcome> {
        let spool = self
            .config
            .spool
            .as_ref()
            .filter(|_| self.running.is_none())?;
        let (credential, key) = (&self.device_credential, &self.config.receipt_key);
        Some(now(send_spool(&spool.files, link, credential, key)))
    }

    /// The receipts that a locked vault has beside it; none if it is open.
    pub fn spooled(&self) -> Vec<Checkpoint> {
        let spool = self.config.spool.as_ref();
        let spool = spool.filter(|_| self.running.is_none());
        let received = spool.and_then(|it| it.files.received(&self.config.receipt_key).ok());
        received.into_iter().flatten().map(|(_, it)| it).collect()
    }

    /// How far its streams have come, if it runs.
    pub fn progress(&self) -> Option<Progress> {
        self.running.as_ref()?.progress().ok()
    }

    /// A second copy of the device, with everything that is on it, on another disk.
    pub fn copy(&self, seed: u64, clock: Arc<NodeClock>, dice: Dice) -> Result<Self, String> {
        let disk = Disk::new(seed);
        disk.restore(&self.disk.snapshot());
        let mut config = self.config.clone();
        config.store.vfs = Some(disk.vfs_name().to_owned());
        config.blobs = Arc::new(Folder::of(&disk, "photos"));
        if let Some(spool) = &mut config.spool {
            spool.files = SpoolFiles::new(Arc::new(Folder::of(&disk, "spool")));
        }
        config.env.clock = clock.clone();
        config.env.random = Arc::new(dice.clone());
        let key = DbKey::from_bytes(*self.key.expose());
        let mut copy = Self {
            name: format!("copy of {}", self.name),
            collar: self.collar.clone(),
            wire: Wire::default(),
            device_credential: self.device_credential.clone(),
            running: None,
            disk,
            clock,
            dice,
            key,
            config,
            ..*self
        };
        copy.start()?;
        Ok(copy)
    }

    /// The records it has, among them those of a write that failed and is on the disk all the same:
    /// they are shown from the next start on.
    pub fn records_on_disk(&self, seed: u64) -> Result<BTreeSet<RecordId>, String> {
        let dice = Dice::new(seed, u64::MAX);
        let started = self.copy(seed, self.clock.clone(), dice)?;
        let core = started.core().ok_or("the copy does not run")?;
        let records = core.record_ids().map_err(|e| e.to_string())?;
        Ok(records.into_iter().collect())
    }

    /// Exchanges over the link until there is nothing left, or something goes wrong. An officer
    /// who is asked to sign in does.
    pub fn sync(&mut self, link: &impl Protocol) -> Option<SyncOutcome> {
        let core = self.running.clone()?;
        if let Ok(Some(parent)) = core.split() {
            self.begin_lineage(&core, parent, link);
        } else if core
            .status()
            .is_ok_and(|it| it.connection.state == ConnectionState::SignIn)
        {
            self.sign_in(&core, link);
        }
        let session = core.session().ok().flatten();
        let credential = Credential {
            device: self.device_credential.clone(),
            session,
        };
        let outcome = now(sync_once(core.as_ref(), link, &credential));
        // Now and then there is time to open what came.
        let (_, boot) = app_core::env::Clock::boot(self.clock.as_ref());
        if boot.is_multiple_of(3) {
            // Where it fails, it is tried again another time.
            while core.open_some().unwrap_or(false) {}
        }
        Some(outcome)
    }

    /// Renews the session. Where that fails, own work still sends. A server that was restored
    /// from before the log was opened is given its descriptor again.
    fn sign_in(&self, core: &Core, link: &impl Protocol) {
        let Ok(descriptor) = core.descriptor() else {
            return;
        };
        let renew = |key, parent| SignInRequest {
            collar: self.collar.clone(),
            password: PASSWORD.to_owned(),
            key,
            log: descriptor.log,
            parent,
        };
        let mut answer = now(link.sign_in(&self.without_session(), renew(None, None)));
        let unknown = WireError::refused(ErrorCode::UnknownLog);
        if answer.as_ref().is_err_and(|error| *error == unknown) {
            let key = Some(hex::encode(&descriptor.key));
            let again = renew(key, descriptor.parent);
            answer = now(link.sign_in(&self.without_session(), again));
        }
        match answer {
            Ok(answer) => drop(core.signed_in(&answer)),
            // The log goes on nowhere: another copy of the vault has begun the next one.
            Err(error) if error == WireError::refused(ErrorCode::Fork) => drop(core.has_split()),
            Err(_) => {}
        }
    }

    /// Signs in for a new log, where the old one has split.
    fn begin_lineage(&mut self, core: &Core, parent: Parent, link: &impl Protocol) {
        let (mut seed, mut log) = (Zeroizing::new([0; 32]), [0; 16]);
        self.dice.fill(seed.as_mut());
        self.dice.fill(&mut log);
        let log = LogId::from_bytes(log);
        let Ok(public) = public_key(&seed) else {
            return;
        };
        let request = SignInRequest {
            collar: self.collar.clone(),
            password: PASSWORD.to_owned(),
            key: Some(hex::encode(public)),
            log,
            parent: parent.last,
        };
        let Ok(signed_in) = now(link.sign_in(&self.without_session(), request)) else {
            return;
        };
        let new = NewLineage {
            log,
            seed,
            signed_in,
        };
        if core.begin_lineage(&new).is_ok() {
            self.log = core.log();
        }
    }

    fn without_session(&self) -> Credential {
        Credential {
            device: self.device_credential.clone(),
            session: None,
        }
    }
}

/// Runs a future of this world, which never waits: nothing here is asynchronous underneath.
pub fn now<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => unreachable!("a call of the simulated network waited"),
    }
}
