//! Patterns and samples of a team's searches, and what colleagues share.

use super::rig::{team as team_id, *};
use super::server::Server;
use crate::view::ReviewInput;
use shared::time::UnixMs;

/// A team's searches, of which one was withdrawn.
fn team(searches: usize) -> (Device, Vec<String>) {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let ids: Vec<_> = (0..searches).map(|_| patel.submitted()).collect();
    let gone = patel.submitted();
    patel.sync(&server);
    patel.core().withdraw(&gone, "Stands twice").unwrap();
    patel.sync(&server);
    ahmed.sync(&server);
    (ahmed, ids)
}

#[test]
fn rates_have_numbers_and_small_ones_say_so() {
    for (searches, few) in [(19, true), (20, false)] {
        let (ahmed, _) = team(searches);
        let view = ahmed.core().patterns(30).unwrap();
        assert_eq!(view.searches as usize, searches, "not the withdrawn one");
        let video = view.all.iter().find(|it| it.code == "no_video").unwrap();
        assert_eq!((video.part, video.of), (view.searches, view.searches));
        assert_eq!(video.few, few);
        let linked = view.all.iter().find(|it| it.code == "linked").unwrap();
        assert_eq!((linked.part, linked.of, linked.few), (0, 0, true));
        let groups = [&view.objects, &view.ethnicities, &view.officers];
        for group in groups {
            let sum: u32 = group.iter().map(|it| it.searches).sum();
            assert_eq!(sum, view.searches, "everybody is in a group");
        }
        assert_eq!(view.officers[0].label, "PC 4417 Patel");
    }
    let (ahmed, _) = team(1);
    for days in [0, 367] {
        assert_eq!(code(ahmed.core().patterns(days)), "bad_input");
    }
}

#[test]
fn a_sample_is_chosen_by_its_seed_alone() {
    let (ahmed, ids) = team(12);
    let sample = |seed: &str| {
        let view = ahmed.core().sample(30, 5, seed).unwrap();
        assert_eq!((view.of, view.rows.len()), (12, 5));
        view.rows.into_iter().map(|it| it.id).collect::<Vec<_>>()
    };
    let first = sample("November");
    assert_eq!(
        sample(" November "),
        first,
        "the same seed, the same records"
    );
    assert_ne!(sample("December"), first);
    assert!(first.iter().all(|it| ids.contains(it)));
    assert_eq!(code(ahmed.core().sample(30, 5, " ")), "bad_input");
    assert_eq!(code(ahmed.core().sample(30, 101, "a")), "bad_input");
}

#[test]
fn only_whoever_reviews_a_team_sees_its_patterns() {
    let server = Server::new();
    let patel = Device::new(PATEL, &server);
    patel.sync(&server);
    assert_eq!(code(patel.core().patterns(30)), "rank");
    assert_eq!(code(patel.core().sample(30, 5, "a")), "rank");
}

#[test]
fn what_was_approved_is_reviewed_again_by_somebody_else_alone() {
    let server = Server::new();
    // Okoro covers the team.
    let mut covering = authority();
    let person = covering.people.get_mut(&officer(OKORO)).unwrap();
    person.acting.push(shared::policy::Acting {
        role: shared::policy::Role::Supervisor,
        team: team_id(1),
        from: UnixMs(NOON),
        until: UnixMs(NOON + 3_600_000),
    });
    server.state().reference[0].body = shared::log::encode(&covering);
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let okoro = Device::new(OKORO, &server);
    let id = patel.submitted();
    patel.sync(&server);
    ahmed.sync(&server);
    let decide = |device: &Device, verdict: &str, again| {
        device.core().review(&ReviewInput {
            record_id: id.clone(),
            verdict: verdict.to_owned(),
            heads: device.record(&id).heads,
            reasons: vec!["grounds".into()],
            fields: Vec::new(),
            text: None,
            video_viewed: None,
            again,
        })
    };
    decide(&ahmed, "approve", false).unwrap();
    ahmed.sync(&server);
    ahmed.sync(&server);
    assert!(!ahmed.record(&id).review.unwrap().again);
    assert_eq!(code(decide(&ahmed, "return", true)), "decided");
    // The sample puts it before somebody else, who decides what the queue offers no more.
    okoro.sync(&server);
    assert_eq!(okoro.core().sample(30, 5, "a").unwrap().rows[0].id, id);
    assert!(okoro.core().queue().unwrap().rows.is_empty());
    let panel = okoro.record(&id).review.unwrap();
    assert!(panel.again && !panel.can_approve);
    assert_eq!(code(decide(&okoro, "return", false)), "decided");
    decide(&okoro, "return", true).unwrap();
    assert_eq!(okoro.review_code(&id).as_deref(), Some("returned_here"));
    for device in [&okoro, &okoro, &patel, &ahmed] {
        device.sync(&server);
    }
    for device in [&okoro, &patel, &ahmed] {
        assert_eq!(device.review_code(&id).as_deref(), Some("returned"));
    }
    assert_eq!(patel.core().home().unwrap().todo[0].code, "returned");
}
