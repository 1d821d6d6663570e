//! Asking a running house, from another process.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::host::config::is_blocked;
use crate::limits::{ADMIN_ANSWER_DEADLINE, ADMIN_LINE_BYTES_MAX, ADMIN_PATIENCE};
use crate::protocol::admin::{self, AdminLine, AdminRefusal, AdminRequest, Done};

#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    #[error(
        "no house answers at {0}. Is it running (systemctl status parlour)? To ask another one: --socket PATH"
    )]
    Closed(PathBuf),
    #[error("{0} is no socket, so no house can be asked there: move it away, then restart the house")]
    Blocked(PathBuf),
    #[error("you may not use {0}: use sudo, or run this as the house's user")]
    NotYours(PathBuf),
    #[error("{}", .0.detail)]
    Refused(AdminRefusal),
    #[error("the house closed the connection: {0}")]
    Broken(#[source] io::Error),
    #[error("{0} cannot be asked: {1}")]
    NoSocket(PathBuf, #[source] io::Error),
    #[error("the house at {0} does not answer. Look at its log, and start it again if nothing else helps")]
    Silent(PathBuf),
    #[error("the house runs another version of parlour: restart it")]
    Foreign,
}

pub fn ask<T: DeserializeOwned>(socket: &Path, ask: &AdminRequest) -> Result<T, AdminError> {
    ask_within(patience(ask), socket, ask)
}

fn ask_within<T: DeserializeOwned>(
    wait: Duration,
    socket: &Path,
    ask: &AdminRequest,
) -> Result<T, AdminError> {
    let mut line = String::new();
    begin(wait, socket, ask)?.read_line(&mut line).map_err(|error| match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => AdminError::Silent(socket.to_owned()),
        _ => AdminError::Broken(error),
    })?;
    match admin::read_answer(&line) {
        _ if line.is_empty() => Err(AdminError::Broken(io::ErrorKind::UnexpectedEof.into())),
        Some(AdminLine::Done(answer)) => Ok(answer),
        Some(AdminLine::Refused(refused)) => Err(AdminError::Refused(refused)),
        _ => Err(AdminError::Foreign),
    }
}

/// Sends the question; the answer can be read.
fn begin(wait: Duration, socket: &Path, ask: &AdminRequest) -> Result<BufReader<UnixStream>, AdminError> {
    let mut stream = UnixStream::connect(socket).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => AdminError::NotYours(socket.to_owned()),
        io::ErrorKind::ConnectionRefused if is_blocked(socket) => AdminError::Blocked(socket.to_owned()),
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => AdminError::Closed(socket.to_owned()),
        _ => AdminError::NoSocket(socket.to_owned(), error),
    })?;
    stream.set_read_timeout(Some(wait)).map_err(AdminError::Broken)?;
    stream.write_all(admin::write(ask).as_bytes()).map_err(AdminError::Broken)?;
    Ok(BufReader::new(stream))
}

fn patience(ask: &AdminRequest) -> Duration {
    match ask {
        AdminRequest::Backup {} | AdminRequest::Compact {} | AdminRequest::EndNeverEntered { .. } => {
            ADMIN_PATIENCE
        }
        _ => ADMIN_ANSWER_DEADLINE,
    }
}

/// Asks for something large, which is read chunk by chunk. An error of the house is one of reading.
pub fn download(socket: &Path, ask: &AdminRequest) -> Result<impl Read, AdminError> {
    Ok(ChunkReader { stream: begin(patience(ask), socket, ask)?, left: 0, is_done: false })
}

/// Chunks behind lines that say how long each is, as one stream.
struct ChunkReader {
    stream: BufReader<UnixStream>,
    /// Bytes of the chunk that is being read.
    left: u64,
    is_done: bool,
}

impl Read for ChunkReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.left == 0 && !self.is_done {
            self.begin_chunk()?;
        }
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(out.len());
        let bytes = self.stream.read(&mut out[..wanted])?;
        if bytes == 0 && wanted > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= bytes as u64;
        Ok(bytes)
    }
}

impl ChunkReader {
    fn begin_chunk(&mut self) -> io::Result<()> {
        let mut line = String::new();
        (&mut self.stream).take(ADMIN_LINE_BYTES_MAX as u64).read_line(&mut line)?;
        match admin::read_answer::<Done>(&line) {
            Some(AdminLine::Bytes(bytes)) => self.left = bytes,
            Some(AdminLine::Done(_)) => self.is_done = true,
            Some(AdminLine::Refused(refused)) => return Err(io::Error::other(refused.detail)),
            None => return Err(io::ErrorKind::UnexpectedEof.into()),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn a_house_that_does_not_answer_is_waited_for_until_the_deadline_and_no_longer() {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("admin.sock");
        let _silent = UnixListener::bind(&socket).unwrap();
        let answer = ask_within::<Done>(Duration::from_millis(50), &socket, &AdminRequest::Status {});
        let error = answer.unwrap_err();
        assert!(matches!(&error, AdminError::Silent(silent) if *silent == socket), "{error}");
    }

    #[test]
    fn only_what_copies_or_rewrites_the_store_is_waited_for_longer() {
        let end = AdminRequest::EndNeverEntered { since_seconds: 0 };
        for (ask, expected) in [
            (AdminRequest::Status {}, ADMIN_ANSWER_DEADLINE),
            (AdminRequest::Doctor {}, ADMIN_ANSWER_DEADLINE),
            (AdminRequest::Backup {}, ADMIN_PATIENCE),
            (AdminRequest::Compact {}, ADMIN_PATIENCE),
            (end, ADMIN_PATIENCE),
        ] {
            assert_eq!(patience(&ask), expected, "{ask:?}");
        }
    }
}
