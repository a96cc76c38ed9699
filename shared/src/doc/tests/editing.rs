//! Edits, versions, conflicts and caps.

use super::*;
use crate::doc::{About, DocError, PhotoMeta, difference};
use crate::hash::BlobHash;
use crate::ids::PhotoId;
use crate::record::{ADDENDA, FieldType, PHOTOS, TEXT_CHARS, catalogue, field};

fn photo(number: u8) -> Edit {
    let photo = PhotoMeta {
        sha256: BlobHash::of(&[number]),
        bytes: 1_204_331,
        mime: "image/jpeg".into(),
        caption: (number > 0).then(|| "Seized bag".into()),
        taken_at: AT,
        width: 4032,
        height: 3024,
    };
    Edit::AddPhoto {
        id: PhotoId::from_bytes([number; 16]),
        photo,
    }
}

fn addendum(number: u8, text: &str) -> Edit {
    Edit::AddAddendum {
        id: [number; 16],
        text: text.into(),
        by: "PC 4417 Patel".into(),
        at: AT,
        about: About::default(),
    }
}

#[test]
fn a_correction_names_what_it_puts_right_and_leaves_it_there() {
    let mut doc = RecordDoc::new(Kind::Note);
    let text = Edit::Text {
        value: "Red Ford, going north".into(),
    };
    doc.edit(actor(1), AT, &[text]).unwrap().unwrap();
    let about = About {
        happened_at: Some(AT),
        corrects: Some(field::TEXT.into()),
        quote: Some("going north".into()),
    };
    let put_right = Edit::AddAddendum {
        id: [7; 16],
        text: "It went south".into(),
        by: "PC 4417 Patel".into(),
        at: AT,
        about: about.clone(),
    };
    let change = doc.edit(actor(1), AT, &[put_right]).unwrap().unwrap();
    let content = doc.content();
    assert_eq!(content.addenda[0].about, about);
    assert_eq!(
        content.fields.get_text(field::TEXT),
        Some("Red Ford, going north")
    );
    let mut other = RecordDoc::new(Kind::Note);
    let all = doc.changes().into_iter();
    let all = all.map(|it| Checked::parse(it.bytes, &Limits::default()).unwrap());
    other.admit(all.collect()).unwrap();
    assert!(other.contains(&change.hash));
    assert_eq!(other.content(), content);
}

#[test]
fn one_save_is_one_change_that_anybody_can_read() {
    let mut doc = RecordDoc::new(Kind::StopSearch);
    let edits = [
        set("age", 17),
        set("force_used", false),
        set("grounds", "Seen"),
        photo(1),
        addendum(1, "More"),
    ];
    let change = doc.edit(actor(1), AT, &edits).unwrap().unwrap();
    assert_eq!((change.seq, change.actor), (1, actor(1)));
    assert_eq!(doc.heads(), [change.hash]);
    assert_eq!(doc.last_seq(&actor(1)), 1);

    let content = RecordDoc::from_changes(Kind::StopSearch, received(&doc))
        .unwrap()
        .content();
    assert_eq!(content, doc.content());
    assert_eq!(content.fields.get_int("age"), Some(17));
    assert_eq!(content.photos.len(), 1);
    assert_eq!(
        content.photos.values().next().unwrap().caption.as_deref(),
        Some("Seized bag")
    );
    assert_eq!(content.addenda[0].text, "More");
    assert!(content.conflicts.is_empty());
}

#[test]
fn what_changes_nothing_makes_no_change() {
    let (mut doc, _) = two_devices();
    doc.edit(actor(1), AT, &[photo(1), addendum(1, "More")])
        .unwrap()
        .unwrap();
    let before = doc.heads();
    let same = [
        set("grounds", "Seen passing a bag"),
        Edit::Clear { key: "name".into() },
        Edit::Pick {
            key: "place_text".into(),
            value: "Soho Road".into(),
        },
        photo(1),
        addendum(1, "Other words"),
    ];
    assert_eq!(doc.edit(actor(1), AT, &same), Ok(None));
    assert_eq!(doc.edit(actor(9), AT, &[]), Ok(None));
    assert_eq!(doc.heads(), before);
}

