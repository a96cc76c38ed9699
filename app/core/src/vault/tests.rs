//! The PIN, its limit over restarts, and what the files of a vault give away.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use shared::ids::BootId;
use shared::time::UnixMs;

use super::*;
use crate::env::{Clock, SystemRandom};

/// A clock that tests set.
#[derive(Default)]
struct Dial {
    wall: AtomicU64,
    boot_ms: AtomicU64,
    boot: Mutex<u8>,
}

impl Clock for Dial {
    fn now(&self) -> UnixMs {
        UnixMs(i64::try_from(self.wall.load(Ordering::Relaxed)).unwrap())
    }
    fn boot(&self) -> (BootId, u64) {
        (
            BootId::from_bytes([*self.boot.lock().unwrap(); 16]),
            self.boot_ms.load(Ordering::Relaxed),
        )
    }
}

fn vaults(home: &std::path::Path) -> (Vaults, Arc<Dial>) {
    let dial = Arc::new(Dial::default());
    let env = Env {
        clock: dial.clone(),
        random: Arc::new(SystemRandom),
        network: Arc::new(crate::env::Steady(crate::env::NetworkKind::Unmetered)),
    };
    let keystore = Arc::new(NoKeyStore);
    let vaults = Vaults::open(home, env, KdfParams::TEST, keystore).unwrap();
    (vaults, dial)
}

fn escrow() -> (age::x25519::Identity, String) {
    let identity = age::x25519::Identity::generate();
    let recipient = identity.to_public().to_string();
    (identity, recipient)
}

fn kept(dir: &VaultDir, key: &DbKey) -> Result<(VaultDir, DbKey), VaultError> {
    Ok((dir.clone(), key.clone()))
}

const OFFICER: OfficerId = OfficerId::from_bytes([4; 16]);

#[test]
fn the_right_pin_gives_the_key_and_the_escrow_key_gives_the_same() {
    let home = tempfile::tempdir().unwrap();
    let (vaults, _) = vaults(home.path());
    let (identity, recipient) = escrow();
    let (dir, key) = vaults
        .create(OFFICER, "PC 4417 Patel", "482913", &recipient, kept)
        .unwrap();
    let (_, again) = vaults.unlock(OFFICER, "482913").unwrap();
    assert_eq!(key.expose(), again.expose());
    let wrapped = std::fs::read(dir.path.join("escrow.age")).unwrap();
    assert_eq!(age::decrypt(&identity, &wrapped).unwrap(), key.expose());
    assert!(matches!(
        vaults.create(OFFICER, "PC 4417 Patel", "482913", &recipient, kept),
        Err(VaultError::Exists)
    ));
}

#[test]
fn wrong_pins_count_down_then_wait_and_destroy_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (vaults, dial) = vaults(home.path());
    vaults
        .create(OFFICER, "PC 4417 Patel", "482913", &escrow().1, kept)
        .unwrap();
    for left in (1..FREE_TRIES).rev() {
        let error = vaults.unlock(OFFICER, "000000").unwrap_err();
        assert!(matches!(
            error,
            VaultError::WrongPin { tries_left, then_wait: 60_000 } if tries_left == left
        ));
    }
    assert!(matches!(
        vaults.unlock(OFFICER, "000000"),
        Err(VaultError::Wait { .. })
    ));
    // The right PIN waits too, and neither the wall clock nor a restart shortens the wait.
    dial.wall.store(10_000_000, Ordering::Relaxed);
    *dial.boot.lock().unwrap() = 1;
    dial.boot_ms.store(59_999, Ordering::Relaxed);
    assert!(matches!(
        vaults.unlock(OFFICER, "482913"),
        Err(VaultError::Wait { .. })
    ));
    dial.boot_ms.store(60_000, Ordering::Relaxed);
    assert_eq!(
        vaults.list().unwrap()[0].lock,
        Lock::Free {
            tries_left: 1,
            then_wait: 5 * 60_000,
        }
    );
    vaults.unlock(OFFICER, "482913").unwrap();
    assert_eq!(
        vaults.list().unwrap()[0].lock,
        Lock::Free {
            tries_left: FREE_TRIES,
            then_wait: 60_000,
        }
    );
}

