//! Each part of a message by itself, in every form that it has: a second implementation can be
//! held to one line at a time.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use minicbor::Encode;

use super::{bound, checkpoint, feed_entry, key};
use crate::hash::BlobHash;
use crate::ids::*;
use crate::log::{EntryKind, encode};
use crate::policy::{Acting, Authority, Operation, Person, Role, Team};
use crate::statement::{
    Consultation, DraftDiscarded, LogNumber, Notice, ReceiptGiven, Review, ReviewVerdict, Ruling,
    ScopeChange, Share, Statement, VideoViewed,
};
use crate::time::UnixMs;
use crate::wire::*;

/// The lines of the golden file.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn add<T: Encode<()>>(&mut self, name: &str, value: &T) {
        self.text(name, &hex::encode(encode(value)));
    }

    fn text(&mut self, name: &str, value: &str) {
        writeln!(self.0, "{name} {value}").unwrap();
    }
}

fn verdicts(lines: &mut Lines) {
    lines.add("verdict accepted", &Verdict::Accepted(AcceptPos(300)));
    for &code in VerdictCode::ALL {
        // The outcome that each code belongs to, by its number on the wire.
        let verdict = match encode(&code).last() {
            Some(0..10) => Verdict::Parked(code),
            Some(10..30) => Verdict::Quarantined(code),
            _ => Verdict::Rejected(code),
        };
        lines.add(
            &format!("verdict {} {}", verdict.as_str(), code.as_str()),
            &verdict,
        );
    }
}

fn later_verdicts(lines: &mut Lines) {
    lines.add("verdict upheld", &Verdict::Upheld(VerdictCode::NotAuthor));
    lines.add("verdict superseded", &Verdict::Superseded);
}

fn feed(lines: &mut Lines) {
    let officer = OfficerId::from_bytes([13; 16]);
    let scopes = [
        Scope::Author(officer),
        Scope::Team(TeamId::from_bytes([10; 16])),
        Scope::Shared(officer),
        Scope::Operation(OperationId::from_bytes([11; 16])),
    ];
    for scope in scopes {
        lines.add(&format!("scope {scope}"), &scope);
    }
    let blob = BlobHash::from_bytes([4; 32]);
    let [scope, ..] = scopes;
    let mut item = |name, event| {
        let item = FeedItem {
            position: AcceptPos(20),
            scope,
            record: RecordId::from_bytes([18; 16]),
            event,
        };
        lines.add(name, &item);
    };
    item("feed accepted", FeedEvent::Accepted(feed_entry()));
    item(
        "feed enters",
        FeedEvent::Enters(vec![feed_entry(), feed_entry()], vec![blob]),
    );
    let newer = FeedEntry {
        schema: Some(2),
        projection: Some("{}".to_owned()),
        ..feed_entry()
    };
    item(
        "feed accepted of a newer schema",
        FeedEvent::Accepted(newer),
    );
    item("feed leaves", FeedEvent::Leaves);
    item("feed stored", FeedEvent::Stored(blob));
}

fn mailbox(lines: &mut Lines) {
    let scope = Scope::Team(TeamId::from_bytes([10; 16]));
    let verdict = Verdict::Accepted(AcceptPos(20));
    lines.add("mail verdict", &Mail::Verdict(Seq(3), verdict, UnixMs(25)));
    lines.add("mail granted", &Mail::Granted(scope, AcceptPos(27)));
    lines.add("mail grant-ended", &Mail::GrantEnded(scope));
    lines.add("mail evict", &Mail::Evict(RecordId::from_bytes([18; 16])));
    let entry = feed_entry().id;
    let task = |projection| Task {
        entry,
        record: Some(RecordId::from_bytes([18; 16])),
        officer: OfficerId::from_bytes([13; 16]),
        kind: EntryKind::Change,
        code: VerdictCode::DeviceRevoked,
        received: UnixMs(16),
        projection,
    };
    lines.add("mail task", &Mail::Task(task(None)));
    lines.add(
        "mail task with a projection",
        &Mail::Task(task(Some("{}".to_owned()))),
    );
    lines.add("mail task-done", &Mail::TaskDone(entry));
}

fn statements(lines: &mut Lines) {
    let mut statement = |name: &str, it: Statement| lines.text(name, &hex::encode(it.to_bytes()));
    for (name, verdict, video_viewed) in [
        ("review approve", ReviewVerdict::Approve, VideoViewed::Yes),
        ("review return", ReviewVerdict::Return, VideoViewed::No),
        (
            "review escalate",
            ReviewVerdict::Escalate,
            VideoViewed::DoesNotApply,
        ),
    ] {
        let review = Review {
            bound: bound(),
            verdict,
            reasons: Vec::new(),
            text: None,
            photos_missing: 0,
            video_viewed,
        };
        statement(name, Statement::Review(review));
    }
    let how = "refused".to_owned();
    statement(
        "receipt-given",
        Statement::ReceiptGiven(ReceiptGiven { how }),
    );
    for (name, reason) in [
        ("consultation", None),
        ("consultation with a reason", Some("case 7".to_owned())),
    ] {
        statement(name, Statement::Consultation(Consultation { reason }));
    }
    let discarded = DraftDiscarded {
        reference: "BB20-7K3M-29QX".to_owned(),
        reason: "opened_by_mistake".to_owned(),
    };
    statement("draft-discarded", Statement::DraftDiscarded(discarded));
    acts(&mut statement);
}

