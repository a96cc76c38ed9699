//! Words written, held, said again and released by chance: in the end each is there once.

use super::rig::*;
use super::server::{Server, held};
use shared::ids::EntryId;
use shared::log::EntryKind;
use shared::wire::VerdictCode;

const SEEDS: u64 = 24;
const STEPS: u32 = 30;

/// Enough chance for a test, from one seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

struct World {
    server: Server,
    device: Device,
    id: String,
    written: u32,
    dice: Dice,
}

impl World {
    fn new(seed: u64) -> Self {
        let server = Server::new();
        let device = Device::new(PATEL, &server);
        let id = device.submitted();
        device.sync(&server);
        Self {
            server,
            device,
            id,
            written: 0,
            dice: Dice(seed),
        }
    }

    fn write(&mut self) {
        self.written += 1;
        let mark = format!("mark-{:03}", self.written);
        self.device.clock.pass(1000);
        self.device.core().add_to_record(&self.id, &mark).unwrap();
    }

    fn hold(&self, on: bool) {
        let verdicts = &mut self.server.state().verdicts;
        if on {
            verdicts.insert(EntryKind::Change, held(VerdictCode::NotActive));
        } else {
            verdicts.remove(&EntryKind::Change);
        }
    }

    /// What a supervisor may release: held, by itself and not for what it builds on.
    fn roots(&self) -> Vec<EntryId> {
        self.server.held_roots(self.device.core().log())
    }

    fn step(&mut self) {
        match self.dice.below(10) {
            0..=2 => self.write(),
            3 | 4 => self.device.sync(&self.server),
            5 => {
                let on = self.dice.below(2) == 0;
                self.hold(on);
            }
            6 | 7 => {
                // The officer writes while an exchange is on its way.
                let core = self.device.core();
                let request = core.exchange_request().unwrap();
                let answer = self.server.exchange(request).unwrap();
                self.write();
                self.device.core().apply_response(answer).unwrap();
            }
            8 => {
                let roots = self.roots();
                if !roots.is_empty() {
                    let one = self.dice.below(roots.len() as u64);
                    self.server.release(roots[usize::try_from(one).unwrap()]);
                }
            }
            _ => {
                if self.device.record(&self.id).held.is_some() {
                    self.device.core().resubmit(&self.id).unwrap();
                }
            }
        }
    }

    /// Everything held is released or said again, until nothing is.
    fn settle(&mut self) {
        self.hold(false);
        for turn in 0..20 {
            self.device.sync(&self.server);
            let Some(_) = self.device.record(&self.id).held else {
                return;
            };
            match self.roots().first() {
                Some(first) if turn % 2 == 0 => self.server.release(*first),
                _ => {
                    self.device.core().resubmit(&self.id).unwrap();
                }
            }
        }
        panic!("something stays held");
    }
}

#[test]
fn words_that_were_held_released_and_said_again_by_chance_are_there_once() {
    for seed in 0..SEEDS {
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            world.step();
        }
        world.settle();
        world.device.sync(&world.server);
        let ahmed = Device::new(AHMED, &world.server);
        ahmed.sync(&world.server);
        for device in [&world.device, &ahmed] {
            let words = device.record(&world.id).addenda;
            let mut texts: Vec<_> = words.into_iter().map(|it| it.text).collect();
            texts.sort();
            let expected: Vec<_> = (1..=world.written)
                .map(|n| format!("mark-{n:03}"))
                .collect();
            assert_eq!(texts, expected, "seed {seed}");
        }
        let facts = |device: &Device| {
            let id = super::rig::id(&world.id);
            device.core().facts(id).unwrap().unwrap()
        };
        assert_eq!(
            facts(&world.device).heads,
            facts(&ahmed).heads,
            "seed {seed}"
        );
        assert_eq!(world.device.delivery(&world.id), "received", "seed {seed}");
    }
}
