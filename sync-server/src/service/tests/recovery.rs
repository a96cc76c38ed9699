//! The forgotten PIN.

use age::secrecy::ExposeSecret as _;
use age::x25519::Identity;
use shared::wire::{ErrorCode, RecoveryRequest, RecoveryTicket, WireError};

use super::kit::{Vault, World, sign_in};
use crate::service::ServerError;

struct Asked {
    escrow: Identity,
    once: Identity,
    ticket: RecoveryTicket,
}

fn ask(world: &World, vault: &Vault) -> Result<Asked, WireError> {
    let (escrow, once) = (Identity::generate(), Identity::generate());
    let request = RecoveryRequest {
        log: vault.log,
        wrap: age::encrypt(&escrow.to_public(), b"the key of the database").unwrap(),
        recipient: once.to_public().to_string(),
    };
    let ticket = world.server.recovery_begin(&vault.credential, request)?;
    Ok(Asked {
        escrow,
        once,
        ticket,
    })
}

fn file(identity: &Identity) -> String {
    format!("# of the force\n{}\n", identity.to_string().expose_secret())
}

fn code(result: Result<impl Sized, WireError>) -> ErrorCode {
    match result {
        Err(WireError::Refused { code, .. }) => code,
        _ => panic!("not refused"),
    }
}

#[test]
fn the_key_comes_back_to_the_vault_that_asked_and_to_nobody_else() {
    let world = World::new();
    let mut vault = world.vault("4417");
    // The session lies in the locked vault: the officer signs in again.
    let again = sign_in("4417", vault.log, None);
    let answer = world.server.sign_in(&vault.credential, again).unwrap();
    vault.credential.session = Some(answer.session);
    let asked = ask(&world, &vault).unwrap();
    let fetch = |of: &Vault, log| world.server.recovery_fetch(&of.credential, log);
    assert_eq!(fetch(&vault, vault.log), Ok(None));

    let wrong = world.server.recover(&asked.ticket.code, &file(&asked.once));
    assert!(matches!(wrong, Err(ServerError::Seal(_))));
    let typed = asked.ticket.code.to_lowercase().replace('-', " ");
    let recovered = world.server.recover(&typed, &file(&asked.escrow)).unwrap();
    assert_eq!(recovered.officer, "PC 4417 N4417");
    let again = world.server.recover(&typed, &file(&asked.escrow));
    assert!(
        matches!(again, Err(ServerError::Missing)),
        "a code is used once"
    );

    for _ in 0..2 {
        let sealed = fetch(&vault, vault.log).unwrap().unwrap();
        let key = age::decrypt(&asked.once, &sealed).unwrap();
        assert_eq!(key, b"the key of the database");
    }
    let other = world.vault("5102");
    assert_eq!(code(fetch(&other, vault.log)), ErrorCode::NotFound);
    world.pass(31 * 60 * 1000);
    assert_eq!(fetch(&vault, vault.log), Ok(None), "it expires");
}

#[test]
fn only_the_last_code_counts_and_none_for_long() {
    let world = World::new();
    let vault = world.vault("4417");
    let first = ask(&world, &vault).unwrap();
    world.pass(1);
    let second = ask(&world, &vault).unwrap();
    let used = world
        .server
        .recover(&first.ticket.code, &file(&first.escrow));
    assert!(matches!(used, Err(ServerError::Missing)));
    world.pass(31 * 60 * 1000);
    let late = world
        .server
        .recover(&second.ticket.code, &file(&second.escrow));
    assert!(matches!(late, Err(ServerError::Missing)));
}

#[test]
fn asking_needs_the_vaults_session_and_has_a_limit() {
    let world = World::new();
    let mut vault = world.vault("4417");
    for _ in 0..5 {
        ask(&world, &vault).unwrap();
        world.pass(1_000);
    }
    assert_eq!(code(ask(&world, &vault)), ErrorCode::SlowDown);
    world.pass(3600 * 1000);
    ask(&world, &vault).unwrap();
    let bad = RecoveryRequest {
        log: vault.log,
        wrap: vec![0; 4_000],
        recipient: Identity::generate().to_public().to_string(),
    };
    let refused = world.server.recovery_begin(&vault.credential, bad);
    assert_eq!(code(refused), ErrorCode::BadBody);
    let session = vault.credential.session.take();
    assert_eq!(code(ask(&world, &vault)), ErrorCode::SignInNeeded);
    vault.credential.session = session;
    world.server.revoke_device(vault.device).unwrap();
    assert_eq!(code(ask(&world, &vault)), ErrorCode::DeviceRevoked);
}
