//! What can go wrong, how often it does in one world, and what did.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::dice::Dice;

/// Defines the faults: each with its name in reports and its weight when it is common.
macro_rules! faults {
    ($($(#[doc = $what:literal])+ $fault:ident = $name:literal, $weight:literal;)+) => {
        /// Something that goes wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Fault {
            $($(#[doc = $what])+ $fault,)+
        }

        impl Fault {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$fault),+];

            /// The fault of this name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|fault| fault.name() == name)
            }

            /// Its name in reports.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$fault => $name,)+
                }
            }

            /// How often it happens where it is common: of the network, times in a hundred
            /// calls; of the schema, times in a thousand steps; of the rest, its weight among all that
            /// can happen in a step.
            const fn weight(self) -> u64 {
                match self {
                    $(Self::$fault => $weight,)+
                }
            }
        }
    };
}

faults! {
    /// A request never arrives.
    RequestLost = "request lost", 12;
    /// A request arrives and its answer does not.
    AnswerLost = "answer lost", 12;
    /// A request arrives twice.
    RequestTwice = "request twice", 10;
    /// A request arrives again long after it was answered.
    RequestLate = "request late", 6;
    /// A bit of a request is changed on the way.
    RequestGarbled = "request garbled", 6;
    /// A bit of an answer is changed on the way.
    AnswerGarbled = "answer garbled", 6;
    /// An answer arrives cut short.
    AnswerCut = "answer cut", 6;
    /// An older answer arrives in place of the one that was asked for.
    AnswerStale = "answer stale", 4;
    /// The server says that it is busy.
    Busy = "server busy", 5;
    /// There is room for little in an answer.
    Narrow = "narrow answer", 30;
    /// A device loses its network, or finds it again.
    Partition = "network gone", 6;
    /// An app is killed between two acts.
    Killed = "app killed", 3;
    /// An app is killed in the middle of a write.
    KilledInWrite = "app killed in a write", 5;
    /// A device loses power in the middle of a write, and all that was not synced.
    PowerCut = "device power cut", 4;
    /// The same, and what was not synced is torn.
    TornWrite = "device write torn", 4;
    /// A write or a sync of a device's disk fails.
    DiskFails = "device disk fails", 3;
    /// A device's disk is full.
    DiskFull = "device disk full", 3;
    /// The server is killed between two acts.
    ServerKilled = "server killed", 2;
    /// The server is killed in the middle of a write.
    ServerKilledInWrite = "server killed in a write", 5;
    /// The server loses power in the middle of a write, and all that was not synced.
    ServerPowerCut = "server power cut", 4;
    /// The same, and what was not synced is torn.
    ServerTornWrite = "server write torn", 4;
    /// A write or a sync of the server's disk fails.
    ServerDiskFails = "server disk fails", 3;
    /// The server's disk is full.
    ServerDiskFull = "server disk full", 2;
    /// A device's clock is set years off.
    ClockJump = "device clock jumps", 2;
    /// The server's clock is set years off.
    ServerClockJump = "server clock jumps", 1;
    /// Weeks pass: sessions end, whoever is offline.
    SessionsEnd = "sessions end", 1;
    /// Somebody signs in on another device, and is owed what came before.
    LateDevice = "another device", 2;
    /// Somebody joins or leaves: the authority changes while drafts are open.
    AuthorityMoves = "authority moves", 2;
    /// An account ends while its officer is at work.
    AccountEnds = "account ends", 1;
    /// A device is revoked while its officer is at work.
    DeviceRevoked = "device revoked", 1;
    /// A device goes back to an older copy of itself.
    DeviceRestored = "device restored", 1;
    /// A second copy of a device comes to life beside it.
    DeviceCloned = "device cloned", 1;
    /// The server goes back to an older copy of itself, and begins another lineage.
    ServerRestored = "server restored", 1;
    /// The supervisor is moved to another team, or back.
    PostingMoves = "posting moves", 2;
    /// A device sends what no honest one would.
    Poison = "poison sent", 5;
    /// A device is locked: its vault is closed, and what is sealed beside it is sent.
    Locked = "device locked", 3;
    /// An app is too old to be given news, until it is upgraded.
    TooOld = "app too old", 2;
    /// A record is erased while devices hold it and write in it.
    Erased = "record erased", 1;
    /// The force decides otherwise on one of its settings.
    SettingsChange = "settings change", 3;
    /// A code is new in a list of the force, ends, or means another duty, while drafts are open.
    ListsChange = "code lists change", 4;
    /// The server or an app is updated to one of a newer schema, whoever comes first: while drafts
    /// are open, while entries wait to be sent or opened, while it is locked.
    SchemaRaised = "schema raised", 16;
}

