//! The built-in lists, and what a list from elsewhere must keep to.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use super::*;

#[test]
fn every_list_that_code_names_is_built_in() {
    let lists = CodeLists::builtin();
    for name in [
        names::OBJECTS,
        names::POWERS,
        names::OUTCOMES,
        names::SELF_ETHNICITIES,
        names::OFFICER_ETHNICITIES,
        names::SEXES,
        names::AGE_BANDS,
        names::SUBJECTS,
        names::EXTENTS,
        names::EXTENT_PLACES,
        names::FOUND,
        names::HANDCUFFS,
        names::COPY_GIVEN,
        names::VIDEO_REASONS,
        names::NOTE_CATEGORIES,
        names::RETURN_REASONS,
        names::GROUNDS_PHRASES,
    ] {
        assert!(
            lists.list(name).is_some_and(|it| !it.codes.is_empty()),
            "{name}"
        );
    }
    assert_eq!(lists.list(names::SELF_ETHNICITIES).unwrap().codes.len(), 19);
}

#[test]
fn objects_and_powers_name_each_other_rightly() {
    let lists = CodeLists::builtin();
    for object in &lists.list(names::OBJECTS).unwrap().codes {
        if let Some(power) = &object.power {
            let power = lists.get(names::POWERS, power).expect("power of an object");
            let fits = power.objects.is_empty() || power.objects.contains(&object.code);
            assert!(fits, "{} under {}", object.code, power.code);
        }
    }
    for power in &lists.list(names::POWERS).unwrap().codes {
        for object in &power.objects {
            assert!(lists.get(names::OBJECTS, object).is_some(), "{object}");
        }
    }
}

#[test]
fn powers_without_suspicion_are_marked() {
    let lists = CodeLists::builtin();
    for (power, suspicion) in [
        (Some("mda_s23"), true),
        (Some("pace_s1"), true),
        (Some("cjpoa_s60"), false),
        (Some("poa_s11"), false),
        (Some("svro_s342e"), false),
        (Some("tact_s47a"), false),
        (Some("unknown"), true),
        (None, true),
    ] {
        assert_eq!(lists.needs_suspicion(power), suspicion, "{power:?}");
    }
}

#[test]
fn published_texts_of_both_vocabularies_lead_to_codes() {
    let lists = CodeLists::builtin();
    for (list, text, code) in [
        (names::SELF_ETHNICITIES, "White - White British (W1)", "W1"),
        (
            names::SELF_ETHNICITIES,
            "Chinese or other ethnic group - Chinese (O1)",
            "A4",
        ),
        (
            names::SELF_ETHNICITIES,
            "Black/ African/Caribbean/Black British - African",
            "B2",
        ),
        (
            names::SELF_ETHNICITIES,
            "Other ethnic group - Not stated",
            "NS",
        ),
        (names::OUTCOMES, "Suspect arrested", "arrest"),
        (
            names::OUTCOMES,
            "A no further action disposal",
            "no_further_action",
        ),
        (names::OBJECTS, "Offensive weapons", "offensive_weapons"),
        (
            names::POWERS,
            "Environmental Protection Act 1990 (section 34B )",
            "epa_s34b",
        ),
    ] {
        let found = lists
            .code_of_published(list, text)
            .map(|it| it.code.as_str());
        assert_eq!(found, Some(code), "{text}");
    }
    assert!(lists.code_of_published(names::OBJECTS, "dog").is_none());
    assert_eq!(
        lists.published(names::POWERS, "svro_s342e"),
        "",
        "not invented"
    );
}

#[test]
fn dates_decide_what_is_offered() {
    let code = Code {
        from: Some("2023-12-20".into()),
        until: Some("2024-06-30".into()),
        ..Code::default()
    };
    for (day, offered) in [
        ("2023-12-19", false),
        ("2023-12-20", true),
        ("2024-06-30", true),
        ("2024-07-01", false),
    ] {
        assert_eq!(code.in_force(day), offered, "{day}");
    }
}

#[test]
fn lists_read_back_and_faults_are_refused() {
    let lists = CodeLists::builtin();
    assert_eq!(
        &CodeLists::from_json(&lists.to_json().unwrap()).unwrap(),
        lists
    );
    let twice =
        r#"[{"name":"a","title":"A","codes":[{"code":"x","label":"X"},{"code":"x","label":"Y"}]}]"#;
    assert!(matches!(
        CodeLists::from_json(twice),
        Err(ListError::Twice { .. })
    ));
    let day = r#"[{"name":"a","title":"A","codes":[{"code":"x","label":"X","from":"soon"}]}]"#;
    assert!(matches!(
        CodeLists::from_json(day),
        Err(ListError::BadEntry { what: "day", .. })
    ));
    assert!(matches!(CodeLists::from_json("{"), Err(ListError::Json(_))));
}
