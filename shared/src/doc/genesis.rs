//! The first change of every record: golden bytes, one per kind.
//!
//! All replicas begin with the very same change, so the maps it creates are the same maps
//! everywhere. The bytes never change. A new kind gets its own; a new schema changes reading.

use std::sync::LazyLock;

use automerge::{Automerge, LoadOptions, TextEncoding};

use crate::guard::{Limits, Past, preflight};
use crate::hash::ChangeHash;
use crate::record::Kind;

/// The first change of a kind of record.
pub struct Genesis {
    /// The kind.
    pub kind: Kind,
    /// The raw change chunk.
    pub bytes: &'static [u8],
    /// Its hash.
    pub hash: ChangeHash,
    pub(super) past: Past,
    pub(super) doc: Automerge,
}

/// Its actor: zeros, then the number of the kind.
pub(super) const fn actor(kind: Kind) -> [u8; 16] {
    let mut actor = [0; 16];
    actor[15] = match kind {
        Kind::StopSearch => 1,
        Kind::Note => 2,
    };
    actor
}

/// The first change of a kind of record.
pub fn genesis(kind: Kind) -> &'static Genesis {
    static STOP_SEARCH: LazyLock<Genesis> = LazyLock::new(|| read(Kind::StopSearch));
    static NOTE: LazyLock<Genesis> = LazyLock::new(|| read(Kind::Note));
    match kind {
        Kind::StopSearch => &STOP_SEARCH,
        Kind::Note => &NOTE,
    }
}

/// How documents count the places in a text. Fixed here, since a feature of Automerge that
/// some other crate switches on would change the default.
pub(super) const ENCODING: TextEncoding = TextEncoding::UnicodeCodePoint;

#[allow(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "built in; a test reads both"
)]
fn read(kind: Kind) -> Genesis {
    let bytes: &'static [u8] = match kind {
        Kind::StopSearch => include_bytes!("genesis/stop_search.automerge"),
        Kind::Note => include_bytes!("genesis/note.automerge"),
    };
    let facts = preflight(bytes, &Limits::default()).expect("golden bytes");
    let options = LoadOptions::new().text_encoding(ENCODING);
    let doc = Automerge::load_with_options(bytes, options).expect("golden bytes");
    Genesis {
        kind,
        bytes,
        hash: ChangeHash::from_bytes(facts.hash),
        past: Past::genesis(&facts),
        doc,
    }
}
