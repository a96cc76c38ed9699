//! The officer's app on the desktop; phones and tablets start in the library.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    beatbook_lib::run()
}
