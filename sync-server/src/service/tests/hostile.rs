//! What somebody who means harm tries, and what a kill in the wrong moment leaves behind.

use shared::doc::{Edit, PhotoMeta};
use shared::hash::BlobHash;
use shared::ids::{Epoch, LogId, MailSeq, PhotoId};
use shared::statement::{Statement, Withdrawal};
use shared::time::UnixMs;
use shared::wire::{ErrorCode, Limits, UploadState, Verdict, VerdictCode, WireError, encode_body};

use super::kit::{PASSWORD, Rec, Vault, World, accepted, sign_in};

fn code(result: Result<impl Sized, WireError>) -> ErrorCode {
    match result {
        Err(WireError::Refused { code, .. }) => code,
        _ => panic!("not refused"),
    }
}

/// A submitted record that names these bytes as a photo.
fn naming(world: &World, collar: &str, n: u8, bytes: &[u8]) -> (Vault, Rec, BlobHash) {
    let mut vault = world.vault(collar);
    let mut record = Rec::new(n);
    let blob = BlobHash::of(bytes);
    let photo = PhotoMeta {
        sha256: blob,
        bytes: bytes.len() as u64,
        mime: "image/jpeg".to_owned(),
        caption: None,
        taken_at: UnixMs(1_790_000_000_000),
        width: 64,
        height: 32,
    };
    let id = PhotoId::from_bytes([n; 16]);
    vault.edit(&mut record, &[Edit::AddPhoto { id, photo }]);
    vault.submit(&record);
    vault.push(&world.server).unwrap();
    world.judge();
    (vault, record, blob)
}

/// An upload of which every byte is durable, and whose process died before it looked at them.
fn cut_at_the_end(world: &World, bytes: &[u8], sent: &[u8]) -> (Vault, Rec, BlobHash) {
    let (vault, record, blob) = naming(world, "4417", 1, bytes);
    let len = bytes.len() as u64;
    let begun = world
        .server
        .upload_begin(&vault.credential, record.id, blob, len);
    assert_eq!(begun, Ok(UploadState::At(0)));
    world.server.blobs.append(vault.device, blob, sent).unwrap();
    (vault, record, blob)
}

#[test]
fn a_photo_whose_last_byte_came_before_a_kill_is_not_taken_for_stored_until_it_is() {
    let bytes = b"evidence".to_vec();
    for ask in [0, 1] {
        let world = World::new();
        let (vault, record, blob) = cut_at_the_end(&world, &bytes, &bytes);
        let world = world.restart();
        let (server, credential) = (&world.server, &vault.credential);
        if ask == 0 {
            let stands = server.upload_progress(credential, blob).unwrap();
            assert!(
                stands.complete,
                "all bytes are said to be here: so they are"
            );
        } else {
            let begun = server.upload_begin(credential, record.id, blob, 8);
            assert_eq!(begun, Ok(UploadState::Complete));
        }
        assert_eq!(server.figures().unwrap().photos, 1);
        assert_eq!(server.photo(credential, blob).unwrap().bytes, bytes);
    }
}

#[test]
fn wrong_bytes_before_a_kill_are_found_by_the_next_question() {
    let world = World::new();
    let (vault, record, blob) = cut_at_the_end(&world, b"evidence", b"evidense");
    let (server, credential) = (&world.server, &vault.credential);
    assert_eq!(
        code(server.upload_progress(credential, blob)),
        ErrorCode::BadUpload
    );
    let again = server.upload_begin(credential, record.id, blob, 8);
    assert_eq!(again, Ok(UploadState::At(0)));
}

#[test]
fn a_photo_is_not_read_by_naming_its_hash() {
    let world = World::new();
    let bytes = b"somebody else's evidence".to_vec();
    let len = bytes.len() as u64;
    let (author, record, blob) = naming(&world, "4417", 1, &bytes);
    let server = &world.server;
    server
        .upload_begin(&author.credential, record.id, blob, len)
        .unwrap();
    let done = server.upload_append(&author.credential, blob, 0, &bytes);
    assert_eq!(done, Ok(UploadState::Complete));

    let (thief, bait, _) = naming(&world, "6001", 2, &bytes);
    let read = || server.photo(&thief.credential, blob);
    assert_eq!(code(read()), ErrorCode::PhotoNotHere);
    assert_eq!(
        code(server.upload_progress(&thief.credential, blob)),
        ErrorCode::NotFound,
        "nor learned of"
    );
    let begin = || server.upload_begin(&thief.credential, bait.id, blob, len);
    assert_eq!(begin(), Ok(UploadState::At(0)), "bytes have to be shown");
    let lie = vec![0; bytes.len()];
    let lied = server.upload_append(&thief.credential, blob, 0, &lie);
    assert_eq!(code(lied), ErrorCode::BadUpload);
    assert_eq!(code(read()), ErrorCode::PhotoNotHere);
    assert!(server.photo(&author.credential, blob).is_ok());

    // Whoever has the bytes may bring them.
    begin().unwrap();
    let done = server.upload_append(&thief.credential, blob, 0, &bytes);
    assert_eq!(done, Ok(UploadState::Complete));
    assert_eq!(read().unwrap().bytes, bytes);
}