#[test]
fn every_version_stays_readable() {
    let mut doc = RecordDoc::new(Kind::StopSearch);
    let first = doc
        .edit(actor(1), AT, &[set("outcome", "arrest"), set("age", 30)])
        .unwrap()
        .unwrap();
    let clear = Edit::Clear { key: "age".into() };
    doc.edit(actor(1), AT, &[set("outcome", "caution"), clear, photo(3)])
        .unwrap()
        .unwrap();

    let was = doc.at(&[first.hash]).unwrap();
    let is = doc.content();
    assert_eq!(was.fields.get_text("outcome"), Some("arrest"));
    assert!(was.photos.is_empty());
    assert_eq!(doc.at(&doc.heads()).unwrap(), is);
    let changes = difference(&was, &is);
    let keys: Vec<_> = changes.iter().map(|it| it.key.as_str()).collect();
    assert_eq!(keys, ["age", "outcome"]);
    assert_eq!(
        (changes[0].before.clone(), changes[0].after.clone()),
        (Some(30.into()), None)
    );
    assert_eq!(doc.at(&[]), Err(DocError::UnknownHeads));
    assert_eq!(
        doc.at(&[BlobHash::of(b"").as_bytes()].map(|it| crate::hash::ChangeHash::from_bytes(*it))),
        Err(DocError::UnknownHeads)
    );
}

#[test]
fn values_given_apart_stay_until_a_person_picks() {
    let (mut one, mut two) = two_devices();
    let a = one
        .edit(
            actor(1),
            AT,
            &[set("place_text", "Thornhill Road"), set("age", 20)],
        )
        .unwrap()
        .unwrap();
    let b = two
        .edit(
            actor(2),
            AT,
            &[set("place_text", "Oxhill Road"), set("age", 20)],
        )
        .unwrap()
        .unwrap();
    one.admit(vec![checked(&b)]).unwrap();
    two.admit(vec![checked(&a)]).unwrap();
    assert_eq!(one.content(), two.content());

    let content = one.content();
    assert_eq!(
        content.conflicts.keys().collect::<Vec<_>>(),
        ["place_text"],
        "equal ages need none"
    );
    let mut values: Vec<_> = content.conflicts["place_text"]
        .iter()
        .map(|it| (it.change, it.value.clone()))
        .collect();
    values.sort();
    let mut expected = vec![
        (a.hash, Some(Scalar::from("Thornhill Road"))),
        (b.hash, Some(Scalar::from("Oxhill Road"))),
    ];
    expected.sort();
    assert_eq!(values, expected);

    // Saving the form again leaves the choice open; picking closes it, with either value.
    let shown = content.fields.get("place_text").unwrap().clone();
    assert_eq!(
        one.edit(actor(1), AT, &[set("place_text", shown.clone())]),
        Ok(None)
    );
    let pick = Edit::Pick {
        key: "place_text".into(),
        value: shown,
    };
    let picked = one.edit(actor(1), AT, &[pick]).unwrap().unwrap();
    assert!(one.content().conflicts.is_empty());
    two.admit(vec![checked(&picked)]).unwrap();
    assert_eq!(one.content(), two.content());
    assert_eq!(
        two.at(&[a.hash, b.hash]).unwrap().conflicts.len(),
        1,
        "the history keeps both"
    );
}

#[test]
fn texts_of_notes_merge() {
    let mut one = RecordDoc::new(Kind::Note);
    one.edit(
        actor(1),
        AT,
        &[Edit::Text {
            value: "Called at number 4. Nobody in.".into(),
        }],
    )
    .unwrap();
    let mut two = RecordDoc::from_changes(Kind::Note, received(&one)).unwrap();
    let text = |value: &str| Edit::Text {
        value: value.into(),
    };
    let a = one
        .edit(
            actor(1),
            AT,
            &[text("Called at number 4 at 21:10. Nobody in.")],
        )
        .unwrap()
        .unwrap();
    let b = two
        .edit(
            actor(2),
            AT,
            &[set("text", "Called at number 4. Nobody in. Will return.")],
        )
        .unwrap()
        .unwrap();
    assert!(
        a.bytes.len() < 200 && b.bytes.len() < 200,
        "only the difference is written"
    );
    one.admit(vec![checked(&b)]).unwrap();
    two.admit(vec![checked(&a)]).unwrap();
    let merged = "Called at number 4 at 21:10. Nobody in. Will return.";
    assert_eq!(one.content().fields.get_text("text"), Some(merged));
    assert_eq!(one.content(), two.content());
    two.edit(actor(2), AT, &[Edit::Clear { key: "text".into() }])
        .unwrap()
        .unwrap();
    assert_eq!(two.content().fields.get("text"), None);
}

