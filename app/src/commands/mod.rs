//! The commands of the front-end, one line each: parse, call the core, give the view.

mod capture;
mod device;
mod records;
mod review;

use std::sync::Arc;

use app_core::core::Core;
use app_core::device::{Device, DeviceError};
use app_core::view::ErrorView;
use tauri::ipc::Invoke;
use tauri::{State, Wry};

/// The device, as Tauri keeps it.
pub(crate) type Shared<'a> = State<'a, Arc<Device>>;

/// What a command answers.
pub(crate) type Answer<T> = Result<T, ErrorView>;

/// Every command there is.
pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        device::app_view,
        device::enrol,
        device::create_vault,
        device::unlock,
        device::sign_in,
        device::lock,
        device::place_here,
        capture::lists,
        capture::draft_new,
        capture::draft,
        capture::draft_set,
        capture::draft_discard,
        capture::draft_restore,
        capture::draft_submit,
        capture::receipt,
        capture::receipt_given,
        capture::photo_add,
        capture::photo_preview,
        capture::ward_at,
        records::home,
        records::status,
        records::records,
        records::search,
        records::record,
        records::version,
        records::edit,
        records::add_to_record,
        records::withdraw,
        records::resolve,
        records::sending,
        records::try_now,
        review::queue,
        review::review,
    ]
}

/// Runs work on the open vault away from the threads that serve the window.
pub(crate) async fn with_core<T, F>(device: &Shared<'_>, work: F) -> Answer<T>
where
    T: Send + 'static,
    F: FnOnce(&Core) -> Result<T, app_core::core::CoreError> + Send + 'static,
{
    let core = device.core().map_err(|e| e.view())?;
    blocking(move || work(&core).map_err(|e| DeviceError::from(e).view())).await
}

/// Runs blocking work away from the threads that serve the window.
pub(crate) async fn blocking<T, F>(work: F) -> Answer<T>
where
    T: Send + 'static,
    F: FnOnce() -> Answer<T> + Send + 'static,
{
    tauri::async_runtime::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(ErrorView::code("unexpected")))
}
