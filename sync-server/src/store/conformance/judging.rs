//! Judging: turns, order, limits, and what is held.

use shared::ids::{EntryId, RecordId, Seq};
use shared::log::{EntryKind, encode};
use shared::statement::Ruling;
use shared::wire::{Cursors, Mail, Verdict, VerdictCode};

use super::Make;
use super::kit::*;
use super::script::{PLENTY, Script, judge, next, rule, rule_entry, sitting};
use crate::store::*;

fn mail(store: &dyn Store, log: shared::ids::LogId) -> Vec<Mail> {
    let mail = news(store, log, Cursors::default(), 1 << 20).mail;
    mail.into_iter().map(|item| item.mail).collect()
}

fn verdicts(store: &dyn Store) -> Vec<(u64, Verdict)> {
    let mail = mail(store, LOG).into_iter();
    mail.filter_map(|mail| match mail {
        Mail::Verdict(seq, verdict, _) => Some((seq.0, verdict)),
        _ => None,
    })
    .collect()
}

fn theirs(seq: u64) -> EntryId {
    EntryId {
        log: SERGEANTS_LOG,
        seq: Seq(seq),
    }
}

pub(super) fn what_cannot_be_judged_costs_only_itself(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    store.receive(&changes(0..3), NOW).unwrap();
    let mut script = Script::of(vec![(id(0), state(&[])), (id(2), state(&[]))]);
    let judged = judge(&*store, &mut script);
    assert_eq!((judged.entries, judged.failed), (3, 1));
    assert_eq!(store.known(id(0)).unwrap(), Known::Accepted);
    assert_eq!(
        store.known(id(1)).unwrap(),
        Known::Waiting,
        "contract: set aside, not lost"
    );
    assert_eq!(store.known(id(2)).unwrap(), Known::Accepted);
    assert!(next(&*store).is_none(), "contract: and not tried for ever");
    assert_eq!(store.requeue(VerdictCode::MissingDependency).unwrap(), 1);
    rule(&*store, 1, state(&[]));
}

pub(super) fn a_sitting_ends_when_the_judge_does_not_go_on(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    store.receive(&changes(0..5), NOW).unwrap();
    let all = || (0..5).map(|seq| (id(seq), state(&[]))).collect();
    let mut script = Script::of(all());
    script.stops_after = Some(2);
    assert_eq!(judge(&*store, &mut script).entries, 2);
    let mut script = Script::of(all());
    let judged = store.judge(&sitting(2), &mut script, NOW).unwrap();
    assert_eq!(judged.entries, 2, "contract: nor above its limit");
    assert_eq!(script.order(), [id(2), id(3)]);
    assert_eq!(judged.position, Some(store.counters().unwrap().accept));
    let mut script = Script::of(all());
    assert_eq!(judge(&*store, &mut script).entries, 1);
    let judged = judge(&*store, &mut Script::default());
    assert_eq!(judged, Judged::default(), "contract: nothing is left");
}

pub(super) fn what_the_judge_knows_is_not_read(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    store.receive(&changes(0..3), NOW).unwrap();
    let mut script = Script::of((0..3).map(|seq| (id(seq), state(&[]))).collect());
    script.knows = Some(1);
    judge(&*store, &mut script);
    let read = script.cases.iter().map(|case| {
        let record = case.record.as_ref();
        record.map(|record| (record.changes, record.snapshot.is_some()))
    });
    assert_eq!(
        read.collect::<Vec<_>>(),
        [None, Some((1, false)), Some((2, true))],
        "contract: that version of the document and no other"
    );
}

/// So many changes of the sergeant's own record.
fn of_the_sergeant(numbers: std::ops::Range<u64>, record: RecordId) -> Push {
    let entries = numbers.map(|seq| {
        let mut header = sergeants_header(seq, EntryKind::Change);
        header.subject = Some(record);
        entry(header, vec![0; 40])
    });
    sergeants(entries.collect())
}

