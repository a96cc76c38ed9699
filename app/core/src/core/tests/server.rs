//! A server in a few lines: it verifies and receives logs, judges as it is told, and feeds
//! everybody of the author's team.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard};

use ring::signature::{Ed25519KeyPair, KeyPair};
use shared::hash::{BlobHash, ChangeHash, HeaderHash};
use shared::ids::{
    AcceptPos, DeviceId, EntryId, Epoch, LogId, MailSeq, OfficerId, PolicySeq, ReceivePos,
    RecordId, ReferenceSeq, Seq,
};
use shared::log::{Descriptor, EntryKind, Segment, Verified, decode_canonical, encode};
use shared::settings::{self, Settings};
use shared::time::UnixMs;
use shared::wire::{
    Branch, Checkpoint, ErrorCode, ExchangeRequest, ExchangeResponse, FeedEntry, FeedEvent,
    FeedItem, Mail, MailItem, ReferenceItem, Scope, SessionState, Verdict, VerdictCode, WireError,
};

use super::rig::{NOON, authority, officer};

pub(crate) struct Server {
    key: Ed25519KeyPair,
    sealing: age::x25519::Identity,
    state: Mutex<State>,
}

#[derive(Clone, Default)]
pub(super) struct State {
    pub(super) epoch: u8,
    pub(super) now: i64,
    pub(super) logs: HashMap<LogId, Log>,
    pub(super) feed: Vec<(Option<LogId>, FeedItem)>,
    pub(super) reference: Vec<ReferenceItem>,
    /// What the next entries of this kind get instead of acceptance.
    pub(super) verdicts: BTreeMap<EntryKind, Verdict>,
    /// Entries are received and not judged.
    pub(super) slow: bool,
    pub(super) blobs: HashMap<BlobHash, Vec<u8>>,
    pub(super) exchanges: u32,
    pub(super) parcels: u32,
    pub(super) horizon: u64,
    pub(super) session: Option<SessionState>,
    /// Changes that are held.
    pub(super) held: HashSet<ChangeHash>,
    /// Changes that can never be let in.
    pub(super) never: HashSet<ChangeHash>,
    /// Entries that were let in.
    pub(super) accepted: HashSet<EntryId>,
    /// How this lineage descends from older ones.
    pub(super) lineage: Vec<Branch>,
    pub(super) evidence: Vec<Segment>,
}

#[derive(Clone)]
pub(super) struct Log {
    key: Vec<u8>,
    officer: OfficerId,
    device: DeviceId,
    start: HeaderHash,
    head: HeaderHash,
    next: Seq,
    pub(super) mail: Vec<MailItem>,
    pub(super) received: Vec<Verified>,
    unjudged: Vec<Verified>,
}

impl Server {
    pub(crate) fn new() -> Self {
        let key = Ed25519KeyPair::from_seed_unchecked(&[77; 32]).unwrap();
        let reference = vec![ReferenceItem {
            seq: ReferenceSeq(1),
            name: "authority".into(),
            body: encode(&authority()),
        }];
        let state = State {
            epoch: 1,
            now: NOON,
            reference,
            ..State::default()
        };
        Self {
            key,
            sealing: age::x25519::Identity::generate(),
            state: Mutex::new(state),
        }
    }

    /// The force decides something else.
    pub(super) fn settings(&self, settings: &Settings) {
        let mut state = self.state();
        let newest = state.reference.iter().map(|it| it.seq.0).max();
        let item = ReferenceItem {
            seq: ReferenceSeq(newest.unwrap_or(0) + 1),
            name: settings::ITEM.into(),
            body: serde_json::to_vec(settings).unwrap(),
        };
        state.reference.push(item);
    }

    /// The recipient that parcels are sealed to.
    pub(super) fn sealing(&self) -> String {
        self.sealing.to_public().to_string()
    }

    pub(super) fn unseal(&self, sealed: &[u8]) -> Vec<u8> {
        age::decrypt(&self.sealing, sealed).unwrap()
    }

