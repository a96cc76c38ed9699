//! When something has been painted, as the page itself sees it.
//!
//! The page's own scripts note it: an observer hears of the element in the document, the next
//! frame's callback runs before that frame is drawn, and a message posted there is delivered
//! after it. What WebDriver takes to ask is in none of these times.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::Window;

/// Notes for each element that matches when it was painted first, by the page's clock.
const WATCH: &str = "const css = arguments[0]; \
    const seen = new Map(); const waiting = new Map(); \
    const now = () => performance.timeOrigin + performance.now(); \
    const note = id => { const at = now(); seen.set(id, at); waiting.get(id)?.(at); }; \
    const look = () => { for (const e of document.querySelectorAll(css)) { \
        const id = e.dataset.testid; if (seen.has(id)) continue; seen.set(id, null); \
        requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); \
            port1.onmessage = () => note(id); port2.postMessage(null); }); } }; \
    look(); \
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true }); \
    window.painted = id => new Promise(done => { \
        const at = seen.get(id); if (at) done(at); else waiting.set(id, done); }); \
    window.pageClock = now;";
const PAINTED: &str = "const done = arguments[1]; painted(arguments[0]).then(done)";

impl Window {
    /// From now on the page notes when elements that the selector matches are painted.
    pub async fn watch_paint(&self, css: &str) -> Result<()> {
        self.run(WATCH, vec![json!(css)]).await?;
        Ok(())
    }

    /// Waits until the element of this id has been painted; when that was, in milliseconds since
    /// 1970 by the clock of the machine.
    pub async fn painted(&self, id: &str) -> Result<f64> {
        milliseconds(&self.run_async(PAINTED, vec![json!(id)]).await?)
    }

    /// Fails if the page's clock is not `clock`, as far as asking for it can tell.
    pub async fn has_clock(&self, clock: impl Fn() -> f64) -> Result<()> {
        let before = clock();
        let page = milliseconds(&self.run("return pageClock()", vec![]).await?)?;
        let after = clock();
        ensure!(
            (before - 1.0..=after + 1.0).contains(&page),
            "the page's clock is {:.1} ms off",
            if page < before {
                page - before
            } else {
                page - after
            }
        );
        Ok(())
    }
}

fn milliseconds(value: &Value) -> Result<f64> {
    value.as_f64().context("the page gave no time")
}
