//! What people look at: the app in its web view, and the control room's page in a browser.
//! Both are driven through WebDriver by the same code.

mod app;
mod axe;
mod browser;
mod driver;
mod picture;
mod window;

pub use app::{App, AppSettings, FormFactor};
pub use browser::Browser;
pub use window::Window;
