//! The supervisor's queue and decisions.

use app_core::view::{PatternsView, QueueView, RecordView, ReviewInput, SampleView};

use super::{Answer, Shared, by_itself, with_core};

#[tauri::command]
pub(crate) async fn queue(device: Shared<'_>) -> Answer<QueueView> {
    by_itself(&device, |core| core.queue()).await
}

#[tauri::command]
pub(crate) async fn review(device: Shared<'_>, input: ReviewInput) -> Answer<RecordView> {
    with_core(&device, move |core| core.review(&input)).await
}

#[tauri::command]
pub(crate) async fn patterns(device: Shared<'_>, days: u32) -> Answer<PatternsView> {
    with_core(&device, move |core| core.patterns(days)).await
}

#[tauri::command]
pub(crate) async fn sample(
    device: Shared<'_>,
    days: u32,
    count: u32,
    seed: String,
) -> Answer<SampleView> {
    with_core(&device, move |core| core.sample(days, count, &seed)).await
}