#[test]
fn a_try_is_counted_even_if_the_process_dies_in_it() {
    let home = tempfile::tempdir().unwrap();
    let (vaults, _) = vaults(home.path());
    vaults
        .create(OFFICER, "PC 4417 Patel", "482913", &escrow().1, kept)
        .unwrap();
    let _ = vaults.unlock(OFFICER, "000000");
    let (again, _) = self::vaults(home.path());
    assert_eq!(
        again.list().unwrap()[0].lock,
        Lock::Free {
            tries_left: FREE_TRIES - 1,
            then_wait: 60_000,
        }
    );
}

#[test]
fn a_short_pin_and_a_bad_escrow_key_make_no_vault() {
    let home = tempfile::tempdir().unwrap();
    let (vaults, _) = vaults(home.path());
    let (_, recipient) = escrow();
    assert!(matches!(
        vaults.create(OFFICER, "x", "12345", &recipient, kept),
        Err(VaultError::BadPin)
    ));
    assert!(matches!(
        vaults.create(OFFICER, "x", "123456", "age1no", kept),
        Err(VaultError::BadEscrow)
    ));
    assert!(vaults.list().unwrap().is_empty());
    vaults
        .create(OFFICER, "x", "123456", &recipient, kept)
        .unwrap();
}

#[test]
fn the_vault_s_files_do_not_hold_the_key() {
    let home = tempfile::tempdir().unwrap();
    let (vaults, _) = vaults(home.path());
    let (dir, key) = vaults
        .create(OFFICER, "x", "482913", &escrow().1, kept)
        .unwrap();
    for entry in std::fs::read_dir(dir.path).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(32).any(|window| window == key.expose()));
        let text = hex::encode(key.expose());
        assert!(!bytes.windows(64).any(|window| window == text.as_bytes()));
    }
}

#[test]
fn a_vault_whose_making_was_cut_short_is_not_one_and_can_be_made_again() {
    let home = tempfile::tempdir().unwrap();
    let (vaults, _) = vaults(home.path());
    let (_, recipient) = escrow();
    let cut = vaults.create(OFFICER, "x", "482913", &recipient, |dir, _| {
        std::fs::write(dir.database(), b"half").unwrap();
        Err::<(), _>(VaultError::Kdf)
    });
    assert!(matches!(cut, Err(VaultError::Kdf)));
    assert!(vaults.list().unwrap().is_empty());
    let (dir, _) = vaults
        .create(OFFICER, "x", "482913", &recipient, kept)
        .unwrap();
    assert!(!dir.database().exists());
    assert_eq!(vaults.list().unwrap().len(), 1);
}

