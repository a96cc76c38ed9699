//! `beatbook-server device`

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand};
use serde_json::json;
use shared::ids::DeviceId;
use shared::time::UnixMs;

use super::out::time;
use super::{Data, Out};
use crate::service::{Server, ServerError};
use crate::tls::{pin_of_file, pin_of_kept};

/// Where a server listens unless told otherwise.
const DEFAULT_SERVER: &str = "https://127.0.0.1:8443";

#[derive(Debug, Subcommand)]
pub(super) enum Device {
    /// Make a one-time link with which a device enrols
    Enrol(Enrol),
    /// All devices
    List {
        #[command(flatten)]
        data: Data,
        /// One JSON object a line
        #[arg(long, env = "BEATBOOK_JSON", value_parser = FalseyValueParser::new())]
        json: bool,
    },
    /// Revoke a device: from then on it is given nothing, and what it sends is kept for a person
    Revoke {
        #[command(flatten)]
        data: Data,
        /// The device's id
        id: String,
    },
    /// Let what a revoked device sent be judged like anything else
    Release(Decide),
    /// Keep what a revoked device sent out for good; the sealed bytes stay
    Discard(Decide),
    /// Answer an officer who forgot the PIN, with the force's escrow key
    Recover {
        #[command(flatten)]
        data: Data,
        /// The code that the officer reads out
        code: String,
        /// File with the escrow identity; it is read and kept nowhere
        #[arg(long, value_name = "FILE", env = "BEATBOOK_ESCROW_KEY")]
        escrow_key: PathBuf,
    },
}

/// A decision about what a revoked device sent.
#[derive(Debug, Args)]
pub(super) struct Decide {
    #[command(flatten)]
    data: Data,
    /// The device's id
    id: String,
    /// Why, for the audit
    #[arg(long, value_name = "TEXT", env = "BEATBOOK_REASON")]
    reason: String,
}

impl Decide {
    fn run(
        &self,
        word: &str,
        work: impl FnOnce(&Server, DeviceId, &str) -> Result<u64, ServerError>,
        out: &mut Out<'_>,
    ) -> anyhow::Result<()> {
        let device = device_id(&self.id)?;
        match work(&self.data.open()?, device, &self.reason) {
            Err(ServerError::Missing) => bail!("there is no device {}", self.id),
            other => out.line(&format!("{} entries {word}", other?)),
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Enrol {
    #[command(flatten)]
    data: Data,
    /// Name of the device, for the list
    #[arg(long, env = "BEATBOOK_NAME")]
    name: String,
    /// Address at which the device reaches the server; default: where it last listened
    #[arg(long, value_name = "URL", env = "BEATBOOK_SERVER")]
    server: Option<String>,
    /// Certificate that the server shows, if it is not the one in the data directory
    #[arg(long, value_name = "FILE", env = "BEATBOOK_TLS_CERT")]
    tls_cert: Option<PathBuf>,
    /// Print a JSON object
    #[arg(long, env = "BEATBOOK_JSON", value_parser = FalseyValueParser::new())]
    json: bool,
}

impl Device {
    pub(super) fn data(&self) -> &Data {
        match self {
            Self::Enrol(enrol) => &enrol.data,
            Self::List { data, .. } | Self::Revoke { data, .. } | Self::Recover { data, .. } => {
                data
            }
            Self::Release(decide) | Self::Discard(decide) => &decide.data,
        }
    }

    pub(super) fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        match self {
            Self::Enrol(enrol) => enrol.run(out),
            Self::List { data, json } => list(&data, json, out),
            Self::Revoke { data, id } => match data.open()?.revoke_device(device_id(&id)?) {
                Err(ServerError::Missing) => bail!("there is no device {id}"),
                other => Ok(other?),
            },
            Self::Release(decide) => decide.run("released", Server::release_device, out),
            Self::Discard(decide) => decide.run("discarded", Server::discard_device, out),
            Self::Recover {
                data,
                code,
                escrow_key,
            } => recover(&data, &code, &escrow_key, out),
        }
    }
}

impl Enrol {
    fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        let address = self
            .server
            .or_else(|| self.data.kept_address())
            .unwrap_or_else(|| DEFAULT_SERVER.to_owned());
        if !address.starts_with("https://") {
            bail!("devices only talk to https://…, not to {address}: name it with --server");
        }
        let server = self.data.open()?;
        let pin = match &self.tls_cert {
            Some(cert) => pin_of_file(cert)?,
            None => pin_of_kept(self.data.path(), None)?,
        };
        let enrolment = server.new_enrolment(&self.name)?;
        let link = link(&address, &enrolment.code, &pin);
        if self.json {
            return out.json(&json!({
                "link": link,
                "server": address,
                "code": enrolment.code,
                "pin": pin,
                "expires": enrolment.expires.0,
            }));
        }
        out.line(&link)?;
        out.line(&format!(
            "can be used once, until {}",
            time(enrolment.expires)
        ))
    }
}

fn device_id(id: &str) -> anyhow::Result<DeviceId> {
    id.parse()
        .ok()
        .with_context(|| format!("`{id}` is not the id of a device"))
}

fn recover(data: &Data, code: &str, file: &Path, out: &mut Out<'_>) -> anyhow::Result<()> {
    let key = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let key = zeroize::Zeroizing::new(key);
    match data.open()?.recover(code, &key) {
        Err(ServerError::Missing) => bail!("this code is unknown, used or expired"),
        Err(ServerError::Seal(_)) => bail!("the vault was not wrapped to this escrow key"),
        other => {
            let recovered = other?;
            out.line(&format!(
                "{} may choose a new PIN on {}",
                recovered.officer, recovered.device
            ))
        }
    }
}

/// The link that the app reads.
fn link(server: &str, code: &str, pin: &str) -> String {
    format!(
        "beatbook://enrol?server={}&code={}&pin={pin}",
        encode(server),
        encode(code)
    )
}

/// Percent-encodes everything that means something in a query.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

fn list(data: &Data, json: bool, out: &mut Out<'_>) -> anyhow::Result<()> {
    let devices = data.open()?.listed_devices()?;
    if json {
        return devices.iter().try_for_each(|device| out.json(device));
    }
    let rows: Vec<_> = devices
        .into_iter()
        .map(|listed| {
            let d = listed.device;
            let heard = d
                .last_heard
                .map_or_else(|| "never".to_owned(), |at| time(UnixMs(at)));
            let state = if d.revoked { "revoked" } else { "enrolled" };
            let waiting = d.waiting.to_string();
            let officer = d.officer.unwrap_or_default();
            vec![
                d.id,
                d.name,
                d.form_factor,
                officer,
                heard,
                waiting,
                listed.sealed.to_string(),
                listed.evidence.to_string(),
                state.to_owned(),
            ]
        })
        .collect();
    out.table(
        &[
            "ID",
            "NAME",
            "FORM",
            "OFFICER",
            "LAST HEARD",
            "WAITING",
            "SEALED",
            "EVIDENCE",
            "STATE",
        ],
        &rows,
    )
}
