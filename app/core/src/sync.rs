//! One round with the server: exchange until neither side has more, then photos.
//!
//! No clock, no timer and no runtime in here: only the futures of the protocol, so that a
//! simulation drives the very code that ships.

mod backoff;
mod lanes;
mod upload;

use shared::wire::{Credential, ErrorCode, Protocol, WireError};

pub use backoff::Backoff;
pub use lanes::Lanes;
pub(crate) use upload::PIECE_MIN;

use crate::core::{Ask, Core, CoreError, Evidence, Piece};
use crate::view::ConnectionState;

/// How often in a row an answer may be of no use before the round is given up.
const USELESS_MAX: u32 = 3;

/// How a round ended.
#[derive(Debug)]
pub enum SyncOutcome {
    /// Nothing is left to send or to fetch.
    Idle,
    /// The server was not reached, or refused.
    Failed {
        /// Why.
        error: WireError,
        /// How long the server asked to wait.
        retry_after_ms: Option<u64>,
    },
    /// The device itself could not go on.
    Local(CoreError),
    /// The server answers and nothing comes of it.
    Stuck,
}

/// Why a round stops before its end.
enum Stop {
    Wire(WireError),
    Local(CoreError),
    Stuck,
}

impl From<WireError> for Stop {
    fn from(error: WireError) -> Self {
        Self::Wire(error)
    }
}

impl From<CoreError> for Stop {
    fn from(error: CoreError) -> Self {
        Self::Local(error)
    }
}

/// Sends what waits and fetches what is new, until nothing is left or something fails.
pub async fn sync_once<P: Protocol>(
    core: &Core,
    protocol: &P,
    credential: &Credential,
) -> SyncOutcome {
    core.postpone_upload(None);
    let _still = Still(core);
    let done = round(core, protocol, credential).await;
    match done {
        Ok(()) => SyncOutcome::Idle,
        Err(Stop::Stuck) => {
            core.link(ConnectionState::ServerSilent);
            SyncOutcome::Stuck
        }
        Err(Stop::Local(error)) => {
            // An answer that is not believed is none. What else fails is the device's own.
            if matches!(error, CoreError::NotAllowed(_)) {
                core.link(ConnectionState::ServerSilent);
            }
            SyncOutcome::Local(error)
        }
        Err(Stop::Wire(error)) => {
            core.link(state_of(&error));
            let retry_after_ms = match &error {
                WireError::Refused { retry_after_ms, .. } => *retry_after_ms,
                _ => None,
            };
            SyncOutcome::Failed {
                error,
                retry_after_ms,
            }
        }
    }
}

/// Nothing is on the wire once a round is over, also when it was dropped in the middle.
struct Still<'a>(&'a Core);

impl Drop for Still<'_> {
    fn drop(&mut self) {
        self.0.still();
    }
}

/// What an error says about the way to the server.
pub(crate) const fn state_of(error: &WireError) -> ConnectionState {
    match error {
        WireError::NoConnection => ConnectionState::NoConnection,
        WireError::Refused { code, .. } => match code {
            ErrorCode::SignInNeeded | ErrorCode::UnknownLog => ConnectionState::SignIn,
            ErrorCode::Fork => ConnectionState::Split,
            ErrorCode::DeviceRevoked | ErrorCode::UnknownDevice => ConnectionState::Revoked,
            ErrorCode::BadVersion => ConnectionState::Upgrade,
            _ => ConnectionState::ServerSilent,
        },
        WireError::Silent | WireError::WrongServer | WireError::Garbled => {
            ConnectionState::ServerSilent
        }
    }
}

