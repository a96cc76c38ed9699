//! The device: its enrolment, its vaults, and the one that is open.

mod change;
mod config;
mod error;
#[cfg(test)]
mod tests;
mod wakes;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use shared::ids::{LogId, OfficerId};
use shared::record::WEST_MIDLANDS;
use shared::wire::{Credential, EnrolRequest, ErrorCode, Protocol, SignInRequest, WireError};
use zeroize::Zeroizing;

pub use change::{Change, Listener};
pub use config::{DeviceConfig, Fix, PositionSource};
pub use error::DeviceError;

use crate::core::{Core, CoreConfig, NewVault, public_key};
use crate::driver::Driver;
use crate::env::Env;
use crate::http::{EnrolLink, HttpClient};
use crate::store::StoreConfig;
use crate::vault::{DbKey, Enrolment, HomeLock, Lock, VaultDir, VaultError, Vaults};
use crate::view::{AppState, AppView, EnrolledView, FormFactor, PersonView, PlaceView, VaultView};

/// How long unlocking waits for what was still being done when the vault was locked.
const CLOSING: Duration = Duration::from_secs(10);

/// What the shell holds. All commands go through it.
pub struct Device {
    _home: HomeLock,
    vaults: Vaults,
    env: Env,
    form_factor: FormFactor,
    position: Arc<dyn PositionSource>,
    runtime: tokio::runtime::Runtime,
    open: Mutex<Option<Open>>,
    /// Held while a vault is opened or closed, so that a lock asked for meanwhile comes after.
    turn: Mutex<()>,
    /// The vault closed last, for as long as a command still works on it.
    closing: Mutex<Weak<Core>>,
    listener: Arc<Mutex<Option<Listener>>>,
}

/// The open vault and the loop that keeps it in step with the server.
struct Open {
    core: Arc<Core>,
    driver: Driver,
}

