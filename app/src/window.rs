//! The one window.

use app_core::view::FormFactor;
use tauri::window::Color;
use tauri::{AppHandle, WebviewUrl, WebviewWindowBuilder};

use crate::settings::Settings;

/// The dark background token, so that no white flash comes at night.
const DARK: Color = Color(0x0a, 0x0e, 0x15, 0xff);

pub(crate) fn open(app: &AppHandle, settings: &Settings) -> tauri::Result<()> {
    let builder = WebviewWindowBuilder::new(app, "main", WebviewUrl::default());
    #[cfg(desktop)]
    let builder = {
        let (width, height) = match settings.form_factor {
            FormFactor::Phone => (390.0, 844.0),
            FormFactor::Tablet => (1024.0, 768.0),
        };
        builder
            .title("Beatbook")
            .inner_size(width, height)
            .min_inner_size(320.0, 480.0)
    };
    builder.background_color(DARK).build()?;
    Ok(())
}
