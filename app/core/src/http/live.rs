//! The live channel: server-sent events that say no more than "the feed moved".

use std::time::Duration;

use reqwest::header;
use shared::wire::{Credential, WireError};

use super::{HttpClient, classify, with};

/// What the live channel says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveEvent {
    /// There may be news: exchange.
    Feed,
    /// Still there.
    Beat,
}

/// The longest line that is kept while waiting for its end.
const LINE_MAX: usize = 4096;
/// The server beats every five seconds; three missed beats are a dead channel.
const SILENCE: Duration = Duration::from_secs(16);

impl HttpClient {
    /// Listens until the channel ends, which it always does with an error.
    pub async fn live(
        &self,
        credential: &Credential,
        hear: impl FnMut(LiveEvent) + Send,
    ) -> WireError {
        // Silence is noticed here first, since the server beats.
        match self.heard(self.listen(credential, hear).await) {
            Ok(()) => WireError::NoConnection,
            Err(error) => error,
        }
    }

    /// Listens until the server ends the channel, or it fails.
    async fn listen(
        &self,
        credential: &Credential,
        mut hear: impl FnMut(LiveEvent) + Send,
    ) -> Result<(), WireError> {
        let request = self
            .client()
            .get(format!("{}/live", self.base))
            .header(header::ACCEPT, "text/event-stream");
        let mut response = self.send(with(credential, request), 0).await?;
        // Whatever moved while the channel was closed was not announced.
        hear(LiveEvent::Feed);
        let mut line = Vec::new();
        loop {
            let chunk = match tokio::time::timeout(SILENCE, response.chunk()).await {
                Err(_) => return Err(WireError::Silent),
                Ok(Err(error)) => return Err(classify(error)),
                Ok(Ok(None)) => return Ok(()),
                Ok(Ok(Some(chunk))) => chunk,
            };
            for &byte in &chunk {
                if byte != b'\n' {
                    if line.len() < LINE_MAX {
                        line.push(byte);
                    }
                    continue;
                }
                if let Some(event) = read_line(&line) {
                    hear(event);
                }
                line.clear();
            }
        }
    }
}

/// The event a line announces, if it announces one that this version knows.
fn read_line(line: &[u8]) -> Option<LiveEvent> {
    match line.strip_prefix(b"event:")?.trim_ascii() {
        b"feed" => Some(LiveEvent::Feed),
        b"beat" => Some(LiveEvent::Beat),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_events_are_heard() {
        assert_eq!(read_line(b"event: feed"), Some(LiveEvent::Feed));
        assert_eq!(read_line(b"event:beat\r"), Some(LiveEvent::Beat));
        assert_eq!(read_line(b"data: feed"), None);
        assert_eq!(read_line(b"event: other"), None);
    }
}
