//! No honest change is refused: officers edit records as the app lets them, apart and together,
//! and a server lets in what each of them makes.
//!
//! `BEATBOOK_SOAK=1` makes 100,000 changes.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};
use shared::doc::{About, Edit, PhotoMeta, RecordDoc};
use shared::guard::{Checked, Limits};
use shared::hash::BlobHash;
use shared::ids::{ActorId, PhotoId};
use shared::record::Kind;
use shared::time::UnixMs;

const AT: UnixMs = UnixMs(1_790_000_000_000);
const TEXTS: [&str; 6] = [
    "",
    "a",
    "Soho Road",
    "Oxhill Road 👮🏾",
    "e\u{301}",
    "seen to run",
];
/// Changes of one record.
const EACH: usize = 60;

fn wanted() -> usize {
    match std::env::var_os("BEATBOOK_SOAK") {
        Some(_) => 100_000,
        None => 300,
    }
}

struct Chance(ChaCha8Rng);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0.next_u32() as usize % end
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    fn id(&mut self) -> [u8; 16] {
        let mut id = [0; 16];
        self.0.fill_bytes(&mut id);
        id
    }

    fn words(&mut self) -> String {
        let count = self.below(30);
        (0..count).map(|_| self.of(&TEXTS)).collect()
    }

    fn edit(&mut self, kind: Kind) -> Edit {
        let keys: &[&str] = match kind {
            Kind::StopSearch => &["grounds", "place_text", "name", "object"],
            Kind::Note => &["place_text", "category", "operation"],
        };
        let key = self.of(keys).to_owned();
        match (self.below(12), kind) {
            (0, _) => Edit::Clear { key },
            (1, _) => {
                let value = self.of(&TEXTS).into();
                Edit::Pick { key, value }
            }
            (2, _) => Edit::AddPhoto {
                id: PhotoId::from_bytes(self.id()),
                photo: PhotoMeta {
                    sha256: BlobHash::of(&self.id()),
                    bytes: 9,
                    mime: "image/jpeg".to_owned(),
                    caption: None,
                    taken_at: AT,
                    width: 1,
                    height: 1,
                },
            },
            (3, _) => Edit::AddAddendum {
                id: self.id(),
                text: self.of(&TEXTS).to_owned(),
                by: "PC 1".to_owned(),
                at: AT,
                about: About::default(),
            },
            (4..8, Kind::Note) => Edit::Text {
                value: self.words(),
            },
            (4..8, Kind::StopSearch) => Edit::Set {
                key: "grounds".to_owned(),
                value: self.words().as_str().into(),
            },
            _ => {
                let value = self.of(&TEXTS).into();
                Edit::Set { key, value }
            }
        }
    }
}

/// Lets in what a device made; in the order of its own log.
fn admit(to: &mut RecordDoc, changes: &[Checked], seed: u64) {
    for change in changes {
        let admitted = to.admit(vec![change.clone()]);
        assert!(admitted.is_ok(), "seed {seed}: {admitted:?}");
    }
}

/// The life of one record: three devices, and the server's copy. Gives how many changes.
fn life(seed: u64) -> usize {
    let mut chance = Chance(ChaCha8Rng::seed_from_u64(seed));
    let kind = [Kind::Note, Kind::StopSearch][chance.below(2)];
    let mut devices = [(); 3].map(|()| RecordDoc::new(kind));
    let mut actors = [(); 3].map(|()| ActorId::from_bytes(chance.id()));
    let mut server = RecordDoc::new(kind);
    let mut all = Vec::new();
    while all.len() < EACH {
        let at = chance.below(3);
        match chance.below(8) {
            // What the server has comes to a device.
            0 | 1 => admit(&mut devices[at], &all, seed),
            // The app is started anew.
            2 => actors[at] = ActorId::from_bytes(chance.id()),
            _ => {
                let edits: Vec<_> = (0..=chance.below(4)).map(|_| chance.edit(kind)).collect();
                // What the form does not let through is not made.
                let Ok(Some(change)) = devices[at].edit(actors[at], AT, &edits) else {
                    continue;
                };
                let checked = Checked::parse(change.bytes, &Limits::default());
                assert!(checked.is_ok(), "seed {seed}: {checked:?}");
                let made = checked.into_iter().collect::<Vec<_>>();
                admit(&mut server, &made, seed);
                all.extend(made);
            }
        }
    }
    admit(&mut devices[0], &all, seed);
    assert_eq!(devices[0].heads(), server.heads(), "seed {seed}");
    assert!(devices[0].content() == server.content(), "seed {seed}");
    all.len()
}

#[test]
fn what_officers_write_is_let_in() {
    let (mut changes, mut seed) = (0, 0);
    while changes < wanted() {
        changes += life(seed);
        seed += 1;
    }
    println!("{changes} changes of {seed} records");
}
