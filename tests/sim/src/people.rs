//! What officers and their sergeant do, by chance. Every text they write is a mark of its own,
//! so that one that is lost or doubled is found.

mod all;
mod drafts;
mod together;

use app_core::core::Core;
use app_core::view::{FieldMap, FieldValue, ReviewInput};
use shared::ids::{EntryId, Seq};

use crate::check::{Ledger, Reviewed, Writer};
use crate::device::DeviceNode;
use crate::dice::Dice;

pub(crate) use all::write_all;
pub(crate) use drafts::finish;

/// Sides of a small photo, in pixels.
const SIDE: u32 = 8;

/// Somebody at a device.
struct Hand<'a> {
    core: &'a Core,
    device: usize,
    dice: &'a Dice,
    ledger: &'a mut Ledger,
}

/// Lets an officer do one thing; tells what it was and how it ended.
pub(crate) fn officer_acts(
    node: &DeviceNode,
    device: usize,
    dice: &Dice,
    ledger: &mut Ledger,
) -> String {
    let Some(core) = node.core() else {
        return "is off".to_owned();
    };
    let mut hand = Hand {
        core: &core,
        device,
        dice,
        ledger,
    };
    if hand.ledger.force.is_some() && dice.percent(40) {
        return told(hand.goes_on());
    }
    if hand.ledger.together && dice.percent(70) {
        return told(hand.works_together());
    }
    let done = match dice.below(18) {
        0..=3 => hand.search().map(|()| "submits a search"),
        4 => hand.note().map(|()| "submits a note"),
        5 => hand.draft().map(|()| "leaves a draft"),
        6 => hand.photo().map(|()| "adds a photo"),
        7..=9 => hand.add().map(|()| "adds to a record"),
        10 | 11 => hand.correct().map(|()| "corrects a record"),
        12 => hand.resolve().map(|()| "settles a conflict"),
        13 | 14 => hand.share().map(|()| "shares a record"),
        15 => hand.unshare().map(|()| "takes a share back"),
        16 => hand.confirm().map(|()| "signs again"),
        _ => hand.withdraw().map(|()| "withdraws a record"),
    };
    told(done)
}

/// Lets the sergeant decide about one record of the queue, or about something that is held.
pub(crate) fn sergeant_acts(
    node: &DeviceNode,
    device: usize,
    dice: &Dice,
    ledger: &mut Ledger,
) -> String {
    let Some(core) = node.core() else {
        return "is off".to_owned();
    };
    let mut hand = Hand {
        core: &core,
        device,
        dice,
        ledger,
    };
    told(match dice.below(8) {
        0 => hand.rule().map(|()| "rules on what is held"),
        1 => hand.confirm().map(|()| "signs again"),
        _ => hand.review().map(|()| "reviews"),
    })
}

/// Lets whoever it is sign again all that waits for it.
pub(crate) fn confirms_all(node: &DeviceNode) {
    let Some(core) = node.core() else { return };
    for waiting in core.confirmations().unwrap_or_default() {
        // What can no longer be signed has been decided otherwise, and is dropped.
        if core.confirm(&waiting.entry).is_err() {
            let _ = core.confirm_drop(&waiting.entry);
        }
    }
}

fn told(done: Result<&'static str, String>) -> String {
    match done {
        Ok(what) => what.to_owned(),
        Err(error) => format!("cannot: {error}"),
    }
}

