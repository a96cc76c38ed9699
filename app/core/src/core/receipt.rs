//! The receipt that the person searched is shown.

use qrcode::{Color, EcLevel, QrCode};
use ring::hmac;
use rusqlite::Connection;
use shared::codes::names;
use shared::ids::RecordId;
use shared::record::{Fields, Kind, ReceiptSecret, Reference, copy_until, field};
use shared::statement::{ReceiptGiven, Statement};

use super::context::Context;
use super::submit::statement_entry;
use super::{Core, CoreConfig, CoreError, project, record_id};
use crate::store::{VaultRow, own_log, record_rows};
use crate::view::ReceiptView;

impl Core {
    /// The receipt of a search of one's own.
    pub fn receipt(&self, id: &str) -> Result<ReceiptView, CoreError> {
        let id = record_id(id)?;
        let state = self.lock();
        let context = state.context(&self.config)?;
        view(state.store.read(), &context, &self.config, id)?.ok_or(CoreError::NotFound)
    }

    /// States how the copy was offered.
    pub fn receipt_given(&self, id: &str, how: &str) -> Result<(), CoreError> {
        let id = record_id(id)?;
        self.lock().commit(&self.config, |tx, context| {
            let row = record_rows::known(tx, id)?.filter(|row| row.own);
            row.ok_or(CoreError::NotFound)?;
            if context.lists().get(names::COPY_GIVEN, how).is_none() {
                return Err(CoreError::BadInput(field::COPY.to_owned()));
            }
            let given = Statement::ReceiptGiven(ReceiptGiven {
                how: how.to_owned(),
            });
            let entry = statement_entry(context, id, &given);
            own_log::append(tx, &context.stamp, vec![entry])?;
            project::states(tx, context, id)
        })?;
        self.tell_committed();
        Ok(())
    }
}

/// The receipt; none for what is not a search of the officer's own.
pub(super) fn view(
    conn: &Connection,
    context: &Context,
    config: &CoreConfig,
    id: RecordId,
) -> Result<Option<ReceiptView>, CoreError> {
    let row = record_rows::known(conn, id)?.ok_or(CoreError::NotFound)?;
    if !row.own || row.kind != Kind::StopSearch {
        return Ok(None);
    }
    let fields = project::load(conn, id, row.kind)?.content().fields;
    let text = |key| fields.get_text(key).unwrap_or_default().to_owned();
    let label = |list, key| {
        let code = fields.get_text(key).unwrap_or_default();
        context.lists().label(list, code).to_owned()
    };
    let searched_at = fields.get_time(field::SEARCHED_AT).unwrap_or_default();
    let reference = text(field::REFERENCE);
    let words = format!(
        "Stop and search record {reference}, held at {}",
        config.server
    );
    let url = url(context, config, id, &fields);
    let officer = if fields.get_bool(field::IDENTITY_PROTECTED) == Some(true) {
        number(&text(field::SEARCHED_BY_LABEL))
    } else {
        text(field::SEARCHED_BY_LABEL)
    };
    Ok(Some(ReceiptView {
        record_id: id.to_string(),
        officer,
        station: text(field::STATION),
        power: label(names::POWERS, field::POWER),
        object: label(names::OBJECTS, field::OBJECT),
        searched_at: searched_at.0,
        place: text(field::PLACE_TEXT),
        copy_until: copy_until(searched_at),
        identity_protected: fields.get_bool(field::IDENTITY_PROTECTED) == Some(true),
        copy: fields.get_text(field::COPY).map(str::to_owned),
        qr: qr(url.as_deref().unwrap_or(&words)),
        url,
        reference,
    }))
}

/// The secret of a receipt, from the key that signs this vault's log: the same whenever it is
/// asked for, and nothing that has to be kept beside the record.
pub(super) fn secret(vault: &VaultRow, id: RecordId) -> ReceiptSecret {
    let key = hmac::Key::new(hmac::HMAC_SHA256, vault.seed.as_ref());
    let mut context = hmac::Context::with_key(&key);
    context.update(b"beatbook/receipt/1");
    context.update(id.as_bytes());
    let tag = context.sign();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&tag.as_ref()[..16]);
    ReceiptSecret::from_bytes(bytes)
}

/// The address of the person's page. None for a record whose receipt another log of this officer
/// gave out: its secret is not known here.
fn url(context: &Context, config: &CoreConfig, id: RecordId, fields: &Fields) -> Option<String> {
    let secret = secret(&context.vault, id);
    let reference = Reference::parse(fields.get_text(field::REFERENCE)?).ok()?;
    let known = fields.get_text(field::RECEIPT_HASH) == Some(secret.hash().as_str());
    let server = config.server.trim_end_matches('/');
    known.then(|| format!("{server}{}", secret.path(&reference)))
}

/// The collar number of a label such as "PC 4417 Patel" (Code A 4.4: numbers, no names).
fn number(label: &str) -> String {
    let digits = |word: &&str| word.chars().any(|it| it.is_ascii_digit());
    label.split(' ').find(digits).unwrap_or_default().to_owned()
}

/// Rows of 0 and 1. A text too long for a QR code gives none, and the reference stays readable
/// beside it.
fn qr(text: &str) -> Vec<String> {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
        return Vec::new();
    };
    let colors = code.to_colors();
    let digit = |color: &Color| if *color == Color::Dark { '1' } else { '0' };
    colors
        .chunks(code.width())
        .map(|row| row.iter().map(digit).collect())
        .collect()
}
