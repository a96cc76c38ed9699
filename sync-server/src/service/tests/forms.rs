//! Each form of entry that no honest device makes: what it comes to, and what the auditor reads
//! of it.

use shared::doc::RecordDoc;
use shared::hash::sha256;
use shared::ids::{ActorId, RecordId};
use shared::log::{EntryKind, Purpose, Segment, sign};
use shared::record::Kind;
use shared::statement::{ReceiptGiven, Statement};
use shared::wire::{ErrorCode, Verdict, VerdictCode, WireError};

use super::kit::{Rec, Vault, World};

/// A vault with one honest entry, and the rows of the audit after it.
fn begun(world: &World) -> (Vault, Rec) {
    let mut vault = world.vault("4417");
    let mut record = Rec::new(1);
    vault.change(&mut record, "grounds");
    vault.push(&world.server).unwrap();
    world.judge();
    (vault, record)
}

/// Kind and detail of every row.
fn audit(world: &World) -> Vec<(String, String)> {
    let rows = world.server.audit_rows(0, 10_000, None).unwrap();
    rows.into_iter().map(|row| (row.kind, row.detail)).collect()
}

/// Pushes the last entry; it must come to this verdict, and the audit must say so of it.
fn comes_to(world: &World, vault: &mut Vault, due: Verdict, detail: &str) {
    let entry = shared::log::Header::from_bytes(&vault.entries.last().unwrap().header)
        .unwrap()
        .id();
    vault.push(&world.server).unwrap();
    world.judge();
    let verdicts = vault.verdicts(&world.server);
    assert_eq!(verdicts.last(), Some(&(entry.seq, due)));
    let named = format!("entry={entry} ");
    let traces = audit(world)
        .into_iter()
        .filter(|(kind, it)| kind == due.as_str() && format!("{it} ").contains(&named));
    let traces: Vec<_> = traces.collect();
    assert_eq!(traces.len(), 1, "{due:?}: {traces:?}");
    assert!(traces[0].1.contains(detail), "{traces:?}");
}

/// Pushes a segment, which must be refused as a whole, with this reason in the audit.
fn is_refused(world: &World, vault: &Vault, segment: Segment, reason: &str) {
    let refused = vault.send(&world.server, segment);
    let code = match refused {
        Err(WireError::Refused { code, .. }) => code,
        other => panic!("{reason}: {other:?}"),
    };
    assert_eq!(code, ErrorCode::BadChain, "{reason}");
    let written = format!("reason={reason} log={}", vault.log);
    let trace = ("push_refused".to_owned(), written);
    assert!(audit(world).contains(&trace), "{reason}");
    assert_eq!(
        world.server.figures().unwrap().received,
        1,
        "nothing is kept"
    );
}

#[test]
fn a_bad_signature_a_wrong_chain_and_a_strange_header_are_told_apart() {
    let world = World::new();
    let (mut vault, mut record) = begun(&world);
    vault.change(&mut record, "more");
    let honest = vault.segment(1, 2);

    let mut forged = honest.clone();
    let last = forged.signature.len() - 1;
    forged.signature[last] ^= 1;
    is_refused(&world, &vault, forged, "chain_signature");

    // A signature that is good, of a chain that is not this one.
    let other = Segment {
        signature: sign(&vault.key, Purpose::LogCommit, &[9; 32]),
        ..honest.clone()
    };
    is_refused(&world, &vault, other, "chain_other");

    // The receipt's purpose does not pass for a commit's.
    let receipt = Segment {
        signature: sign(&vault.key, Purpose::Checkpoint, vault.hashes[2].as_bytes()),
        ..honest.clone()
    };
    let again = vault.send(&world.server, receipt);
    assert_eq!(again.err(), Some(WireError::refused(ErrorCode::BadChain)));

    // A field that nobody knows: a header has one encoding.
    let mut longer = honest.clone();
    let header = &mut longer.entries[0].header;
    header[0] += 1;
    header.push(0);
    is_refused(&world, &vault, longer, "chain_header");

    // An entry of an earlier place.
    let mut replayed = honest;
    replayed.entries[0] = vault.entries[0].clone();
    is_refused(&world, &vault, replayed, "chain_place");
}

#[test]
fn a_parcel_that_does_not_open_is_written_down() {
    let world = World::new();
    let (vault, _) = begun(&world);
    let refused = world
        .server
        .spool(&vault.credential, vault.log, b"no age file");
    assert_eq!(refused, Err(WireError::refused(ErrorCode::BadBody)));
    let trace = ("push_refused".to_owned(), "reason=body_message".to_owned());
    assert!(audit(&world).contains(&trace));
}

#[test]
fn a_device_that_goes_on_and_on_does_not_fill_the_audit() {
    let world = World::new();
    let (mut vault, mut record) = begun(&world);
    vault.change(&mut record, "more");
    let mut forged = vault.segment(1, 2);
    forged.signature[70] ^= 1;
    let refusals = |world: &World| {
        let rows = audit(world).into_iter();
        rows.filter(|(kind, _)| kind == "push_refused").count()
    };
    for _ in 0..50 {
        let again = vault.send(&world.server, forged.clone());
        assert!(again.is_err());
    }
    assert_eq!(refusals(&world), 1);
    world.pass(10 * 60 * 1000);
    let again = vault.send(&world.server, forged);
    assert!(again.is_err());
    assert_eq!(refusals(&world), 2);
}

