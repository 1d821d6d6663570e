//! `parlour.local`: the house tells its network by which name it is found (mDNS, RFC 6762; DNS-SD, RFC 6763).
//!
//! `app` begins it when the house can be visited and ends it before it closes. The only room that says
//! `mdns_sd`. Nothing is told, and no port is open, where there is no network of a household: on a rented
//! server, on loopback, bridges and tunnels. What others tell that network is of no use here, but the daemon
//! keeps it without a bound; so another daemon takes over once it is much. Links do not depend on the name:
//! not every phone looks such names up.

use std::net::{IpAddr, SocketAddr};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};

use mdns_sd::{Error, IfKind, IfPredicate, ServiceDaemon, ServiceInfo};

use crate::limits::{ANNOUNCE_HEARD_MAX, ANNOUNCE_INTERVAL, FAREWELL_DEADLINE};
use crate::net::household_addresses;

pub const HTTP: &str = "_http._tcp.local.";
pub const HTTPS: &str = "_https._tcp.local.";

/// Addresses on which is told and heard, with the names of their interfaces.
type Places = Vec<(IpAddr, String)>;

/// The house is found by a name in the networks of a household, as long as this lives.
pub struct Announcement {
    ending: Sender<()>,
    telling: JoinHandle<()>,
}

/// Tells that `name`.local is this house, by the first of the addresses on which others reach it. None where
/// nobody else reaches it, or where the system gives no thread for it, which is logged.
pub fn begin(name: &str, kind: &str, listening: &[SocketAddr]) -> Option<Announcement> {
    let port = listening.iter().find(|address| !address.ip().is_loopback())?.port();
    let begun = sign(name, kind, port).map_err(|error| error.to_string()).and_then(|sign| {
        let (ending, ended) = channel();
        let telling = Builder::new().name("announce".to_owned()).spawn(move || tell(&sign, &ended));
        telling.map(|telling| Announcement { ending, telling }).map_err(|error| error.to_string())
    });
    begun.inspect_err(|error| log::warn!("{name}.local is not announced: {error}")).ok()
}

impl Announcement {
    /// Takes the name back, and waits a moment until that was said.
    pub fn end(self) {
        drop(self.ending);
        if self.telling.join().is_err() {
            log::error!("the announcement panicked");
        }
    }
}

fn sign(name: &str, kind: &str, port: u16) -> Result<ServiceInfo, Error> {
    let host = format!("{name}.local.");
    let sign = ServiceInfo::new(kind, "Parlour", &host, "", port, &[("path", "/")][..])?;
    Ok(sign.enable_addr_auto())
}

/// Networks come and go: they are looked at again and again, until the end.
fn tell(sign: &ServiceInfo, ended: &Receiver<()>) {
    let begin = |places| Voice::begin(ServiceDaemon::new()?, places, sign);
    let mut voice = None;
    loop {
        let fits = fitting(voice, household_addresses(), begin);
        let told = fits.inspect_err(|error| log::warn!("{} is not announced: {error}", sign.get_hostname()));
        voice = told.unwrap_or_default();
        if ended.recv_timeout(ANNOUNCE_INTERVAL) != Err(RecvTimeoutError::Timeout) {
            break;
        }
    }
    if let Some(voice) = voice {
        voice.end();
    }
}

/// The same voice as long as it fits its places, else a new one; none where there is no household.
fn fitting(
    voice: Option<Voice>,
    places: Places,
    begin: impl Fn(Places) -> Result<Voice, Error>,
) -> Result<Option<Voice>, Error> {
    if let Some(voice) = voice {
        if voice.places == places && !voice.has_heard_much() {
            return Ok(Some(voice));
        }
        voice.fall_silent();
    }
    if places.is_empty() { Ok(None) } else { begin(places).map(Some) }
}

struct Voice {
    daemon: ServiceDaemon,
    service: String,
    places: Places,
}

impl Voice {
    fn begin(daemon: ServiceDaemon, places: Places, sign: &ServiceInfo) -> Result<Self, Error> {
        daemon.disable_interface(IfKind::All)?;
        let here = places.clone();
        let is_here = IfPredicate::new(move |interface| {
            here.iter().any(|(address, name)| *address == interface.ip() && *name == interface.name)
        });
        daemon.enable_interface(IfKind::Predicate(is_here))?;
        daemon.register(sign.clone())?;
        Ok(Self { daemon, service: sign.get_fullname().to_owned(), places })
    }

    /// Whether the daemon keeps more of what others said than a home has to say. If it does not answer, it is
    /// asked again at the next look.
    fn has_heard_much(&self) -> bool {
        let figures =
            self.daemon.get_metrics().ok().and_then(|told| told.recv_timeout(FAREWELL_DEADLINE).ok());
        let kept =
            figures.into_iter().flatten().filter(|(what, _)| what.starts_with("cached-") || what == "timer");
        kept.map(|(_, count)| count).sum::<i64>() > ANNOUNCE_HEARD_MAX
    }

