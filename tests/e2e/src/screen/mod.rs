//! What people look at: the app in its web view, and the control room's page in a browser.
//! Both are driven through WebDriver by the same code.

mod app;
mod axe;
mod browser;
mod driver;
mod paint;
mod picture;
mod touch;
mod window;

pub use app::{App, AppSettings, FormFactor};
pub use browser::Browser;
pub use window::Window;

/// The upper left corner of a window on the display.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Pixels from the left.
    pub x: u32,
    /// Pixels from the top.
    pub y: u32,
}
