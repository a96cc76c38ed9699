//! Reading bytes front to back, with Automerge's rules for numbers.

use super::Refusal;

/// The bytes not read yet.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.0
    }

    pub(super) fn byte(&mut self) -> Result<u8, Refusal> {
        let (&first, rest) = self.0.split_first().ok_or(Refusal::Truncated)?;
        self.0 = rest;
        Ok(first)
    }

    /// The next `len` bytes. The length is the sender's, so it is compared as
    /// it was written and never cast first.
    pub(super) fn take(&mut self, len: u64) -> Result<&'a [u8], Refusal> {
        let len = usize::try_from(len).map_err(|_| Refusal::Truncated)?;
        let (taken, rest) = self.0.split_at_checked(len).ok_or(Refusal::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Refusal> {
        let (&taken, rest) = self.0.split_first_chunk().ok_or(Refusal::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    /// An unsigned LEB128 number in its shortest form.
    pub(super) fn unsigned(&mut self) -> Result<u64, Refusal> {
        let mut number = 0u64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            // The tenth byte has room for one bit.
            if shift == 63 && byte > 1 {
                return Err(Refusal::BadNumber);
            }
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let overlong = shift > 0 && byte == 0;
                return if overlong {
                    Err(Refusal::BadNumber)
                } else {
                    Ok(number)
                };
            }
        }
        Err(Refusal::BadNumber)
    }

    /// A signed LEB128 number in its shortest form.
    pub(super) fn signed(&mut self) -> Result<i64, Refusal> {
        let mut number = 0i64;
        let mut previous = 0u8;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            // The tenth byte repeats the sign and nothing else.
            if shift == 63 && byte != 0 && byte != 0x7f {
                return Err(Refusal::BadNumber);
            }
            number |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let sign_was_clear = previous & 0x40 == 0;
                let overlong = shift > 0
                    && ((byte == 0 && sign_was_clear) || (byte == 0x7f && !sign_was_clear));
                if overlong {
                    return Err(Refusal::BadNumber);
                }
                if shift < 63 && byte & 0x40 != 0 {
                    number |= -1 << (shift + 7).min(63);
                }
                return Ok(number);
            }
            previous = byte;
        }
        Err(Refusal::BadNumber)
    }
}