    /// Ends without a goodbye: others would forget a name that is told again at once.
    fn fall_silent(self) {
        drop(self.daemon.disable_interface(IfKind::All));
        self.shut_down();
    }

    /// Ends with a goodbye, so that others forget the name.
    fn end(self) {
        if let Ok(told) = self.daemon.unregister(&self.service) {
            // Nobody misses a goodbye that was not heard: names expire.
            drop(told.recv_timeout(FAREWELL_DEADLINE));
        }
        self.shut_down();
    }

    fn shut_down(self) {
        if let Ok(ended) = self.daemon.shutdown() {
            drop(ended.recv_timeout(FAREWELL_DEADLINE));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::net::{Ipv4Addr, UdpSocket};
    use std::time::{Duration, Instant};

    use mdns_sd::{Receiver as Heard, ServiceEvent};

    use super::*;

    const DEADLINE: Duration = Duration::from_secs(20);

    /// Away from the port that others on this machine use.
    fn port() -> u16 {
        UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
    }

    /// As if loopback were the network of a household.
    fn places() -> Places {
        vec![(Ipv4Addr::LOCALHOST.into(), "lo".to_owned())]
    }

    fn sign_of_a_test() -> ServiceInfo {
        sign("parlour-of-a-test", HTTP, 8099).unwrap()
    }

    fn voice(port: u16) -> Voice {
        Voice::begin(ServiceDaemon::new_with_port(port).unwrap(), places(), &sign_of_a_test()).unwrap()
    }

    fn listener(port: u16) -> (ServiceDaemon, Heard<ServiceEvent>) {
        let daemon = ServiceDaemon::new_with_port(port).unwrap();
        daemon.disable_interface(IfKind::All).unwrap();
        daemon.enable_interface(IfKind::LoopbackV4).unwrap();
        let events = daemon.browse(HTTP).unwrap();
        (daemon, events)
    }

    fn found(events: impl Iterator<Item = ServiceEvent>) -> Option<(String, u16)> {
        events.into_iter().find_map(|event| match event {
            ServiceEvent::ServiceResolved(house) => Some((house.get_hostname().to_owned(), house.get_port())),
            _ => None,
        })
    }

    #[test]
    fn a_house_is_found_by_its_name_and_no_longer_when_it_has_closed() {
        let port = port();
        let voice = voice(port);
        let (looking, events) = listener(port);
        let until = Instant::now() + DEADLINE;
        let mut told = std::iter::from_fn(|| events.recv_deadline(until).ok());
        assert_eq!(found(&mut told), Some(("parlour-of-a-test.local.".to_owned(), 8099)));
        voice.end();
        assert!(told.any(|event| matches!(event, ServiceEvent::ServiceRemoved(..))), "nobody said goodbye");
        drop(looking.shutdown());
    }

    #[test]
    fn a_house_that_nobody_else_reaches_is_not_announced() {
        assert!(begin("parlour", HTTP, &["127.0.0.1:8080".parse().unwrap()]).is_none());
    }

    #[test]
    fn where_there_is_no_network_of_a_household_nothing_is_told() {
        let begin = |_| panic!("a daemon for nobody");
        assert!(fitting(None, Vec::new(), begin).unwrap().is_none());
        assert!(fitting(Some(voice(port())), Vec::new(), begin).unwrap().is_none());
    }

    /// A response that nobody asked for, with one record (RFC 1035, section 4.1).
    fn unasked(number: u32) -> Vec<u8> {
        let mut packet = vec![0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 8];
        packet.extend(format!("{number:08}").bytes());
        packet.extend(b"\x05local\x00\x00\x10\x00\x01\x00\x00\x10\x00\x00\x02\x01a");
        packet
    }

    #[test]
    fn what_strangers_say_does_not_stay() {
        let port = port();
        let voice = voice(port);
        assert!(!voice.has_heard_much());
        let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
        let until = Instant::now() + DEADLINE;
        for number in 0.. {
            stranger.send_to(&unasked(number), ("127.0.0.1", port)).unwrap();
            if number % 100 == 0 && voice.has_heard_much() {
                break;
            }
            assert!(Instant::now() < until, "nothing was too much");
        }
        let first = voice.daemon.clone();
        let renewed = fitting(Some(voice), places(), |_| Ok(self::voice(port))).unwrap().unwrap();
        assert!(first.get_metrics().is_err(), "the daemon that has heard too much goes on");
        assert!(renewed.daemon.get_metrics().is_ok() && !renewed.has_heard_much());
        renewed.end();
    }

    #[test]
    fn a_voice_that_fits_its_places_goes_on() {
        let kept = fitting(Some(voice(port())), places(), |_| panic!("a second daemon")).unwrap();
        kept.unwrap().end();
    }
}
