//! A supervisor's list of what is held, and the rulings on it.

use super::rig::*;
use super::server::Server;
use shared::ids::{EntryId, LogId, Seq};
use shared::log::{EntryKind, Header};
use shared::statement::Statement;
use shared::time::UnixMs;
use shared::wire::{Mail, Task, VerdictCode};

fn task(record: &str) -> Task {
    let content = shared::doc::Content::empty(shared::record::Kind::StopSearch);
    let lists = shared::codes::CodeLists::builtin();
    let projection = shared::projection::project(&content, lists, None);
    Task {
        entry: EntryId {
            log: LogId::from_bytes([PATEL; 16]),
            seq: Seq(7),
        },
        record: Some(super::rig::id(record)),
        officer: officer(PATEL),
        kind: EntryKind::Change,
        code: VerdictCode::PolicyWentBack,
        received: UnixMs(NOON),
        projection: serde_json::to_string(&projection).ok(),
    }
}

#[test]
fn what_is_held_is_listed_ruled_on_when_connected_and_taken_off_the_list() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = patel.submitted();
    patel.sync(&server);
    let task = task(&id);
    server.post(AHMED, Mail::Task(task.clone()));
    ahmed.sync(&server);
    let list = ahmed.core().held_tasks().unwrap();
    assert!(list.connected);
    let row = &list.rows[0];
    assert_eq!(row.officer, "PC 4417 Patel");
    assert_eq!(
        (row.kind.as_str(), row.reason.as_str()),
        ("change", "policy_went_back")
    );
    assert!(row.here && !row.answered && row.title.is_some());
    // Words of it are held: what is here is not the whole, and is not approved.
    let panel = ahmed.record(&id).review.unwrap();
    assert_eq!(panel.refused.as_deref(), Some("unsynced"));
    assert!(ahmed.core().queue().unwrap().rows.len() == 1);
    let core = ahmed.core();
    assert_eq!(code(core.release(&row.entry, " ")), "bad_input");
    assert_eq!(code(core.release("nonsense", "Seen")), "not_found");
    core.link(crate::view::ConnectionState::NoConnection);
    assert_eq!(code(core.release(&row.entry, "Seen")), "not_connected");
    ahmed.sync(&server);
    let list = core.release(&row.entry, "Seen and right").unwrap();
    assert!(list.rows[0].answered);
    assert_eq!(code(core.uphold(&row.entry, "No")), "decided");
    let push = core.exchange_request().unwrap().push.unwrap();
    let last = push.entries.last().unwrap();
    let header = Header::from_bytes(&last.header).unwrap();
    assert_eq!(
        (header.kind, header.subject),
        (EntryKind::Release, task.record)
    );
    let Ok(Statement::Release(ruling)) = Statement::from_bytes(header.kind, &last.payload) else {
        panic!("a release")
    };
    assert_eq!(ruling.entries, [task.entry]);
    server.post(AHMED, Mail::TaskDone(task.entry));
    ahmed.sync(&server);
    assert!(core.held_tasks().unwrap().rows.is_empty());
    assert!(ahmed.record(&id).review.unwrap().can_approve);
}

#[test]
fn nobody_is_shown_another_teams_held_entries() {
    let server = Server::new();
    let okoro = Device::new(OKORO, &server);
    let patel = Device::new(PATEL, &server);
    let id = patel.submitted();
    let task = task(&id);
    for device in [OKORO, PATEL] {
        server.post(device, Mail::Task(task.clone()));
    }
    for device in [&okoro, &patel] {
        device.sync(&server);
        assert!(device.core().held_tasks().unwrap().rows.is_empty());
        let ruled = device.core().release(&task.entry.to_string(), "Mine");
        assert!(["rank", "own_record"].contains(&code(ruled)));
    }
}

#[test]
fn cover_and_acting_ranks_begin_and_end_with_the_servers_time() {
    let server = Server::new();
    let (patel, okoro) = (Device::new(PATEL, &server), Device::new(OKORO, &server));
    let mut covering = authority();
    let person = covering.people.get_mut(&officer(OKORO)).unwrap();
    person.acting.push(shared::policy::Acting {
        role: shared::policy::Role::Supervisor,
        team: team(1),
        from: UnixMs(NOON + 60_000),
        until: UnixMs(NOON + 120_000),
    });
    server.state().reference[0].body = shared::log::encode(&covering);
    let id = patel.submitted();
    patel.sync(&server);
    okoro.sync(&server);
    let due = || okoro.core().queue().unwrap().rows.len();
    assert_eq!(due(), 0);
    assert!(!okoro.record(&id).review.unwrap().can_approve);
    okoro.clock.pass(60_000);
    assert_eq!(due(), 1);
    assert!(okoro.record(&id).review.unwrap().can_approve);
    // Setting the clock neither lengthens nor ends it.
    okoro
        .clock
        .wall
        .fetch_sub(3_600_000, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(due(), 1);
    okoro.clock.pass(60_000);
    assert_eq!(due(), 0);
}

#[test]
fn a_clock_set_back_after_a_restart_gives_nobody_a_rank_that_has_run_out() {
    use std::sync::atomic::Ordering;
    let server = Server::new();
    let (patel, mut okoro) = (Device::new(PATEL, &server), Device::new(OKORO, &server));
    let mut over = authority();
    let person = over.people.get_mut(&officer(OKORO)).unwrap();
    person.acting.push(shared::policy::Acting {
        role: shared::policy::Role::Supervisor,
        team: team(1),
        from: UnixMs(NOON - 2 * 3_600_000),
        until: UnixMs(NOON - 3_600_000),
    });
    server.state().reference[0].body = shared::log::encode(&over);
    let id = patel.submitted();
    patel.sync(&server);
    okoro.sync(&server);
    assert!(okoro.core().queue().unwrap().rows.is_empty());
    // Off and on again, with a clock of an hour and a half ago.
    okoro.clock.boot.fetch_add(1, Ordering::Relaxed);
    okoro.clock.boot_ms.store(0, Ordering::Relaxed);
    okoro.clock.wall.fetch_sub(90 * 60_000, Ordering::Relaxed);
    okoro.reopen();
    assert!(okoro.core().queue().unwrap().rows.is_empty());
    let heads = okoro.record(&id).heads;
    let decided = okoro.core().review(&crate::view::ReviewInput {
        record_id: id,
        verdict: "approve".to_owned(),
        heads,
        reasons: Vec::new(),
        fields: Vec::new(),
        text: None,
        video_viewed: None,
        again: false,
    });
    assert_eq!(code(decided), "rank");
}
