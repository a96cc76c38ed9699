//! One raw change chunk, read by hand before Automerge sees it.
//!
//! ```text
//! 85 6f 4a 83 | checksum 4 | type 1 | length | content
//! content: deps, actor, seq, start_op, time, message, other actors,
//!          column list, column data, extra bytes
//! ```
//!
//! The hash of a change is the SHA-256 of everything after the checksum, and
//! the checksum is its first four bytes.

use ring::digest::{SHA256, digest};

use super::columns::Columns;
use super::reader::Reader;
use super::rows::{self, Scope};
use super::{Limits, Refusal};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE: u8 = 1;
const COMPRESSED_CHANGE: u8 = 2;
const ACTOR_LEN: u64 = 16;
/// Automerge keeps counters in 32 bits and panics when they run out.
const COUNTER_MAX: u64 = 1 << 31;
const TIME_MAX: u64 = 1 << 53;

/// What preflight learned of a change chunk without expanding it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preflight {
    /// Hash of the change, recomputed.
    pub hash: [u8; 32],
    /// Who made the change.
    pub actor: [u8; 16],
    /// Number of the change among its actor's, from 1.
    pub seq: u64,
    /// Counter of the first operation.
    pub start_op: u64,
    /// Counter of the last operation; `start_op - 1` if there is none.
    pub max_op: u64,
    /// Hashes of the changes this one follows.
    pub deps: Vec<[u8; 32]>,
    /// Other actors whose operations this change refers to.
    pub other_actors: Vec<[u8; 16]>,
    /// Time of the commit, as the sender gives it.
    pub time: i64,
    /// Number of operations.
    pub ops: u64,
}

/// A change that passed [`preflight`]: its bytes, and what was learned of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    bytes: Vec<u8>,
    facts: Preflight,
}

impl Checked {
    /// Checks the bytes of one change chunk.
    pub fn parse(bytes: Vec<u8>, limits: &Limits) -> Result<Self, Refusal> {
        let facts = preflight(&bytes, limits)?;
        Ok(Self { bytes, facts })
    }

    /// The change chunk.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What preflight learned.
    pub fn facts(&self) -> &Preflight {
        &self.facts
    }
}

/// Checks one change chunk. Only raw chunks (type 1) pass: we send changes raw,
/// and the wire compresses whole batches.
///
/// Nothing is allocated but the two lists of the result, and they are capped
/// before they are filled. Time is linear in the bytes and in the operations
/// the limits allow.
pub fn preflight(bytes: &[u8], limits: &Limits) -> Result<Preflight, Refusal> {
    if bytes.len() > limits.change_bytes {
        return Err(Refusal::ChangeTooLarge {
            found: bytes.len(),
            limit: limits.change_bytes,
        });
    }
    let (hash, mut reader) = open(bytes)?;
    let deps = deps(&mut reader, limits)?;
    let actor = actor(&mut reader)?;
    let seq = reader.unsigned()?;
    if !(1..=COUNTER_MAX).contains(&seq) {
        return Err(Refusal::SeqRange(seq));
    }
    let start_op = reader.unsigned()?;
    if !(1..=COUNTER_MAX).contains(&start_op) {
        return Err(Refusal::OpRange(start_op));
    }
    let time = reader.signed()?;
    if time.unsigned_abs() > TIME_MAX {
        return Err(Refusal::TimeRange);
    }
    message(&mut reader, limits)?;
    let other_actors = other_actors(&mut reader, &actor, limits)?;
    let columns = Columns::read(&mut reader)?;
    if reader.rest().len() > limits.extra_bytes {
        return Err(Refusal::ExtraTooLong(reader.rest().len()));
    }

    let ops = columns.count(limits)?;
    let max_op = start_op.saturating_add(ops) - 1;
    if max_op > COUNTER_MAX {
        return Err(Refusal::OpRange(max_op));
    }
    let scope = Scope {
        other_actors: other_actors.len() as u64,
        start_op,
    };
    rows::check(&columns, ops, &scope)?;
    Ok(Preflight {
        hash,
        actor,
        seq,
        start_op,
        max_op,
        deps,
        other_actors,
        time,
        ops,
    })
}

/// Checks the header; returns the hash and what follows the header.
fn open(bytes: &[u8]) -> Result<([u8; 32], Reader<'_>), Refusal> {
    let mut reader = Reader::new(bytes);
    if reader.array()? != MAGIC {
        return Err(Refusal::BadMagic);
    }
    let checksum: [u8; 4] = reader.array()?;
    let hashed = reader.rest();
    match reader.byte()? {
        CHANGE => {}
        COMPRESSED_CHANGE => return Err(Refusal::CompressedChunk),
        other => return Err(Refusal::NotAChange(other)),
    }
    let len = reader.unsigned()?;
    match len.cmp(&(reader.rest().len() as u64)) {
        std::cmp::Ordering::Less => return Err(Refusal::TrailingBytes),
        std::cmp::Ordering::Greater => return Err(Refusal::Truncated),
        std::cmp::Ordering::Equal => {}
    }
    // The hash covers type and length as Automerge would write them, and the
    // reader took the length only in that form.
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, hashed).as_ref());
    if hash[..4] != checksum {
        return Err(Refusal::BadChecksum);
    }
    Ok((hash, reader))
}

fn deps(reader: &mut Reader<'_>, limits: &Limits) -> Result<Vec<[u8; 32]>, Refusal> {
    let count = reader.unsigned()?;
    if count > limits.deps as u64 {
        return Err(Refusal::TooManyDeps(count));
    }
    let mut deps = Vec::new();
    for _ in 0..count {
        let dep = reader.array()?;
        if deps.contains(&dep) {
            return Err(Refusal::RepeatedDep);
        }
        deps.push(dep);
    }
    Ok(deps)
}

fn actor(reader: &mut Reader<'_>) -> Result<[u8; 16], Refusal> {
    match reader.unsigned()? {
        ACTOR_LEN => reader.array(),
        len => Err(Refusal::ActorLength(len)),
    }
}

fn message(reader: &mut Reader<'_>, limits: &Limits) -> Result<(), Refusal> {
    let len = reader.unsigned()?;
    if len > limits.message_bytes as u64 {
        return Err(Refusal::MessageTooLong(len));
    }
    let text = std::str::from_utf8(reader.take(len)?);
    text.map(|_| ()).map_err(|_| Refusal::BadText)
}

fn other_actors(
    reader: &mut Reader<'_>,
    author: &[u8; 16],
    limits: &Limits,
) -> Result<Vec<[u8; 16]>, Refusal> {
    let count = reader.unsigned()?;
    if count > limits.other_actors as u64 {
        return Err(Refusal::TooManyActors(count));
    }
    let mut actors = Vec::new();
    for _ in 0..count {
        let other = actor(reader)?;
        if other == *author || actors.contains(&other) {
            return Err(Refusal::RepeatedActor);
        }
        actors.push(other);
    }
    Ok(actors)
}
