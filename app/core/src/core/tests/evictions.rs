//! What an eviction leaves: no byte of the record on the disk, and nothing of one's own lost.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::hash::BlobHash;
use shared::ids::AcceptPos;
use shared::log::EntryKind;
use shared::wire::{Credential, FeedEvent, Mail, Scope, VerdictCode};

use super::photos::picture;
use super::rig::*;
use super::server::{Server, held};
use crate::sync::{SyncOutcome, sync_once};
use crate::view::ReviewInput;

/// Words that stand in the record that goes and nowhere else.
const WORDS: [&str; 4] = ["kazoo", "quokkas", "vermilion", "zanzibar"];

fn online() -> Credential {
    Credential {
        device: "d".into(),
        session: Some("s".into()),
    }
}

/// A round of the very code that ships.
fn round(device: &Device, server: &Server) -> SyncOutcome {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(sync_once(device.core(), server, &online()))
}

/// Which of the words stand in the pages of a database, opened with its key, freed pages
/// included, or in any page of its write-ahead log.
fn found(device: &Device) -> Vec<&'static str> {
    let path = device.dir.path().join("records.db");
    let mut pages = std::fs::read(&path).unwrap();
    let log = std::fs::read(path.with_extension("db-wal")).unwrap_or_default();
    let plain = opened(&pages);
    let mut found: BTreeSet<_> = words_in(&plain).collect();
    // Each state that the log leads to, of which only what it changed has to be looked at.
    let mut changed = Vec::new();
    for frame in frames(&log) {
        let range = (frame.number - 1) * frame.page.len()..frame.number * frame.page.len();
        pages.resize(pages.len().max(range.end), 0);
        pages[range.clone()].copy_from_slice(frame.page);
        changed.push(range);
        if frame.commits {
            let plain = opened(&pages);
            found.extend(
                changed
                    .drain(..)
                    .flat_map(|it| words_in(&plain[it]).collect::<Vec<_>>()),
            );
        }
    }
    found.into_iter().collect()
}

/// A page in a write-ahead log.
struct Frame<'a> {
    number: usize,
    /// It is the last of its commit.
    commits: bool,
    page: &'a [u8],
}

fn frames(log: &[u8]) -> impl Iterator<Item = Frame<'_>> {
    let number = |bytes: &[u8]| u32::from_be_bytes(bytes[..4].try_into().unwrap()) as usize;
    let size = log.get(8..12).map_or(1, number);
    // The salt of frames that an earlier use of the file left behind is another.
    let salt = log.get(16..24).unwrap_or_default();
    let frames = log.get(32..).unwrap_or_default().chunks_exact(24 + size);
    let current = frames.take_while(move |frame| &frame[8..16] == salt);
    current.map(move |frame| Frame {
        number: number(frame),
        commits: number(&frame[4..]) > 0,
        page: &frame[24..],
    })
}

/// All pages of an encrypted database as SQLite sees them.
fn opened(encrypted: &[u8]) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("copy.db");
    std::fs::write(&path, encrypted).unwrap();
    let mut copy = Connection::open(path).unwrap();
    let key = hex::encode(KEY.expose());
    copy.execute_batch(&format!(
        "PRAGMA key = \"x'{key}'\"; PRAGMA locking_mode = EXCLUSIVE;"
    ))
    .unwrap();
    let plain = copy.serialize("main").unwrap().to_ascii_lowercase();
    assert_eq!(plain.len(), encrypted.len());
    // A page that did not open would be all zeros, and so would every page after it.
    let faults = copy
        .prepare("PRAGMA cipher_integrity_check")
        .unwrap()
        .exists(())
        .unwrap();
    assert!(!faults, "a page that does not open hides what is in it");
    plain
}

fn words_in(plain: &[u8]) -> impl Iterator<Item = &'static str> {
    let holds = |word: &&str| plain.windows(word.len()).any(|it| it == word.as_bytes());
    WORDS.into_iter().filter(holds)
}

fn record_with_words(device: &Device, seed: u8) -> String {
    let id = device.draft();
    let grounds = "Carried a Zanzibar flag and two quokkas in a bag, and hid them when seen";
    let fields = patch(&[
        ("grounds", text(grounds)),
        ("name", text("Vermilion Example")),
    ]);
    device.core().draft_set(&id, fields, None).unwrap();
    let caption = Some("The kazoo");
    device
        .core()
        .photo_add(&id, "x", caption, &picture(seed))
        .unwrap();
    device.core().draft_submit(&id).unwrap();
    id
}

/// Many records around it, so that its rows and words share pages with others and have been
/// moved between them.
fn many(device: &Device, server: &Server, from: usize) {
    for n in from..from + 30 {
        let id = device.draft();
        let grounds = format!(
            "Number {n}: {}",
            format!("word{n} other{} ", n * 7).repeat(40)
        );
        let fields = patch(&[("grounds", text(&grounds))]);
        device.core().draft_set(&id, fields, None).unwrap();
        device.core().draft_submit(&id).unwrap();
        device
            .core()
            .add_to_record(&id, &format!("More of {n}."))
            .unwrap();
    }
    device.sync(server);
}

