//! Sealing what a locked phone sends, and taking over the receipts that came meanwhile.
//!
//! The log is the journal of the spool: whatever lies above both the last receipt and the last
//! parcel is sealed next. A crash between a commit and its parcel delays the parcel until the
//! vault is next open, and leaves nothing out.

use rusqlite::Connection;
use shared::ids::{LogId, Seq};
use shared::log::encode;
use shared::wire::{Checkpoint, PARCEL_MAX};
use zeroize::Zeroizing;

use super::context::Context;
use super::settle::Touched;
use super::{Changed, Core, CoreError};
use crate::spool::{Left, PARCELS_MAX, Parcel, Seal, Spool};
use crate::store::own_log::Offer;
use crate::store::{disk_rows, entry_rows, lineage_rows, own_log, photo_rows, vault_rows};

impl Core {
    /// Seals what of the log is neither received nor sealed yet, so that a locked device can
    /// send it. To be called before the vault is closed, too.
    pub fn spool(&self) -> Result<(), CoreError> {
        let Some(spool) = &self.config.spool else {
            return Ok(());
        };
        let _turn = self.spooling();
        if let Some(seal) = &spool.seal {
            while self.seal_next(spool, &**seal)? {}
        }
        self.note_left(spool)
    }

    /// The same after a commit. A parcel that could not be made is made with the next one.
    pub(super) fn spool_committed(&self) {
        if let Err(error) = self.spool() {
            tracing::warn!(
                code = error.code(),
                "nothing was sealed for the locked phone"
            );
        }
    }

    /// Seals the next stretch; false if there is none.
    fn seal_next(&self, spool: &Spool, seal: &dyn Seal) -> Result<bool, CoreError> {
        let parcels = spool.files.parcels()?;
        if parcels.len() >= PARCELS_MAX {
            return Ok(false);
        }
        let (log, offer) = {
            let state = self.lock();
            let row = state.vault()?;
            let first = next_unsealed(&parcels, row.log, own_log::first_unreceived(&row));
            (row.log, own_log::offer(state.store.read(), row.log, first)?)
        };
        let (parcel, sealed) = match offer {
            Offer::Nothing => return Ok(false),
            Offer::Sealed(ready) => {
                let (first, last) = (ready.first, ready.last);
                (Parcel { log, first, last }, ready.sealed)
            }
            Offer::Segment(segment) => {
                let (first, count) = (segment.first, segment.entries.len() as u64);
                let last = Seq(first.0 + count.saturating_sub(1));
                let plain = Zeroizing::new(encode(&segment));
                let sealed = seal.seal(&plain).map_err(|_| CoreError::Damaged("spool"))?;
                (Parcel { log, first, last }, sealed)
            }
        };
        // The server takes no larger one; it goes with an exchange.
        if sealed.len() > PARCEL_MAX {
            return Ok(false);
        }
        spool.files.put(&parcel, &sealed)?;
        Ok(true)
    }

    /// Writes down what a locked device does not send.
    fn note_left(&self, spool: &Spool) -> Result<(), CoreError> {
        let parcels = spool.files.parcels()?;
        let left = {
            let state = self.lock();
            let (conn, row) = (state.store.read(), state.vault()?);
            let unreceived = own_log::first_unreceived(&row);
            let unsealed = next_unsealed(&parcels, row.log, unreceived);
            let entries = row.next.0.saturating_sub(unsealed.0);
            Left {
                entries: u32::try_from(entries).unwrap_or(u32::MAX),
                photos: photo_rows::waiting(conn)?.0,
                oldest: own_log::waiting(conn, &row)?.oldest.map(|at| at.0),
            }
        };
        if spool.files.left() != left {
            spool.files.put_left(&left)?;
        }
        Ok(())
    }

    /// Takes over the receipts that came while the vault was locked, as those of an exchange.
    pub(super) fn take_receipts(&self) -> Result<(), CoreError> {
        let Some(spool) = &self.config.spool else {
            return Ok(());
        };
        for (_, signed) in spool.files.receipts()? {
            match self.checkpoint(&signed) {
                // A receipt of another lineage of the server, or of a log that was left behind:
                // the next exchange says how things stand.
                Ok(_) | Err(CoreError::NotAllowed(_)) => {}
                Err(error) => return Err(error),
            }
        }
        self.sweep_spool()
    }

    /// Removes the parcels that receipts cover, and what is left of logs that are not ours any
    /// more, once the current one is sealed.
    pub(super) fn sweep_spool(&self) -> Result<(), CoreError> {
        let Some(spool) = &self.config.spool else {
            return Ok(());
        };
        let (log, received) = {
            let row = self.lock().vault()?;
            (row.log, row.received)
        };
        let _turn = self.spooling();
        let mut kept = false;
        for parcel in spool.files.parcels()? {
            if parcel.log != log || received.is_some_and(|it| it >= parcel.last) {
                spool.files.remove(&parcel)?;
            } else {
                kept = true;
            }
        }
        for (of, _) in spool.files.receipts()? {
            if of != log || !kept {
                spool.files.remove_receipt(of)?;
            }
        }
        Ok(())
    }