pub(super) fn logs_have_their_turns(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    store.receive(&changes(0..6), NOW).unwrap();
    let record = RecordId::from_bytes([2; 16]);
    store.receive(&of_the_sergeant(0..3, record), NOW).unwrap();
    let all = (0..6).map(|seq| (id(seq), state(&[])));
    let all = all.chain((0..3).map(|seq| (theirs(seq), state(&[]))));
    let mut script = Script::of(all.collect());
    let mut two = sitting(1_000);
    two.turn.entries = 2;
    store.judge(&two, &mut script, NOW).unwrap();
    let expected = [
        id(0),
        id(1),
        theirs(0),
        theirs(1),
        id(2),
        id(3),
        theirs(2),
        id(4),
        id(5),
    ];
    assert_eq!(
        script.order(),
        expected,
        "contract: nobody waits for more than a turn of each other"
    );

    store.receive(&changes(6..8), NOW).unwrap();
    store.receive(&of_the_sergeant(3..5, record), NOW).unwrap();
    let all = [id(6), id(7), theirs(3), theirs(4)];
    let mut script = Script::of(all.map(|id| (id, state(&[]))).to_vec());
    let mut after = sitting(1_000);
    (after.after, after.turn.bytes) = (Some(LOG), 1);
    let judged = store.judge(&after, &mut script, NOW).unwrap();
    assert_eq!(
        script.order(),
        [theirs(3), id(6), theirs(4), id(7)],
        "contract: the turn goes on from one sitting to the next, and is measured in bytes too"
    );
    assert_eq!(judged.last, Some(LOG));
}

pub(super) fn a_record_keeps_the_order_of_receipt(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    store.receive(&of_the_sergeant(0..1, RECORD), NOW).unwrap();
    store.receive(&changes(0..2), NOW).unwrap();
    store.receive(&of_the_sergeant(1..2, RECORD), NOW).unwrap();
    let expected = [theirs(0), id(0), id(1), theirs(1)];
    let mut script = Script::of(expected.map(|id| (id, state(&[]))).to_vec());
    judge(&*store, &mut script);
    assert_eq!(
        script.order(),
        expected,
        "contract: whoever's turn it is, a record is judged in the order of receipt"
    );
}

pub(super) fn what_waits_is_counted(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    assert_eq!(store.pending(DEVICE).unwrap(), 0);
    store.receive(&changes(0..2), NOW).unwrap();
    let each = |seq| {
        let one = incoming(seq, EntryKind::Change, 1).verified.entry;
        (one.header.len() + one.payload.len()) as u64
    };
    assert_eq!(store.pending(DEVICE).unwrap(), each(0) + each(1));
    assert_eq!(store.pending(SERGEANTS_DEVICE).unwrap(), 0);
    rule(&*store, 0, state(&[]));
    assert_eq!(store.pending(DEVICE).unwrap(), each(1));
}

pub(super) fn over_the_limits_it_is_parked_and_taken_up_again(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    store.receive(&changes(0..4), NOW).unwrap();
    let waits_on = WaitsOn::Change(change_of(theirs(9)));
    let park = || Outcome::Park(VerdictCode::MissingDependency, waits_on);
    let mut script = Script::of((0..3).map(|seq| (id(seq), park())).collect());
    let mut narrow = sitting(3);
    narrow.staging.device_entries = 2;
    store.judge(&narrow, &mut script, NOW).unwrap();
    let parked = Verdict::Parked(VerdictCode::MissingDependency);
    let over = Verdict::Parked(VerdictCode::StagingFull);
    assert_eq!(
        verdicts(&*store),
        [(0, parked), (1, parked), (2, over)],
        "contract: it says so"
    );
    assert_eq!(store.figures().unwrap().parked, 3, "contract: and waits");
    assert_eq!(
        store.unstage(&narrow.staging).unwrap(),
        0,
        "contract: there is no room yet"
    );
    // What they wait for comes: all are judged again, whatever their code.
    let mut header = header(3, EntryKind::Change, 1);
    header.log = LOG;
    rule(&*store, 3, state(&[]));
    assert_eq!(store.unstage(&PLENTY).unwrap(), 1, "contract: now there is");
    rule(&*store, 2, state(&[]));
}