pub(super) fn decide(device: &Device, id: &str, verdict: &str, words: Option<&str>) {
    let input = ReviewInput {
        fields: Vec::new(),
        again: false,
        record_id: id.into(),
        verdict: verdict.into(),
        reasons: match verdict {
            "return" => vec!["grounds".into()],
            _ => Vec::new(),
        },
        text: words.map(str::to_owned),
        heads: device.record(id).heads,
        video_viewed: None,
    };
    device.core().review(&input).unwrap();
}

#[test]
fn after_an_eviction_no_byte_of_the_record_is_on_the_disk() {
    let server = Server::new();
    let (patel, mut ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    many(&patel, &server, 0);
    ahmed.sync(&server);
    let id = record_with_words(&patel, 7);
    patel.sync(&server);
    let upload = patel.core().next_upload().unwrap().unwrap();
    patel.core().uploaded(&upload).unwrap();
    let record = super::rig::id(&id);
    server.feed(record, FeedEvent::Stored(upload.blob));
    ahmed.sync(&server);
    ahmed
        .core()
        .photo_arrived(BlobHash::of(&picture(7)), &picture(7))
        .unwrap();
    patel
        .core()
        .add_to_record(&id, "The quokkas were asleep.")
        .unwrap();
    many(&patel, &server, 30);
    ahmed.sync(&server);
    decide(&ahmed, &id, "return", Some("Which kazoo?"));
    ahmed.sync(&server);
    ahmed.reopen();
    assert_eq!(found(&ahmed), WORDS);
    let photos = |device: &Device| device.config.blobs.list().unwrap().len();
    assert_eq!(photos(&ahmed), 3, "original, preview and the reserve");

    server.post(AHMED, Mail::Evict(record));
    ahmed.sync(&server);
    assert_eq!(found(&ahmed), [""; 0]);
    assert_eq!(photos(&ahmed), 1);
    assert_eq!(code(ahmed.core().record(&id)), "not_found");
    assert!(!ahmed.core().search("word33").unwrap().records.is_empty());
    assert_eq!(found(&ahmed), [""; 0]);
}

#[test]
fn an_eviction_is_not_receipted_before_its_last_trace_is_gone() {
    trace_is_left(|ahmed, _| ahmed.reopen());
}

#[test]
fn an_eviction_that_could_not_be_finished_is_tried_again_with_the_next_exchange() {
    trace_is_left(|ahmed, server| ahmed.sync(server));
}

fn trace_is_left(goes_on: impl Fn(&mut Device, &Server)) {
    let server = Server::new();
    let (patel, mut ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = record_with_words(&patel, 7);
    patel.sync(&server);
    let upload = patel.core().next_upload().unwrap().unwrap();
    patel.core().uploaded(&upload).unwrap();
    server.feed(super::rig::id(&id), FeedEvent::Stored(upload.blob));
    ahmed.sync(&server);
    ahmed
        .core()
        .photo_arrived(upload.blob, &picture(7))
        .unwrap();
    let photo = ahmed.record(&id).photos[0].id.clone();
    // A file that cannot be removed: there is a folder in its place.
    let file = ahmed.dir.path().join("photos").join(photo);
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    let told = |device: &Device| device.core().progress().unwrap().cursors.mailbox;
    let before = told(&ahmed);
    server.post(AHMED, Mail::Evict(super::rig::id(&id)));
    let request = ahmed.core().exchange_request().unwrap();
    let response = server.exchange(request).unwrap();
    ahmed.core().apply_response(response).unwrap_err();
    // The rows are gone, and the mail comes again until the rest is.
    assert_eq!(code(ahmed.core().record(&id)), "not_found");
    assert_eq!(told(&ahmed), before);
    ahmed.reopen();
    assert_eq!(told(&ahmed), before);
    std::fs::remove_dir(&file).unwrap();
    goes_on(&mut ahmed, &server);
    assert!(told(&ahmed) > before);
}

#[test]
fn a_decision_about_an_evicted_record_is_offered_again_and_cannot_be_read() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = record_with_words(&patel, 7);
    patel.sync(&server);
    ahmed.sync(&server);
    let backup = server.backup();
    let before = ahmed.submitted();
    decide(&ahmed, &id, "return", Some("Which kazoo?"));
    let after = ahmed.submitted();
    ahmed.sync(&server);
    let received = ahmed.core().received().unwrap();
    server.post(AHMED, Mail::Evict(super::rig::id(&id)));
    ahmed.sync(&server);
    assert_eq!(found(&ahmed), [""; 0]);
    // The server forgets all of it; the device offers it again, the decision as a parcel.
    server.restore(backup);
    assert!(matches!(round(&ahmed, &server), SyncOutcome::Idle));
    // Reading it and deciding about it were two commits.
    assert_eq!(server.state().parcels, 2);
    assert_eq!(ahmed.core().received().unwrap(), received);
    for own in [&before, &after] {
        assert_eq!(ahmed.delivery(own), "received");
    }
    patel.sync(&server);
    let review = patel.record(&id).row.review.unwrap();
    assert_eq!(review.code, "returned");
}

#[test]
fn what_a_backup_covers_is_not_kept_even_sealed() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = record_with_words(&patel, 7);
    patel.sync(&server);
    ahmed.sync(&server);
    decide(&ahmed, &id, "approve", None);
    ahmed.sync(&server);
    let resealed = |device: &Device| {
        let state = device.core().lock();
        let log = state.vault().unwrap().log;
        crate::store::disk_rows::resealed(state.store.read(), log)
            .unwrap()
            .len()
    };
    server.post(AHMED, Mail::Evict(super::rig::id(&id)));
    ahmed.sync(&server);
    assert!(resealed(&ahmed) > 0);
    server.state().horizon = 1000;
    ahmed.sync(&server);
    assert_eq!(resealed(&ahmed), 0);
}

