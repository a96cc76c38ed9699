//! What the person who was searched holds: the secret in the code on their receipt, which opens
//! their page on the server.
//!
//! A record holds the secret's hash alone, so nobody who reads records can open the page with
//! what they read there.

use std::fmt;

use super::Reference;
use crate::hash::sha256;

/// Bytes of a secret.
const LEN: usize = 16;
/// What its hash begins with.
const DOMAIN: &[u8] = b"beatbook/receipt/1";
/// Crockford's base 32: nothing in it is mistaken for something else.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of its text: 26 of five bits hold 128.
const CHARS: usize = 26;

/// The secret of one receipt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ReceiptSecret([u8; LEN]);

impl fmt::Debug for ReceiptSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiptSecret")
    }
}

impl ReceiptSecret {
    /// From random bytes, or what is as good.
    pub const fn from_bytes(bytes: [u8; LEN]) -> Self {
        Self(bytes)
    }

    /// Its hash in hexadecimal, which the record holds.
    pub fn hash(&self) -> String {
        hex::encode(sha256(&[DOMAIN, &self.0]))
    }

    /// The path of the person's page.
    pub fn path(&self, reference: &Reference) -> String {
        format!("/r/{reference}/{}", self.to_text())
    }

    fn to_text(self) -> String {
        let bits = u128::from_be_bytes(self.0);
        let digits = (0..CHARS).rev().map(|place| bits >> (5 * place) & 31);
        digits
            .map(|it| char::from(ALPHABET[usize::try_from(it).unwrap_or_default()]))
            .collect()
    }

    /// Reads what a path holds; people may type it, in small letters too.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != CHARS {
            return None;
        }
        let mut bits = 0_u128;
        for byte in text.bytes() {
            let byte = byte.to_ascii_uppercase();
            let digit = ALPHABET.iter().position(|it| *it == byte)?;
            // 130 bits of text hold 128: what does not fit is no secret.
            bits = bits.checked_mul(32)?.checked_add(digit as u128)?;
        }
        Some(Self(bits.to_be_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_secret_reads_back_from_its_path(bytes: [u8; 16]) {
            let secret = ReceiptSecret::from_bytes(bytes);
            let reference = Reference::mint([1; 5], 20);
            let path = secret.path(&reference);
            let text = path.rsplit('/').next().unwrap_or_default();
            prop_assert_eq!(ReceiptSecret::parse(text), Some(secret));
            prop_assert_eq!(ReceiptSecret::parse(&text.to_lowercase()), Some(secret));
            prop_assert_eq!(secret.hash().len(), 64);
        }

        #[test]
        fn any_other_text_is_none(text: String) {
            ReceiptSecret::parse(&text);
        }
    }

    #[test]
    fn texts_of_the_wrong_length_or_size_are_none() {
        for text in [
            "",
            "0",
            &"0".repeat(25),
            &"0".repeat(27),
            &"Z".repeat(26),
            &"U".repeat(26),
        ] {
            assert_eq!(ReceiptSecret::parse(text), None, "{text}");
        }
        assert!(ReceiptSecret::parse(&"0".repeat(26)).is_some());
        assert!(ReceiptSecret::parse(&format!("7{}", "Z".repeat(25))).is_some());
        assert_eq!(ReceiptSecret::parse(&format!("8{}", "0".repeat(25))), None);
    }
}
