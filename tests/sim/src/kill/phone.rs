//! An officer's device in a folder: the real core on a real encrypted database.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use app_core::core::{Core, CoreConfig, NewVault, public_key};
use app_core::env::Env;
use app_core::files::FsBlobs;
use app_core::http::HttpClient;
use app_core::store::StoreConfig;
use app_core::vault::DbKey;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shared::ids::LogId;
use shared::wire::{Credential, EnrolRequest, Protocol, SignInRequest};
use zeroize::Zeroizing;

use crate::site::{OFFICER, PASSWORD};

/// What opens the device again: credential, receipt key and database key, a line each.
pub(crate) const KEYS: &str = "keys";

/// A device, open.
pub(crate) struct Phone {
    pub(crate) core: Core,
    credential: String,
}

/// A client of the server at an address.
pub(crate) fn client(url: &str, pin: &str) -> Result<HttpClient> {
    let bytes = URL_SAFE_NO_PAD.decode(pin)?;
    let pin = bytes.try_into().ok().context("a pin of another length")?;
    Ok(HttpClient::new(url, pin)?)
}

/// Enrols a device with a server, and signs its officer in.
pub(crate) async fn enrol(folder: &Path, client: &HttpClient, code: String) -> Result<()> {
    fs::create_dir_all(folder)?;
    let form_factor = "phone".to_owned();
    let enrolled = client.enrol(EnrolRequest { code, form_factor }).await?;
    let env = Env::system();
    let seed = Zeroizing::new(env.bytes::<32>());
    let log = LogId::from_bytes(env.bytes());
    let key = env.bytes::<32>();
    let keys = [
        enrolled.credential.as_str(),
        &enrolled.receipt_key,
        &hex::encode(key),
    ];
    let request = SignInRequest {
        collar: OFFICER.to_owned(),
        password: PASSWORD.to_owned(),
        key: Some(hex::encode(public_key(&seed)?)),
        log,
        parent: None,
    };
    let credential = Credential {
        device: enrolled.credential.clone(),
        session: None,
    };
    let signed_in = client.sign_in(&credential, request).await?;
    let new = NewVault {
        log,
        seed,
        device: enrolled.device,
        signed_in,
    };
    let config = config(folder, &enrolled.receipt_key)?;
    Core::create(config, &DbKey::from_bytes(key), &new)?;
    Ok(fs::write(folder.join(KEYS), keys.join("\n"))?)
}

impl Phone {
    /// Opens a device that was enrolled.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let keys = fs::read_to_string(folder.join(KEYS))?;
        let mut lines = keys.lines();
        let mut next = || lines.next().context("a file of keys that is cut short");
        let (credential, receipt_key, key) = (next()?, next()?, next()?);
        let key = hex::decode(key)?.try_into();
        let key = DbKey::from_bytes(key.ok().context("a key of another length")?);
        Ok(Self {
            core: Core::open(config(folder, receipt_key)?, &key)?,
            credential: credential.to_owned(),
        })
    }

    /// What it shows with each call.
    pub(crate) fn credential(&self) -> Result<Credential> {
        Ok(Credential {
            device: self.credential.clone(),
            session: self.core.session()?,
        })
    }
}

fn config(folder: &Path, receipt_key: &str) -> Result<CoreConfig> {
    Ok(CoreConfig {
        store: StoreConfig {
            path: folder.join("records.db"),
            vfs: None,
        },
        blobs: Arc::new(FsBlobs::open(folder.join("photos"))?),
        env: Env::system(),
        receipt_key: hex::decode(receipt_key)?,
        server: "https://127.0.0.1:8443".to_owned(),
        reference_force: shared::record::WEST_MIDLANDS,
        spool: None,
        schema: shared::doc::Schema::OURS,
    })
}
