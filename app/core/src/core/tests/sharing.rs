//! A record that two people write.

use super::rig::*;
use super::server::Server;

const COLLEAGUE: u8 = OKORO;

#[test]
fn a_colleague_writes_while_a_record_is_shared_and_not_before_or_after() {
    let server = Server::new();
    let (patel, colleague) = (Device::new(PATEL, &server), Device::new(COLLEAGUE, &server));
    let id = patel.submitted();
    for device in [&patel, &colleague] {
        device.sync(&server);
    }
    let them = officer(COLLEAGUE).to_string();
    let offered = patel.core().colleagues().unwrap();
    assert!(offered.iter().any(|it| it.id == them));
    assert!(offered.iter().all(|it| it.id != officer(PATEL).to_string()));
    assert_eq!(code(colleague.core().add_to_record(&id, "x")), "not_author");
    assert_eq!(code(colleague.core().share(&id, &them)), "bad_input");
    assert_eq!(code(patel.core().share(&id, "nobody")), "not_found");
    let view = patel.core().share(&id, &them).unwrap();
    assert_eq!(view.shared[0].label, "Sgt 3001 Okoro");
    assert!(!view.shared[0].accepted);
    // Sharing again says nothing new.
    let waiting = patel.core().outbox().unwrap().entries;
    patel.core().share(&id, &them).unwrap();
    assert_eq!(patel.core().outbox().unwrap().entries, waiting);
    patel.sync(&server);
    colleague.sync(&server);
    let view = colleague.core().add_to_record(&id, "I was there.").unwrap();
    assert!(view.can_add && !view.can_withdraw && !view.can_share && !view.own);
    assert_eq!(code(colleague.core().withdraw(&id, "x")), "not_author");
    colleague.sync(&server);
    patel.sync(&server);
    let view = patel.record(&id);
    assert_eq!(view.addenda[0].text, "I was there.");
    assert!(view.shared[0].accepted);
    assert_eq!(view.versions[1].by.as_deref(), Some("Sgt 3001 Okoro"));
    assert!(!view.versions[1].here && view.versions[0].here);
    // Nobody approves a record with a change of their own in it.
    let panel = colleague.record(&id).review.unwrap();
    assert_eq!(panel.refused.as_deref(), Some("own_record"));
    patel.core().unshare(&id, &them).unwrap();
    assert!(patel.record(&id).shared.is_empty());
    patel.sync(&server);
    colleague.sync(&server);
    assert_eq!(code(colleague.core().add_to_record(&id, "x")), "not_author");
}

#[test]
fn a_draft_is_shared_written_together_and_then_submitted() {
    let server = Server::new();
    let (patel, colleague) = (Device::new(PATEL, &server), Device::new(COLLEAGUE, &server));
    patel.sync(&server);
    let id = patel
        .core()
        .draft_new("stop_search", None, None)
        .unwrap()
        .id;
    let some = patch(&[("place_text", text("Soho Road"))]);
    patel.core().draft_set(&id, some, None).unwrap();
    let view = patel
        .core()
        .share(&id, &officer(COLLEAGUE).to_string())
        .unwrap();
    assert!(view.can_submit && !view.can_withdraw);
    assert!(patel.core().home().unwrap().drafts.is_empty());
    assert_eq!(code(patel.core().submit_record(&id)), "problems");
    patel.sync(&server);
    colleague.sync(&server);
    colleague.core().edit(&id, search_fields()).unwrap();
    colleague.sync(&server);
    patel.sync(&server);
    let view = patel.core().submit_record(&id).unwrap();
    assert!(!view.can_submit && view.can_withdraw);
    assert_eq!(code(patel.core().submit_record(&id)), "decided");
    patel.sync(&server);
    assert_eq!(patel.review_code(&id).as_deref(), Some("submitted"));
}
