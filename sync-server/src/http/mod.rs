//! The HTTP API and the control room's page. This is a thin layer: it reads requests under
//! limits, calls [`crate::Server`], and writes answers.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `router` | the whole map: every route, in one list |
//! | `device`, `sealed`, `tus`, `live`, `console`, `person`, `ops`, `page` | the handlers, by who asks |
//! | `extract`, `problem`, `watch`, `rate` | what is common to them |
//! | `words` | the languages of the page that a receipt opens |
//! | [`state`] | what they share, and the one way in which they call the server |
//! | [`serve`] | listening, TLS, the judge's thread, and stopping |
//! | [`schema`] | shapes for the description of the API |

mod console;
mod device;
mod extract;
mod judge;
mod live;
mod ops;
mod page;
mod patience;
mod person;
mod photo;
mod problem;
mod rate;
mod router;
mod said;
pub mod schema;
mod sealed;
pub mod serve;
pub mod state;
#[cfg(test)]
mod tests;
mod tus;
mod watch;
mod words;

pub use router::{openapi, router};
pub use serve::{Bound, ServeError, ServeOptions};
pub use state::{App, Options, Receiving};
