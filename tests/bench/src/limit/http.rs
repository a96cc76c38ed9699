//! One request and its answer, by hand.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::cpu;

/// A server's thread. It gives its processor time.
pub(super) struct Serving {
    pub(super) address: SocketAddr,
    thread: JoinHandle<Result<Duration>>,
}

impl Serving {
    /// Waits for its end.
    pub(super) fn join(self) -> Result<Duration> {
        let ended = self.thread.join().ok();
        ended.context("the baseline's server panicked")?
    }
}

/// Answers one request on a thread of its own.
pub(super) fn serve(
    work: impl FnOnce(&[u8]) -> Result<Vec<u8>> + Send + 'static,
) -> Result<Serving> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    let thread = std::thread::spawn(move || {
        let mut reader = BufReader::new(listener.accept()?.0);
        let body = read(&mut reader)?.1;
        let answer = work(&body)?;
        let mut stream = reader.into_inner();
        let status = if answer.is_empty() {
            "204 No Content".to_owned()
        } else {
            format!("200 OK\r\nContent-Length: {}", answer.len())
        };
        stream.write_all(format!("HTTP/1.1 {status}\r\n\r\n").as_bytes())?;
        stream.write_all(&answer)?;
        cpu::of_this_thread()
    });
    Ok(Serving { address, thread })
}

/// Sends a request and reads its answer; gives that, and the bytes of both.
pub(super) fn ask(address: SocketAddr, body: &[u8]) -> Result<(Vec<u8>, u64)> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let head = head(body.len());
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    let (length, answer) = read(&mut BufReader::new(stream))?;
    let bytes = head.len() + body.len() + length + answer.len();
    Ok((answer, bytes as u64))
}

/// The head of a request, with a credential as long as a device's.
pub(super) fn head(length: usize) -> String {
    format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
         Content-Length: {length}\r\n\r\n",
        "0".repeat(64)
    )
}

/// Reads a message; gives the length of its head, and its body.
fn read(reader: &mut BufReader<TcpStream>) -> Result<(usize, Vec<u8>)> {
    let (mut head, mut length) = (0, 0);
    let mut line = String::new();
    loop {
        let count = reader.read_line(&mut line)?;
        head += count;
        if count <= 2 {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.trim().parse()?;
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok((head, body))
}
