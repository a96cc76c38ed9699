//! The real parts together: the app in its web view, the server, the page in a browser.
//!
//! The end-to-end tests and the demonstration (`beatbook-demo`) use the same words: a [`World`]
//! holds the processes, a [`story`] is a list of steps done in it.

pub mod act;
pub mod disk;
pub mod display;
pub mod gallery;
pub mod link;
pub mod process;
pub mod screen;
pub mod server;
pub mod situation;
pub mod story;
pub mod typing;
pub mod wait;
pub mod world;
