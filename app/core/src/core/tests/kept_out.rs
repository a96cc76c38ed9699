//! Words that the server keeps out: shown, kept, said again, never doubled.

use super::rig::*;
use super::server::{Server, held};
use shared::log::{EntryKind, Header};
use shared::wire::{Verdict, VerdictCode};

/// A search of Patel's that the server has accepted.
fn accepted() -> (Server, Device, String) {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let id = device.submitted();
    device.sync(&server);
    (server, device, id)
}

fn hold(server: &Server, code: Option<VerdictCode>) {
    let verdicts = &mut server.state().verdicts;
    match code {
        Some(code) => verdicts.insert(EntryKind::Change, held(code)),
        None => verdicts.remove(&EntryKind::Change),
    };
}

fn added(device: &Device, id: &str) -> Vec<String> {
    let addenda = device.record(id).addenda;
    addenda.into_iter().map(|it| it.text).collect()
}

#[test]
fn held_words_are_beside_the_record_and_in_it_once_they_are_released() {
    let (server, device, id) = accepted();
    hold(&server, Some(VerdictCode::NotActive));
    device.core().add_to_record(&id, "Held words.").unwrap();
    device.clock.pass(1000);
    device.sync(&server);
    let view = device.record(&id);
    assert!(view.addenda.is_empty());
    let kept = view.held.unwrap();
    assert_eq!((kept.code.as_str(), kept.whole), ("held", false));
    assert_eq!(kept.addenda, ["Held words."]);
    assert_eq!(kept.reason.as_deref(), Some("not_active"));
    assert_eq!(view.row.delivery.code, "held");
    // What is written now builds on what stands, and is let in.
    hold(&server, None);
    device.core().add_to_record(&id, "Later words.").unwrap();
    device.sync(&server);
    assert_eq!(added(&device, &id), ["Later words."]);
    assert_eq!(device.record(&id).held.unwrap().addenda, ["Held words."]);
    let first = device.core().log();
    let entry = {
        let state = server.state();
        let changes = state.logs[&first].received.iter();
        let mut changes = changes.filter(|it| it.header.kind == EntryKind::Change);
        changes.nth(1).unwrap().header.id()
    };
    server.release(entry);
    device.sync(&server);
    let mut words = added(&device, &id);
    words.sort();
    assert_eq!(words, ["Held words.", "Later words."]);
    let view = device.record(&id);
    assert!(view.held.is_none());
    assert_eq!(view.row.delivery.code, "received");
    let ahmed = Device::new(AHMED, &server);
    ahmed.sync(&server);
    let heads = |device: &Device| {
        device
            .core()
            .facts(super::rig::id(&id))
            .unwrap()
            .unwrap()
            .heads
    };
    assert_eq!(heads(&ahmed), heads(&device));
}

#[test]
fn words_written_on_held_ones_are_said_again_and_nothing_is_doubled_by_a_release() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let id = device.core().draft_new("note", None, None).unwrap().id;
    let set = |words| patch(&[("text", text(words))]);
    device.core().draft_set(&id, set("One."), None).unwrap();
    // Until it is submitted, the text itself is written on.
    device.sync(&server);
    let colleague = officer(OKORO).to_string();
    device.core().share(&id, &colleague).unwrap();
    device.sync(&server);
    server.state().slow = true;
    device.core().edit(&id, set("One. Two.")).unwrap();
    device.sync(&server);
    hold(&server, Some(VerdictCode::PolicyWentBack));
    server.judge_all();
    hold(&server, None);
    // The verdict is on its way while the officer goes on writing.
    let request = device.core().exchange_request().unwrap();
    let answer = server.exchange(request).unwrap();
    device.core().edit(&id, set("One. Two. Three.")).unwrap();
    device.core().apply_response(answer).unwrap();
    assert_eq!(device.record(&id).fields["text"], text("One. Three."));
    let push = device.core().exchange_request().unwrap().push.unwrap();
    let headers: Vec<_> = push
        .entries
        .iter()
        .map(|it| Header::from_bytes(&it.header).unwrap())
        .collect();
    assert_eq!(headers.len(), 2);
    assert_eq!(headers[1].supersedes, [headers[0].id()]);
    server.state().slow = false;
    device.sync(&server);
    device.sync(&server);
    let facts = device.core().facts(super::rig::id(&id)).unwrap().unwrap();
    let verdicts: Vec<_> = facts.entries.iter().map(|(_, verdict)| *verdict).collect();
    assert_eq!(
        verdicts,
        [
            "accepted",
            "accepted",
            "quarantined",
            "superseded",
            "accepted"
        ]
    );
    let second = facts.entries[2].0;
    server.release(second);
    device.sync(&server);
    let words = device.record(&id).fields["text"].clone();
    let Some(crate::view::FieldValue::Text(words)) = words else {
        panic!("a text")
    };
    for word in ["One.", "Two.", "Three."] {
        assert_eq!(words.matches(word).count(), 1, "{words}");
    }
}

