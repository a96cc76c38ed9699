//! The columns of a change: which there are, and how many rows they have.

use super::reader::Reader;
use super::runs::{Column, Tally, tally, tally_booleans};
use super::{Limits, Refusal};

/// A column of a change. The order is that of the file.
#[derive(Clone, Copy)]
pub(super) enum Field {
    ObjActor,
    ObjCounter,
    KeyActor,
    KeyCounter,
    KeyText,
    Insert,
    Action,
    ValueMeta,
    Value,
    PredCount,
    PredActor,
    PredCounter,
    Expand,
    MarkName,
}

/// Column numbers: id in the upper bits, type in the lower three. Bit 3 says
/// DEFLATE.
const SPECS: [u32; 14] = [
    0x01, 0x02, 0x11, 0x13, 0x15, 0x34, 0x42, 0x56, 0x57, 0x70, 0x71, 0x73, 0x94, 0xa5,
];
const DEFLATE: u64 = 0b1000;

/// The columns of one change; an absent one is empty.
pub(super) struct Columns<'a>([&'a [u8]; SPECS.len()]);

impl<'a> Columns<'a> {
    /// Reads the column list and the column data.
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, Refusal> {
        let count = reader.unsigned()?;
        let mut lengths = [0u64; SPECS.len()];
        let mut next = 0;
        // The numbers rise and are all known, which bounds the loop whatever
        // the count says.
        for _ in 0..count {
            let spec = reader.unsigned()?;
            let index = SPECS.iter().position(|&known| u64::from(known) == spec);
            let index = index.ok_or(if spec & DEFLATE != 0 {
                Refusal::CompressedColumn(spec)
            } else {
                Refusal::UnknownColumn(spec)
            })?;
            if index < next {
                return Err(Refusal::ColumnOrder);
            }
            next = index + 1;
            lengths[index] = reader.unsigned()?;
        }
        let mut data = [&[][..]; SPECS.len()];
        for (column, length) in data.iter_mut().zip(lengths) {
            *column = reader.take(length)?;
        }
        Ok(Self(data))
    }

    pub(super) fn get(&self, field: Field) -> Column<'a> {
        Column {
            spec: SPECS[field as usize],
            bytes: self.0[field as usize],
        }
    }

    /// Counts the operations, and checks that every column has as many rows.
    /// Returns the number of operations.
    pub(super) fn count(&self, limits: &Limits) -> Result<u64, Refusal> {
        let ops = self.actions(limits)?;
        self.values(ops)?;
        self.preds(ops, limits)?;
        let insert = self.get(Field::Insert);
        expect(insert, tally_booleans(insert)?, ops)?;
        let expand = self.get(Field::Expand);
        if !expand.bytes.is_empty() {
            expect(expand, tally_booleans(expand)?, ops)?;
        }
        for field in [Field::ObjActor, Field::ObjCounter, Field::KeyActor] {
            self.optional(field, ops, |_, _: u64| Ok(()))?;
        }
        self.optional(Field::KeyCounter, ops, |_, _: i64| Ok(()))?;
        for field in [Field::KeyText, Field::MarkName] {
            self.optional(field, ops, |_, text: &str| {
                if text.len() > limits.key_bytes {
                    return Err(Refusal::KeyTooLong(text.len()));
                }
                Ok(())
            })?;
        }
        Ok(ops)
    }

    fn actions(&self, limits: &Limits) -> Result<u64, Refusal> {
        let mut containers = 0u64;
        let column = self.get(Field::Action);
        let tally = tally(column, |rows, action: u64| {
            match action {
                // Map, list, text, table.
                0 | 2 | 4 | 6 => containers = containers.saturating_add(rows),
                // Set, delete, increment, mark.
                1 | 3 | 5 | 7 => {}
                _ => return Err(Refusal::UnknownAction(action)),
            }
            Ok(())
        })?;
        if tally.nulls > 0 {
            return Err(Refusal::NullValue(column.spec));
        }
        let limit = limits.ops_per_change;
        if tally.rows > limit {
            return Err(Refusal::TooManyOps { limit });
        }
        let limit = limits.containers_per_change;
        if containers > limit {
            return Err(Refusal::TooManyContainers { limit });
        }
        Ok(tally.rows)
    }

    fn values(&self, ops: u64) -> Result<(), Refusal> {
        let mut raw = Reader::new(self.get(Field::Value).bytes);
        self.required(Field::ValueMeta, ops, |rows, meta: u64| {
            values(rows, meta, &mut raw)
        })?;
        if raw.is_empty() {
            Ok(())
        } else {
            Err(Refusal::BadValue)
        }
    }

    fn preds(&self, ops: u64, limits: &Limits) -> Result<(), Refusal> {
        let mut preds = 0u64;
        self.required(Field::PredCount, ops, |rows, each: u64| {
            preds = preds.saturating_add(rows.saturating_mul(each));
            Ok(())
        })?;
        let limit = limits.preds_per_change;
        if preds > limit {
            return Err(Refusal::TooManyPreds { limit });
        }
        self.required(Field::PredActor, preds, |_, _: u64| Ok(()))?;
        self.required(Field::PredCounter, preds, |_, _: i64| Ok(()))
    }

    /// A column with a value in every row.
    fn required<T: super::runs::Value<'a>>(
        &self,
        field: Field,
        rows: u64,
        check: impl FnMut(u64, T) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let column = self.get(field);
        let Tally { rows: found, nulls } = tally(column, check)?;
        if nulls > 0 {
            return Err(Refusal::NullValue(column.spec));
        }
        expect(column, found, rows)
    }

    /// A column that may have nulls, and is left out if it has nothing else.
    fn optional<T: super::runs::Value<'a>>(
        &self,
        field: Field,
        rows: u64,
        check: impl FnMut(u64, T) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let column = self.get(field);
        if column.bytes.is_empty() {
            return Ok(());
        }
        expect(column, tally(column, check)?.rows, rows)
    }
}

fn expect(column: Column<'_>, found: u64, rows: u64) -> Result<(), Refusal> {
    if found == rows {
        Ok(())
    } else {
        Err(Refusal::RowCount(column.spec))
    }
}

/// Reads `rows` values of one kind and length.
fn values(rows: u64, meta: u64, raw: &mut Reader<'_>) -> Result<(), Refusal> {
    let (kind, len) = (meta & 0xf, meta >> 4);
    match (kind, len) {
        // Null, false, true; the empty text and the empty byte string.
        (0..=2 | 6 | 7, 0) => return Ok(()),
        // Unsigned, signed, counter and timestamp are LEB128.
        (3 | 4 | 8 | 9, 1..=10) | (5, 8) | (6 | 7, _) => {}
        _ => return Err(Refusal::BadValue),
    }
    // Each value takes at least one byte, so the bytes bound the loop.
    for _ in 0..rows {
        let bytes = raw.take(len).map_err(|_| Refusal::BadValue)?;
        let mut reader = Reader::new(bytes);
        match kind {
            3 => _ = reader.unsigned()?,
            4 | 8 | 9 => _ = reader.signed()?,
            6 => {
                std::str::from_utf8(bytes).map_err(|_| Refusal::BadText)?;
                continue;
            }
            _ => continue,
        }
        if !reader.is_empty() {
            return Err(Refusal::BadValue);
        }
    }
    Ok(())
}
