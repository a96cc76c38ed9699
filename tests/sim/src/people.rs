//! What officers and their sergeant do, by chance. Every text they write is a mark of its own,
//! so that one that is lost or doubled is found.

use app_core::core::Core;
use app_core::view::{FieldMap, FieldValue, ReviewInput};

use crate::check::{Ledger, Reviewed};
use crate::device::DeviceNode;
use crate::dice::Dice;

/// Lets an officer do one thing; tells what it was and how it ended.
pub(crate) fn officer_acts(node: &DeviceNode, dice: &Dice, ledger: &mut Ledger) -> String {
    let Some(core) = node.core() else {
        return "is off".to_owned();
    };
    let done = match dice.below(14) {
        0..=3 => search(&core, dice, ledger).map(|()| "submits a search"),
        4 => note(&core, ledger).map(|()| "submits a note"),
        5 => draft(&core, ledger).map(|()| "leaves a draft"),
        6 => photo(&core, dice, ledger).map(|()| "adds a photo"),
        7..=9 => add(&core, dice, ledger).map(|()| "adds to a record"),
        10 | 11 => correct(&core, dice).map(|()| "corrects a record"),
        12 => resolve(&core, dice).map(|()| "settles a conflict"),
        _ => withdraw(&core, dice).map(|()| "withdraws a record"),
    };
    told(done)
}

/// Lets the sergeant decide about one record of the queue.
pub(crate) fn sergeant_acts(node: &DeviceNode, dice: &Dice, ledger: &mut Ledger) -> String {
    let Some(core) = node.core() else {
        return "is off".to_owned();
    };
    told(review(&core, dice, ledger).map(|()| "reviews"))
}

fn told(done: Result<&'static str, String>) -> String {
    match done {
        Ok(what) => what.to_owned(),
        Err(error) => format!("cannot: {error}"),
    }
}

fn search(core: &Core, dice: &Dice, ledger: &mut Ledger) -> Result<(), String> {
    let draft = core.draft_new("stop_search", None, None).map_err(text)?;
    let mark = ledger.mark();
    let ethnicity = dice
        .pick(&["W1", "B1", "A2", "NS"])
        .copied()
        .unwrap_or("NS");
    let fields = fields(&[
        ("place_text", "Sample Road"),
        ("object", "controlled_drugs"),
        ("power", "mda_s23"),
        ("grounds", &mark),
        ("self_ethnicity", ethnicity),
    ]);
    core.draft_set(&draft.id, fields, None).map_err(text)?;
    core.draft_submit(&draft.id).map_err(text)?;
    ledger.wrote(core.log(), &draft.id, mark);
    Ok(())
}

fn note(core: &Core, ledger: &mut Ledger) -> Result<(), String> {
    let draft = core.draft_new("note", None, None).map_err(text)?;
    let mark = ledger.mark();
    core.draft_set(&draft.id, fields(&[("text", &mark)]), None)
        .map_err(text)?;
    core.draft_submit(&draft.id).map_err(text)?;
    ledger.wrote(core.log(), &draft.id, mark);
    Ok(())
}

fn draft(core: &Core, ledger: &mut Ledger) -> Result<(), String> {
    let draft = core.draft_new("note", None, None).map_err(text)?;
    let mark = ledger.mark();
    core.draft_set(&draft.id, fields(&[("text", &mark)]), None)
        .map_err(text)?;
    ledger.drafted(core.log(), draft.id, mark);
    Ok(())
}

fn add(core: &Core, dice: &Dice, ledger: &mut Ledger) -> Result<(), String> {
    let rows = core.records(0, 50, "all").map_err(text)?;
    let Some(row) = dice.pick(&rows) else {
        return Ok(());
    };
    let mark = ledger.mark();
    core.add_to_record(&row.id, &mark).map_err(text)?;
    ledger.wrote(core.log(), &row.id, mark);
    Ok(())
}

fn photo(core: &Core, dice: &Dice, ledger: &mut Ledger) -> Result<(), String> {
    let rows = core.records(0, 50, "all").map_err(text)?;
    let Some(row) = dice.pick(&rows) else {
        return Ok(());
    };
    let added = core
        .photo_add(&row.id, "photo.png", None, &picture(dice))
        .map_err(text)?;
    ledger.photographed(core.log(), &row.id, added.sha256);
    Ok(())
}

/// Changes fields that others of the same officer's devices may change too.
fn correct(core: &Core, dice: &Dice) -> Result<(), String> {
    let rows = core.records(0, 50, "all").map_err(text)?;
    let Some(row) = dice.pick(&rows) else {
        return Ok(());
    };
    let place = format!("Sample Road {}", dice.below(100));
    core.edit(&row.id, fields(&[("place_text", &place)]))
        .map(drop)
        .map_err(text)
}

/// Picks one of the values of a field that has several.
fn resolve(core: &Core, dice: &Dice) -> Result<(), String> {
    let rows = core.records(0, 50, "all").map_err(text)?;
    let ids: Vec<String> = rows.into_iter().map(|row| row.id).collect();
    let torn = |id: &str| core.record(id).is_ok_and(|view| !view.conflicts.is_empty());
    let torn: Vec<&String> = ids.iter().filter(|id| torn(id)).collect();
    let Some(id) = dice.pick(&torn) else {
        return Ok(());
    };
    let view = core.record(id).map_err(text)?;
    let Some(conflict) = view.conflicts.first() else {
        return Ok(());
    };
    let Some(option) = dice.pick(&conflict.options) else {
        return Ok(());
    };
    core.resolve(id, &conflict.field, option.value.clone())
        .map(drop)
        .map_err(text)
}

/// A small picture that no other is equal to.
fn picture(dice: &Dice) -> Vec<u8> {
    let mut pixels = vec![0; 8 * 8 * 3];
    dice.fill(&mut pixels);
    let mut png = std::io::Cursor::new(Vec::new());
    if let Some(picture) = image::RgbImage::from_raw(8, 8, pixels) {
        // Encoding to memory what was made here cannot fail; no bytes are no photo.
        let _ = picture.write_to(&mut png, image::ImageFormat::Png);
    }
    png.into_inner()
}

fn withdraw(core: &Core, dice: &Dice) -> Result<(), String> {
    let rows = core.records(0, 50, "all").map_err(text)?;
    let Some(row) = dice.pick(&rows) else {
        return Ok(());
    };
    core.withdraw(&row.id, "Made by mistake.")
        .map(drop)
        .map_err(text)
}

fn review(core: &Core, dice: &Dice, ledger: &mut Ledger) -> Result<(), String> {
    let queue = core.queue().map_err(text)?;
    let Some(row) = dice.pick(&queue.rows) else {
        return Ok(());
    };
    let record = core.record(&row.id).map_err(text)?;
    let approve = dice.percent(60);
    let heads = record.heads.clone();
    let input = ReviewInput {
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
    ledger.reviews.push(Reviewed {
        record: row.id.clone(),
        heads,
        approved: approve,
    });
    core.review(&input).map(drop).map_err(text)
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
