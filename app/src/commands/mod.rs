//! The commands of the front-end, one line each: parse, call the core, give the view.

mod capture;
mod device;
mod held;
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
        device::touch,
        device::recover_begin,
        device::recover_check,
        device::recover_finish,
        device::recover_cancel,
        device::export_unsent,
        device::place_here,
        capture::lists,
        capture::map,
        capture::asks,
        capture::draft_new,
        capture::draft,
        capture::draft_set,
        capture::draft_undo,
        capture::draft_place,
        capture::where_is,
        capture::grid_place,
        capture::recent_places,
        capture::authorisations,
        capture::draft_discard,
        capture::draft_restore,
        capture::draft_submit,
        capture::receipt,
        capture::receipt_given,
        capture::photo_add,
        capture::photo_preview,
        records::home,
        records::status,
        records::records,
        records::find,
        records::record,
        records::version,
        records::edit,
        records::begun_set,
        records::add_entry,
        records::withdraw,
        records::resolve,
        records::sending,
        records::removed_seen,
        records::photos_over_wifi,
        records::try_now,
        held::compare,
        held::resubmit,
        held::let_go,
        held::confirmations,
        held::confirm,
        held::confirm_drop,
        held::colleagues,
        held::share,
        held::unshare,
        held::submit_record,
        held::held_tasks,
        held::release,
        held::ruling_set,
        held::uphold,
        review::queue,
        review::review,
        review::patterns,
        review::sample,
    ]
}

/// Runs what the officer asked for on the open vault, away from the threads that serve the
/// window.
pub(crate) async fn with_core<T, F>(device: &Shared<'_>, work: F) -> Answer<T>
where
    T: Send + 'static,
    F: FnOnce(&Core) -> Result<T, app_core::core::CoreError> + Send + 'static,
{
    device.touch();
    by_itself(device, work).await
}

/// The same for what screens ask again by themselves, which nobody's hand stands behind.
pub(crate) async fn by_itself<T, F>(device: &Shared<'_>, work: F) -> Answer<T>
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
