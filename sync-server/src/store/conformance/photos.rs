//! Uploads, and who may know of a photo.

use shared::hash::BlobHash;
use shared::ids::{DeviceId, LogId, OfficerId, PhotoId, RecordId};
use shared::policy::Role;
use shared::wire::{Scope, VerdictCode};

use super::Make;
use super::kit::*;
use super::script::rule;
use crate::store::*;

const NOWHERE: RecordId = RecordId::from_bytes([9; 16]);

/// The photo that the record names, and two that it does not.
fn blobs() -> [BlobHash; 3] {
    [b"named", b"other", b"third"].map(|bytes| BlobHash::of(bytes))
}

fn photo(n: u8, blob: BlobHash) -> (PhotoId, BlobHash) {
    (PhotoId::from_bytes([n; 16]), blob)
}

fn upload(device: DeviceId, blob: BlobHash) -> Upload {
    Upload {
        device,
        blob,
        record: RECORD,
        bytes: 100,
    }
}

/// How a vault of the author, one of the sergeant, and the control room stand to a photo.
fn access(store: &dyn Store, blob: BlobHash) -> [PhotoAccess; 3] {
    [
        Reader::Vault(LOG),
        Reader::Vault(SERGEANTS_LOG),
        Reader::Console(RECORD),
    ]
    .map(|reader| store.photo_access(reader, blob).unwrap())
}

pub(super) fn a_claim_needs_a_record_that_names_it_or_an_entry_of_ones_own(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    let [named, other, _] = blobs();
    let allowed = |device, record, blob| {
        let claim = store.upload_claim(device, record, blob).unwrap();
        claim.allowed
    };
    assert!(
        !allowed(DEVICE, RECORD, named),
        "contract: nothing was heard of this record"
    );
    store.receive(&changes(0..1), NOW).unwrap();
    assert!(
        allowed(DEVICE, RECORD, named),
        "contract: an entry of this device speaks of the record, judged or not"
    );
    assert!(
        !allowed(SERGEANTS_DEVICE, RECORD, named),
        "contract: another device's entry that was not judged allows nothing"
    );
    rule(&*store, 0, state(&[photo(1, named)]));
    assert!(
        allowed(SERGEANTS_DEVICE, RECORD, named),
        "contract: an accepted change names it"
    );
    assert!(
        !allowed(SERGEANTS_DEVICE, RECORD, other),
        "contract: a stranger brings what is named and nothing else"
    );
    assert!(
        allowed(DEVICE, RECORD, other),
        "contract: a device of the author announces for the record"
    );
    assert!(
        !allowed(DEVICE, NOWHERE, named),
        "contract: named by another record is not enough"
    );
}

pub(super) fn a_rejected_entry_allows_no_upload(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    let mut bad = changes(0..1);
    bad.entries[0].rejected = Some(Refusal::new(VerdictCode::PayloadMismatch, ""));
    store.receive(&bad, NOW).unwrap();
    let claim = store.upload_claim(DEVICE, RECORD, blobs()[0]).unwrap();
    assert!(
        !claim.allowed,
        "contract: what can never be let in has no photos"
    );
}

pub(super) fn a_claim_counts_what_is_open_besides(make: Make<'_>) {
    let store = make();
    let [named, other, third] = blobs();
    submitted(&*store, &[photo(1, named)]);
    let claim = |device| store.upload_claim(device, RECORD, named).unwrap();
    for blob in [named, other, third] {
        store.upload_open(&upload(DEVICE, blob), NOW).unwrap();
    }
    let open = |device| claim(device).open;
    assert_eq!(
        [open(DEVICE), open(SERGEANTS_DEVICE)],
        [2, 0],
        "contract: those of this device, without the photo itself"
    );
    store.upload_close(DEVICE, other).unwrap();
    store.photo_stored(DEVICE, third, 100, NOW).unwrap();
    assert_eq!(
        open(DEVICE),
        0,
        "contract: given up or stored is no longer open"
    );
    assert!(!claim(DEVICE).brought, "contract: it was not brought yet");
    store.photo_stored(DEVICE, named, 100, NOW).unwrap();
    let brought = |device| claim(device).brought;
    assert_eq!(
        [brought(DEVICE), brought(SERGEANTS_DEVICE)],
        [true, false],
        "contract: brought by this device, not by another"
    );
}

