//! Which questions answers open, and what further searches call for.

use super::*;

fn asked(changes: &[(&str, Scalar)]) -> Vec<&'static str> {
    let mut fields = complete();
    for (key, value) in changes {
        fields.set(*key, value.clone());
    }
    asks(Kind::StopSearch, &fields, CodeLists::builtin())
}

#[test]
fn the_power_says_what_it_rests_on() {
    for (power, on) in [
        ("mda_s23", Basis::Grounds),
        ("tact_s43", Basis::Grounds),
        ("not_in_the_list", Basis::Grounds),
        ("cjpoa_s60", Basis::Authorisation),
        ("poa_s11", Basis::Authorisation),
        ("tact_s47a", Basis::Authorisation),
        ("svro_s342e", Basis::Order),
    ] {
        let mut fields = complete();
        fields.set(POWER, power);
        assert_eq!(basis(&fields, CodeLists::builtin()), on, "{power}");
        assert_eq!(asked(&[(POWER, power.into())])[0], on.field(), "{power}");
    }
    fields_without(POWER);
}

fn fields_without(key: &str) {
    let mut fields = complete();
    fields.remove(key);
    assert_eq!(basis(&fields, CodeLists::builtin()), Basis::Grounds);
}

#[test]
fn answers_open_their_questions_and_no_others() {
    let plain = [
        (OFFICER_ETHNICITY, Scalar::from("IC1")),
        (SELF_ETHNICITY, "W1".into()),
        (SEX, "male".into()),
        (VIDEO, "4417-A".into()),
    ];
    assert_eq!(asked(&plain), [GROUNDS]);
    type Asked<'a> = (&'a [(&'a str, Scalar)], &'a [&'a str]);
    let table: &[Asked<'_>] = &[
        (&[(SELF_ETHNICITY, "NS".into())], &[ETHNICITY_REASON]),
        (&[(SEX, "".into())], &[PERCEIVED_SEX]),
        (&[(VIDEO, "".into())], &[VIDEO_REASON]),
        (
            &[(SUBJECT, "vehicle".into())],
            &[VEHICLE_PLATE, VEHICLE_DESCRIPTION, DAMAGE],
        ),
        (
            &[(SUBJECT, "unattended_vehicle".into())],
            &[
                VEHICLE_PLATE,
                VEHICLE_DESCRIPTION,
                DAMAGE,
                NOTICE,
                LEFT_SECURE,
            ],
        ),
        (
            &[
                (SUBJECT, "unattended_vehicle".into()),
                (NOTICE, "not_left".into()),
            ],
            &[
                VEHICLE_PLATE,
                VEHICLE_DESCRIPTION,
                DAMAGE,
                NOTICE,
                LEFT_SECURE,
                NOTICE_REASON,
            ],
        ),
        (
            &[(EXTENT, "mts".into())],
            &[
                EXTENT_REASON,
                EXTENT_PLACE,
                EXTENT_HEADGEAR_ONLY,
                EXTENT_OFFICER_SEX,
                EXTENT_OPPOSITE_SEX,
            ],
        ),
        (
            &[(EXTENT, "eip".into()), (AGE, 17.into())],
            &[
                EXTENT_REASON,
                EXTENT_PLACE,
                EXTENT_HEADGEAR_ONLY,
                EXTENT_OFFICER_SEX,
                EXTENT_OPPOSITE_SEX,
                EXTENT_SUPERVISOR,
                APPROPRIATE_ADULT,
            ],
        ),
        (
            &[(EXTENT, "jog".into()), (AGE, 17.into())],
            &[APPROPRIATE_ADULT],
        ),
        (
            &[
                (EXTENT, "mts".into()),
                (SUBJECT, "vehicle".into()),
                (AGE, 17.into()),
            ],
            &[VEHICLE_PLATE, VEHICLE_DESCRIPTION, DAMAGE],
        ),
        (
            &[(FOUND, "other".into())],
            &[FOUND_WHAT, WEAPON_FOUND, EXHIBIT, OUTCOME_LINKED],
        ),
        (&[(FOUND, "nothing".into())], &[]),
        (
            &[(OUTCOME, "arrest".into())],
            &[CUSTODY_REFERENCE, CRIME_REFERENCE],
        ),
        (&[(FORCE_USED, true.into())], &[HANDCUFFS, FORCE_REFERENCE]),
        (&[(FORCE_USED, false.into())], &[]),
        (&[(COPY, "not_practicable".into())], &[COPY_REASON]),
        (&[(COPY, "refused".into())], &[]),
        (&[(IDENTITY_PROTECTED, true.into())], &[IDENTITY_REASON]),
        (&[(OFFICER_SAFETY, true.into())], &[OFFICER_SAFETY_TEXT]),
    ];
    for (changes, opened) in table {
        let all = [&plain[..], changes].concat();
        assert_eq!(asked(&all)[1..], **opened, "{opened:?}");
    }
    assert_eq!(asks(Kind::Note, &complete(), CodeLists::builtin()), [""; 0]);
}

fn codes(changes: &[(&str, Scalar)]) -> Vec<(&'static str, &'static str)> {
    let mut fields = complete();
    fields.set(OFFICER_ETHNICITY, "IC1");
    fields.set(VIDEO, "4417-A 0093");
    fields.set(AGE_BAND, "25_34");
    for (key, value) in changes {
        fields.set(*key, value.clone());
    }
    assert_eq!(found(&fields), [], "advice stops nothing");
    advised(&fields, "PC")
        .into_iter()
        .map(|(field, code, _)| (field, code))
        .collect()
}

#[test]
fn further_searches_are_held_to_their_safeguards() {
    let further = |more: &[(&'static str, Scalar)]| {
        let base = [
            (EXTENT, Scalar::from("mts")),
            (SEX, "female".into()),
            (EXTENT_OFFICER_SEX, "female".into()),
        ];
        codes(&[&base[..], more].concat())
    };
    assert_eq!(further(&[]), []);
    let male = (EXTENT_OFFICER_SEX, Scalar::from("male"));
    assert_eq!(
        further(std::slice::from_ref(&male)),
        [(EXTENT_OFFICER_SEX, "officer_sex")]
    );
    assert_eq!(further(&[male, (EXTENT_HEADGEAR_ONLY, true.into())]), []);
    assert_eq!(
        further(&[(EXTENT_OPPOSITE_SEX, true.into())]),
        [(EXTENT_OPPOSITE_SEX, "opposite_sex_present")]
    );
    assert_eq!(
        further(&[
            (EXTENT, "eip".into()),
            (EXTENT_PLACE, "police_vehicle".into())
        ]),
        [
            (EXTENT_PLACE, "intimate_in_vehicle"),
            (EXTENT_SUPERVISOR, "supervisor_missing")
        ]
    );
    let child = (AGE, Scalar::from(15));
    let missing = [(AGE, "under_18"), (APPROPRIATE_ADULT, "adult_missing")];
    assert_eq!(further(std::slice::from_ref(&child)), missing);
    assert_eq!(
        further(&[child.clone(), (APPROPRIATE_ADULT, false.into())]),
        missing
    );
    for answer in [
        (APPROPRIATE_ADULT, Scalar::from(true)),
        (ADULT_REASON, "Risk to life, none could come in time".into()),
    ] {
        assert_eq!(further(&[child.clone(), answer]), [(AGE, "under_18")]);
    }
}

#[test]
fn what_is_left_open_is_pointed_at() {
    let found = [(FOUND, Scalar::from("object")), (OUTCOME, "arrest".into())];
    assert_eq!(codes(&found), [(OUTCOME_LINKED, "link_missing")]);
    let linked = (OUTCOME_LINKED, Scalar::from(false));
    assert_eq!(codes(&[&found[..], &[linked]].concat()), []);
    let force = (FORCE_USED, Scalar::from(true));
    assert_eq!(
        codes(std::slice::from_ref(&force)),
        [(FORCE_REFERENCE, "force_form_missing")]
    );
    assert_eq!(codes(&[force, (FORCE_REFERENCE, "UOF 88".into())]), []);
    let car = (SUBJECT, Scalar::from("unattended_vehicle"));
    assert_eq!(
        codes(std::slice::from_ref(&car)),
        [(NOTICE, "notice_missing")]
    );
    assert_eq!(codes(&[car, (NOTICE, "inside".into())]), []);
}

#[test]
fn codes_that_the_list_has_not_are_recorded_and_pointed_at() {
    for (key, code, advice) in [
        (OBJECT, "dog", "unknown_code"),
        (SELF_ETHNICITY, "W4", "unknown_code"),
        (OUTCOME, "article_found", "expired_code"),
    ] {
        assert!(
            codes(&[(key, code.into())]).contains(&(key, advice)),
            "{key}"
        );
    }
    // In force since 20 December 2023.
    let early = [
        (POWER, Scalar::from("poa_s11")),
        (OBJECT, "protest_objects".into()),
        (AUTHORISATION, "POA 1".into()),
        (SEARCHED_AT, ms("2023-12-19T12:00:00Z").into()),
        (NOT_ON_SPOT_REASON, "Typed from paper".into()),
    ];
    assert_eq!(
        codes(&early),
        [(OBJECT, "expired_code"), (POWER, "expired_code")]
    );
}

#[test]
fn each_advice_has_a_name_of_its_own() {
    let names: std::collections::BTreeSet<_> =
        AdviceCode::ALL.iter().map(|it| it.as_str()).collect();
    assert_eq!(names.len(), AdviceCode::ALL.len());
}
