//! A vault that was copied or restored: both go on, nothing is lost or doubled, and it is said.

use std::collections::BTreeMap;

use super::rig::*;
use super::server::Server;
use crate::core::{Core, NewLineage};
use crate::files::FsBlobs;
use crate::sync::{SyncOutcome, sync_once};
use crate::view::ConnectionState;
use shared::ids::LogId;
use shared::log::EntryKind;
use shared::wire::{Credential, ErrorCode, WireError};
use std::sync::Arc;
use tempfile::TempDir;
use zeroize::Zeroizing;

/// A copy of a vault as it is now, as a backup of the phone would have it.
struct Copy {
    dir: TempDir,
}

fn copy(device: &mut Device) -> Copy {
    device.core = None;
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("photos")).unwrap();
    for name in ["records.db", "photos"] {
        let from = device.dir.path().join(name);
        if from.is_file() {
            std::fs::copy(&from, dir.path().join(name)).unwrap();
        }
    }
    device.reopen();
    Copy { dir }
}

impl Copy {
    /// Opens it beside the one that it was made of.
    fn open(self, like: &Device) -> Device {
        let mut config = like.config.clone();
        config.store.path = self.dir.path().join("records.db");
        config.blobs = Arc::new(FsBlobs::open(self.dir.path().join("photos")).unwrap());
        let core = Core::open(config.clone(), &KEY).unwrap();
        Device {
            core: Some(core),
            clock: like.clock.clone(),
            dir: self.dir,
            config,
            answer: like.answer.clone(),
        }
    }
}

async fn round(device: &Device, server: &Server) -> SyncOutcome {
    let credential = Credential {
        device: "d".into(),
        session: Some("s".into()),
    };
    sync_once(device.core(), server, &credential).await
}

fn is_fork(outcome: &SyncOutcome) -> bool {
    let fork = WireError::refused(ErrorCode::Fork);
    matches!(outcome, SyncOutcome::Failed { error, .. } if *error == fork)
}

/// Signs in again with another log.
fn sign_in(device: &Device, server: &Server, log: u8) {
    let new = NewLineage {
        log: LogId::from_bytes([log; 16]),
        seed: Zeroizing::new([log; 32]),
        signed_in: device.answer.clone(),
    };
    device.core().begin_lineage(&new).unwrap();
    assert_eq!(device.core().log(), new.log);
    server.open_log(&device.core().descriptor().unwrap(), PATEL);
}

fn words(device: &Device, id: &str) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for it in device.record(id).addenda {
        *counted.entry(it.text).or_default() += 1;
    }
    counted
}

