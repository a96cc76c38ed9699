//! Changes that keep to Automerge's format and not to the schema.

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{Automerge, ObjType, ROOT, ReadDoc, ScalarValue};

use super::*;
use crate::doc::{About, Refused, genesis};

/// One change on top of a document, made without our rules.
fn forged(
    doc: &RecordDoc,
    make: impl FnOnce(&mut automerge::transaction::Transaction<'_>),
) -> Checked {
    let mut raw = Automerge::load(&doc.save()).unwrap();
    raw.set_actor(automerge::ActorId::from([66; 16].as_slice()));
    let mut tx = raw.transaction();
    make(&mut tx);
    tx.commit_with(CommitOptions::default().with_time(0));
    let change = raw.get_last_local_change().unwrap();
    Checked::parse(change.raw_bytes().to_vec(), &Limits::default()).unwrap()
}

fn refused(doc: &RecordDoc, change: Checked) -> &'static str {
    let mut copy = doc.clone();
    let code = match copy.admit(vec![change]) {
        Ok(()) => return "admitted",
        Err(Refused::Never(refusal)) => refusal.code(),
        Err(Refused::Missing(_)) => "missing",
    };
    assert_eq!(
        (copy.save(), copy.heads()),
        (doc.save(), doc.heads()),
        "left as it was"
    );
    code
}

type Make = fn(&mut automerge::transaction::Transaction<'_>);

#[test]
fn what_does_not_fit_the_schema_is_refused() {
    let (doc, _) = two_devices();
    let table: &[(&str, Make)] = &[
        ("kind", |tx| tx.put(ROOT, "kind", "note").unwrap()),
        ("schema", |tx| tx.put(ROOT, "schema", "one").unwrap()),
        ("container", |tx| tx.put(ROOT, "photos", 1).unwrap()),
        ("container", |tx| tx.delete(ROOT, "addenda").unwrap()),
        ("container", |tx| {
            drop(tx.put_object(ROOT, "photos", ObjType::Map).unwrap())
        }),
        ("container", |tx| {
            drop(tx.put_object(ROOT, "grounds", ObjType::Text).unwrap())
        }),
        ("container", |tx| {
            drop(tx.put_object(ROOT, "new_things", ObjType::List).unwrap())
        }),
        ("wrong_type", |tx| tx.put(ROOT, "age", "17").unwrap()),
        ("wrong_type", |tx| {
            tx.put(ROOT, "grounds", ScalarValue::Null).unwrap()
        }),
        ("wrong_type", |tx| {
            tx.put(ROOT, "searched_at", ScalarValue::Timestamp(0))
                .unwrap()
        }),
        ("text_too_long", |tx| {
            tx.put(ROOT, "grounds", "x".repeat(10_001)).unwrap()
        }),
        ("text_too_long", |tx| {
            tx.put(ROOT, "newer_field", "x".repeat(10_001)).unwrap()
        }),
        ("value_too_long", |tx| {
            tx.put(ROOT, "newer_field", vec![0; 10_001]).unwrap()
        }),
        ("key_too_long", |tx| {
            tx.put(ROOT, "k".repeat(65), 1).unwrap()
        }),
        ("too_many_keys", |tx| {
            for key in 0..300 {
                tx.put(ROOT, format!("key{key}"), 1).unwrap();
            }
        }),
        ("photo", |tx| {
            let (_, photos) = tx.get(ROOT, "photos").unwrap().unwrap();
            tx.put(&photos, "one", 1).unwrap();
        }),
        ("addendum", |tx| {
            let (_, addenda) = tx.get(ROOT, "addenda").unwrap().unwrap();
            tx.put_object(&addenda, "00".repeat(16), ObjType::Map)
                .unwrap();
        }),
    ];
    for (code, make) in table {
        assert_eq!(refused(&doc, forged(&doc, make)), *code);
    }
}

#[test]
fn nesting_is_never_followed() {
    let (doc, _) = two_devices();
    let deep = forged(&doc, |tx| {
        let (_, mut at) = tx.get(ROOT, "photos").unwrap().unwrap();
        for _ in 0..60 {
            at = tx.put_object(&at, "00".repeat(16), ObjType::Map).unwrap();
        }
    });
    assert_eq!(refused(&doc, deep), "container");
}

#[test]
fn unknown_scalars_of_a_newer_program_are_kept_and_ignored() {
    let (mut doc, _) = two_devices();
    let before = doc.content();
    let newer = forged(&doc, |tx| {
        tx.put(ROOT, "newer_field", "kept").unwrap();
        tx.put(ROOT, "newer_number", 0.5).unwrap();
        tx.put(ROOT, "text", "of a search").unwrap();
    });
    doc.admit(vec![newer]).unwrap();
    assert_eq!(doc.content(), before);
    let loaded = RecordDoc::load(Kind::StopSearch, &doc.save()).unwrap();
    let raw = Automerge::load(&loaded.save()).unwrap();
    assert_eq!(
        raw.get(ROOT, "newer_field").unwrap().unwrap().0.as_str(),
        Some("kept")
    );
}

#[test]
fn photos_and_addenda_are_never_taken_away() {
    let (mut doc, _) = two_devices();
    let text = "First words".to_owned();
    let add = Edit::AddAddendum {
        id: [5; 16],
        text,
        by: "PC 1".into(),
        at: AT,
        about: About::default(),
    };
    doc.edit(actor(1), AT, &[add]).unwrap().unwrap();
    let rewrite = forged(&doc, |tx| {
        let (_, addenda) = tx.get(ROOT, "addenda").unwrap().unwrap();
        let (_, one) = tx.get(&addenda, "05".repeat(16)).unwrap().unwrap();
        tx.put(&one, "text", "Other words").unwrap();
    });
    assert_eq!(refused(&doc, rewrite), "addendum_changed");
    let remove = forged(&doc, |tx| {
        let (_, addenda) = tx.get(ROOT, "addenda").unwrap().unwrap();
        tx.delete(&addenda, "05".repeat(16)).unwrap();
    });
    assert_eq!(refused(&doc, remove), "addendum_changed");
}

#[test]
fn what_is_missing_is_told_apart_and_what_is_known_is_passed_over() {
    let (mut one, mut two) = two_devices();
    let a = one.edit(actor(1), AT, &[set("age", 20)]).unwrap().unwrap();
    let b = one.edit(actor(1), AT, &[set("age", 21)]).unwrap().unwrap();
    let c = one.edit(actor(1), AT, &[set("age", 22)]).unwrap().unwrap();
    let late = vec![checked(&c), checked(&b)];
    assert_eq!(two.admit(late), Err(Refused::Missing(vec![a.hash])));
    assert!(!two.contains(&b.hash));
    two.admit(vec![checked(&c), checked(&a), checked(&b), checked(&a)])
        .unwrap();
    two.admit(received(&one)).unwrap();
    assert_eq!(two.content(), one.content());
}

#[test]
fn an_actor_used_twice_is_refused() {
    let (mut one, mut two) = two_devices();
    let a = one.edit(actor(1), AT, &[set("age", 20)]).unwrap().unwrap();
    two.edit(actor(1), AT, &[set("age", 30)]).unwrap().unwrap();
    assert_eq!(refused(&two, checked(&a)), "seq_reused");
}

#[test]
fn a_change_of_another_kind_of_record_is_missing_its_past() {
    let (one, _) = two_devices();
    let change = received(&one).remove(0);
    let hash = genesis(Kind::StopSearch).hash;
    let mut note = RecordDoc::new(Kind::Note);
    assert_eq!(note.admit(vec![change]), Err(Refused::Missing(vec![hash])));
}
