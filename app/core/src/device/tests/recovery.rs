//! A forgotten PIN, a key store that lost its secret, and what must not be changed meanwhile.

use std::collections::HashMap;
use std::sync::Mutex;

use shared::wire::{
    Credential, ErrorCode, Protocol, RecoveryRequest, RecoveryTicket, SignInRequest, WireError,
};

use super::*;
use crate::vault::{HardwareSecret, KeyStoreError};
use crate::view::RecoveryState;

/// A server that signs the officer in, keeps the request, and gives the answer it is told.
#[derive(Clone, Default)]
struct Desk(Arc<Mutex<OnDesk>>);

#[derive(Default)]
struct OnDesk {
    request: Option<RecoveryRequest>,
    answer: Option<Vec<u8>>,
    other: bool,
}

impl Desk {
    fn request(&self) -> RecoveryRequest {
        self.0.lock().unwrap().request.clone().unwrap()
    }

    fn answer(&self, plain: &[u8]) {
        let recipient: age::x25519::Recipient = self.request().recipient.parse().unwrap();
        let answer = age::encrypt(&recipient, plain).unwrap();
        self.0.lock().unwrap().answer = Some(answer);
    }

    /// What the holder of the escrow key does.
    fn recover(&self, rig: &Rig) {
        let key = age::decrypt(&rig.escrow, &self.request().wrap).unwrap();
        self.answer(&key);
    }
}

impl Protocol for Desk {
    out_of_reach!(enrol, exchange, photos);

    async fn sign_in(
        &self,
        _: &Credential,
        request: SignInRequest,
    ) -> Result<SignInResponse, WireError> {
        assert_eq!(
            (request.key, request.log),
            (None, LogId::from_bytes([2; 16]))
        );
        let mut answer = signed_in();
        if self.0.lock().unwrap().other {
            answer.officer = OfficerId::from_bytes([9; 16]);
        }
        match request.password.as_str() {
            "password" => Ok(answer),
            _ => Err(WireError::refused(ErrorCode::BadSignIn)),
        }
    }

    async fn recovery_begin(
        &self,
        credential: &Credential,
        request: RecoveryRequest,
    ) -> Result<RecoveryTicket, WireError> {
        assert!(
            credential.session.is_some(),
            "asked without having signed in"
        );
        self.0.lock().unwrap().request = Some(request);
        Ok(RecoveryTicket {
            code: "ABCD-EFGH".into(),
            expires: UnixMs(5),
        })
    }

    async fn recovery_fetch(&self, _: &Credential, _: LogId) -> Result<Option<Vec<u8>>, WireError> {
        Ok(self.0.lock().unwrap().answer.clone())
    }
}

fn now<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

fn ask(device: &Device, desk: &Desk) -> Result<crate::view::RecoveryView, DeviceError> {
    let vault = OFFICER.to_string();
    let asked = device.ask_for_key(desk.clone(), &vault, "4417".into(), "password".into());
    now(asked)
}

fn look(device: &Device, desk: &Desk) -> Result<crate::view::RecoveryView, DeviceError> {
    now(device.look_for_key(desk.clone(), &OFFICER.to_string()))
}

fn finish(device: &Device, pin: &str) -> Result<(), DeviceError> {
    device
        .recover_finish(&OFFICER.to_string(), pin.to_owned())
        .map(|_| ())
}

fn code<T>(done: Result<T, DeviceError>) -> String {
    done.err().unwrap().view().code
}

/// A vault with a draft in it, once opened, as every vault was.
fn with_draft(rig: &Rig) -> (Arc<Device>, String) {
    let device = open(rig);
    device.unlock(&OFFICER.to_string(), PIN.into()).unwrap();
    let id = device
        .core()
        .unwrap()
        .draft_new("note", None, None)
        .unwrap()
        .id;
    device.lock();
    (device, id)
}

#[test]
fn a_forgotten_pin_costs_a_request_and_nothing_else() {
    let rig = rig();
    let (device, draft) = with_draft(&rig);
    let desk = Desk::default();
    assert_eq!(code(look(&device, &desk)), "no_recovery");
    let asked = ask(&device, &desk).unwrap();
    assert_eq!(
        (asked.code.as_str(), asked.state),
        ("ABCD-EFGH", RecoveryState::Waiting)
    );
    assert_eq!(look(&device, &desk).unwrap().state, RecoveryState::Waiting);
    assert_eq!(code(finish(&device, "719284")), "no_recovery");
    desk.recover(&rig);
    assert_eq!(look(&device, &desk).unwrap().state, RecoveryState::Answered);
    assert_eq!(code(finish(&device, "1234")), "bad_pin");
    finish(&device, "719284").unwrap();
    let core = device.core().unwrap();
    core.draft(&draft).unwrap();
    assert_eq!(core.log(), LogId::from_bytes([2; 16]));
    assert_eq!(core.session().unwrap().as_deref(), Some("session"));
    drop(core);
    device.lock();
    assert_eq!(
        code(device.unlock(&OFFICER.to_string(), PIN.into())),
        "wrong_pin"
    );
    device
        .unlock(&OFFICER.to_string(), "719284".into())
        .unwrap();
    device.core().unwrap().draft(&draft).unwrap();
}