pub(super) fn an_upload_is_open_once_for_each_device(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    let [blob, other, _] = blobs();
    let found = |device| store.upload(device, blob).unwrap();
    assert_eq!(found(DEVICE), None, "contract: none was opened");
    let first = upload(DEVICE, blob);
    store.upload_open(&first, NOW).unwrap();
    let again = Upload {
        record: NOWHERE,
        bytes: 7,
        ..first
    };
    store.upload_open(&again, NOW).unwrap();
    assert_eq!(
        found(DEVICE),
        Some(first),
        "contract: opening an open upload changes nothing"
    );
    assert_eq!(
        found(SERGEANTS_DEVICE),
        None,
        "contract: another device has its own uploads"
    );
    let theirs = upload(SERGEANTS_DEVICE, blob);
    store.upload_open(&theirs, NOW).unwrap();
    store.upload_close(DEVICE, other).unwrap();
    assert_eq!(found(DEVICE), Some(first), "contract: only what is named");
    for _ in 0..2 {
        store.upload_close(DEVICE, blob).unwrap();
        assert_eq!(
            (found(DEVICE), found(SERGEANTS_DEVICE)),
            (None, Some(theirs)),
            "contract: closed for this device alone, and idempotent"
        );
    }
    assert!(
        !store.has_brought(DEVICE, blob).unwrap(),
        "contract: closing without a photo brings none"
    );
    store.upload_open(&again, NOW).unwrap();
    assert_eq!(
        found(DEVICE),
        Some(again),
        "contract: a closed upload is opened anew"
    );
}

pub(super) fn old_uploads_are_found_until_they_close(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    let [first, second, third] = blobs();
    for (after, blob) in [(0, first), (10, second), (20, third)] {
        let at = NOW.plus(after);
        store.upload_open(&upload(DEVICE, blob), at).unwrap();
    }
    let before = |device, after| {
        let mut found = store.uploads_before(device, NOW.plus(after)).unwrap();
        found.sort_unstable();
        found
    };
    let sorted = |mut blobs: Vec<BlobHash>| {
        blobs.sort_unstable();
        blobs
    };
    assert_eq!(
        before(DEVICE, 0),
        [],
        "contract: at a time is not before it"
    );
    assert_eq!(
        before(DEVICE, 20),
        sorted(vec![first, second]),
        "contract: what was opened before"
    );
    assert_eq!(
        before(SERGEANTS_DEVICE, 20),
        [],
        "contract: uploads of this device only"
    );
    let at = NOW.plus(30);
    store.upload_open(&upload(DEVICE, first), at).unwrap();
    assert_eq!(
        before(DEVICE, 1),
        [first],
        "contract: opening an open upload does not make it younger"
    );
    store.upload_close(DEVICE, first).unwrap();
    store.photo_stored(DEVICE, second, 100, NOW).unwrap();
    assert_eq!(
        before(DEVICE, 100),
        [third],
        "contract: given up or stored is no longer open"
    );
}