#[test]
fn uploads_that_were_abandoned_do_not_keep_a_device_from_new_ones() {
    let world = World::new();
    let (vault, record, blob) = naming(&world, "4417", 1, b"evidence");
    let (server, credential) = (&world.server, &vault.credential);
    for n in 0..32_u8 {
        let other = BlobHash::from_bytes([n; 32]);
        server
            .upload_begin(credential, record.id, other, 10)
            .unwrap();
    }
    let begin = || server.upload_begin(credential, record.id, blob, 8);
    assert_eq!(code(begin()), ErrorCode::SlowDown);
    world.pass(15 * 24 * 3600 * 1000);
    assert_eq!(begin(), Ok(UploadState::At(0)));
}

#[test]
fn cursors_of_another_lineage_forget_no_mail() {
    let world = World::new();
    let mut vault = world.vault("4417");
    vault.change(&mut Rec::new(1), "words");
    vault.push(&world.server).unwrap();
    world.judge();
    let mut request = vault.request(None);
    request.epoch = Some(Epoch::from_bytes([9; 16]));
    request.cursors.mailbox = MailSeq(1_000);
    let answer = world.server.exchange(&vault.credential, request).unwrap();
    assert_ne!(answer.epoch, Epoch::from_bytes([9; 16]));
    assert_eq!(accepted(&vault.verdicts(&world.server)), [0]);
}

#[test]
fn a_record_that_does_not_read_any_more_holds_up_no_other() {
    let world = World::new();
    let (mut one, mut other) = (world.vault("4417"), world.vault("5102"));
    let mut record = Rec::new(1);
    one.change(&mut record, "one");
    one.push(&world.server).unwrap();
    world.judge();
    let db = rusqlite::Connection::open(world.dir.path().join("beatbook.db")).unwrap();
    let payload: Vec<u8> = db
        .query_row("SELECT payload FROM entries", [], |row| row.get(0))
        .unwrap();
    db.execute_batch("UPDATE records SET snapshot = x'00'; UPDATE entries SET payload = x'00';")
        .unwrap();
    // Nothing of it is at hand any more.
    let world = world.restart();
    one.change(&mut record, "two");
    one.push(&world.server).unwrap();
    other.change(&mut Rec::new(2), "another record");
    other.push(&world.server).unwrap();
    world.judge();
    assert_eq!(accepted(&other.verdicts(&world.server)), [0]);
    let waits = Verdict::Parked(VerdictCode::MissingDependency);
    assert_eq!(one.verdicts(&world.server)[1].1, waits);

    // Once it is mended, the next start judges what waited.
    db.execute(
        "UPDATE entries SET payload = ?1 WHERE payload = x'00'",
        [payload],
    )
    .unwrap();
    let world = world.restart();
    assert_eq!(world.judge(), 1);
    assert_eq!(accepted(&one.verdicts(&world.server)), [1]);
}

#[test]
fn a_record_never_grows_beyond_what_one_answer_can_bring() {
    let world = World::new();
    let mut sergeant = world.vault("12");
    sergeant.pull(&world.server);
    let mut vault = world.vault("4417");
    let mut record = Rec::new(1);
    vault.change(&mut record, "grounds");
    vault.submit(&record);
    let reason = "\u{1f694}".repeat(10_000);
    for _ in 0..230 {
        let bound = record.bound();
        let reason = reason.clone();
        vault.state(
            &record,
            &Statement::Withdrawal(Withdrawal { bound, reason }),
        );
    }
    vault.push(&world.server).unwrap();
    world.judge();
    vault.budget = 8 << 20;
    let verdicts = vault.verdicts(&world.server);
    let refused = Verdict::Rejected(VerdictCode::BadStatement);
    assert_eq!(verdicts.last().unwrap().1, refused);
    assert!(accepted(&verdicts).len() > 190, "what fits is let in");
    // A vault that comes later is given it all at once, and can read that.
    let mut late = world.vault("12");
    let answer = late.pull(&world.server);
    assert_eq!(answer.backfilled.len(), 1);
    let bytes = encode_body(&answer.backfilled).len();
    assert!(bytes < Limits::RESPONSE.compressed / 2);
}

#[test]
fn a_password_that_nobody_can_have_counts_for_nothing() {
    let world = World::new();
    let (_, credential) = world.enrol();
    let attempt = |password: &str| {
        let key = Some(hex::encode([3; 32]));
        let mut request = sign_in("4417", LogId::from_bytes([5; 16]), key);
        request.password = password.to_owned();
        world.server.sign_in(&credential, request)
    };
    for password in ["", "short", &"long".repeat(1_000)] {
        for _ in 0..3 {
            assert_eq!(code(attempt(password)), ErrorCode::BadSignIn);
        }
    }
    assert!(attempt(PASSWORD).is_ok());
}
