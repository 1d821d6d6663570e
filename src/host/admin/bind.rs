//! Where the socket is, and that nobody else can reach it.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use tokio::net::UnixListener;

/// Why the host cannot reach the house by the command line.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Another house answers there.
    #[error("another parlour already answers at {0}: set admin_socket to another path")]
    Taken(PathBuf),
    /// The socket cannot be made.
    #[error("{0} cannot be created: {1}. Set admin_socket to another path")]
    Io(PathBuf, #[source] io::Error),
}

/// Makes the socket, readable and writable for its owner only. One that is left over from a house that was
/// killed is replaced.
pub fn bind(path: &Path) -> Result<UnixListener, BindError> {
    if UnixStream::connect(path).is_ok() {
        return Err(BindError::Taken(path.to_owned()));
    }
    let made = || {
        match fs::symlink_metadata(path) {
            Ok(found) if found.file_type().is_socket() => fs::remove_file(path)?,
            Ok(_) => return Err(io::Error::other("there is something that is no socket")),
            Err(_) => {}
        }
        let listener = UnixListener::bind(path)?;
        fs::set_permissions(path, Permissions::from_mode(0o600))?;
        Ok(listener)
    };
    made().map_err(|error| BindError::Io(path.to_owned(), error))
}
