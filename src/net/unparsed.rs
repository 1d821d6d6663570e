//! What is said to a peer whose words are no request: `hyper` answers it by itself, without a body.
//!
//! [`Answering`] is the stream that `hyper` writes to. While no request is under way and everything earlier
//! is on its way, the only thing that it writes by itself is such an answer; it is replaced by one that the
//! house words. A stream that became a WebSocket is written to as well, but its frames begin otherwise.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::answer::Course;
use super::permits::Permit;

/// The whole answer, head and body, instead of the empty one with this status.
pub type Wording = fn(status: u16) -> Option<Vec<u8>>;

/// A stream whose other end is told what it did wrong, with the permit of its connection.
///
/// `hyper` hands the stream on when a connection becomes a WebSocket, and ends its own task: what must live
/// as long as the connection can be nowhere else.
pub struct Answering<T> {
    stream: T,
    _permit: Permit,
    course: Course,
    wording: Wording,
    /// Whether everything that was written has been flushed.
    is_flushed: bool,
    /// The answer that is being written instead, and how much of it was.
    instead: Option<(Vec<u8>, usize)>,
}

impl<T: AsyncWrite + Unpin> Answering<T> {
    pub fn new(stream: T, permit: Permit, course: Course, wording: Wording) -> Self {
        Self { stream, _permit: permit, course, wording, is_flushed: true, instead: None }
    }

    /// Takes notice of what is about to be written, and finds what is written instead.
    fn look(&mut self, bytes: &[u8]) {
        if self.instead.is_none() && self.is_flushed && self.course.is_at_rest() {
            self.instead = status(bytes).and_then(self.wording).map(|words| (words, 0));
        }
        self.is_flushed = false;
    }

    fn poll_instead(&mut self, context: &mut Context<'_>) -> Poll<io::Result<bool>> {
        let Some((words, written)) = &mut self.instead else { return Poll::Ready(Ok(false)) };
        while *written < words.len() {
            let count = ready!(Pin::new(&mut self.stream).poll_write(context, &words[*written..]))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            *written += count;
        }
        self.instead = None;
        Poll::Ready(Ok(true))
    }
}

/// The status of an answer without a body that is no success: its whole head is there.
fn status(bytes: &[u8]) -> Option<u16> {
    let head = std::str::from_utf8(bytes).ok()?.strip_suffix("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let is_empty = head.lines().any(|line| line.eq_ignore_ascii_case("content-length: 0"));
    (is_empty && (400..500).contains(&status)).then_some(status)
}

impl<T: AsyncRead + Unpin> AsyncRead for Answering<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Answering<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.look(bytes);
        if ready!(self.poll_instead(context))? {
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(context))?;
        self.is_flushed = true;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let only = slices.iter().find(|slice| !slice.is_empty()).map_or(&[][..], |slice| slice);
        self.look(only);
        if ready!(self.poll_instead(context))? {
            return Poll::Ready(Ok(only.len()));
        }
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::net::Limits;
    use crate::net::permits::Permits;
    use std::net::Ipv4Addr;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const EMPTY: &str = "HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

    #[test]
    fn only_an_empty_answer_to_a_fault_of_the_peer_is_replaced() {
        for (written, expected) in [
            (EMPTY, Some(400)),
            ("HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n\r\n", Some(431)),
            ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", None),
            ("HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n{}", None),
            ("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n", None),
            ("\u{1}HTTP/1.1 400", None),
            ("", None),
        ] {
            assert_eq!(status(written.as_bytes()), expected, "{written}");
        }
    }

    #[tokio::test]
    async fn it_is_replaced_only_while_no_request_is_under_way_and_nothing_waits_to_be_sent() {
        let (near, mut far) = tokio::io::duplex(4_096);
        let (course, permits) = (Course::new(), Permits::new(Limits::default().into()));
        let permit = permits.permit(permits.pending().await, Ipv4Addr::LOCALHOST.into()).unwrap();
        let wording = |status| Some(format!("<{status}>").into());
        let mut stream = Answering::new(near, permit, course.clone(), wording);
        let running = course.begin();
        stream.write_all(EMPTY.as_bytes()).await.unwrap();
        drop(running);
        stream.write_all(EMPTY.as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
        stream.write_all(EMPTY.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        drop(stream);
        let mut told = String::new();
        far.read_to_string(&mut told).await.unwrap();
        assert_eq!(told, format!("{EMPTY}{EMPTY}<400>"));
    }
}
