//! What `apply` proves, and what it leaves untouched.

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, ObjType, ROOT, ReadDoc};

use super::super::{Checked, Limits, Refusal, apply, running};
use super::forged::Forged;
use super::quiet;
use super::writer::record;

fn checked(bytes: &[u8]) -> Checked {
    Checked::parse(bytes.to_vec(), &Limits::default()).unwrap()
}

/// A document and a change it does not have yet.
fn pair() -> (Automerge, Forged) {
    let mut changes = record(41, 2, 60);
    let last = changes.pop().unwrap();
    let mut doc = Automerge::new();
    doc.apply_changes(changes).unwrap();
    (doc, Forged::from(last.raw_bytes()))
}

fn refusal(doc: &Automerge, bytes: &[u8], limits: &Limits) -> &'static str {
    let heads = doc.get_heads();
    let result = apply(doc, &[checked(bytes)], limits, |_| Ok(()));
    assert_eq!(doc.get_heads(), heads, "the document must not change");
    match result {
        Ok(_) => "accepted",
        Err(refusal) => refusal.code(),
    }
}

#[test]
fn the_result_keeps_the_actor_and_shows_the_change() {
    let actor = ActorId::from([5; 16]);
    let doc = Automerge::new().with_actor(actor.clone());
    let mut writer = Automerge::new();
    let mut tx = writer.transaction();
    tx.put(ROOT, "outcome", "arrest").unwrap();
    tx.commit();
    let change = checked(writer.get_last_local_change().unwrap().raw_bytes());
    let read = |doc: &Automerge| {
        assert!(running());
        let value = doc.get(ROOT, "outcome").unwrap().unwrap().0;
        Ok(value.as_str().unwrap().to_owned())
    };
    let applied = apply(&doc, &[change], &Limits::default(), read).unwrap();
    assert_eq!(applied.read, "arrest");
    assert_eq!(*applied.doc.get_actor(), actor);
    let again = Automerge::load(&applied.saved).unwrap();
    assert_eq!(
        again.get_heads(),
        applied.doc.get_heads(),
        "what is stored is what was shown to load"
    );
    assert!(!running());
}

#[test]
fn panics_are_caught_wherever_they_happen() {
    quiet();
    let (doc, last) = pair();
    let change = checked(&last.seal());
    let result = apply(&doc, &[change], &Limits::default(), |_| -> Result<(), _> {
        panic!("a bug in the caller's reading")
    });
    assert_eq!(result.err(), Some(Refusal::Panicked));
    assert!(!running());
    // Automerge 0.12 panics on an actor it has never seen; only the causal
    // rules, left out here, would have kept it away.
    let mut foreign = last;
    foreign.others.push(vec![0xee; 16]);
    let code = refusal(&doc, &foreign.seal(), &Limits::default());
    assert!(
        ["automerge_panicked", "unloadable"].contains(&code),
        "{code}"
    );
}

#[test]
fn orphans_and_reused_numbers_are_not_acknowledged() {
    quiet();
    let (doc, last) = pair();
    let mut orphan = last.clone();
    orphan.deps.push([7; 32]);
    assert_eq!(
        refusal(&doc, &orphan.seal(), &Limits::default()),
        "not_applied"
    );
    let mut reused = last;
    reused.seq = 1;
    reused.actor = doc.get_changes(&[])[0].actor_id().to_bytes().to_vec();
    reused.others.retain(|other| *other != reused.actor);
    if let Ok(change) = Checked::parse(reused.seal(), &Limits::default()) {
        assert!(apply(&doc, &[change], &Limits::default(), |_| Ok(())).is_err());
    }
}

#[test]
fn the_caller_refuses_by_its_own_code() {
    let (doc, last) = pair();
    let read = |_: &Automerge| -> Result<(), _> { Err(Refusal::Schema("unknown_field")) };
    let result = apply(&doc, &[checked(&last.seal())], &Limits::default(), read);
    assert_eq!(result.unwrap_err().code(), "unknown_field");
}

#[test]
fn documents_are_limited() {
    let (doc, last) = pair();
    let bytes = last.seal();
    let stats = doc.stats();
    let ops = Limits {
        document_ops: stats.num_ops,
        ..Limits::default()
    };
    assert_eq!(refusal(&doc, &bytes, &ops), "document_ops");
    let changes = Limits {
        document_changes: stats.num_changes,
        ..Limits::default()
    };
    assert_eq!(refusal(&doc, &bytes, &changes), "document_changes");
    let size = Limits {
        document_bytes: 500,
        ..Limits::default()
    };
    assert_eq!(refusal(&doc, &bytes, &size), "document_bytes");
    assert_eq!(refusal(&doc, &bytes, &Limits::default()), "accepted");
}

#[test]
fn size_is_counted_before_compression() {
    let mut doc = Automerge::new();
    let limits = Limits::default();
    let mut code = "accepted";
    for n in 0..12 {
        let mut writer = doc.fork();
        let mut tx = writer.transaction();
        tx.put(ROOT, format!("k{n}"), "x".repeat(250_000)).unwrap();
        tx.commit();
        let change = checked(writer.get_last_local_change().unwrap().raw_bytes());
        match apply(&doc, &[change], &limits, |_| Ok(())) {
            Ok(applied) => doc = applied.doc,
            Err(refusal) => {
                code = refusal.code();
                break;
            }
        }
    }
    assert_eq!(code, "document_bytes");
    assert!(
        doc.save().len() < 10_000,
        "what is stored is small all the same"
    );
}

#[test]
fn nesting_over_many_changes_does_not_exhaust_the_stack() {
    // Test threads have 2 MiB, as tokio's have. 300 levels overflow them where
    // a document is read by recursion, so neither `apply` nor `read` may.
    let limits = Limits::default();
    let mut writer = Automerge::new();
    let mut at = ROOT;
    let mut changes = Vec::new();
    for _ in 0..200 {
        let mut tx = writer.transaction();
        for _ in 0..60 {
            at = tx.put_object(&at, "in", ObjType::Map).unwrap();
        }
        tx.commit();
        let change = writer.get_last_local_change().unwrap();
        changes.push(checked(change.raw_bytes()));
    }
    let top = |doc: &Automerge| Ok(doc.keys(ROOT).count());
    let applied = apply(&Automerge::new(), &changes, &limits, top).unwrap();
    assert_eq!(applied.read, 1);
    assert_eq!(applied.doc.stats().num_ops, 12_000);
}
