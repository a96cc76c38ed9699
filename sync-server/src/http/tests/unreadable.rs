//! Bodies of a known device that do not read: each is refused, and the auditor is told of it.

use shared::log::encode;

use super::world::{OFFICER, World};

fn packed(plain: &[u8]) -> Vec<u8> {
    let mut compressor = zstd::bulk::Compressor::new(3).expect("zstd");
    compressor.include_checksum(true).expect("zstd");
    compressor.compress(plain).expect("zstd")
}

#[tokio::test]
async fn a_bomb_an_unknown_field_and_a_torn_body_are_refused_and_written_down() {
    let world = World::new();
    let vault = world.vault(OFFICER).await;
    let honest = encode(&vault.exchange_request(None));
    // One member more than the message has.
    let mut longer = honest.clone();
    longer[0] += 1;
    longer.push(0);
    let mut torn = packed(&honest);
    torn.truncate(torn.len() / 2);
    let forms = [
        (packed(&vec![0; 32 << 20]), "too_large", "body_too_large"),
        (packed(&longer), "bad_body", "body_message"),
        (torn, "bad_body", "body_compression"),
    ];
    for (body, code, reason) in forms {
        let answer = world.send(vault.exchange_bytes(body)).await;
        assert_eq!(answer.code(), code, "{reason}");
        let rows = world.server.audit_rows(0, 1_000, None).expect("the audit");
        let last = rows.last().expect("a row");
        assert_eq!(last.kind, "push_refused", "{reason}");
        assert_eq!(last.detail, format!("reason={reason}"));
        assert!(last.device.is_some());
    }
    // It is a device like any other, and goes on.
    let answer = vault.exchange(&world, None).await;
    assert_eq!(answer.status, axum::http::StatusCode::OK);
}
