//! The control room's page: the list, the detail, and who may read them.

use shared::statement::ReviewVerdict;
use shared::wire::{ErrorCode, WireError};

use super::kit::{PASSWORD, Rec, World};

#[test]
fn the_list_holds_the_latest_state_and_resumes_without_gaps() {
    let world = World::new();
    let token = world.server.console_sign_in("900", PASSWORD).unwrap().0;
    let mut officer = world.vault("4417");
    let mut records: Vec<Rec> = (1..8).map(Rec::new).collect();
    for record in &mut records {
        officer.change(record, "grounds");
        officer.submit(record);
    }
    officer.push(&world.server).unwrap();
    world.judge();
    let mut after = 0;
    let mut seen = Vec::new();
    loop {
        let page = world
            .server
            .console_records(&token, Some(after), 3)
            .unwrap();
        seen.extend(page.records.iter().map(|record| record.id.clone()));
        after = page.position;
        if !page.more {
            break;
        }
    }
    assert_eq!(seen.len(), 7);
    let mut sergeant = world.vault("12");
    sergeant.review(&records[2], ReviewVerdict::Approve);
    sergeant.push(&world.server).unwrap();
    world.judge();
    let page = world
        .server
        .console_records(&token, Some(after), 10)
        .unwrap();
    assert_eq!(page.records.len(), 1, "only what changed");
    assert_eq!(page.records[0].status, "approved");
    assert_eq!(page.records[0].status_by.as_deref(), Some("PC 12 N12"));
    officer.change(&mut records[2], "more grounds");
    officer.push(&world.server).unwrap();
    world.judge();
    let page = world
        .server
        .console_records(&token, Some(page.position), 10)
        .unwrap();
    assert_eq!(page.records[0].status, "amended");
    assert_eq!(
        world
            .server
            .console_records(&token, None, 500)
            .unwrap()
            .records
            .len(),
        7
    );
    world.pass(9 * 3600 * 1000);
    assert!(
        world
            .server
            .console_records(&token, None, 500)
            .unwrap()
            .records
            .is_empty()
    );
}

#[test]
fn the_detail_tells_the_whole_story_and_its_reading_is_audited() {
    let world = World::new();
    let token = world.server.console_sign_in("900", PASSWORD).unwrap().0;
    let mut officer = world.vault("4417");
    let mut record = Rec::new(1);
    officer.change(&mut record, "grounds");
    officer.submit(&record);
    officer.push(&world.server).unwrap();
    world.judge();
    let rows = world.server.figures().unwrap().audit;
    let detail = world.server.console_record(&token, record.id).unwrap();
    assert_eq!(world.server.figures().unwrap().audit, rows + 1);
    assert_eq!(detail.fields["grounds"], "grounds");
    assert_eq!(detail.record.officer, "PC 4417 N4417");
    assert_eq!(detail.record.team.as_deref(), Some("A"));
    let codes: Vec<&str> = detail
        .timeline
        .iter()
        .map(|event| event.code.as_str())
        .collect();
    assert_eq!(codes, ["created", "submitted"]);
}

#[test]
fn a_record_that_was_not_submitted_is_not_there() {
    let world = World::new();
    let token = world.server.console_sign_in("900", PASSWORD).unwrap().0;
    let mut officer = world.vault("4417");
    let mut record = Rec::new(1);
    officer.change(&mut record, "grounds");
    officer.push(&world.server).unwrap();
    world.judge();
    assert!(
        world
            .server
            .console_records(&token, Some(0), 10)
            .unwrap()
            .records
            .is_empty()
    );
    let found = world.server.console_record(&token, record.id);
    assert_eq!(found.unwrap_err(), WireError::refused(ErrorCode::NotFound));
}

#[test]
fn no_session_or_another_kind_of_session_reads_nothing() {
    let world = World::new();
    let vault = world.vault("4417");
    let token = vault.credential.session.unwrap();
    for token in ["", &token] {
        assert!(world.server.console_records(token, None, 10).is_err());
        assert!(world.server.console_devices(token).is_err());
        assert!(world.server.console_areas(token).is_err());
    }
    let token = world.server.console_sign_in("900", PASSWORD).unwrap().0;
    assert_eq!(
        world.server.console_devices(&token).unwrap().devices.len(),
        1
    );
    world.server.console_sign_out(&token).unwrap();
    assert!(world.server.console_me(&token).is_err());
}

#[test]
fn imports_done_twice_add_nothing() {
    let world = World::new();
    let token = world.server.console_sign_in("900", PASSWORD).unwrap().0;
    let rows = shared::published::sample(7, 300);
    let mut file = Vec::new();
    shared::published::write(&rows, &mut file).unwrap();
    let first = world.server.import_published(&file).unwrap();
    assert_eq!((first.read, first.imported, first.known), (300, 300, 0));
    let second = world.server.import_published(&file).unwrap();
    assert_eq!((second.imported, second.known), (0, 300));
    let searches = world.server.console_searches(&token, 20).unwrap();
    assert_eq!((searches.total, searches.searches.len()), (300, 20));
    assert!(searches.searches.is_sorted_by(|a, b| a.at >= b.at));
    let areas = shared::published::sample_areas();
    let first = world.server.import_areas(&areas).unwrap();
    assert!(first.imported > 0 && first.refused.is_empty());
    assert_eq!(world.server.import_areas(&areas).unwrap().imported, 0);
    assert!(
        world
            .server
            .console_areas(&token)
            .unwrap()
            .contains("FeatureCollection")
    );
}
