//! The shell of the officer's app: a window, and commands that call [`app_core`].
//!
//! No rule of policing lives here, and nothing here touches a database or the network.

mod commands;
mod settings;
mod window;

use std::process::ExitCode;
use std::sync::Arc;

use app_core::device::Device;
use serde::Serialize;
use tauri::{AppHandle, Emitter, Manager};

/// Starts the app and runs it until its window is closed.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() -> ExitCode {
    quiet_panics();
    start_log();
    let built = tauri::Builder::default()
        .invoke_handler(commands::handler())
        .setup(|app| {
            let settings = settings::Settings::read(app.handle())?;
            let device = Arc::new(Device::open(settings.device.clone())?);
            announce(&device, app.handle().clone());
            app.manage(device);
            window::open(app.handle(), &settings)?;
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(|_, _| {});
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("Beatbook cannot start: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The payload of the event `changed`.
#[derive(Clone, Serialize)]
struct Changed {
    what: &'static str,
}

/// Tells the screens that something changed, so that they ask again.
fn announce(device: &Device, app: AppHandle) {
    device.on_change(Box::new(move |change| {
        // A window that is closing no longer listens; there is nobody left to tell.
        let _ = app.emit(
            "changed",
            Changed {
                what: change.as_str(),
            },
        );
    }));
}

/// A panic may quote what it was reading, which is about people: only its place is said, and of
/// one that the guard catches, nothing.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|info| {
        if shared::guard::running() {
            return;
        }
        match info.location() {
            Some(place) => eprintln!("Beatbook: a fault at {}:{}", place.file(), place.line()),
            None => eprintln!("Beatbook: a fault"),
        }
    }));
}

fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("BEATBOOK_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    // A second subscriber is refused; the first one then stays.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
}
