//! What the force decides for itself, and the documents that devices are given.

use shared::settings::{ITEM, Settings};

use super::{Moved, Server, ServerError};
use crate::store::AuditEvent;

impl Server {
    /// Replaces the settings of the force; what the file does not say is as shipped.
    pub fn set_settings(&self, json: &[u8]) -> Result<Settings, ServerError> {
        let settings = Settings::from_operator(json)?;
        let body = serde_json::to_vec(&settings)
            .map_err(|_| ServerError::Invalid("settings that cannot be written"))?;
        self.store.set_reference(ITEM, &body)?;
        let event = AuditEvent {
            kind: "settings_changed",
            detail: String::from_utf8_lossy(&body).into_owned(),
            ..Default::default()
        };
        self.store.audit(&event, self.env.now())?;
        self.tell(Moved::Reference);
        Ok(settings)
    }

    /// A document of the reference stream that is text; none if none was set.
    pub fn reference_text(&self, name: &str) -> Result<Option<String>, ServerError> {
        let found = self.store.reference(name)?;
        Ok(found.and_then(|(_, body)| String::from_utf8(body).ok()))
    }
}
