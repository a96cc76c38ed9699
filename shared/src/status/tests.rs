//! Each rule by an example; all of them over histories by chance.

#![allow(clippy::unwrap_used, reason = "tests")]

mod histories;
mod judged;

use super::*;
use crate::ids::{LogId, Seq};

fn id(log: u8, seq: u64) -> EntryId {
    EntryId {
        log: LogId::from_bytes([log; 16]),
        seq: Seq(seq),
    }
}

fn head(n: u8) -> Vec<ChangeHash> {
    vec![ChangeHash::from_bytes([n; 32])]
}

fn review(log: u8, verdict: ReviewVerdict, heads: u8, seen: &[EntryId]) -> ReviewFact {
    ReviewFact {
        id: id(log, 1),
        officer: OfficerId::from_bytes([log; 16]),
        verdict,
        heads: head(heads),
        seen: seen.to_vec(),
        at: UnixMs(i64::from(log)),
    }
}

fn facts(reviews: Vec<ReviewFact>) -> Facts {
    Facts {
        heads: head(1),
        submitted: Some(UnixMs(1)),
        withdrawn: None,
        reviews,
    }
}

#[test]
fn an_approval_holds_for_the_heads_it_names_and_no_others() {
    use ReviewVerdict::Approve;
    assert_eq!(
        facts(vec![review(1, Approve, 1, &[])])
            .review_state()
            .code(),
        "approved"
    );
    assert_eq!(
        facts(vec![review(1, Approve, 9, &[])])
            .review_state()
            .code(),
        "amended"
    );
    assert_eq!(facts(Vec::new()).review_state().code(), "submitted");
}

#[test]
fn reviews_that_had_not_seen_each_other_are_settled_alike_in_any_order() {
    use ReviewVerdict::{Approve, Escalate, Return};
    let all = [
        review(1, Approve, 1, &[]),
        review(2, Return, 1, &[]),
        review(3, Escalate, 1, &[]),
    ];
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]] {
        let shuffled = order.iter().map(|&i| all[i].clone()).collect();
        assert_eq!(facts(shuffled).review_state().code(), "returned");
    }
}

#[test]
fn a_review_that_had_seen_the_other_stands_above_it() {
    use ReviewVerdict::{Approve, Return};
    let returned = review(1, Return, 1, &[]);
    let approved = review(2, Approve, 1, &[id(1, 1)]);
    assert_eq!(
        facts(vec![returned, approved]).review_state().code(),
        "approved"
    );
}

#[test]
fn withdrawal_stands_above_everything_and_nothing_counts_before_submission() {
    let mut withdrawn = facts(vec![review(1, ReviewVerdict::Approve, 1, &[])]);
    withdrawn.withdrawn = Some(UnixMs(5));
    assert_eq!(withdrawn.review_state().code(), "withdrawn");
    assert_eq!(Facts::default().review_state().code(), "unsubmitted");
}
