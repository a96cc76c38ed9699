//! What a supervisor does on the tablet.

use anyhow::Result;

use crate::screen::Window;

/// Opens the record in the queue.
pub async fn open(window: &Window, record: &str) -> Result<()> {
    window.click(&format!("queue-row-{record}")).await
}

/// Approves what is open: the button, then the sheet. The next record has opened by then.
pub async fn approve(window: &Window) -> Result<()> {
    window.click("approve").await?;
    window.click("approve-confirm").await?;
    window.find("undo").await?;
    Ok(())
}

/// Returns what is open, with a reason and words.
pub async fn give_back(window: &Window, reason: &str, words: &str) -> Result<()> {
    window.click("return").await?;
    window.click(&format!("return-reason-{reason}")).await?;
    window.fill("return-text", words).await?;
    window.click("return-confirm").await
}

/// Passes what is open on to a higher rank.
pub async fn escalate(window: &Window, words: &str) -> Result<()> {
    window.click("escalate").await?;
    window.fill("escalate-text", words).await?;
    window.click("escalate-confirm").await
}

/// Leaves the review, which signs a decision that could still be taken back.
pub async fn sign(window: &Window) -> Result<()> {
    window.find("undo").await?;
    queue(window).await
}

/// Opens the queue anew, with all that has come meanwhile.
pub async fn queue(window: &Window) -> Result<()> {
    window.run("location.hash = '#/home'", vec![]).await?;
    window.find("home-stop-search").await?;
    window.run("location.hash = '#/review'", vec![]).await?;
    window.find("filter-all").await?;
    Ok(())
}

/// Opens a record for review by its address, whether it is in the queue or not.
pub async fn look(window: &Window, record: &str) -> Result<()> {
    let script = "location.hash = '#/review/' + arguments[0]";
    window.run(script, vec![record.into()]).await?;
    window.find_css("main h1").await?;
    Ok(())
}
