//! What the server keeps out, what has to be signed again, sharing, and versions.

use app_core::view::{ColleagueView, ComparisonView, ConfirmView, HeldTasksView, RecordView};

use super::{Answer, Shared, with_core};

#[tauri::command]
pub(crate) async fn compare(
    device: Shared<'_>,
    id: String,
    before: u32,
    after: u32,
) -> Answer<ComparisonView> {
    with_core(&device, move |core| core.compare(&id, before, after)).await
}

#[tauri::command]
pub(crate) async fn resubmit(device: Shared<'_>, id: String) -> Answer<RecordView> {
    with_core(&device, move |core| core.resubmit(&id)).await
}

#[tauri::command]
pub(crate) async fn let_go(device: Shared<'_>, id: String) -> Answer<RecordView> {
    with_core(&device, move |core| core.let_go(&id)).await
}

#[tauri::command]
pub(crate) async fn confirmations(device: Shared<'_>) -> Answer<Vec<ConfirmView>> {
    with_core(&device, |core| core.confirmations()).await
}

#[tauri::command]
pub(crate) async fn confirm(device: Shared<'_>, entry: String) -> Answer<RecordView> {
    with_core(&device, move |core| core.confirm(&entry)).await
}

#[tauri::command]
pub(crate) async fn confirm_drop(device: Shared<'_>, entry: String) -> Answer<()> {
    with_core(&device, move |core| core.confirm_drop(&entry)).await
}

#[tauri::command]
pub(crate) async fn colleagues(device: Shared<'_>) -> Answer<Vec<ColleagueView>> {
    with_core(&device, |core| core.colleagues()).await
}

#[tauri::command]
pub(crate) async fn share(device: Shared<'_>, id: String, officer: String) -> Answer<RecordView> {
    with_core(&device, move |core| core.share(&id, &officer)).await
}

#[tauri::command]
pub(crate) async fn unshare(device: Shared<'_>, id: String, officer: String) -> Answer<RecordView> {
    with_core(&device, move |core| core.unshare(&id, &officer)).await
}

#[tauri::command]
pub(crate) async fn submit_record(device: Shared<'_>, id: String) -> Answer<RecordView> {
    with_core(&device, move |core| core.submit_record(&id)).await
}

#[tauri::command]
pub(crate) async fn held_tasks(device: Shared<'_>) -> Answer<HeldTasksView> {
    with_core(&device, |core| core.held_tasks()).await
}

#[tauri::command]
pub(crate) async fn ruling_set(
    device: Shared<'_>,
    entry: String,
    act: String,
    words: String,
) -> Answer<()> {
    with_core(&device, move |core| core.ruling_set(&entry, &act, &words)).await
}

#[tauri::command]
pub(crate) async fn release(
    device: Shared<'_>,
    entry: String,
    reason: String,
) -> Answer<HeldTasksView> {
    with_core(&device, move |core| core.release(&entry, &reason)).await
}

#[tauri::command]
pub(crate) async fn uphold(
    device: Shared<'_>,
    entry: String,
    reason: String,
) -> Answer<HeldTasksView> {
    with_core(&device, move |core| core.uphold(&entry, &reason)).await
}
