//! The house as a web server: what answering any request takes.
//!
//! `app` makes one [`Web`]; handlers and the guard's caller read it.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use futures_util::future::BoxFuture;
use ipnet::IpNet;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::guard::proxy_observations::ProxyObservations;
use super::guard::{Bodies, Guard};
use crate::domain::Idle;
use crate::house::House;
use crate::limits;
use crate::net::certificates::{Authority, Certificates};
use crate::net::{PublicUrl, Scheme};
use crate::protocol::rest::Warning;
use crate::session::strangers::Strangers;
use crate::store::StoreError;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MayStart {
    Anyone,
    /// Who comes in from this machine or from a private network.
    #[default]
    Network,
}

impl MayStart {
    pub fn word(self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::Network => "network",
        }
    }
}

/// What the host decided, as far as the web is concerned.
#[derive(Clone)]
pub struct Settings {
    pub public_url: Option<PublicUrl>,
    pub may_start: MayStart,
    pub idle_choices: Vec<Idle>,
    pub idle_default: Idle,
    pub trusted_proxies: Vec<IpNet>,
    pub names: Vec<String>,
    /// The addresses on which the house listens, with their real ports.
    pub listening: Vec<SocketAddr>,
    pub scheme: Scheme,
    pub certificates: Option<Arc<Certificates>>,
}

/// What does not work in the house, for the host.
pub type Doctor = Arc<dyn Fn() -> Vec<Warning> + Send + Sync>;

/// The figures of the house, for a collector.
pub type Figures = Arc<dyn Fn() -> BoxFuture<'static, Result<String, StoreError>> + Send + Sync>;

pub struct Web {
    pub(super) house: Arc<House>,
    pub(super) settings: Settings,
    pub(super) doctor: Doctor,
    pub(super) figures: Figures,
    pub(super) guard: Guard,
    pub(super) observations: Arc<ProxyObservations>,
    pub(super) strangers: Strangers,
    pub(super) bodies: Bodies,
    pub(super) drawing: Arc<Semaphore>,
    pub(super) sockets: TaskTracker,
    pub(super) stop: CancellationToken,
    pub(super) openapi: OnceLock<String>,
}

impl Web {
    /// A web room for `house`. Sockets are tasks of `sockets`; they say goodbye when `stop` is cancelled.
    pub fn new(
        house: Arc<House>,
        settings: Settings,
        doctor: Doctor,
        figures: Figures,
        observations: Arc<ProxyObservations>,
        sockets: TaskTracker,
        stop: CancellationToken,
    ) -> Arc<Self> {
        let public_url = settings.public_url.clone();
        let proxies = settings.trusted_proxies.clone();
        let guard = Guard::new(public_url, settings.scheme, &settings.names, proxies);
        let drawing = Arc::new(Semaphore::new(limits::DRAWINGS_MAX));
        Arc::new(Self {
            house,
            settings,
            doctor,
            figures,
            guard,
            observations,
            strangers: Strangers::default(),
            bodies: Bodies::default(),
            drawing,
            sockets,
            stop,
            openapi: OnceLock::new(),
        })
    }

    /// The path of the start page, as a browser behind the proxy sees it.
    pub(super) fn start_path(&self) -> &str {
        self.settings.public_url.as_ref().map_or("/", PublicUrl::base_path)
    }

    /// The certificate that people install on their devices, if the house makes its certificates itself.
    pub(super) fn authority(&self) -> Option<Authority> {
        self.settings.certificates.as_ref()?.authority()
    }
}