#[test]
fn a_damaged_vault_hides_no_other_and_a_damaged_count_gives_no_try_away() {
    let home = tempfile::tempdir().unwrap();
    let (vaults, dial) = vaults(home.path());
    let (_, recipient) = escrow();
    let (dir, _) = vaults
        .create(OFFICER, "PC 4417 Patel", "482913", &recipient, kept)
        .unwrap();
    let other = OfficerId::from_bytes([5; 16]);
    vaults
        .create(other, "PC 5120 Shah", "482913", &recipient, kept)
        .unwrap();
    std::fs::write(dir.path.join("vault.json"), b"{").unwrap();
    let labels: Vec<_> = vaults
        .list()
        .unwrap()
        .into_iter()
        .map(|it| it.label)
        .collect();
    assert_eq!(labels, ["04040404", "PC 5120 Shah"]);
    let opened = vaults.unlock(OFFICER, "482913");
    assert!(matches!(opened, Err(VaultError::Damaged(_))));
    let attempts = home
        .path()
        .join("vaults")
        .join(other.to_string())
        .join("attempts.json");
    std::fs::write(attempts, b"").unwrap();
    dial.boot_ms.store(1000, Ordering::Relaxed);
    assert!(matches!(
        vaults.unlock(other, "482913"),
        Err(VaultError::Wait { .. })
    ));
    dial.boot_ms.store(15 * 60_000, Ordering::Relaxed);
    vaults.unlock(other, "482913").unwrap();
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_gives_up_the_room_kept_for_words_to_let_the_officer_in() {
    let home = tempfile::tempdir().unwrap();
    let (vaults, _) = vaults(home.path());
    let (dir, _) = vaults
        .create(OFFICER, "x", "482913", &escrow().1, kept)
        .unwrap();
    dir.photos().unwrap();
    std::fs::write(dir.reserve(), b"room").unwrap();
    // What is written there finds no room.
    let partial = dir.path.join("attempts.json.partial");
    std::os::unix::fs::symlink("/dev/full", &partial).unwrap();
    assert!(vaults.unlock(OFFICER, "482913").unwrap_err().is_full());
    assert!(!dir.reserve().exists());
    std::fs::remove_file(partial).unwrap();
    vaults.unlock(OFFICER, "482913").unwrap();
}

#[test]
fn a_home_is_of_one_process_until_it_lets_go() {
    let home = tempfile::tempdir().unwrap();
    let (vaults, _) = vaults(home.path());
    let held = vaults.claim().unwrap();
    assert!(matches!(vaults.claim(), Err(VaultError::InUse)));
    drop(held);
    vaults.claim().unwrap();
}

#[test]
fn a_start_of_the_app_that_looks_like_another_boot_shortens_no_wait() {
    let home = tempfile::tempdir().unwrap();
    let (vaults, dial) = vaults(home.path());
    vaults
        .create(OFFICER, "x", "482913", &escrow().1, kept)
        .unwrap();
    dial.boot_ms.store(30 * 86_400_000, Ordering::Relaxed);
    for _ in 0..FREE_TRIES {
        let _ = vaults.unlock(OFFICER, "000000");
    }
    *dial.boot.lock().unwrap() += 1;
    let waits = || {
        matches!(
            vaults.unlock(OFFICER, "482913"),
            Err(VaultError::Wait { .. })
        )
    };
    assert!(waits());
    dial.boot_ms.fetch_add(59_999, Ordering::Relaxed);
    assert!(waits());
    dial.boot_ms.fetch_add(1, Ordering::Relaxed);
    vaults.unlock(OFFICER, "482913").unwrap();
}

#[test]
fn a_vault_whose_file_was_lost_is_moved_aside_and_not_removed() {
    let home = tempfile::tempdir().unwrap();
    let (vaults, _) = vaults(home.path());
    let (identity, recipient) = escrow();
    let (dir, key) = vaults
        .create(OFFICER, "x", "482913", &recipient, kept)
        .unwrap();
    std::fs::write(dir.database(), b"words").unwrap();
    std::fs::remove_file(dir.path.join("vault.json")).unwrap();
    vaults
        .create(OFFICER, "x", "482913", &recipient, kept)
        .unwrap();
    assert_eq!(vaults.list().unwrap().len(), 1);
    let folders = std::fs::read_dir(home.path().join("vaults")).unwrap();
    let aside = folders
        .map(|it| it.unwrap().path())
        .find(|it| it.to_string_lossy().contains("aside"))
        .unwrap();
    assert_eq!(std::fs::read(aside.join("records.db")).unwrap(), b"words");
    let wrapped = std::fs::read(aside.join("escrow.age")).unwrap();
    assert_eq!(age::decrypt(&identity, &wrapped).unwrap(), key.expose());
}

#[test]
fn a_file_that_asks_for_too_much_is_refused_and_not_worked_on() {
    let home = tempfile::tempdir().unwrap();
    let (vaults, _) = vaults(home.path());
    let (dir, _) = vaults
        .create(OFFICER, "x", "482913", &escrow().1, kept)
        .unwrap();
    let file = dir.path.join("vault.json");
    let honest = std::fs::read_to_string(&file).unwrap();
    for (name, most) in [
        ("passes", u32::MAX),
        ("memory_kib", u32::MAX),
        ("lanes", 1 << 20),
    ] {
        let mut json: serde_json::Value = serde_json::from_str(&honest).unwrap();
        json["key"]["kdf"][name] = most.into();
        std::fs::write(&file, json.to_string()).unwrap();
        let refused = vaults.unlock(OFFICER, "482913");
        assert!(matches!(refused, Err(VaultError::Kdf)), "{name}");
    }
}
