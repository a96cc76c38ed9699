//! Mail that a vault lacks although it was said to be stored: by a copy of it, or by itself
//! before it went back to an older state.

use shared::ids::Seq;
use shared::wire::{Mail, Verdict};

use super::kit::{Rec, Vault, World, accepted};

/// What an exchange without news of its own tells of verdicts and grants.
fn told(world: &World, vault: &Vault) -> (Vec<Seq>, usize) {
    let answer = world
        .server
        .exchange(&vault.credential, vault.request(None));
    let mail = answer.unwrap().mail;
    let decided = mail.iter().filter_map(|item| match item.mail {
        Mail::Verdict(seq, Verdict::Accepted(_), _) => Some(seq),
        _ => None,
    });
    let granted = |mail: &Mail| matches!(mail, Mail::Granted(..));
    let grants = mail.iter().filter(|item| granted(&item.mail)).count();
    (decided.collect(), grants)
}

/// A vault whose two entries were judged, and what it was before it heard of that.
fn heard() -> (World, Vault, Vault) {
    let world = World::new();
    let mut vault = world.vault("4417");
    let mut record = Rec::new(1);
    vault.change(&mut record, "words");
    vault.submit(&record);
    vault.push(&world.server).unwrap();
    world.judge();
    let before = vault.clone_at(2);
    assert_eq!(accepted(&vault.verdicts(&world.server)), [0, 1]);
    // It says that it has stored it, and the server forgets it.
    vault.pull(&world.server);
    (world, vault, before)
}

#[test]
fn a_vault_that_lacks_mail_is_told_again_what_was_decided_and_granted() {
    let (world, _, before) = heard();
    let (decided, granted) = told(&world, &before);
    assert_eq!(decided, [Seq(0), Seq(1)]);
    assert!(granted >= 1);
}

#[test]
fn it_is_said_again_once_until_it_is_stored() {
    let (world, vault, mut before) = heard();
    let first = told(&world, &before);
    assert_eq!(told(&world, &before), first, "an answer that was lost");
    before.cursors.mailbox = vault.cursors.mailbox;
    assert_eq!(
        told(&world, &before),
        first,
        "what follows on what was stored"
    );
    before.cursors.mailbox.0 += 100;
    assert_eq!(told(&world, &before), (Vec::new(), 0), "nothing is left");
}

/// Reads what is told and stores it; how much mail that was.
fn stores(world: &World, vault: &mut Vault) -> usize {
    let answer = world
        .server
        .exchange(&vault.credential, vault.request(None));
    let mail = answer.unwrap().mail;
    let last = mail.iter().map(|item| item.seq).max();
    vault.cursors.mailbox = vault.cursors.mailbox.max(last.unwrap_or_default());
    mail.len()
}

#[test]
fn copies_of_a_vault_that_lack_nothing_are_told_nothing_again() {
    let (world, mut vault, before) = heard();
    let mut copies = [before.clone_at(2), before.clone_at(2), before];
    // Each lacks something else.
    for (n, copy) in copies.iter_mut().enumerate() {
        copy.cursors.mailbox.0 = copy.cursors.mailbox.0.saturating_sub(n as u64);
    }
    let everybody = |world: &World, copies: &mut [Vault; 3], vault: &mut Vault| {
        let copies: usize = copies.iter_mut().map(|it| stores(world, it)).sum();
        copies + stores(world, vault)
    };
    for _ in 0..3 {
        everybody(&world, &mut copies, &mut vault);
    }
    assert_eq!(everybody(&world, &mut copies, &mut vault), 0);
    assert_eq!(everybody(&world, &mut copies, &mut vault), 0);
}
