//! The least that a device does: sign in, write a note with a photo, push, upload.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use shared::doc::{Edit, PhotoMeta, RecordDoc, Schema};
use shared::hash::{BlobHash, ChangeHash, HeaderHash, PayloadHash};
use shared::ids::{ActorId, BootId, DeviceId, LogId, OfficerId, PhotoId, PolicySeq, RecordId, Seq};
use shared::log::{Algorithm, Descriptor, Entry, EntryKind, Header, Purpose, Segment, sign};
use shared::record::Kind;
use shared::statement::{Bound, PhotoRef, Statement};
use shared::time::UnixMs;
use shared::wire::{
    Cursors, ExchangeRequest, ExchangeResponse, Limits, MEDIA_TYPE, V1, Waiting, decode_body,
    encode_body,
};

use super::world::{Answer, PASSWORD, World, builder, log_id, random};

/// A vault on an enrolled device.
pub(super) struct Vault {
    pub(super) device: String,
    pub(super) session: String,
    pub(super) log: LogId,
    officer: OfficerId,
    policy: PolicySeq,
    key: Ed25519KeyPair,
    next: Seq,
    previous: HeaderHash,
}

impl Vault {
    pub(super) async fn sign_in(world: &World, collar: &str, enrolled: &Value) -> Self {
        let key = Ed25519KeyPair::from_seed_unchecked(&random::<32>()).expect("a key");
        let public = key.public_key().as_ref().to_vec();
        let device = enrolled["credential"]
            .as_str()
            .expect("a credential")
            .to_owned();
        let log = log_id();
        let body = json!({
            "collar": collar, "password": PASSWORD, "key": hex::encode(&public), "log": log,
        });
        let request = builder(Method::POST, "/api/v1/sign-in")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {device}"))
            .body(Body::from(body.to_string()))
            .expect("a request");
        let answer = world.send(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.json());
        let signed = answer.json();
        let officer: OfficerId =
            serde_json::from_value(signed["officer"].clone()).expect("an officer");
        let descriptor = Descriptor {
            version: Descriptor::VERSION,
            log,
            algorithm: Algorithm::EdDsa,
            key: public,
            officer,
            device: serde_json::from_value::<DeviceId>(enrolled["device"].clone()).expect("an id"),
            parent: None,
        };
        Self {
            device,
            session: signed["session"].as_str().expect("a session").to_owned(),
            log,
            officer,
            policy: PolicySeq(signed["policy"].as_u64().expect("a sequence")),
            key,
            next: Seq(0),
            previous: descriptor.hash(),
        }
    }

