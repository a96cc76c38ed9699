//! Searches of vehicles, with and without people.

use anyhow::{Result, ensure};
use serde_json::json;

use super::{Done, NOTHING, Recorded, UNNAMED, one, to_receipt};
use crate::act::form::{answer, begin_where, grounds, no_video, plate, sign, write};
use crate::act::officer::{choose, go_on, said};
use crate::screen::Window;

pub(super) async fn car(
    window: &Window,
    look: &mut impl AsyncFnMut(&str) -> Result<()>,
) -> Result<Done> {
    let first = "The driver put a crowbar under the seat when she saw us. A house in the next \
        street had been broken into ten minutes before.";
    let second = "He sat beside her and held a bag of watches that had been reported stolen.";
    begin_where(window).await?;
    window.fill("place", "Soho Road, by the library").await?;
    answer(window, &["person_and_vehicle"]).await?;
    choose(window, "stolen_goods").await?;
    said(window).await?;
    grounds(window, first).await?;
    plate(window, "BD51 SMR").await?;
    write(window, "vehicle_description", "Blue Ford Focus").await?;
    look("who").await?;
    answer(window, &["female", "25_34", "group-White", "W1", "IC1"]).await?;
    answer(window, &NOTHING).await?;
    let driver = to_receipt(window, "refused").await?;
    let before = window.touches();
    window.click("receipt-again").await?;
    said(window).await?;
    let blank = window.find("grounds").await?.prop("value").await?;
    ensure!(
        blank.as_deref() == Some(""),
        "grounds of one person stand in another's record"
    );
    look("same-again").await?;
    grounds(window, second).await?;
    answer(window, &["male", "25_34", "group-Asian", "A2", "IC4"]).await?;
    answer(window, &NOTHING).await?;
    let passenger = to_receipt(window, "qr").await?;
    window.click("receipt-done").await?;
    let again = window.touches() - before;
    let mut done = one(
        driver,
        json!({
            "subject": "person_and_vehicle", "object": "stolen_goods", "power": "pace_s1",
            "place_text": "Soho Road, by the library", "vehicle_plate": "BD51SMR",
            "vehicle_description": "Blue Ford Focus", "grounds": first, "sex": "female",
            "self_ethnicity": "W1", "officer_ethnicity": "IC1", "copy": "refused",
        }),
        UNNAMED,
    );
    done.records.push(Recorded {
        id: passenger,
        fields: json!({
            "subject": "person", "object": "stolen_goods", "power": "pace_s1",
            "place_text": "Soho Road, by the library", "vehicle_plate": "BD51SMR",
            "vehicle_description": "Blue Ford Focus", "grounds": second, "sex": "male",
            "self_ethnicity": "A2", "officer_ethnicity": "IC4", "copy": "qr",
        }),
        absent: UNNAMED,
    });
    done.again = Some(again);
    Ok(done)
}

pub(super) async fn unattended(
    window: &Window,
    look: &mut impl AsyncFnMut(&str) -> Result<()>,
) -> Result<Done> {
    let why = "Tools lay on the back seat that match what was taken from a shed this morning.";
    begin_where(window).await?;
    window.fill("place", "Thornhill Road car park").await?;
    answer(window, &["unattended_vehicle"]).await?;
    choose(window, "stolen_goods").await?;
    grounds(window, why).await?;
    plate(window, "wa 1234c").await?;
    write(window, "vehicle_description", "White van, Polish plates").await?;
    go_on(window).await?;
    window.find("option-inside").await?;
    look("what").await?;
    let codes = ["nothing", "no_further_action", "inside", "left_secure-yes"];
    answer(window, &codes).await?;
    no_video(window, "no_camera").await?;
    window.find("check-submit").await?;
    look("check").await?;
    let id = sign(window).await?;
    let fields = json!({
        "subject": "unattended_vehicle", "object": "stolen_goods", "power": "pace_s1",
        "place_text": "Thornhill Road car park", "vehicle_plate": "WA1234C",
        "vehicle_description": "White van, Polish plates", "grounds": why, "found": "nothing",
        "outcome": "no_further_action", "notice": "inside", "left_secure": true,
        "video_reason": "no_camera",
    });
    Ok(one(
        id,
        fields,
        &[
            "self_ethnicity",
            "officer_ethnicity",
            "sex",
            "age_band",
            "gowisely",
            "extent",
            "force_used",
            "copy",
            "video",
        ],
    ))
}
