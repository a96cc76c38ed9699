//! The one place where the harness waits: for a condition, never for time to pass.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

/// How long a condition may take on a busy machine before the step fails.
pub const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(40);

/// Asks `probe` until it has an answer. What stood in the way last is in the error.
pub async fn wait_for<T>(
    what: &str,
    limit: Duration,
    mut probe: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let begun = Instant::now();
    loop {
        let last = match probe().await {
            Ok(Some(value)) => return Ok(value),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if begun.elapsed() > limit {
            let said = format!("{what}: not within {} s", limit.as_secs());
            return Err(match last {
                Some(error) => error.context(said),
                None => anyhow!(said),
            });
        }
        tokio::time::sleep(POLL).await;
    }
}
