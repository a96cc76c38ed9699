//! From a new device to an open one.

use anyhow::Result;

use crate::screen::Window;
use crate::server::Person;
use crate::world::Device;

/// Gives the device a one-time link.
pub async fn enrol(window: &Window, link: &str) -> Result<()> {
    window.fill("enrol-link", link).await?;
    window.click("enrol-submit").await
}

/// Signs in for the first time on this device and chooses a PIN.
pub async fn sign_in(window: &Window, person: &Person) -> Result<()> {
    window.fill("signin-collar", person.collar).await?;
    window.fill("signin-password", person.password).await?;
    window.fill("signin-pin", person.pin).await?;
    window.click("signin-submit").await?;
    window.find("menu").await?;
    Ok(())
}

/// Touches a PIN on the pad and opens.
pub async fn try_pin(window: &Window, pin: &str) -> Result<()> {
    for key in pin.chars() {
        window.click(&format!("unlock-key-{key}")).await?;
    }
    window.click("unlock-submit").await
}

/// Starts the app on a device that has been used before, and unlocks it.
pub async fn open_again(device: &mut Device) -> Result<()> {
    device.start().await?;
    try_pin(device.window()?, device.person.pin).await?;
    device.window()?.find("menu").await?;
    Ok(())
}
