//! Whatever the order in which changes arrive, all devices end with the same record.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;
use crate::doc::{About, PhotoMeta};
use crate::hash::BlobHash;
use crate::ids::PhotoId;

#[derive(Debug, Clone)]
enum Step {
    Edit(usize, Edit),
    Restart(usize),
    Deliver(usize, usize, Index),
}

fn edit(kind: Kind) -> impl Strategy<Value = Edit> {
    let keys: &[&str] = match kind {
        Kind::StopSearch => &["grounds", "place_text", "name", "object"],
        Kind::Note => &["place_text", "category", "operation"],
    };
    let text = select(vec!["", "a", "Soho Road", "Oxhill Road 👮🏾", "e\u{301}"]);
    let words = prop_oneof!["[a-c ]{0,30}", "[ae\u{301}👮🏾 ]{0,8}"];
    let key = select(keys);
    let photo = |number: u8| Edit::AddPhoto {
        id: PhotoId::from_bytes([number; 16]),
        photo: PhotoMeta {
            sha256: BlobHash::of(&[number]),
            bytes: 9,
            mime: "image/jpeg".into(),
            caption: None,
            taken_at: AT,
            width: 1,
            height: 1,
        },
    };
    let addendum = |(id, text): ([u8; 16], &str)| Edit::AddAddendum {
        id,
        text: text.into(),
        by: "PC 1".into(),
        at: AT,
        about: About::default(),
    };
    prop_oneof![
        4 => (key.clone(), text.clone()).prop_map(|(key, value)| set(key, value)),
        1 => (key.clone(), text.clone())
            .prop_map(|(key, value)| Edit::Pick { key: key.into(), value: value.into() }),
        1 => key.prop_map(|key| Edit::Clear { key: key.into() }),
        4 => words.prop_map(move |value| match kind {
            Kind::Note => Edit::Text { value },
            Kind::StopSearch => set("grounds", value),
        }),
        1 => any::<u8>().prop_map(photo),
        1 => (any::<[u8; 16]>(), text).prop_map(addendum),
    ]
}

fn steps(kind: Kind) -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..3_usize, edit(kind)).prop_map(|(device, edit)| Step::Edit(device, edit)),
        1 => (0..3_usize).prop_map(Step::Restart),
        3 => (0..3_usize, 0..3_usize, any::<Index>())
            .prop_map(|(from, to, upto)| Step::Deliver(from, to, upto)),
    ];
    proptest::collection::vec(step, 1..40)
}

fn run(kind: Kind, steps: &[Step], shuffle: &[Index]) {
    let mut devices = vec![RecordDoc::new(kind); 3];
    let mut actors = [actor(1), actor(2), actor(3)];
    let mut next = 4;
    for step in steps {
        match step {
            Step::Edit(device, edit) => {
                devices[*device]
                    .edit(actors[*device], AT, std::slice::from_ref(edit))
                    .unwrap();
            }
            Step::Restart(device) => {
                let before = devices[*device].content();
                devices[*device] = RecordDoc::load(kind, &devices[*device].save()).unwrap();
                assert_eq!(devices[*device].content(), before);
                actors[*device] = actor(next);
                next += 1;
            }
            Step::Deliver(from, to, upto) => {
                let all = received(&devices[*from]);
                let upto = upto.index(all.len() + 1);
                devices[*to].admit(all[..upto].to_vec()).unwrap();
            }
        }
    }
    // Everybody gets everything, each in an order of its own.
    let mut all: Vec<_> = devices.iter().flat_map(received).collect();
    for (place, device) in devices.iter_mut().enumerate() {
        for (at, index) in shuffle.iter().enumerate() {
            let len = all.len().max(1);
            if !all.is_empty() {
                all.swap((at + place) % len, index.index(len));
            }
        }
        device.admit(all.clone()).unwrap();
    }
    let content = devices[0].content();
    for device in &devices[1..] {
        assert_eq!(device.heads(), devices[0].heads());
        assert_eq!(device.content(), content);
        assert_eq!(device.content().conflicts, content.conflicts);
    }
    let fresh = RecordDoc::from_changes(kind, all).unwrap();
    assert_eq!(fresh.content(), content);
    let loaded = RecordDoc::load(kind, &fresh.save()).unwrap();
    assert_eq!((loaded.content(), loaded.heads()), (content, fresh.heads()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn searches_converge(
        steps in steps(Kind::StopSearch),
        shuffle in proptest::collection::vec(any::<Index>(), 12),
    ) {
        run(Kind::StopSearch, &steps, &shuffle);
    }

    #[test]
    fn notes_converge(
        steps in steps(Kind::Note),
        shuffle in proptest::collection::vec(any::<Index>(), 12),
    ) {
        run(Kind::Note, &steps, &shuffle);
    }
}
