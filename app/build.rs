//! Prepares the Tauri context of the shell.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Tauri looks for capabilities beside tauri.conf.json unless told, and a folder it does not
    // find gives no capability at all, silently.
    println!("cargo:rerun-if-changed=app/capabilities");
    let attributes =
        tauri_build::Attributes::new().capabilities_path_pattern("./app/capabilities/**/*");
    tauri_build::try_build(attributes)?;

    let capabilities = std::fs::read_to_string("gen/schemas/capabilities.json")?;
    if !capabilities.contains("\"main\"") {
        return Err("app/capabilities was not found: the window could call nothing".into());
    }
    Ok(())
}