async fn round<P: Protocol>(core: &Core, protocol: &P, who: &Credential) -> Result<(), Stop> {
    // Nothing is sent into a log that has split: its officer signs in for another.
    // What was cut off is evidence, and goes up although they may never be able to.
    if core.split()?.is_some() {
        evidence(core, protocol, who).await?;
        // Only an answer tells that the server was restored, and has lost what it was sent.
        match protocol.exchange(who, core.request(Ask::NOTHING)?).await {
            Ok(answer) => {
                if core.learn_epoch(&answer)? {
                    evidence(core, protocol, who).await?;
                }
            }
            Err(WireError::Refused { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        return Err(WireError::refused(ErrorCode::Fork).into());
    }
    let lanes = Lanes::of(core.env().network.kind());
    let said = exchanges(core, protocol, who, lanes.words(), u32::MAX).await;
    // Evidence of earlier logs does not wait for an officer who may never sign in again.
    if !matches!(&said, Err(stop) if !is_unknown_log(stop)) {
        evidence(core, protocol, who).await?;
    }
    said?;
    let mut moved = 0;
    while moved < lanes.uploads
        && let Some(upload) = core.next_upload()?
    {
        moved = moved.saturating_add(upload.bytes);
        if let Err(stop) = upload::send(core, protocol, who, &upload, lanes.words()).await
            && !(is_not_found(&stop) && core.photo_refused(upload.record)?)
        {
            postpone(core, upload.blob, stop)?;
        }
    }
    if who.session.is_some() {
        downloads(core, protocol, who, lanes.downloads).await?;
        if core.history_is_due()? {
            exchanges(core, protocol, who, lanes.history(), lanes.backfills).await?;
        }
    }
    Ok(())
}

/// True if the server does not know the log: it was begun after the backup it was restored from.
const fn is_unknown_log(stop: &Stop) -> bool {
    matches!(
        stop,
        Stop::Wire(WireError::Refused {
            code: ErrorCode::UnknownLog,
            ..
        })
    )
}

/// Others' photos that will be wanted here.
async fn downloads<P: Protocol>(
    core: &Core,
    protocol: &P,
    who: &Credential,
    most: u64,
) -> Result<(), Stop> {
    let mut moved = 0;
    while moved < most
        && let Some(blob) = core.next_download()?
    {
        match protocol.photo(who, blob).await {
            Ok(bytes) => {
                moved = moved.saturating_add(bytes.len() as u64);
                // Bytes that are not the photo are asked for again in a later round.
                match core.photo_arrived(blob, &bytes) {
                    Err(CoreError::Damaged(_)) => core.postpone_upload(Some(blob)),
                    other => other?,
                }
            }
            Err(error) => postpone(core, blob, error.into())?,
        }
    }
    Ok(())
}

/// What was cut off with an earlier log, for people to look at. A server that does not take it
/// now is asked again in a later round; words do not wait for it.
async fn evidence<P: Protocol>(core: &Core, protocol: &P, who: &Credential) -> Result<(), Stop> {
    let mut anew = false;
    while let Some(evidence) = core.next_evidence()? {
        let Evidence {
            log,
            first,
            next,
            past,
            ..
        } = evidence;
        let sent = match evidence.piece {
            Piece::Open(segment) => protocol.evidence(who, segment).await,
            Piece::Sealed(parcel) => protocol.spool(&by_device(who), log, parcel).await.map(drop),
        };
        match sent {
            Ok(()) => core.evidence_sent(log, next)?,
            // What it had before it was restored is not there any more.
            Err(WireError::Refused {
                code: ErrorCode::Fork | ErrorCode::UnknownLog,
                ..
            }) if past.is_some() => core.past_was_refused(log, first, past.unwrap_or(1))?,
            // A parcel is for the log itself, which has ended: it is evidence now.
            Err(WireError::Refused {
                code: ErrorCode::Fork,
                ..
            }) => core.evidence_sent(log, next)?,
            // It has enough of it, or never knew the log: asking again would be for ever.
            Err(WireError::Refused {
                code: ErrorCode::TooLarge | ErrorCode::UnknownLog,
                ..
            }) => {
                tracing::warn!("evidence is not wanted");
                core.evidence_sent(log, next)?;
            }
            // It was restored, and lacks what comes before.
            Err(WireError::Refused {
                code: ErrorCode::BadChain | ErrorCode::Gap,
                ..
            }) if !anew && core.evidence_anew(log, first)? => anew = true,
            Err(WireError::Refused { code, .. }) => {
                tracing::debug!(code = code.as_str(), "evidence was not taken");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// A parcel is the device's, whoever is signed in.
fn by_device(who: &Credential) -> Credential {
    Credential {
        device: who.device.clone(),
        session: None,
    }
}

/// Sends what of the log comes next as a parcel, if only the server can read it any more.
async fn parcel<P: Protocol>(core: &Core, protocol: &P, who: &Credential) -> Result<(), Stop> {
    let Some((of, sealed)) = core.next_parcel()? else {
        return Ok(());
    };
    let signed = match protocol.spool(&by_device(who), of.log, sealed).await {
        // A parcel cannot be made smaller to find out where.
        Err(WireError::Refused {
            code: code @ ErrorCode::Fork,
            ..
        }) => {
            core.has_split()?;
            return Err(WireError::refused(code).into());
        }
        answer => answer?,
    };
    core.parcel_taken(&of, &signed)?;
    Ok(())
}

/// Exchanges until neither side has more, or for so many answers. An answer counts as useful if
/// it moved a receipt or a cursor; several useless ones in a row end the round.
async fn exchanges<P: Protocol>(
    core: &Core,
    protocol: &P,
    who: &Credential,
    ask: Ask,
    most: u32,
) -> Result<(), Stop> {
    let mut useless = 0;
    for _ in 0..most {
        let request = core.request(ask)?;
        let before = core.progress()?;
        let response = match protocol.exchange(who, request).await {
            Ok(response) => response,
            Err(WireError::Refused {
                code: ErrorCode::Fork,
                ..
            }) => {
                // A smaller push finds out where.
                if core.push_was_refused()? {
                    return Err(WireError::refused(ErrorCode::Fork).into());
                }
                continue;
            }
            Err(WireError::Refused {
                code: ErrorCode::Gap | ErrorCode::BadChain,
                ..
            }) if before.received.max(before.matched).is_some() => {
                // The server has less than it once said, or, restored, what another copy of the
                // vault offered it since: offer it everything again, and it says which.
                core.offer_again()?;
                useless += 1;
                if useless >= USELESS_MAX {
                    return Err(Stop::Stuck);
                }
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let applied = core.apply_response(response)?;
        if applied.split && core.split()?.is_some() {
            return Err(WireError::refused(ErrorCode::Fork).into());
        }
        parcel(core, protocol, who).await?;
        let more = if ask.backfills {
            applied.more
        } else {
            applied.words
        };
        if !more && !core.push_is_due()? {
            // Nothing waits for this: it goes on with the next exchange.
            core.tidy()?;
            return Ok(());
        }
        useless = if core.progress()? == before {
            useless + 1
        } else {
            0
        };
        if useless >= USELESS_MAX {
            return Err(Stop::Stuck);
        }
    }
    Ok(())
}

fn is_not_found(stop: &Stop) -> bool {
    matches!(stop, Stop::Wire(error) if *error == WireError::refused(ErrorCode::NotFound))
}

/// A refusal of one photo is about that photo; anything else ends the round.
fn postpone(core: &Core, blob: shared::hash::BlobHash, stop: Stop) -> Result<(), Stop> {
    match stop {
        Stop::Wire(WireError::Refused {
            code:
                ErrorCode::NotFound
                | ErrorCode::PhotoNotHere
                | ErrorCode::BadUpload
                | ErrorCode::BadOffset
                | ErrorCode::TooLarge,
            ..
        })
        | Stop::Local(CoreError::PhotoNotHere | CoreError::Damaged(_)) => {
            core.postpone_upload(Some(blob));
            Ok(())
        }
        other => Err(other),
    }
}