fn acts(statement: &mut impl FnMut(&str, Statement)) {
    let with = OfficerId::from_bytes([13; 16]);
    for (name, ended) in [("share", false), ("share ended", true)] {
        statement(name, Statement::Share(Share { with, ended }));
    }
    let change = ScopeChange {
        add: vec![Scope::Operation(OperationId::from_bytes([11; 16]))],
        remove: vec![Scope::Team(TeamId::from_bytes([10; 16]))],
        reason: "moved".to_owned(),
    };
    statement("scope-change", Statement::ScopeChange(change));
    let number = "1234-221126".to_owned();
    statement("log-number", Statement::LogNumber(LogNumber { number }));
    let ruling = Ruling {
        entries: vec![feed_entry().id],
        reason: "seen".to_owned(),
    };
    statement("release", Statement::Release(ruling.clone()));
    statement("uphold", Statement::Uphold(ruling));
    let notice = Notice {
        text: "Radio channel 4 is down.".to_owned(),
        until: UnixMs(40),
    };
    statement("notice", Statement::Notice(notice));
}

fn authority(lines: &mut Lines) {
    let team = TeamId::from_bytes([10; 16]);
    let people = Role::ALL.into_iter().zip(1..).map(|(role, n)| {
        let person = Person {
            id: OfficerId::from_bytes([n; 16]),
            collar: format!("100{n}"),
            title: "PC".to_owned(),
            name: "Patel".to_owned(),
            role,
            team,
            station: "Digbeth".to_owned(),
            active: n != 1,
            acting: Vec::new(),
            operations: Vec::new(),
        };
        (person.id, person)
    });
    let authority = Authority {
        seq: PolicySeq(31),
        people: people.collect(),
        teams: BTreeMap::from([(
            team,
            Team {
                id: team,
                name: "Response A".to_owned(),
            },
        )]),
        operations: BTreeMap::new(),
    };
    lines.add("authority", &authority);
    let operation = Operation {
        id: OperationId::from_bytes([11; 16]),
        name: "Sceptre".to_owned(),
    };
    let mut later = authority;
    later.operations.insert(operation.id, operation.clone());
    for person in later.people.values_mut().take(1) {
        person.operations.push(operation.id);
        person.acting.push(Acting {
            role: Role::Supervisor,
            team,
            from: UnixMs(41),
            until: UnixMs(42),
        });
    }
    lines.add("authority with acting and operations", &later);
}

fn json(lines: &mut Lines) {
    let mut json = |name, text: serde_json::Result<String>| lines.text(name, &text.unwrap());
    let enrol = EnrolRequest {
        code: "ABCD-EFGH-JKLM".to_owned(),
        form_factor: "phone".to_owned(),
    };
    json("enrol request", serde_json::to_string(&enrol));
    let enrolled = EnrolResponse {
        device: DeviceId::from_bytes([14; 16]),
        name: "Phone 12".to_owned(),
        credential: "00".repeat(32),
        force: "Sample Police".to_owned(),
        receipt_key: "01".repeat(32),
        escrow: "age1sample".to_owned(),
        sealing: String::new(),
    };
    json("enrol response", serde_json::to_string(&enrolled));
    let sign_in = SignInRequest {
        collar: "4417".to_owned(),
        password: "a password".to_owned(),
        key: Some("02".repeat(32)),
        log: LogId::from_bytes([2; 16]),
        parent: None,
    };
    json("sign-in request", serde_json::to_string(&sign_in));
    let signed_in = SignInResponse {
        session: "03".repeat(32),
        expires: UnixMs(1_795_000_000_000),
        officer: OfficerId::from_bytes([13; 16]),
        label: "PC 4417 Patel".to_owned(),
        collar: "4417".to_owned(),
        role: Role::Officer,
        team: "Response A".to_owned(),
        station: "Digbeth".to_owned(),
        policy: PolicySeq(31),
        server_time: UnixMs(19),
    };
    json("sign-in response", serde_json::to_string(&signed_in));
    let enrolled = EnrolResponse {
        sealing: "age1sealing".to_owned(),
        ..enrolled
    };
    json(
        "enrol response with sealing",
        serde_json::to_string(&enrolled),
    );
    let sign_in = SignInRequest {
        parent: Some(feed_entry().id),
        ..sign_in
    };
    json(
        "sign-in request of a new lineage",
        serde_json::to_string(&sign_in),
    );
    let recovery = RecoveryRequest {
        log: LogId::from_bytes([2; 16]),
        wrap: vec![1, 2],
        recipient: "age1once".to_owned(),
    };
    json("recovery request", serde_json::to_string(&recovery));
    let ticket = RecoveryTicket {
        code: "ABCD-EFGH".to_owned(),
        expires: UnixMs(43),
    };
    json("recovery ticket", serde_json::to_string(&ticket));
}

/// Spoken by devices in the field, and kept by servers: a change here is a new version.
#[test]
fn golden_bytes_of_every_part_in_every_form() {
    let mut lines = Lines::default();
    for code in 0..13 {
        let kind = EntryKind::from_code(code);
        lines.add(&format!("kind {kind:?}"), &kind);
    }
    for state in [
        SessionState::Current,
        SessionState::SignIn,
        SessionState::Revoked,
        SessionState::Upgrade,
    ] {
        lines.add(&format!("session {state:?}"), &state);
    }
    lines.text("checkpoint", &hex::encode(checkpoint().sign(&key())));
    verdicts(&mut lines);
    later_verdicts(&mut lines);
    feed(&mut lines);
    mailbox(&mut lines);
    statements(&mut lines);
    authority(&mut lines);
    json(&mut lines);
    assert_eq!(lines.0, include_str!("../golden_parts_v1.txt"));
}
