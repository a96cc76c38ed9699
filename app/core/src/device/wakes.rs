//! The live channel as a stream of wake-ups. Losing it loses nothing but speed.

use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;
use shared::wire::Credential;
use tokio::sync::mpsc;

use crate::core::Core;
use crate::http::{HttpClient, LiveEvent};
use crate::sync::state_of;

/// How long to wait before the channel is opened again.
const REOPEN: Duration = Duration::from_secs(3);

/// Listens for as long as the stream is kept. Wake-ups that nobody has taken yet are one.
pub fn live(
    core: Arc<Core>,
    client: Arc<HttpClient>,
    device_credential: String,
) -> impl Stream<Item = ()> + Send + 'static {
    let (wake, woken) = mpsc::channel(1);
    let listening = tokio::spawn(async move {
        loop {
            if let Ok(Some(session)) = core.session() {
                let device = device_credential.clone();
                let mut opened = false;
                let credential = Credential {
                    device,
                    session: Some(session),
                };
                let ended = client
                    .live(&credential, |event| {
                        opened = true;
                        if event == LiveEvent::Feed {
                            // Full means that a wake-up is waiting already.
                            let _ = wake.try_send(());
                        }
                    })
                    .await;
                // A refusal shows that the server is back, and means us.
                let answered = !state_of(&ended).is_cut_off() && core.is_cut_off();
                if opened || answered {
                    // An exchange finds out at once whether the server can still be reached;
                    // without it the device would look connected until it next asks.
                    let _ = wake.try_send(());
                }
            }
            tokio::select! {
                () = wake.closed() => return,
                () = tokio::time::sleep(REOPEN) => {}
            }
        }
    });
    let kept = Kept { woken, listening };
    futures_util::stream::unfold(kept, |mut kept| async move {
        kept.woken.recv().await.map(|()| ((), kept))
    })
}

/// Ends the listening with the stream.
struct Kept {
    woken: mpsc::Receiver<()>,
    listening: tokio::task::JoinHandle<()>,
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.listening.abort();
    }
}
