//! Enrolling and signing in.

use shared::ids::LogId;
use shared::wire::{Credential, EnrolRequest, ErrorCode, WireError};

use super::kit::{PASSWORD, Rec, World, sign_in};
use crate::service::ServerError;

fn code(error: &WireError) -> ErrorCode {
    match error {
        WireError::Refused { code, .. } => *code,
        other => panic!("{other}"),
    }
}

#[test]
fn a_code_enrols_one_device_once_and_only_in_its_time() {
    let world = World::new();
    let enrol = |typed: &str| {
        let request = EnrolRequest {
            code: typed.to_owned(),
            form_factor: "tablet".to_owned(),
        };
        world.server.enrol(request).map_err(|error| code(&error))
    };
    let offered = world.server.new_enrolment("tablet 1").unwrap().code;
    assert!(enrol(&offered.to_lowercase()).is_ok());
    assert_eq!(enrol(&offered).unwrap_err(), ErrorCode::BadEnrolmentCode);
    let late = world.server.new_enrolment("tablet 2").unwrap();
    world.pass(25 * 3600 * 1000);
    assert_eq!(enrol(&late.code).unwrap_err(), ErrorCode::BadEnrolmentCode);
    assert_eq!(enrol("").unwrap_err(), ErrorCode::BadEnrolmentCode);
}

#[test]
fn wrong_passwords_make_everyone_wait_even_with_the_right_one() {
    let world = World::new();
    let (_, credential) = world.enrol();
    let log = LogId::from_bytes([5; 16]);
    let attempt = |password: &str| {
        let mut request = sign_in("4417", log, Some(hex::encode([3; 32])));
        request.password = password.to_owned();
        world.server.sign_in(&credential, request)
    };
    for _ in 0..5 {
        assert_eq!(
            code(&attempt("a wrong one").unwrap_err()),
            ErrorCode::BadSignIn
        );
    }
    assert_eq!(code(&attempt(PASSWORD).unwrap_err()), ErrorCode::SlowDown);
    world.pass(31_000);
    assert!(attempt(PASSWORD).is_ok());
    let nobody = world
        .server
        .sign_in(&credential, sign_in("0000", log, None));
    assert_eq!(code(&nobody.unwrap_err()), ErrorCode::BadSignIn);
}

#[test]
fn a_session_ends_and_is_renewed_without_a_new_log() {
    let world = World::new();
    let mut vault = world.vault("4417");
    assert!(world.server.check_session(&vault.credential).is_ok());
    world.pass(73 * 3600 * 1000);
    let ended = world.server.check_session(&vault.credential).unwrap_err();
    assert_eq!(code(&ended), ErrorCode::SignInNeeded);
    let answer = world
        .server
        .sign_in(&vault.credential, sign_in("4417", vault.log, None));
    vault.credential.session = Some(answer.unwrap().session);
    assert!(world.server.check_session(&vault.credential).is_ok());
    let other = LogId::from_bytes([8; 16]);
    let unknown = world
        .server
        .sign_in(&vault.credential, sign_in("4417", other, None));
    assert_eq!(code(&unknown.unwrap_err()), ErrorCode::UnknownLog);
    let not_theirs = world
        .server
        .sign_in(&vault.credential, sign_in("5102", vault.log, None));
    assert_eq!(code(&not_theirs.unwrap_err()), ErrorCode::UnknownLog);
}

#[test]
fn a_log_that_split_is_not_signed_in_again() {
    let world = World::new();
    let mut vault = world.vault("4417");
    vault.change(&mut Rec::new(1), "a");
    let mut clone = vault.clone_at(0);
    clone.change(&mut Rec::new(2), "b");
    vault.push(&world.server).unwrap();
    clone.send(&world.server, clone.segment(0, 1)).unwrap_err();
    let again = world
        .server
        .sign_in(&vault.credential, sign_in("4417", vault.log, None));
    assert_eq!(code(&again.unwrap_err()), ErrorCode::Fork);
}

#[test]
fn unknown_devices_and_ended_people_are_given_nothing() {
    let world = World::new();
    let stranger = Credential {
        device: "no".to_owned(),
        session: None,
    };
    let log = LogId::from_bytes([5; 16]);
    let answer = world.server.sign_in(&stranger, sign_in("4417", log, None));
    assert_eq!(code(&answer.unwrap_err()), ErrorCode::UnknownDevice);
    let vault = world.vault("4417");
    world.server.end_person("4417").unwrap();
    assert!(world.server.check_session(&vault.credential).is_err());
    let answer = world
        .server
        .sign_in(&vault.credential, sign_in("4417", vault.log, None));
    assert_eq!(code(&answer.unwrap_err()), ErrorCode::BadSignIn);
    assert!(matches!(
        world.server.end_person("4417"),
        Err(ServerError::Missing)
    ));
    // The control room has no vault, and an officer no place at its page.
    let answer = world
        .server
        .sign_in(&vault.credential, sign_in("900", log, None));
    assert_eq!(code(&answer.unwrap_err()), ErrorCode::BadSignIn);
    assert!(world.server.console_sign_in("5102", PASSWORD).is_err());
}
