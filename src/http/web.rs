//! The house as a web server: what answering any request takes.
//!
//! `app` makes one [`Web`]; handlers and the guard's caller read it.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use ipnet::IpNet;
use serde::Serialize;
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

/// Who may start a chat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MayStart {
    /// Everybody who reaches the house.
    Anyone,
    /// Who comes in from this machine or from a private network.
    #[default]
    Network,
}

impl MayStart {
    /// As it is written.
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
    /// What links begin with.
    pub public_url: Option<PublicUrl>,
    /// Who may start a chat.
    pub may_start: MayStart,
    /// The idle times to choose from.
    pub idle_choices: Vec<Idle>,
    /// The one that is chosen when nobody chooses.
    pub idle_default: Idle,
    /// Peers whose `X-Forwarded-...` fields are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Further names that the house answers to.
    pub names: Vec<String>,
    /// The addresses on which the house listens, with their real ports.
    pub listening: Vec<SocketAddr>,
    /// What the house speaks there.
    pub scheme: Scheme,
    /// Its certificates, if it speaks HTTPS.
    pub certificates: Option<Arc<Certificates>>,
}

/// What does not work in the house, for the host.
pub type Doctor = Arc<dyn Fn() -> Vec<Warning> + Send + Sync>;

/// Everything that answering a request takes; one for the house.
pub struct Web {
    pub(super) house: Arc<House>,
    pub(super) settings: Settings,
    pub(super) doctor: Doctor,
    pub(super) guard: Guard,
    pub(super) observations: Arc<ProxyObservations>,
    pub(super) strangers: Strangers,
    pub(super) bodies: Bodies,
    pub(super) drawing: Arc<Semaphore>,
    pub(super) sockets: TaskTracker,
    pub(super) stop: CancellationToken,
    /// The description of the routes, once there are any.
    pub(super) openapi: OnceLock<String>,
}

impl Web {
    /// A web room for `house`. Sockets are tasks of `sockets`; they say goodbye when `stop` is cancelled.
    pub fn new(
        house: Arc<House>,
        settings: Settings,
        doctor: Doctor,
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

    /// What devices are told to trust, if the house makes its certificates itself.
    pub(super) fn authority(&self) -> Option<Authority> {
        self.settings.certificates.as_ref()?.authority()
    }
}
