//! What the screens are given: plain values, no words for people and no logic.
//!
//! The TypeScript of the front-end is generated from these types; the words of each code
//! live in the front-end's message file. Times are milliseconds since 1970 in UTC.

mod device;
mod draft;
mod error;
mod people;
mod record;
mod review;
mod sending;
mod typescript;

pub use device::{AppState, AppView, EnrolledView, FormFactor, VaultView};
pub use draft::{
    AdviceView, AreaView, CodeListView, CodeView, DraftRow, DraftView, HintView, ListsView,
    PlaceView, ProblemView, ReceiptView, RequiredView,
};
pub use error::ErrorView;
pub use people::{PersonView, Rank};
pub use record::{
    AddendumView, ConflictView, FieldMap, FieldValue, HomeView, OptionView, PhotoView, RecordRow,
    RecordView, SearchView, StateView, TimelineView, TodoView, VersionView,
};
pub use review::{QueueRow, QueueView, ReviewInput, ReviewPanel};
pub use sending::{ConnectionState, ConnectionView, SendingRow, SendingView, StatusView};
pub use typescript::typescript;
