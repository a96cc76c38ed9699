//! What people say in the browser. It stands in a log like everything else: one that the server
//! holds for each of them, and signs.

use shared::hash::PayloadHash;
use shared::ids::{BootId, DeviceId, LogId, OfficerId, RecordId};
use shared::log::{Entry, Header, Purpose, Verified, sign};
use shared::policy::Act;
use shared::statement::{LogNumber, Notice, Statement};
use shared::time::UnixMs;
use shared::wire::{ErrorCode, WireError};

use super::Server;
use super::console::{label, nothing};
use super::gate::refuse;
use crate::store::{Incoming, ListQuery, OwnLog, OwnPlace, Push, Received};
use crate::view::{ConsoleNotice, ConsoleNotices};

/// Longest log number and notice, in characters.
const NUMBER_CHARS: usize = 64;
const NOTICE_CHARS: usize = 1_000;
/// The longest that a notice may stand.
const NOTICE_MS: i64 = 31 * 24 * 3600 * 1000;

impl Server {
    /// Gives a record the control room's log number.
    pub fn console_log_number(
        &self,
        token: &str,
        record: RecordId,
        number: &str,
    ) -> Result<(), WireError> {
        let officer = self.console_may(token, Act::LogNumber)?.person.id;
        let number = words(number, NUMBER_CHARS, false)?;
        let found = self.store.console_list(&ListQuery::One(record));
        if found.map_err(refuse)?.rows.is_empty() {
            return Err(nothing());
        }
        let said = Statement::LogNumber(LogNumber { number });
        self.say(officer, Some(record), &said)
    }

    /// Tells everybody something until a time.
    pub fn console_notice(&self, token: &str, text: &str, until: UnixMs) -> Result<(), WireError> {
        let officer = self.console_may(token, Act::Notice)?.person.id;
        let text = words(text, NOTICE_CHARS, true)?;
        let now = self.env.now();
        if until <= now || until > now.plus(NOTICE_MS) {
            return Err(WireError::refused(ErrorCode::BadBody));
        }
        self.say(officer, None, &Statement::Notice(Notice { text, until }))
    }

    /// The notices that are not over.
    pub fn console_notices(&self, token: &str) -> Result<ConsoleNotices, WireError> {
        self.console_may(token, Act::Notice)?;
        let authority = self.authority().map_err(refuse)?;
        let standing = self.store.notices(self.env.now()).map_err(refuse)?;
        let notices = standing.into_iter().map(|notice| ConsoleNotice {
            id: notice.id,
            by: label(&authority, notice.officer),
            text: notice.text,
            at: notice.at.0,
            until: notice.until.0,
        });
        Ok(ConsoleNotices {
            notices: notices.collect(),
        })
    }

    /// Puts a statement into the log that is held for somebody. It is judged like any other.
    fn say(
        &self,
        officer: OfficerId,
        subject: Option<RecordId>,
        statement: &Statement,
    ) -> Result<(), WireError> {
        let now = self.env.now();
        let policy = self.store.counters().map_err(refuse)?.policy;
        let salt: [u8; 16] = self.env.bytes();
        let payload = statement.to_bytes();
        let own = OwnLog {
            officer,
            key: self.receipt_key(),
            new_log: LogId::from_bytes(self.env.bytes()),
            new_device: DeviceId::from_bytes(self.env.bytes()),
            no_credential: self.env.bytes(),
        };
        let mut signed = |place: &OwnPlace| {
            let header = Header {
                log: place.log,
                seq: place.next,
                subject,
                kind: statement.kind(),
                payload: PayloadHash::of(&salt, &payload),
                officer,
                deps: Vec::new(),
                seen: Vec::new(),
                supersedes: Vec::new(),
                policy,
                schema: self.config.schema.number(),
                wall: now,
                server_time: Some(now),
                elapsed: 0,
                boot: BootId::from_bytes(*self.epoch.as_bytes()),
            };
            self.commit_own(place, header, salt, payload.clone())
        };
        match self
            .store
            .append_own(&own, &mut signed, now)
            .map_err(refuse)?
        {
            Received::Stored { .. } => Ok(()),
            Received::Gap | Received::Fork(_) | Received::UnknownLog => {
                tracing::error!("a log that the server holds is not as it wrote it");
                Err(WireError::refused(ErrorCode::Internal))
            }
        }
    }

    /// One entry, signed with the server's key.
    fn commit_own(
        &self,
        place: &OwnPlace,
        header: Header,
        salt: [u8; 16],
        payload: Vec<u8>,
    ) -> Push {
        let bytes = header.to_bytes();
        let hash = place.previous.next(&bytes);
        let entry = Entry {
            header: bytes,
            salt,
            payload,
        };
        let verified = Verified {
            header,
            hash,
            entry,
        };
        Push {
            device: place.device,
            log: place.log,
            entries: vec![Incoming {
                verified,
                change: None,
                rejected: None,
                sealed: None,
            }],
            signature: sign(&self.receipt_key, Purpose::LogCommit, hash.as_bytes()),
            waiting: None,
        }
    }
}

/// Words as somebody typed them, without what surrounds them: not none, not too many, and
/// nothing that no key types.
fn words(text: &str, most: usize, lines: bool) -> Result<String, WireError> {
    let text = text.trim();
    let odd = |it: char| it.is_control() && !(lines && it == '\n');
    if text.is_empty() || text.chars().count() > most || text.contains(odd) {
        Err(WireError::refused(ErrorCode::BadBody))
    } else {
        Ok(text.to_owned())
    }
}
