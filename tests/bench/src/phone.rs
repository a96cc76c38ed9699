//! An officer's device: the real core on a real encrypted database.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use app_core::core::{Core, CoreConfig, NewVault, public_key};
use app_core::device::live;
use app_core::driver::Driver;
use app_core::env::Env;
use app_core::files::FsBlobs;
use app_core::http::HttpClient;
use app_core::store::StoreConfig;
use app_core::sync::{SyncOutcome, sync_once};
use app_core::vault::DbKey;
use app_core::view::FieldMap;
use serde::{Deserialize, Serialize};
use shared::ids::LogId;
use shared::wire::{Credential, EnrolRequest, Protocol, SignInRequest};
use zeroize::Zeroizing;

use crate::site::{OFFICER, PASSWORD, Running};

/// What opens the device again; beside its database. It protects nothing but made records.
const KEYS: &str = "keys.json";

/// An officer's device, open.
pub(crate) struct Phone {
    pub(crate) core: Arc<Core>,
    keys: Keys,
}

#[derive(Serialize, Deserialize)]
struct Keys {
    collar: String,
    credential: String,
    receipt_key: String,
    key: String,
}

/// How often a push is tried before something is wrong.
const REQUESTS_MAX: u32 = 1_000;

/// What the steps of a push took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Steps {
    /// How often the server was asked.
    pub(crate) requests: u32,
    /// Reading what waits.
    pub(crate) request: Duration,
    /// Packing, sending, the server's part, and the answer.
    pub(crate) exchange: Duration,
    /// Storing the answer.
    pub(crate) store: Duration,
}

/// A draft that is ready to be submitted.
pub(crate) struct Draft {
    pub(crate) id: String,
    /// All of its fields, as JSON.
    pub(crate) json: String,
}

impl Phone {
    /// Enrols a device with a server, and signs the officer in.
    pub(crate) async fn enrol(folder: &Path, server: &Running, code: String) -> Result<Self> {
        Self::enrol_for(OFFICER, folder, server, code).await
    }

    /// The same for somebody else.
    pub(crate) async fn enrol_for(
        collar: &str,
        folder: &Path,
        server: &Running,
        code: String,
    ) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let client = HttpClient::new(&server.url(), server.pin)?;
        let form_factor = "phone".to_owned();
        let enrolled = client.enrol(EnrolRequest { code, form_factor }).await?;
        let env = Env::system();
        let seed = Zeroizing::new(env.bytes::<32>());
        let log = LogId::from_bytes(env.bytes());
        let keys = Keys {
            collar: collar.to_owned(),
            credential: enrolled.credential,
            receipt_key: enrolled.receipt_key,
            key: hex::encode(env.bytes::<32>()),
        };
        let request = SignInRequest {
            collar: collar.to_owned(),
            password: PASSWORD.to_owned(),
            key: Some(hex::encode(public_key(&seed)?)),
            log,
            parent: None,
        };
        let signed_in = client.sign_in(&device(&keys), request).await?;
        let new = NewVault {
            log,
            seed,
            device: enrolled.device,
            signed_in,
        };
        let core = Core::create(config(folder, &keys)?, &keys.database()?, &new)?;
        fs::write(folder.join(KEYS), serde_json::to_vec(&keys)?)?;
        Ok(Self {
            core: Arc::new(core),
            keys,
        })
    }

    /// Opens a device that was enrolled before.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let keys: Keys = serde_json::from_slice(&fs::read(folder.join(KEYS))?)?;
        let core = Core::open(config(folder, &keys)?, &keys.database()?)?;
        Ok(Self {
            core: Arc::new(core),
            keys,
        })
    }

    /// Renews the session.
    pub(crate) async fn sign_in(&self, server: &Running) -> Result<()> {
        let client = HttpClient::new(&server.url(), server.pin)?;
        let request = SignInRequest {
            collar: self.keys.collar.clone(),
            password: PASSWORD.to_owned(),
            key: None,
            log: self.core.log(),
            parent: None,
        };
        let answer = client.sign_in(&device(&self.keys), request).await?;
        self.core.signed_in(&answer)?;
        Ok(())
    }

    /// What it shows with each call.
    pub(crate) fn credential(&self) -> Result<Credential> {
        Ok(Credential {
            device: self.keys.credential.clone(),
            session: self.core.session()?,
        })
    }

    /// Keeps the device in step with the server, as the app does: by what is committed here and
    /// by what the live channel says. Ends when the answer is dropped.
    pub(crate) fn stay_in_step(&self, client: HttpClient) -> Driver {
        let (client, device) = (Arc::new(client), self.keys.credential.clone());
        let wakes = live(self.core.clone(), client.clone(), device.clone());
        Driver::start(self.core.clone(), client, device, wakes)
    }

    /// Types a search into a draft.
    pub(crate) fn draft(&self, fields: FieldMap) -> Result<Draft> {
        let draft = self.core.draft_new("stop_search", None, None)?;
        let draft = self.core.draft_set(&draft.id, fields, None)?;
        if let Some(problem) = draft.problems.first() {
            bail!("a record has a problem: {} {}", problem.field, problem.code);
        }
        let json = serde_json::to_string(&draft.fields)?;
        Ok(Draft { id: draft.id, json })
    }

    /// Types and submits a search; gives its fields as JSON.
    pub(crate) fn submit(&self, fields: FieldMap) -> Result<Draft> {
        let draft = self.draft(fields)?;
        self.core.draft_submit(&draft.id)?;
        Ok(draft)
    }

    /// Exchanges until neither side has more.
    pub(crate) async fn sync<P: Protocol>(&self, protocol: &P) -> Result<()> {
        match sync_once(&self.core, protocol, &self.credential()?).await {
            SyncOutcome::Idle => Ok(()),
            other => bail!("the exchange ended with {other:?}"),
        }
    }

    /// Pushes until the server has received everything. `answered` is called with each
    /// answer, before the device stores it.
    pub(crate) async fn push<P: Protocol>(
        &self,
        protocol: &P,
        mut answered: impl FnMut() -> Result<()>,
    ) -> Result<Steps> {
        let credential = self.credential()?;
        let mut steps = Steps::default();
        loop {
            let began = Instant::now();
            let request = self.core.exchange_request()?;
            let asked = Instant::now();
            let answer = protocol.exchange(&credential, request).await?;
            let at = Instant::now();
            answered()?;
            self.core.apply_response(answer)?;
            steps.requests += 1;
            steps.request += asked - began;
            steps.exchange += at - asked;
            steps.store += at.elapsed();
            if !self.core.push_is_due()? {
                return Ok(steps);
            }
            if steps.requests > REQUESTS_MAX {
                bail!("the server does not receive");
            }
        }
    }
}

impl Keys {
    fn database(&self) -> Result<DbKey> {
        let bytes = hex::decode(&self.key)?;
        Ok(DbKey::from_bytes(
            bytes.try_into().ok().context("a key of another length")?,
        ))
    }
}

fn device(keys: &Keys) -> Credential {
    Credential {
        device: keys.credential.clone(),
        session: None,
    }
}

fn config(folder: &Path, keys: &Keys) -> Result<CoreConfig> {
    Ok(CoreConfig {
        store: StoreConfig {
            path: folder.join("records.db"),
            vfs: None,
        },
        blobs: Arc::new(FsBlobs::open(folder.join("photos"))?),
        env: Env::system(),
        receipt_key: hex::decode(&keys.receipt_key)?,
        server: "https://127.0.0.1:8443".to_owned(),
        reference_force: shared::record::WEST_MIDLANDS,
        spool: None,
        schema: shared::doc::Schema::OURS,
    })
}