#[test]
fn caps_are_kept_and_a_failed_edit_leaves_no_trace() {
    let mut doc = RecordDoc::new(Kind::StopSearch);
    let edits: Vec<_> = (0..50).map(photo).collect();
    doc.edit(actor(1), AT, &edits).unwrap().unwrap();
    assert_eq!(doc.content().photos.len(), PHOTOS);
    for chunk in 0..4_u8 {
        let edits: Vec<_> = (0..50)
            .map(|it| addendum(chunk * 50 + it, "Seen again"))
            .collect();
        doc.edit(actor(1), AT, &edits).unwrap().unwrap();
    }
    assert_eq!(doc.content().addenda.len(), ADDENDA);

    let before = doc.save();
    let long = "x".repeat(TEXT_CHARS + 1);
    for (edit, error) in [
        (photo(50), DocError::TooManyPhotos),
        (addendum(200, "One more"), DocError::TooManyAddenda),
        (
            set("grounds", long),
            DocError::TooLong {
                field: "grounds",
                cap: TEXT_CHARS,
            },
        ),
        (set("grounds", 3), DocError::WrongType("grounds")),
        (set("kind", "note"), DocError::UnknownField),
        (set("photos", "none"), DocError::UnknownField),
        (set("text", "of a note"), DocError::UnknownField),
        (
            Edit::Text {
                value: "of a note".into(),
            },
            DocError::UnknownField,
        ),
    ] {
        let edits = [set("outcome", "arrest"), edit];
        assert_eq!(doc.edit(actor(1), AT, &edits), Err(error));
        assert_eq!(doc.save(), before);
    }
}

#[test]
fn work_done_apart_is_not_refused_for_being_much_together() {
    let (mut one, mut two) = two_devices();
    let many = |from: u8| (from..from + 50).map(photo).collect::<Vec<_>>();
    one.edit(actor(1), AT, &many(0)).unwrap().unwrap();
    two.edit(actor(2), AT, &many(50)).unwrap().unwrap();
    one.admit(received(&two)).unwrap();
    assert_eq!(one.content().photos.len(), 2 * PHOTOS);
    assert_eq!(
        one.edit(actor(1), AT, &[photo(200)]),
        Err(DocError::TooManyPhotos)
    );
}

#[test]
fn what_the_form_lets_through_fits_one_change() {
    for kind in Kind::ALL {
        let mut doc = RecordDoc::new(kind);
        let edits: Vec<_> = catalogue(kind)
            .iter()
            .map(|def| match def.ty {
                FieldType::Text { cap } => set(def.key, "\u{1f46e}".repeat(cap)),
                FieldType::Bool => set(def.key, true),
                FieldType::Code(_) | FieldType::Date | FieldType::Officer => set(def.key, "x"),
                _ => set(def.key, 1),
            })
            .collect();
        doc.edit(actor(1), AT, &edits).unwrap().unwrap();
        let other = RecordDoc::from_changes(kind, received(&doc)).unwrap();
        assert_eq!(other.content(), doc.content());
    }
}

#[test]
fn what_is_saved_loads_and_only_as_its_kind() {
    let (one, _) = two_devices();
    let saved = one.save();
    let loaded = RecordDoc::load(Kind::StopSearch, &saved).unwrap();
    assert_eq!(
        (loaded.content(), loaded.heads()),
        (one.content(), one.heads())
    );
    assert_eq!(loaded.last_seq(&actor(1)), 1);
    assert_eq!(
        RecordDoc::load(Kind::Note, &saved).unwrap_err(),
        DocError::Unreadable
    );
    for bytes in [&[][..], b"none", &saved[..saved.len() - 1]] {
        assert!(RecordDoc::load(Kind::StopSearch, bytes).is_err());
    }
}

#[test]
fn what_debug_prints_names_nobody() {
    let mut doc = RecordDoc::new(Kind::StopSearch);
    let edits = [
        set("name", "Jordan Example"),
        set("age", 17),
        addendum(1, "Jordan again"),
        photo(1),
    ];
    let change = doc.edit(actor(1), AT, &edits).unwrap().unwrap();
    let content = doc.content();
    let changes = difference(&crate::doc::Content::empty(Kind::StopSearch), &content);
    let printed = format!(
        "{doc:?} {content:?} {content:#?} {edits:?} {change:?} {changes:?} {:?} {:?}",
        content.addenda, content.photos
    );
    for secret in ["Jordan", "17", "Patel", "Seized"] {
        assert!(!printed.contains(secret), "{secret}: {printed}");
    }
}