#[test]
fn a_change_that_is_replayed_or_of_a_foreign_actor() {
    let world = World::new();
    let (mut vault, record) = begun(&world);
    let original = shared::log::Header::from_bytes(&vault.entries[0].header).unwrap();
    let mut header = vault.header(EntryKind::Change, Some(RecordId::from_bytes([7; 16])));
    header.deps = original.deps;
    let payload = vault.entries[0].payload.clone();
    vault.append(header, payload);
    let due = Verdict::Rejected(VerdictCode::ChangeReplayed);
    comes_to(&world, &mut vault, due, "code=change_replayed");

    let mut other = Rec {
        actor: record.actor,
        ..Rec::new(5)
    };
    vault.change(&mut other, "same actor, other record");
    let due = Verdict::Rejected(VerdictCode::ForeignActor);
    comes_to(&world, &mut vault, due, "code=foreign_actor");

    vault.change(&mut Rec::new(6), "another payload than it names");
    vault.entries.last_mut().unwrap().payload.push(0);
    let due = Verdict::Rejected(VerdictCode::PayloadMismatch);
    comes_to(&world, &mut vault, due, "code=payload_mismatch");
}

/// A change chunk of this type, with length and checksum as they must be.
fn chunk(kind: u8, content: &[u8]) -> Vec<u8> {
    let mut hashed = vec![kind];
    hashed.extend(leb(content.len() as u64));
    hashed.extend(content);
    let checksum = sha256(&[&hashed]);
    [&[0x85, 0x6f, 0x4a, 0x83], &checksum[..4], &hashed].concat()
}

fn leb(mut number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
    out
}

/// A list of 2^40 nulls whose columns all agree: about a hundred bytes.
fn giant() -> Vec<u8> {
    // The rows as a signed number, in groups of seven bits.
    let rows = [0x80, 0x80, 0x80, 0x80, 0x80, 0x20];
    let run = |value: &[u8]| [&rows[..], value].concat();
    let columns = [
        (0x15_u8, run(b"\x01k")),
        (0x34, leb(1 << 40)),
        (0x42, run(&[1])),
        (0x56, run(&[0])),
        (0x70, run(&[0])),
    ];
    // No dependencies, an actor of 16 bytes, sequence 1, first operation 1, time 0, no message,
    // no other actors.
    let mut content = vec![0, 16];
    content.extend([3; 16]);
    content.extend([1, 1, 0, 0, 0, columns.len() as u8]);
    for (spec, data) in &columns {
        content.extend(leb(u64::from(*spec)));
        content.extend(leb(data.len() as u64));
    }
    columns.iter().for_each(|(_, data)| content.extend(data));
    chunk(1, &content)
}

#[test]
fn bombs_stop_at_the_guard_each_with_its_own_reason() {
    let world = World::new();
    let (mut vault, _) = begun(&world);
    let document = RecordDoc::new(Kind::Note).save();
    let forms = [
        (chunk(2, &[0; 64]), "compressed_chunk"),
        (giant(), "too_many_ops"),
        (document, "not_a_change"),
        (vec![0; 300 << 10], "change_too_large"),
        (b"not a change".to_vec(), "bad_magic"),
    ];
    for (n, (bytes, detail)) in forms.into_iter().enumerate() {
        let record = RecordId::from_bytes([40 + n as u8; 16]);
        let header = vault.header(EntryKind::Change, Some(record));
        vault.append(header, bytes);
        let due = Verdict::Rejected(VerdictCode::Guard);
        comes_to(&world, &mut vault, due, &format!("code=guard {detail}"));
    }
}

#[test]
fn what_is_unknown_is_refused_or_waits_and_what_is_not_theirs_is_refused() {
    let world = World::new();
    let (mut vault, record) = begun(&world);

    // A statement with a member that nobody knows.
    let given = Statement::ReceiptGiven(ReceiptGiven {
        how: "refused".to_owned(),
    });
    let mut payload = given.to_bytes();
    payload[0] += 1;
    payload.push(0);
    let header = vault.header(EntryKind::ReceiptGiven, Some(record.id));
    vault.append(header, payload);
    let due = Verdict::Rejected(VerdictCode::BadStatement);
    comes_to(&world, &mut vault, due, "code=bad_statement");

    // Somebody else's name.
    let mut header = vault.header(EntryKind::ReceiptGiven, Some(record.id));
    header.officer = shared::ids::OfficerId::from_bytes([9; 16]);
    vault.append(header, given.to_bytes());
    let due = Verdict::Rejected(VerdictCode::HeaderMismatch);
    comes_to(&world, &mut vault, due, "code=header_mismatch");

    // Dependencies in the header that the change does not have.
    let mut doc = RecordDoc::new(Kind::Note);
    let edit = shared::doc::Edit::Text {
        value: "words".to_owned(),
    };
    let actor = ActorId::from_bytes([77; 16]);
    let change = doc.edit(actor, vault.at, &[edit]).unwrap().unwrap();
    let header = vault.header(EntryKind::Change, Some(RecordId::from_bytes([78; 16])));
    vault.append(header, change.bytes);
    comes_to(&world, &mut vault, due, "code=header_mismatch");

    // A schema, and a kind, that are yet to come: neither refused nor lost.
    let mut header = vault.header(EntryKind::ReceiptGiven, Some(record.id));
    header.schema = 1_000;
    vault.append(header, given.to_bytes());
    let due = Verdict::Parked(VerdictCode::NeedsNewerServer);
    comes_to(&world, &mut vault, due, "code=needs_newer_server");
    let header = vault.header(EntryKind::Unknown(999), Some(record.id));
    vault.append(header, vec![1, 2, 3]);
    comes_to(&world, &mut vault, due, "code=needs_newer_server");
}
