//! The device: its enrolment, its vaults, and the one that is open.

mod change;
mod closing;
mod config;
mod error;
mod join;
mod recover;
mod slot;
mod spooler;
#[cfg(test)]
mod tests;
mod unsent;
mod wakes;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use shared::doc::Schema;
use shared::ids::OfficerId;
use shared::record::WEST_MIDLANDS;
use shared::wire::{ErrorCode, WireError};
use zeroize::Zeroizing;

pub use change::{Change, Listener};
pub use config::{DeviceConfig, Fix, Position, PositionSource};
pub use error::DeviceError;
pub use wakes::live;

use crate::core::{Core, CoreConfig, CoreError};
use crate::driver::Driver;
use crate::env::Env;
use crate::http::HttpClient;
use crate::spool::{AgeSeal, Seal, Spool};
use crate::store::StoreConfig;
use crate::vault::{
    Enrolment, HomeLock, KeyStore, Lock, VaultDir, VaultError, VaultSummary, Vaults,
};
use crate::view::{AppState, AppView, FormFactor, HereView, PersonView, VaultView};
use recover::Recovering;
use slot::{Open, Slot};

/// How long unlocking waits for what was still being done when the vault was locked.
const CLOSING: Duration = Duration::from_secs(10);

/// What the shell holds. All commands go through it.
pub struct Device {
    _home: HomeLock,
    vaults: Vaults,
    env: Env,
    form_factor: FormFactor,
    position: Arc<dyn PositionSource>,
    keystore: Arc<dyn KeyStore>,
    runtime: tokio::runtime::Runtime,
    slot: Arc<Slot>,
    /// The request for the key of a vault whose PIN was forgotten, if one is under way.
    recovering: Mutex<Option<Recovering>>,
}

