//! Enrolling, unlocking, signing in.

use std::sync::Arc;

use app_core::view::{AppView, EnrolledView, FormFactor, PersonView, PlaceView};

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
pub(crate) async fn place_here(device: Shared<'_>) -> Answer<Option<PlaceView>> {
    Ok(device.place_here())
}
