//! Sealing at rest: AES-256-GCM in chunks, each bound to its place and to being the last.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, MAX_TAG_LEN, Nonce, UnboundKey};

const MAGIC: &[u8; 4] = b"BBP1";
const CHUNK: usize = 64 * 1024;
const SEALED_CHUNK: usize = CHUNK + MAX_TAG_LEN;

/// A sealed file that is not whole, not unchanged, or not under this key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sealed photo is damaged")]
pub struct Damaged;

/// Seals the bytes under a key that is used for this one photo only, which is what makes
/// counting nonces safe.
pub fn seal(key: &[u8; 32], plain: &[u8]) -> Result<Vec<u8>, Damaged> {
    let cipher = cipher(key)?;
    let count = plain.len().div_ceil(CHUNK).max(1);
    let mut out = Vec::with_capacity(MAGIC.len() + plain.len() + count * MAX_TAG_LEN);
    out.extend_from_slice(MAGIC);
    for index in 0..count {
        let start = index * CHUNK;
        let mut chunk = plain[start..plain.len().min(start + CHUNK)].to_vec();
        let aad = Aad::from([u8::from(index + 1 == count)]);
        cipher
            .seal_in_place_append_tag(nonce(index), aad, &mut chunk)
            .map_err(|_| Damaged)?;
        out.extend_from_slice(&chunk);
    }
    Ok(out)
}

/// Opens what [`seal`] made; a changed, cut or reordered file is refused.
pub fn open(key: &[u8; 32], sealed: &[u8]) -> Result<Vec<u8>, Damaged> {
    let cipher = cipher(key)?;
    let body = sealed.strip_prefix(MAGIC).ok_or(Damaged)?;
    let count = body.len().div_ceil(SEALED_CHUNK);
    if count == 0 {
        return Err(Damaged);
    }
    let mut out = Vec::with_capacity(body.len());
    for (index, chunk) in body.chunks(SEALED_CHUNK).enumerate() {
        let mut chunk = chunk.to_vec();
        let aad = Aad::from([u8::from(index + 1 == count)]);
        let plain = cipher
            .open_in_place(nonce(index), aad, &mut chunk)
            .map_err(|_| Damaged)?;
        out.extend_from_slice(plain);
    }
    Ok(out)
}

fn cipher(key: &[u8; 32]) -> Result<LessSafeKey, Damaged> {
    UnboundKey::new(&AES_256_GCM, key)
        .map(LessSafeKey::new)
        .map_err(|_| Damaged)
}

fn nonce(index: usize) -> Nonce {
    let mut bytes = [0; 12];
    bytes[4..].copy_from_slice(&(index as u64).to_be_bytes());
    Nonce::assume_unique_for_key(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn what_was_sealed_opens_at_every_size_around_a_chunk() {
        for size in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let plain: Vec<u8> = (0..size).map(|i| (i % 251) as u8).collect();
            let sealed = seal(&[7; 32], &plain).unwrap();
            assert_eq!(open(&[7; 32], &sealed).unwrap(), plain);
            assert_eq!(open(&[8; 32], &sealed), Err(Damaged));
        }
    }

    #[test]
    fn a_cut_changed_or_reordered_file_is_refused() {
        let sealed = seal(&[7; 32], &vec![1; 3 * CHUNK]).unwrap();
        for end in [3, 4, MAGIC.len() + SEALED_CHUNK, sealed.len() - 1] {
            assert_eq!(open(&[7; 32], &sealed[..end]), Err(Damaged), "cut at {end}");
        }
        let mut swapped = sealed.clone();
        let (a, b) = (MAGIC.len(), MAGIC.len() + SEALED_CHUNK);
        swapped[a..b].copy_from_slice(&sealed[b..b + SEALED_CHUNK]);
        assert_eq!(open(&[7; 32], &swapped), Err(Damaged));
        let mut flipped = sealed;
        flipped[100] ^= 1;
        assert_eq!(open(&[7; 32], &flipped), Err(Damaged));
    }
}
