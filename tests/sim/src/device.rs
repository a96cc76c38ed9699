//! A device's node: its disk, its vault, and the app while it runs.

use std::io;
use std::sync::Arc;

use app_core::core::{Core, CoreConfig, NewVault, Progress, public_key};
use app_core::env::{Env, NetworkKind, Steady};
use app_core::files::BlobDir;
use app_core::store::StoreConfig;
use app_core::sync::{SyncOutcome, sync_once};
use app_core::vault::DbKey;
use app_core::view::ConnectionState;
use shared::ids::{DeviceId, LogId};
use shared::wire::{Credential, EnrolRequest, Protocol, SignInRequest};
use vfs::Disk;
use zeroize::Zeroizing;

use crate::clock::NodeClock;
use crate::dice::Dice;
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
    /// The log of its vault.
    pub log: LogId,
    /// It has a network.
    pub connected: bool,
    /// What of its calls is still on its way.
    pub wire: Wire,
    /// Its disk.
    pub disk: Disk,
    /// Its clocks.
    pub clock: Arc<NodeClock>,
    key: DbKey,
    device_credential: String,
    config: CoreConfig,
    running: Option<Arc<Core>>,
}

/// The photos of a device, on its disk.
struct DiskBlobs(Disk);

impl BlobDir for DiskBlobs {
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let partial = format!("photos/{name}.partial");
        self.0.write_file(&partial, bytes)?;
        Ok(self.0.rename_file(&partial, &format!("photos/{name}"))?)
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        Ok(self.0.read_file(&format!("photos/{name}"))?)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        match self
            .0
            .remove_file(&format!("photos/{name}"))
            .map_err(io::Error::from)
        {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    fn list(&self) -> io::Result<Vec<String>> {
        let names = self.0.list()?;
        let photos = names.iter().filter_map(|name| name.strip_prefix("photos/"));
        Ok(photos
            .filter(|name| !name.ends_with(".partial"))
            .map(str::to_owned)
            .collect())
    }
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
            blobs: Arc::new(DiskBlobs(disk.clone())),
            env,
            receipt_key: hex::decode(&enrolled.receipt_key).map_err(|e| e.to_string())?,
            server: "https://simulated".to_owned(),
            reference_force: shared::record::WEST_MIDLANDS,
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
            wire: Wire::default(),
            disk,
            clock,
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
        self.running = Some(Arc::new(core));
        Ok(())
    }

    /// Ends the app as kill -9 does.
    pub fn kill(&mut self) {
        self.disk.crash();
        self.running = None;
    }

    /// How far its streams have come, if it runs.
    pub fn progress(&self) -> Option<Progress> {
        self.running.as_ref()?.progress().ok()
    }

    /// Exchanges over the link until there is nothing left, or something goes wrong. An officer
    /// who is asked to sign in does.
    pub fn sync(&self, link: &Link) -> Option<SyncOutcome> {
        let core = self.running.as_ref()?;
        if core
            .status()
            .is_ok_and(|it| it.connection.state == ConnectionState::SignIn)
        {
            self.sign_in(core, link);
        }
        let session = core.session().ok().flatten();
        let credential = Credential {
            device: self.device_credential.clone(),
            session,
        };
        Some(now(sync_once(core.as_ref(), link, &credential)))
    }

    /// Renews the session. Where that fails, own work still sends.
    fn sign_in(&self, core: &Core, link: &Link) {
        let Ok(collar) = core.collar() else { return };
        let request = SignInRequest {
            collar,
            password: PASSWORD.to_owned(),
            key: None,
            log: core.log(),
            parent: None,
        };
        let credential = Credential {
            device: self.device_credential.clone(),
            session: None,
        };
        if let Ok(answer) = now(link.sign_in(&credential, request)) {
            let _ = core.signed_in(&answer);
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
