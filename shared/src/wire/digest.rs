//! Digests: one sum per scope, by which a device finds holes in what it holds, whatever made
//! them.

use minicbor::{Decode, Encode};

use super::Scope;
use crate::hash::{ChangeHash, sha256};
use crate::ids::{EntryId, RecordId};

/// One record in one state, as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf(u128);

impl Leaf {
    /// The first 16 bytes of SHA-256 over the record, its accepted heads and its accepted
    /// statements, each list sorted and with its length before it.
    pub fn of(record: RecordId, heads: &[ChangeHash], statements: &[EntryId]) -> Self {
        let mut heads = heads.to_vec();
        heads.sort_unstable();
        let mut statements = statements.to_vec();
        statements.sort_unstable();
        let mut bytes = Vec::with_capacity(32 + heads.len() * 32 + statements.len() * 24);
        bytes.extend_from_slice(record.as_bytes());
        bytes.extend_from_slice(&(heads.len() as u64).to_be_bytes());
        for head in &heads {
            bytes.extend_from_slice(head.as_bytes());
        }
        bytes.extend_from_slice(&(statements.len() as u64).to_be_bytes());
        for statement in &statements {
            bytes.extend_from_slice(statement.log.as_bytes());
            bytes.extend_from_slice(&statement.seq.0.to_be_bytes());
        }
        let hash = sha256(&[b"beatbook/leaf/1", &bytes]);
        let first = std::array::from_fn(|i| hash[i]);
        Self(u128::from_be_bytes(first))
    }
}

/// The sum of the leaves of a scope. Order does not matter, so it is kept up to date by
/// taking the old leaf of a record out and putting the new one in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum(u128);

impl Sum {
    /// With this leaf.
    #[must_use]
    pub const fn with(self, leaf: Leaf) -> Self {
        Self(self.0.wrapping_add(leaf.0))
    }

    /// Without this leaf, which is in it.
    #[must_use]
    pub const fn without(self, leaf: Leaf) -> Self {
        Self(self.0.wrapping_sub(leaf.0))
    }

    /// Big-endian.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// From its bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }
}

/// The sum of one scope, in the snapshot of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ScopeDigest {
    /// The scope.
    #[n(0)]
    pub scope: Scope,
    /// Its [`Sum`].
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub sum: [u8; 16],
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{LogId, Seq};

    fn statement(log: u8, seq: u64) -> EntryId {
        EntryId {
            log: LogId::from_bytes([log; 16]),
            seq: Seq(seq),
        }
    }

    #[test]
    fn a_sum_forgets_the_order_and_what_was_taken_out() {
        let [a, b] = [1, 2].map(|n| Leaf::of(RecordId::from_bytes([n; 16]), &[], &[]));
        assert_ne!(a, b);
        assert_eq!(
            Sum::default().with(a).with(b),
            Sum::default().with(b).with(a)
        );
        assert_eq!(
            Sum::default().with(a).with(b).without(a),
            Sum::default().with(b)
        );
        let sum = Sum::default().with(a);
        assert_eq!(Sum::from_bytes(sum.to_bytes()), sum);
    }

    #[test]
    fn a_leaf_knows_heads_and_statements_apart_and_not_their_order() {
        let record = RecordId::from_bytes([1; 16]);
        let [x, y] = [1, 2].map(|n| ChangeHash::from_bytes([n; 32]));
        let (s, t) = (statement(1, 2), statement(2, 1));
        let leaf = Leaf::of(record, &[x, y], &[s, t]);
        assert_eq!(leaf, Leaf::of(record, &[y, x], &[t, s]));
        for other in [
            Leaf::of(record, &[x], &[s, t]),
            Leaf::of(record, &[x, y], &[s]),
            Leaf::of(record, &[], &[]),
            Leaf::of(RecordId::from_bytes([2; 16]), &[x, y], &[s, t]),
        ] {
            assert_ne!(leaf, other);
        }
    }
}
