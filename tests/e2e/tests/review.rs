//! Reviews by two people apart: what is approved is what was seen, whatever came first.
//!
//! One phone, one tablet, each with a network that is cut by itself, and the real server.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use e2e::act::{officer, start, supervisor};
use e2e::screen::Window;
use e2e::world::{Programs, World};

const BAG: &str = "White powder in small folds of paper.";
const SEEN: &str = "I saw the driver hand him a folded note.";

#[tokio::test]
async fn what_is_approved_is_what_was_seen() {
    let Some(programs) = Programs::from_env() else {
        return;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("review");
    let mut world = World::new(&folder, &programs, 0).await.unwrap();
    if let Err(error) = all(&mut world).await {
        for window in [world.phone.window(), world.tablet.window()]
            .into_iter()
            .flatten()
        {
            let name = format!("{}-failed.png", window.name());
            let _ = window.picture(&world.folder().join(name)).await;
        }
        panic!("{error:#}");
    }
}

async fn all(world: &mut World) -> Result<()> {
    world.enrol_both().await?;
    let phone = world.phone.window()?;
    officer::stop_and_search(phone).await?;
    phone.click("receipt-done").await?;
    let search = officer::newest(phone).await?;
    let note = written(phone, "Shutter half open, nobody inside.").await?;
    edited_before_the_approval_came(world, &note)
        .await
        .context("the edit came first")?;
    edited_offline_and_approved_meanwhile(world, &search)
        .await
        .context("the approval came first")?;
    returned_amended_approved(world, &search)
        .await
        .context("returned, amended, approved")?;
    looked_at_together(world, &search)
        .await
        .context("patterns and the dip sample")?;
    changed_while_reading(world, &note)
        .await
        .context("changed while it was read")?;
    taken_back(world, &note)
        .await
        .context("a decision taken back")?;
    passed_on(world, &note).await.context("passed on")?;
    own_record(world).await.context("one's own record")?;
    killed_before_it_was_signed(world, &note)
        .await
        .context("killed before it was signed")
}

/// Writes a note, and waits until the server has it.
async fn written(phone: &Window, words: &str) -> Result<String> {
    officer::home(phone).await?;
    let before = phone.words().await?;
    officer::note(phone, words).await?;
    ensure!(!before.contains(words), "the note was there before");
    phone.reads(words).await?;
    let note = officer::newest(phone).await?;
    officer::stands(phone, &note, &["received", "submitted"]).await?;
    Ok(note)
}

/// The sergeant approves without a connection what has changed on the server already.
async fn edited_before_the_approval_came(world: &World, note: &str) -> Result<()> {
    let (phone, tablet) = (world.phone.window()?, world.tablet.window()?);
    supervisor::open(tablet, note).await?;
    tablet.find("approve").await?;
    world.tablet.link.cut();
    tablet.find("strip").await?;
    officer::add(phone, note, BAG).await?;
    officer::stands(phone, note, &["received", "submitted"]).await?;
    supervisor::approve(tablet).await?;
    tablet.reads("Approved on this tablet").await?;
    tablet
        .pictures(world.folder(), "review-approved-offline")
        .await?;
    supervisor::sign(tablet).await?;
    tablet.reads("decision is only on this tablet").await?;
    world.tablet.link.mend();
    officer::try_now(tablet).await?;
    tablet.gone("strip").await?;
    comes_back(world, note, BAG).await
}

/// The officer has changed it without a connection when the approval comes.
async fn edited_offline_and_approved_meanwhile(world: &World, search: &str) -> Result<()> {
    let (phone, tablet) = (world.phone.window()?, world.tablet.window()?);
    supervisor::look(tablet, search).await?;
    tablet.find("approve").await?;
    world.phone.link.cut();
    phone.find("strip").await?;
    let grounds = format!(
        "{} {SEEN}",
        officer::GROUNDS.replace("small clear", "small blue")
    );
    officer::change(phone, search, "grounds", &grounds).await?;
    officer::stands(phone, search, &["saved"]).await?;
    supervisor::approve(tablet).await?;
    supervisor::sign(tablet).await?;
    supervisor::look(tablet, search).await?;
    tablet.find("state-approved").await?;
    world.phone.link.mend();
    officer::try_now(phone).await?;
    comes_back(world, search, SEEN).await?;
    // Words that went are struck, words that came underlined.
    tablet
        .reads_in("[data-testid='since'] del", "clear")
        .await?;
    tablet.reads_in("[data-testid='since'] ins", "blue").await?;
    tablet.pictures(world.folder(), "review-since").await
}

/// On both devices it is changed since, and before the sergeant with the difference.
async fn comes_back(world: &World, record: &str, words: &str) -> Result<()> {
    let (phone, tablet) = (world.phone.window()?, world.tablet.window()?);
    officer::home(phone).await?;
    officer::stands(phone, record, &["amended"]).await?;
    // What was open stays as it was read; the queue has it anew.
    supervisor::queue(tablet).await?;
    supervisor::open(tablet, record).await?;
    tablet
        .find_css("main [data-testid='state-amended']")
        .await?;
    tablet.reads("Changed since approval").await?;
    tablet.reads_in("[data-testid='since']", words).await?;
    tablet.find("approve").await?;
    ensure!(
        !phone.shows("state-approved").await?,
        "the approval was carried over to what came after it"
    );
    Ok(())
}

async fn returned_amended_approved(world: &World, search: &str) -> Result<()> {
    let (phone, tablet) = (world.phone.window()?, world.tablet.window()?);
    supervisor::look(tablet, search).await?;
    // Without a reason nothing is returned.
    tablet.click("return").await?;
    tablet.click("return-confirm").await?;
    tablet.reads("Choose at least one reason").await?;
    tablet.click("return-reason-grounds").await?;
    tablet
        .fill("return-text", "What did you see in the bag?")
        .await?;
    tablet
        .pictures(world.folder(), "review-return-sheet")
        .await?;
    tablet.reads_in("dialog summary", "Grounds").await?;
    tablet.click("return-confirm").await?;
    supervisor::sign(tablet).await?;

    phone
        .find_css(&format!("[data-testid='todo-{search}']"))
        .await?;
    phone.reads("What did you see in the bag?").await?;
    phone
        .pictures(world.folder(), "review-returned-home")
        .await?;
    phone.click(&format!("todo-{search}")).await?;
    phone.reads("Returned by Sgt").await?;
    phone.pictures(world.folder(), "review-returned").await?;
    // Each answer that is meant is one touch away.
    phone.click("meant-grounds").await?;
    phone.find("grounds").await?;
    officer::add(phone, search, BAG).await?;
    officer::stands(phone, search, &["answered"]).await?;

    supervisor::queue(tablet).await?;
    supervisor::open(tablet, search).await?;
    tablet.reads_in("[data-testid='since']", BAG).await?;
    tablet.click("approve").await?;
    tablet
        .pictures(world.folder(), "review-approve-sheet")
        .await?;
    tablet.click("approve-confirm").await?;
    supervisor::sign(tablet).await?;
    officer::stands(phone, search, &["approved"]).await?;
    phone.reads("Approved by Sgt").await?;

    // Every earlier version stays, each to be read and compared.
    officer::read(phone, search).await?;
    for words in ["Written", "Submitted", "Approved", "Returned", "Added"] {
        phone.reads(words).await?;
    }
    phone.click("versions").await?;
    phone.click("version-1").await?;
    phone.click("compare-2").await?;
    phone.reads_in("main ins", "blue").await?;
    phone.pictures(world.folder(), "review-versions").await
}

/// What the team's searches have in common, and one of them for a second look: which is not for
/// whoever took the first.
async fn looked_at_together(world: &World, search: &str) -> Result<()> {
    let tablet = world.tablet.window()?;
    tablet.run("location.hash = '#/patterns'", vec![]).await?;
    tablet.reads("1 search").await?;
    tablet.reads("too few to say").await?;
    tablet.pictures(world.folder(), "review-patterns").await?;
    tablet.run("location.hash = '#/sample'", vec![]).await?;
    tablet.fill("sample-seed", "November").await?;
    tablet.click("sample-draw").await?;
    tablet.reads("1 of 1, by the seed “November”").await?;
    tablet.pictures(world.folder(), "review-sample").await?;
    tablet.click(&format!("sample-row-{search}")).await?;
    tablet
        .reads("You approved this. A second review is somebody else’s.")
        .await?;
    ensure!(
        !tablet.shows("approve").await?,
        "a second look at one's own"
    );
    tablet.pictures(world.folder(), "review-sampled").await
}

/// What is shown is not replaced under the reader's eyes, and not approved unseen.
async fn changed_while_reading(world: &World, note: &str) -> Result<()> {
    let (phone, tablet) = (world.phone.window()?, world.tablet.window()?);
    let more = "The keyholder came at ten past nine.";
    supervisor::look(tablet, note).await?;
    tablet.find("approve").await?;
    officer::add(phone, note, more).await?;
    tablet.find("see-change").await?;
    ensure!(
        !tablet.shows("approve").await?,
        "what has changed meanwhile is offered for approval"
    );
    tablet.click("see-change").await?;
    tablet.reads(more).await?;
    tablet
        .pictures(world.folder(), "review-changed-while-reading")
        .await?;
    tablet.click("read-on").await?;
    tablet.find("approve").await?;
    Ok(())
}

/// For ten seconds nothing is signed.
async fn taken_back(world: &World, note: &str) -> Result<()> {
    let tablet = world.tablet.window()?;
    supervisor::look(tablet, note).await?;
    supervisor::approve(tablet).await?;
    tablet.click("undo").await?;
    tablet.find("approve").await?;
    tablet.find(&format!("queue-row-{note}")).await?;
    tablet.run("location.hash = '#/sending'", vec![]).await?;
    tablet.reads("Nothing waits here").await
}

/// It stays open, and the words are there for whoever decides.
async fn passed_on(world: &World, note: &str) -> Result<()> {
    let (phone, tablet) = (world.phone.window()?, world.tablet.window()?);
    let why = "This is for the inspector: it touches Operation Lion.";
    supervisor::look(tablet, note).await?;
    supervisor::escalate(tablet, why).await?;
    supervisor::sign(tablet).await?;
    supervisor::open(tablet, note).await?;
    tablet
        .find_css("main [data-testid='state-escalated']")
        .await?;
    tablet.reads(why).await?;
    tablet.pictures(world.folder(), "review-escalated").await?;
    officer::home(phone).await?;
    officer::stands(phone, note, &["escalated"]).await
}

async fn own_record(world: &World) -> Result<()> {
    let tablet = world.tablet.window()?;
    let own = written(tablet, "Spoke to the shop owner myself.").await?;
    supervisor::look(tablet, &own).await?;
    tablet
        .reads("You wrote this. Somebody else must review it.")
        .await?;
    for button in ["approve", "return", "escalate"] {
        ensure!(!tablet.shows(button).await?, "{button} is offered");
    }
    tablet.pictures(world.folder(), "review-own").await?;
    tablet.run("location.hash = '#/review'", vec![]).await?;
    ensure!(
        !tablet.shows(&format!("queue-row-{own}")).await?,
        "one's own record is in the queue"
    );
    Ok(())
}

/// Nothing is signed that could still be taken back; it is asked again.
async fn killed_before_it_was_signed(world: &mut World, note: &str) -> Result<()> {
    let tablet = world.tablet.window()?;
    supervisor::look(tablet, note).await?;
    supervisor::approve(tablet).await?;
    tablet.find("undo").await?;
    world.tablet.kill().await?;
    start::open_again(&mut world.tablet).await?;
    let tablet = world.tablet.window()?;
    supervisor::look(tablet, note).await?;
    tablet
        .reads("You approved this, and it was not signed")
        .await?;
    tablet.pictures(world.folder(), "review-unsigned").await?;
    supervisor::approve(tablet).await?;
    supervisor::sign(tablet).await?;
    let phone = world.phone.window()?;
    officer::home(phone).await?;
    officer::stands(phone, note, &["approved"]).await
}