/// A change of the officer that is held, and one that is held with it.
fn held(store: &dyn Store) {
    peopled(store);
    store.receive(&changes(0..2), NOW).unwrap();
    let quarantine = Outcome::Quarantine(
        VerdictCode::NotActive,
        Some("{}".to_owned()),
        WaitsOn::Nothing,
    );
    let mut script = Script::of(vec![
        (id(0), quarantine),
        (id(1), Outcome::HoldWith(change_hash(0))),
    ]);
    judge(store, &mut script);
}

/// The sergeant rules on the held entry.
fn ruling(store: &dyn Store, kind: EntryKind) {
    let ruling = Ruling {
        entries: vec![id(0)],
        reason: "seen".to_owned(),
    };
    let one = entry(sergeants_header(0, kind), encode(&ruling));
    store.receive(&sergeants(vec![one]), NOW).unwrap();
}

pub(super) fn a_held_entry_is_a_task_until_it_is_released(make: Make<'_>) {
    let store = make();
    held(&*store);
    let with = Verdict::Quarantined(VerdictCode::BuildsOnQuarantined);
    let alone = Verdict::Quarantined(VerdictCode::NotActive);
    assert_eq!(verdicts(&*store), [(0, alone), (1, with)]);
    let tasks = |log| {
        let mail = mail(&*store, log).into_iter();
        let tasks = mail.filter_map(|mail| match mail {
            Mail::Task(task) => Some(task),
            _ => None,
        });
        tasks.collect::<Vec<_>>()
    };
    let told = tasks(SERGEANTS_LOG);
    assert_eq!(told.len(), 1, "contract: what is held with it is no task");
    assert_eq!(
        (told[0].entry, told[0].code),
        (id(0), VerdictCode::NotActive)
    );
    assert_eq!(told[0].projection.as_deref(), Some("{}"));
    assert!(tasks(LOG).is_empty(), "contract: only supervisors are told");

    ruling(&*store, EntryKind::Release);
    let release = said(NewStatement::Release);
    let mut script = Script::of(vec![
        (theirs(0), release),
        (id(0), state(&[])),
        (id(1), state(&[])),
    ]);
    judge(&*store, &mut script);
    assert_eq!(script.order(), [theirs(0), id(0), id(1)]);
    let cases = &script.cases;
    assert_eq!(
        cases[0].held.len(),
        1,
        "contract: the judge knows what is held"
    );
    assert_eq!(cases[0].held[0].1.team, Some(TEAM));
    assert!(
        cases[1].released && cases[2].released,
        "contract: with what its own author built on it"
    );
    let done = mail(&*store, SERGEANTS_LOG);
    assert!(done.contains(&Mail::TaskDone(id(0))));
    assert_eq!(store.known(id(1)).unwrap(), Known::Accepted);
    // A vault that came to have nothing to do with it is not told; one that comes now has none.
    assert_eq!(tasks(SERGEANTS_LOG).len(), 1);
}

pub(super) fn what_is_held_until_a_statement_comes_needs_a_person_of_its_own(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    store.receive(&changes(0..2), NOW).unwrap();
    let hold = |until| Outcome::Quarantine(VerdictCode::NotAuthor, None, until);
    let until = hold(WaitsOn::Entry(id(0)));
    let mut script = Script::of(vec![(id(0), hold(WaitsOn::Nothing)), (id(1), until)]);
    judge(&*store, &mut script);
    ruling(&*store, EntryKind::Release);
    let again = hold(WaitsOn::Nothing);
    let release = said(NewStatement::Release);
    let mut script = Script::of(vec![
        (theirs(0), release),
        (id(0), state(&[])),
        (id(1), again),
    ]);
    judge(&*store, &mut script);
    assert_eq!(script.order(), [theirs(0), id(0), id(1)]);
    assert!(
        !script.cases[2].released,
        "contract: judged again, by the policy"
    );
    assert_eq!(store.known(id(1)).unwrap(), Known::Quarantined);
    let done = mail(&*store, SERGEANTS_LOG);
    assert!(!done.contains(&Mail::TaskDone(id(1))));
}

