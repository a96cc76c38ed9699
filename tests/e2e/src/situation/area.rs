//! Searches under an authorisation of an area for a time.

use anyhow::{Result, ensure};
use serde_json::json;

use super::{AUTHORISATION, Done, MAN, NOTHING, Officer, camera, one, to_receipt};
use crate::act::form::{answer, begin_where, sign, unfold, write};
use crate::act::officer::{choose, go_on, said};
use crate::screen::Window;
use crate::server::Person;

pub(super) async fn inside(
    officer: Officer<'_>,
    look: &mut impl AsyncFnMut(&str) -> Result<()>,
) -> Result<Done> {
    let window = officer.window;
    window.click("home-stop-search").await?;
    // In force, and here: it stands in the first list.
    window.reads("You are inside").await?;
    choose(window, "weapons_s60").await?;
    said(window).await?;
    window.find("option-S60/2026/14").await?;
    look("authorised").await?;
    go_on(window).await?;
    answer(window, &MAN).await?;
    for code in NOTHING {
        choose(window, code).await?;
    }
    choose(window, "face_covering_removed-no").await?;
    unfold(window, "searched_by").await?;
    choose(window, "by-other").await?;
    write(window, "searcher", officer.colleague.collar).await?;
    window.click_css("main ul.options button").await?;
    window.gone("searcher").await?;
    look("searched-by").await?;
    go_on(window).await?;
    let id = to_receipt(window, "qr").await?;
    window.click("receipt-done").await?;
    let label = |it: &Person| format!("{} {} {}", it.title, it.collar, it.name);
    let fields = json!({
        "object": "weapons_s60", "power": "cjpoa_s60", "authorisation": AUTHORISATION,
        "authorisation_check": "inside", "face_covering_removed": false,
        "searched_by_label": label(officer.colleague), "recorded_by_label": label(officer.me),
    });
    Ok(one(id, fields, &["grounds", "name", "birth_date"]))
}

pub(super) async fn outside(
    window: &Window,
    look: &mut impl AsyncFnMut(&str) -> Result<()>,
) -> Result<Done> {
    begin_where(window).await?;
    unfold(window, "place_grid").await?;
    write(window, "place_grid", "SP 0700 8600").await?;
    window.click("grid-take").await?;
    window.reads("SP 0700").await?;
    look("where").await?;
    go_on(window).await?;
    window.find("option-controlled_drugs").await?;
    ensure!(
        !window.shows("option-weapons_s60").await?,
        "an area that is elsewhere stands in the first list"
    );
    window.click("option-other").await?;
    write(window, "find", "section 60").await?;
    choose(window, "weapons_s60").await?;
    said(window).await?;
    choose(window, AUTHORISATION).await?;
    window.reads("You are outside").await?;
    go_on(window).await?;
    answer(window, &MAN).await?;
    answer(window, &NOTHING).await?;
    camera(window).await?;
    choose(window, "refused").await?;
    window.find("check-submit").await?;
    look("check").await?;
    let id = sign(window).await?;
    window.click("receipt-refused").await?;
    let fields = json!({
        "object": "weapons_s60", "power": "cjpoa_s60", "authorisation": AUTHORISATION,
        "authorisation_check": "outside", "place_source": "grid", "copy": "refused",
    });
    Ok(one(id, fields, &["grounds", "name", "birth_date"]))
}