#[test]
fn own_words_that_are_held_or_unsent_are_left_until_they_are_neither() {
    let server = Server::new();
    let mut patel = Device::new(PATEL, &server);
    let draft = patel.draft();
    let id = record_with_words(&patel, 7);
    patel.sync(&server);
    let verdict = held(VerdictCode::NotActive);
    server.state().verdicts.insert(EntryKind::Change, verdict);
    patel
        .core()
        .add_to_record(&id, "The quokkas were asleep.")
        .unwrap();
    patel.sync(&server);
    server.post(PATEL, Mail::Evict(super::rig::id(&id)));
    patel.sync(&server);
    patel.reopen();
    assert_eq!(found(&patel), WORDS);
    assert_eq!(patel.delivery(&id), "held");
    // Somebody upholds it: now nothing of it is the officer's to keep. The photo still is.
    let place = patel.core().received().unwrap().unwrap();
    let upheld = shared::wire::Verdict::Upheld(VerdictCode::NotActive);
    let at = shared::time::UnixMs(NOON);
    server.post(PATEL, Mail::Verdict(place, upheld, at));
    patel.sync(&server);
    assert_eq!(patel.delivery(&id), "not_accepted");
    let upload = patel.core().next_upload().unwrap().unwrap();
    patel.core().uploaded(&upload).unwrap();
    server.post(PATEL, Mail::Granted(Scope::Team(team(1)), AcceptPos(0)));
    patel.sync(&server);
    assert_eq!(code(patel.core().record(&id)), "not_found");
    assert_eq!(found(&patel), [""; 0]);
    patel.core().draft(&draft).unwrap();
}

#[test]
fn a_photo_of_a_record_that_was_destroyed_everywhere_waits_for_nobody() {
    let server = Server::new();
    let patel = Device::new(PATEL, &server);
    let id = record_with_words(&patel, 7);
    patel.sync(&server);
    let record = super::rig::id(&id);
    assert!(!patel.core().photo_refused(record).unwrap());
    assert_eq!(patel.core().outbox().unwrap().photos, 1);
    server.post(PATEL, Mail::Evict(record));
    patel.sync(&server);
    // The server may still take it.
    assert_eq!(patel.core().outbox().unwrap().photos, 1);
    assert!(patel.core().photo_refused(record).unwrap());
    assert_eq!(patel.core().outbox().unwrap().photos, 0);
    assert_eq!(code(patel.core().record(&id)), "not_found");
    assert_eq!(patel.config.blobs.list().unwrap().len(), 1, "the reserve");
}

#[test]
fn a_record_that_comes_back_is_whole_with_what_was_decided_here() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = record_with_words(&patel, 7);
    patel.sync(&server);
    ahmed.sync(&server);
    decide(&ahmed, &id, "return", Some("Which kazoo?"));
    ahmed.sync(&server);
    let before = ahmed.record(&id);
    let record = super::rig::id(&id);
    server.feed(record, FeedEvent::Leaves);
    ahmed.sync(&server);
    assert_eq!(code(ahmed.core().record(&id)), "not_found");
    assert_eq!(found(&ahmed), [""; 0]);
    let history = server.history(record);
    server.feed(record, FeedEvent::Enters(history, Vec::new()));
    ahmed.sync(&server);
    let after = ahmed.record(&id);
    assert_eq!(after.row.review, before.row.review);
    assert_eq!((after.heads, after.fields), (before.heads, before.fields));
    assert_eq!(after.row.review.unwrap().code, "returned");
}

#[test]
fn a_grant_that_ends_takes_the_copies_with_it_that_nothing_else_shows() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = record_with_words(&patel, 7);
    patel.sync(&server);
    ahmed.sync(&server);
    let own = ahmed.submitted();
    ahmed.sync(&server);
    server.post(AHMED, Mail::GrantEnded(Scope::Team(team(1))));
    ahmed.sync(&server);
    assert_eq!(code(ahmed.core().record(&id)), "not_found");
    assert_eq!(found(&ahmed), [""; 0]);
    ahmed.record(&own);
}
