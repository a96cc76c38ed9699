//! The page that a receipt opens, over HTTP.

use axum::http::{Method, StatusCode};
use shared::doc::Edit;
use shared::record::{ReceiptSecret, Reference, Scalar, field};

use super::world::{Answer, OFFICER, World, empty};
use crate::http::Options;

const SECRET: ReceiptSecret = ReceiptSecret::from_bytes([7; 16]);

fn path(secret: ReceiptSecret) -> String {
    secret.path(&Reference::mint([1, 2, 3, 4, 5], 20))
}

async fn open(world: &World, path: &str) -> Answer {
    world.send(empty(Method::GET, path)).await
}

fn text(answer: &Answer) -> &str {
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert!(answer.header("x-robots-tag").contains("noindex"));
    let policy = answer.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    std::str::from_utf8(&answer.body).expect("UTF-8")
}

#[tokio::test]
async fn the_page_says_what_was_recorded_as_text_and_needs_no_script() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let now = jiff::Timestamp::now().as_millisecond();
    let fields: [(&str, Scalar); 9] = [
        (
            field::REFERENCE,
            Reference::mint([1, 2, 3, 4, 5], 20).as_str().into(),
        ),
        (field::RECEIPT_HASH, SECRET.hash().into()),
        (field::SEARCHED_AT, now.into()),
        (field::PLACE_TEXT, "<img src=x onerror=alert(1)>".into()),
        (field::SELF_ETHNICITY, "NS".into()),
        (field::POWER, "cjpoa_s60".into()),
        (field::AUTHORISATION, "S60/14".into()),
        (field::SEARCHED_BY_LABEL, "PC 4417 Patel".into()),
        (field::NAME, "Jordan Example".into()),
    ];
    let edits = fields.map(|(key, value)| Edit::Set {
        key: key.to_owned(),
        value,
    });
    let before = open(&world, &path(SECRET)).await;
    assert_eq!(before.status, StatusCode::NOT_FOUND);
    assert!(text(&before).contains("not here yet"));
    vault.search(&world, &edits).await;
    let answer = open(&world, &path(SECRET)).await;
    assert_eq!(answer.status, StatusCode::OK);
    let page = text(&answer);
    assert!(page.contains("<html lang=\"en-GB\">"));
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;"));
    for shown in ["S60/14", "PC 4417 Patel", "Not stated", "full copy"] {
        assert!(page.contains(shown), "{shown}");
    }
    for hidden in ["Jordan", "<script", "<img", &SECRET.hash()] {
        assert!(!page.contains(hidden), "{hidden}");
    }
    // A guess looks the same as a record that has not come.
    let guess = open(&world, &path(ReceiptSecret::from_bytes([8; 16]))).await;
    assert_eq!((guess.status, &guess.body), (before.status, &before.body));
}

#[tokio::test]
async fn looks_at_receipts_are_limited_found_or_not() {
    let world = World::with(Options {
        receipts_per_minute: 3,
        ..Options::default()
    });
    for _ in 0..3 {
        assert_eq!(
            open(&world, &path(SECRET)).await.status,
            StatusCode::NOT_FOUND
        );
    }
    let answer = open(&world, &path(SECRET)).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(text(&answer).contains("wait"));
    assert!(
        answer
            .header("retry-after")
            .parse::<u64>()
            .is_ok_and(|it| it <= 21)
    );
}
