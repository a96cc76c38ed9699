//! Sending a spool, without the vault.

use std::collections::BTreeSet;
use std::io;

use shared::ids::LogId;
use shared::wire::{Checkpoint, Credential, ErrorCode, Protocol, WireError};

use super::{Parcel, SpoolFiles};

/// How an attempt to send a spool ended.
#[derive(Debug)]
pub enum SpoolOutcome {
    /// Everything sealed is received.
    Done,
    /// The server was not reached, or is to be asked again later.
    Failed {
        /// Why.
        error: WireError,
        /// How long it asked to wait.
        retry_after_ms: Option<u64>,
    },
    /// The rest can only be sent once the vault is open.
    NeedsUnlock,
    /// The device's own disk.
    Disk(io::Error),
}

/// Sends the parcels that no receipt covers, in the order of their logs, and keeps the receipts.
/// `device` is the transport credential.
pub async fn send_spool<P: Protocol>(
    spool: &SpoolFiles,
    protocol: &P,
    device: &str,
    receipt_key: &[u8],
) -> SpoolOutcome {
    let credential = Credential {
        device: device.to_owned(),
        session: None,
    };
    match send_all(spool, protocol, &credential, receipt_key).await {
        Ok(true) => SpoolOutcome::Done,
        Ok(false) => SpoolOutcome::NeedsUnlock,
        Err(Stop::Disk(error)) => SpoolOutcome::Disk(error),
        Err(Stop::Wire(error)) => {
            let retry_after_ms = match &error {
                WireError::Refused { retry_after_ms, .. } => *retry_after_ms,
                _ => None,
            };
            SpoolOutcome::Failed {
                error,
                retry_after_ms,
            }
        }
    }
}

enum Stop {
    Wire(WireError),
    Disk(io::Error),
}

/// True if everything sealed is received.
async fn send_all<P: Protocol>(
    spool: &SpoolFiles,
    protocol: &P,
    credential: &Credential,
    receipt_key: &[u8],
) -> Result<bool, Stop> {
    let mut received = spool.received(receipt_key).map_err(Stop::Disk)?;
    let mut stuck: BTreeSet<LogId> = BTreeSet::new();
    for parcel in spool.parcels().map_err(Stop::Disk)? {
        let covered = received
            .get(&parcel.log)
            .is_some_and(|it| it.seq >= parcel.last);
        if covered || stuck.contains(&parcel.log) {
            continue;
        }
        let sealed = match spool.read(&parcel) {
            // The vault was opened meanwhile and no longer needs it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other.map_err(Stop::Disk)?,
        };
        match protocol.spool(credential, parcel.log, sealed).await {
            Ok(signed) => {
                let checkpoint = check(&signed, &parcel, receipt_key)?;
                spool.put_receipt(parcel.log, &signed).map_err(Stop::Disk)?;
                received.insert(parcel.log, checkpoint);
            }
            Err(WireError::Refused { code, .. }) if is_final(code) => {
                stuck.insert(parcel.log);
            }
            Err(error) => return Err(Stop::Wire(error)),
        }
    }
    Ok(stuck.is_empty())
}

/// A receipt that the server signed and that covers the parcel. That it is about the bytes of
/// this log is found out at the unlock, against the log's own hashes.
fn check(signed: &[u8], parcel: &Parcel, receipt_key: &[u8]) -> Result<Checkpoint, Stop> {
    let checkpoint =
        Checkpoint::verify(receipt_key, signed).map_err(|_| Stop::Wire(WireError::Garbled))?;
    if checkpoint.log == parcel.log && checkpoint.seq >= parcel.last {
        Ok(checkpoint)
    } else {
        Err(Stop::Wire(WireError::Garbled))
    }
}

/// True if the same bytes would be refused again: only the open vault has others to offer.
const fn is_final(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::Gap
            | ErrorCode::Fork
            | ErrorCode::BadChain
            | ErrorCode::UnknownLog
            | ErrorCode::NotFound
            | ErrorCode::TooLarge
            | ErrorCode::BadBody
    )
}
