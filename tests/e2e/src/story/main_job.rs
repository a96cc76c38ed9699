//! The main job: captured without a server, kept over a crash, received, approved without a
//! network, and seen live in the control room.

use anyhow::{Context as _, Result, ensure};

use super::Who::{Phone, Room, Tablet};
use super::{Step, step};
use crate::act::officer::{GROUNDS, NOTE};
use crate::act::{officer, room, start, supervisor};
use crate::server::{AHMED, PATEL, ROOM};
use crate::world::World;

/// All of it, in order.
pub fn main_job() -> Vec<Step> {
    [
        ready(),
        captured_without_a_server(),
        kept_over_a_crash(),
        received(),
        approved(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Two enrolled devices and a page that watches.
fn ready() -> Vec<Step> {
    vec![
        step(
            "The officer's phone starts for the first time",
            Some((Phone, "enrol")),
            |w| {
                Box::pin(async move {
                    w.phone.start().await?;
                    w.phone.window()?.find("enrol-link").await?;
                    Ok(())
                })
            },
        ),
        step(
            "It enrols with a one-time link; PC Patel signs in",
            Some((Phone, "home-empty")),
            |w| {
                Box::pin(async move {
                    let link = w.enrolment(&w.phone)?;
                    start::enrol(w.phone.window()?, &link).await?;
                    start::sign_in(w.phone.window()?, &PATEL).await
                })
            },
        ),
        step(
            "So does Sgt Ahmed on the tablet",
            Some((Tablet, "review-empty")),
            |w| {
                Box::pin(async move {
                    let link = w.enrolment(&w.tablet)?;
                    w.tablet.start().await?;
                    start::enrol(w.tablet.window()?, &link).await?;
                    start::sign_in(w.tablet.window()?, &AHMED).await
                })
            },
        ),
        step(
            "The control room signs in",
            Some((Room, "live-empty")),
            |w| {
                Box::pin(async move {
                    w.open_room().await?;
                    room::sign_in(w.room()?, &ROOM).await
                })
            },
        ),
    ]
}

fn captured_without_a_server() -> Vec<Step> {
    vec![
        step(
            "The server is killed",
            Some((Phone, "home-no-connection")),
            |w| {
                Box::pin(async move {
                    w.server.kill()?;
                    w.phone.window()?.find("strip").await?;
                    Ok(())
                })
            },
        ),
        step(
            "PC Patel begins a stop and search",
            Some((Phone, "looking-for")),
            |w| {
                Box::pin(async move {
                    w.phone.window()?.click("home-stop-search").await?;
                    w.phone.window()?.find("option-controlled_drugs").await?;
                    Ok(())
                })
            },
        ),
        step(
            "looks for controlled drugs",
            Some((Phone, "gowisely")),
            |w| {
                Box::pin(async move {
                    officer::choose(w.phone.window()?, "controlled_drugs").await?;
                    w.phone.window()?.find("option-GOWISELY").await?;
                    Ok(())
                })
            },
        ),
        step(
            "said all that must be said, and why",
            Some((Phone, "grounds")),
            |w| {
                Box::pin(async move {
                    officer::said(w.phone.window()?).await?;
                    w.phone.window()?.fill("grounds", GROUNDS).await
                })
            },
        ),
        step(
            "describes the person as they do themselves",
            Some((Phone, "what-happened")),
            |w| {
                Box::pin(async move {
                    officer::go_on(w.phone.window()?).await?;
                    officer::who(w.phone.window()?).await?;
                    w.phone.window()?.find("option-jog").await?;
                    Ok(())
                })
            },
        ),
        step(
            "found nothing, used no force, had the camera on",
            Some((Phone, "copy")),
            |w| {
                Box::pin(async move {
                    officer::what(w.phone.window()?).await?;
                    officer::video(w.phone.window()?).await?;
                    w.phone.window()?.find("option-refused").await?;
                    Ok(())
                })
            },
        ),
        step(
            "asks if they want a copy, and checks the answers",
            Some((Phone, "check")),
            |w| {
                Box::pin(async move {
                    officer::choose(w.phone.window()?, "refused").await?;
                    w.phone.window()?.find("check-submit").await?;
                    Ok(())
                })
            },
        ),
    ]
}

fn kept_over_a_crash() -> Vec<Step> {
    vec![
        step(
            "signs; the app is killed as soon as it says “saved”",
            None,
            |w| {
                Box::pin(async move {
                    w.phone.window()?.click("check-submit").await?;
                    w.phone.window()?.find("receipt-done").await?;
                    w.phone.kill().await
                })
            },
        ),
        step(
            "starts it again: the record is on the phone",
            Some((Phone, "home-after-crash")),
            |w| {
                Box::pin(async move {
                    start::open_again(&mut w.phone).await?;
                    let record = officer::newest(w.phone.window()?).await?;
                    officer::stands(w.phone.window()?, &record, &["saved"]).await?;
                    w.search = Some(record);
                    Ok(())
                })
            },
        ),
        step("hands out the receipt", Some((Phone, "receipt")), |w| {
            Box::pin(async move {
                let reference = officer::receipt(w.phone.window()?, search(w)?).await?;
                ensure!(
                    reference.starts_with("BB20-"),
                    "the receipt says {reference}"
                );
                Ok(())
            })
        }),
        step("adds a photo", Some((Phone, "photo-added")), |w| {
            Box::pin(async move {
                officer::home(w.phone.window()?).await?;
                let photo = w.photo()?;
                officer::photo(w.phone.window()?, &photo).await?;
                w.phone.window()?.gone("photo-add").await
            })
        }),
        step("writes a note", Some((Phone, "home-waiting")), |w| {
            Box::pin(async move {
                officer::home(w.phone.window()?).await?;
                officer::note(w.phone.window()?, NOTE).await?;
                w.phone
                    .window()?
                    .reads("2 records are only on this phone")
                    .await?;
                w.note = Some(officer::newest(w.phone.window()?).await?);
                Ok(())
            })
        }),
    ]
}

fn received() -> Vec<Step> {
    vec![
        step(
            "The server comes back: everything is received",
            Some((Phone, "home-received")),
            |w| {
                Box::pin(async move {
                    w.server.run().await?;
                    let record = search(w)?;
                    officer::stands(w.phone.window()?, record, &["received", "submitted"]).await?;
                    w.phone.window()?.gone("strip").await
                })
            },
        ),
        step(
            "The control room has it without a reload",
            Some((Room, "live")),
            |w| {
                Box::pin(async move {
                    room::sees(w.room()?, search(w)?).await?;
                    room::sees(w.room()?, note(w)?).await?;
                    room::has_on_the_map(w.room()?, 2).await?;
                    room::was_never_reloaded(w.room()?).await
                })
            },
        ),
        step(
            "Sgt Ahmed has it in the queue",
            Some((Tablet, "review")),
            |w| {
                Box::pin(async move {
                    supervisor::open(w.tablet.window()?, search(w)?).await?;
                    w.tablet.window()?.reads("pass a small clear bag").await?;
                    w.tablet.window()?.find("approve").await?;
                    Ok(())
                })
            },
        ),
    ]
}

fn approved() -> Vec<Step> {
    vec![
        step(
            "The tablet loses its network",
            Some((Tablet, "no-connection")),
            |w| {
                Box::pin(async move {
                    w.tablet.link.cut();
                    w.tablet.window()?.find("strip").await?;
                    Ok(())
                })
            },
        ),
        step(
            "Sgt Ahmed approves all the same",
            Some((Tablet, "approved-here")),
            |w| {
                Box::pin(async move {
                    supervisor::approve(w.tablet.window()?).await?;
                    w.tablet
                        .window()?
                        .reads("decision is only on this tablet")
                        .await
                })
            },
        ),
        step(
            "The tablet finds its network again",
            Some((Tablet, "sent")),
            |w| {
                Box::pin(async move {
                    w.tablet.link.mend();
                    w.tablet.window()?.gone("strip").await
                })
            },
        ),
        step(
            "The control room sees it approved, still live",
            Some((Room, "approved")),
            |w| {
                Box::pin(async move {
                    room::open(w.room()?, search(w)?).await?;
                    w.room()?.reads("Approved by Sgt Ahmed").await?;
                    room::has_photo(w.room()?).await?;
                    room::was_never_reloaded(w.room()?).await
                })
            },
        ),
        step(
            "PC Patel reads who approved it",
            Some((Phone, "home-approved")),
            |w| {
                Box::pin(async move {
                    officer::stands(w.phone.window()?, search(w)?, &["approved"]).await?;
                    w.phone.window()?.reads("Approved by Sgt").await
                })
            },
        ),
    ]
}

/// The search that the story is about.
fn search(world: &World) -> Result<&str> {
    let search = world.search.as_deref();
    search.context("no search was recorded yet")
}

/// The note that was written after it.
fn note(world: &World) -> Result<&str> {
    world.note.as_deref().context("no note was written yet")
}
