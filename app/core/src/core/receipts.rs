//! What the server says of itself and of our log: its receipts, and the lineage it is of.

use rusqlite::Connection;
use shared::ids::{AcceptPos, Epoch, ReceivePos, Seq};
use shared::wire::{Branch, Checkpoint, ExchangeResponse};

use super::CoreError;
use super::context::Context;
use super::settle::Touched;
use crate::store::{
    disk_rows, entry_rows, held_rows, lineage_rows, own_log, photo_rows, record_rows, vault_rows,
};

/// What a receipt says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Receipt {
    /// What we know, or more of our log is received.
    Ours,
    /// The server has another entry there: the log has split.
    Split,
}

/// Takes the signed receipt, after checking it against our own log. Receipts only go up, except
/// at the beginning of a lineage.
pub(super) fn receipt(
    tx: &Connection,
    context: &Context,
    receipt_key: &[u8],
    response: &ExchangeResponse,
    touched: &mut Touched,
) -> Result<Receipt, CoreError> {
    let Some(bytes) = &response.checkpoint else {
        return Ok(Receipt::Ours);
    };
    let checkpoint =
        Checkpoint::verify(receipt_key, bytes).map_err(|_| CoreError::NotAllowed("bad_receipt"))?;
    let (row, place) = (&context.vault, checkpoint.seq);
    if checkpoint.epoch != response.epoch || checkpoint.log != row.log {
        return Err(CoreError::NotAllowed("bad_receipt"));
    }
    // Signed by the server, about our log, and not what we have there.
    if own_log::hash_at(tx, place)? != Some(checkpoint.header) {
        return Ok(Receipt::Split);
    }
    if row.received.is_none_or(|known| known < place) {
        vault_rows::set_received(tx, Some(place))?;
        lineage_rows::set_matched(tx, None)?;
        let from = row.received.map_or(Seq(0), Seq::next);
        touched
            .states
            .extend(entry_rows::records_between(tx, from, place)?);
    }
    lineage_rows::note_receipt(tx, place, checkpoint.position)?;
    Ok(Receipt::Ours)
}

/// Begins with another lineage of the server. Where it left the one we know, our cursors and
/// receipts go back to; what it has not received it is offered again, and what it judged above
/// that is judged again. Of a lineage that we know nothing of everything begins anew. Nothing
/// is deleted here because the server does not know it.
pub(super) fn new_epoch(
    tx: &Connection,
    context: &Context,
    epoch: Epoch,
    lineage: &[Branch],
    touched: &mut Touched,
) -> Result<(), CoreError> {
    let row = &context.vault;
    let branch = row.epoch.and_then(|ours| branch(epoch, ours, lineage));
    let (accept, receive) = branch.unwrap_or((AcceptPos(0), ReceivePos(0)));
    let received = match branch {
        Some(_) => lineage_rows::received_at(tx, receive)?.min(row.received),
        None => None,
    };
    // What was kept out may be let in by a server that judges it anew.
    touched.anew.extend(held_rows::records_kept_out(tx)?);
    vault_rows::set_epoch(tx, epoch, received, row.records.min(accept))?;
    let unreceived = received.map_or(Seq(0), Seq::next);
    lineage_rows::forget_above(tx, unreceived, accept, context.stamp.estimate())?;
    photo_rows::forget_stored(tx)?;
    disk_rows::renumber_evicting(tx)?;
    touched.states.extend(record_rows::ids(tx)?);
    Ok(())
}

/// Where the server's lineage left ours: the lowest of all branches between them.
fn branch(theirs: Epoch, ours: Epoch, lineage: &[Branch]) -> Option<(AcceptPos, ReceivePos)> {
    let (mut at, mut lowest) = (theirs, None::<(AcceptPos, ReceivePos)>);
    // A lineage that turns in a circle ends with its length.
    for _ in 0..=lineage.len() {
        if at == ours {
            return lowest;
        }
        let step = lineage.iter().find(|it| it.epoch == at)?;
        let (accept, receive) = lowest.unwrap_or((step.accept, step.receive));
        lowest = Some((accept.min(step.accept), receive.min(step.receive)));
        at = step.parent;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(n: u8) -> Epoch {
        Epoch::from_bytes([n; 16])
    }

    fn step(n: u8, parent: u8, accept: u64, receive: u64) -> Branch {
        Branch {
            epoch: epoch(n),
            parent: epoch(parent),
            accept: AcceptPos(accept),
            receive: ReceivePos(receive),
        }
    }

    #[test]
    fn the_branch_is_the_lowest_on_the_way_back_to_what_is_known() {
        let lineage = [step(4, 3, 9, 90), step(3, 2, 5, 95), step(2, 1, 7, 70)];
        let found = |ours| branch(epoch(4), epoch(ours), &lineage);
        assert_eq!(found(3), Some((AcceptPos(9), ReceivePos(90))));
        assert_eq!(found(2), Some((AcceptPos(5), ReceivePos(90))));
        assert_eq!(found(1), Some((AcceptPos(5), ReceivePos(70))));
        assert_eq!(found(9), None);
        assert_eq!(branch(epoch(4), epoch(3), &[]), None);
        let circle = [step(1, 2, 1, 1), step(2, 1, 1, 1)];
        assert_eq!(branch(epoch(1), epoch(9), &circle), None);
    }
}
