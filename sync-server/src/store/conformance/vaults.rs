//! Attempts to sign in, and what is known of a device and its sessions.

use shared::hash::sha256;
use shared::ids::DeviceId;
use shared::wire::Waiting;

use super::Make;
use super::kit::*;
use crate::store::*;

fn known(store: &dyn Store, device: DeviceId) -> Device {
    let credential = sha256(&[device.as_bytes()]);
    store.device(&credential).unwrap().unwrap()
}

fn waiting(entries: u32) -> Waiting {
    Waiting {
        entries,
        photos: entries + 1,
        oldest: Some(NOW.plus(-5)),
    }
}

pub(super) fn wrong_passwords_are_counted_until_a_right_one(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    let tried = |collar| {
        let account = store.account(collar).unwrap().unwrap();
        (account.failed, account.wait_until)
    };
    let fresh = tried("4417");
    assert_eq!(fresh.0, 0, "contract: nobody has tried yet");
    assert!(
        fresh.1 < NOW,
        "contract: the first attempt is taken at once"
    );
    for n in 1..=3 {
        let wait_until = NOW.plus(i64::from(n));
        let wrong = Attempt::Wrong { wait_until };
        store.note_attempt(OFFICER, wrong).unwrap();
        assert_eq!(
            tried("4417"),
            (n, wait_until),
            "contract: one more, and the wait is the last one's"
        );
    }
    assert_eq!(tried("12"), fresh, "contract: an account has its own count");
    store.note_attempt(OFFICER, Attempt::Right).unwrap();
    assert_eq!(
        tried("4417"),
        fresh,
        "contract: a right password forgets the wrong ones and the wait"
    );
}

pub(super) fn a_device_is_known_by_its_credential(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    assert_eq!(
        store.device(&[9; 32]).unwrap(),
        None,
        "contract: no device has this credential"
    );
    let found = known(&*store, DEVICE);
    assert_eq!(found.id, DEVICE, "contract: this device and no other");
    assert_eq!(
        (found.name.as_str(), found.form_factor.as_str()),
        ("phone", "phone"),
        "contract: with the name of its code, and its form"
    );
    assert_eq!(found.revoked, None, "contract: it is in service");
    store.revoke(DEVICE, NOW.plus(7)).unwrap();
    assert_eq!(
        known(&*store, DEVICE).revoked,
        Some(NOW.plus(7)),
        "contract: a revoked device is still known, as revoked"
    );
    assert_eq!(
        known(&*store, SERGEANTS_DEVICE).revoked,
        None,
        "contract: no other device is revoked with it"
    );
}

pub(super) fn closing_a_session_ends_that_one(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    let page = NewSession {
        token: [5; 32],
        vault: None,
        ..session(OFFICER, DEVICE, LOG)
    };
    store.open_session(&page, NOW).unwrap();
    let vault = session(OFFICER, DEVICE, LOG);
    let sergeants = session(SERGEANT, SERGEANTS_DEVICE, SERGEANTS_LOG);
    let open = || {
        [&vault.token, &page.token, &sergeants.token]
            .map(|token| store.session(token, NOW).unwrap().is_some())
    };
    assert_eq!(open(), [true; 3], "contract: each is open");
    store.close_session(&[9; 32]).unwrap();
    assert_eq!(open(), [true; 3], "contract: an unknown token ends nothing");
    for _ in 0..2 {
        store.close_session(&vault.token).unwrap();
        assert_eq!(
            open(),
            [false, true, true],
            "contract: this session and no other, and idempotent"
        );
    }
    assert_eq!(
        store.grants(LOG).unwrap().len(),
        2,
        "contract: the vault keeps what it was granted"
    );
    assert_eq!(
        store.open_session(&vault, NOW).unwrap(),
        Opened::Open,
        "contract: its log is opened again"
    );
    assert_eq!(open(), [true; 3], "contract: by signing in again");
}

pub(super) fn a_sign_of_life_is_kept(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    let heard = |device, entries, after| {
        let waiting = Some(waiting(entries));
        let heard = Heard { device, waiting };
        store.heard(&heard, NOW.plus(after)).unwrap();
    };
    let others = known(&*store, SERGEANTS_DEVICE);
    heard(DEVICE, 3, 10);
    let found = known(&*store, DEVICE);
    assert_eq!(
        (found.last_heard, found.waiting),
        (Some(NOW.plus(10)), waiting(3)),
        "contract: when, and all that it says waits"
    );
    let listed = store.devices().unwrap();
    let listed = listed.iter().find(|it| it.id == DEVICE).unwrap();
    assert_eq!(
        (listed.last_heard, listed.waiting),
        (found.last_heard, found.waiting),
        "contract: the list says the same"
    );
    heard(DEVICE, 1, 4);
    let found = known(&*store, DEVICE);
    assert_eq!(
        found.last_heard,
        Some(NOW.plus(10)),
        "contract: a clock set back does not take it back"
    );
    assert_eq!(found.waiting, waiting(1), "contract: the last word counts");
    let session = session(OFFICER, DEVICE, LOG);
    store.open_session(&session, NOW.plus(5)).unwrap();
    assert_eq!(
        known(&*store, DEVICE).last_heard,
        Some(NOW.plus(10)),
        "contract: nor does signing in"
    );
    let waiting = Some(Waiting::default());
    let device = DEVICE;
    let nothing = Heard { device, waiting };
    store.heard(&nothing, NOW.plus(20)).unwrap();
    assert_eq!(
        known(&*store, DEVICE).waiting,
        Waiting::default(),
        "contract: nothing waits any more, since no time"
    );
    assert_eq!(
        known(&*store, SERGEANTS_DEVICE),
        others,
        "contract: nothing of another device moves"
    );
    heard(DeviceId::from_bytes([9; 16]), 1, 30);
    assert_eq!(
        store.devices().unwrap().len(),
        2,
        "contract: an unknown device does not become known by it"
    );
}

pub(super) fn receiving_is_a_sign_of_life(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    let push = Push {
        waiting: Some(waiting(2)),
        ..changes(0..1)
    };
    store.receive(&push, NOW.plus(10)).unwrap();
    let found = known(&*store, DEVICE);
    assert_eq!(
        (found.last_heard, found.waiting),
        (Some(NOW.plus(10)), waiting(2)),
        "contract: the sign of life comes with the entries"
    );
    let push = Push {
        waiting: None,
        ..changes(1..2)
    };
    store.receive(&push, NOW.plus(20)).unwrap();
    let found = known(&*store, DEVICE);
    assert_eq!(
        (found.last_heard, found.waiting),
        (Some(NOW.plus(20)), waiting(2)),
        "contract: entries that come alone say nothing of what waits"
    );
}
