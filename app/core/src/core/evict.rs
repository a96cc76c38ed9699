//! Destroying the copy of a record.
//!
//! Rows, search words, document, photos and their keys go in one transaction with the mail that
//! asked for it. That mail is not receipted before the last traces are gone too: the write-ahead
//! log is folded in and emptied, and the files are removed. What a crash leaves of that is done
//! when the vault is next opened.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::ids::{MailSeq, RecordId, Seq};
use shared::log::encode;
use shared::wire::FeedEntry;
use zeroize::Zeroizing;

use super::context::Context;
use super::removed::{self, Why};
use super::{Changed, Core, CoreConfig, CoreError, photos};
use crate::spool::Seal;
use crate::store::evict_rows::{self, Own};
use crate::store::{
    Resealed, VaultRow, digest_rows, disk_rows, entry_rows, feed_rows, own_log, photo_rows,
    record_rows, vault_rows,
};

/// Does what a mail asks for. A record of one's own with words that are unsent or held is left
/// until they are neither, and leaves the digests at once, as it has on the server. Photos that
/// are not sent are left until the server has them or says that it has no use for them.
pub(super) fn evict(
    tx: &Connection,
    context: &Context,
    config: &CoreConfig,
    mail: MailSeq,
    id: RecordId,
) -> Result<(), CoreError> {
    let mine = record_rows::known(tx, id)?.is_some_and(|row| row.author == context.me());
    feed_rows::leave_all(tx, id)?;
    if mine && evict_rows::unfinished(tx, id)? {
        digest_rows::set_leaf(tx, id, None)?;
        return Ok(disk_rows::evict_later(tx, id)?);
    }
    removed::note(tx, id, Why::Erased)?;
    destroy(tx, context, config, mail, id)?;
    if evict_rows::unfinished(tx, id)? {
        disk_rows::evict_later(tx, id)?;
    }
    Ok(())
}

/// Destroys the copy of another's record that is in no scope any more which is given here.
pub(super) fn left(
    tx: &Connection,
    context: &Context,
    config: &CoreConfig,
    mail: MailSeq,
    id: RecordId,
) -> Result<(), CoreError> {
    feed_rows::leave_all(tx, id)?;
    destroy(tx, context, config, mail, id)
}

/// Destroys own records whose eviction had to wait, if it need not any more. Gives them.
pub(super) fn due(
    tx: &Connection,
    context: &Context,
    config: &CoreConfig,
    mail: MailSeq,
) -> Result<Vec<RecordId>, CoreError> {
    let mut done = Vec::new();
    for id in disk_rows::to_evict_later(tx)? {
        if !evict_rows::unfinished(tx, id)? {
            removed::note(tx, id, Why::Erased)?;
            destroy(tx, context, config, mail, id)?;
            disk_rows::evict_no_later(tx, id)?;
            done.push(id);
        }
    }
    Ok(done)
}

fn destroy(
    tx: &Connection,
    context: &Context,
    config: &CoreConfig,
    mail: MailSeq,
    id: RecordId,
) -> Result<(), CoreError> {
    own(tx, context, config, id)?;
    let photos = photo_rows::destroy(tx, id)?;
    entry_rows::destroy_others(tx, id)?;
    evict_rows::destroy_beside(tx, id)?;
    record_rows::destroy(tx, id)?;
    Ok(disk_rows::begin_evicting(tx, mail, &photos)?)
}

/// Destroys the payloads of own entries. Those that may have to be offered again are first
/// sealed to the server's key, each with the whole commit that carries its signature. Without
/// such a key they stay: they are the officer's own words.
fn own(
    tx: &Connection,
    context: &Context,
    config: &CoreConfig,
    id: RecordId,
) -> Result<(), CoreError> {
    let seal = config
        .spool
        .as_ref()
        .and_then(|spool| spool.seal.as_deref());
    let covered = disk_rows::covered(tx, &context.vault)?;
    let covered = covered.min(context.vault.received);
    let mut gone = Vec::new();
    let mut commits = BTreeSet::new();
    for Own { place, settled } in evict_rows::own(tx, id)? {
        if !(settled && covered.is_some_and(|covered| covered >= place)) {
            if seal.is_none() {
                continue;
            }
            commits.insert(own_log::commit_of(tx, place)?);
        }
        gone.push(place);
    }
    if let Some(seal) = seal.filter(|_| !shared::mutant!(EvictionBeforeFlush)) {
        for commit in commits {
            reseal(tx, context, seal, commit)?;
        }
    }
    for place in gone {
        own_log::destroy_payload(tx, place)?;
    }
    Ok(evict_rows::destroy_past(tx, id)?)
}

