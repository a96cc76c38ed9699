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
    };
    (Vaults::open(home, env, KdfParams::TEST).unwrap(), dial)
}

fn escrow() -> (age::x25519::Identity, String) {
    let identity = age::x25519::Identity::generate();
    let recipient = identity.to_public().to_string();
    (identity, recipient)
}

const OFFICER: OfficerId = OfficerId::from_bytes([4; 16]);

#[test]
fn the_right_pin_gives_the_key_and_the_escrow_key_gives_the_same() {
    let home = tempfile::tempdir().unwrap();
    let (vaults, _) = vaults(home.path());
    let (identity, recipient) = escrow();
    let (dir, key) = vaults
        .create(OFFICER, "PC 4417 Patel", "482913", &recipient)
        .unwrap();
    let (_, again) = vaults.unlock(OFFICER, "482913").unwrap();
    assert_eq!(key.expose(), again.expose());
    let wrapped = std::fs::read(dir.path.join("escrow.age")).unwrap();
    assert_eq!(age::decrypt(&identity, &wrapped).unwrap(), key.expose());
    assert!(matches!(
        vaults.create(OFFICER, "PC 4417 Patel", "482913", &recipient),
        Err(VaultError::Exists)
    ));
}

#[test]
fn wrong_pins_count_down_then_wait_and_destroy_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (vaults, dial) = vaults(home.path());
    vaults
        .create(OFFICER, "PC 4417 Patel", "482913", &escrow().1)
        .unwrap();
    for left in (1..FREE_TRIES).rev() {
        let error = vaults.unlock(OFFICER, "000000").unwrap_err();
        assert!(matches!(error, VaultError::WrongPin { tries_left } if tries_left == left));
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
    vaults.unlock(OFFICER, "482913").unwrap();
    assert_eq!(
        vaults.list().unwrap()[0].lock,
        Lock::Free {
            tries_left: FREE_TRIES
        }
    );
}

#[test]
fn a_try_is_counted_even_if_the_process_dies_in_it() {
    let home = tempfile::tempdir().unwrap();
    let (vaults, _) = vaults(home.path());
    vaults
        .create(OFFICER, "PC 4417 Patel", "482913", &escrow().1)
        .unwrap();
    let _ = vaults.unlock(OFFICER, "000000");
    let (again, _) = self::vaults(home.path());
    assert_eq!(
        again.list().unwrap()[0].lock,
        Lock::Free {
            tries_left: FREE_TRIES - 1
        }
    );
}

#[test]
fn a_short_pin_and_a_bad_escrow_key_make_no_vault() {
    let home = tempfile::tempdir().unwrap();
    let (vaults, _) = vaults(home.path());
    let (_, recipient) = escrow();
    assert!(matches!(
        vaults.create(OFFICER, "x", "12345", &recipient),
        Err(VaultError::BadPin)
    ));
    assert!(matches!(
        vaults.create(OFFICER, "x", "123456", "age1no"),
        Err(VaultError::BadEscrow)
    ));
    assert!(vaults.list().unwrap().is_empty());
    vaults.create(OFFICER, "x", "123456", &recipient).unwrap();
}

#[test]
fn the_vault_s_files_do_not_hold_the_key() {
    let home = tempfile::tempdir().unwrap();
    let (vaults, _) = vaults(home.path());
    let (dir, key) = vaults.create(OFFICER, "x", "482913", &escrow().1).unwrap();
    for entry in std::fs::read_dir(dir.path).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(32).any(|window| window == key.expose()));
        let text = hex::encode(key.expose());
        assert!(!bytes.windows(64).any(|window| window == text.as_bytes()));
    }
}
