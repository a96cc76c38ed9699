//! COSE_Sign1 (RFC 9052) with Ed25519, for commits of a log and for the server's receipts.
//!
//! One form only: tagged, with the algorithm protected and the payload inside, so that any
//! COSE library can verify an exported log.

use coset::{CoseSign1, CoseSign1Builder, HeaderBuilder, TaggedCborSerializable};
use coset::{RegisteredLabelWithPrivate, iana};
use ring::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};

/// What a signature is for; its text is the external_aad, so that one never passes for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A commit of a log: the payload is the hash of its last header.
    LogCommit,
    /// A receipt of the server: the payload is the checkpoint.
    Checkpoint,
}

impl Purpose {
    const fn aad(self) -> &'static [u8] {
        match self {
            Self::LogCommit => b"beatbook/log/1",
            Self::Checkpoint => b"beatbook/checkpoint/1",
        }
    }
}

/// A signature that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// Not a tagged COSE_Sign1 in its deterministic form.
    #[error("not a COSE_Sign1 message")]
    Shape,
    /// Another algorithm than Ed25519.
    #[error("algorithm not allowed")]
    Algorithm,
    /// The key does not verify it.
    #[error("signature does not verify")]
    Signature,
}

/// Largest message accepted; the payloads are a hash or a checkpoint.
const MAX_BYTES: usize = 512;

/// Signs the payload for the purpose.
pub fn sign(key: &Ed25519KeyPair, purpose: Purpose, payload: &[u8]) -> Vec<u8> {
    let protected = HeaderBuilder::new()
        .algorithm(iana::Algorithm::EdDSA)
        .build();
    let message = CoseSign1Builder::new()
        .protected(protected)
        .payload(payload.to_vec())
        .create_signature(purpose.aad(), |data| key.sign(data).as_ref().to_vec())
        .build();
    // Encoding a message built here cannot fail; an empty one would verify nowhere.
    message.to_tagged_vec().unwrap_or_default()
}

/// Verifies a message for the purpose and gives back its payload.
pub fn verify(key: &[u8], purpose: Purpose, bytes: &[u8]) -> Result<Vec<u8>, BadSignature> {
    if bytes.len() > MAX_BYTES {
        return Err(BadSignature::Shape);
    }
    let message = CoseSign1::from_tagged_slice(bytes).map_err(|_| BadSignature::Shape)?;
    let allowed = RegisteredLabelWithPrivate::Assigned(iana::Algorithm::EdDSA);
    if message.protected.header.alg.as_ref() != Some(&allowed) || !message.unprotected.is_empty() {
        return Err(BadSignature::Algorithm);
    }
    if message.clone().to_tagged_vec().ok().as_deref() != Some(bytes) {
        return Err(BadSignature::Shape);
    }
    message
        .verify_signature(purpose.aad(), |signature, data| {
            UnparsedPublicKey::new(&ED25519, key).verify(data, signature)
        })
        .map_err(|_| BadSignature::Signature)?;
    message.payload.ok_or(BadSignature::Shape)
}

#[cfg(test)]
mod check {
    use coset::CborSerializable;

    use super::*;

    /// The untagged form is refused: a reader that took both would accept two encodings.
    #[test]
    fn only_the_tagged_form_is_read() {
        let message = CoseSign1Builder::new().payload(vec![1]).build();
        let untagged = message.to_vec().unwrap_or_default();
        assert_eq!(
            verify(&[0; 32], Purpose::LogCommit, &untagged),
            Err(BadSignature::Shape)
        );
    }
}
