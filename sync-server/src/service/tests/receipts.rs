//! The person's page, code lists, and authorisations.

use shared::doc::Edit;
use shared::record::{ReceiptSecret, Reference, Scalar, field};
use shared::statement::{Statement, Withdrawal};

use super::kit::*;
use crate::service::{PersonPage, PersonRecord};

const SECRET: ReceiptSecret = ReceiptSecret::from_bytes([7; 16]);
const DAY_MS: i64 = 24 * 3_600_000;

fn reference() -> Reference {
    Reference::mint([1, 2, 3, 4, 5], 20)
}

/// The edits of a search under this secret, with changes.
fn search(world: &World, secret: ReceiptSecret, more: &[(&str, Scalar)]) -> Vec<Edit> {
    let base: [(&str, Scalar); 12] = [
        (field::REFERENCE, reference().as_str().into()),
        (field::RECEIPT_HASH, secret.hash().into()),
        (field::SEARCHED_AT, world.env.now().into()),
        (field::PLACE_TEXT, "Soho Road <b>by the library</b>".into()),
        (field::SELF_ETHNICITY, "B1".into()),
        (field::OFFICER_ETHNICITY, "IC3".into()),
        (field::OBJECT, "controlled_drugs".into()),
        (field::POWER, "mda_s23".into()),
        (field::GROUNDS, "Seen to pass a small bag for cash".into()),
        (field::SEARCHED_BY_LABEL, "PC 4417 Patel".into()),
        (field::STATION, "Perry Barr".into()),
        (field::NAME, "Jordan Example".into()),
    ];
    let all = base.iter().chain(more);
    all.map(|(key, value)| Edit::Set {
        key: (*key).to_owned(),
        value: value.clone(),
    })
    .collect()
}

/// The last word of a page's path.
fn word(secret: ReceiptSecret) -> String {
    let path = secret.path(&reference());
    path.rsplit('/').next().unwrap().to_owned()
}

fn open(world: &World, secret: &str) -> PersonPage {
    world
        .server
        .person_page(reference().as_str(), secret)
        .unwrap()
}

fn shown(world: &World) -> PersonRecord {
    match open(world, &word(SECRET)) {
        PersonPage::Record(record) => *record,
        other => panic!("{other:?}"),
    }
}

fn opened(world: &World) -> usize {
    let all = world
        .server
        .store
        .audit_of(shared::ids::RecordId::from_bytes([1; 16]));
    let kinds = all.unwrap().into_iter().map(|(kind, _)| kind);
    kinds.filter(|kind| kind == "receipt_opened").count()
}

#[test]
fn a_receipt_opens_what_the_law_asks_for_and_nothing_else() {
    let world = World::new();
    let mut patel = world.vault("4417");
    let mut record = Rec::new(1);
    patel.edit(&mut record, &search(&world, SECRET, &[]));
    assert_eq!(
        open(&world, &word(SECRET)),
        PersonPage::NotHere,
        "not received yet"
    );
    patel.push(&world.server).unwrap();
    world.judge();
    assert_eq!(
        open(&world, &word(SECRET)),
        PersonPage::NotHere,
        "not submitted yet"
    );
    patel.submit(&record);
    patel.push(&world.server).unwrap();
    world.judge();
    let page = shown(&world);
    assert_eq!(page.place, ["Soho Road <b>by the library</b>"]);
    assert_eq!(page.ethnicity, Some(vec!["Black: Caribbean".to_owned()]));
    assert_eq!(page.object, ["Controlled drugs"]);
    assert_eq!(page.grounds, ["Seen to pass a small bag for cash"]);
    assert_eq!(page.officer, ["PC 4417 Patel"]);
    assert!(page.suspicion && !page.withheld && !page.withdrawn);
    assert_eq!(opened(&world), 1);

    // A guess learns nothing, not even that there is a record.
    let guesses = [
        word(ReceiptSecret::from_bytes([8; 16])),
        String::new(),
        "x".repeat(26),
        "Z".repeat(26),
        "0".repeat(4_000),
        SECRET.hash(),
    ];
    for guess in guesses {
        assert_eq!(open(&world, &guess), PersonPage::NotHere);
    }
    let elsewhere = Reference::mint([9; 5], 20);
    let page = world.server.person_page(elsewhere.as_str(), &word(SECRET));
    assert_eq!(page.unwrap(), PersonPage::NotHere);
    assert_eq!(opened(&world), 1);
    // As people type it.
    let typed = reference().as_str().to_lowercase().replace('-', " ");
    let page = world
        .server
        .person_page(&typed, &word(SECRET).to_lowercase());
    assert!(matches!(page, Ok(PersonPage::Record(_))));
}

#[test]
fn names_are_withheld_where_the_officer_is_protected() {
    let world = World::new();
    let mut patel = world.vault("4417");
    let mut record = Rec::new(1);
    let protect = [(field::IDENTITY_PROTECTED, true.into())];
    patel.edit(&mut record, &search(&world, SECRET, &protect));
    patel.submit(&record);
    patel.push(&world.server).unwrap();
    world.judge();
    let page = shown(&world);
    assert_eq!(page.officer, ["4417"]);
    assert!(page.withheld);
}

