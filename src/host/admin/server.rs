//! The socket, which nobody else can reach, and taking questions: one a connection, a few at once, each part
//! by a deadline.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream as StdStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::process::geteuid;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::backup_stream;
use super::service::{AdminReply, AdminService};
use crate::host::config::is_blocked;
use crate::limits::{ACCEPT_PAUSE, ADMIN_CONNECTIONS_MAX, ADMIN_DEADLINE, ADMIN_LINE_BYTES_MAX};
use crate::protocol::admin::{self, AdminRefusal, AdminRequest};

#[derive(Debug, thiserror::Error)]
pub enum AdminSocketError {
    #[error("another parlour already answers at {0}: set admin_socket to another path")]
    Taken(PathBuf),
    #[error("{0} is no socket: move it away and restart the house, or set admin_socket to another path")]
    Blocked(PathBuf),
    #[error("{0} cannot be created: {1}. Set admin_socket to another path")]
    Io(PathBuf, #[source] io::Error),
}

/// Makes the socket, for its owner only. One left over from a house that was killed is replaced.
pub fn bind(path: &Path) -> Result<UnixListener, AdminSocketError> {
    if StdStream::connect(path).is_ok() {
        return Err(AdminSocketError::Taken(path.to_owned()));
    }
    if is_blocked(path) {
        return Err(AdminSocketError::Blocked(path.to_owned()));
    }
    let made = || {
        if path.exists() {
            fs::remove_file(path)?;
        }
        let listener = UnixListener::bind(path)?;
        fs::set_permissions(path, Permissions::from_mode(0o600))?;
        Ok(listener)
    };
    made().map_err(|error| AdminSocketError::Io(path.to_owned(), error))
}

/// Answers until `stop` is cancelled, and takes the socket away. Others wait in the kernel's queue.
pub async fn serve(listener: UnixListener, service: Arc<AdminService>, stop: CancellationToken) {
    let address = listener.local_addr();
    take_questions(listener, service, stop).await;
    if let Some(path) = address.ok().as_ref().and_then(|address| address.as_pathname()) {
        // One that is left over is replaced at the next start.
        drop(fs::remove_file(path));
    }
}

async fn take_questions(listener: UnixListener, service: Arc<AdminService>, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(ADMIN_CONNECTIONS_MAX));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let service = Arc::clone(&service);
        tokio::spawn(async move {
            attend(stream, &service).await;
            drop(place);
        });
    }
}

/// One question and its answer. A peer that breaks off is none of the house's business.
async fn attend(stream: UnixStream, service: &AdminService) {
    let is_host = stream.peer_cred().is_ok_and(|peer| peer.uid() == 0 || peer.uid() == geteuid().as_raw());
    let mut stream = BufReader::new(stream);
    let answer = match question(&mut stream).await {
        _ if !is_host => {
            Err(AdminRefusal::new("not_the_host", "Only root and the user of the house may ask."))
        }
        Some(Ok(request)) => service.answer(request).await,
        Some(Err(refusal)) => Err(refusal),
        None => return,
    };
    let line = match answer {
        Ok(AdminReply::Line(line)) => line,
        Ok(AdminReply::Backup) => return backup_stream::send(stream.get_mut(), &service.house.store).await,
        Err(refusal) => refusal.line(),
    };
    drop(timeout(ADMIN_DEADLINE, stream.get_mut().write_all(line.as_bytes())).await);
}

/// The line that was sent. Nothing where none came in time.
async fn question(stream: &mut BufReader<UnixStream>) -> Option<Result<AdminRequest, AdminRefusal>> {
    let mut line = String::new();
    let mut bounded = stream.take(ADMIN_LINE_BYTES_MAX as u64 + 2);
    match timeout(ADMIN_DEADLINE, bounded.read_line(&mut line)).await {
        Ok(Ok(bytes)) if bytes > 0 => Some(admin::read(line.trim_end())),
        Ok(Err(_)) => Some(Err(AdminRefusal::new("malformed", "The line is not UTF-8."))),
        _ => None,
    }
}
