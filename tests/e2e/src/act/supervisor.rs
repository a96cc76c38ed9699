//! What a supervisor does on the tablet.

use anyhow::Result;

use crate::screen::Window;

/// Opens the record in the queue.
pub async fn open(window: &Window, record: &str) -> Result<()> {
    window.click(&format!("queue-row-{record}")).await
}

/// Approves what is open: the button, then the sheet.
pub async fn approve(window: &Window) -> Result<()> {
    window.click("approve").await?;
    window.click("approve-confirm").await
}

/// Returns what is open, with a reason and words.
pub async fn give_back(window: &Window, reason: &str, words: &str) -> Result<()> {
    window.click("return").await?;
    window.click(&format!("return-reason-{reason}")).await?;
    window.fill("return-text", words).await?;
    window.click("return-confirm").await
}
