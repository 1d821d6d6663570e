//! Listening sockets, who comes in by them, and how long each may take.
//!
//! The only room that says `hyper` or `rustls`. `app` binds with [`bind`] and hands the listeners and one
//! service to [`serve`]; `http` reads the [`Peer`] of a request from its extensions and turns an
//! [`OnUpgrade`] into a stream with [`upgrade`]. A connection holds its permits in its stream, so that it
//! counts until it is closed, also as a WebSocket. This room never looks into a request.

mod accept;
mod answer;
mod bind;
mod capacity;
pub mod certificates;
mod connection;
pub mod host_name;
mod interfaces;
mod own_names;
mod permits;
mod public_url;
mod shares;
mod tls;
mod unparsed;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use ipnet::IpNet;

use crate::limits;

pub use accept::{Listener, serve};
pub use bind::{BindError, bind};
pub use connection::HttpService;
pub use host_name::without_port;
pub use hyper::upgrade::OnUpgrade;
pub use interfaces::{home_addresses, household_addresses, is_home, is_neighbour, is_on_link};
pub use own_names::{machine_name, own_names};
pub use public_url::{PublicPlace, PublicUrl, Scheme};
pub use shares::{Share, Shares};
pub use tls::{Identity, IdentityError, Tls};
pub use unparsed::Wording;

/// The port on which the house listens when nobody names one.
pub const PORT: u16 = 8080;

/// Who sent a request: an extension of every request that is served.
///
/// IPv4 addresses that came in by an IPv6 listener (RFC 4291 section 2.5.5.2) are IPv4 addresses here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    pub address: IpAddr,
    pub port: u16,
    /// The address of this machine that the connection came in by.
    pub local: SocketAddr,
    /// Whether the connection itself is encrypted; a proxy may have taken that off.
    pub transport: Transport,
}

/// What a connection is, as this machine sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Plain,
    Encrypted,
}

impl Peer {
    pub fn new(remote: SocketAddr, local: SocketAddr, transport: Transport) -> Self {
        let local = SocketAddr::new(local.ip().to_canonical(), local.port());
        Self { address: remote.ip().to_canonical(), port: remote.port(), local, transport }
    }
}

/// What the listeners allow. The default is what `crate::limits` says; tests shorten it.
#[derive(Clone, Debug)]
pub struct Limits {
    pub handshake_deadline: Duration,
    /// A request head must be here by then; also how long a kept-alive connection may be silent.
    pub head_deadline: Duration,
    /// The answer must begin by then, else it is 503.
    pub answer_deadline: Duration,
    /// An answer must be handed over by then, and sent within as long again, else its connection is closed.
    pub request_deadline: Duration,
    pub connections_max: usize,
    /// Connections at once from one [`crate::domain::AddressBlock`].
    pub connections_per_address_max: usize,
    /// Peers that speak for many people, that is proxies: not counted per address.
    pub uncounted: Vec<IpNet>,
    pub wording: Wording,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            handshake_deadline: limits::HANDSHAKE_DEADLINE,
            head_deadline: limits::HEAD_DEADLINE,
            answer_deadline: limits::ANSWER_DEADLINE,
            request_deadline: limits::REQUEST_DEADLINE,
            connections_max: capacity::connections_max(),
            connections_per_address_max: limits::CONNECTIONS_PER_ADDRESS_MAX,
            uncounted: Vec::new(),
            wording: |_| None,
        }
    }
}

/// The stream below an upgraded connection; the connection's permits are in it.
pub type Upgraded = TokioIo<hyper::upgrade::Upgraded>;

/// Waits until the answer 101 has been sent, then gives the stream. Spawn it: the answer is not sent before
/// the request's own future is done. Fails if the connection ends before, or the answer was not 101.
pub async fn upgrade(pending: OnUpgrade) -> io::Result<Upgraded> {
    pending.await.map(TokioIo::new).map_err(io::Error::other)
}

/// Makes a service for [`serve`] of a tower service, such as `warp::service` makes of routes.
pub fn from_tower<T>(service: T) -> TowerToHyperService<T> {
    TowerToHyperService::new(service)
}

#[cfg(test)]
mod tests;
