//! The sockets that a socket unit hands over (`sd_listen_fds(3)`).

use std::io;

use listenfd::ListenFd;
use tokio::net::TcpListener;

#[derive(Debug, Default)]
pub struct Listeners {
    /// What it speaks there is a setting.
    pub house: Vec<TcpListener>,
    /// Plain HTTP, which is sent on to HTTPS: those whose `FileDescriptorName=` is `redirect`.
    pub redirect: Vec<TcpListener>,
}

impl From<Vec<TcpListener>> for Listeners {
    fn from(house: Vec<TcpListener>) -> Self {
        Self { house, redirect: Vec::new() }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum InheritError {
    #[error(
        "socket {index} from systemd is not a listening TCP socket: write ListenStream=8080 or \
         ListenStream=ADDRESS:PORT in the .socket unit ({source})"
    )]
    Unfit {
        /// Counted from 1.
        index: usize,
        source: io::Error,
    },
    #[error("every socket from systemd is named redirect: give the house one with another name")]
    NoHouse,
}

/// Takes the sockets of a socket unit, if there are any. `names` is `LISTEN_FDNAMES`. Call it once.
pub fn inherited(names: Option<&str>) -> Result<Option<Listeners>, InheritError> {
    let mut given = ListenFd::from_env();
    let names: Vec<_> = names.unwrap_or_default().split(':').collect();
    let mut inherited = Listeners::default();
    for at in 0..given.len() {
        let unfit = |source| InheritError::Unfit { index: at + 1, source };
        let Some(socket) = given.take_tcp_listener(at).map_err(unfit)? else { continue };
        let socket =
            socket.set_nonblocking(true).and_then(|()| TcpListener::from_std(socket)).map_err(unfit)?;
        let to =
            if names.get(at) == Some(&"redirect") { &mut inherited.redirect } else { &mut inherited.house };
        to.push(socket);
    }
    match (inherited.house.len(), given.len()) {
        (_, 0) => Ok(None),
        (0, _) => Err(InheritError::NoHouse),
        _ => Ok(Some(inherited)),
    }
}
