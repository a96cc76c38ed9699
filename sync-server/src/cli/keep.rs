//! `beatbook-server backup`, `restore`, `erase` and `horizon`

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, bail};
use clap::Args;
use clap::builder::FalseyValueParser;
use serde_json::json;
use shared::ids::RecordId;

use super::{Data, Out};
use crate::env::Env;
use crate::service::{self, BackupPlace, Restored, ServerError};

/// Write a backup, read it again, and tell devices what it covers
#[derive(Debug, Args)]
pub(super) struct Backup {
    #[command(flatten)]
    pub(super) data: Data,
    /// A new folder for the backup
    #[arg(long, value_name = "DIR", env = "BEATBOOK_OUT")]
    out: PathBuf,
    /// Where the keys go, if not into that folder
    #[arg(long, value_name = "DIR", env = "BEATBOOK_KEYS")]
    keys: Option<PathBuf>,
    /// Print a JSON object
    #[arg(long, env = "BEATBOOK_JSON", value_parser = FalseyValueParser::new())]
    json: bool,
}

impl Backup {
    pub(super) fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        let server = self.data.open()?;
        let began = Instant::now();
        let place = BackupPlace {
            folder: self.out.clone(),
            keys: self.keys,
        };
        let manifest = match server.backup(&place) {
            Err(ServerError::Exists) => {
                bail!("{} is there and not empty", self.out.display())
            }
            other => other?,
        };
        server.write_acts()?;
        let seconds = began.elapsed().as_secs_f64();
        if self.json {
            return out.json(&json!({
                "folder": self.out,
                "epoch": manifest.epoch,
                "receive": manifest.receive,
                "accept": manifest.accept,
                "database_bytes": manifest.database_bytes,
                "photos": manifest.photos,
                "photo_bytes": manifest.photo_bytes,
                "seconds": seconds,
            }));
        }
        out.line(&format!(
            "{}: verified, covers receipts up to {}; {} bytes of database, {} photos, \
             {seconds:.1} s",
            self.out.display(),
            manifest.receive,
            manifest.database_bytes,
            manifest.photos
        ))
    }
}

/// Put a backup in place and begin a new lineage
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The folder of the backup
    #[arg(value_name = "DIR", required_unless_present = "in_place")]
    from: Option<PathBuf>,
    /// The database was put back by other means: only begin the new lineage
    #[arg(long, env = "BEATBOOK_IN_PLACE", value_parser = FalseyValueParser::new())]
    #[arg(conflicts_with_all = ["from", "keys", "force"])]
    in_place: bool,
    #[command(flatten)]
    pub(super) data: Data,
    /// Where the keys are, if not in that folder
    #[arg(long, value_name = "DIR", env = "BEATBOOK_KEYS")]
    keys: Option<PathBuf>,
    /// Also a backup that is older than what devices were told is covered
    #[arg(long, env = "BEATBOOK_FORCE", value_parser = FalseyValueParser::new())]
    force: bool,
    /// Print a JSON object
    #[arg(long, env = "BEATBOOK_JSON", value_parser = FalseyValueParser::new())]
    json: bool,
}

impl Restore {
    pub(super) fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        let Some(folder) = self.from else {
            self.data.existing()?;
            let branch = service::begin_epoch(&self.data.config(), &Env::system())?;
            return out.line(&format!(
                "lineage {} branched from {} at acceptance {} and receipt {}",
                branch.epoch, branch.parent, branch.accept, branch.receive
            ));
        };
        self.data.ready()?;
        let began = Instant::now();
        let what = service::Restore {
            from: BackupPlace {
                folder,
                keys: self.keys,
            },
            force: self.force,
        };
        let restored = service::restore(&self.data.config(), &Env::system(), &what)?;
        let seconds = began.elapsed().as_secs_f64();
        if self.json {
            return out.json(&restored);
        }
        told(&restored, seconds, out)
    }
}

fn told(restored: &Restored, seconds: f64, out: &mut Out<'_>) -> anyhow::Result<()> {
    out.line(&format!(
        "restored in {seconds:.1} s; lineage {} branched from {} at acceptance {} and receipt {}",
        restored.epoch, restored.parent, restored.accept, restored.receive
    ))?;
    out.line(&format!(
        "{} photos put back, {} erasures carried out again",
        restored.photos, restored.erased
    ))?;
    if let Some(before) = &restored.before {
        out.line(&format!(
            "what was there before lies in {}; delete it once nobody needs it",
            before.display()
        ))?;
    }
    if restored.lost.is_empty() {
        return out.line("nothing is known to be lost that devices will not offer again");
    }
    out.line("done since the backup, and offered again by no device:")?;
    let cell = |id: Option<String>| id.unwrap_or_default();
    let rows: Vec<_> = restored
        .lost
        .iter()
        .map(|row| {
            vec![
                super::out::time(row.at),
                row.kind.clone(),
                cell(row.officer.map(|id| id.to_string())),
                cell(row.device.map(|id| id.to_string())),
                cell(row.record.map(|id| id.to_string())),
                row.detail.clone(),
            ]
        })
        .collect();
    out.table(
        &["AT", "WHAT", "OFFICER", "DEVICE", "RECORD", "DETAIL"],
        &rows,
    )
}

/// Destroy what a record says, here and on every device
#[derive(Debug, Args)]
pub(super) struct Erase {
    /// The record's id
    #[arg(value_name = "RECORD")]
    record: String,
    #[command(flatten)]
    pub(super) data: Data,
    /// Why, for the ledger; nothing of what is erased belongs in it
    #[arg(long, value_name = "TEXT", env = "BEATBOOK_REASON")]
    reason: String,
    /// Who decided, for the ledger
    #[arg(long, value_name = "WHO", env = "BEATBOOK_BY")]
    by: String,
    /// Print a JSON object
    #[arg(long, env = "BEATBOOK_JSON", value_parser = FalseyValueParser::new())]
    json: bool,
}

impl Erase {
    pub(super) fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        let record: RecordId = self
            .record
            .parse()
            .ok()
            .with_context(|| format!("`{}` is not the id of a record", self.record))?;
        let erased = match self.data.open()?.erase(record, &self.reason, &self.by) {
            Err(ServerError::Missing) => bail!("nothing of a record {record} was received"),
            other => other?,
        };
        if self.json {
            return out.json(&erased);
        }
        out.line(&format!(
            "erased: {} entries lost their payload, {} vaults are told; line {} of the ledger",
            erased.entries, erased.vaults, erased.line.number
        ))
    }
}

/// Show or raise the receive position that a replica or backup covers
#[derive(Debug, Args)]
pub(super) struct Horizon {
    #[command(flatten)]
    pub(super) data: Data,
    /// A replica has everything up to here
    #[arg(long, value_name = "POSITION", env = "BEATBOOK_COVERED")]
    covered: Option<u64>,
    /// Print a JSON object
    #[arg(long, env = "BEATBOOK_JSON", value_parser = FalseyValueParser::new())]
    json: bool,
}

impl Horizon {
    pub(super) fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        let server = self.data.open()?;
        if let Some(position) = self.covered {
            server.cover(shared::ids::ReceivePos(position))?;
        }
        let figures = server.figures()?;
        if self.json {
            let (horizon, received) = (figures.horizon, figures.received);
            return out.json(&json!({ "horizon": horizon, "received": received }));
        }
        out.line(&format!(
            "covered up to receipt {} of {}",
            figures.horizon, figures.received
        ))
    }
}