#[test]
fn the_page_ends_after_the_last_day_of_three_months_and_not_before() {
    let world = World::new();
    let mut patel = world.vault("4417");
    let mut record = Rec::new(1);
    patel.edit(&mut record, &search(&world, SECRET, &[]));
    patel.submit(&record);
    patel.push(&world.server).unwrap();
    world.judge();
    let until = shown(&world).copy_until;
    // 21 September 2026, 15:33 in London.
    assert_eq!(until, "2026-12-21");
    world.pass(91 * DAY_MS);
    assert_eq!(shown(&world).copy_until, until, "the last day counts");
    world.pass(DAY_MS);
    assert_eq!(open(&world, &word(SECRET)), PersonPage::Ended(until));
    assert_eq!(
        open(&world, "x"),
        PersonPage::NotHere,
        "nor does a guess learn that"
    );
}

#[test]
fn what_two_people_wrote_differently_is_shown_twice_and_what_was_withdrawn_says_so() {
    let world = World::new();
    let mut patel = world.vault("4417");
    let mut other = world.vault("4417");
    let mut record = Rec::new(1);
    patel.edit(&mut record, &search(&world, SECRET, &[]));
    patel.submit(&record);
    patel.push(&world.server).unwrap();
    world.judge();
    let mut copy = record.copy(9);
    let place = |text: &str| Edit::Set {
        key: field::PLACE_TEXT.to_owned(),
        value: text.into(),
    };
    patel.edit(&mut record, &[place("Soho Road")]);
    other.edit(&mut copy, &[place("Holyhead Road")]);
    for vault in [&mut patel, &mut other] {
        vault.push(&world.server).unwrap();
    }
    world.judge();
    let mut both = shown(&world).place;
    both.sort();
    assert_eq!(both, ["Holyhead Road", "Soho Road"]);

    let withdrawal = Statement::Withdrawal(Withdrawal {
        bound: record.bound(),
        reason: "Stands twice".into(),
    });
    patel.state(&record, &withdrawal);
    patel.push(&world.server).unwrap();
    world.judge();
    assert!(shown(&world).withdrawn);
}

#[test]
fn a_reference_that_somebody_copied_hides_nobodys_record() {
    let world = World::new();
    let mut patel = world.vault("4417");
    let mut singh = world.vault("5102");
    let other = ReceiptSecret::from_bytes([9; 16]);
    for (vault, n, secret) in [(&mut singh, 2, other), (&mut patel, 1, SECRET)] {
        let mut record = Rec::new(n);
        vault.edit(&mut record, &search(&world, secret, &[]));
        vault.submit(&record);
        vault.push(&world.server).unwrap();
        world.judge();
    }
    assert!(matches!(open(&world, &word(SECRET)), PersonPage::Record(_)));
    assert!(matches!(open(&world, &word(other)), PersonPage::Record(_)));
    assert_eq!(opened(&world), 1);
}

const AUTHORISATION: &str = r#"{"type":"Feature","properties":{"reference":"S60/14",
    "power":"cjpoa_s60","locality":"Handsworth","from":"2026-09-21T10:00:00Z",
    "until":"2026-09-21T18:00:00Z","rank":"RANK"},"geometry":{"type":"Polygon",
    "coordinates":[[[-1.94,52.50],[-1.92,52.50],[-1.92,52.51],[-1.94,52.50]]]}}"#;

#[test]
fn an_authorisation_is_brought_in_once_and_reaches_devices() {
    let world = World::new();
    let lawful = AUTHORISATION.replace("RANK", "inspector");
    let done = world.server.import_authorisations(&lawful).unwrap();
    assert_eq!((done.read, done.imported, done.refused.len()), (1, 1, 0));
    let again = world.server.import_authorisations(&lawful).unwrap();
    assert_eq!((again.imported, again.known), (0, 1));
    let low = AUTHORISATION
        .replace("RANK", "sergeant")
        .replace("/14", "/15");
    let refused = world.server.import_authorisations(&low).unwrap().refused;
    assert_eq!(
        refused[0].reason,
        "S60/15 was given by a rank below Inspector"
    );
    assert!(world.server.import_authorisations("{}").is_err());
    assert_eq!(world.server.authorisations().unwrap().len(), 1);

    let mut patel = world.vault("4417");
    let names = patel.pull(&world.server).reference;
    assert!(names.contains(&"authorisations".to_owned()), "{names:?}");
}

#[test]
fn lists_are_replaced_and_no_code_that_records_hold_is_lost() {
    let world = World::new();
    let server = &world.server;
    let mut lists: Vec<_> = server.code_lists().unwrap().iter().cloned().collect();
    let text = |lists: &[shared::codes::CodeList]| serde_json::to_string(lists).unwrap();
    let done = server.import_codes(&text(&lists)).unwrap();
    assert_eq!(
        (done.imported, done.known),
        (0, lists.len() as u64),
        "nothing is new"
    );
    let list = lists.iter_mut().find(|it| it.name == "outcomes").unwrap();
    list.codes[0].until = Some("2026-12-31".into());
    list.codes[0].label = "Nothing more was done".into();
    let done = server.import_codes(&text(&lists)).unwrap();
    assert_eq!(done.imported, 1);
    let label = |code| {
        server
            .code_lists()
            .unwrap()
            .label("outcomes", code)
            .to_owned()
    };
    assert_eq!(label("no_further_action"), "Nothing more was done");

    let list = lists.iter_mut().find(|it| it.name == "outcomes").unwrap();
    list.codes.remove(0);
    let refused = server.import_codes(&text(&lists)).unwrap().refused;
    let reason = "outcomes no longer has the code no_further_action";
    assert_eq!(refused[0].reason, reason);
    assert_eq!(label("no_further_action"), "Nothing more was done");
    assert!(server.import_codes("[{}]").is_err());
}