    /// A request with what the device shows.
    pub(super) fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        builder(method, path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.device))
            .header("beatbook-session", &self.session)
    }

    pub(super) fn tus(&self, method: Method, path: &str) -> axum::http::request::Builder {
        self.request(method, path).header("tus-resumable", "1.0.0")
    }

    /// An exchange that pushes this.
    pub(super) fn exchange_request(&self, push: Option<Segment>) -> ExchangeRequest {
        ExchangeRequest {
            version: V1,
            oldest: V1,
            log: self.log,
            epoch: None,
            cursors: Cursors::default(),
            received: None,
            push,
            waiting: Waiting::default(),
            budget: 1 << 20,
            digests: None,
        }
    }

    pub(super) fn exchange_bytes(&self, body: impl Into<Body>) -> Request<Body> {
        self.request(Method::POST, "/api/v1/exchange")
            .header(header::CONTENT_TYPE, MEDIA_TYPE)
            .body(body.into())
            .expect("a request")
    }

    /// The body of an exchange with nothing to push.
    pub(super) fn request_body(&self) -> Vec<u8> {
        encode_body(&self.exchange_request(None))
    }

    pub(super) async fn exchange(&self, world: &World, push: Option<Segment>) -> Answer {
        let body = encode_body(&self.exchange_request(push));
        world.send(self.exchange_bytes(body)).await
    }

    /// Writes, pushes and has judged a submitted note that names these photos.
    pub(super) async fn note(&mut self, world: &World, text: &str, photos: &[&[u8]]) -> RecordId {
        let record = RecordId::from_bytes(random());
        let segment = self.write_note(record, text, photos);
        self.push(world, segment).await;
        record
    }

    /// The same with a search of these fields.
    pub(super) async fn search(&mut self, world: &World, edits: &[Edit]) -> RecordId {
        let record = RecordId::from_bytes(random());
        let now = UnixMs(jiff::Timestamp::now().as_millisecond());
        let segment = self.write(record, Kind::StopSearch, edits, Vec::new(), now);
        self.push(world, segment).await;
        record
    }

    /// A submitted note, not sent yet.
    pub(super) fn unsent_note(&mut self, text: &str) -> Segment {
        self.write_note(RecordId::from_bytes(random()), text, &[])
    }

    async fn push(&mut self, world: &World, segment: Segment) {
        let answer = self.exchange(world, Some(segment)).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), MEDIA_TYPE);
        let response: ExchangeResponse =
            decode_body(&answer.body, Limits::RESPONSE).expect("an answer");
        assert!(response.checkpoint.is_some(), "the push was received");
        world.judge();
    }

    fn write_note(&mut self, record: RecordId, text: &str, photos: &[&[u8]]) -> Segment {
        let now = UnixMs(jiff::Timestamp::now().as_millisecond());
        let mut edits = vec![
            Edit::Text {
                value: text.to_owned(),
            },
            Edit::Set {
                key: "recorded_by".to_owned(),
                value: self.officer.into(),
            },
        ];
        let mut manifest = Vec::new();
        for bytes in photos {
            let id = PhotoId::from_bytes(random());
            let photo = PhotoMeta {
                sha256: BlobHash::of(bytes),
                bytes: bytes.len() as u64,
                mime: "image/jpeg".to_owned(),
                caption: None,
                taken_at: now,
                width: 8,
                height: 8,
            };
            manifest.push(PhotoRef {
                id,
                blob: photo.sha256,
            });
            edits.push(Edit::AddPhoto { id, photo });
        }
        manifest.sort();
        self.write(record, Kind::Note, &edits, manifest, now)
    }

    fn write(
        &mut self,
        record: RecordId,
        kind: Kind,
        edits: &[Edit],
        manifest: Vec<PhotoRef>,
        now: UnixMs,
    ) -> Segment {
        let mut doc = RecordDoc::new(kind);
        let change = doc
            .edit(ActorId::from_bytes(random()), now, edits)
            .expect("a change")
            .expect("something changes");
        let first = self.next;
        let mut deps = change.deps.clone();
        deps.sort();
        let bound = Bound {
            heads: doc.heads(),
            photos: manifest,
            schema: Schema::OURS.number(),
        };
        let heads = bound.heads.clone();
        let submission = Statement::Submission(bound).to_bytes();
        let entries = vec![
            self.entry(record, EntryKind::Change, deps, change.bytes, now),
            self.entry(record, EntryKind::Submission, heads, submission, now),
        ];
        let signature = sign(&self.key, Purpose::LogCommit, self.previous.as_bytes());
        Segment {
            log: self.log,
            first,
            entries,
            signature,
        }
    }

    fn entry(
        &mut self,
        record: RecordId,
        kind: EntryKind,
        deps: Vec<ChangeHash>,
        payload: Vec<u8>,
        wall: UnixMs,
    ) -> Entry {
        let salt = random();
        let header = Header {
            log: self.log,
            seq: self.next,
            subject: Some(record),
            kind,
            payload: PayloadHash::of(&salt, &payload),
            officer: self.officer,
            deps,
            seen: Vec::new(),
            supersedes: Vec::new(),
            policy: self.policy,
            schema: Schema::OURS.number(),
            wall,
            server_time: Some(wall),
            elapsed: 0,
            boot: BootId::from_bytes([1; 16]),
        };
        let header = header.to_bytes();
        self.previous = self.previous.next(&header);
        self.next = self.next.next();
        Entry {
            header,
            salt,
            payload,
        }
    }
}
