//! What a record must have, what officers are advised, and the values fields take.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod ages;
mod asked;
mod covered;

use proptest::prelude::*;

use super::field::*;
use super::*;
use crate::codes::CodeLists;
use crate::ids::OfficerId;
use crate::time::UnixMs;

/// Sunday 22 November 2026, 20:52 in London.
const NOW: UnixMs = UnixMs(1_795_380_720_000);

fn complete() -> Fields {
    let mut it = Fields::new();
    it.set(SEARCHED_AT, NOW);
    it.set(PLACE_TEXT, "Soho Road, by the library");
    it.set(SELF_ETHNICITY, "NS");
    it.set(OBJECT, "controlled_drugs");
    it.set(POWER, "mda_s23");
    it.set(
        GROUNDS,
        "Seen passing a small bag for cash to a man who then walked away quickly",
    );
    it.set(SEARCHED_BY, OfficerId::from_bytes([4; 16]));
    it
}

fn found(fields: &Fields) -> Vec<(&'static str, &'static str)> {
    let all = problems(Kind::StopSearch, fields, CodeLists::builtin(), NOW);
    all.iter().map(|it| (it.field, it.code.as_str())).collect()
}

fn done(fields: &Fields) -> (u32, u32) {
    required(Kind::StopSearch, fields, CodeLists::builtin())
}

#[test]
fn the_seven_items_and_nothing_else_are_required() {
    assert_eq!(done(&complete()), (7, 7));
    assert_eq!(
        found(&complete()),
        [],
        "name, address, birth date, outcome may stay blank"
    );
    assert_eq!(done(&Fields::new()), (0, 7));
    for (key, counts) in [
        (SEARCHED_AT, 2),
        (PLACE_TEXT, 1),
        (SELF_ETHNICITY, 1),
        (OBJECT, 1),
        (GROUNDS, 1),
        (SEARCHED_BY, 1),
    ] {
        let mut fields = complete();
        fields.remove(key);
        assert_eq!(done(&fields), (7 - counts, 7), "{key}");
        assert_eq!(found(&fields), [(key, "missing")]);
    }
}

#[test]
fn blanks_are_not_words() {
    let mut fields = complete();
    fields.set(GROUNDS, " \n ");
    assert_eq!(found(&fields), [(GROUNDS, "missing")]);
}

#[test]
fn coordinates_are_a_place_but_only_together() {
    let mut fields = complete();
    fields.remove(PLACE_TEXT);
    fields.set(PLACE_LAT_E7, 524_862_430_i64);
    assert_eq!(
        found(&fields),
        [(PLACE_TEXT, "missing"), (PLACE_LON_E7, "missing")]
    );
    fields.set(PLACE_LON_E7, -18_904_010_i64);
    assert_eq!(found(&fields), []);
}

#[test]
fn a_vehicle_needs_no_ethnicity() {
    for (subject, of) in [
        ("person", 7),
        ("person_and_vehicle", 7),
        ("vehicle", 6),
        ("unattended_vehicle", 6),
    ] {
        let mut fields = complete();
        fields.set(SUBJECT, subject);
        fields.remove(SELF_ETHNICITY);
        assert_eq!(done(&fields), (6, of), "{subject}");
        assert_eq!(found(&fields).is_empty(), of == 6, "{subject}");
    }
}

#[test]
fn a_power_without_suspicion_needs_its_authorisation_in_place_of_grounds() {
    for (power, key) in [
        ("mda_s23", GROUNDS),
        ("pace_s1", GROUNDS),
        ("cjpoa_s60", AUTHORISATION),
        ("poa_s11", AUTHORISATION),
        ("svro_s342e", AUTHORISATION),
        ("tact_s47a", AUTHORISATION),
    ] {
        let mut fields = complete();
        fields.set(POWER, power);
        fields.remove(GROUNDS);
        assert_eq!(found(&fields), [(key, "missing")], "{power}");
        fields.set(key, "Order 14 of 22 November, signed by Inspector 1201");
        assert_eq!(found(&fields), [], "{power}");
    }
}

