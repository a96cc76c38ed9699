//! Connections on which nothing comes. HTTP/1 and HTTP/2 are told apart by their first bytes,
//! and the timers of either begin only after that.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// What an HTTP/2 connection begins with. A connection that begins otherwise is HTTP/1.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Accepts as another does, and then waits only so long for the first bytes.
#[derive(Debug, Clone)]
pub(super) struct Patience<A> {
    inner: A,
    limit: Duration,
}

impl<A> Patience<A> {
    /// Waits so long for what comes through `inner`.
    pub(super) fn new(inner: A, limit: Duration) -> Self {
        Self { inner, limit }
    }
}

impl<A, I, S> Accept<I, S> for Patience<A>
where
    A: Accept<I, S>,
    A::Future: Send + 'static,
{
    type Stream = Patient<A::Stream>;
    type Service = A::Service;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let (accepting, limit) = (self.inner.accept(stream, service), self.limit);
        Box::pin(async move {
            let (inner, service) = accepting.await?;
            Ok((
                Patient {
                    inner,
                    seen: 0,
                    deadline: Some(Box::pin(sleep(limit))),
                },
                service,
            ))
        })
    }
}

/// A stream that fails to be read if it does not say in time what it is.
pub(super) struct Patient<S> {
    inner: S,
    /// Bytes of the preface that have come.
    seen: usize,
    /// None once it is known what the stream is.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<S> Patient<S> {
    /// Looks at bytes that came.
    fn look(&mut self, bytes: &[u8]) {
        let rest = &PREFACE[self.seen..];
        let count = bytes.len().min(rest.len());
        self.seen += count;
        // At the end of the stream nothing more is waited for either.
        if bytes.is_empty() || bytes[..count] != rest[..count] || self.seen == PREFACE.len() {
            self.deadline = None;
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.inner).poll_read(context, buffer);
        let Some(deadline) = &mut self.deadline else {
            return read;
        };
        match read {
            Poll::Ready(Ok(())) => self.look(&buffer.filled()[before..]),
            Poll::Ready(Err(_)) => self.deadline = None,
            Poll::Pending => {
                return deadline
                    .as_mut()
                    .poll(context)
                    .map(|()| Err(io::ErrorKind::TimedOut.into()));
            }
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(context, slices)
    }
}
