//! Tells systemd that the house is open, well, and about to close (`sd_notify(3)`), and reads again what may
//! change when systemd asks for it.

use std::sync::Arc;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use sd_notify::NotifyState;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::house::House;
use crate::limits::STATUS_INTERVAL;
use crate::net::certificates::Certificates;
use crate::store::StoreError;

/// Says what the service manager should know; nothing where there is none.
fn say(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(false, states) {
        log::warn!("systemd could not be notified of {states:?}: {error}");
    }
}

pub fn stopping() {
    say(&[NotifyState::Stopping]);
}

/// Wishes that the certificates be read again; each is answered when that was done.
pub type Reloads = mpsc::Receiver<oneshot::Sender<()>>;

pub struct SystemdNotifier {
    house: Arc<House>,
    certificates: Option<Arc<Certificates>>,
    reloads: Reloads,
    address: Address,
    last_status: String,
}

pub type Address = Box<dyn Fn() -> String + Send + Sync>;

impl SystemdNotifier {
    pub fn new(
        house: Arc<House>,
        certificates: Option<Arc<Certificates>>,
        reloads: Reloads,
        address: Address,
    ) -> Self {
        Self { house, certificates, reloads, address, last_status: String::new() }
    }

    /// Reads as a page would, then says that the house can be visited: the sockets listen already.
    pub async fn begin(&mut self) -> Result<(), StoreError> {
        self.house.store.check().await?;
        self.last_status = self.status().await;
        say(&[NotifyState::Ready, NotifyState::Status(&self.last_status)]);
        Ok(())
    }

    /// Goes on until the house begins to stop, and tells that, whatever is under way.
    pub async fn run(mut self, stop: CancellationToken) {
        stop.run_until_cancelled(self.notify()).await;
        stopping();
    }

    async fn notify(&mut self) {
        let interval_max = watchdog();
        let mut watchdogs = interval_max.map(|most| every(most / 2));
        let mut statuses = is_listened_to().then(|| every(STATUS_INTERVAL));
        loop {
            tokio::select! {
                () = next(&mut watchdogs) => self.notify_watchdog(interval_max.unwrap_or_default()).await,
                () = next(&mut statuses) => self.notify_status().await,
                Some(done) = self.reloads.recv() => {
                    self.reload().await;
                    // Who asked need not wait for it.
                    let _ = done.send(());
                }
            }
        }
    }

    /// Tells the watchdog that all is well: after a read, and after a commit that is no older than its
    /// interval. Where neither comes to an end, nothing is told, and systemd starts the house again.
    async fn notify_watchdog(&self, within: Duration) {
        let proven = match self.house.store.check().await {
            Ok(()) => self.house.store.prove(within).await,
            fault => fault,
        };
        match proven {
            Ok(()) => say(&[NotifyState::Watchdog]),
            // A full queue is worked on: the next time will do.
            Err(StoreError::Refused(_)) => {}
            Err(fault) => log::error!("the watchdog is not notified: {fault}"),
        }
    }

    async fn notify_status(&mut self) {
        let status = self.status().await;
        if status != self.last_status {
            say(&[NotifyState::Status(&status)]);
            self.last_status = status;
        }
    }

    async fn status(&self) -> String {
        let (address, connected) =
            ((self.address)(), counted(self.house.hub.devices() as u64, "device", "devices"));
        match self.house.store.chats_in_use().await {
            Ok(chats) => format!("{address}, {}, {connected} connected", counted(chats, "chat", "chats")),
            Err(_) => format!("{address}, {connected} connected"),
        }
    }

    /// `Type=notify-reload` wants to hear when it begins, by systemd's own clock, and when it has ended.
    async fn reload(&self) {
        say(&[NotifyState::Reloading, NotifyState::MonotonicUsec(monotonic_usec())]);
        if let Some(certificates) = &self.certificates {
            certificates.read_again().await;
        }
        say(&[NotifyState::Ready]);
    }
}

/// The crate's own overflows after half an hour where a `long` has 32 bits, as on a Raspberry Pi Zero.
fn monotonic_usec() -> i128 {
    let now = clock_gettime(ClockId::Monotonic);
    i128::from(now.tv_sec) * 1_000_000 + i128::from(now.tv_nsec) / 1_000
}

fn counted(number: u64, one: &str, more: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { more })
}

fn is_listened_to() -> bool {
    std::env::var_os("NOTIFY_SOCKET").is_some()
}

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
