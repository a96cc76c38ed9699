//! Passwords, tokens and one-time codes. Only hashes of them are stored.

use argon2::{Algorithm, Argon2, Params, Version};
use shared::hash::sha256;

use super::ServerError;
use crate::env::Env;

/// Passes over the memory (Argon2id, RFC 9106).
const PASSES: u32 = 2;
/// Crockford's letters: none that are read for another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Shortest and longest password.
const PASSWORD_CHARS: std::ops::RangeInclusive<usize> = 8..=256;

/// 256 random bits as hexadecimal, and the hash that is stored.
pub(super) fn token(env: &Env) -> (String, [u8; 32]) {
    let text = hex::encode(env.bytes::<32>());
    let hash = hash(&text);
    (text, hash)
}

/// What is stored of a token or code. They are random, so that a plain hash suffices.
pub(super) fn hash(text: &str) -> [u8; 32] {
    sha256(&[b"beatbook/token/1", text.as_bytes()])
}

/// A one-time code of 60 bits for people to type: `7K3M-29QX-WD4P`.
pub(super) fn code(env: &Env) -> String {
    let mut text = String::new();
    for (index, byte) in env.bytes::<12>().into_iter().enumerate() {
        if index > 0 && index % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(LETTERS[usize::from(byte & 31)]));
    }
    text
}

/// The hash of a code as people type it: case, spaces and lines do not matter, nor the letters
/// that are read for others.
pub(super) fn code_hash(typed: &str) -> [u8; 32] {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = letters
        .map(|letter| match letter.to_ascii_uppercase() {
            'I' | 'L' => '1',
            'O' => '0',
            other => other,
        })
        .take(64)
        .collect();
    hash(&plain)
}

/// True if a password may be chosen.
pub(super) fn acceptable(password: &str) -> bool {
    PASSWORD_CHARS.contains(&password.chars().count())
}

/// Hashes a password: `argon2id$memory$passes$salt$hash`.
pub(super) fn hash_password(env: &Env, kib: u32, password: &str) -> Result<String, ServerError> {
    let salt: [u8; 16] = env.bytes();
    let hash = derive(kib, PASSES, &salt, password)
        .ok_or(ServerError::Invalid("the password could not be hashed"))?;
    Ok(format!(
        "argon2id${kib}${PASSES}${}${}",
        hex::encode(salt),
        hex::encode(hash)
    ))
}

/// True if this is the password. Takes its time for a wrong one too.
pub(super) fn verify_password(stored: &str, password: &str) -> bool {
    let mut parts = stored.split('$').skip(1);
    let mut number = || parts.next().and_then(|part| part.parse::<u32>().ok());
    let (Some(kib), Some(passes)) = (number(), number()) else {
        return false;
    };
    let mut bytes = || parts.next().and_then(|part| hex::decode(part).ok());
    let (Some(salt), Some(expected)) = (bytes(), bytes()) else {
        return false;
    };
    let Some(found) = derive(kib, passes, &salt, password) else {
        return false;
    };
    // Comparing hashes of the two leaves nothing to learn from how long it takes.
    sha256(&[&found]) == sha256(&[&expected])
}

fn derive(kib: u32, passes: u32, salt: &[u8], password: &str) -> Option<[u8; 32]> {
    if !PASSWORD_CHARS.contains(&password.chars().count()) {
        return None;
    }
    let params = Params::new(kib, passes, 1, Some(32)).ok()?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut hash = [0; 32];
    argon2
        .hash_password_into(password.as_bytes(), salt, &mut hash)
        .ok()?;
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_another_is_not() {
        let stored = hash_password(&Env::system(), 64, "correct horse").unwrap();
        assert!(verify_password(&stored, "correct horse"));
        assert!(!verify_password(&stored, "correct house"));
        assert!(!verify_password("", "correct horse"));
    }

    #[test]
    fn a_code_may_be_typed_in_any_case_and_with_any_spaces() {
        let code = code(&Env::system());
        let typed = code
            .to_lowercase()
            .replace('-', " ")
            .replace('0', "o")
            .replace('1', "l");
        assert_eq!(code_hash(&code), code_hash(&typed));
    }
}
