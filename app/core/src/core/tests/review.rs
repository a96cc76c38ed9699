//! Reviewing: what is offered, what is refused, and what a list shows of it.

use super::rig::*;
use super::server::{Server, held};
use crate::view::ReviewInput;
use shared::log::EntryKind;
use shared::settings::Settings;
use shared::wire::VerdictCode;

fn input(device: &Device, id: &str, verdict: &str) -> ReviewInput {
    ReviewInput {
        record_id: id.to_owned(),
        verdict: verdict.to_owned(),
        heads: device.record(id).heads,
        reasons: if verdict == "return" {
            vec!["grounds".into()]
        } else {
            Vec::new()
        },
        fields: Vec::new(),
        again: false,
        text: (verdict == "return").then(|| "Say what you saw.".to_owned()),
        video_viewed: None,
    }
}

struct Two {
    server: Server,
    patel: Device,
    ahmed: Device,
    id: String,
}

/// A search of Patel's that has reached Ahmed.
fn two() -> Two {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = patel.submitted();
    patel.sync(&server);
    ahmed.sync(&server);
    Two {
        server,
        patel,
        ahmed,
        id,
    }
}

impl Two {
    fn sync(&self) {
        for device in [&self.ahmed, &self.patel, &self.ahmed] {
            device.sync(&self.server);
        }
    }
}

#[test]
fn the_queue_shows_what_is_due_when_and_why_to_look() {
    let it = two();
    let queue = it.ahmed.core().queue().unwrap();
    let row = &queue.rows[0];
    assert_eq!(
        (row.officer.as_str(), row.due_at),
        ("PC 4417 Patel", NOON + 24 * 3_600_000)
    );
    assert_eq!(row.flags, ["no_video", "ethnicity"]);
    assert_eq!(row.since, NOON);
    assert_eq!(it.ahmed.core().home().unwrap().to_review, 1);
    let panel = it.ahmed.record(&it.id).review.unwrap();
    assert!(panel.can_approve && panel.can_return && panel.refused.is_none());
    assert!(
        panel
            .advice
            .iter()
            .any(|it| it.code == "officer_view_missing")
    );
    assert!(panel.checks_fit.contains(&"power_object".to_owned()));
    // The officer sees no buttons; a supervisor of another team sees why not.
    assert!(it.patel.record(&it.id).review.is_none());
    let okoro = Device::new(OKORO, &it.server);
    okoro.sync(&it.server);
    assert_eq!(
        okoro.record(&it.id).review.unwrap().refused.as_deref(),
        Some("rank")
    );
    assert!(okoro.core().queue().unwrap().rows.is_empty());
    assert_eq!(
        code(okoro.core().review(&input(&okoro, &it.id, "approve"))),
        "rank"
    );
}

#[test]
fn a_force_says_in_how_many_hours_a_review_is_due_of_those_that_wait_already_too() {
    let it = two();
    it.server.settings(&Settings {
        review_hours: 48,
        ..Settings::default()
    });
    it.ahmed.sync(&it.server);
    let due = NOON + 48 * 3_600_000;
    assert_eq!(it.ahmed.core().queue().unwrap().rows[0].due_at, due);
    assert_eq!(it.ahmed.record(&it.id).review.unwrap().due_at, due);
}

#[test]
fn an_approval_is_here_first_and_then_everywhere() {
    let it = two();
    it.ahmed
        .core()
        .review(&input(&it.ahmed, &it.id, "approve"))
        .unwrap();
    assert_eq!(
        it.ahmed.review_code(&it.id).as_deref(),
        Some("approved_here")
    );
    let queue = it.ahmed.core().queue().unwrap();
    assert_eq!((queue.rows.len(), queue.decided_here), (0, 1));
    assert_eq!(it.ahmed.core().status().unwrap().waiting_decisions, 1);
    assert_eq!(
        code(it.ahmed.core().review(&input(&it.ahmed, &it.id, "return"))),
        "decided"
    );
    it.sync();
    for device in [&it.ahmed, &it.patel] {
        let row = device.record(&it.id).row;
        let review = row.review.unwrap();
        assert_eq!(review.code, "approved");
        assert_eq!(review.by.as_deref(), Some("Sgt 2093 Ahmed"));
        assert_eq!(row.shown, "review");
    }
    assert_eq!(it.ahmed.core().queue().unwrap().decided_here, 0);
}

