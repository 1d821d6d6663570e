//! What is said to systemd, and what it hands over: sockets, a watchdog, a wish to read settings again.
//!
//! `cli` takes the sockets, and `lib` has the rest looked after for as long as the house is open. Where
//! nobody listens (there is no `NOTIFY_SOCKET`) nothing is said and nothing is done for it. The crates of
//! this room read the variables of `sd_notify(3)` and `sd_listen_fds(3)` themselves.

use std::io;
use std::net::TcpListener as StdListener;
use std::sync::Arc;
use std::time::Duration;

use listenfd::ListenFd;
use rustix::time::{ClockId, clock_gettime};
use sd_notify::NotifyState;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::delivery::Hub;
use crate::limits::STATUS_INTERVAL;
use crate::net::certificates::Certificates;
use crate::store::{Store, StoreError};

/// Sockets on which the service listens already.
#[derive(Debug, Default)]
pub struct Inherited {
    /// Those of the house.
    pub house: Vec<TcpListener>,
    /// Those from which plain HTTP is sent on: whose `FileDescriptorName=` is `redirect`.
    pub redirect: Vec<TcpListener>,
}

/// Why the sockets that systemd handed over cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InheritError {
    /// It is a socket of another kind.
    #[error(
        "socket {index} from systemd is not a listening TCP socket: write ListenStream=8080 or \
         ListenStream=ADDRESS:PORT in the .socket unit ({source})"
    )]
    Unfit {
        /// Counted from 1.
        index: usize,
        /// What the system says.
        source: io::Error,
    },
    /// All of them are for plain HTTP.
    #[error("every socket from systemd is named redirect: give the house one with another name")]
    NoHouse,
}

/// Takes the sockets of a socket unit, if there are any. `names` is `LISTEN_FDNAMES`. Call it once.
pub fn inherited(names: Option<&str>) -> Result<Option<Inherited>, InheritError> {
    let mut given = ListenFd::from_env();
    let names: Vec<_> = names.unwrap_or_default().split(':').collect();
    let mut inherited = Inherited::default();
    for at in 0..given.len() {
        let unfit = |source| InheritError::Unfit { index: at + 1, source };
        let Some(socket) = given.take_tcp_listener(at).map_err(unfit)? else { continue };
        let socket = listening(socket).map_err(unfit)?;
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

fn listening(socket: StdListener) -> io::Result<TcpListener> {
    socket.set_nonblocking(true)?;
    TcpListener::from_std(socket)
}

/// Says what the service manager should know; nothing where there is none.
fn say(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(false, states) {
        log::warn!("systemd could not be notified of {states:?}: {error}");
    }
}

/// The house is about to close.
pub fn stopping() {
    say(&[NotifyState::Stopping]);
}

/// Wishes that the certificates be read again; each is answered when that was done. Nobody may be there to
/// wish.
pub type Reloads = mpsc::Receiver<oneshot::Sender<()>>;

/// Looks after the service while the house is open.
pub struct Attendant {
    store: Store,
    hub: Hub,
    certificates: Option<Arc<Certificates>>,
    reloads: Reloads,
    address: Address,
    told: String,
}

/// At which address the house is open now, for people.
pub type Address = Box<dyn Fn() -> String + Send + Sync>;

impl Attendant {
    /// Nobody is told anything yet.
    pub fn new(
        store: Store,
        hub: Hub,
        certificates: Option<Arc<Certificates>>,
        reloads: Reloads,
        address: Address,
    ) -> Self {
        Self { store, hub, certificates, reloads, address, told: String::new() }
    }

    /// Reads through the store as a page would, and says that the house can be visited. The sockets listen
    /// already.
    pub async fn begin(&mut self) -> Result<(), StoreError> {
        self.store.check().await?;
        self.told = self.status().await;
        say(&[NotifyState::Ready, NotifyState::Status(&self.told)]);
        Ok(())
    }

    /// Goes on until the house begins to stop, and tells that, whatever is under way.
    pub async fn attend(mut self, stop: CancellationToken) {
        stop.run_until_cancelled(self.look_after()).await;
        stopping();
    }

    async fn look_after(&mut self) {
        let interval_max = watchdog();
        let mut pats = interval_max.map(|most| every(most / 2));
        let mut looks = is_listened_to().then(|| every(STATUS_INTERVAL));
        loop {
            tokio::select! {
                () = next(&mut pats) => self.pat(interval_max.unwrap_or_default()).await,
                () = next(&mut looks) => self.tell().await,
                Some(done) = self.reloads.recv() => {
                    self.read_again().await;
                    // Whoever asked need not wait for it.
                    let _ = done.send(());
                }
            }
        }
    }

    /// Tells the watchdog that all is well: after a read, and after a commit that is no older than its
    /// interval. Where neither comes to an end, nothing is told, and systemd starts the house again.
    async fn pat(&self, within: Duration) {
        let proven = match self.store.check().await {
            Ok(()) => self.store.prove(within).await,
            fault => fault,
        };
        match proven {
            Ok(()) => say(&[NotifyState::Watchdog]),
            // A full queue is worked on: the next time will do.
            Err(StoreError::Refused(_)) => {}
            Err(fault) => log::error!("the watchdog is not notified: {fault}"),
        }
    }

    async fn tell(&mut self) {
        let status = self.status().await;
        if status != self.told {
            say(&[NotifyState::Status(&status)]);
            self.told = status;
        }
    }

    async fn status(&self) -> String {
        let (address, connected) = ((self.address)(), counted(self.hub.devices(), "device", "devices"));
        match self.store.purge_snapshot().await {
            Ok(sight) => {
                format!("{address}, {}, {connected} connected", counted(sight.chats, "chat", "chats"))
            }
            Err(_) => format!("{address}, {connected} connected"),
        }
    }

    /// `Type=notify-reload` wants to hear when it begins, by the clock that systemd goes by, and when it has
    /// ended.
    async fn read_again(&self) {
        say(&[NotifyState::Reloading, NotifyState::MonotonicUsec(monotonic_usec())]);
        if let Some(certificates) = &self.certificates {
            certificates.read_again().await;
        }
        say(&[NotifyState::Ready]);
    }
}

/// The crate's own reading overflows after half an hour where a `long` has 32 bits, as on a Raspberry Pi
/// Zero.
fn monotonic_usec() -> i128 {
    let now = clock_gettime(ClockId::Monotonic);
    i128::from(now.tv_sec) * 1_000_000 + i128::from(now.tv_nsec) / 1_000
}

fn counted(number: usize, one: &str, more: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { more })
}

fn is_listened_to() -> bool {
    std::env::var_os("NOTIFY_SOCKET").is_some()
}

/// How long the watchdog waits, if there is one.
fn watchdog() -> Option<Duration> {
    let mut microseconds = 0;
    let is_on = sd_notify::watchdog_enabled(false, &mut microseconds) && is_listened_to();
    (is_on && microseconds > 1).then(|| Duration::from_micros(microseconds))
}

fn every(interval_max: Duration) -> Interval {
    let mut every = interval(interval_max);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    every
}

/// Waits for ever where there is no interval.
async fn next(interval: &mut Option<Interval>) {
    match interval {
        Some(interval) => drop(interval.tick().await),
        None => std::future::pending().await,
    }
}
