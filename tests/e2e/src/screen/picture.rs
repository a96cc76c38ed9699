//! Pictures of a window. They lag behind the document, and early ones can be blank.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use fantoccini::Client;

/// So many equal pictures in a row count as standing still.
const EQUAL: usize = 3;
const TRIES: usize = 60;
/// Two frames and a moment: what was changed last has then been drawn.
const DRAWN: &str = "const done = arguments[0]; requestAnimationFrame(() => \
    requestAnimationFrame(() => setTimeout(done, 50)))";

/// Takes pictures until they no longer differ.
pub(super) async fn take(client: &Client) -> Result<Vec<u8>> {
    client.execute_async(DRAWN, vec![]).await?;
    let mut last = client.screenshot().await?;
    let mut equal = 1;
    for _ in 0..TRIES {
        if equal == EQUAL {
            break;
        }
        let next = client.screenshot().await?;
        equal = if next == last { equal + 1 } else { 1 };
        last = next;
    }
    Ok(last)
}

/// Writes it down, if there is something on it.
pub(super) fn save(png: &[u8], path: &Path) -> Result<()> {
    let image = image::load(std::io::Cursor::new(png), image::ImageFormat::Png)
        .context("the picture is no image")?
        .into_rgb8();
    let first = image.get_pixel(0, 0);
    ensure!(
        image.pixels().any(|pixel| pixel != first),
        "the picture has one colour only"
    );
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, png).with_context(|| path.display().to_string())
}
