//! What commands print.

use std::io::{self, Write};

use serde::Serialize;
use shared::time::UnixMs;

use crate::store::StoreError;

/// Where a command prints to.
pub struct Out<'a>(Box<dyn Write + 'a>);

impl Out<'static> {
    /// Standard output.
    pub fn stdout() -> Self {
        Self(Box::new(io::stdout()))
    }
}

impl<'a> Out<'a> {
    /// Anything that can be written to.
    pub fn to(writer: impl Write + 'a) -> Self {
        Self(Box::new(writer))
    }

    /// One line, at once.
    pub fn line(&mut self, text: &str) -> anyhow::Result<()> {
        writeln!(self.0, "{text}")?;
        self.0.flush()?;
        Ok(())
    }

    /// One object on one line.
    pub fn json<T: Serialize>(&mut self, value: &T) -> anyhow::Result<()> {
        self.line(&serde_json::to_string(value)?)
    }

    /// One object for people to read.
    pub fn json_pretty<T: Serialize>(&mut self, value: &T) -> anyhow::Result<()> {
        self.line(&serde_json::to_string_pretty(value)?)
    }

    /// Columns as wide as their widest cell.
    pub fn table(&mut self, head: &[&str], rows: &[Vec<String>]) -> anyhow::Result<()> {
        let mut widths: Vec<usize> = head.iter().map(|cell| cell.chars().count()).collect();
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let print = |cells: &[&str]| {
            let line: Vec<String> = cells
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:<width$}"))
                .collect();
            line.join("  ").trim_end().to_owned()
        };
        self.line(&print(head))?;
        for row in rows {
            let cells: Vec<&str> = row.iter().map(String::as_str).collect();
            self.line(&print(&cells))?;
        }
        Ok(())
    }
}

/// In the zone of whoever reads it.
pub(super) fn time(at: UnixMs) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(
        |_| at.to_string(),
        |at| {
            at.to_zoned(jiff::tz::TimeZone::system())
                .strftime("%F %R %Z")
                .to_string()
        },
    )
}

/// True if an error says that the disk is full.
pub(super) fn is_full(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        matches!(
            io,
            Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
        ) || matches!(cause.downcast_ref::<StoreError>(), Some(StoreError::Full))
    })
}

/// An error and what is behind it, in one line. Many errors repeat their cause: it is said once.
pub(super) fn sentence(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}
