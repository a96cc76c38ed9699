//! A device's log for others to verify: made by the app's own core with keys of its own, sent to
//! a real server, and printed as JSON.
//!
//! Printed is what `beatbook-server log export` gives, and beside it, from the device, salt and
//! payload of each entry, which an export leaves out.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use anyhow::{Result, bail};
use app_core::core::{Core, CoreConfig, NewVault, public_key};
use app_core::env::Env;
use app_core::files::FsBlobs;
use app_core::http::{EnrolLink, HttpClient};
use app_core::store::StoreConfig;
use app_core::vault::DbKey;
use app_core::view::{FieldMap, FieldValue};
use serde_json::{Value, json};
use shared::ids::LogId;
use shared::log::{Entry, Segment};
use shared::wire::{Credential, EnrolRequest, Protocol, SignInRequest};
use zeroize::Zeroizing;

use crate::site::{self, OFFICER, PASSWORD, Running};

/// Makes the log and prints it.
pub(crate) fn run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("server");
    let code = site::make(&data)?;
    let server = Running::start(Command::new(site::program()?), &data, "127.0.0.1")?;
    let link = server.link(server.address, &code);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let (log, bodies) = runtime.block_on(write(&folder.path().join("device"), &link))?;
    drop(server);
    let exported = site::open(&data)?.export_log(log)?;
    let mut printed = serde_json::to_value(&exported)?;
    printed["bodies"] = Value::Array(bodies);
    println!("{printed}");
    Ok(())
}

/// Works on a device, and sends it commit by commit.
async fn write(folder: &Path, link: &str) -> Result<(LogId, Vec<Value>)> {
    let link = EnrolLink::parse(link)?;
    let client = HttpClient::new(&link.server, link.pin)?;
    let (core, credential) = enrol(folder, &client, link).await?;
    let mut bodies = Vec::new();
    for words in [
        "Two youths by the shops.",
        "A lost dog.",
        "Zoë was told. 🚓",
    ] {
        let draft = core.draft_new("note", None, None)?;
        let text = FieldValue::Text(words.to_owned());
        let fields = FieldMap::from_iter([("text".to_owned(), Some(text))]);
        core.draft_set(&draft.id, fields, None)?;
        core.draft_submit(&draft.id)?;
        core.add_to_record(&draft.id, "Added later.")?;
        while core.push_is_due()? {
            let request = core.exchange_request()?;
            let Some(Segment { first, entries, .. }) = &request.push else {
                bail!("the device has something to send, and sends nothing");
            };
            if first.0 as usize != bodies.len() {
                bail!("the device sends something twice");
            }
            bodies.extend(entries.iter().map(body));
            let answer = client.exchange(&credential, request).await?;
            core.apply_response(answer)?;
        }
    }
    Ok((core.log(), bodies))
}

fn body(entry: &Entry) -> Value {
    json!({ "salt": hex::encode(entry.salt), "payload": hex::encode(&entry.payload) })
}

async fn enrol(folder: &Path, client: &HttpClient, link: EnrolLink) -> Result<(Core, Credential)> {
    std::fs::create_dir_all(folder)?;
    let (code, form_factor) = (link.code, "phone".to_owned());
    let enrolled = client.enrol(EnrolRequest { code, form_factor }).await?;
    let env = Env::system();
    let seed = Zeroizing::new(env.bytes::<32>());
    let log = LogId::from_bytes(env.bytes());
    let mut credential = Credential {
        device: enrolled.credential,
        session: None,
    };
    let request = SignInRequest {
        collar: OFFICER.to_owned(),
        password: PASSWORD.to_owned(),
        key: Some(hex::encode(public_key(&seed)?)),
        log,
        parent: None,
    };
    let signed_in = client.sign_in(&credential, request).await?;
    credential.session = Some(signed_in.session.clone());
    let new = NewVault {
        log,
        seed,
        device: enrolled.device,
        signed_in,
    };
    let config = CoreConfig {
        store: StoreConfig {
            path: folder.join("records.db"),
            vfs: None,
        },
        blobs: Arc::new(FsBlobs::open(folder.join("photos"))?),
        receipt_key: hex::decode(&enrolled.receipt_key)?,
        server: link.server,
        reference_force: shared::record::WEST_MIDLANDS,
        spool: None,
        schema: shared::doc::Schema::OURS,
        env: env.clone(),
    };
    let core = Core::create(config, &DbKey::from_bytes(env.bytes()), &new)?;
    Ok((core, credential))
}
