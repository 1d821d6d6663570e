//! The accept loop, written once for plain and encrypted lines: permit, accept, spawn.
//!
//! A place in the house is taken before a connection is accepted, so that a full house leaves the
//! others waiting in the kernel's queue instead of holding a descriptor for each.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection::{self, HttpService, Stop};
use super::permits::{PendingPermit, Permit, Permits};
use super::{Limits, Peer, Tls, Transport};
use crate::limits;

pub struct Listener {
    pub listener: TcpListener,
    /// Without, it is plain HTTP.
    pub tls: Option<Tls>,
}

impl Listener {
    pub fn plain(listener: TcpListener) -> Self {
        Self { listener, tls: None }
    }
}

/// Serves all listeners with one service until `stop` is cancelled.
///
/// Then nothing more is accepted, idle connections are closed, and requests under way may go on until
/// `drain` has passed. Returns when no connection is left. Connections that were upgraded are not waited
/// for: they are their owner's, with their permits.
pub async fn serve(
    listeners: Vec<Listener>,
    service: impl HttpService,
    limits: Limits,
    stop: CancellationToken,
    drain: Duration,
) {
    let limits = Arc::new(limits);
    let tasks = TaskTracker::new();
    let at_once = CancellationToken::new();
    let acceptor = Acceptor {
        service,
        permits: Permits::new(Arc::clone(&limits)),
        limits,
        stop: Stop { gently: stop.clone(), at_once: at_once.clone() },
        tasks: tasks.clone(),
    };
    for listener in listeners {
        tasks.spawn(acceptor.clone().accept_loop(listener));
    }
    stop.cancelled().await;
    tasks.close();
    if timeout(drain, tasks.wait()).await.is_err() {
        log::info!("{} connections were cut off: they were still busy at the deadline", tasks.len());
        at_once.cancel();
        tasks.wait().await;
    }
}

#[derive(Clone)]
struct Acceptor<S> {
    service: S,
    permits: Permits,
    limits: Arc<Limits>,
    stop: Stop,
    tasks: TaskTracker,
}

impl<S: HttpService> Acceptor<S> {
    async fn accept_loop(self, Listener { listener, tls }: Listener) {
        // Whether accepting failed last time: the log has it once, not at every attempt.
        let mut resting = false;
        while let Some((place, accepted)) = self.stop.gently.run_until_cancelled(self.next(&listener)).await {
            match accepted {
                Ok((stream, remote)) => {
                    resting = false;
                    self.receive(place, stream, remote, tls.clone());
                }
                Err(error) if is_the_peers(&error) => {
                    log::debug!("a connection closed before it was accepted: {error}");
                }
                Err(error) => {
                    if !resting {
                        log::warn!("connections cannot be accepted for now: {error}");
                    }
                    resting = true;
                    sleep(limits::ACCEPT_PAUSE).await;
                }
            }
        }
    }

    async fn next(&self, listener: &TcpListener) -> (PendingPermit, io::Result<(TcpStream, SocketAddr)>) {
        (self.permits.pending().await, listener.accept().await)
    }

    /// A stream that is dropped is closed: one whose peer is gone, or one too many of its address.
    fn receive(&self, pending: PendingPermit, stream: TcpStream, remote: SocketAddr, tls: Option<Tls>) {
        let Ok(local) = stream.set_nodelay(true).and_then(|()| stream.local_addr()) else { return };
        let transport = if tls.is_some() { Transport::Encrypted } else { Transport::Plain };
        let peer = Peer::new(remote, local, transport);
        match self.permits.permit(pending, peer.address) {
            Some(permit) => drop(self.tasks.spawn(self.clone().open(stream, peer, permit, tls))),
            None => log::debug!("a connection was closed: its address has too many already"),
        }
    }

    /// The handshake is part of the connection's own task, and has a deadline of its own.
    async fn open(self, stream: TcpStream, peer: Peer, permit: Permit, tls: Option<Tls>) {
        let shaking = timeout(self.limits.handshake_deadline, shake(stream, tls));
        let Some(shaken) = self.stop.gently.run_until_cancelled(shaking).await else { return };
        match shaken.unwrap_or_else(|late| Err(late.into())) {
            Ok(stream) => connection::run(stream, permit, peer, self.service, self.limits, self.stop).await,
            Err(error) => log::debug!("a handshake failed: {error}"),
        }
    }
}

/// The stream that is served. The state of TLS is on the heap, so a plain connection takes no memory for it.
async fn shake(
    stream: TcpStream,
    tls: Option<Tls>,
) -> io::Result<Either<TcpStream, Box<TlsStream<TcpStream>>>> {
    match tls {
        Some(tls) => Ok(Either::Right(Box::pin(tls.accept(stream)).await?.into())),
        None => Ok(Either::Left(stream)),
    }
}

/// Errors of the one connection that was about to be accepted (accept(2)): the next may well be sound.
fn is_the_peers(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