    /// Binds the vault to whom it trusts. Refused if it is bound to others: what lies beside it
    /// was changed.
    pub fn bind(&self, bond: &[u8; 32]) -> Result<(), CoreError> {
        let mut state = self.lock();
        match disk_rows::server_bond(state.store.read())? {
            Some(known) if known == *bond => Ok(()),
            Some(_) => Err(CoreError::NotAllowed("server_changed")),
            None => state
                .store
                .write(|tx| Ok(disk_rows::set_server_bond(tx, bond)?)),
        }
    }

    /// What of the log has to be sent next as a parcel, since only the server can read it.
    pub fn next_parcel(&self) -> Result<Option<(Parcel, Vec<u8>)>, CoreError> {
        let state = self.lock();
        let row = state.vault()?;
        let first = lineage_rows::first_unmatched(&row);
        Ok(match own_log::offer(state.store.read(), row.log, first)? {
            Offer::Sealed(ready) => {
                let (log, first, last) = (row.log, ready.first, ready.last);
                Some((Parcel { log, first, last }, ready.sealed))
            }
            Offer::Segment(_) | Offer::Nothing => None,
        })
    }

    /// Takes over the receipt that came for a parcel of so much. If the server has another entry
    /// where its log ends, the next exchange finds out where ours leaves it: all of the parcel is
    /// there.
    pub(crate) fn parcel_taken(&self, parcel: &Parcel, signed: &[u8]) -> Result<(), CoreError> {
        if self.take_receipt(signed)? == Taken::Another {
            let mut state = self.lock();
            let matched = state.vault()?.matched.max(Some(parcel.last));
            state
                .store
                .write(|tx| Ok::<_, CoreError>(lineage_rows::set_matched(tx, matched)?))?;
        }
        Ok(())
    }

    /// Takes over a receipt that came for a parcel. True if it says more than was known.
    pub fn checkpoint(&self, signed: &[u8]) -> Result<bool, CoreError> {
        match self.take_receipt(signed)? {
            Taken::News => Ok(true),
            Taken::Known => Ok(false),
            Taken::Another => Err(CoreError::NotAllowed("bad_receipt")),
        }
    }

    fn take_receipt(&self, signed: &[u8]) -> Result<Taken, CoreError> {
        let checkpoint = Checkpoint::verify(&self.config.receipt_key, signed)
            .map_err(|_| CoreError::NotAllowed("bad_receipt"))?;
        let taken = self
            .lock()
            .commit(&self.config, |tx, context| take(tx, context, &checkpoint))?;
        if taken == Taken::News {
            self.tell(Changed::Records);
            self.tell(Changed::Status);
        }
        Ok(taken)
    }
}

/// What the receipt of a parcel is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// More of our log is received than was known.
    News,
    Known,
    /// The server's log ends with another entry than ours, or beyond ours: an exchange has to look
    /// into that.
    Another,
}

/// The first place of the log that no receipt and no parcel covers.
fn next_unsealed(parcels: &[Parcel], log: LogId, unreceived: Seq) -> Seq {
    let mut next = unreceived;
    for parcel in parcels.iter().filter(|it| it.log == log) {
        if parcel.first <= next && parcel.last >= next {
            next = parcel.last.next();
        }
    }
    next
}

/// A receipt counts if it is about our own bytes, in the lineage of the server that is known.
fn take(tx: &Connection, context: &Context, checkpoint: &Checkpoint) -> Result<Taken, CoreError> {
    let (row, place) = (&context.vault, checkpoint.seq);
    let about_us =
        checkpoint.log == row.log && row.epoch.is_none_or(|epoch| epoch == checkpoint.epoch);
    if !about_us {
        return Err(CoreError::NotAllowed("bad_receipt"));
    }
    if own_log::hash_at(tx, place)? != Some(checkpoint.header) {
        return Ok(Taken::Another);
    }
    if row.received.is_some_and(|known| known >= place) {
        return Ok(Taken::Known);
    }
    if row.epoch.is_none() {
        vault_rows::set_epoch(tx, checkpoint.epoch, None, row.records)?;
    }
    vault_rows::set_received(tx, Some(place))?;
    lineage_rows::note_receipt(tx, place, checkpoint.position)?;
    let mut touched = Touched::default();
    let from = row.received.map_or(Seq(0), Seq::next);
    touched
        .states
        .extend(entry_rows::records_between(tx, from, place)?);
    let mut context = Context::new(
        vault_rows::get(tx)?,
        &context.reference,
        &context.env,
        context.schema,
    )?;
    context.vault.received = Some(place);
    touched.settle(tx, &context)?;
    Ok(Taken::News)
}