fn reseal(
    tx: &Connection,
    context: &Context,
    seal: &dyn Seal,
    (first, last): (Seq, Seq),
) -> Result<(), CoreError> {
    let log = context.vault.log;
    let segment = own_log::commit(tx, log, (first, last))?;
    let plain = Zeroizing::new(encode(&segment));
    let sealed = seal.seal(&plain).map_err(|_| CoreError::Damaged("seal"))?;
    let parcel = Resealed {
        first,
        last,
        sealed,
    };
    Ok(disk_rows::put_resealed(tx, log, &parcel)?)
}

/// A record has come back, and with it an own entry whose payload was destroyed. True if that
/// was restored, and waits to be let into the document.
pub(super) fn restore(tx: &Connection, entry: &FeedEntry) -> Result<bool, CoreError> {
    Ok(evict_rows::restore(
        tx,
        entry.id,
        entry.kind,
        &entry.payload,
    )?)
}

/// A photo was sent. If its record has been destroyed meanwhile, it goes too.
pub(super) fn sent(tx: &Connection, context: &Context, id: RecordId) -> Result<(), CoreError> {
    if record_rows::known(tx, id)?.is_some() {
        return Ok(());
    }
    let photos = photo_rows::destroy(tx, id)?;
    // Nothing that is receipted already is held back.
    Ok(disk_rows::begin_evicting(
        tx,
        context.vault.mailbox.next(),
        &photos,
    )?)
}

/// The server has no use for a photo of this record. If it had the record destroyed, what is left
/// of its photos goes too; true if so.
pub(super) fn unwanted(
    tx: &Connection,
    context: &Context,
    config: &CoreConfig,
    id: RecordId,
) -> Result<bool, CoreError> {
    if !disk_rows::to_evict_later(tx)?.contains(&id) {
        return Ok(false);
    }
    let photos = photo_rows::destroy_unsent(tx, id)?;
    let next = context.vault.mailbox.next();
    disk_rows::begin_evicting(tx, next, &photos)?;
    due(tx, context, config, next)?;
    Ok(true)
}

/// Forgets sealed stretches that no server will ask for again.
pub(super) fn drop_covered(tx: &Connection, row: &VaultRow) -> Result<(), CoreError> {
    let Some(covered) = disk_rows::covered(tx, row)?.min(row.received) else {
        return Ok(());
    };
    for (first, last) in disk_rows::resealed(tx, row.log)? {
        if last <= covered && evict_rows::all_settled(tx, first, last)? {
            disk_rows::drop_resealed(tx, row.log, first)?;
        }
    }
    Ok(())
}

impl Core {
    /// The server refuses a photo since it knows nothing of its record. True if it had that
    /// destroyed: then the photo is wanted no more.
    pub(crate) fn photo_refused(&self, record: RecordId) -> Result<bool, CoreError> {
        let gone = {
            let mut state = self.lock();
            let (config, reference) = (&self.config, state.reference.clone());
            state.store.write(|tx| {
                let context =
                    Context::new(vault_rows::get(tx)?, &reference, &config.env, config.schema)?;
                unwanted(tx, &context, config, record)
            })?
        };
        if gone {
            self.finish_evictions()?;
            self.tell(Changed::Records);
        }
        Ok(gone)
    }

    /// Removes the last traces of what was evicted, and lets the mail be receipted then.
    pub(super) fn finish_evictions(&self) -> Result<(), CoreError> {
        let photos = {
            let state = self.lock();
            if disk_rows::first_evicting(state.store.read())?.is_none() {
                return Ok(());
            }
            state.store.truncate_log()?;
            disk_rows::evicting_photos(state.store.read())?
        };
        for id in photos {
            self.config.blobs.remove(&photos::original_name(id))?;
            self.config.blobs.remove(&photos::preview_name(id))?;
        }
        self.lock()
            .store
            .write(|tx| Ok(disk_rows::end_evicting(tx)?))
    }
}
