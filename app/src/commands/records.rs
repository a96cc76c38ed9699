//! Own records, others' where allowed, and where everything is.

use app_core::view::{
    EntryInput, FieldMap, FieldValue, FindInput, HomeView, RecordRow, RecordView, SearchView,
    SendingView, StatusView, VersionView,
};

use super::{Answer, Shared, by_itself, with_core};

#[tauri::command]
pub(crate) async fn home(device: Shared<'_>) -> Answer<HomeView> {
    by_itself(&device, |core| core.home()).await
}

#[tauri::command]
pub(crate) async fn status(device: Shared<'_>) -> Answer<StatusView> {
    by_itself(&device, |core| core.status()).await
}

#[tauri::command]
pub(crate) async fn records(
    device: Shared<'_>,
    offset: u32,
    limit: u32,
    filter: String,
) -> Answer<Vec<RecordRow>> {
    by_itself(&device, move |core| core.records(offset, limit, &filter)).await
}

#[tauri::command]
pub(crate) async fn find(device: Shared<'_>, input: FindInput) -> Answer<SearchView> {
    with_core(&device, move |core| core.find(&input)).await
}

#[tauri::command]
pub(crate) async fn record(
    device: Shared<'_>,
    id: String,
    reason: Option<String>,
) -> Answer<RecordView> {
    with_core(&device, move |core| match reason {
        Some(reason) => core.record_because(&id, &reason),
        None => core.record(&id),
    })
    .await
}

#[tauri::command]
pub(crate) async fn version(device: Shared<'_>, id: String, number: u32) -> Answer<VersionView> {
    with_core(&device, move |core| core.version(&id, number)).await
}

#[tauri::command]
pub(crate) async fn edit(device: Shared<'_>, id: String, fields: FieldMap) -> Answer<RecordView> {
    with_core(&device, move |core| core.edit(&id, fields)).await
}

#[tauri::command]
pub(crate) async fn begun_set(
    device: Shared<'_>,
    id: String,
    form: String,
    fields: FieldMap,
) -> Answer<()> {
    with_core(&device, move |core| core.begun_set(&id, &form, fields)).await
}

#[tauri::command]
pub(crate) async fn add_entry(device: Shared<'_>, input: EntryInput) -> Answer<RecordView> {
    with_core(&device, move |core| core.add_entry(&input)).await
}

#[tauri::command]
pub(crate) async fn withdraw(device: Shared<'_>, id: String, reason: String) -> Answer<RecordView> {
    with_core(&device, move |core| core.withdraw(&id, &reason)).await
}

#[tauri::command]
pub(crate) async fn resolve(
    device: Shared<'_>,
    id: String,
    field: String,
    value: Option<FieldValue>,
) -> Answer<RecordView> {
    with_core(&device, move |core| core.resolve(&id, &field, value)).await
}

#[tauri::command]
pub(crate) async fn sending(device: Shared<'_>) -> Answer<SendingView> {
    by_itself(&device, |core| core.sending()).await
}

#[tauri::command]
pub(crate) async fn removed_seen(device: Shared<'_>) -> Answer<()> {
    with_core(&device, |core| core.removed_seen()).await
}

#[tauri::command]
pub(crate) async fn photos_over_wifi(device: Shared<'_>, on: bool) -> Answer<()> {
    with_core(&device, move |core| core.photos_over_wifi(on)).await
}

#[tauri::command]
pub(crate) async fn try_now(device: Shared<'_>) -> Answer<()> {
    device.try_now();
    Ok(())
}