#[test]
fn what_was_passed_on_is_here_first_and_with_a_higher_rank_once_the_server_has_it() {
    let it = two();
    it.ahmed
        .core()
        .review(&input(&it.ahmed, &it.id, "escalate"))
        .unwrap();
    assert_eq!(
        it.ahmed.review_code(&it.id).as_deref(),
        Some("escalated_here")
    );
    it.sync();
    for device in [&it.ahmed, &it.patel] {
        assert_eq!(device.review_code(&it.id).as_deref(), Some("escalated"));
    }
}

#[test]
fn a_return_reaches_the_officer_with_its_words_and_is_done_once_answered() {
    let it = two();
    let bare = ReviewInput {
        reasons: Vec::new(),
        ..input(&it.ahmed, &it.id, "return")
    };
    assert_eq!(code(it.ahmed.core().review(&bare)), "bad_input");
    it.ahmed
        .core()
        .review(&input(&it.ahmed, &it.id, "return"))
        .unwrap();
    assert_eq!(
        it.ahmed.review_code(&it.id).as_deref(),
        Some("returned_here")
    );
    it.sync();
    let todo = &it.patel.core().home().unwrap().todo[0];
    assert_eq!(
        (todo.code.as_str(), todo.by.as_deref()),
        ("returned", Some("Sgt 2093 Ahmed"))
    );
    assert_eq!(todo.text.as_deref(), Some("Say what you saw."));
    assert_eq!(it.patel.core().records(0, 9, "returned").unwrap().len(), 1);
    it.patel
        .core()
        .add_to_record(&it.id, "I saw a bag change hands.")
        .unwrap();
    assert!(it.patel.core().home().unwrap().todo.is_empty());
    assert_eq!(it.patel.record(&it.id).row.shown, "delivery");
    it.sync();
    it.sync();
    assert_eq!(it.patel.review_code(&it.id).as_deref(), Some("answered"));
    let row = &it.ahmed.core().queue().unwrap().rows[0];
    let flags = ["no_video", "ethnicity", "second_version", "amended"];
    assert_eq!(row.flags, flags);
    it.ahmed
        .core()
        .review(&input(&it.ahmed, &it.id, "approve"))
        .unwrap();
    it.sync();
    assert_eq!(it.patel.review_code(&it.id).as_deref(), Some("approved"));
}

#[test]
fn a_return_points_at_fields_and_the_officer_is_told_which() {
    let it = two();
    let pointing = |fields: &[&str]| ReviewInput {
        fields: fields.iter().map(|it| (*it).to_owned()).collect(),
        ..input(&it.ahmed, &it.id, "return")
    };
    assert_eq!(
        code(it.ahmed.core().review(&pointing(&["no_such_field"]))),
        "bad_input"
    );
    let many = vec!["grounds"; 17];
    assert_eq!(code(it.ahmed.core().review(&pointing(&many))), "bad_input");
    it.ahmed
        .core()
        .review(&pointing(&["place_text", "grounds"]))
        .unwrap();
    it.sync();
    let said = ["field:grounds", "field:place_text", "grounds"];
    assert_eq!(it.patel.core().home().unwrap().todo[0].reasons, said);
    let timeline = it.patel.record(&it.id).timeline;
    let line = timeline.iter().find(|it| it.code == "returned").unwrap();
    assert_eq!(line.reasons, said);
    assert!(line.device.is_some() && !line.here && line.version.is_none());
    let written = &timeline[0];
    assert_eq!((written.version, written.here), (Some(1), true));
}

#[test]
fn a_reason_of_a_megabyte_is_refused_in_words_and_nothing_is_signed() {
    let it = two();
    let long = ReviewInput {
        text: Some("a".repeat(1 << 20)),
        ..input(&it.ahmed, &it.id, "return")
    };
    let refused = it.ahmed.core().review(&long).unwrap_err();
    assert!(matches!(refused, crate::core::CoreError::BadInput(ref what) if what == "text"));
    assert_eq!(it.ahmed.core().status().unwrap().waiting_decisions, 0);
    assert_eq!(it.ahmed.review_code(&it.id).as_deref(), Some("submitted"));
}

#[test]
fn nothing_is_approved_that_was_not_on_the_screen() {
    let it = two();
    let stale = input(&it.ahmed, &it.id, "approve");
    it.patel.core().add_to_record(&it.id, "More.").unwrap();
    it.patel.sync(&it.server);
    it.ahmed.sync(&it.server);
    assert_eq!(code(it.ahmed.core().review(&stale)), "not_current");
    let empty = ReviewInput {
        heads: Vec::new(),
        ..stale
    };
    assert_eq!(code(it.ahmed.core().review(&empty)), "not_current");
    assert_eq!(it.ahmed.core().status().unwrap().waiting_decisions, 0);
}

