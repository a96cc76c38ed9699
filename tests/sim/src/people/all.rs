//! All that an officer of a cell sends.

use crate::cells::Work;
use crate::check::Ledger;
use crate::device::DeviceNode;
use crate::dice::Dice;

use super::{Hand, picture, text};

/// Submits records, and adds a photo to one of them; gives its size.
pub(crate) fn write_all(
    node: &DeviceNode,
    device: usize,
    work: Work,
    dice: &Dice,
    ledger: &mut Ledger,
) -> Result<u64, String> {
    let core = node.core().ok_or("the device is off")?;
    let mut hand = Hand {
        core: &core,
        device,
        dice,
        ledger,
    };
    for _ in 0..work.records {
        hand.search()?;
    }
    let photo = picture(dice, work.photo);
    let rows = core.records(0, 1, "all").map_err(text)?;
    let id = rows.first().ok_or("nothing was written")?.id.clone();
    let added = core.photo_add(&id, "photo.png", None, &photo);
    let added = added.map_err(text)?;
    let writer = hand.writer()?;
    hand.ledger.photographed(writer, &id, added.sha256);
    u64::try_from(photo.len()).map_err(|e| e.to_string())
}