#[test]
fn each_fault_has_its_code() {
    let long = "x".repeat(TEXT_CHARS + 1);
    let table: &[(&'static str, Scalar, &str)] = &[
        (GROUNDS, long.as_str().into(), "too_long"),
        (OBJECT, 3.into(), "missing"),
        (OUTCOME, 3.into(), "unknown_code"),
        (SEARCHED_AT, "yesterday".into(), "missing"),
        (GOWISELY_AT, "yesterday".into(), "not_a_time"),
        (SEARCHED_AT, NOW.plus(86_400_000).into(), "out_of_range"),
        (SEARCHED_AT, 0.into(), "out_of_range"),
        (BIRTH_DATE, "2009-02-30".into(), "not_a_time"),
        (BIRTH_DATE, "2026-11-23".into(), "out_of_range"),
        (AGE, 131.into(), "out_of_range"),
        (AGE, "ten".into(), "out_of_range"),
        (PLACE_ACCURACY_M, (-1).into(), "out_of_range"),
        (SEARCHED_BY, "4417".into(), "out_of_range"),
        (FORCE_USED, "yes".into(), "out_of_range"),
    ];
    for (key, value, code) in table {
        let mut fields = complete();
        fields.set(*key, value.clone());
        assert_eq!(found(&fields), [(*key, *code)], "{key}");
    }
    let mut fields = complete();
    fields.set(GROUNDS, "é".repeat(TEXT_CHARS));
    assert_eq!(found(&fields), [], "characters count, not bytes");
}

#[test]
fn a_note_needs_its_text() {
    let lists = CodeLists::builtin();
    let mut fields = Fields::new();
    assert_eq!(required(Kind::Note, &fields, lists), (0, 1));
    let all = problems(Kind::Note, &fields, lists, NOW);
    assert_eq!(
        all,
        [Problem {
            field: TEXT,
            code: ProblemCode::Missing
        }]
    );
    fields.set(TEXT, "Woman asks for a visit about broken street lights");
    assert_eq!(required(Kind::Note, &fields, lists), (1, 1));
    assert_eq!(problems(Kind::Note, &fields, lists, NOW), []);
}

#[test]
fn ages_fall_into_bands_on_the_day_of_the_search() {
    for (years, band) in [
        (0, "under_10"),
        (9, "under_10"),
        (10, "10_17"),
        (17, "10_17"),
        (18, "18_24"),
        (24, "18_24"),
        (25, "25_34"),
        (34, "25_34"),
        (35, "over_34"),
    ] {
        let fields: Fields = [(AGE, i64::from(years))].into_iter().collect();
        assert_eq!(age_band(&fields).unwrap().as_str(), band, "{years}");
    }
    for (born, band) in [
        ("2008-11-22", "18_24"),
        ("2008-11-23", "10_17"),
        ("2016-11-22", "10_17"),
        ("2016-11-23", "under_10"),
        ("1991-11-22", "over_34"),
        ("1991-11-23", "25_34"),
    ] {
        let mut fields = complete();
        fields.set(BIRTH_DATE, born);
        fields.set(AGE, 50);
        fields.set(AGE_BAND, "under_10");
        assert_eq!(age_band(&fields).unwrap().as_str(), band, "{born}");
    }
    let apparent: Fields = [(AGE_BAND, "25_34")].into_iter().collect();
    assert_eq!(age_band(&apparent), Some(AgeBand::From25To34));
    assert_eq!(age_band(&Fields::new()), None);
}

#[test]
fn who_was_born_on_a_leap_day_grows_older_on_the_first_of_march() {
    for (day, band) in [
        ("2026-02-28T12:00:00Z", "10_17"),
        ("2026-03-01T12:00:00Z", "18_24"),
    ] {
        let mut fields = complete();
        fields.set(SEARCHED_AT, ms(day));
        fields.set(BIRTH_DATE, "2008-02-29");
        assert_eq!(age_band(&fields).unwrap().as_str(), band, "{day}");
    }
}

fn ms(text: &str) -> UnixMs {
    UnixMs(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

#[test]
fn the_copy_can_be_asked_for_until_the_last_day_of_three_months() {
    for (searched, until) in [
        ("2026-11-22T20:52:00Z", "2027-02-22"),
        ("2026-11-30T10:00:00Z", "2027-02-28"),
        ("2027-11-30T10:00:00Z", "2028-02-29"),
        ("2026-06-30T23:30:00Z", "2026-10-01"),
        ("2026-12-31T23:59:00Z", "2027-03-31"),
        ("2026-10-24T23:30:00Z", "2027-01-25"),
    ] {
        assert_eq!(copy_until(ms(searched)), until, "{searched}");
    }
}

#[test]
fn months_are_cut_on_british_local_time() {
    for (at, cut) in [
        ("2016-06-30T23:30:00Z", "2016-07"),
        ("2016-06-30T22:59:59Z", "2016-06"),
        ("2016-12-31T23:45:00Z", "2016-12"),
        ("2016-10-31T23:45:00Z", "2016-10"),
        ("2016-09-30T23:48:00Z", "2016-10"),
    ] {
        assert_eq!(month(ms(at)), cut, "{at}");
    }
    assert_eq!(search_day(ms("2016-06-30T23:30:00Z")), "2016-07-01");
}

proptest! {
    #[test]
    fn problems_stand_for_any_fields(
        key in proptest::sample::select(catalogue(Kind::StopSearch).iter().map(|it| it.key).collect::<Vec<_>>()),
        number: i64,
        text: String,
        at: i64,
    ) {
        let lists = CodeLists::builtin();
        for value in [Scalar::from(number), text.into(), true.into()] {
            let mut fields = complete();
            fields.set(key, value);
            fields.set(SEARCHED_AT, at);
            problems(Kind::StopSearch, &fields, lists, UnixMs(at));
            let context = AdviceContext { role: "PC", now: UnixMs(number), ..Default::default() };
            asks(Kind::StopSearch, &fields, lists);
            advice(Kind::StopSearch, &fields, lists, &context);
            age_band(&fields);
            copy_until(UnixMs(at));
        }
    }
}

fn advised(fields: &Fields, role: &str) -> Vec<(&'static str, &'static str, Option<String>)> {
    let context = AdviceContext {
        role,
        now: NOW,
        ..Default::default()
    };
    let all = advice(Kind::StopSearch, fields, CodeLists::builtin(), &context);
    all.into_iter()
        .map(|it| (it.field, it.code.as_str(), it.phrase))
        .collect()
}

#[test]
fn advice_points_at_words_and_blocks_nothing() {
    let mut calm = complete();
    calm.set(OFFICER_ETHNICITY, "IC1");
    calm.set(VIDEO, "4417-A 0093");
    calm.set(AGE_BAND, "25_34");
    assert_eq!(advised(&calm, "PC"), []);

    let place = "Stood about for an hour in a Known  drugs-area looking into cars";
    let generic = "He was acting suspiciously near the shops and then went away";
    let late = NOW.plus(-LATE_AFTER_MS - 1);
    let table: &[(&str, Scalar, &str, &str, Option<&str>)] = &[
        (GROUNDS, "Ran off".into(), GROUNDS, "short", None),
        (
            GROUNDS,
            place.into(),
            GROUNDS,
            "place_not_person",
            Some("known drugs area"),
        ),
        (
            GROUNDS,
            generic.into(),
            GROUNDS,
            "generic",
            Some("acting suspiciously"),
        ),
        (OBJECT, "firearms".into(), POWER, "power_object", None),
        (AGE, 17.into(), AGE, "under_18", None),
        (SEARCHED_AT, late.into(), SEARCHED_AT, "late_record", None),
        (VIDEO, "".into(), VIDEO, "no_video", None),
        (
            OFFICER_ETHNICITY,
            "".into(),
            OFFICER_ETHNICITY,
            "officer_view_missing",
            None,
        ),
    ];
    for (key, value, field, code, phrase) in table {
        let mut fields = calm.clone();
        fields.set(*key, value.clone());
        let expected = (*field, *code, phrase.map(str::to_owned));
        assert_eq!(advised(&fields, "PC"), [expected]);
        assert_eq!(found(&fields), []);
    }
    assert_eq!(advised(&calm, "pcso"), [(POWER, "power_not_allowed", None)]);
}

#[test]
fn what_debug_prints_names_nobody() {
    let mut fields = complete();
    fields.set(NAME, "Jordan Example");
    fields.set(AGE, 17);
    let printed = format!("{fields:?} {fields:#?} {:?}", fields.get(NAME));
    assert!(printed.contains(NAME));
    for secret in ["Jordan", "Soho", "17", "NS", "cash"] {
        assert!(!printed.contains(secret), "{secret}");
    }
}

#[test]
fn the_catalogue_names_each_key_once_and_lists_that_exist() {
    for kind in Kind::ALL {
        let mut seen = std::collections::BTreeSet::new();
        for def in catalogue(kind) {
            assert!(seen.insert(def.key), "{} twice", def.key);
            if let FieldType::Code(list) = def.ty {
                assert!(CodeLists::builtin().list(list).is_some(), "{list}");
            }
        }
        assert_eq!(kind.as_str().parse(), Ok(kind));
    }
}

#[test]
fn fields_read_and_write_as_plain_json() {
    let text = r#"{"age":17,"force_used":false,"grounds":"seen"}"#;
    let fields: Fields = serde_json::from_str(text).unwrap();
    assert_eq!(fields.get_int(AGE), Some(17));
    assert_eq!(fields.get_bool(FORCE_USED), Some(false));
    assert_eq!(serde_json::to_string(&fields).unwrap(), text);
}
