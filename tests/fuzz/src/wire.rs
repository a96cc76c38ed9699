//! The messages of the protocol, and each part of them by itself.

use shared::log::{decode_canonical, encode};
use shared::policy::Authority;
use shared::wire::{
    BackfillPage, Branch, Checkpoint, Cursors, EnrolRequest, EnrolResponse, ExchangeRequest,
    ExchangeResponse, FeedItem, Limits, MailItem, RecoveryRequest, RecoveryTicket, ReferenceItem,
    ScopeDigest, SignInRequest, SignInResponse, UnsentItem, Waiting, decode_body, encode_body,
};

use crate::{Form, Room, Target, golden, log};

/// For CBOR: what is read, what is written again to compare, and room to grow for both.
pub(crate) const CBOR: Room = Room {
    flat: 16 << 10,
    per_byte: 64,
};
/// For bodies: the greatest of them, which is read into room that doubles until it is enough.
const REQUEST: Room = Room {
    flat: 4 * Limits::REQUEST.plain + CBOR.flat,
    per_byte: 64,
};
const ANSWER: Room = Room {
    flat: 4 * Limits::RESPONSE.plain + CBOR.flat,
    per_byte: 64,
};
const JSON: Room = Room {
    flat: 16 << 10,
    per_byte: 64,
};

pub(crate) fn targets() -> Vec<Target> {
    let target = |name, run, honest, form, room| Target {
        name,
        run,
        honest,
        form,
        room,
    };
    vec![
        target(
            "request_body",
            request_body,
            request_bodies,
            Form::Body,
            REQUEST,
        ),
        target(
            "answer_body",
            answer_body,
            answer_bodies,
            Form::Body,
            ANSWER,
        ),
        target("request", request, requests, Form::Cbor, CBOR),
        target("answer", answer, answers, Form::Cbor, CBOR),
        target("part", part, parts, Form::ChosenCbor, CBOR),
        target("session", session, sessions, Form::ChosenJson, JSON),
        target("unsent", unsent, golden::unsent, Form::Frames, CBOR),
    ]
}

fn request_body(data: &[u8]) {
    if let Ok(request) = decode_body::<ExchangeRequest>(data, Limits::REQUEST) {
        let again = decode_body(&encode_body(&request), Limits::REQUEST);
        assert!(
            again == Ok(request),
            "a request that reads back differently"
        );
    }
}

fn answer_body(data: &[u8]) {
    if let Ok(answer) = decode_body::<ExchangeResponse>(data, Limits::RESPONSE) {
        let again = decode_body(&encode_body(&answer), Limits::RESPONSE);
        assert!(again == Ok(answer), "an answer that reads back differently");
    }
}

/// A request, and all that the server reads of it before it judges.
fn request(data: &[u8]) {
    let Ok(request) = decode_canonical::<ExchangeRequest>(data) else {
        return;
    };
    if let Some(segment) = request.push {
        log::read(segment);
    }
}

/// An answer, and all that a device reads of it before the guard.
fn answer(data: &[u8]) {
    let Ok(answer) = decode_canonical::<ExchangeResponse>(data) else {
        return;
    };
    if let Some(checkpoint) = &answer.checkpoint {
        log::signed(checkpoint);
    }
    // What is logged of it.
    assert!(format!("{:?}", answer.mail).len() < 1 << 24);
}

/// Every type that stands in messages or is handed on by itself.
fn part(data: &[u8]) {
    let Some((chosen, data)) = data.split_first() else {
        return;
    };
    match chosen % 12 {
        0 => drop(decode_canonical::<MailItem>(data)),
        1 => drop(decode_canonical::<FeedItem>(data)),
        2 => drop(decode_canonical::<ReferenceItem>(data)),
        3 => drop(decode_canonical::<BackfillPage>(data)),
        4 => drop(decode_canonical::<ScopeDigest>(data)),
        5 => drop(decode_canonical::<Branch>(data)),
        6 => drop(decode_canonical::<Cursors>(data)),
        7 => drop(decode_canonical::<Waiting>(data)),
        8 => drop(decode_canonical::<Checkpoint>(data)),
        9 => drop(decode_canonical::<Authority>(data)),
        10 => drop(decode_canonical::<shared::wire::Mail>(data)),
        _ => drop(decode_canonical::<shared::wire::Verdict>(data)),
    }
}

/// What enrolling, signing in and recovering say.
fn session(data: &[u8]) {
    let Some((chosen, data)) = data.split_first() else {
        return;
    };
    match chosen % 6 {
        0 => drop(serde_json::from_slice::<EnrolRequest>(data)),
        1 => drop(serde_json::from_slice::<EnrolResponse>(data)),
        2 => drop(serde_json::from_slice::<SignInRequest>(data)),
        3 => drop(serde_json::from_slice::<SignInResponse>(data)),
        4 => drop(serde_json::from_slice::<RecoveryRequest>(data)),
        _ => drop(serde_json::from_slice::<RecoveryTicket>(data)),
    }
}

/// A file of unsent work, opened; its logs' segments are read as those of an exchange.
fn unsent(data: &[u8]) {
    for item in UnsentItem::all(data) {
        let Ok(item) = item else { return };
        assert!(UnsentItem::from_bytes(&encode(&item)).as_ref() == Ok(&item));
        if let UnsentItem::Segment(segment) = item {
            log::read(segment);
        }
    }
}

fn requests() -> Vec<Vec<u8>> {
    let mut all = golden::named("request ");
    // One with a push that reads further down.
    let first = all.first().and_then(|it| decode_canonical(it).ok());
    if let Some(honest) = first {
        let request = ExchangeRequest {
            push: Some(log::segment()),
            ..honest
        };
        all.push(encode(&request));
    }
    all
}

fn answers() -> Vec<Vec<u8>> {
    golden::named("response ")
}

fn request_bodies() -> Vec<Vec<u8>> {
    let read = requests()
        .into_iter()
        .filter_map(|it| decode_canonical::<ExchangeRequest>(&it).ok());
    read.map(|request| encode_body(&request)).collect()
}

fn answer_bodies() -> Vec<Vec<u8>> {
    let read = answers()
        .into_iter()
        .filter_map(|it| decode_canonical::<ExchangeResponse>(&it).ok());
    read.map(|answer| encode_body(&answer)).collect()
}

fn parts() -> Vec<Vec<u8>> {
    let chosen = [
        (1, "feed "),
        (9, "authority"),
        (10, "mail "),
        (11, "verdict "),
    ];
    let all = chosen.into_iter().flat_map(|(n, name)| {
        let named = golden::named(name).into_iter();
        named.map(move |bytes| [&[n][..], &bytes].concat())
    });
    all.collect()
}

fn sessions() -> Vec<Vec<u8>> {
    let chosen = [
        (0, "enrol request"),
        (1, "enrol response"),
        (2, "sign-in request"),
        (3, "sign-in response"),
        (4, "recovery request"),
        (5, "recovery ticket"),
    ];
    let all = chosen.into_iter().flat_map(|(n, name)| {
        let named = golden::json(name).into_iter();
        named.map(move |bytes| [&[n][..], &bytes].concat())
    });
    all.collect()
}