#[test]
fn an_approval_offline_of_what_changed_meanwhile_comes_back_as_amended() {
    let it = two();
    it.patel.core().add_to_record(&it.id, "More.").unwrap();
    it.patel.sync(&it.server);
    it.ahmed
        .core()
        .review(&input(&it.ahmed, &it.id, "approve"))
        .unwrap();
    it.sync();
    for device in [&it.ahmed, &it.patel] {
        assert_eq!(device.review_code(&it.id).as_deref(), Some("amended"));
    }
    assert_eq!(it.ahmed.core().queue().unwrap().rows.len(), 1);
}

#[test]
fn a_supervisors_own_record_waits_for_somebody_else() {
    let server = Server::new();
    let ahmed = Device::new(AHMED, &server);
    ahmed.sync(&server);
    let id = ahmed.submitted();
    ahmed.sync(&server);
    assert_eq!(
        ahmed.record(&id).review.unwrap().refused.as_deref(),
        Some("own_record")
    );
    assert!(ahmed.core().queue().unwrap().rows.is_empty());
    assert_eq!(
        code(ahmed.core().review(&input(&ahmed, &id, "approve"))),
        "own_record"
    );
}

#[test]
fn competing_values_can_be_returned_and_not_approved() {
    let it = two();
    let tablet = Device::numbered(PATEL, 9, &it.server);
    tablet.sync(&it.server);
    for (device, place) in [(&it.patel, "A"), (&tablet, "B")] {
        device
            .core()
            .edit(&it.id, patch(&[("place_text", text(place))]))
            .unwrap();
        device.sync(&it.server);
    }
    it.ahmed.sync(&it.server);
    let panel = it.ahmed.record(&it.id).review.unwrap();
    assert_eq!(panel.refused.as_deref(), Some("conflict"));
    assert!(panel.can_return && !panel.can_approve);
    assert_eq!(
        code(it.ahmed.core().review(&input(&it.ahmed, &it.id, "approve"))),
        "conflict"
    );
    it.ahmed
        .core()
        .review(&input(&it.ahmed, &it.id, "return"))
        .unwrap();
}

#[test]
fn a_withdrawn_record_leaves_the_queue_and_a_held_decision_comes_back_to_do() {
    let it = two();
    it.server
        .state()
        .verdicts
        .insert(EntryKind::Review, held(VerdictCode::Team));
    it.ahmed
        .core()
        .review(&input(&it.ahmed, &it.id, "approve"))
        .unwrap();
    it.sync();
    let row = it.ahmed.record(&it.id).row;
    assert_eq!(
        (row.delivery.code.as_str(), row.shown.as_str()),
        ("held", "delivery")
    );
    assert_eq!(it.ahmed.core().home().unwrap().todo[0].code, "held");
    assert_eq!(it.ahmed.core().queue().unwrap().rows.len(), 1);
    it.patel.core().withdraw(&it.id, "Stands twice").unwrap();
    it.patel.sync(&it.server);
    it.ahmed.sync(&it.server);
    assert!(it.ahmed.core().queue().unwrap().rows.is_empty());
    assert_eq!(
        it.ahmed.record(&it.id).review.unwrap().refused.as_deref(),
        Some("withdrawn")
    );
}

#[test]
fn nobody_decides_about_a_photo_that_the_screen_does_not_show() {
    let it = two();
    let picture = super::photos::picture(4);
    let photo = |caption| it.patel.core().photo_add(&it.id, "x", caption, &picture);
    photo(Some("The bag")).unwrap();
    it.sync();
    let tamper = |sql: &str| {
        let mut state = it.ahmed.core().lock();
        let done = state.store.write(|tx| {
            tx.execute_batch(sql)?;
            Ok::<_, crate::core::CoreError>(())
        });
        done.unwrap();
    };
    // A row that differs from the document is brought up to date with the next change.
    tamper("UPDATE photo SET caption = 'Another bag'");
    it.patel.core().add_to_record(&it.id, "More.").unwrap();
    it.sync();
    let view = it.ahmed.record(&it.id);
    assert_eq!(view.photos[0].caption.as_deref(), Some("The bag"));
    assert!(view.review.unwrap().can_approve);
    // The id is taken by a photo of another record, so that this one cannot be shown.
    tamper("UPDATE photo SET record = zeroblob(16)");
    let view = it.ahmed.record(&it.id);
    assert!(view.photos.is_empty());
    assert!(!view.review.unwrap().can_approve);
    assert_eq!(
        code(it.ahmed.core().review(&input(&it.ahmed, &it.id, "approve"))),
        "not_current"
    );
}
