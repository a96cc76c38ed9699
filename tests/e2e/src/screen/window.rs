//! One window, as somebody uses it: look for a thing, touch it, type, read.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use fantoccini::elements::Element;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use super::{Place, axe, picture, touch};
use crate::wait::{PATIENCE, wait_for};

/// Where it is, and the choices made on the page, by name.
const CHOSEN: &str = "return [location.hash, \
    ...[...document.querySelectorAll(':checked')].map(it => `${it.name}=${it.value}`)].join(' ')";

/// A window under WebDriver. Elements are named by their `data-testid`.
#[derive(Clone, Debug)]
pub struct Window {
    name: String,
    client: Client,
    touches: Arc<AtomicU32>,
}

impl Window {
    pub(super) fn new(name: &str, client: Client) -> Self {
        Self {
            name: name.to_owned(),
            client,
            touches: Arc::default(),
        }
    }

    /// What it is called in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How often a person would have touched the screen so far: to press, or to begin to type.
    pub fn touches(&self) -> u32 {
        self.touches.load(Ordering::Relaxed)
    }

    /// Runs JavaScript in the page, as WebDriver may whatever the page's policy says.
    pub async fn run(&self, script: &str, args: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute(script, args).await?)
    }

    /// The same for a script that calls its last argument when it is done.
    pub async fn run_async(&self, script: &str, args: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute_async(script, args).await?)
    }

    /// Goes to an address.
    pub async fn go_to(&self, url: &str) -> Result<()> {
        Ok(self.client.goto(url).await?)
    }

    /// Waits until the element is there to be seen.
    pub async fn find(&self, id: &str) -> Result<Element> {
        self.find_css(&test_id(id)).await
    }

    /// The same for any selector: for whole families of ids.
    pub async fn find_css(&self, css: &str) -> Result<Element> {
        let found = wait_for(css, PATIENCE, async || self.visible(css).await).await;
        match found {
            Ok(element) => Ok(element),
            Err(error) => Err(error.context(self.where_it_stands().await)),
        }
    }

    /// True if the element can be seen now.
    pub async fn shows(&self, id: &str) -> Result<bool> {
        Ok(self.visible(&test_id(id)).await?.is_some())
    }

    /// Waits until the element is gone.
    pub async fn gone(&self, id: &str) -> Result<()> {
        let css = test_id(id);
        let what = format!("{}: `{id}` should go away", self.name);
        let gone = async || Ok(self.visible(&css).await?.is_none().then_some(()));
        wait_for(&what, PATIENCE, gone).await
    }

    /// Touches it, once it can be touched.
    pub async fn click(&self, id: &str) -> Result<()> {
        self.click_css(&test_id(id)).await
    }

    /// The same for any selector.
    pub async fn click_css(&self, css: &str) -> Result<()> {
        let what = format!("{}: touch {css}", self.name);
        let touched = wait_for(&what, PATIENCE, async || {
            let Some(element) = self.visible(css).await? else {
                return Ok(None);
            };
            let hit = element.is_enabled().await? && touch::touch(&self.client, &element).await?;
            Ok(hit.then_some(()))
        })
        .await;
        match touched {
            Ok(()) => {
                self.touches.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
            Err(error) => Err(error.context(self.where_it_stands().await)),
        }
    }

    /// Types into a field, in place of what it holds.
    pub async fn fill(&self, id: &str, text: &str) -> Result<()> {
        self.fill_css(&test_id(id), text).await
    }

    /// The same for any selector.
    pub async fn fill_css(&self, css: &str, text: &str) -> Result<()> {
        let typed = self.type_css(css, text).await?;
        ensure!(
            typed == text,
            "{}: {css} holds other words than were typed",
            self.name
        );
        Ok(())
    }

    /// The same where the field makes something else of what is typed; gives what it holds then.
    pub async fn type_css(&self, css: &str, text: &str) -> Result<String> {
        let field = self.find_css(css).await?;
        if field
            .prop("value")
            .await?
            .is_some_and(|value| !value.is_empty())
        {
            field.clear().await?;
        }
        field.send_keys(text).await?;
        self.touches.fetch_add(1, Ordering::Relaxed);
        Ok(field.prop("value").await?.unwrap_or_default())
    }

    /// Chooses a file in a file field, which may be hidden behind a button.
    pub async fn choose_file(&self, id: &str, file: &Path) -> Result<()> {
        let css = test_id(id);
        let field = wait_for(&css, PATIENCE, async || {
            Ok(self
                .client
                .find_all(Locator::Css(&css))
                .await?
                .into_iter()
                .next())
        })
        .await?;
        let path = file.to_str().context("a path that is not text")?;
        field
            .send_keys(path)
            .await
            .with_context(|| format!("{}: choose a file", self.name))?;
        Ok(())
    }

    /// The words of an element.
    pub async fn text(&self, id: &str) -> Result<String> {
        Ok(self.find(id).await?.text().await?)
    }

    /// Waits until the words stand somewhere in the window.
    pub async fn reads(&self, words: &str) -> Result<()> {
        self.reads_in("body", words).await
    }

    /// Waits until the words stand in what the selector finds first.
    pub async fn reads_in(&self, css: &str, words: &str) -> Result<()> {
        let what = format!("{}: “{words}” in {css}", self.name);
        let script = "const e = document.querySelector(arguments[0]); return e && e.innerText";
        let read = wait_for(&what, PATIENCE, async || {
            let text = self.run(script, vec![json!(css)]).await?;
            Ok(text
                .as_str()
                .is_some_and(|text| text.contains(words))
                .then_some(()))
        })
        .await;
        match read {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(self.where_it_stands().await)),
        }
    }

    /// All that can be read.
    pub async fn words(&self) -> Result<String> {
        let text = self.run("return document.body.innerText", vec![]).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// How large the screen is that it stands on.
    pub async fn screen(&self) -> Result<(u32, u32)> {
        let size = self
            .run("return [screen.availWidth, screen.availHeight]", vec![])
            .await?;
        serde_json::from_value(size).context("the screen has no size")
    }

    /// Puts it there and makes the inside exactly this large, if the display has the room.
    pub async fn place(&self, place: Place, width: u32, height: u32) -> Result<()> {
        let (mut outer_width, mut outer_height) = (width, height);
        // Twice: the first time shows how much the frame takes.
        for _ in 0..2 {
            self.client
                .set_window_rect(place.x, place.y, outer_width, outer_height)
                .await?;
            let inner = self.run("return [innerWidth, innerHeight]", vec![]).await?;
            let side = |index: usize| inner[index].as_u64().and_then(|n| u32::try_from(n).ok());
            let (Some(inner_width), Some(inner_height)) = (side(0), side(1)) else {
                bail!("{}: the window has no size", self.name)
            };
            outer_width = outer_width + width - inner_width.min(width);
            outer_height = outer_height + height - inner_height.min(height);
        }
        Ok(())
    }

    /// Shows light or dark; anything else is left to the system, as `system` in the menu.
    pub async fn set_theme(&self, theme: &str) -> Result<()> {
        let script = "const e = document.documentElement; \
            if (arguments[0] === 'system') e.removeAttribute('data-theme'); \
            else e.setAttribute('data-theme', arguments[0])";
        self.run(script, vec![json!(theme)]).await?;
        Ok(())
    }

    /// A picture of what is on the screen, once it stands still.
    pub async fn picture(&self, path: &Path) -> Result<()> {
        let taken = tokio::time::timeout(Duration::from_secs(60), picture::take(&self.client));
        let bytes = taken
            .await
            .context("the picture did not come within 60 s")??;
        picture::save(&bytes, path).with_context(|| self.name.clone())
    }

    /// A picture in light and one in dark, which everybody can use.
    pub async fn pictures(&self, folder: &Path, name: &str) -> Result<()> {
        for theme in ["light", "dark"] {
            self.set_theme(theme).await?;
            let file = format!("{}-{name}-{theme}.png", self.name);
            self.picture(&folder.join(file)).await?;
            // Now that it stands still: a colour on its way to another one is neither.
            self.is_accessible().await?;
        }
        self.set_theme("system").await
    }

    /// Fails on what axe calls a serious or critical fault of accessibility.
    pub async fn is_accessible(&self) -> Result<()> {
        axe::check(&self.client)
            .await
            .with_context(|| self.name.clone())
    }

    /// The first visible element; `None` also while the page is being replaced.
    async fn visible(&self, css: &str) -> Result<Option<Element>> {
        for element in self.client.find_all(Locator::Css(css)).await? {
            if element.is_displayed().await? {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// For messages: which window, what is chosen in it, and the beginning of what can be read.
    async fn where_it_stands(&self) -> String {
        let words = self.words().await.unwrap_or_default();
        let first: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let first: String = first.chars().take(1500).collect();
        let chosen = self.run(CHOSEN, vec![]).await.unwrap_or_default();
        let chosen = chosen.as_str().unwrap_or_default();
        format!("{}, with {chosen}, which reads “{first}”", self.name)
    }
}

fn test_id(id: &str) -> String {
    format!("[data-testid=\"{id}\"]")
}
