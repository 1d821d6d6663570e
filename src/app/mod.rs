//! Puts the rooms together: [`App`] opens the house, serves until `stop` is cancelled, then closes
//! everything.
//!
//! `main` calls [`serve`], and tests bring their own [`Surroundings`]. It decides nothing.

mod serve;

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::{Clock, Machine, RealMachine, wall_clock};
use crate::crypto::Stretch;
use crate::delivery::Hub;
use crate::host::admin::{self, AdminService};
use crate::host::config::Config;
use crate::host::mdns;
use crate::host::systemd::{self, Reloads, SystemdNotifier};
use crate::house::House;
use crate::house::failure_log::FailureLog;
use crate::house::metrics::Metrics;
use crate::house::rate_limit::RateLimits;
use crate::http::guard::proxy_observations::ProxyObservations;
use crate::http::{self, Audience, Settings, Web};
use crate::jobs::schedule::{Schedule, ScheduleError};
use crate::limits::{RECOVERY_PATIENCE, STOP_DEADLINE};
use crate::net::certificates::{Authority, CertificateError, Certificates};
use crate::net::{self, Listener, Scheme};
use crate::store::{self, Disk, Options, Publication, RealDisk, Store};

pub use crate::host::systemd::Listeners;
pub use serve::serve;

/// What a house finds around it. Tests bring their own.
pub struct Surroundings {
    pub clock: Clock,
    /// What else the machine knows of time.
    pub machine: Arc<dyn Machine>,
    pub disk: Box<dyn Disk>,
    /// For how long a disk that fails is tried again before the house closes.
    pub patience: Duration,
    pub stretch: Stretch,
    /// Wishes that the certificates be read again.
    pub reloads: Reloads,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self {
            clock: Arc::new(wall_clock),
            machine: Arc::new(RealMachine::default()),
            disk: Box::new(RealDisk),
            patience: RECOVERY_PATIENCE,
            stretch: Stretch::default(),
            reloads: mpsc::channel(1).1,
        }
    }
}

