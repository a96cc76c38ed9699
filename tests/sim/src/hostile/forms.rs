//! The forms of entry that no honest device makes, each with the verdict that it must get.

use shared::doc::{Edit, RecordDoc};
use shared::ids::{ActorId, OfficerId, PolicySeq, RecordId, Seq};
use shared::log::{EntryKind, Purpose, sign};
use shared::record::Kind;
use shared::statement::{
    Bound, ReceiptGiven, Review, ReviewVerdict, Statement, VideoViewed, Withdrawal,
};
use shared::time::UnixMs;
use shared::wire::{ErrorCode, VerdictCode};
use sync_server::service::Server;

use super::{Due, Hostile, Own, seal};
use crate::dice::Dice;

impl Hostile {
    /// Sends one thing; says what.
    pub(crate) fn act(&mut self, server: &Server, dice: &Dice) -> &'static str {
        if self.own.is_none() {
            return self.honest(server);
        }
        match dice.below(13) {
            0 => self.honest(server),
            1 => self.payload_mismatch(server),
            2 => self.garbage(server),
            3 => self.replay(server),
            4 => self.foreign_actor(server),
            5 => self.not_a_statement(server),
            6 => self.other_officer(server),
            7 => self.unknown_kind(server),
            8 => self.own_approval(server),
            9 => self.old_policy(server),
            10 => self.bad_signature(server),
            11 => self.fork(server),
            _ => self.future_schema(server),
        }
    }

    fn honest(&mut self, server: &Server) -> &'static str {
        let (id, actor) = (RecordId::from_bytes(self.random()), self.random());
        let mut doc = RecordDoc::new(Kind::Note);
        let actor = ActorId::from_bytes(actor);
        let Ok(Some(change)) = doc.edit(actor, UnixMs(0), &[words("honest")]) else {
            return "writes nothing";
        };
        let mut deps = change.deps.clone();
        deps.sort();
        let mut header = self.header(EntryKind::Change, Some(id));
        header.deps.clone_from(&deps);
        let bytes = change.bytes;
        if self.send(server, header, bytes.clone(), "honest", Due::Accepted) {
            let own = Own {
                id,
                doc,
                actor,
                change: bytes,
                deps,
            };
            self.own = Some(own);
        }
        "sends an honest record"
    }

    fn payload_mismatch(&mut self, server: &Server) -> &'static str {
        let what = "a payload that its header does not name";
        let header = self.header(EntryKind::Change, Some(self.any()));
        let due = Due::Rejected(VerdictCode::PayloadMismatch);
        let mut entry = seal(header, b"one".to_vec(), self.random());
        entry.payload = b"another".to_vec();
        self.push(server, entry, what, due);
        what
    }

    fn garbage(&mut self, server: &Server) -> &'static str {
        let what = "a change that is none";
        let header = self.header(EntryKind::Change, Some(self.any()));
        let due = Due::Rejected(VerdictCode::Guard);
        self.send(server, header, b"not a change".to_vec(), what, due);
        what
    }

    fn replay(&mut self, server: &Server) -> &'static str {
        let what = "a change a second time, in another record";
        let mut header = self.header(EntryKind::Change, Some(self.any()));
        let Some(own) = &self.own else { return what };
        header.deps.clone_from(&own.deps);
        let (bytes, due) = (own.change.clone(), VerdictCode::ChangeReplayed);
        self.send(server, header, bytes, what, Due::Rejected(due));
        what
    }

    fn foreign_actor(&mut self, server: &Server) -> &'static str {
        let what = "a change of an actor of another record";
        let mut header = self.header(EntryKind::Change, Some(self.any()));
        let Some(own) = &self.own else { return what };
        let mut doc = RecordDoc::new(Kind::Note);
        let text = format!("{}", self.next.0);
        let Ok(Some(change)) = doc.edit(own.actor, UnixMs(1), &[words(&text)]) else {
            return what;
        };
        header.deps = change.deps;
        header.deps.sort();
        let due = Due::Rejected(VerdictCode::ForeignActor);
        self.send(server, header, change.bytes, what, due);
        what
    }

    fn not_a_statement(&mut self, server: &Server) -> &'static str {
        let what = "a statement that does not read";
        let Some(own) = &self.own else { return what };
        let header = self.header(EntryKind::Withdrawal, Some(own.id));
        let due = Due::Rejected(VerdictCode::BadStatement);
        self.send(server, header, vec![0xFF; 9], what, due);
        what
    }

    fn other_officer(&mut self, server: &Server) -> &'static str {
        let what = "an entry in somebody else's name";
        let Some(own) = &self.own else { return what };
        let statement = withdrawal(&own.doc);
        let mut header = self.about(own, &statement);
        header.officer = OfficerId::from_bytes([7; 16]);
        let due = Due::Rejected(VerdictCode::HeaderMismatch);
        self.send(server, header, statement.to_bytes(), what, due);
        what
    }

    fn unknown_kind(&mut self, server: &Server) -> &'static str {
        let what = "an entry of a kind that nobody knows";
        let header = self.header(EntryKind::Unknown(999), Some(self.any()));
        let due = Due::Parked(VerdictCode::NeedsNewerServer);
        self.send(server, header, vec![1, 2, 3], what, due);
        what
    }

    fn future_schema(&mut self, server: &Server) -> &'static str {
        let what = "an entry of a schema to come";
        let Some(own) = &self.own else { return what };
        let statement = withdrawal(&own.doc);
        let mut header = self.about(own, &statement);
        header.schema = 1_000;
        let due = Due::Parked(VerdictCode::NeedsNewerServer);
        self.send(server, header, statement.to_bytes(), what, due);
        what
    }

    fn own_approval(&mut self, server: &Server) -> &'static str {
        let what = "an approval of its own record";
        let Some(own) = &self.own else { return what };
        let statement = Statement::Review(Review {
            bound: bound(&own.doc),
            verdict: ReviewVerdict::Approve,
            reasons: Vec::new(),
            text: None,
            photos_missing: 0,
            video_viewed: VideoViewed::No,
        });
        let header = self.about(own, &statement);
        let due = Due::Quarantined(VerdictCode::OwnRecord);
        self.send(server, header, statement.to_bytes(), what, due);
        what
    }

    fn old_policy(&mut self, server: &Server) -> &'static str {
        let what = "an entry of an older authority than the one before";
        let Some(own) = &self.own else { return what };
        let statement = Statement::ReceiptGiven(ReceiptGiven {
            how: "declined".to_owned(),
        });
        let mut header = self.about(own, &statement);
        header.policy = PolicySeq(0);
        let due = Due::Quarantined(VerdictCode::PolicyWentBack);
        self.send(server, header, statement.to_bytes(), what, due);
        what
    }

    fn bad_signature(&mut self, server: &Server) -> &'static str {
        let what = "a segment with another chain's signature";
        let header = self.header(EntryKind::Change, Some(self.any()));
        let entry = seal(header, b"unsigned".to_vec(), self.random());
        let mut segment = self.segment(entry);
        segment.signature = sign(&self.key, Purpose::LogCommit, &[9; 32]);
        self.refused(server, segment, ErrorCode::BadChain, what);
        what
    }

    /// Another entry at a place that is taken would end this log: the segment names a place
    /// that is not there yet instead.
    fn fork(&mut self, server: &Server) -> &'static str {
        let what = "a segment from further on";
        let mut header = self.header(EntryKind::Change, Some(self.any()));
        header.seq = Seq(header.seq.0 + 3);
        let first = header.seq;
        let mut segment = self.segment(seal(header, b"later".to_vec(), self.random()));
        segment.first = first;
        self.refused(server, segment, ErrorCode::Gap, what);
        what
    }
}

fn words(text: &str) -> Edit {
    Edit::Text {
        value: text.to_owned(),
    }
}

fn bound(doc: &RecordDoc) -> Bound {
    Bound {
        heads: doc.heads(),
        photos: Vec::new(),
        schema: 1,
    }
}

fn withdrawal(doc: &RecordDoc) -> Statement {
    Statement::Withdrawal(Withdrawal {
        bound: bound(doc),
        reason: "Made by mistake.".to_owned(),
    })
}
