//! Honest bytes, altered by chance that begins at a seed.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};

/// Alters bytes; the same seed gives the same.
pub struct Alterer(ChaCha8Rng);

impl Alterer {
    /// Begins at a seed.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// One to four alterations of some bytes, some of them with a piece of others.
    pub fn alter(&mut self, bytes: &[u8], other: &[u8]) -> Vec<u8> {
        let mut out = bytes.to_vec();
        for _ in 0..=self.below(4) {
            self.once(&mut out, other);
        }
        out
    }

    fn once(&mut self, out: &mut Vec<u8>, other: &[u8]) {
        let at = self.below(out.len() + 1);
        match self.below(9) {
            0 => out.truncate(at),
            1 => self.splice(out, other),
            2 => self.inflate(out),
            3 => out.insert(at, self.byte()),
            4 if at < out.len() => _ = out.remove(at),
            5 => self.repeat(out),
            6 if at < out.len() => out[at] = self.byte(),
            7 if at < out.len() => out[at] = out[at].wrapping_add(1),
            _ if at < out.len() => out[at] ^= 1 << self.below(8),
            _ => {}
        }
    }

    /// Puts a piece of other bytes in the place of a piece of these.
    fn splice(&mut self, out: &mut Vec<u8>, other: &[u8]) {
        let (from, upto) = self.range(out.len());
        let (first, last) = self.range(other.len());
        out.splice(from..upto, other[first..last].iter().copied());
    }

    /// Makes a length, wherever there may be one, very large: in CBOR's notation, in frames' and
    /// in base 128.
    fn inflate(&mut self, out: &mut Vec<u8>) {
        let at = self.below(out.len() + 1);
        let major = out.get(at).map_or(0x80, |byte| byte & 0xE0);
        let mut large = match self.below(4) {
            0 => vec![major | 0x1B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            1 => vec![major | 0x1A, 0x7F, 0xFF, 0xFF, 0xFF],
            2 => vec![major | 0x19, 0xFF, 0xFF],
            _ => vec![0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
        };
        large.truncate(1 + self.below(large.len()));
        let end = (at + self.below(large.len() + 1)).min(out.len());
        out.splice(at..end, large);
    }

    fn repeat(&mut self, out: &mut Vec<u8>) {
        let (from, upto) = self.range(out.len());
        let piece = out[from..upto.min(from + 64)].repeat(1 + self.below(64));
        out.splice(from..from, piece);
    }

    fn range(&mut self, length: usize) -> (usize, usize) {
        let (a, b) = (self.below(length + 1), self.below(length + 1));
        (a.min(b), a.max(b))
    }

    fn below(&mut self, end: usize) -> usize {
        self.0.next_u32() as usize % end
    }

    fn byte(&mut self) -> u8 {
        self.0.next_u32() as u8
    }
}
