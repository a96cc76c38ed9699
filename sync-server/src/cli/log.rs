//! The log: events of this server, with the fields that are known to hold nothing personal.

use anyhow::Context as _;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::debug_fn;

/// Fields that are printed. Whatever else an event carries is left out, so that a careless
/// line, ours or a dependency's, does not put a name or a place into a file.
const ALLOWED: [&str; 9] = [
    "message", "method", "route", "status", "ms", "error", "count", "address", "code",
];

/// Prints events to standard error from here on.
pub(super) fn start(filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::builder()
        .parse(filter)
        .with_context(|| format!("`{filter}` is not a filter for the log"))?;
    let fields = debug_fn(|writer, field, value| match field.name() {
        "message" => write!(writer, "{value:?}"),
        name if ALLOWED.contains(&name) => write!(writer, "{name}={value:?}"),
        _ => Ok(()),
    });
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .fmt_fields(tracing_subscriber::field::MakeExt::delimited(fields, " "))
        .try_init()
        .map_err(|_| anyhow::anyhow!("the log was started before"))
}