#[tokio::test]
async fn a_restored_copy_goes_on_in_a_new_log_and_neither_loses_nor_doubles() {
    let server = Server::new();
    let mut phone = Device::new(PATEL, &server);
    let id = phone.submitted();
    phone.sync(&server);
    // Not received when the copy is made, and received afterwards.
    phone.core().add_to_record(&id, "Before.").unwrap();
    let copied = copy(&mut phone);
    phone.sync(&server);
    phone.core().add_to_record(&id, "On the phone.").unwrap();
    phone.sync(&server);
    let copied = copied.open(&phone);
    copied.core().add_to_record(&id, "On the copy.").unwrap();
    let second = copied.submitted();
    copied.core().receipt_given(&second, "qr").unwrap();
    assert!(is_fork(&round(&copied, &server).await));
    let parent = copied.core().split().unwrap().unwrap();
    let before = server.last_of(phone.core().log(), EntryKind::Change);
    // The last one that both have is "Before.", which is not said again.
    assert_eq!(parent.last.unwrap().seq.0 + 1, before.seq.0);
    let status = copied.core().status().unwrap();
    assert_eq!(status.connection.state, ConnectionState::Split);
    assert!(copied.core().person().unwrap().sign_in_needed);
    // Nothing is sent until the officer has signed in, and nothing of it is lost meanwhile.
    let received = || server.state().logs[&phone.core().log()].received.len();
    let before = received();
    assert!(is_fork(&round(&copied, &server).await));
    assert_eq!(received(), before);
    sign_in(&copied, &server, 60);
    assert_eq!(copied.core().descriptor().unwrap().parent, parent.last);
    assert!(matches!(round(&copied, &server).await, SyncOutcome::Idle));
    // The copy that was given is a fact for its signer, and so is the submission.
    let waiting = copied.core().confirmations().unwrap();
    let kinds: Vec<_> = waiting.iter().map(|it| it.kind.as_str()).collect();
    assert_eq!(kinds, ["submission", "receipt_given"]);
    assert!(waiting.iter().all(|it| it.reason == "split"));
    let todo = copied.core().home().unwrap().todo;
    assert_eq!(todo[0].code, "confirm");
    for it in &waiting {
        copied.core().confirm(&it.entry).unwrap();
    }
    for device in [&copied, &phone, &copied] {
        assert!(matches!(round(device, &server).await, SyncOutcome::Idle));
    }
    for device in [&copied, &phone] {
        let words = words(device, &id);
        assert_eq!(words.len(), 3, "{words:?}");
        assert!(words.values().all(|it| *it == 1), "{words:?}");
        assert_eq!(device.delivery(&id), "received");
        assert_eq!(device.delivery(&second), "received");
    }
    let heads = |device: &Device, id: &str| {
        device
            .core()
            .facts(super::rig::id(id))
            .unwrap()
            .unwrap()
            .heads
    };
    assert_eq!(heads(&copied, &id), heads(&phone, &id));
    assert_eq!(heads(&copied, &second), heads(&phone, &second));
    // What was cut off is evidence, sent once.
    let evidence = server.state().evidence.clone();
    assert_eq!(evidence.len(), 1);
    assert_eq!(evidence[0].first, parent.last.unwrap().seq.next());
    assert_eq!(evidence[0].log, phone.core().log());
    assert_eq!(evidence[0].entries.len(), 4);
    assert_eq!(copied.core().sending().unwrap().details.splits, 1);
    assert_eq!(words(&copied, &id), words(&phone, &id));
}

#[tokio::test]
async fn an_old_state_without_unsent_words_is_noticed_by_the_receipt_and_made_whole() {
    let server = Server::new();
    let mut phone = Device::new(PATEL, &server);
    let id = phone.submitted();
    phone.sync(&server);
    let copied = copy(&mut phone);
    phone
        .core()
        .add_to_record(&id, "After the backup.")
        .unwrap();
    let later = phone.submitted();
    phone.sync(&server);
    let restored = copied.open(&phone);
    assert!(is_fork(&round(&restored, &server).await));
    sign_in(&restored, &server, 61);
    assert!(matches!(round(&restored, &server).await, SyncOutcome::Idle));
    assert_eq!(words(&restored, &id).len(), 1);
    assert!(restored.record(&later).own);
    assert!(server.state().evidence.is_empty());
    // It writes on without hurting the document.
    restored.core().add_to_record(&id, "And on.").unwrap();
    for device in [&restored, &phone] {
        assert!(!matches!(round(device, &server).await, SyncOutcome::Stuck));
    }
    assert_eq!(words(&restored, &id).len(), 2);
    assert_eq!(words(&restored, &id), words(&phone, &id));
}

#[tokio::test]
async fn a_split_survives_a_kill_and_a_sign_in_that_was_interrupted() {
    let server = Server::new();
    let mut phone = Device::new(PATEL, &server);
    let id = phone.submitted();
    phone.sync(&server);
    let copied = copy(&mut phone);
    phone.core().add_to_record(&id, "On the phone.").unwrap();
    phone.sync(&server);
    let mut copied = copied.open(&phone);
    copied.core().add_to_record(&id, "On the copy.").unwrap();
    assert!(is_fork(&round(&copied, &server).await));
    copied.reopen();
    assert!(copied.core().split().unwrap().is_some());
    assert!(is_fork(&round(&copied, &server).await));
    assert_eq!(
        copied.core().status().unwrap().connection.state,
        ConnectionState::Split
    );
    sign_in(&copied, &server, 62);
    copied.reopen();
    assert!(matches!(round(&copied, &server).await, SyncOutcome::Idle));
    assert_eq!(words(&copied, &id).len(), 2);
    // A second split is mended like the first.
    let again = copy(&mut copied);
    copied.core().add_to_record(&id, "Third.").unwrap();
    assert!(matches!(round(&copied, &server).await, SyncOutcome::Idle));
    let again = again.open(&copied);
    again.core().add_to_record(&id, "Fourth.").unwrap();
    assert!(is_fork(&round(&again, &server).await));
    sign_in(&again, &server, 63);
    assert!(matches!(round(&again, &server).await, SyncOutcome::Idle));
    assert_eq!(words(&again, &id).len(), 4);
    assert_eq!(again.core().sending().unwrap().details.splits, 2);
}

