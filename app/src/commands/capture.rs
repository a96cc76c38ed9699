//! Drafts, photos and receipts.

use app_core::core::Fix;
use app_core::device::Position;
use app_core::view::{
    AsksView, AuthorisationView, DraftView, ErrorView, FieldMap, FrameInput, ListsView, MapView,
    PhotoView, PlaceInput, PlaceView, ReceiptView, RecentPlaceView, WhereView,
};
use tauri::ipc::{InvokeBody, Request, Response};

use super::{Answer, Shared, with_core};

#[tauri::command]
pub(crate) async fn lists(device: Shared<'_>) -> Answer<ListsView> {
    with_core(&device, |core| core.lists()).await
}

#[tauri::command]
pub(crate) async fn draft_new(
    device: Shared<'_>,
    kind: String,
    copy_of: Option<String>,
) -> Answer<DraftView> {
    let fix = match device.position() {
        Position::At(fix) => Some(fix),
        Position::Unknown | Position::Refused => None,
    };
    let fix = fix
        .map(|it| (it.view(), it.age_ms()))
        .map(|(place, age_ms)| Fix {
            lat_e7: place.lat_e7,
            lon_e7: place.lon_e7,
            accuracy_m: place.accuracy_m,
            age_ms,
        });
    with_core(&device, move |core| {
        core.draft_new(&kind, copy_of.as_deref(), fix)
    })
    .await
}

#[tauri::command]
pub(crate) async fn draft(device: Shared<'_>, id: String) -> Answer<DraftView> {
    with_core(&device, move |core| core.draft(&id)).await
}

#[tauri::command]
pub(crate) async fn draft_set(
    device: Shared<'_>,
    id: String,
    fields: FieldMap,
    page: Option<String>,
) -> Answer<DraftView> {
    with_core(&device, move |core| {
        core.draft_set(&id, fields, page.as_deref())
    })
    .await
}

#[tauri::command]
pub(crate) async fn draft_undo(device: Shared<'_>, id: String) -> Answer<DraftView> {
    with_core(&device, move |core| core.draft_undo(&id)).await
}

#[tauri::command]
pub(crate) async fn draft_place(
    device: Shared<'_>,
    id: String,
    place: PlaceInput,
) -> Answer<DraftView> {
    with_core(&device, move |core| core.draft_place(&id, &place)).await
}

#[tauri::command]
pub(crate) async fn where_is(device: Shared<'_>, lat_e7: i64, lon_e7: i64) -> Answer<WhereView> {
    with_core(&device, move |core| core.where_is(lat_e7, lon_e7)).await
}

#[tauri::command]
pub(crate) async fn grid_place(device: Shared<'_>, text: String) -> Answer<PlaceView> {
    with_core(&device, move |core| core.grid_place(&text)).await
}

#[tauri::command]
pub(crate) async fn recent_places(device: Shared<'_>) -> Answer<Vec<RecentPlaceView>> {
    with_core(&device, |core| core.recent_places()).await
}

#[tauri::command]
pub(crate) async fn authorisations(
    device: Shared<'_>,
    place: Option<PlaceView>,
) -> Answer<Vec<AuthorisationView>> {
    with_core(&device, move |core| core.authorisations(place)).await
}

#[tauri::command]
pub(crate) async fn draft_discard(device: Shared<'_>, id: String, reason: String) -> Answer<()> {
    with_core(&device, move |core| core.draft_discard(&id, &reason)).await
}

#[tauri::command]
pub(crate) async fn draft_restore(device: Shared<'_>, id: String) -> Answer<DraftView> {
    with_core(&device, move |core| core.draft_restore(&id)).await
}

#[tauri::command]
pub(crate) async fn draft_submit(device: Shared<'_>, id: String) -> Answer<Option<ReceiptView>> {
    with_core(&device, move |core| core.draft_submit(&id)).await
}

#[tauri::command]
pub(crate) async fn receipt(device: Shared<'_>, id: String) -> Answer<ReceiptView> {
    with_core(&device, move |core| core.receipt(&id)).await
}

#[tauri::command]
pub(crate) async fn receipt_given(device: Shared<'_>, id: String, how: String) -> Answer<()> {
    with_core(&device, move |core| core.receipt_given(&id, &how)).await
}

/// The body is the photo's own bytes; what belongs to it comes in headers.
#[tauri::command]
pub(crate) async fn photo_add(device: Shared<'_>, request: Request<'_>) -> Answer<PhotoView> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(ErrorView::code("unexpected"));
    };
    let header = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(percent_decode)
    };
    let record = header("x-record").ok_or_else(|| ErrorView::code("unexpected"))?;
    let caption = header("x-caption").filter(|caption| !caption.is_empty());
    let name = header("x-name").unwrap_or_default();
    let bytes = bytes.clone();
    with_core(&device, move |core| {
        core.photo_add(&record, &name, caption.as_deref(), &bytes)
    })
    .await
}

#[tauri::command]
pub(crate) async fn photo_preview(device: Shared<'_>, id: String) -> Answer<Response> {
    with_core(&device, move |core| core.photo_preview(&id))
        .await
        .map(Response::new)
}

#[tauri::command]
pub(crate) async fn map(device: Shared<'_>, frame: FrameInput) -> Answer<MapView> {
    with_core(&device, move |core| core.map(&frame)).await
}

#[tauri::command]
pub(crate) async fn asks(device: Shared<'_>, kind: String, fields: FieldMap) -> Answer<AsksView> {
    with_core(&device, move |core| core.asks(&kind, fields)).await
}

/// Headers are ASCII, so the front-end percent-encodes what people typed (RFC 3986).
fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::percent_decode;

    #[test]
    fn what_people_typed_survives_the_header() {
        assert_eq!(percent_decode("Caf%C3%A9%20door"), "Café door");
        assert_eq!(percent_decode("100%"), "100%");
        assert_eq!(percent_decode("%zz"), "%zz");
    }
}
