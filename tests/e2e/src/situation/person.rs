//! Searches of people.

use anyhow::{Result, ensure};
use serde_json::json;

use super::{Done, MAN, NOTHING, Officer, UNNAMED, camera, one, to_receipt};
use crate::act::form::{answer, born, grounds, shows_a_code, sign, unfold, write};
use crate::act::officer::{GROUNDS, choose, go_on, said};
use crate::screen::Window;

pub(super) async fn on_foot(
    window: &Window,
    look: &mut impl AsyncFnMut(&str) -> Result<()>,
) -> Result<Done> {
    window.click("home-stop-search").await?;
    choose(window, "controlled_drugs").await?;
    said(window).await?;
    grounds(window, GROUNDS).await?;
    answer(window, &MAN).await?;
    answer(window, &NOTHING).await?;
    let id = to_receipt(window, "qr").await?;
    shows_a_code(window).await?;
    look("receipt").await?;
    window.click("receipt-done").await?;
    let fields = json!({
        "subject": "person", "object": "controlled_drugs", "power": "mda_s23",
        "gowisely": "GOWISELY", "grounds": GROUNDS, "sex": "male", "age_band": "18_24",
        "self_ethnicity": "B1", "officer_ethnicity": "IC3", "extent": "jog", "found": "nothing",
        "outcome": "no_further_action", "force_used": false, "video": "4417-A", "copy": "qr",
        "place_lat_e7": 525_099_000, "place_lon_e7": -19_280_000, "place_accuracy_m": 12,
        "place_source": "gps", "station": "Perry Barr",
    });
    Ok(one(id, fields, UNNAMED))
}

pub(super) async fn child(
    window: &Window,
    look: &mut impl AsyncFnMut(&str) -> Result<()>,
) -> Result<Done> {
    let why = "A shopkeeper saw this girl put a knife into her waistband and pointed her out.";
    window.click("home-stop-search").await?;
    choose(window, "offensive_weapons").await?;
    said(window).await?;
    grounds(window, why).await?;
    for code in ["female", "10_17", "group-Mixed", "M1", "IC3"] {
        choose(window, code).await?;
    }
    born(window, ["14", "3", "2011"]).await?;
    choose(window, "birth_date").await?;
    write(window, "name", "Robin Sample").await?;
    look("who").await?;
    go_on(window).await?;
    choose(window, "mts").await?;
    write(
        window,
        "extent_reason",
        "The knife could be felt below her belt.",
    )
    .await?;
    for code in [
        "extent_headgear_only-no",
        "police_vehicle",
        "officer-female",
        "extent_opposite_sex-no",
        "appropriate_adult-no",
    ] {
        choose(window, code).await?;
    }
    let alone = "No adult could be reached, and the knife was within reach.";
    write(window, "appropriate_adult_reason", alone).await?;
    choose(window, "object").await?;
    write(window, "found_what", "Lock knife, blade 9 cm").await?;
    write(window, "exhibit", "AP/1").await?;
    for code in ["weapon_found-yes", "arrest", "outcome_linked-yes", "force"] {
        choose(window, code).await?;
    }
    choose(window, "cuffs-compliant").await?;
    write(window, "force_reference", "UOF/20/8812").await?;
    write(window, "custody_reference", "PB/1182/26").await?;
    look("what").await?;
    go_on(window).await?;
    camera(window).await?;
    choose(window, "qr").await?;
    window.find("check-submit").await?;
    look("check").await?;
    let id = sign(window).await?;
    window.click("receipt-done").await?;
    let fields = json!({
        "object": "offensive_weapons", "power": "pace_s1", "grounds": why, "sex": "female",
        "age_band": "10_17", "birth_date": "2011-03-14", "age_basis": "birth_date",
        "self_ethnicity": "M1", "name": "Robin Sample", "extent": "mts",
        "extent_reason": "The knife could be felt below her belt.",
        "extent_headgear_only": false, "extent_place": "police_vehicle",
        "extent_officer_sex": "female", "extent_opposite_sex": false, "appropriate_adult": false,
        "appropriate_adult_reason": alone, "found": "object",
        "found_what": "Lock knife, blade 9 cm", "exhibit": "AP/1", "weapon_found": true,
        "outcome": "arrest", "outcome_linked": true, "force_used": true,
        "handcuffs": "compliant", "force_reference": "UOF/20/8812",
        "custody_reference": "PB/1182/26",
    });
    Ok(one(
        id,
        fields,
        &["address", "authorisation", "extent_supervisor"],
    ))
}

pub(super) async fn withheld(
    officer: Officer<'_>,
    look: &mut impl AsyncFnMut(&str) -> Result<()>,
) -> Result<Done> {
    let window = officer.window;
    window.click("home-stop-search").await?;
    choose(window, "controlled_drugs").await?;
    said(window).await?;
    grounds(window, GROUNDS).await?;
    // "Not stated" is an answer, in one touch, and is kept apart from a blank.
    answer(
        window,
        &["male", "over_34", "group-Not stated", "N4", "IC1"],
    )
    .await?;
    for code in NOTHING {
        choose(window, code).await?;
    }
    unfold(window, "searched_by").await?;
    window.click("protect-name").await?;
    choose(window, "danger").await?;
    look("what").await?;
    go_on(window).await?;
    let id = to_receipt(window, "qr").await?;
    let shown = window.words().await?;
    ensure!(
        shown.contains(officer.me.collar) && !shown.contains(officer.me.name),
        "the receipt names the officer: {shown}"
    );
    look("receipt").await?;
    window.click("receipt-done").await?;
    let fields = json!({
        "self_ethnicity": "NS", "ethnicity_reason": "N4", "officer_ethnicity": "IC1",
        "identity_protected": true, "identity_reason": "danger", "copy": "qr",
    });
    Ok(one(id, fields, UNNAMED))
}
