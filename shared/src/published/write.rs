//! Writing published files as data.police.uk does: ASCII, CRLF, no quotes where none are needed.

use std::io::{self, Write};

use super::{Column, Row};

/// Writes the heading and the rows, in the order given.
pub fn write<'a>(rows: impl IntoIterator<Item = &'a Row>, output: impl Write) -> io::Result<()> {
    let mut csv = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(output);
    csv.write_record(Column::ALL.map(Column::heading))?;
    for row in rows {
        csv.write_record(row.texts())?;
    }
    csv.flush()
}

/// The name of a force's file of a month, such as `2016-06-west-midlands-stop-and-search.csv`.
pub fn file_name(month: &str, force: &str) -> String {
    format!("{month}-{force}-stop-and-search.csv")
}