impl Device {
    /// Opens the device's home. What locked vaults have to send is sent from now on.
    pub fn open(config: DeviceConfig) -> Result<Self, DeviceError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|e| DeviceError::Vault(e.into()))?;
        let (env, keystore) = (config.env, config.keystore);
        let vaults = Vaults::open(config.home, env.clone(), config.kdf, keystore.clone())?;
        let device = Self {
            _home: vaults.claim()?,
            vaults,
            env,
            form_factor: config.form_factor,
            position: config.position,
            keystore,
            runtime,
            slot: Arc::default(),
            recovering: Mutex::new(None),
        };
        device.send_spools();
        Ok(device)
    }

    fn send_spools(&self) {
        let (slot, vaults, env) = (self.slot.clone(), self.vaults.clone(), self.env.clone());
        self.runtime.spawn(async move {
            let connect = |enrolment: &Enrolment| client(enrolment).ok();
            let tell = || slot.tell(Change::Spool);
            slot.spooler.forever(&vaults, &env, connect, tell).await;
        });
    }

    /// Sets who hears of changes.
    pub fn on_change(&self, listener: Listener) {
        self.slot.listen(listener);
    }

    /// What the first screen needs.
    pub fn app_view(&self) -> Result<AppView, DeviceError> {
        let enrolment = self.vaults.enrolment()?;
        let vaults = self.vaults.list()?.into_iter();
        let vaults = vaults
            .map(|vault| self.vault_view(vault, enrolment.as_ref()))
            .collect::<Result<Vec<_>, _>>()?;
        let state = if self.slot.core().is_some() {
            AppState::Open
        } else if enrolment.is_none() {
            AppState::New
        } else if vaults.is_empty() {
            AppState::Enrolled
        } else {
            AppState::Locked
        };
        Ok(AppView {
            state,
            form_factor: enrolment
                .as_ref()
                .map_or(self.form_factor, |e| e.form_factor),
            reduced_protection: !self.keystore.is_there(),
            vaults,
            server: enrolment.map(|e| e.server),
        })
    }

    fn vault_view(
        &self,
        vault: VaultSummary,
        enrolment: Option<&Enrolment>,
    ) -> Result<VaultView, DeviceError> {
        let (tries_left, wait_until) = match vault.lock {
            Lock::Free { tries_left, .. } => (tries_left, None),
            Lock::Wait { until } => (0, Some(until.0)),
        };
        let dir = self.vaults.place(vault.officer).ok();
        let receipt_key = enrolment.and_then(|it| hex::decode(&it.receipt_key).ok());
        let spool = match (dir, receipt_key) {
            (Some(dir), Some(receipt_key)) => {
                let files = dir.spool().map_err(VaultError::from)?;
                let view = self.slot.spooler.view(vault.officer, &files, &receipt_key);
                Some(view.map_err(VaultError::from)?)
            }
            _ => None,
        };
        Ok(VaultView {
            id: vault.officer.to_string(),
            label: vault.label,
            tries_left,
            wait_until,
            spool,
        })
    }

    /// Opens a vault. Blocks for the key derivation.
    pub fn unlock(&self, vault: &str, pin: String) -> Result<PersonView, DeviceError> {
        let pin = Zeroizing::new(pin);
        let officer: OfficerId = vault.parse().map_err(|_| DeviceError::NoSuchVault)?;
        let enrolment = self.enrolment()?;
        let _turn = self.slot.turn();
        // Another's open vault is closed first; one's own would be refused the database.
        self.slot.close();
        let (dir, key) = self.vaults.unlock(officer, &pin)?;
        self.wait_for_closed();
        self.slot.opening(officer);
        let opened = Core::open(self.core_config(&dir, &enrolment)?, &key);
        let started = opened
            .map_err(DeviceError::from)
            .and_then(|core| self.start(core, client(&enrolment)?, &enrolment));
        self.opened_or_not(started)
    }

    /// A vault that was not opened after all sends what it has sealed.
    fn opened_or_not<T>(&self, started: Result<T, DeviceError>) -> Result<T, DeviceError> {
        if started.is_err() {
            self.slot.spooler.set_open(None);
        }
        started
    }

    /// A command that was being done when the vault was locked is done to its end. Until then
    /// the database is its own; if it takes too long, opening says so.
    fn wait_for_closed(&self) {
        self.slot.databases.wait(CLOSING);
    }

    /// Closes the open vault. What was submitted is sent all the same; what else waits stays
    /// safe in it, and is sent after the next unlock.
    pub fn lock(&self) {
        let _turn = self.slot.turn();
        self.slot.close();
    }

    /// Somebody uses the app: the open vault stays open for a while longer.
    pub fn touch(&self) {
        self.slot.touch(&self.env);
    }

    /// The open vault.
    pub fn core(&self) -> Result<Arc<Core>, DeviceError> {
        self.slot.core().ok_or(DeviceError::Locked)
    }

    /// Exchanges now instead of when the next attempt is due.
    pub fn try_now(&self) {
        self.slot.try_now();
        self.slot.spooler.wake();
    }

    /// What the device knows of where it is.
    pub fn position(&self) -> Position {
        self.position.here()
    }

    /// The same, for screens.
    pub fn place_here(&self) -> HereView {
        let (state, fix) = match self.position() {
            Position::At(fix) => ("found", Some(fix)),
            Position::Unknown => ("none", None),
            Position::Refused => ("refused", None),
        };
        HereView {
            state: state.to_owned(),
            place: fix.map(Fix::view),
            fix_at: fix.map(|fix| self.env.now().plus(-fix.age_ms()).0),
        }
    }

    fn start(
        &self,
        core: Core,
        client: HttpClient,
        enrolment: &Enrolment,
    ) -> Result<PersonView, DeviceError> {
        core.bind(&enrolment.bond()).map_err(|error| match error {
            CoreError::NotAllowed(_) => DeviceError::ServerChanged,
            other => other.into(),
        })?;
        self.vaults.note_log(core.officer(), core.log())?;
        let core = Arc::new(core.with_last(self.slot.databases.opened()));
        let slot = Arc::downgrade(&self.slot);
        core.listen(move |changed| {
            if let Some(slot) = slot.upgrade() {
                slot.tell(Change::In(changed));
            }
        });
        let person = core.person()?;
        self.slot.touch(&self.env);
        self.slot.opening(core.officer());
        let entered = self.runtime.enter();
        let client = Arc::new(client);
        let credential = enrolment.credential.clone();
        let wakes = wakes::live(core.clone(), client.clone(), credential.clone());
        let driver = Driver::start(core.clone(), client, credential, wakes);
        let idle = self.slot.watch(&core);
        drop(entered);
        self.slot.put(Open {
            core,
            driver,
            _idle: idle,
        });
        Ok(person)
    }

    fn core_config(
        &self,
        dir: &VaultDir,
        enrolment: &Enrolment,
    ) -> Result<CoreConfig, DeviceError> {
        let receipt_key =
            hex::decode(&enrolment.receipt_key).map_err(|_| DeviceError::Unexpected)?;
        Ok(CoreConfig {
            store: StoreConfig {
                path: dir.database(),
                vfs: None,
            },
            blobs: Arc::new(dir.photos().map_err(|e| DeviceError::Vault(e.into()))?),
            env: self.env.clone(),
            receipt_key,
            server: enrolment.server.clone(),
            reference_force: WEST_MIDLANDS,
            spool: Some(Spool {
                files: dir.spool().map_err(VaultError::from)?,
                seal: AgeSeal::to(&enrolment.sealing)
                    .ok()
                    .map(|seal| Arc::new(seal) as Arc<dyn Seal>),
            }),
            schema: Schema::OURS,
        })
    }

    fn enrolment(&self) -> Result<Enrolment, DeviceError> {
        self.vaults.enrolment()?.ok_or(DeviceError::NotEnrolled)
    }

    /// Runs a call on the device's own runtime, whichever the caller's is.
    async fn on_runtime<T: Send + 'static>(
        &self,
        call: impl Future<Output = Result<T, WireError>> + Send + 'static,
    ) -> Result<T, DeviceError> {
        let answer = self
            .runtime
            .spawn(call)
            .await
            .map_err(|_| DeviceError::Unexpected)?;
        answer.map_err(|error| match error {
            WireError::Refused {
                code: ErrorCode::BadEnrolmentCode,
                ..
            } => DeviceError::BadCode,
            other => DeviceError::Wire(other),
        })
    }
}

fn client(enrolment: &Enrolment) -> Result<HttpClient, DeviceError> {
    let mut pin = [0; 32];
    hex::decode_to_slice(&enrolment.pin, &mut pin).map_err(|_| DeviceError::Unexpected)?;
    Ok(HttpClient::new(&enrolment.server, pin)?)
}
