//! Kills and full disks: what was committed stays, and what was not is not half there.

use super::rig::*;
use super::server::Server;
use crate::store::{Store, StoreError};
use crate::vault::DbKey;

#[test]
fn a_kill_after_any_step_loses_nothing_that_was_answered() {
    let server = Server::new();
    let mut device = Device::new(PATEL, &server);
    let id = device
        .core()
        .draft_new("stop_search", None, None)
        .unwrap()
        .id;
    device.reopen();
    device
        .core()
        .draft_set(&id, search_fields(), Some("check"))
        .unwrap();
    device.reopen();
    let draft = device.core().draft(&id).unwrap();
    assert_eq!(draft.page.as_deref(), Some("check"));
    assert!(draft.problems.is_empty());
    device.core().draft_submit(&id).unwrap();
    device.reopen();
    assert_eq!(device.delivery(&id), "saved");
    device.core().add_to_record(&id, "More.").unwrap();
    device.reopen();
    let request = device.core().exchange_request().unwrap();
    device.reopen();
    // The answer to a request of the run before is as good as any.
    let response = server.exchange(request).unwrap();
    device.core().apply_response(response).unwrap();
    device.reopen();
    assert_eq!(device.delivery(&id), "received");
    assert_eq!(device.record(&id).version, 2);
    assert_eq!(device.core().search("tobacco").unwrap().records.len(), 0);
    assert_eq!(device.core().search("more").unwrap().records.len(), 1);
}

#[test]
fn a_full_disk_keeps_the_draft_and_what_was_saved_and_works_again_with_room() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let kept = device.submitted();
    let id = device.draft();
    let long = "x ".repeat(4000);
    device
        .core()
        .draft_set(&id, patch(&[("grounds", text(&long))]), None)
        .unwrap();
    device.fill_disk(2);
    assert_eq!(code(device.core().draft_submit(&id)), "disk_full");
    // Not even one page more: typing fails too, and says so.
    let longer = patch(&[("description", text(&"y ".repeat(4500)))]);
    assert_eq!(
        code(device.core().draft_set(&id, longer.clone(), None)),
        "disk_full"
    );
    assert_eq!(
        code(device.core().add_to_record(&kept, &"z ".repeat(4500))),
        "disk_full"
    );
    let draft = device.core().draft(&id).unwrap();
    assert_eq!(draft.fields["grounds"], text(&long));
    assert_eq!(device.record(&kept).version, 1);
    assert_eq!(code(device.core().record(&id)), "not_found");
    let entries = device.core().outbox().unwrap().entries;
    assert_eq!(entries, 2);
    device.free_disk();
    device.core().draft_set(&id, longer, None).unwrap();
    device.core().draft_submit(&id).unwrap();
    device
        .core()
        .add_to_record(&kept, "There is room again.")
        .unwrap();
    device.sync(&server);
    assert_eq!(device.delivery(&id), "received");
    assert_eq!(device.delivery(&kept), "received");
}

#[test]
fn an_answer_that_does_not_fit_on_the_disk_moves_no_cursor() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    for _ in 0..20 {
        patel.submitted();
    }
    patel.sync(&server);
    ahmed.fill_disk(6);
    let request = ahmed.core().exchange_request().unwrap();
    let response = server.exchange(request).unwrap();
    assert_eq!(code(ahmed.core().apply_response(response)), "disk_full");
    assert!(ahmed.core().record_ids().unwrap().is_empty());
    ahmed.free_disk();
    ahmed.sync(&server);
    assert_eq!(ahmed.core().record_ids().unwrap().len(), 20);
}

#[test]
fn the_file_holds_no_word_in_clear_and_opens_with_no_other_key() {
    let server = Server::new();
    let mut device = Device::new(PATEL, &server);
    device.submitted();
    let path = device.config.store.path.clone();
    for file in [path.clone(), path.with_extension("db-wal")] {
        let bytes = std::fs::read(file).unwrap_or_default();
        for word in ["Soho", "SQLite format", "grounds", "Patel"] {
            assert!(
                !bytes.windows(word.len()).any(|it| it == word.as_bytes()),
                "{word}"
            );
        }
    }
    device.core = None;
    let other = DbKey::from_bytes([1; 32]);
    let opened = Store::open(&device.config.store, &other);
    assert!(matches!(opened, Err(StoreError::WrongKey)));
    device.reopen();
}