    /// What a locked phone hands over is received like a push.
    pub(super) fn parcel(&self, log: LogId, sealed: &[u8]) -> Result<Vec<u8>, WireError> {
        let segment: Segment = decode_canonical(&self.unseal(sealed)).unwrap();
        let mut state = self.state();
        state.parcels += 1;
        state.receive(log, Some(segment))?;
        let signed = state.checkpoint(log).unwrap().sign(&self.key);
        let slow = state.slow;
        drop(state);
        if !slow {
            self.judge_all();
        }
        Ok(signed)
    }

    pub(super) fn receipt_key(&self) -> Vec<u8> {
        self.key.public_key().as_ref().to_vec()
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// A copy of everything, and going back to it in a new lineage.
    pub(super) fn backup(&self) -> State {
        self.state().clone()
    }

    pub(super) fn restore(&self, mut backup: State) {
        let mut state = self.state();
        backup.epoch = state.epoch + 1;
        *state = backup;
    }

    pub(super) fn open_log(&self, descriptor: &Descriptor, who: u8) {
        let log = Log {
            key: descriptor.key.clone(),
            officer: officer(who),
            device: descriptor.device,
            start: descriptor.hash(),
            head: descriptor.hash(),
            next: Seq(0),
            mail: Vec::new(),
            received: Vec::new(),
            unjudged: Vec::new(),
        };
        self.state().logs.insert(descriptor.log, log);
    }

    pub(super) fn post(&self, log: u8, mail: Mail) {
        let mut state = self.state();
        let log = state.logs.get_mut(&LogId::from_bytes([log; 16])).unwrap();
        log.mail.push(MailItem {
            seq: MailSeq(log.mail.len() as u64 + 1),
            mail,
        });
    }

    /// Puts an event before everybody who is fed.
    pub(super) fn feed(&self, record: RecordId, event: FeedEvent) {
        self.state().feed_item(None, team_scope(), record, event);
    }

    /// Everything that was accepted of a record.
    pub(super) fn history(&self, record: RecordId) -> Vec<FeedEntry> {
        let state = self.state();
        let of = state.feed.iter().filter(|(_, item)| item.record == record);
        let entries = of.filter_map(|(_, item)| match &item.event {
            FeedEvent::Accepted(entry) => Some(entry.clone()),
            _ => None,
        });
        entries.collect()
    }

    pub(super) fn judge_all(&self) {
        let mut state = self.state();
        let logs: Vec<_> = state.logs.keys().copied().collect();
        for log in logs {
            let waiting = std::mem::take(&mut state.logs.get_mut(&log).unwrap().unjudged);
            for entry in waiting {
                state.judge(log, &entry);
            }
        }
    }

    pub(super) fn exchange(&self, request: ExchangeRequest) -> Result<ExchangeResponse, WireError> {
        let mut state = self.state();
        state.exchanges += 1;
        state.receive(request.log, request.push.clone())?;
        if !state.slow {
            drop(state);
            self.judge_all();
            state = self.state();
        }
        Ok(state.answer(&request, &self.key))
    }
}

pub(super) fn team_scope() -> Scope {
    Scope::Team(super::rig::team(1))
}

impl State {
    fn receive(&mut self, log: LogId, push: Option<Segment>) -> Result<(), WireError> {
        let refuse = |code| Err(WireError::refused(code));
        let Some(log) = self.logs.get_mut(&log) else {
            return refuse(ErrorCode::UnknownLog);
        };
        let Some(push) = push else {
            return Ok(());
        };
        if push.first > log.next {
            return refuse(ErrorCode::Gap);
        }
        let known = usize::try_from(log.next.0 - push.first.0).unwrap();
        let first = usize::try_from(push.first.0).unwrap();
        let mut hash = match first.checked_sub(1) {
            Some(before) => log.received[before].hash,
            None => log.start,
        };
        for (entry, here) in push.entries.iter().zip(&log.received[first..]) {
            hash = hash.next(&entry.header);
            if hash != here.hash {
                return refuse(ErrorCode::Fork);
            }
        }
        if known >= push.entries.len() {
            return Ok(());
        }
        let mut rest = push;
        rest.entries.drain(..known);
        rest.first = log.next;
        let verified = rest.verify(log.head, &log.key).expect("a sound chain");
        log.head = verified.last().unwrap().hash;
        log.next = Seq(log.next.0 + verified.len() as u64);
        log.received.extend(verified.iter().cloned());
        log.unjudged.extend(verified);
        Ok(())
    }

