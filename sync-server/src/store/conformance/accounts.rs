//! People, devices, sessions, mail.

use shared::ids::{DeviceId, LogId, MailSeq, OfficerId, PolicySeq};
use shared::policy::Role;
use shared::wire::{Cursors, Mail};

use super::Make;
use super::kit::*;
use crate::store::*;

pub(super) fn an_epoch_stays(make: Make<'_>) {
    let store = make();
    let first = store.counters().unwrap();
    assert_eq!(first, store.counters().unwrap());
    assert_eq!((first.receive.0, first.accept.0, first.policy.0), (0, 0, 0));
    assert_ne!(
        first.epoch,
        make().counters().unwrap().epoch,
        "contract: each store its own"
    );
}

pub(super) fn people_are_added_all_or_none(make: Make<'_>) {
    let store = make();
    store
        .add_people(&[person(OFFICER, "4417", Role::Officer)], NOW)
        .unwrap();
    let before = store.counters().unwrap();
    let other = OfficerId::from_bytes([8; 16]);
    let pair = [
        person(other, "1", Role::Officer),
        person(SERGEANT, "4417", Role::Officer),
    ];
    assert_eq!(store.add_people(&pair, NOW).unwrap(), Added::Taken);
    assert!(
        store.account("1").unwrap().is_none(),
        "contract: none of them is added"
    );
    assert_eq!(store.counters().unwrap(), before, "contract: nothing moved");
}

pub(super) fn the_authority_keeps_every_version(make: Make<'_>) {
    let store = make();
    store
        .add_people(&[person(OFFICER, "4417", Role::Officer)], NOW)
        .unwrap();
    assert!(store.end_person("4417", NOW).unwrap());
    assert!(!store.end_person("4417", NOW).unwrap());
    let active = |policy| {
        let authority = store.authority_at(PolicySeq(policy), &[OFFICER]).unwrap();
        authority.person(OFFICER).map(|person| person.active)
    };
    assert_eq!(
        [active(0), active(1), active(2), active(9)],
        [None, Some(true), Some(false), Some(false)]
    );
    assert_eq!(store.authority().unwrap().seq, PolicySeq(2));
}

pub(super) fn a_code_is_used_once(make: Make<'_>) {
    let store = make();
    device(&*store, DEVICE);
    let again = NewDevice {
        code: shared::hash::sha256(&[DEVICE.as_bytes()]),
        id: DeviceId::from_bytes([5; 16]),
        credential: [5; 32],
        form_factor: "phone".to_owned(),
    };
    assert_eq!(
        store.enrol(&again, NOW).unwrap(),
        None,
        "contract: a code enrols one device"
    );
    let code = NewCode {
        code: [4; 32],
        name: "late".to_owned(),
        expires: NOW,
    };
    store.add_code(&code, NOW).unwrap();
    let late = NewDevice {
        code: [4; 32],
        ..again
    };
    assert_eq!(
        store.enrol(&late, NOW.plus(1)).unwrap(),
        None,
        "contract: in its time"
    );
}

pub(super) fn revoking_ends_sessions(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    let token = session(OFFICER, DEVICE, LOG).token;
    assert!(store.session(&token, NOW).unwrap().is_some());
    assert!(
        store
            .session(&token, NOW.plus(1_000_000))
            .unwrap()
            .is_none(),
        "contract: it ends"
    );
    assert!(store.revoke(DEVICE, NOW).unwrap());
    assert!(!store.revoke(DEVICE, NOW).unwrap());
    assert!(store.session(&token, NOW).unwrap().is_none());
    let revoked = store
        .devices()
        .unwrap()
        .into_iter()
        .filter(|it| it.revoked.is_some());
    assert_eq!(revoked.map(|it| it.id).collect::<Vec<_>>(), [DEVICE]);
}

pub(super) fn a_log_belongs_to_one_device_and_officer(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    let opened = |session: NewSession| store.open_session(&session, NOW).unwrap();
    assert_eq!(
        opened(session(OFFICER, DEVICE, LOG)),
        Opened::Open,
        "contract: idempotent"
    );
    assert_eq!(opened(session(SERGEANT, DEVICE, LOG)), Opened::UnknownLog);
    assert_eq!(
        opened(session(OFFICER, DeviceId::from_bytes([2; 16]), LOG)),
        Opened::UnknownLog
    );
    let mut renewed = session(OFFICER, DEVICE, LogId::from_bytes([9; 16]));
    if let Some(vault) = &mut renewed.vault {
        vault.open = None;
    }
    assert_eq!(
        opened(renewed),
        Opened::UnknownLog,
        "contract: none is opened by renewing"
    );
}

pub(super) fn mail_is_kept_until_it_is_forgotten(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    let mail = |after| {
        let cursors = Cursors {
            mailbox: MailSeq(after),
            ..Cursors::default()
        };
        news(&*store, SERGEANTS_LOG, cursors, 1 << 20).mail
    };
    let granted = mail(0);
    assert_eq!(granted.len(), 3, "contract: author, shared and team");
    assert!(
        granted
            .iter()
            .all(|it| matches!(it.mail, Mail::Granted(..)))
    );
    assert_eq!(mail(0), granted, "contract: asking does not take it");
    store.forget_mail(SERGEANTS_LOG, MailSeq(1)).unwrap();
    assert_eq!(mail(0), granted[1..]);
    assert_eq!(store.grants(SERGEANTS_LOG).unwrap().len(), 3);
    assert_eq!(store.grants(LOG).unwrap().len(), 2);
}