#[test]
fn a_database_of_a_newer_app_is_not_touched() {
    let server = Server::new();
    let mut device = Device::new(PATEL, &server);
    {
        let state = device.core().lock();
        state
            .store
            .read()
            .pragma_update(None, "user_version", 99)
            .unwrap();
    }
    device.core = None;
    let opened = Store::open(&device.config.store, &KEY);
    assert!(matches!(opened, Err(StoreError::Newer)));
}

#[test]
fn the_settings_that_durability_rests_on_are_set() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let state = device.core().lock();
    let pragma = |name: &str| -> String {
        let sql = format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}");
        state
            .store
            .read()
            .query_row(&sql, (), |row| row.get(0))
            .unwrap()
    };
    assert_eq!(pragma("journal_mode"), "wal");
    assert_eq!(pragma("synchronous"), "2");
    assert_eq!(pragma("foreign_keys"), "1");
    assert_eq!(pragma("trusted_schema"), "0");
    assert_eq!(pragma("secure_delete"), "1");
    assert_eq!(pragma("locking_mode"), "exclusive");
}

#[test]
fn a_saved_document_that_rotted_is_grown_again_from_its_changes() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = patel.submitted();
    patel.core().add_to_record(&id, "More.").unwrap();
    patel.sync(&server);
    ahmed.sync(&server);
    for device in [&patel, &ahmed] {
        let before = device.record(&id);
        {
            let state = device.core().lock();
            state
                .store
                .read()
                .execute("UPDATE document SET snapshot = x'00'", ())
                .unwrap();
        }
        assert_eq!(device.record(&id), before);
    }
    patel.core().add_to_record(&id, "And more.").unwrap();
    patel.sync(&server);
    ahmed.sync(&server);
    assert_eq!(ahmed.record(&id).addenda.len(), 2);
}

/// A folder of photos on a disk with so many bytes of room.
struct Small {
    inner: std::sync::Arc<dyn crate::files::BlobDir>,
    room: std::sync::atomic::AtomicUsize,
}

impl crate::files::BlobDir for Small {
    fn write(&self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        if bytes.len() > self.room.load(std::sync::atomic::Ordering::Relaxed) {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        self.inner.write(name, bytes)
    }

    fn read(&self, name: &str) -> std::io::Result<Vec<u8>> {
        self.inner.read(name)
    }

    fn remove(&self, name: &str) -> std::io::Result<()> {
        self.inner.remove(name)
    }

    fn list(&self) -> std::io::Result<Vec<String>> {
        self.inner.list()
    }
}

#[test]
fn words_have_room_kept_for_them_and_photos_are_refused_while_it_is_given_up() {
    let server = Server::new();
    let mut device = Device::new(PATEL, &server);
    let small = std::sync::Arc::new(Small {
        inner: device.config.blobs.clone(),
        room: std::sync::atomic::AtomicUsize::new(usize::MAX),
    });
    device.config.blobs = small.clone();
    device.reopen();
    let id = device.draft();
    let long = patch(&[("description", text(&"y ".repeat(4500)))]);
    device.fill_disk(0);
    small.room.store(0, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(
        code(device.core().draft_set(&id, long.clone(), None)),
        "disk_full"
    );
    assert!(small.inner.list().unwrap().is_empty());
    // What was given up is room for the next attempt, and not for photos.
    device.free_disk();
    device.core().draft_set(&id, long, None).unwrap();
    let picture = super::photos::picture(9);
    assert_eq!(
        code(device.core().photo_add(&id, "x", None, &picture)),
        "disk_full"
    );
    small
        .room
        .store(usize::MAX, std::sync::atomic::Ordering::Relaxed);
    device.core().photo_add(&id, "x", None, &picture).unwrap();
    assert_eq!(small.inner.list().unwrap().len(), 3);
}