#[test]
fn an_upheld_entry_is_final_and_its_officer_writes_it_again_or_lets_it_go() {
    let (server, device, id) = accepted();
    let other = device.submitted();
    device.sync(&server);
    hold(&server, Some(VerdictCode::Role));
    for id in [&id, &other] {
        device.core().add_to_record(id, "Held words.").unwrap();
    }
    device.sync(&server);
    hold(&server, None);
    let log = device.core().log();
    {
        let mut state = server.state();
        let received = state.logs[&log].received.clone();
        for entry in &received[received.len() - 2..] {
            state.rule(log, entry, Verdict::Upheld(VerdictCode::Role));
        }
    }
    device.sync(&server);
    for id in [&id, &other] {
        let view = device.record(id);
        assert_eq!(view.row.delivery.code, "not_accepted");
        assert_eq!(view.held.unwrap().code, "not_accepted");
    }
    device.core().resubmit(&id).unwrap();
    assert!(device.record(&id).held.is_none());
    device.sync(&server);
    assert_eq!(added(&device, &id), ["Held words."]);
    assert_eq!(device.delivery(&id), "received");
    device.core().let_go(&other).unwrap();
    let view = device.record(&other);
    assert!(view.held.is_none() && view.addenda.is_empty());
    assert_eq!(view.row.delivery.code, "received");
    assert!(device.core().home().unwrap().todo.is_empty());
}

#[test]
fn a_record_that_is_held_as_a_whole_is_shown_and_written_on_and_let_in_as_a_whole() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    hold(&server, Some(VerdictCode::NotActive));
    let id = device.submitted();
    device.sync(&server);
    hold(&server, None);
    let view = device.record(&id);
    assert!(view.held.unwrap().whole);
    assert_eq!(view.fields["object"], text("controlled_drugs"));
    device.core().add_to_record(&id, "More.").unwrap();
    device.sync(&server);
    assert_eq!(added(&device, &id), ["More."]);
    assert_eq!(device.delivery(&id), "held");
    let first = device.core().facts(super::rig::id(&id)).unwrap().unwrap();
    server.release(first.entries[0].0);
    device.sync(&server);
    assert_eq!(added(&device, &id), ["More."]);
    let facts = device.core().facts(super::rig::id(&id)).unwrap().unwrap();
    assert_eq!(facts.entries[2].1, "accepted");
}

#[test]
fn a_record_whose_rejected_words_were_in_already_is_not_called_refused() {
    let (server, device, id) = accepted();
    hold(&server, Some(VerdictCode::NotActive));
    device.core().add_to_record(&id, "Held words.").unwrap();
    device.sync(&server);
    hold(&server, None);
    // The supervisor releases what the officer is saying again.
    let facts = device.core().facts(super::rig::id(&id)).unwrap().unwrap();
    server.release(facts.entries[2].0);
    device.core().resubmit(&id).unwrap();
    device.sync(&server);
    device.sync(&server);
    assert_eq!(added(&device, &id), ["Held words."]);
    assert_eq!(device.delivery(&id), "received");
    assert!(device.record(&id).held.is_none());
}

#[test]
fn a_statement_about_held_words_is_put_before_its_signer_again() {
    let (server, device, id) = accepted();
    server.state().slow = true;
    device.core().add_to_record(&id, "Held words.").unwrap();
    device.sync(&server);
    hold(&server, Some(VerdictCode::Role));
    server.judge_all();
    hold(&server, None);
    let request = device.core().exchange_request().unwrap();
    let answer = server.exchange(request).unwrap();
    device.core().withdraw(&id, "Stands twice").unwrap();
    device.core().apply_response(answer).unwrap();
    let waiting = device.core().confirmations().unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(
        (waiting[0].kind.as_str(), waiting[0].reason.as_str()),
        ("withdrawal", "held")
    );
    assert_eq!(waiting[0].text.as_deref(), Some("Stands twice"));
    device.core().confirm(&waiting[0].entry).unwrap();
    assert!(device.core().confirmations().unwrap().is_empty());
    server.state().slow = false;
    device.sync(&server);
    device.sync(&server);
    assert_eq!(device.review_code(&id).as_deref(), Some("withdrawn"));
    assert_eq!(code(device.core().confirm(&waiting[0].entry)), "not_found");
}
