//! What a locked device does and shows, when it locks by itself, and who may read its files.

use std::sync::Mutex;
use std::sync::atomic::AtomicU64;

use shared::hash::HeaderHash;
use shared::ids::{BootId, Epoch, ReceivePos, Seq};
use shared::log::{Segment, decode_canonical};
use shared::wire::{Checkpoint, Credential, Protocol, WireError};

use super::*;
use crate::env::Clock;
use crate::view::SpoolState;

/// Opens parcels and signs for them, or cannot be reached.
struct Taking<'a> {
    rig: &'a Rig,
    reached: bool,
    parcels: &'a Mutex<u32>,
}

impl Protocol for Taking<'_> {
    out_of_reach!(enrol, sign_in, exchange, photos);

    async fn spool(
        &self,
        credential: &Credential,
        log: LogId,
        sealed: Vec<u8>,
    ) -> Result<Vec<u8>, WireError> {
        if !self.reached {
            return Err(WireError::NoConnection);
        }
        assert_eq!(
            (credential.device.as_str(), &credential.session),
            ("credential", &None)
        );
        let plain = age::decrypt(&self.rig.sealing, &sealed).unwrap();
        let segment: Segment = decode_canonical(&plain).unwrap();
        *self.parcels.lock().unwrap() += 1;
        let checkpoint = Checkpoint {
            epoch: Epoch::from_bytes([1; 16]),
            log,
            seq: Seq(segment.first.0 + segment.entries.len() as u64 - 1),
            header: HeaderHash::from_bytes([0; 32]),
            position: ReceivePos(1),
            at: UnixMs(77),
        };
        Ok(checkpoint.sign(&receipt_key()))
    }
}

/// One round of the loop that sends spools.
fn round(device: &Device, rig: &Rig, reached: bool) -> u32 {
    let parcels = Mutex::new(0);
    let connect = |_: &Enrolment| {
        Some(Taking {
            rig,
            reached,
            parcels: &parcels,
        })
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(device.slot.spooler.round(&device.vaults, &connect, &|| ()));
    *parcels.lock().unwrap()
}

fn submit(device: &Device) {
    let core = device.core().unwrap();
    let note = core.draft_new("note", None, None).unwrap().id;
    let words = crate::view::FieldValue::Text("A blue van".into());
    let fields = [("text".to_owned(), Some(words))].into_iter().collect();
    core.draft_set(&note, fields, None).unwrap();
    core.draft_submit(&note).unwrap();
}

/// The device's own loop may be trying just now.
fn waits(device: &Device) -> bool {
    matches!(shown(device), SpoolState::Waiting | SpoolState::Sending)
}

fn shown(device: &Device) -> SpoolState {
    device.app_view().unwrap().vaults[0].spool.unwrap().state
}

#[test]
fn a_locked_vault_is_sent_for_and_says_so_and_an_open_one_is_not() {
    let rig = rig();
    let device = open(&rig);
    assert_eq!(shown(&device), SpoolState::Nothing);
    device.unlock(&OFFICER.to_string(), PIN.into()).unwrap();
    submit(&device);
    assert_eq!(round(&device, &rig, true), 0);
    device.lock();
    assert!(waits(&device));
    assert_eq!(round(&device, &rig, false), 0);
    assert!(waits(&device));
    assert!(
        device.app_view().unwrap().vaults[0]
            .spool
            .unwrap()
            .since
            .is_some()
    );
    assert_eq!(round(&device, &rig, true), 1);
    assert_eq!(shown(&device), SpoolState::Received);
    assert_eq!(
        device.app_view().unwrap().vaults[0]
            .spool
            .unwrap()
            .received_at,
        Some(77)
    );
    assert_eq!(round(&device, &rig, true), 0);
    // The receipt names other bytes than the vault holds, so it counts for nothing in it.
    device.unlock(&OFFICER.to_string(), PIN.into()).unwrap();
    let status = device.core().unwrap().status().unwrap();
    assert_eq!(status.waiting_records, 1);
}

/// A clock whose boot time tests set.
#[derive(Default)]
struct Dial(AtomicU64);

impl Clock for Dial {
    fn now(&self) -> UnixMs {
        UnixMs(1_795_348_800_000)
    }

    fn boot(&self) -> (BootId, u64) {
        (BootId::from_bytes([1; 16]), self.0.load(Ordering::SeqCst))
    }
}

#[test]
fn a_vault_that_nobody_uses_locks_itself_sleep_of_the_phone_included() {
    let home = tempfile::tempdir().unwrap();
    let dial = Arc::new(Dial::default());
    let mut config = config(home.path());
    config.env.clock = dial.clone();
    let _rig = rig_of(home, &config);
    let device = Arc::new(Device::open(config).unwrap());
    device.unlock(&OFFICER.to_string(), PIN.into()).unwrap();
    let core = device.core().unwrap();
    let minutes = |n: u64| dial.0.fetch_add(n * 60_000, Ordering::SeqCst);
    minutes(4);
    assert!(!device.slot.lock_if_idle(&core));
    device.touch();
    minutes(4);
    assert!(!device.slot.lock_if_idle(&core));
    minutes(1);
    assert!(device.slot.lock_if_idle(&core));
    assert!(matches!(device.core(), Err(DeviceError::Locked)));
}

#[test]
#[cfg(unix)]
fn only_the_owner_may_read_what_a_device_keeps() {
    use std::os::unix::fs::PermissionsExt as _;
    let rig = rig();
    let device = open(&rig);
    device.unlock(&OFFICER.to_string(), PIN.into()).unwrap();
    submit(&device);
    let mut files = 0;
    let mut folders = vec![rig.home.path().join("vaults")];
    while let Some(folder) = folders.pop() {
        let mode = std::fs::metadata(&folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{}", folder.display());
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", path.display());
            files += 1;
        }
    }
    assert!(files >= 6, "{files} files");
    for name in ["device.json", "lock"] {
        let mode = std::fs::metadata(rig.home.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