pub(super) fn an_upheld_entry_keeps_out_what_builds_on_it(make: Make<'_>) {
    let store = make();
    held(&*store);
    ruling(&*store, EntryKind::Uphold);
    rule_entry(&*store, theirs(0), said(NewStatement::Uphold));
    let last = &verdicts(&*store)[2..];
    let expected = [
        (1, Verdict::Upheld(VerdictCode::BuildsOnQuarantined)),
        (0, Verdict::Upheld(VerdictCode::NotActive)),
    ];
    assert_eq!(last, expected, "contract: final, for all of it");
    assert!(mail(&*store, SERGEANTS_LOG).contains(&Mail::TaskDone(id(0))));
    for seq in 0..2 {
        assert_eq!(store.known(id(seq)).unwrap(), Known::Refused);
    }
    assert!(next(&*store).is_none(), "contract: none is judged again");
    // A second ruling finds nothing held.
    let ruling = Ruling {
        entries: vec![id(0)],
        reason: "again".to_owned(),
    };
    let header = sergeants_header(1, EntryKind::Release);
    let again = sergeants(vec![entry(header, encode(&ruling))]);
    store.receive(&again, NOW).unwrap();
    assert!(next(&*store).unwrap().held.is_empty());
}

pub(super) fn superseding_is_final(make: Make<'_>) {
    let store = make();
    held(&*store);
    let mut header = header(2, EntryKind::Change, 1);
    header.supersedes = vec![id(0)];
    let push = push(vec![entry(header, vec![0; 40])]);
    store.receive(&push, NOW).unwrap();
    assert_eq!(
        store.known(id(0)).unwrap(),
        Known::Refused,
        "contract: from its receipt on"
    );
    assert!(verdicts(&*store).contains(&(0, Verdict::Superseded)));
    assert!(mail(&*store, SERGEANTS_LOG).contains(&Mail::TaskDone(id(0))));
    let case = next(&*store).unwrap();
    assert_eq!(case.id, id(1), "contract: what was held with it is judged");
    assert!(!case.released);
    rule(
        &*store,
        1,
        Outcome::Reject(VerdictCode::BuildsOnRejected, ""),
    );
    rule(&*store, 2, state(&[]));

    // A third of the same officer names one that is in: the judge is told.
    let mut third = super::kit::header(3, EntryKind::Change, 1);
    third.supersedes = vec![id(2)];
    let third = super::kit::push(vec![entry(third, vec![0; 40])]);
    store.receive(&third, NOW).unwrap();
    assert!(next(&*store).unwrap().replaced);
    rule(&*store, 3, Outcome::Supersede);
    assert_eq!(verdicts(&*store).last(), Some(&(3, Verdict::Superseded)));
    assert_eq!(store.known(id(2)).unwrap(), Known::Accepted);

    // Nobody gives another's place away.
    let mut stranger = sergeants_header(0, EntryKind::Change);
    stranger.supersedes = vec![id(2), id(4)];
    store.receive(&changes_from(4), NOW).unwrap();
    let stranger = sergeants(vec![entry(stranger, vec![0; 40])]);
    store.receive(&stranger, NOW).unwrap();
    assert_eq!(store.known(id(4)).unwrap(), Known::Waiting);
}

fn changes_from(seq: u64) -> Push {
    changes(seq..seq + 1)
}
