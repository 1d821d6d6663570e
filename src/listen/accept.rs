//! The accept loop, written once: permit, accept, spawn.
//!
//! A place in the house is taken before a connection is accepted, so that a full house leaves the
//! others waiting in the kernel's queue instead of holding a descriptor for each.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body, Incoming};
use hyper::service::Service;
use hyper::{Request, Response};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection::{self, BoxError, Stop};
use super::guarded::Guarded;
use super::permits::{Permit, Permits, Place};
use super::{Limits, Peer};
use crate::limits;

/// Serves all listeners with one service until `stop` is cancelled.
///
/// Then nothing more is accepted, idle connections are closed, and requests under way may go on until
/// `drain` has passed. Returns when no connection is left. Connections that were upgraded are not waited
/// for: they are their owner's, with their permits.
pub async fn serve<S, B>(
    listeners: Vec<TcpListener>,
    service: S,
    limits: Limits,
    stop: CancellationToken,
    drain: Duration,
) where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
    B: Body + Unpin + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    let limits = Arc::new(limits);
    let tasks = TaskTracker::new();
    let at_once = CancellationToken::new();
    let door = Door {
        handshake: Plain,
        service,
        permits: Permits::new(Arc::clone(&limits)),
        limits,
        stop: Stop { gently: stop.clone(), at_once: at_once.clone() },
        tasks: tasks.clone(),
    };
    for listener in listeners {
        tasks.spawn(door.clone().stay_open(listener));
    }
    stop.cancelled().await;
    tasks.close();
    if timeout(drain, tasks.wait()).await.is_err() {
        log::info!("{} connections were cut off: they were still busy at the deadline", tasks.len());
        at_once.cancel();
        tasks.wait().await;
    }
}

/// What an accepted stream must go through, within its connection's own task, before it is served.
trait Handshake: Clone + Send + Sync + 'static {
    /// The stream that is served.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// Turns the accepted stream into that.
    fn shake(&self, stream: TcpStream) -> impl Future<Output = io::Result<Self::Stream>> + Send;
}

/// No handshake: HTTP without TLS.
#[derive(Clone)]
struct Plain;

impl Handshake for Plain {
    type Stream = TcpStream;

    async fn shake(&self, stream: TcpStream) -> io::Result<TcpStream> {
        Ok(stream)
    }
}

/// All that a listener needs.
#[derive(Clone)]
struct Door<H, S> {
    handshake: H,
    service: S,
    permits: Permits,
    limits: Arc<Limits>,
    stop: Stop,
    tasks: TaskTracker,
}

impl<H, S, B> Door<H, S>
where
    H: Handshake,
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
    B: Body + Unpin + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    async fn stay_open(self, listener: TcpListener) {
        let mut resting = false;
        while let Some((place, accepted)) = self.stop.gently.run_until_cancelled(self.next(&listener)).await {
            match accepted {
                Ok((stream, remote)) => {
                    resting = false;
                    self.receive(place, stream, remote);
                }
                Err(error) if is_the_peers(&error) => {
                    log::debug!("a connection was gone before it came in: {error}");
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

    async fn next(&self, listener: &TcpListener) -> (Place, io::Result<(TcpStream, SocketAddr)>) {
        (self.permits.place().await, listener.accept().await)
    }

    /// Dropping the stream closes it: so ends one that is gone already, or one too many of its address.
    fn receive(&self, place: Place, stream: TcpStream, remote: SocketAddr) {
        let Ok(local) = stream.set_nodelay(true).and_then(|()| stream.local_addr()) else {
            return;
        };
        let peer = Peer::new(remote, local);
        match self.permits.permit(place, peer.address) {
            Some(permit) => drop(self.tasks.spawn(self.clone().open(stream, peer, permit))),
            None => log::debug!("a connection was closed: its address has as many as it may have"),
        }
    }

    async fn open(self, stream: TcpStream, peer: Peer, permit: Permit) {
        let shaken = self.stop.gently.run_until_cancelled(self.handshake.shake(stream)).await;
        match shaken {
            Some(Ok(stream)) => {
                let stream = Guarded::new(stream, permit);
                connection::run(stream, peer, self.service, self.limits, self.stop).await;
            }
            Some(Err(error)) => log::debug!("a handshake failed: {error}"),
            None => {}
        }
    }
}

/// Errors of the one connection that was about to be accepted (accept(2)): the next may well be sound.
fn is_the_peers(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
