//! The supervisor's queue and decisions.

use app_core::view::{QueueView, RecordView, ReviewInput};

use super::{Answer, Shared, by_itself, with_core};

#[tauri::command]
pub(crate) async fn queue(device: Shared<'_>) -> Answer<QueueView> {
    by_itself(&device, |core| core.queue()).await
}

#[tauri::command]
pub(crate) async fn review(device: Shared<'_>, input: ReviewInput) -> Answer<RecordView> {
    with_core(&device, move |core| core.review(&input)).await
}
