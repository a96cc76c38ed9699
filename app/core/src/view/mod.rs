//! What the screens are given: plain values, no words for people and no logic.
//!
//! The TypeScript of the front-end is generated from these types; the words of each code
//! live in the front-end's message file. Times are milliseconds since 1970 in UTC.

mod capture;
mod device;
mod draft;
mod error;
mod held;
mod map;
mod patterns;
mod people;
mod record;
mod review;
mod sending;
mod typescript;
mod versions;

pub use capture::{
    AuthorisationView, EntryInput, FindInput, LinkedView, PlaceInput, RecentPlaceView, WhereView,
};
pub use device::{
    AppState, AppView, EnrolledView, FormFactor, RecoveryState, RecoveryView, SpoolState,
    SpoolView, UnsentView, VaultView,
};
pub use draft::{
    AdviceView, AreaView, CodeListView, CodeView, DraftRow, DraftView, HereView, HintView,
    ListsView, PlaceView, ProblemView, ReceiptView, RequiredView, SettingsView,
};
pub use error::ErrorView;
pub use held::{ColleagueView, ConfirmView, HeldTaskView, HeldTasksView, HeldView, ShareView};
pub use map::{AsksView, FrameInput, MapView, OutlineView};
pub use patterns::{GroupView, PatternsView, RateView, SampleView};
pub use people::{PersonView, Rank};
pub use record::{
    AddendumView, ConflictView, FieldMap, FieldValue, HomeView, OptionView, PhotoView, RecordRow,
    RecordView, RemovedView, SearchView, StateView, TimelineView, TodoView,
};
pub use review::{QueueRow, QueueView, ReviewInput, ReviewPanel, SinceView};
pub use sending::{
    ConnectionState, ConnectionView, DetailsView, LeaseView, SendingRow, SendingView, StatusView,
};
pub use typescript::typescript;
pub use versions::{ComparedView, ComparisonView, MadeView, VersionView};
