//! Which questions answers open, for a submitted record that is being changed on the screen. A
//! draft says so by itself.

use shared::record::{Fields, Kind, asks, basis};

use super::scalars::scalar;
use super::{Core, CoreError};
use crate::view::{AsksView, FieldMap};

impl Core {
    /// The questions that these answers open. Nothing is kept of them.
    pub fn asks(&self, kind: &str, fields: FieldMap) -> Result<AsksView, CoreError> {
        let kind: Kind = kind
            .parse()
            .map_err(|_| CoreError::BadInput("kind".to_owned()))?;
        let mut answers = Fields::new();
        for (key, value) in fields {
            if let Some(value) = scalar(kind, &key, value)? {
                answers.set(key, value);
            }
        }
        let lists = self.lock().reference.lists.clone();
        Ok(AsksView {
            basis: basis(&answers, &lists).as_str().to_owned(),
            asks: asks(kind, &answers, &lists)
                .into_iter()
                .map(str::to_owned)
                .collect(),
        })
    }
}