impl Device {
    /// Opens the device's home.
    pub fn open(config: DeviceConfig) -> Result<Self, DeviceError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|e| DeviceError::Vault(e.into()))?;
        let vaults = Vaults::open(config.home, config.env.clone(), config.kdf)?;
        Ok(Self {
            _home: vaults.claim()?,
            vaults,
            env: config.env,
            form_factor: config.form_factor,
            position: config.position,
            runtime,
            open: Mutex::new(None),
            turn: Mutex::new(()),
            closing: Mutex::new(Weak::new()),
            listener: Arc::new(Mutex::new(None)),
        })
    }

    /// Sets who hears of changes.
    pub fn on_change(&self, listener: Listener) {
        *self.listener.lock().unwrap_or_else(PoisonError::into_inner) = Some(listener);
    }

    /// What the first screen needs.
    pub fn app_view(&self) -> Result<AppView, DeviceError> {
        let enrolment = self.vaults.enrolment()?;
        let vaults: Vec<VaultView> = self
            .vaults
            .list()?
            .into_iter()
            .map(|vault| {
                let (tries_left, wait_until) = match vault.lock {
                    Lock::Free { tries_left } => (tries_left, None),
                    Lock::Wait { until } => (0, Some(until.0)),
                };
                VaultView {
                    id: vault.officer.to_string(),
                    label: vault.label,
                    tries_left,
                    wait_until,
                }
            })
            .collect();
        let state = if self.open_vault().is_some() {
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
            // No key store of a platform is used yet, so the PIN stands alone.
            reduced_protection: true,
            vaults,
            server: enrolment.map(|e| e.server),
        })
    }

    /// Exchanges the one-time code of a link for a credential.
    pub async fn enrol(
        &self,
        link: &str,
        form_factor: FormFactor,
    ) -> Result<EnrolledView, DeviceError> {
        if self.vaults.enrolment()?.is_some() {
            return Err(DeviceError::AlreadyEnrolled);
        }
        let link = EnrolLink::parse(link).map_err(|_| DeviceError::BadLink)?;
        let client = HttpClient::new(&link.server, link.pin)?;
        let request = EnrolRequest {
            code: link.code,
            form_factor: match form_factor {
                FormFactor::Phone => "phone".to_owned(),
                FormFactor::Tablet => "tablet".to_owned(),
            },
        };
        let answer = self
            .on_runtime(async move { client.enrol(request).await })
            .await?;
        let enrolment = Enrolment {
            device: answer.device,
            name: answer.name.clone(),
            force: answer.force.clone(),
            form_factor,
            server: link.server,
            pin: hex::encode(link.pin),
            credential: answer.credential,
            receipt_key: answer.receipt_key,
            escrow: answer.escrow,
        };
        self.vaults.save_enrolment(&enrolment)?;
        Ok(EnrolledView {
            device: answer.name,
            force: answer.force,
        })
    }

    /// Signs an officer in and makes their vault.
    pub async fn create_vault(
        self: Arc<Self>,
        collar: String,
        password: String,
        pin: String,
    ) -> Result<PersonView, DeviceError> {
        let pin = Zeroizing::new(pin);
        let length = pin.chars().count();
        if !(crate::vault::PIN_MIN..=crate::vault::PIN_MAX).contains(&length) {
            return Err(DeviceError::Vault(VaultError::BadPin));
        }
        let enrolment = self.enrolment()?;
        let client = client(&enrolment)?;
        let seed = Zeroizing::new(self.env.bytes::<32>());
        let log = LogId::from_bytes(self.env.bytes());
        let request = SignInRequest {
            collar,
            password,
            key: Some(hex::encode(public_key(&seed)?)),
            log,
        };
        let credential = Credential {
            device: enrolment.credential.clone(),
            session: None,
        };
        let signing = client.clone();
        let answer = self
            .on_runtime(async move { signing.sign_in(&credential, request).await })
            .await?;
        let device = self.clone();
        self.runtime
            .spawn_blocking(move || {
                let _turn = device.turn();
                device.close();
                let new = NewVault {
                    log,
                    seed,
                    device: enrolment.device,
                    signed_in: answer,
                };
                let fill = |dir: &VaultDir, key: &DbKey| -> Result<Core, DeviceError> {
                    let config = device.core_config(dir, &enrolment)?;
                    Ok(Core::create(config, key, &new)?)
                };
                let (officer, label) = (new.signed_in.officer, &new.signed_in.label);
                let escrow = &enrolment.escrow;
                let core = device.vaults.create(officer, label, &pin, escrow, fill)?;
                device.start(core, client, &enrolment)
            })
            .await
            .map_err(|_| DeviceError::Unexpected)?
    }

    /// Opens a vault. Blocks for the key derivation.
    pub fn unlock(&self, vault: &str, pin: String) -> Result<PersonView, DeviceError> {
        let pin = Zeroizing::new(pin);
        let officer: OfficerId = vault.parse().map_err(|_| DeviceError::NoSuchVault)?;
        let enrolment = self.enrolment()?;
        let _turn = self.turn();
        // Another's open vault is closed first; one's own would be refused the database.
        self.close();
        let (dir, key): (VaultDir, DbKey) = self.vaults.unlock(officer, &pin)?;
        self.wait_for_closed();
        let core = Core::open(self.core_config(&dir, &enrolment)?, &key)?;
        self.start(core, client(&enrolment)?, &enrolment)
    }

    /// Renews the session of the open vault.
    pub async fn sign_in(&self, password: String) -> Result<PersonView, DeviceError> {
        let enrolment = self.enrolment()?;
        let client = client(&enrolment)?;
        // The vault is not held while the server is waited for: it may be locked meanwhile.
        let (collar, log) = {
            let core = self.core()?;
            (core.collar()?, core.log())
        };
        let request = SignInRequest {
            collar,
            password,
            key: None,
            log,
        };
        let credential = Credential {
            device: enrolment.credential,
            session: None,
        };
        let answer = self
            .on_runtime(async move { client.sign_in(&credential, request).await })
            .await?;
        let person = self.core()?.signed_in(&answer)?;
        self.try_now();
        Ok(person)
    }

    /// Closes the open vault. What waits stays safe in it, and is sent after the next unlock.
    pub fn lock(&self) {
        let _turn = self.turn();
        self.close();
    }

    fn close(&self) {
        let Some(open) = self.opened().take() else {
            return;
        };
        *self.closing() = Arc::downgrade(&open.core);
        drop(open);
        self.tell(Change::Lock);
    }

    /// A command that was being done when the vault was locked is done to its end. Until then
    /// the database is its own.
    fn wait_for_closed(&self) {
        let (closing, since) = (self.closing().clone(), Instant::now());
        while closing.strong_count() > 0 && since.elapsed() < CLOSING {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The open vault.
    pub fn core(&self) -> Result<Arc<Core>, DeviceError> {
        self.open_vault().ok_or(DeviceError::Locked)
    }

    /// Exchanges now instead of when the next attempt is due.
    pub fn try_now(&self) {
        if let Some(open) = self.opened().as_ref() {
            open.driver.try_now();
        }
    }

    /// Where the device is, if it knows.
    pub fn place_here(&self) -> Option<PlaceView> {
        self.position.here().map(Fix::view)
    }

    fn start(
        &self,
        core: Core,
        client: HttpClient,
        enrolment: &Enrolment,
    ) -> Result<PersonView, DeviceError> {
        let core = Arc::new(core);
        let listener = self.listener.clone();
        core.listen(move |changed| {
            if let Some(hear) = listener
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .as_ref()
            {
                hear(Change::In(changed));
            }
        });
        let person = core.person()?;
        let entered = self.runtime.enter();
        let client = Arc::new(client);
        let credential = enrolment.credential.clone();
        let wakes = wakes::live(core.clone(), client.clone(), credential.clone());
        let driver = Driver::start(core.clone(), client, credential, wakes);
        drop(entered);
        *self.opened() = Some(Open { core, driver });
        self.tell(Change::Lock);
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
        })
    }

    fn enrolment(&self) -> Result<Enrolment, DeviceError> {
        self.vaults.enrolment()?.ok_or(DeviceError::NotEnrolled)
    }

    fn open_vault(&self) -> Option<Arc<Core>> {
        self.opened().as_ref().map(|open| open.core.clone())
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn closing(&self) -> MutexGuard<'_, Weak<Core>> {
        self.closing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn opened(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, change: Change) {
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hear) = listener.as_ref() {
            hear(change);
        }
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