impl Hand<'_> {
    /// Who writes, after something was written.
    fn writer(&self) -> Result<Writer, String> {
        let received = self.core.received().map_err(text)?;
        let waiting = self.core.outbox().map_err(text)?.entries;
        let next = received.map_or(0, |seq| seq.0 + 1) + u64::from(waiting);
        let log = self.core.log();
        Ok(Writer {
            device: self.device,
            last: EntryId {
                log,
                seq: Seq(next.saturating_sub(1)),
            },
        })
    }

    /// One of the records that the officer may write in: their own, and those shared with them.
    fn record(&self) -> Result<Option<String>, String> {
        let mut ids: Vec<String> = self
            .core
            .records(0, 50, "all")
            .map_err(text)?
            .into_iter()
            .map(|row| row.id)
            .collect();
        if self.dice.percent(30) {
            let here = self.core.record_ids().map_err(text)?;
            ids.extend(here.iter().map(ToString::to_string));
        }
        Ok(self.dice.pick(&ids).cloned())
    }

    fn search(&mut self) -> Result<(), String> {
        let core = self.core;
        let draft = core.draft_new("stop_search", None, None).map_err(text)?;
        let mark = self.ledger.mark();
        let ethnicity = self.dice.pick(&["W1", "B1", "A2", "NS"]);
        let fields = fields(&[
            ("place_text", "Sample Road"),
            ("object", "controlled_drugs"),
            ("power", "mda_s23"),
            ("grounds", &mark),
            ("self_ethnicity", ethnicity.copied().unwrap_or("NS")),
        ]);
        core.draft_set(&draft.id, fields, None).map_err(text)?;
        core.draft_submit(&draft.id).map_err(text)?;
        self.ledger.wrote(self.writer()?, &draft.id, mark);
        Ok(())
    }

    fn note(&mut self) -> Result<(), String> {
        let (draft, mark) = self.typed()?;
        self.core.draft_submit(&draft).map_err(text)?;
        self.ledger.wrote(self.writer()?, &draft, mark);
        Ok(())
    }

    fn draft(&mut self) -> Result<(), String> {
        let (draft, mark) = self.typed()?;
        self.ledger.drafted(self.writer()?, &draft, mark);
        Ok(())
    }

    /// A note as a draft; gives its id and its words.
    fn typed(&mut self) -> Result<(String, String), String> {
        let draft = self.core.draft_new("note", None, None).map_err(text)?;
        let mark = self.ledger.mark();
        self.core
            .draft_set(&draft.id, fields(&[("text", &mark)]), None)
            .map_err(text)?;
        Ok((draft.id, mark))
    }

    fn add(&mut self) -> Result<(), String> {
        let Some(id) = self.record()? else {
            return Ok(());
        };
        let mark = self.ledger.mark();
        self.core.add_to_record(&id, &mark).map_err(text)?;
        self.ledger.wrote(self.writer()?, &id, mark);
        Ok(())
    }

    fn photo(&mut self) -> Result<(), String> {
        let Some(id) = self.record()? else {
            return Ok(());
        };
        let added = self
            .core
            .photo_add(&id, "photo.png", None, &picture(self.dice, SIDE))
            .map_err(text)?;
        self.ledger.photographed(self.writer()?, &id, added.sha256);
        Ok(())
    }

    /// Changes fields that others may change too.
    fn correct(&mut self) -> Result<(), String> {
        let Some(id) = self.record()? else {
            return Ok(());
        };
        let place = format!("Sample Road {}", self.dice.below(100));
        self.core
            .edit(&id, fields(&[("place_text", &place)]))
            .map(drop)
            .map_err(text)
    }

    /// Picks one of the values of a field that has several.
    fn resolve(&mut self) -> Result<(), String> {
        let rows = self.core.records(0, 50, "all").map_err(text)?;
        let ids: Vec<String> = rows.into_iter().map(|row| row.id).collect();
        let view = |id: &str| self.core.record(id).ok();
        let torn = |id: &&String| view(id).is_some_and(|view| !view.conflicts.is_empty());
        let torn: Vec<&String> = ids.iter().filter(torn).collect();
        let Some(view) = self.dice.pick(&torn).and_then(|id| view(id)) else {
            return Ok(());
        };
        let Some(conflict) = view.conflicts.first() else {
            return Ok(());
        };
        let Some(option) = self.dice.pick(&conflict.options) else {
            return Ok(());
        };
        self.core
            .resolve(&view.row.id, &conflict.field, option.value.clone())
            .map(drop)
            .map_err(text)
    }

    /// Gives a colleague of the world a record of one's own.
    fn share(&mut self) -> Result<(), String> {
        let rows = self.core.records(0, 50, "all").map_err(text)?;
        let colleagues = self.core.colleagues().map_err(text)?;
        let able: Vec<_> = colleagues
            .iter()
            .filter(|it| it.label.contains(" 100"))
            .collect();
        let (Some(row), Some(with)) = (self.dice.pick(&rows), self.dice.pick(&able)) else {
            return Ok(());
        };
        // A disk that fails may keep it and say that it did not.
        let collar = with.label.split(' ').nth(1).unwrap_or_default();
        self.ledger
            .shared
            .insert((row.id.clone(), collar.to_owned()));
        self.core.share(&row.id, &with.id).map(drop).map_err(text)
    }

    fn unshare(&mut self) -> Result<(), String> {
        let rows = self.core.records(0, 50, "all").map_err(text)?;
        let colleagues = self.core.colleagues().map_err(text)?;
        let able: Vec<_> = colleagues
            .iter()
            .filter(|it| it.label.contains(" 100"))
            .collect();
        let (Some(row), Some(with)) = (self.dice.pick(&rows), self.dice.pick(&able)) else {
            return Ok(());
        };
        let collar = with.label.split(' ').nth(1).unwrap_or_default().to_owned();
        if !self
            .ledger
            .shared
            .contains(&(row.id.clone(), collar.clone()))
        {
            return Ok(());
        }
        self.ledger.unshared.insert((row.id.clone(), collar));
        self.core.unshare(&row.id, &with.id).map(drop).map_err(text)
    }

    fn confirm(&mut self) -> Result<(), String> {
        let waiting = self.core.confirmations().map_err(text)?;
        let Some(one) = self.dice.pick(&waiting) else {
            return Ok(());
        };
        self.core.confirm(&one.entry).map(drop).map_err(text)
    }

    fn withdraw(&mut self) -> Result<(), String> {
        let Some(id) = self.record()? else {
            return Ok(());
        };
        self.core
            .withdraw(&id, "Made by mistake.")
            .map(drop)
            .map_err(text)
    }

    /// Releases or upholds one of the entries that are held.
    fn rule(&mut self) -> Result<(), String> {
        let held = self.core.held_tasks().map_err(text)?;
        let Some(row) = self.dice.pick(&held.rows) else {
            return Ok(());
        };
        self.ledger.ruled = true;
        let done = if self.dice.percent(60) {
            self.core.release(&row.entry, "Seen.")
        } else {
            self.core.uphold(&row.entry, "Seen.")
        };
        done.map(drop).map_err(text)
    }

    fn review(&mut self) -> Result<(), String> {
        let queue = self.core.queue().map_err(text)?;
        let Some(row) = self.dice.pick(&queue.rows) else {
            return Ok(());
        };
        let record = self.core.record(&row.id).map_err(text)?;
        let approve = self.dice.percent(60);
        let heads = record.heads.clone();
        let input = ReviewInput {
            fields: Vec::new(),
            again: false,
            record_id: row.id.clone(),
            verdict: if approve { "approve" } else { "return" }.to_owned(),
            heads: record.heads,
            reasons: if approve {
                Vec::new()
            } else {
                vec!["grounds".to_owned()]
            },
            text: (!approve).then(|| "Say what you saw.".to_owned()),
            video_viewed: Some("does_not_apply".to_owned()),
        };
        // A disk that fails may keep a review and say that it did not.
        self.ledger.reviews.push(Reviewed {
            record: row.id.clone(),
            heads,
            approved: approve,
        });
        self.core.review(&input).map(drop).map_err(text)
    }
}

/// A picture that no other is equal to.
fn picture(dice: &Dice, side: u32) -> Vec<u8> {
    let pixels = usize::try_from(side * side * 3).unwrap_or(0);
    let mut pixels = vec![0; pixels];
    dice.fill(&mut pixels);
    let mut png = std::io::Cursor::new(Vec::new());
    if let Some(picture) = image::RgbImage::from_raw(side, side, pixels) {
        // Encoding to memory what was made here cannot fail; no bytes are no photo.
        let _ = picture.write_to(&mut png, image::ImageFormat::Png);
    }
    png.into_inner()
}

fn fields(values: &[(&str, &str)]) -> FieldMap {
    let text = |value: &str| Some(FieldValue::Text(value.to_owned()));
    values
        .iter()
        .map(|(key, value)| ((*key).to_owned(), text(value)))
        .collect()
}

fn text(error: app_core::core::CoreError) -> String {
    error.code().to_owned()
}