#[test]
fn wrong_late_and_foreign_answers_leave_everything_as_it_was() {
    let rig = rig();
    let (device, draft) = with_draft(&rig);
    let file = rig
        .home
        .path()
        .join("vaults")
        .join(OFFICER.to_string())
        .join("vault.json");
    let before = std::fs::read(&file).unwrap();
    let desk = Desk::default();
    ask(&device, &desk).unwrap();
    // Another key than the vault's, of its length; bytes of no key; an answer to somebody else.
    desk.answer(&[5; 32]);
    look(&device, &desk).unwrap();
    assert_eq!(code(finish(&device, "719284")), "wrong_answer");
    desk.answer(b"short");
    assert_eq!(code(look(&device, &desk)), "wrong_answer");
    desk.0.lock().unwrap().answer = Some(b"no age file".to_vec());
    assert_eq!(code(look(&device, &desk)), "wrong_answer");
    assert_eq!(std::fs::read(&file).unwrap(), before);
    // A process that ends takes the key of its request with it: it asks anew.
    let other = Desk::default();
    ask(&device, &other).unwrap();
    desk.recover(&rig);
    assert_eq!(code(look(&device, &desk)), "wrong_answer");
    device.recover_cancel();
    assert_eq!(code(look(&device, &desk)), "no_recovery");
    device.unlock(&OFFICER.to_string(), PIN.into()).unwrap();
    device.core().unwrap().draft(&draft).unwrap();
}

#[test]
fn nobody_asks_for_anothers_vault_and_a_wrong_password_asks_for_none() {
    let rig = rig();
    let (device, _) = with_draft(&rig);
    let desk = Desk::default();
    desk.0.lock().unwrap().other = true;
    assert_eq!(code(ask(&device, &desk)), "other_officer");
    assert!(desk.0.lock().unwrap().request.is_none());
    let vault = OFFICER.to_string();
    let wrong = device.ask_for_key(desk.clone(), &vault, "4417".into(), "wrong".into());
    assert_eq!(code(now(wrong)), "bad_sign_in");
    assert!(desk.0.lock().unwrap().request.is_none());
}

/// A key store in memory that can lose what it holds.
#[derive(Default)]
struct Hardware(Mutex<HashMap<OfficerId, [u8; 32]>>);

impl KeyStore for Hardware {
    fn is_there(&self) -> bool {
        true
    }

    fn make(&self, vault: OfficerId) -> Result<HardwareSecret, KeyStoreError> {
        let mut held = self.0.lock().unwrap();
        let secret = [held.len() as u8 + 40; 32];
        held.insert(vault, secret);
        Ok(Zeroizing::new(secret))
    }

    fn get(&self, vault: OfficerId) -> Result<Option<HardwareSecret>, KeyStoreError> {
        Ok(self
            .0
            .lock()
            .unwrap()
            .get(&vault)
            .copied()
            .map(Zeroizing::new))
    }
}

#[test]
fn a_key_store_that_lost_its_secret_loses_no_vault_and_costs_no_try() {
    let home = tempfile::tempdir().unwrap();
    let hardware = Arc::new(Hardware::default());
    let config = DeviceConfig {
        keystore: hardware.clone(),
        ..config(home.path())
    };
    let rig = rig_of(home, &config);
    let device = Arc::new(Device::open(config).unwrap());
    assert!(!device.app_view().unwrap().reduced_protection);
    device.unlock(&OFFICER.to_string(), PIN.into()).unwrap();
    let draft = device
        .core()
        .unwrap()
        .draft_new("note", None, None)
        .unwrap()
        .id;
    device.lock();
    // The files on another device, with the right PIN: the secret did not come with them.
    hardware.0.lock().unwrap().insert(OFFICER, [1; 32]);
    assert_eq!(
        code(device.unlock(&OFFICER.to_string(), PIN.into())),
        "wrong_pin"
    );
    let tries = || device.app_view().unwrap().vaults[0].tries_left;
    let left = tries();
    hardware.0.lock().unwrap().clear();
    assert_eq!(
        code(device.unlock(&OFFICER.to_string(), PIN.into())),
        "key_lost"
    );
    assert_eq!(tries(), left);
    let desk = Desk::default();
    ask(&device, &desk).unwrap();
    desk.recover(&rig);
    look(&device, &desk).unwrap();
    finish(&device, PIN).unwrap();
    device.core().unwrap().draft(&draft).unwrap();
    device.lock();
    device.unlock(&OFFICER.to_string(), PIN.into()).unwrap();
}

#[test]
fn a_server_that_was_changed_beside_the_vault_is_given_nothing() {
    let rig = rig();
    let (device, _) = with_draft(&rig);
    drop(device);
    let file = rig.home.path().join("device.json");
    let honest = std::fs::read_to_string(&file).unwrap();
    let pin = hex::encode([7; 32]);
    let other = age::x25519::Identity::generate().to_public().to_string();
    let changes = [
        honest.replace(&pin, &hex::encode([8; 32])),
        honest.replace(&rig.sealing.to_public().to_string(), &other),
        honest.replace(&rig.escrow.to_public().to_string(), &other),
    ];
    for changed in changes {
        assert_ne!(changed, honest);
        std::fs::write(&file, changed).unwrap();
        let device = open(&rig);
        let refused = device.unlock(&OFFICER.to_string(), PIN.into());
        assert_eq!(code(refused), "server_changed");
        assert!(matches!(device.core(), Err(DeviceError::Locked)));
    }
    std::fs::write(&file, honest).unwrap();
    open(&rig).unlock(&OFFICER.to_string(), PIN.into()).unwrap();
}