/// Why a house did not open, or did not stay open.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    Bind(#[from] net::BindError),
    #[error(transparent)]
    Open(#[from] store::OpenError),
    #[error(transparent)]
    Inherit(#[from] systemd::InheritError),
    #[error(transparent)]
    Certificates(#[from] CertificateError),
    #[error("the store cannot be read: {0}")]
    Unread(#[source] store::StoreError),
    #[error("the operating system refuses threads or signals: {0}")]
    Runtime(#[source] std::io::Error),
    #[error("the schedule of the purge cannot start: {0}")]
    Schedule(#[source] ScheduleError),
    /// I2: a commit failed. The supervisor starts the process again.
    #[error("the store stopped because the disk failed; the log says how. Start parlour again")]
    Stopped,
}

/// A house whose store is open, and which nobody can visit yet.
pub struct App {
    config: Config,
    house: Arc<House>,
    machine: Arc<dyn Machine>,
    certificates: Option<Arc<Certificates>>,
    reloads: Reloads,
    metrics_listeners: Vec<TcpListener>,
}

impl App {
    /// Opens the store and what HTTPS takes, and finishes what a crash interrupted.
    pub fn open(config: Config, surroundings: Surroundings) -> Result<Self, RunError> {
        let Surroundings { clock, machine, disk, patience, stretch, reloads } = surroundings;
        let hub = Hub::new(Arc::clone(&clock));
        let metrics = Arc::new(Metrics::default());
        let (dir, time) = (config.data.clone(), Arc::clone(&clock));
        let options = Options { dir, stretch, clock: time, machine: Arc::clone(&machine), disk, patience };
        let metrics_listeners = config.metrics_listen.map(|address| net::bind(&[address])).transpose()?;
        let store = Store::open(options, publish(&hub, &metrics))?;
        // Nobody who is looking at a chat is signed out to make room for one more device.
        let connected = hub.clone();
        store.spare(move |device| connected.is_connected(device));
        let (time, names) = (Arc::clone(&clock), config.own_names());
        let certificates = Certificates::open(&config.tls, &config.data, names, time, Arc::clone(&machine))?;
        let rate_limits = RateLimits::new(config.messages_per_second, config.messages_burst());
        let house =
            Arc::new(House { store, hub, rate_limits, clock, failures: FailureLog::default(), metrics });
        Ok(Self {
            config,
            house,
            machine,
            certificates,
            reloads,
            metrics_listeners: metrics_listeners.unwrap_or_default(),
        })
    }

    /// The certificate that people install on their devices, if the house makes its certificates itself.
    pub fn authority(&self) -> Option<Authority> {
        self.certificates.as_ref()?.authority()
    }

    /// Serves until `stop` is cancelled, and returns when everything is in order: nothing more is accepted,
    /// sockets have said goodbye, the writer has written what it had.
    pub async fn serve(
        self,
        listeners: impl Into<Listeners>,
        stop: CancellationToken,
    ) -> Result<(), RunError> {
        let Self { config, house, machine, certificates, reloads, metrics_listeners } = self;
        let (listeners, store) = (listeners.into(), house.store.clone());
        let settings = settings(&config, &listeners.house, certificates.clone());
        let listening = settings.listening.clone();
        let observations = Arc::new(ProxyObservations::default());
        let admin = Arc::new(AdminService::new(
            Arc::clone(&house),
            Arc::clone(&observations),
            config.clone(),
            listening,
            certificates.clone(),
            machine,
        ));
        let mut notifier =
            SystemdNotifier::new(Arc::clone(&house), certificates.clone(), reloads, address(&admin));
        let schedule = Schedule::begin(&house, certificates.as_ref(), &stop).await;
        let schedule = schedule.map_err(RunError::Schedule)?;
        let sockets = TaskTracker::new();
        admit_the_host(&config, &admin, &stop);
        let announced = announced(&config, &listeners);
        let figures = figures(&admin);
        let doctor: http::Doctor = Arc::new(move || admin.warnings());
        let web = Web::new(house, settings, doctor, figures, observations, sockets.clone(), stop.clone());
        show_figures(&web, metrics_listeners, &stop);
        let uncounted = config.trusted_proxies.clone();
        let limits = net::Limits { uncounted, wording: http::unparsed, ..net::Limits::default() };
        let service = http::service(&web, Audience::People);
        let listeners = net_listeners(listeners, certificates.as_deref());
        let serving = net::serve(listeners, service, limits, stop.clone(), STOP_DEADLINE / 2);
        notifier.begin().await.map_err(RunError::Unread)?;
        let (version, scheme) = (env!("CARGO_PKG_VERSION"), config.scheme().word());
        log::info!(version, scheme; "parlour {version} is open");
        let notifying = notifier.run(stop.clone());
        let failed = tokio::select! {
            _ = async { tokio::join!(serving, notifying) } => false,
            () = store.failed() => true,
        };
        if failed {
            systemd::stopping();
        }
        stop.cancel();
        store.retire();
        close(announced, sockets).await;
        schedule.end().await;
        store.close().await;
        log::info!("parlour is closed");
        if failed { Err(RunError::Stopped) } else { Ok(()) }
    }
}

/// What happens with everything that leaves the store.
fn publish(hub: &Hub, metrics: &Arc<Metrics>) -> impl FnMut(Publication) + Send + use<> {
    let (hub, metrics) = (hub.clone(), Arc::clone(metrics));
    move |publication: Publication| {
        metrics.publication(&publication);
        hub.publish(publication);
    }
}

/// Takes the house off its network, and waits a while until every socket has said goodbye.
async fn close(announced: Option<mdns::Announcement>, sockets: TaskTracker) {
    let silenced = announced.map(|announced| tokio::task::spawn_blocking(|| announced.end()));
    sockets.close();
    // What has not said goodbye by then is cut off.
    drop(tokio::time::timeout(STOP_DEADLINE / 2, sockets.wait()).await);
    if let Some(silenced) = silenced {
        drop(silenced.await);
    }
}

/// Where the house is open now, as people read it.
fn address(admin: &Arc<AdminService>) -> systemd::Address {
    let admin = Arc::clone(admin);
    Box::new(move || admin.base().url)
}

/// Opens the host's own way in. A house without it is still a house: why there is none is logged.
fn admit_the_host(config: &Config, admin: &Arc<AdminService>, stop: &CancellationToken) {
    match admin::bind(&config.admin_socket) {
        Ok(listener) => drop(tokio::spawn(admin::serve(listener, Arc::clone(admin), stop.clone()))),
        Err(error) => log::error!("commands such as parlour backup cannot reach this house: {error}"),
    }
}

fn figures(admin: &Arc<AdminService>) -> http::Figures {
    let admin = Arc::clone(admin);
    Arc::new(move || {
        let admin = Arc::clone(&admin);
        Box::pin(async move { admin.figures().await })
    })
}

/// Shows the figures over HTTP, where the host wants that.
fn show_figures(web: &Arc<Web>, listeners: Vec<TcpListener>, stop: &CancellationToken) {
    let service = http::service(web, Audience::Collectors);
    let limits = net::Limits { wording: http::unparsed, ..net::Limits::default() };
    let listeners = listeners.into_iter().map(Listener::plain).collect();
    drop(tokio::spawn(net::serve(listeners, service, limits, stop.clone(), STOP_DEADLINE / 2)));
}

/// The house is found by what a browser tries first: plain HTTP, which leads on to HTTPS where there is both.
fn announced(config: &Config, listeners: &Listeners) -> Option<mdns::Announcement> {
    let (sockets, kind) = match config.scheme() {
        Scheme::Https if listeners.redirect.is_empty() => (&listeners.house, mdns::HTTPS),
        Scheme::Https => (&listeners.redirect, mdns::HTTP),
        Scheme::Http => (&listeners.house, mdns::HTTP),
    };
    let addresses: Vec<_> = sockets.iter().filter_map(|socket| socket.local_addr().ok()).collect();
    mdns::begin(config.mdns.name()?, kind, &addresses)
}

/// The house's own sockets speak what its settings say; those that redirect speak plain HTTP.
fn net_listeners(listeners: Listeners, certificates: Option<&Certificates>) -> Vec<Listener> {
    let tls = certificates.map(Certificates::tls);
    let house = listeners.house.into_iter().map(|listener| Listener { listener, tls: tls.clone() });
    house.chain(listeners.redirect.into_iter().map(Listener::plain)).collect()
}

fn settings(config: &Config, listeners: &[TcpListener], certificates: Option<Arc<Certificates>>) -> Settings {
    Settings {
        public_url: config.public_url.clone(),
        may_start: config.may_start,
        idle_choices: config.idle_choices.clone(),
        idle_default: config.idle_default,
        trusted_proxies: config.trusted_proxies.clone(),
        names: config.answers_to(),
        listening: listeners.iter().filter_map(|listener| listener.local_addr().ok()).collect(),
        scheme: config.scheme(),
        certificates,
    }
}