impl Fault {
    /// What the force does to its own rules, in the worlds where it does.
    pub const OF_THE_FORCE: &'static [Self] = &[Self::SettingsChange, Self::ListsChange];

    /// Those after which the server starts anew.
    pub(crate) const ENDS_THE_SERVER: &'static [Self] = &[
        Self::ServerKilled,
        Self::ServerKilledInWrite,
        Self::ServerPowerCut,
        Self::ServerTornWrite,
    ];
}

/// How often each fault happens in one world. Each world draws its own: most faults are rare
/// or absent in it and a few are common, so that over many worlds each pair of them meets.
#[derive(Debug, Clone)]
pub struct Climate(BTreeMap<Fault, u64>);

impl Climate {
    /// The climate of a world.
    pub fn draw(dice: &Dice) -> Self {
        let weight = |fault: &Fault| {
            let common = fault.weight();
            let drawn = match dice.below(4) {
                0 => 0,
                1 => common.div_ceil(4),
                2 => common,
                _ => common * 2,
            };
            (*fault, drawn)
        };
        Self(Fault::ALL.iter().map(weight).collect())
    }

    /// The same without some of them.
    pub fn without(mut self, faults: &[Fault]) -> Self {
        self.0.retain(|fault, _| !faults.contains(fault));
        self
    }

    /// The same with one of them as common as said.
    pub(crate) fn with(mut self, fault: Fault, weight: u64) -> Self {
        self.0.insert(fault, weight);
        self
    }

    /// A world without faults.
    pub fn calm() -> Self {
        Self(BTreeMap::new())
    }

    /// The weight of a fault in this world.
    pub fn of(&self, fault: Fault) -> u64 {
        self.0.get(&fault).copied().unwrap_or(0)
    }
}

/// Steps within which two faults count as a pair.
const TOGETHER: u64 = 10;

/// Which faults really struck; a run in which none did proves nothing.
#[derive(Debug, Clone, Default)]
pub struct Struck(Arc<Mutex<Told>>);

#[derive(Debug, Default)]
struct Told {
    step: u64,
    times: BTreeMap<Fault, u64>,
    pairs: BTreeMap<(Fault, Fault), u64>,
    lately: VecDeque<(u64, Fault)>,
}

impl Struck {
    /// A step begins.
    pub fn step(&self, step: u64) {
        self.told().step = step;
    }

    /// A fault struck.
    pub fn hit(&self, fault: Fault) {
        let mut told = self.told();
        let told = &mut *told;
        *told.times.entry(fault).or_default() += 1;
        let since = told.step.saturating_sub(TOGETHER);
        told.lately.retain(|(step, _)| *step >= since);
        for (_, other) in &told.lately {
            if *other != fault {
                let pair = (fault.min(*other), fault.max(*other));
                *told.pairs.entry(pair).or_default() += 1;
            }
        }
        let step = told.step;
        if !told.lately.contains(&(step, fault)) {
            told.lately.push_back((step, fault));
        }
    }

    /// How often each struck, in the order of [`Fault::ALL`].
    pub fn times(&self) -> Vec<(Fault, u64)> {
        let told = self.told();
        let times = |fault: &Fault| (*fault, told.times.get(fault).copied().unwrap_or(0));
        Fault::ALL.iter().map(times).collect()
    }

    /// How often each two struck within a few steps of each other.
    pub fn pairs(&self) -> BTreeMap<(Fault, Fault), u64> {
        self.told().pairs.clone()
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
