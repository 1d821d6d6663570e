//! Asking a running house, from another process.

use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use crate::limits::ADMIN_PATIENCE;
use crate::wire::admin::{self, Ask, Line, Refused};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// No house is there.
    #[error("no house answers at {0}. Is it running (systemctl status parlour)? Another one: --socket PATH")]
    Closed(PathBuf),
    /// It is somebody else's.
    #[error("{0} is not yours: ask as root or as the user of the house, such as by sudo")]
    NotYours(PathBuf),
    /// The house said no.
    #[error("{}", .0.detail)]
    Refused(Refused),
    /// The house broke off.
    #[error("the house broke off: {0}")]
    Broken(#[source] io::Error),
    /// The house is of another version.
    #[error("the house answers in words of another version: restart it after an upgrade")]
    Foreign,
}

/// Asks, and waits for the answer.
pub fn ask<T: serde::de::DeserializeOwned>(socket: &Path, ask: &Ask) -> Result<T, Trouble> {
    let mut stream = connect(socket)?;
    let line = exchange(&mut stream, ask).map_err(Trouble::Broken)?;
    match admin::read_answer(&line) {
        Some(Line::Done(answer)) => Ok(answer),
        Some(Line::Refused(refused)) => Err(Trouble::Refused(refused)),
        _ => Err(Trouble::Foreign),
    }
}

fn connect(socket: &Path) -> Result<UnixStream, Trouble> {
    UnixStream::connect(socket).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => Trouble::NotYours(socket.to_owned()),
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => Trouble::Closed(socket.to_owned()),
        _ => Trouble::Broken(error),
    })
}

fn exchange(stream: &mut UnixStream, ask: &Ask) -> io::Result<String> {
    stream.set_read_timeout(Some(ADMIN_PATIENCE))?;
    stream.write_all(admin::write(ask).as_bytes())?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    if line.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(line) }
}
