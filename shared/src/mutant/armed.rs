//! The list of faults, and which one is armed.

use std::cell::Cell;

thread_local! {
    static ARMED: Cell<Option<Mutant>> = const { Cell::new(None) };
}

/// Arms a fault in this thread, in place of the one before, or none.
pub fn arm(fault: Option<Mutant>) {
    ARMED.set(fault);
}

/// Defines the faults with what each does.
macro_rules! faults {
    ($($(#[doc = $what:literal])+ $fault:ident,)+) => {
        /// A fault.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Mutant {
            $($(#[doc = $what])+ $fault,)+
        }

        impl Mutant {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$fault),+];

            /// Its name.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$fault => stringify!($fault),)+
                }
            }

            /// What it does, in a sentence.
            pub const fn what(self) -> &'static str {
                match self {
                    $(Self::$fault => concat!($($what),+),)+
                }
            }
        }
    };
}

faults! {
    /// The server does not sync what it commits.
    SkippedFsyncServer,
    /// A device does not sync what it commits.
    SkippedFsyncDevice,
    /// The server gives a receipt before the commit is on its disk.
    ReceiptBeforeCommit,
    /// A device takes what it sends for received.
    ReceivedWhenSent,
    /// A device takes what was received for accepted.
    AcceptedWhenReceived,
    /// A device moves its cursors in a transaction before that of the data.
    CursorBeforeData,
    /// The records stream has only the latest entry of each record in an answer.
    LatestOnly,
    /// `enters` has only the last entry of a record's history.
    EntersLatestOnly,
    /// The server does not recognise entries that it has.
    MissingDedupe,
    /// A reader passes a position whose transaction commits later.
    CommitOrderGap,
    /// What no longer fits into an answer is passed over.
    BudgetSkips,
    /// Officers are granted their team's records.
    WrongScope,
    /// A record enters its team's scope before it is submitted.
    TeamBeforeSubmission,
    /// A device is given a scope and does not ask for what was in it before.
    GrantWithoutBackfill,
    /// A record is destroyed on a device before what is unsent of it is safe elsewhere.
    EvictionBeforeFlush,
    /// A backfill that is cut by the budget counts as done.
    BackfillEndsEarly,
    /// The server forgets mail that was not receipted.
    MailForgottenEarly,
    /// One actor writes all records of a device.
    ReusedActor,
    /// The server takes another entry at a place that is taken for the one it has.
    ForkIgnored,
    /// An entry that is rejected stops the judge.
    PoisonStopsJudge,
    /// Payloads are not compared with their headers.
    PayloadUnchecked,
    /// A change that another log brought is let in again.
    ReplayAccepted,
    /// A change may be an actor's of another log.
    ForeignActorAccepted,
    /// What was parked is not judged again when what it waits for comes.
    ParkedForever,
    /// A review decides whatever state it is of.
    ReviewOfAnyState,
    /// A photo counts as uploaded once it is announced.
    UploadedWhenAnnounced,
    /// A revoked device is still given news.
    RevokedStillServed,
    /// What somebody does after their account ended is judged as if it had not.
    EndedStillActs,
    /// A judgement is not written into the audit.
    AuditForgets,
    /// A device goes on with the first lists, settings and people that it was given.
    ReferenceOnce,
    /// A list that is brought in takes the place of all that were brought in before.
    ListsForgotten,
    /// An app opens what is of a schema above its own.
    NewerOpened,
    /// An updated app leaves shut what it had kept unopened.
    NewerLeftShut,
}

impl Mutant {
    /// True while it is armed in this thread.
    pub fn is_armed(self) -> bool {
        ARMED.get() == Some(self)
    }

    /// The fault of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }
}
