//! Moves, acting ranks, cover and operations.

use shared::policy::Role;
use shared::time::UnixMs;

use super::kit::World;
use crate::service::{NewPost, ServerError};

#[test]
fn a_move_holds_from_now_on_and_the_past_stays_as_it_was() {
    let world = World::new();
    let before = world.server.people().unwrap();
    let policy = world.server.authority().unwrap().seq;
    let post = NewPost {
        team: Some("B".to_owned()),
        role: Some(Role::Supervisor),
        ..NewPost::default()
    };
    world.server.move_person("4417", &post).unwrap();
    let after = world.server.people().unwrap();
    let of = |rows: &[crate::view::PersonRow]| {
        let row = rows.iter().find(|it| it.collar == "4417").unwrap();
        (row.role.clone(), row.team.clone(), row.station.clone())
    };
    let text = |text: &str| text.to_owned();
    assert_eq!(
        of(&before),
        (text("officer"), text("A"), text("Steelhouse Lane"))
    );
    assert_eq!(
        of(&after),
        (text("supervisor"), text("B"), text("Steelhouse Lane"))
    );
    let authority = world.server.authority().unwrap();
    assert!(authority.seq > policy);
    let person = authority.people.values().find(|it| it.collar == "4417");
    let old = world
        .server
        .store
        .authority_at(policy, &[person.unwrap().id]);
    let old = old.unwrap().people.into_values().next().unwrap();
    assert_eq!(old.role, Role::Officer);
    let seq = authority.seq;
    world.server.move_person("4417", &post).unwrap();
    let same = world.server.authority().unwrap().seq;
    assert_eq!(same, seq, "nothing changed, so no version");
    let unknown = world.server.move_person("1", &post);
    assert!(matches!(unknown, Err(ServerError::Missing)));
    world.server.end_person("4417").unwrap();
    assert!(world.server.move_person("4417", &post).is_err());
}

#[test]
fn acting_ranks_have_dates_and_those_that_are_over_are_dropped() {
    let world = World::new();
    let now = world.env.now();
    let day = 24 * 3600 * 1000;
    let act = |from: UnixMs, until: UnixMs| {
        world
            .server
            .act_for("4417", Role::Supervisor, "B", from, until)
    };
    assert!(act(now, now).is_err());
    assert!(act(now.plus(-2 * day), now.plus(-day)).is_err());
    act(now, now.plus(day)).unwrap();
    act(now.plus(2 * day), now.plus(3 * day)).unwrap();
    let acting = || {
        let authority = world.server.authority().unwrap();
        let person = authority.people.values().find(|it| it.collar == "4417");
        person.unwrap().acting.clone()
    };
    assert_eq!(acting().len(), 2);
    let nowhere = world
        .server
        .act_for("4417", Role::Supervisor, "Z", now, now.plus(day));
    assert!(matches!(nowhere, Err(ServerError::Missing)));
    world.pass(2 * day);
    act(now.plus(4 * day), now.plus(5 * day)).unwrap();
    assert_eq!(acting().len(), 2);
    world.server.end_person("4417").unwrap();
    assert_eq!(acting().len(), 2, "what was, stays written");
    world.server.end_acting("5102").unwrap();
    assert!(world.server.end_acting("4417").is_err());
}

#[test]
fn people_of_several_teams_take_part_in_an_operation() {
    let world = World::new();
    let id = world.server.add_operation("Sceptre").unwrap();
    assert_eq!(world.server.add_operation("Sceptre").unwrap(), id);
    assert!(world.server.add_operation(" ").is_err());
    for collar in ["4417", "6001", "6001"] {
        world.server.take_part(collar, "Sceptre", true).unwrap();
    }
    let of = |collar: &str| {
        let authority = world.server.authority().unwrap();
        let person = authority.people.values().find(|it| it.collar == collar);
        person.unwrap().operations.clone()
    };
    assert_eq!((of("4417"), of("6001")), (vec![id], vec![id]));
    world.server.take_part("4417", "Sceptre", false).unwrap();
    assert_eq!((of("4417"), of("6001")), (Vec::new(), vec![id]));
    let unknown = world.server.take_part("4417", "Nothing", true);
    assert!(matches!(unknown, Err(ServerError::Missing)));
    let names: Vec<_> = world.server.operations().unwrap();
    assert_eq!(names.len(), 1);
    assert_eq!(
        world.server.authority().unwrap().operations[&id].name,
        "Sceptre"
    );
}
