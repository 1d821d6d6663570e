//! How visitors come, as far as the doctor must know: by which names, and through what.
//!
//! `http` notes what requests show, `host::admin` reads. No address of a visitor is kept, only those of the
//! home network from which something came that a proxy does; in memory, at most [`VISITED_NAMES_MAX`] names
//! and [`WAYS_MAX`] addresses. What is shown to the host never has words that a stranger chose: see
//! [`Seen::untrusted_proxy`] and the methods beside it for what each goes by.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::limits::{VISITED_NAMES_MAX, WAYS_MAX};

/// What was seen since the house was opened.
#[derive(Default)]
pub struct ProxyObservations(Mutex<Seen>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The names of the house that visitors used, as they were in `Host`, and how often.
    pub names: BTreeMap<String, u64>,
    /// The last peer that seemed to be a proxy and did not say for whom it spoke.
    pub undeclared_proxy: Option<IpAddr>,
    /// What came from peers that are proxies, or show what only a proxy does.
    pub ways: BTreeMap<IpAddr, BTreeSet<Trace>>,
    /// The house's own IPv6 network, where somebody in it was not let start a chat.
    pub refused_network: Option<IpAddr>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// By which name of the house, as it was in `Host`, if their word counts for anything.
    pub name: Option<String>,
    /// By this peer, which seems to be a proxy and did not say so.
    pub undeclared_proxy: Option<IpAddr>,
}

/// What one request shows of the way that it came by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trace {
    /// The house's own page asked, and `Host` was not the page's.
    HostChanged,
    /// The house's own page asked, and `Host` was the page's.
    HostKept,
    /// Somebody who is not trusted said for whom they speak, by the name that links have.
    Spoke,
    /// The same name, and nobody said so.
    DidNotSpeak,
    Proven,
    /// A device that is in a chat asked for news, which it does when it has no socket.
    Polled,
    Socket,
}

impl Trace {
    /// Whether it says that something does not work. The others only say that it does after all.
    fn is_of_trouble(self) -> bool {
        matches!(self, Self::HostChanged | Self::Spoke | Self::Polled)
    }
}

impl ProxyObservations {
    pub fn note(&self, Visit { name, undeclared_proxy }: Visit) {
        let mut seen = self.lock();
        if let Some(name) = name {
            seen.count(name);
        }
        seen.undeclared_proxy = undeclared_proxy.or(seen.undeclared_proxy);
    }

    pub fn trace(&self, peer: IpAddr, trace: Trace) {
        let ways = &mut self.lock().ways;
        if trace.is_of_trouble() && ways.len() < WAYS_MAX {
            ways.entry(peer).or_default();
        }
        if let Some(way) = ways.get_mut(&peer) {
            way.insert(trace);
        }
    }

    pub fn note_refused(&self, network: IpAddr) {
        self.lock().refused_network = Some(network);
    }

    pub fn seen(&self) -> Seen {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// A proxy that speaks for others and is not trusted. A proxy always speaks: somebody who came by the
    /// name of links without a word as well is somebody who made the words up. On another machine it must
    /// have brought somebody who is in a chat, so that no neighbour can have itself trusted.
    pub fn untrusted_proxy(&self) -> Option<IpAddr> {
        let is_proxy = |peer: &IpAddr, way: &BTreeSet<Trace>| {
            let always = way.contains(&Trace::Spoke) && !way.contains(&Trace::DidNotSpeak);
            always && (peer.is_loopback() || way.contains(&Trace::Proven))
        };
        self.ways.iter().find(|(peer, way)| is_proxy(peer, way)).map(|(peer, _)| *peer)
    }

    /// A proxy that puts another `Host` in the place of the visitor's. One request of the house's own page
    /// that came through with it proves that it does not.
    pub fn host_changer(&self) -> Option<IpAddr> {
        self.who(Trace::HostChanged, Trace::HostKept)
    }

    /// A proxy by which devices that are in a chat come, and no socket ever did.
    pub fn upgrade_loser(&self) -> Option<IpAddr> {
        self.who(Trace::Polled, Trace::Socket)
    }

    fn who(&self, trouble: Trace, but_not: Trace) -> Option<IpAddr> {
        let has = |way: &BTreeSet<Trace>| way.contains(&trouble) && !way.contains(&but_not);
        self.ways.iter().find(|(_, way)| has(way)).map(|(peer, _)| *peer)
    }

    /// Where there is no room for another name, the one that fewest came by makes some.
    fn count(&mut self, name: String) {
        if self.names.len() >= VISITED_NAMES_MAX && !self.names.contains_key(&name) {
            let fewest = self.names.iter().min_by_key(|(_, times)| **times).map(|(name, _)| name.clone());
            fewest.and_then(|name| self.names.remove(&name));
        }
        *self.names.entry(name).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Trace::{DidNotSpeak, HostChanged, HostKept, Polled, Proven, Socket, Spoke};

    fn visit(name: &str) -> Visit {
        Visit { name: Some(name.to_owned()), undeclared_proxy: None }
    }

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    const BESIDE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 1, 2));

    fn after(peer: IpAddr, traces: &[Trace]) -> Seen {
        let observations = ProxyObservations::default();
        for trace in traces {
            observations.trace(peer, *trace);
        }
        observations.seen()
    }

    #[test]
    fn a_proxy_that_speaks_is_one_that_always_does() {
        for (peer, traces, is_told) in [
            (HERE, &[Spoke][..], true),
            (HERE, &[Spoke, DidNotSpeak], false),
            (HERE, &[DidNotSpeak], false),
            (BESIDE, &[Spoke], false),
            (BESIDE, &[Spoke, Proven], true),
            (BESIDE, &[Spoke, Proven, DidNotSpeak, Spoke], false),
        ] {
            assert_eq!(after(peer, traces).untrusted_proxy(), is_told.then_some(peer), "{traces:?}");
        }
    }

    #[test]
    fn what_came_through_once_is_not_in_the_way() {
        for (traces, changes, loses) in [
            (&[HostChanged][..], true, false),
            (&[HostChanged, HostKept, HostChanged], false, false),
            (&[HostKept, Socket], false, false),
            (&[Polled], false, true),
            (&[Polled, Socket, Polled], false, false),
        ] {
            let seen = after(HERE, traces);
            assert_eq!(seen.host_changer(), changes.then_some(HERE), "{traces:?}");
            assert_eq!(seen.upgrade_loser(), loses.then_some(HERE), "{traces:?}");
        }
    }

    #[test]
    fn of_who_comes_without_trouble_nothing_is_kept_and_of_the_others_only_so_much() {
        assert!(after(BESIDE, &[HostKept, Proven, Socket, DidNotSpeak]).ways.is_empty());
        let observations = ProxyObservations::default();
        for number in 0..=255 {
            observations.trace([10, 0, 0, number].into(), Polled);
        }
        assert_eq!(observations.seen().ways.len(), WAYS_MAX);
    }

    #[test]
    fn a_name_that_many_use_is_not_hidden_by_many_that_nobody_uses() {
        let observations = ProxyObservations::default();
        for number in 0..VISITED_NAMES_MAX * 2 {
            observations.note(visit(&format!("box-{number}")));
        }
        for _ in 0..3 {
            observations.note(visit("parlour.local"));
        }
        for number in 0..VISITED_NAMES_MAX * 2 {
            observations.note(visit(&format!("attic-{number}")));
        }
        let seen = observations.seen();
        assert_eq!(seen.names.get("parlour.local"), Some(&3), "{seen:?}");
        assert_eq!(seen.names.len(), VISITED_NAMES_MAX);
    }
}
