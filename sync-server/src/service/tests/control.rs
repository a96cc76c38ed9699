//! What the control room says: log numbers and notices, in logs that the server holds.

use shared::time::UnixMs;
use shared::wire::{ErrorCode, FeedEvent, WireError};

use super::coworking::submitted;
use super::kit::{PASSWORD, Rec, World};

fn token(world: &World) -> String {
    world.server.console_sign_in("900", PASSWORD).unwrap().0
}

fn code(result: Result<(), WireError>) -> Option<ErrorCode> {
    match result {
        Err(WireError::Refused { code, .. }) => Some(code),
        _ => None,
    }
}

#[test]
fn a_log_number_stands_in_the_record_and_reaches_its_officers() {
    let world = World::new();
    let (mut officer, record) = submitted(&world);
    let token = token(&world);
    for number in [" 1234-567 ", "1234-890"] {
        let said = world.server.console_log_number(&token, record.id, number);
        assert_eq!(said, Ok(()));
    }
    world.judge();
    let detail = world.server.console_record(&token, record.id).unwrap();
    assert_eq!(detail.record.incident_log.as_deref(), Some("1234-890"));
    let told: Vec<_> = detail
        .timeline
        .iter()
        .filter(|event| event.code == "log_number")
        .map(|event| (event.by.as_str(), event.text.as_deref()))
        .collect();
    let by = "PC 900 N900";
    assert_eq!(told, [(by, Some("1234-567")), (by, Some("1234-890"))]);
    let news = officer.pull(&world.server);
    let entries = news.feed.iter().filter_map(|item| match &item.event {
        FeedEvent::Accepted(entry) => Some(entry),
        _ => None,
    });
    let logs: Vec<_> = entries
        .map(|entry| (entry.id.log, entry.id.seq.0))
        .collect();
    assert_eq!(logs.len(), 2);
    assert_eq!(logs[0].0, logs[1].0, "one log for one person");
    assert_eq!([logs[0].1, logs[1].1], [0, 1]);
    super::digests::hold(&world);
    let devices = world.server.console_devices(&token).unwrap();
    assert!(devices.devices.iter().all(|it| it.name != "Control room"));
}

#[test]
fn only_the_control_room_gives_numbers_and_only_to_what_it_sees() {
    let world = World::new();
    let (officer, record) = submitted(&world);
    let token = token(&world);
    let mut unsubmitted = Rec::new(7);
    let mut vault = world.vault("4417");
    vault.change(&mut unsubmitted, "not yet");
    vault.push(&world.server).unwrap();
    world.judge();
    let say =
        |token: &str, id, number: &str| code(world.server.console_log_number(token, id, number));
    assert_eq!(say(&token, unsubmitted.id, "1"), Some(ErrorCode::NotFound));
    for odd in ["", "   ", "a\nb", &"9".repeat(65)] {
        assert_eq!(say(&token, record.id, odd), Some(ErrorCode::BadBody));
    }
    let vaults = officer.credential.session.unwrap();
    for token in ["", &vaults] {
        assert_eq!(say(token, record.id, "1"), Some(ErrorCode::SignInNeeded));
    }
}

#[test]
fn a_notice_reaches_every_vault_until_it_is_over() {
    let world = World::new();
    let mut officer = world.vault("4417");
    officer.pull(&world.server);
    let token = token(&world);
    let now = world.env.now();
    let say = |text: &str, until: UnixMs| world.server.console_notice(&token, text, until);
    assert_eq!(say("Bridge closed\nuntil noon", now.plus(60_000)), Ok(()));
    let late = now.plus(400 * 24 * 3600 * 1000);
    for until in [now, late] {
        assert_eq!(code(say("x", until)), Some(ErrorCode::BadBody));
    }
    world.judge();
    assert_eq!(officer.pull(&world.server).reference, ["notices"]);
    let standing = || world.server.console_notices(&token).unwrap().notices;
    assert_eq!(standing()[0].text, "Bridge closed\nuntil noon");
    assert_eq!(standing()[0].by, "PC 900 N900");
    world.pass(60_000);
    assert!(standing().is_empty());
}

#[test]
fn what_the_server_signs_holds_like_any_other_log() {
    let world = World::new();
    let (_, record) = submitted(&world);
    let token = token(&world);
    for n in 0..3 {
        let said = world
            .server
            .console_log_number(&token, record.id, &n.to_string());
        assert_eq!(said, Ok(()));
    }
    // Across a restart it goes on in the same log.
    let world = world.restart();
    let said = world.server.console_log_number(&token, record.id, "4");
    assert_eq!(said, Ok(()));
    world.judge();
    let path = world.dir.path().join("beatbook.db");
    let db = rusqlite::Connection::open(path).unwrap();
    let mut logs = db
        .prepare("SELECT next_seq, forked FROM logs WHERE held_here = 1")
        .unwrap();
    let logs: Vec<(i64, bool)> = logs
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(logs, [(4, false)]);
    let mail: i64 = db
        .query_row(
            "SELECT count(*) FROM mail m JOIN logs l ON l.id = m.log WHERE l.held_here = 1",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(mail, 0, "nobody would read it");
}
