//! One photo, in pieces that fit the link.

use shared::wire::{Credential, Protocol, UploadState};

use super::{Stop, exchanges};
use crate::core::{Ask, Core, Upload};

/// Bytes of the first piece: what a break of a bad link costs.
pub(crate) const PIECE_MIN: usize = 16 * 1024;
/// Bytes of a piece on a good link.
const PIECE_MAX: usize = 256 * 1024;
/// A piece that arrived within this time is followed by one twice as large.
const SOON_MS: u64 = 4_000;
/// A piece that took longer than this is followed by one half as large.
const LATE_MS: u64 = 8_000;

/// Sends one photo from where the server says it stands. What is written meanwhile goes between
/// two pieces: words never wait for a whole photo.
pub(super) async fn send<P: Protocol>(
    core: &Core,
    protocol: &P,
    who: &Credential,
    upload: &Upload,
    words: Ask,
) -> Result<(), Stop> {
    let bytes = core.upload_bytes(upload.blob)?;
    let mut stands = protocol
        .upload_begin(who, upload.record, upload.blob, upload.bytes)
        .await?;
    let mut last = None;
    let mut piece = PIECE_MIN;
    if shared::mutant!(UploadedWhenAnnounced) {
        stands = UploadState::Complete;
    }
    while let UploadState::At(offset) = stands {
        // A server that does not move on would be asked for ever.
        if last.is_some_and(|last| offset <= last) {
            return Err(Stop::Stuck);
        }
        last = Some(offset);
        // The network, or what the officer wants of it, may be another by now: the rest waits.
        if core.photos_wait()? {
            return Ok(());
        }
        core.upload_progress(upload.blob, offset);
        if core.push_is_due()? {
            exchanges(core, protocol, who, words, u32::MAX).await?;
        }
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let rest = bytes
            .get(from..)
            .filter(|rest| !rest.is_empty())
            .ok_or(Stop::Stuck)?;
        let next = rest[..rest.len().min(piece)].to_vec();
        let begun = core.boot_ms();
        stands = protocol
            .upload_append(who, upload.blob, offset, next)
            .await?;
        piece = after(piece, core.boot_ms().saturating_sub(begun));
    }
    Ok(core.uploaded(upload)?)
}

/// How large the piece is after one that took so long.
const fn after(piece: usize, ms: u64) -> usize {
    if ms <= SOON_MS && piece < PIECE_MAX {
        piece * 2
    } else if ms > LATE_MS && piece > PIECE_MIN {
        piece / 2
    } else {
        piece
    }
}

#[cfg(test)]
mod tests {
    use super::{LATE_MS, PIECE_MAX, PIECE_MIN, SOON_MS, after};

    #[test]
    fn pieces_grow_on_a_good_link_shrink_on_a_bad_one_and_stay_within_their_bounds() {
        let run = |ms| (0..20).fold(PIECE_MIN, |piece, _| after(piece, ms));
        assert_eq!(run(SOON_MS), PIECE_MAX);
        assert_eq!(run(LATE_MS), PIECE_MIN);
        assert_eq!(after(PIECE_MAX, LATE_MS), PIECE_MAX);
        assert_eq!(
            (0..20).fold(PIECE_MAX, |piece, _| after(piece, LATE_MS + 1)),
            PIECE_MIN
        );
    }
}