    fn judge(&mut self, id: LogId, entry: &Verified) {
        let header = &entry.header;
        assert!(entry.entry.payload_matches(header));
        let verdict = self.decide(id, entry);
        self.rule(id, entry, verdict);
    }

    /// Tells the log, and everybody else if it was let in.
    pub(super) fn rule(&mut self, id: LogId, entry: &Verified, verdict: Verdict) {
        let log = &self.logs[&id];
        let (officer, device) = (log.officer, log.device);
        let header = &entry.header;
        let now = UnixMs(self.now);
        let log = self.logs.get_mut(&id).unwrap();
        let mail = Mail::Verdict(header.seq, verdict, now);
        log.mail.push(MailItem {
            seq: MailSeq(log.mail.len() as u64 + 1),
            mail,
        });
        let (Verdict::Accepted(_), Some(record)) = (verdict, header.subject) else {
            return;
        };
        self.accepted.insert(header.id());
        if header.kind.is_audit_only() {
            return;
        }
        let entry = FeedEntry {
            id: EntryId {
                log: id,
                seq: header.seq,
            },
            kind: header.kind,
            officer,
            device,
            seen: header.seen.clone(),
            at: header.estimated_time(),
            received: now,
            payload: entry.entry.payload.clone(),
            schema: None,
            projection: None,
        };
        self.feed_item(Some(id), team_scope(), record, FeedEvent::Accepted(entry));
    }

    fn feed_item(&mut self, by: Option<LogId>, scope: Scope, record: RecordId, event: FeedEvent) {
        let position = AcceptPos(self.feed.len() as u64 + 1);
        self.feed.push((
            by,
            FeedItem {
                position,
                scope,
                record,
                event,
            },
        ));
    }

    /// The receipt of a log: its positions are its places.
    fn checkpoint(&self, id: LogId) -> Option<Checkpoint> {
        let log = &self.logs[&id];
        let seq = log.next.0.checked_sub(1).map(Seq)?;
        Some(Checkpoint {
            epoch: Epoch::from_bytes([self.epoch; 16]),
            log: id,
            seq,
            header: log.head,
            position: ReceivePos(seq.0),
            at: UnixMs(self.now),
        })
    }

    fn answer(&self, request: &ExchangeRequest, key: &Ed25519KeyPair) -> ExchangeResponse {
        let epoch = Epoch::from_bytes([self.epoch; 16]);
        let log = &self.logs[&request.log];
        let last = log.next.0.checked_sub(1).map(Seq);
        let further = request.received < last || request.epoch != Some(epoch);
        let checkpoint = self.checkpoint(request.log).filter(|_| further);
        let cursors = &request.cursors;
        let due = self
            .feed
            .iter()
            .filter(|(by, item)| item.position > cursors.records && *by != Some(request.log));
        let reference = self
            .reference
            .iter()
            .filter(|item| item.seq > cursors.reference);
        ExchangeResponse {
            version: request.version,
            epoch,
            server_time: UnixMs(self.now),
            session: self.session.unwrap_or(SessionState::Current),
            checkpoint: checkpoint.map(|it| it.sign(key).into()),
            answers: cursors.clone(),
            feed: due.map(|(_, item)| item.clone()).collect(),
            records: AcceptPos(self.feed.len() as u64).max(cursors.records),
            mail: log
                .mail
                .iter()
                .filter(|it| it.seq > cursors.mailbox)
                .cloned()
                .collect(),
            reference: reference.cloned().collect(),
            backfills: self.pages(request),
            more: false,
            policy: PolicySeq(1),
            horizon: ReceivePos(self.horizon),
            digests: request.digests.and_then(|_| self.digests(request.log)),
            lineage: (request.epoch != Some(epoch)).then(|| self.lineage.clone()),
        }
    }
}

pub(super) const fn held(code: VerdictCode) -> Verdict {
    Verdict::Quarantined(code)
}
