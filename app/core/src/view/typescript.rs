//! One TypeScript module with every view type.

use ts_rs::{Config, TS};

use super::*;

/// The text of the front-end's `bindings.ts`.
pub fn typescript() -> String {
    let config = Config::default();
    let mut out = String::from(
        "// Generated from app/core/src/view by `cargo xtask generate`; do not edit.\n\n",
    );
    out.push_str("export type FieldMap = { [key: string]: FieldValue | null };\n");
    macro_rules! declare {
        ($($t:ty),* $(,)?) => { $(
            out.push_str("export ");
            out.push_str(&<$t as TS>::decl(&config));
            out.push('\n');
        )* };
    }
    declare!(
        ErrorView,
        AppState,
        FormFactor,
        AppView,
        VaultView,
        SpoolState,
        SpoolView,
        RecoveryState,
        RecoveryView,
        UnsentView,
        EnrolledView,
        Rank,
        PersonView,
        DraftRow,
        RequiredView,
        DraftView,
        ProblemView,
        AdviceView,
        CodeListView,
        CodeView,
        HintView,
        SettingsView,
        ListsView,
        AreaView,
        HereView,
        PlaceView,
        ReceiptView,
        FrameInput,
        OutlineView,
        MapView,
        AsksView,
        LinkedView,
        PlaceInput,
        WhereView,
        RecentPlaceView,
        AuthorisationView,
        EntryInput,
        FindInput,
        FieldValue,
        StateView,
        RecordRow,
        TodoView,
        RemovedView,
        HomeView,
        SearchView,
        PhotoView,
        OptionView,
        ConflictView,
        AddendumView,
        TimelineView,
        MadeView,
        VersionView,
        ComparedView,
        ComparisonView,
        HeldView,
        ConfirmView,
        HeldTaskView,
        HeldTasksView,
        ShareView,
        ColleagueView,
        RecordView,
        QueueRow,
        QueueView,
        RateView,
        GroupView,
        PatternsView,
        SampleView,
        SinceView,
        ReviewPanel,
        ReviewInput,
        ConnectionState,
        ConnectionView,
        LeaseView,
        StatusView,
        SendingRow,
        DetailsView,
        SendingView,
    );
    out
}
