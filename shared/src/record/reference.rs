//! The unique reference that the person is given at once, minted on the device without a
//! server: `BB20-7K3M-29QX`.
//!
//! `BB`, the force's number, seven characters that carry 35 random bits, one check character.
//! The alphabet is Crockford's base 32 without I, L, O and U. The check is a weighted sum over
//! GF(32), so every wrong character and every two swapped ones are noticed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// West Midlands Police in the Home Office's numbering of forces.
pub const WEST_MIDLANDS: u8 = 20;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A reference that checks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reference(String);

/// A text that is not a reference, most often because somebody misread or mistyped it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadReference {
    /// Not the shape of one.
    #[error("a reference looks like BB20-7K3M-29QX")]
    Shape,
    /// The check character does not fit.
    #[error("the reference has a wrong character")]
    Check,
}

impl Reference {
    /// Makes a reference from random bytes (the upper 35 bits count) and a force's number
    /// below 100.
    pub fn mint(random: [u8; 5], force: u8) -> Self {
        let bits = random
            .iter()
            .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte))
            >> 5;
        let force = force % 100;
        let mut body = [force / 10, force % 10, 0, 0, 0, 0, 0, 0, 0];
        for (place, value) in body[2..].iter_mut().enumerate() {
            *value = (bits >> (30 - 5 * place) & 31) as u8;
        }
        Self::assemble(&body)
    }

    /// Reads a reference as people type it: small letters, missing hyphens and spaces, O for 0,
    /// I or L for 1.
    pub fn parse(text: &str) -> Result<Self, BadReference> {
        let kept = text.chars().filter(|it| !matches!(it, '-' | ' '));
        let typed: Vec<char> = kept.map(|it| it.to_ascii_uppercase()).take(13).collect();
        let [b1, b2, rest @ ..] = typed.as_slice() else {
            return Err(BadReference::Shape);
        };
        if (*b1, *b2) != ('B', 'B') || rest.len() != 10 {
            return Err(BadReference::Shape);
        }
        let mut values = [0; 10];
        for (value, typed) in values.iter_mut().zip(rest) {
            *value = digit(*typed).ok_or(BadReference::Shape)?;
        }
        let [body @ .., check] = values;
        if body[..2].iter().any(|it| *it > 9) {
            return Err(BadReference::Shape);
        }
        if check != check_value(&body) {
            return Err(BadReference::Check);
        }
        Ok(Self::assemble(&body))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn assemble(body: &[u8; 9]) -> Self {
        let mut text = String::from("BB");
        for (place, value) in body.iter().chain([&check_value(body)]).enumerate() {
            if matches!(place, 2 | 6) {
                text.push('-');
            }
            text.push(char::from(ALPHABET[usize::from(*value & 31)]));
        }
        Self(text)
    }
}

/// The value of a typed character.
fn digit(typed: char) -> Option<u8> {
    let typed = match typed {
        'O' => '0',
        'I' | 'L' => '1',
        it => it,
    };
    let place = ALPHABET.iter().position(|it| char::from(*it) == typed)?;
    u8::try_from(place).ok()
}

/// The sum of the values, each weighted by another power of a generator of GF(32). The first
/// weight is the generator itself, so that swapping with the check character, whose weight is
/// 1, shows as well.
fn check_value(body: &[u8; 9]) -> u8 {
    let mut weight = 1;
    body.iter().rev().fold(0, |sum, value| {
        weight = times(weight, 2);
        sum ^ times(weight, *value)
    })
}

/// Multiplication in GF(32) with the polynomial x^5 + x^2 + 1.
fn times(mut a: u8, mut b: u8) -> u8 {
    let mut product = 0;
    while b > 0 {
        if b & 1 == 1 {
            product ^= a;
        }
        a <<= 1;
        if a & 32 != 0 {
            a ^= 0b10_0101;
        }
        b >>= 1;
    }
    product
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Reference {
    type Err = BadReference;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Reference {
    type Error = BadReference;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Reference> for String {
    fn from(it: Reference) -> Self {
        it.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_reference_has_its_shape_and_reads_as_typed() {
        let reference = Reference::mint([0, 0, 0, 0, 0], WEST_MIDLANDS);
        assert!(
            reference.as_str().starts_with("BB20-0000-000"),
            "{reference}"
        );
        let reference = Reference::mint([1, 2, 3, 4, 255], WEST_MIDLANDS);
        assert_eq!(reference.as_str().len(), 14);
        for typed in [
            reference.to_string(),
            reference.as_str().to_lowercase(),
            reference.as_str().replace('-', " "),
            reference
                .as_str()
                .replace('-', "")
                .replace('0', "O")
                .replace('1', "l"),
        ] {
            assert_eq!(Reference::parse(&typed).as_ref(), Ok(&reference), "{typed}");
        }
        for wrong in [
            "",
            "BB",
            "AB20-0000-0000",
            "BBA0-0000-0000",
            "BB20-0000-000U",
            "BB20-0000-00000",
        ] {
            assert_eq!(Reference::parse(wrong), Err(BadReference::Shape), "{wrong}");
        }
    }

    proptest! {
    #[test]
    fn one_wrong_or_two_swapped_characters_are_noticed(
        random: [u8; 5],
        place in 0_usize..10,
        other in 0_usize..10,
        value in 0_usize..32,
    ) {
        let at = |place: usize| 2 + place + usize::from(place > 1) + usize::from(place > 5);
        let right = Reference::mint(random, 20);
        prop_assert_eq!(Reference::parse(right.as_str()), Ok(right.clone()));

        let mut typed = right.as_str().as_bytes().to_vec();
        typed[at(place)] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"[value];
        let typed = String::from_utf8(typed).unwrap();
        prop_assert_eq!(Reference::parse(&typed).is_ok(), typed == right.as_str());

        let mut swapped = right.as_str().as_bytes().to_vec();
        swapped.swap(at(place), at(other));
        let swapped = String::from_utf8(swapped).unwrap();
        prop_assert_eq!(Reference::parse(&swapped).is_ok(), swapped == right.as_str());
    }
    }
}