#[test]
fn a_log_that_is_whole_begins_no_other() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let new = NewLineage {
        log: LogId::from_bytes([60; 16]),
        seed: Zeroizing::new([60; 32]),
        signed_in: device.answer.clone(),
    };
    assert_eq!(code(device.core().begin_lineage(&new)), "not_current");
}

#[tokio::test]
async fn what_was_cut_off_goes_up_as_evidence_without_a_sign_in() {
    let server = Server::new();
    let mut phone = Device::new(PATEL, &server);
    let id = phone.submitted();
    phone.sync(&server);
    let copied = copy(&mut phone);
    phone.core().add_to_record(&id, "On the phone.").unwrap();
    phone.sync(&server);
    let mut copied = copied.open(&phone);
    copied.core().add_to_record(&id, "On the copy.").unwrap();
    for _ in 0..3 {
        assert!(is_fork(&round(&copied, &server).await));
    }
    let kept = || server.state().evidence.clone();
    assert_eq!(kept().len(), 1);
    // What is written meanwhile follows, and nothing is sent twice.
    copied.reopen();
    copied.core().add_to_record(&id, "And on.").unwrap();
    for _ in 0..2 {
        assert!(is_fork(&round(&copied, &server).await));
    }
    assert_eq!(kept().len(), 2);
    assert_eq!(kept()[1].first.0, kept()[0].first.0 + 1);
    assert!(!copied.core().evidence_waits().unwrap());
    // Nothing of it is merged before somebody signs in, and none of it is evidence again then.
    assert_eq!(words(&phone, &id).len(), 1);
    sign_in(&copied, &server, 64);
    assert!(matches!(round(&copied, &server).await, SyncOutcome::Idle));
    assert_eq!(kept().len(), 2);
    assert_eq!(words(&copied, &id).len(), 3);
}

#[tokio::test]
async fn what_a_restored_server_has_otherwise_of_an_earlier_log_is_said_again() {
    let server = Server::new();
    let (mut phone, reader) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = phone.submitted();
    phone.sync(&server);
    let (old, backup) = (copy(&mut phone), server.backup());
    phone.core().add_to_record(&id, "Lost.").unwrap();
    phone.sync(&server);
    let copied = copy(&mut phone);
    phone.submitted();
    phone.sync(&server);
    // The copy goes on in another log. What it had sent in the first is in both.
    let copied = copied.open(&phone);
    let second = copied.submitted();
    assert!(is_fork(&round(&copied, &server).await));
    sign_in(&copied, &server, 60);
    assert!(matches!(round(&copied, &server).await, SyncOutcome::Idle));
    reader.sync(&server);
    assert_eq!(words(&copied, &id).len(), 1);
    assert_eq!(words(&reader, &id).len(), 1);
    // The server loses all that, and the state before it of that phone is there first.
    server.restore(backup);
    server.open_log(&copied.core().descriptor().unwrap(), PATEL);
    let old = old.open(&phone);
    old.core().add_to_record(&id, "In their place.").unwrap();
    assert!(matches!(round(&old, &server).await, SyncOutcome::Idle));
    for device in [&copied, &old, &copied] {
        assert!(matches!(round(device, &server).await, SyncOutcome::Idle));
    }
    reader.sync(&server);
    // None of it is lost, none is doubled, and nothing waits for what is not there.
    let expected = ["In their place.", "Lost."];
    for device in [&copied, &old, &reader] {
        let words = words(device, &id);
        assert_eq!(words.keys().collect::<Vec<_>>(), expected, "{words:?}");
        assert!(words.values().all(|it| *it == 1), "{words:?}");
        assert_eq!(device.delivery(&id), "received");
        assert_eq!(device.delivery(&second), "received");
    }
    // What was put aside is evidence too.
    let evidence = server.state().evidence.clone();
    let first = phone.core().log();
    assert!(evidence.iter().all(|it| it.log == first) && !evidence.is_empty());
    assert!(!copied.core().evidence_waits().unwrap());
}
