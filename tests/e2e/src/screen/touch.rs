//! A touch that lands on what it was meant for.

use std::time::Duration;

use anyhow::Result;
use fantoccini::Client;
use fantoccini::elements::Element;
use serde_json::Value;

use crate::wait::wait_for;

/// Scrolls to the middle, as people do: at the edge it may lie under a bar or the dock. True once it
/// has stood still for two frames with nothing over it; then what the next click lands on is noted.
const AIM: &str = "const [e, done] = arguments; e.scrollIntoView({ block: 'center' }); \
    const place = () => { const r = e.getClientRects()[0]; \
        return r && [r.x + r.width / 2, r.y + r.height / 2]; }; \
    let left = 60, equal = 0, last = place(); \
    const look = () => { const now = place(); \
        equal = now && last && now[0] === last[0] && now[1] === last[1] ? equal + 1 : 0; \
        last = now; \
        if (equal < 2 && left-- > 0 && e.isConnected) return requestAnimationFrame(look); \
        const over = now && document.elementFromPoint(now[0], now[1]); \
        const ready = equal >= 2 && !!over && e.contains(over); \
        if (ready) { window.touched = 'nothing'; \
            document.addEventListener('click', \
                c => { window.touched = e.contains(c.target) ? 'it' : 'another'; }, \
                { capture: true, once: true }); } \
        done(ready); }; \
    requestAnimationFrame(look)";
/// A page that is another one by now has been touched.
const TOUCHED: &str = "return window.touched || 'it'";
/// How long a click may be on its way.
const ON_ITS_WAY: Duration = Duration::from_secs(2);

/// Touches an element that can be seen. False if it was not to be hit: it moves or lies under
/// something, or moved at the last moment, as answers open further questions. People touch again.
pub(super) async fn touch(client: &Client, element: &Element) -> Result<bool> {
    let there = serde_json::to_value(element)?;
    if client.execute_async(AIM, vec![there]).await? != Value::Bool(true) {
        return Ok(false);
    }
    element.click().await?;
    let hit = wait_for("the click", ON_ITS_WAY, async || {
        let touched = client.execute(TOUCHED, vec![]).await?;
        Ok(match touched.as_str() {
            Some("nothing") => None,
            touched => Some(touched == Some("it")),
        })
    });
    Ok(hit.await.unwrap_or(false))
}
