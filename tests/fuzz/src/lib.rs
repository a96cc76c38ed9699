//! Bytes from outside, at every place where they are read.
//!
//! A [`Target`] is one such place: a function of some bytes that must neither panic nor ask for
//! more memory than its [`Room`], whatever they are. The same function is run by libFuzzer (the
//! workspace in `libfuzzer/`) and by this crate's tests, which alter honest bytes and try the
//! forms of attack that are known.

pub mod alter;
mod change;
mod files;
pub mod forms;
mod golden;
mod log;
mod wire;

/// A place where bytes from outside are read.
pub struct Target {
    /// Its name, which is also that of its libFuzzer program.
    pub name: &'static str,
    /// Reads the bytes. It panics if what came of them is not as it must be.
    pub run: fn(&[u8]),
    /// What honest programs send.
    pub honest: fn() -> Vec<Vec<u8>>,
    /// The notation that its bytes are in, which decides the attacks that are tried.
    pub form: Form,
    /// What it may take.
    pub room: Room,
}

/// A notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// CBOR in a zstd frame.
    Body,
    /// CBOR.
    Cbor,
    /// A byte that chooses what is read, and CBOR.
    ChosenCbor,
    /// A byte that chooses what is read, and JSON.
    ChosenJson,
    /// JSON.
    Json,
    /// Frames of CBOR, each after its length.
    Frames,
    /// A change of a document.
    Change,
    /// Lines of text.
    Text,
}

/// How much memory reading may ask for, all requests added up, those that were given back too.
/// What is bounded in this way is bounded in time, but for work in place.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// Whatever the bytes.
    pub flat: usize,
    /// For each byte.
    pub per_byte: usize,
}

impl Room {
    /// For so many bytes.
    pub const fn of(self, bytes: usize) -> usize {
        self.flat + self.per_byte * bytes
    }
}

/// All of them.
pub fn targets() -> Vec<Target> {
    let mut all = wire::targets();
    all.extend(log::targets());
    all.extend(change::targets());
    all.extend(files::targets());
    all
}

/// Runs the one with this name; for libFuzzer, which knows it when it is compiled.
pub fn run(name: &str, data: &[u8]) {
    static ALL: std::sync::OnceLock<Vec<Target>> = std::sync::OnceLock::new();
    let target = ALL.get_or_init(targets).iter().find(|it| it.name == name);
    let Some(target) = target else {
        unreachable!("no target is called {name}");
    };
    (target.run)(data);
}

/// Lets a panic pass that the guard catches: Automerge's, which is a verdict. libFuzzer would
/// end the process at any.
pub fn pass_what_the_guard_catches() {
    let fatal = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !shared::guard::running() {
            fatal(panic);
        }
    }));
}
