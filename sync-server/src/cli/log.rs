//! The log: events of this server, with the fields that are known to hold nothing personal.

use anyhow::Context as _;
use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::MakeExt as _;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::debug_fn;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Fields that are printed. Whatever else an event carries is left out, so that a careless
/// line, ours or a dependency's, does not put a name or a place into a file.
const ALLOWED: [&str; 9] = [
    "message", "method", "route", "status", "ms", "error", "count", "address", "code",
];

/// Prints events to standard error from here on.
pub(super) fn start(filter: &str) -> anyhow::Result<()> {
    subscriber(filter, std::io::stderr)?
        .try_init()
        .context("the log cannot be started")
}

/// What prints events.
fn subscriber<W>(filter: &str, writer: W) -> anyhow::Result<impl Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder()
        .parse(filter)
        .with_context(|| format!("`{filter}` is not a filter for the log"))?;
    let fields = debug_fn(|writer, field, value| match field.name() {
        "message" => write!(writer, "{value:?}"),
        name if ALLOWED.contains(&name) => write!(writer, "{name}={value:?}"),
        _ => Ok(()),
    });
    Ok(tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_ansi(false)
        .fmt_fields(fields.delimited(" "))
        .finish())
}

/// Makes a panic say where it happened, and no more than words of the source: what is
/// formatted into its message may be of a record.
pub(super) fn quiet_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let words = info.payload().downcast_ref::<&'static str>().unwrap_or(&"");
        tracing::error!("panic at {place}: {words}");
    }));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("a lock").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn fields_that_are_not_known_are_not_printed() {
        let page = Page::default();
        let pen = page.clone();
        let subscriber = subscriber("info", move || pen.clone()).expect("a subscriber");
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(status = 500, name = "Elizabeth Harcourt", "request failed");
            tracing::info!(
                plate = "BD51 SMR",
                uri = "/x?name=Harcourt",
                route = "/x",
                "seen"
            );
        });
        let text = String::from_utf8(page.0.lock().expect("a lock").clone()).expect("text");
        assert!(
            text.contains("request failed") && text.contains("status=500"),
            "{text}"
        );
        assert!(text.contains("route=\"/x\""), "{text}");
        for canary in ["Harcourt", "BD51", "name", "plate"] {
            assert!(!text.contains(canary), "{text}");
        }
    }

    #[test]
    fn a_filter_that_is_not_one_is_said() {
        assert!(subscriber("sync_server=loud", io::sink).is_err());
    }
}