pub(super) fn a_photo_is_brought_by_the_device_that_stored_it(make: Make<'_>) {
    let store = make();
    let [named, other, _] = blobs();
    submitted(&*store, &[photo(1, named)]);
    let brought =
        |blob| [DEVICE, SERGEANTS_DEVICE].map(|device| store.has_brought(device, blob).unwrap());
    for device in [DEVICE, SERGEANTS_DEVICE] {
        store.upload_open(&upload(device, named), NOW).unwrap();
    }
    assert_eq!(
        brought(named),
        [false, false],
        "contract: opening an upload brings nothing"
    );
    // The sergeant has no change in the record: what they bring is not the record's photo.
    let told = store.photo_stored(SERGEANTS_DEVICE, named, 100, NOW);
    assert_eq!(
        told.unwrap(),
        [],
        "contract: nobody is told of what no contributor brought"
    );
    assert_eq!(
        brought(named),
        [false, true],
        "contract: by this device alone"
    );
    let open = |device| store.upload(device, named).unwrap().is_some();
    assert_eq!(
        [open(DEVICE), open(SERGEANTS_DEVICE)],
        [true, false],
        "contract: storing closes the upload of the device that stored it"
    );
    let position = store.counters().unwrap().accept.0;
    let mut told = store.photo_stored(DEVICE, named, 100, NOW).unwrap();
    told.sort_unstable();
    assert_eq!(
        told,
        [Scope::Author(OFFICER), Scope::Team(TEAM)],
        "contract: everyone who sees the record is told once it is here for it"
    );
    assert_eq!(
        store.counters().unwrap().accept.0,
        position + 1,
        "contract: it takes one place in the order of acceptance"
    );
    assert_eq!(
        store.photo_stored(DEVICE, other, 100, NOW).unwrap(),
        [],
        "contract: nobody is told of what no record names"
    );
    assert_eq!(
        brought(other),
        [true, false],
        "contract: brought all the same"
    );
}

pub(super) fn a_photo_is_known_to_those_who_read_its_record(make: Make<'_>) {
    use PhotoAccess::{Here, No, NotHere};
    let store = make();
    let [named, other, _] = blobs();
    peopled(&*store);
    let colleague = OfficerId::from_bytes([3; 16]);
    let (theirs, log) = (DeviceId::from_bytes([3; 16]), LogId::from_bytes([3; 16]));
    let entry = person(colleague, "5120", Role::Officer);
    store.add_people(&[entry], NOW).unwrap();
    device(&*store, theirs);
    let opened = store.open_session(&session(colleague, theirs, log), NOW);
    assert_eq!(opened.unwrap(), Opened::Open);
    assert_eq!(access(&*store, named), [No; 3], "contract: no record yet");

    accepted(&*store, &[photo(1, named)]);
    assert_eq!(
        access(&*store, named),
        [NotHere, No, No],
        "contract: a draft is its author's"
    );
    submission_accepted(&*store);
    assert_eq!(
        access(&*store, named),
        [NotHere; 3],
        "contract: submitted, and not here yet"
    );
    store.photo_stored(SERGEANTS_DEVICE, named, 1, NOW).unwrap();
    assert_eq!(
        access(&*store, named),
        [NotHere; 3],
        "contract: what no contributor brought is not here for the record"
    );
    store.photo_stored(DEVICE, named, 1, NOW).unwrap();
    assert_eq!(access(&*store, named), [Here; 3], "contract: now it is");
    store.photo_stored(DEVICE, other, 1, NOW).unwrap();
    assert_eq!(
        access(&*store, other),
        [No; 3],
        "contract: stored, and no record names it"
    );
    let strangers = [
        Reader::Vault(log),
        Reader::Vault(LogId::from_bytes([9; 16])),
        Reader::Console(NOWHERE),
    ];
    assert_eq!(
        strangers.map(|reader| store.photo_access(reader, named).unwrap()),
        [No; 3],
        "contract: another officer, an unknown log, another record"
    );
}

pub(super) fn a_photo_brought_early_is_here_with_the_change_that_names_it(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    let [named, _, _] = blobs();
    let told = store.photo_stored(DEVICE, named, 1, NOW).unwrap();
    assert_eq!(told, [], "contract: no record names it yet");
    accepted(&*store, &[photo(1, named)]);
    assert_eq!(
        store.photo_access(Reader::Vault(LOG), named).unwrap(),
        PhotoAccess::Here,
        "contract: brought before it was named"
    );
}
