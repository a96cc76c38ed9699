//! Opening, locking and opening again, with a server that never answers.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::net::TcpListener;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Waker};
use std::time::Duration;

#[macro_use]
mod out_of_reach;
mod locked;
mod recovery;

use ring::signature::{Ed25519KeyPair, KeyPair};
use shared::ids::{DeviceId, LogId, OfficerId, PolicySeq};
use shared::policy::Role;
use shared::time::UnixMs;
use shared::wire::SignInResponse;
use zeroize::Zeroizing;

use super::*;
use crate::core::NewVault;
use crate::vault::DbKey;
use crate::vault::KdfParams;

const OFFICER: OfficerId = OfficerId::from_bytes([4; 16]);
const PIN: &str = "482913";

struct Rig {
    home: tempfile::TempDir,
    /// Of the force, which has its secret half in a safe.
    escrow: age::x25519::Identity,
    /// Of the server, which has its secret half.
    sealing: age::x25519::Identity,
    /// Takes connections and says nothing.
    _silent: TcpListener,
}

/// A home with one vault in it.
fn rig() -> Rig {
    let home = tempfile::tempdir().unwrap();
    let config = config(home.path());
    rig_of(home, &config)
}

fn rig_of(home: tempfile::TempDir, config: &DeviceConfig) -> Rig {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let [escrow_key, sealing] = [(); 2].map(|()| age::x25519::Identity::generate());
    let keystore = config.keystore.clone();
    let vaults = Vaults::open(home.path(), config.env.clone(), config.kdf, keystore).unwrap();
    let escrow = escrow_key.to_public().to_string();
    let enrolment = Enrolment {
        device: DeviceId::from_bytes([1; 16]),
        name: "Phone".into(),
        force: "Force".into(),
        form_factor: FormFactor::Phone,
        server: format!("https://{}", silent.local_addr().unwrap()),
        pin: hex::encode([7; 32]),
        credential: "credential".into(),
        receipt_key: hex::encode(receipt_key().public_key().as_ref()),
        escrow: escrow.clone(),
        sealing: sealing.to_public().to_string(),
    };
    vaults.save_enrolment(&enrolment).unwrap();
    let new = NewVault {
        log: LogId::from_bytes([2; 16]),
        seed: Zeroizing::new([3; 32]),
        device: enrolment.device,
        signed_in: signed_in(),
    };
    let fill = |dir: &VaultDir, key: &DbKey| -> Result<(), DeviceError> {
        let config = CoreConfig {
            store: StoreConfig {
                path: dir.database(),
                vfs: None,
            },
            blobs: Arc::new(dir.photos().unwrap()),
            env: config.env.clone(),
            receipt_key: vec![7; 32],
            server: enrolment.server.clone(),
            reference_force: WEST_MIDLANDS,
            spool: None,
            schema: shared::doc::Schema::OURS,
        };
        Core::create(config, key, &new)?;
        Ok(())
    };
    vaults
        .create(OFFICER, "PC 4417 Patel", PIN, &escrow, fill)
        .unwrap();
    Rig {
        home,
        escrow: escrow_key,
        sealing,
        _silent: silent,
    }
}

fn signed_in() -> SignInResponse {
    SignInResponse {
        session: "session".into(),
        expires: UnixMs(i64::MAX),
        officer: OFFICER,
        label: "PC 4417 Patel".into(),
        collar: "4417".into(),
        role: Role::Officer,
        team: "Team 1".into(),
        station: "Perry Barr".into(),
        policy: PolicySeq(1),
        server_time: UnixMs(0),
    }
}

/// What the server signs receipts with.
fn receipt_key() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[77; 32]).unwrap()
}

fn config(home: &std::path::Path) -> DeviceConfig {
    DeviceConfig {
        kdf: KdfParams::TEST,
        ..DeviceConfig::new(home)
    }
}

fn open(rig: &Rig) -> Arc<Device> {
    Arc::new(Device::open(config(rig.home.path())).unwrap())
}

#[test]
fn locking_while_the_server_is_waited_for_closes_the_database() {
    let rig = rig();
    let device = open(&rig);
    device.unlock(&OFFICER.to_string(), PIN.into()).unwrap();
    // Asked once, the future has come as far as it can without the server.
    let mut asking = pin!(device.sign_in("password".into()));
    let mut context = Context::from_waker(Waker::noop());
    assert!(asking.as_mut().poll(&mut context).is_pending());
    device.lock();
    assert!(device.slot.databases.wait(CLOSING));
    assert!(asking.as_mut().poll(&mut context).is_pending());
    device.unlock(&OFFICER.to_string(), PIN.into()).unwrap();
}

#[test]
fn a_command_that_works_while_the_vault_is_locked_ends_before_it_is_opened_again() {
    let rig = rig();
    let device = open(&rig);
    device.unlock(&OFFICER.to_string(), PIN.into()).unwrap();
    let core = device.core().unwrap();
    device.lock();
    assert!(matches!(device.core(), Err(DeviceError::Locked)));
    assert!(!device.slot.databases.wait(Duration::ZERO));
    let ended = Arc::new(AtomicBool::new(false));
    let opening = std::thread::spawn({
        let (device, ended) = (device.clone(), ended.clone());
        move || {
            device.unlock(&OFFICER.to_string(), PIN.into()).unwrap();
            ended.load(Ordering::SeqCst)
        }
    });
    // It has the turn from its beginning to its end.
    while device.slot.turn_is_free() {
        std::thread::yield_now();
    }
    let id = core.draft_new("note", None, None).unwrap().id;
    ended.store(true, Ordering::SeqCst);
    drop(core);
    assert!(
        opening.join().unwrap(),
        "opened while a command was at work"
    );
    device.core().unwrap().draft(&id).unwrap();
}

#[test]
fn unlocking_twice_at_once_opens_the_vault() {
    let rig = rig();
    let device = open(&rig);
    let both = [0, 1].map(|_| {
        let device = device.clone();
        std::thread::spawn(move || {
            device
                .unlock(&OFFICER.to_string(), PIN.into())
                .map(|it| it.label)
        })
    });
    for one in both {
        assert_eq!(one.join().unwrap().unwrap(), "PC 4417 Patel");
    }
    device.core().unwrap();
}

#[test]
fn a_database_that_does_not_open_is_called_damaged_and_stays_as_it_is() {
    let rig = rig();
    let path = rig
        .home
        .path()
        .join("vaults")
        .join(OFFICER.to_string())
        .join("records.db");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[..64].fill(1);
    std::fs::write(&path, &bytes).unwrap();
    let device = open(&rig);
    let error = device.unlock(&OFFICER.to_string(), PIN.into()).unwrap_err();
    assert_eq!(error.view().code, "damaged");
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    std::fs::remove_file(&path).unwrap();
    // Words may still lie in the log beside a database that is gone.
    let log = path.with_extension("db-wal");
    std::fs::write(&log, b"words").unwrap();
    assert_eq!(
        device
            .unlock(&OFFICER.to_string(), PIN.into())
            .unwrap_err()
            .view()
            .code,
        "damaged"
    );
    assert_eq!(std::fs::read(&log).unwrap(), b"words");
}
