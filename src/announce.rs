//! `parlour.local`: the house tells its network by which name it is found (mDNS, RFC 6762; DNS-SD, RFC 6763).
//!
//! `lib` begins it when the house can be visited and ends it before it closes. The only room that says
//! `mdns_sd`. On what is no network of a household (loopback, bridges, tunnels) nothing is told. Links do not
//! depend on it: not every phone looks such names up.

use std::net::SocketAddr;

use mdns_sd::{Error, IfKind, IfPredicate, ServiceDaemon, ServiceInfo};

use crate::limits::FAREWELL_DEADLINE;
use crate::listen::is_virtual;

/// A house that is opened by plain HTTP.
pub const HTTP: &str = "_http._tcp.local.";
/// A house that is opened by HTTPS alone.
pub const HTTPS: &str = "_https._tcp.local.";

/// The house is found by a name, as long as this lives.
pub struct Announcement {
    daemon: ServiceDaemon,
    service: String,
}

/// Tells that `name`.local is this house, by the first of the addresses on which others reach it. None where
/// nobody else reaches it, or where the system gives no socket for it, which is logged.
pub fn begin(name: &str, kind: &str, listening: &[SocketAddr]) -> Option<Announcement> {
    let port = listening.iter().find(|address| !address.ip().is_loopback())?.port();
    let announced = ServiceDaemon::new().and_then(|daemon| {
        daemon.disable_interface(vec![IfKind::LoopbackV4, IfKind::LoopbackV6])?;
        let is_no_home = IfPredicate::new(|interface| is_virtual(&interface.name));
        daemon.disable_interface(IfKind::Predicate(is_no_home))?;
        Announcement::make(daemon, name, kind, port)
    });
    announced.inspect_err(|error| log::warn!("{name}.local is not announced: {error}")).ok()
}

impl Announcement {
    fn make(daemon: ServiceDaemon, name: &str, kind: &str, port: u16) -> Result<Self, Error> {
        let host = format!("{name}.local.");
        let service = ServiceInfo::new(kind, "Parlour", &host, "", port, &[("path", "/")][..])?;
        let service = service.enable_addr_auto();
        let full = service.get_fullname().to_owned();
        daemon.register(service)?;
        Ok(Self { daemon, service: full })
    }

    /// Takes the name back, and waits a moment until that was said.
    pub fn end(self) {
        if let Ok(told) = self.daemon.unregister(&self.service) {
            // Nobody misses a goodbye that was not heard: names expire.
            drop(told.recv_timeout(FAREWELL_DEADLINE));
        }
        drop(self.daemon.shutdown());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::{Duration, Instant};

    use mdns_sd::ServiceEvent;

    use super::*;

    const DEADLINE: Duration = Duration::from_secs(20);

    /// Away from the port that others on this machine use, and on loopback alone.
    fn daemon(port: u16) -> ServiceDaemon {
        let daemon = ServiceDaemon::new_with_port(port).unwrap();
        daemon.disable_interface(IfKind::All).unwrap();
        daemon.enable_interface(IfKind::LoopbackV4).unwrap();
        daemon
    }

    #[test]
    fn a_house_is_found_by_its_name_and_no_longer_when_it_has_closed() {
        let port = std::net::UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let announced = Announcement::make(daemon(port), "parlour-of-a-test", HTTP, 8099).unwrap();
        let looking = daemon(port);
        let events = looking.browse(HTTP).unwrap();
        let until = Instant::now() + DEADLINE;
        let mut told = std::iter::from_fn(|| events.recv_deadline(until).ok());
        let house = told.find_map(|event| match event {
            ServiceEvent::ServiceResolved(house) => Some((house.get_hostname().to_owned(), house.get_port())),
            _ => None,
        });
        assert_eq!(house, Some(("parlour-of-a-test.local.".to_owned(), 8099)));
        announced.end();
        assert!(told.any(|event| matches!(event, ServiceEvent::ServiceRemoved(..))), "nobody said goodbye");
        drop(looking.shutdown());
    }

    #[test]
    fn a_house_that_nobody_else_reaches_is_not_announced() {
        assert!(begin("parlour", HTTP, &["127.0.0.1:8080".parse().unwrap()]).is_none());
    }
}
