//! Run-length coded columns, read run by run and never expanded.
//!
//! A run of rows costs the sender a few bytes however long it says it is, so
//! the work here is bounded by the bytes of the column and not by the rows.

use std::marker::PhantomData;

use super::Refusal;
use super::reader::Reader;

/// What a run repeats.
pub(super) trait Value<'a>: Copy {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Refusal>;
}

impl Value<'_> for u64 {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Refusal> {
        reader.unsigned()
    }
}

impl Value<'_> for i64 {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Refusal> {
        reader.signed()
    }
}

impl<'a> Value<'a> for &'a str {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Refusal> {
        let len = reader.unsigned()?;
        std::str::from_utf8(reader.take(len)?).map_err(|_| Refusal::BadText)
    }
}

/// The bytes of one column and the number that names it.
#[derive(Clone, Copy)]
pub(super) struct Column<'a> {
    pub(super) spec: u32,
    pub(super) bytes: &'a [u8],
}

/// Equal rows that follow each other.
pub(super) struct Run<T> {
    pub(super) rows: u64,
    pub(super) value: Option<T>,
}

/// The runs of a column.
pub(super) struct Runs<'a, T> {
    spec: u32,
    reader: Reader<'a>,
    literals: u64,
    value: PhantomData<T>,
}

impl<'a, T: Value<'a>> Runs<'a, T> {
    pub(super) fn new(column: Column<'a>) -> Self {
        Self {
            spec: column.spec,
            reader: Reader::new(column.bytes),
            literals: 0,
            value: PhantomData,
        }
    }

    /// The next run, or nothing at the end of the column.
    pub(super) fn next(&mut self) -> Result<Option<Run<T>>, Refusal> {
        if self.literals == 0 {
            if self.reader.is_empty() {
                return Ok(None);
            }
            let count = self.reader.signed()?;
            if count > 0 {
                let value = Some(T::read(&mut self.reader)?);
                return Ok(Some(Run {
                    rows: count.unsigned_abs(),
                    value,
                }));
            }
            if count == 0 {
                return match self.reader.unsigned()? {
                    0 => Err(Refusal::EmptyRun(self.spec)),
                    rows => Ok(Some(Run { rows, value: None })),
                };
            }
            self.literals = count.unsigned_abs();
        }
        self.literals -= 1;
        let value = Some(T::read(&mut self.reader)?);
        Ok(Some(Run { rows: 1, value }))
    }
}

/// Rows of a column, and how many of them are null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) rows: u64,
    pub(super) nulls: u64,
}

/// Sums the runs of a column and shows each to `check`.
pub(super) fn tally<'a, T: Value<'a>>(
    column: Column<'a>,
    mut check: impl FnMut(u64, T) -> Result<(), Refusal>,
) -> Result<Tally, Refusal> {
    let mut runs = Runs::<T>::new(column);
    let mut tally = Tally { rows: 0, nulls: 0 };
    while let Some(run) = runs.next()? {
        tally.rows = tally.rows.saturating_add(run.rows);
        match run.value {
            Some(value) => check(run.rows, value)?,
            None => tally.nulls = tally.nulls.saturating_add(run.rows),
        }
    }
    Ok(tally)
}

/// Sums the runs of a boolean column, which alternate and begin with `false`.
pub(super) fn tally_booleans(column: Column<'_>) -> Result<u64, Refusal> {
    let mut reader = Reader::new(column.bytes);
    let mut rows = 0u64;
    let mut first = true;
    while !reader.is_empty() {
        let run = reader.unsigned()?;
        // Only the first run may be empty: a column that begins with `true`.
        if run == 0 && !first {
            return Err(Refusal::EmptyRun(column.spec));
        }
        first = false;
        rows = rows.saturating_add(run);
    }
    Ok(rows)
}

/// The rows of a column one by one. Used only once the rows are known to be few.
pub(super) struct Rows<'a, T> {
    runs: Runs<'a, T>,
    column: Column<'a>,
    left: u64,
    value: Option<T>,
}

impl<'a, T: Value<'a>> Rows<'a, T> {
    pub(super) fn new(column: Column<'a>) -> Self {
        Self {
            runs: Runs::new(column),
            column,
            left: 0,
            value: None,
        }
    }

    /// The value of the next row. An empty column is one of nulls.
    pub(super) fn next(&mut self) -> Result<Option<T>, Refusal> {
        if self.column.bytes.is_empty() {
            return Ok(None);
        }
        if self.left == 0 {
            let run = self.runs.next()?;
            let run = run.ok_or(Refusal::RowCount(self.column.spec))?;
            self.left = run.rows;
            self.value = run.value;
        }
        self.left -= 1;
        Ok(self.value)
    }
}

/// The rows of a column that stores differences.
pub(super) struct DeltaRows<'a> {
    rows: Rows<'a, i64>,
    sum: i64,
}

impl<'a> DeltaRows<'a> {
    pub(super) fn new(column: Column<'a>) -> Self {
        Self {
            rows: Rows::new(column),
            sum: 0,
        }
    }

    /// The value of the next row, which counts operations and so is positive.
    pub(super) fn next(&mut self) -> Result<Option<u64>, Refusal> {
        let Some(delta) = self.rows.next()? else {
            return Ok(None);
        };
        self.sum = self.sum.checked_add(delta).ok_or(Refusal::BadReference)?;
        let sum = u64::try_from(self.sum).map_err(|_| Refusal::BadReference)?;
        Ok(Some(sum))
    }
}
