//! Enrolling, unlocking, signing in.

use std::sync::Arc;

use app_core::view::{
    AppView, EnrolledView, ErrorView, FormFactor, HereView, PersonView, RecoveryView, UnsentView,
};
use tauri::{AppHandle, Manager};

use super::{Answer, Shared, blocking};

#[tauri::command]
pub(crate) async fn app_view(device: Shared<'_>) -> Answer<AppView> {
    let device = Arc::clone(&device);
    blocking(move || device.app_view().map_err(|e| e.view())).await
}

#[tauri::command]
pub(crate) async fn enrol(
    device: Shared<'_>,
    link: String,
    form_factor: FormFactor,
) -> Answer<EnrolledView> {
    device.enrol(&link, form_factor).await.map_err(|e| e.view())
}

#[tauri::command]
pub(crate) async fn create_vault(
    device: Shared<'_>,
    collar: String,
    password: String,
    pin: String,
) -> Answer<PersonView> {
    Arc::clone(&device)
        .create_vault(collar, password, pin)
        .await
        .map_err(|e| e.view())
}

#[tauri::command]
pub(crate) async fn unlock(device: Shared<'_>, vault: String, pin: String) -> Answer<PersonView> {
    let device = Arc::clone(&device);
    blocking(move || device.unlock(&vault, pin).map_err(|e| e.view())).await
}

#[tauri::command]
pub(crate) async fn sign_in(device: Shared<'_>, password: String) -> Answer<PersonView> {
    device.sign_in(password).await.map_err(|e| e.view())
}

#[tauri::command]
pub(crate) async fn lock(device: Shared<'_>) -> Answer<()> {
    device.lock();
    Ok(())
}

#[tauri::command]
pub(crate) async fn touch(device: Shared<'_>) -> Answer<()> {
    device.touch();
    Ok(())
}

#[tauri::command]
pub(crate) async fn recover_begin(
    device: Shared<'_>,
    vault: String,
    collar: String,
    password: String,
) -> Answer<RecoveryView> {
    let begun = device.recover_begin(&vault, collar, password).await;
    begun.map_err(|e| e.view())
}

#[tauri::command]
pub(crate) async fn recover_check(device: Shared<'_>, vault: String) -> Answer<RecoveryView> {
    device.recover_check(&vault).await.map_err(|e| e.view())
}

#[tauri::command]
pub(crate) async fn recover_finish(
    device: Shared<'_>,
    vault: String,
    pin: String,
) -> Answer<PersonView> {
    let device = Arc::clone(&device);
    blocking(move || device.recover_finish(&vault, pin).map_err(|e| e.view())).await
}

#[tauri::command]
pub(crate) async fn recover_cancel(device: Shared<'_>) -> Answer<()> {
    device.recover_cancel();
    Ok(())
}

/// Into the folder of downloads, where people look for files; beside the app's data where the
/// platform has none.
#[tauri::command]
pub(crate) async fn export_unsent(app: AppHandle, device: Shared<'_>) -> Answer<UnsentView> {
    let paths = app.path();
    let folder = paths.download_dir().or_else(|_| paths.app_data_dir());
    let folder = folder.map_err(|_| ErrorView::code("storage"))?;
    let device = Arc::clone(&device);
    blocking(move || device.export_unsent(&folder).map_err(|e| e.view())).await
}

#[tauri::command]
pub(crate) async fn place_here(device: Shared<'_>) -> Answer<HereView> {
    Ok(device.place_here())
}
