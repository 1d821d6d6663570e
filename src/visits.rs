//! How visitors come, as far as the doctor must know: by which names, and whether a proxy speaks for them.
//!
//! `web` notes each request, `admin` reads. No address of a visitor is kept, only those of proxies that hide
//! who comes; in memory, and at most [`VISITED_NAMES_MAX`] names.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::limits::VISITED_NAMES_MAX;

/// What was seen since the house was opened.
#[derive(Default)]
pub struct Visits(Mutex<Seen>);

/// What was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The names of the house that visitors used, as they stood in `Host`, and how often.
    pub names: BTreeMap<String, u64>,
    /// The last proxy that spoke for somebody and is not trusted.
    pub untrusted_proxy: Option<IpAddr>,
    /// The last peer that seemed to be a proxy and did not say for whom it spoke.
    pub silent_proxy: Option<IpAddr>,
}

/// How somebody came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// By which name of the house, as it stood in `Host`, if their word counts for anything.
    pub name: Option<String>,
    /// By this proxy, which spoke for them and is not trusted.
    pub untrusted_proxy: Option<IpAddr>,
    /// By this one, which seems to be a proxy and did not say so.
    pub silent_proxy: Option<IpAddr>,
}

impl Visits {
    /// Notes a visit.
    pub fn note(&self, Visit { name, untrusted_proxy, silent_proxy }: Visit) {
        let mut seen = self.lock();
        if let Some(name) = name {
            seen.count(name);
        }
        seen.untrusted_proxy = untrusted_proxy.or(seen.untrusted_proxy);
        seen.silent_proxy = silent_proxy.or(seen.silent_proxy);
    }

    /// What was seen so far.
    pub fn seen(&self) -> Seen {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
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

    fn visit(name: &str) -> Visit {
        Visit { name: Some(name.to_owned()), untrusted_proxy: None, silent_proxy: None }
    }

    #[test]
    fn a_name_that_many_use_is_not_hidden_by_many_that_nobody_uses() {
        let visits = Visits::default();
        for number in 0..VISITED_NAMES_MAX * 2 {
            visits.note(visit(&format!("box-{number}")));
        }
        for _ in 0..3 {
            visits.note(visit("parlour.local"));
        }
        for number in 0..VISITED_NAMES_MAX * 2 {
            visits.note(visit(&format!("attic-{number}")));
        }
        let seen = visits.seen();
        assert_eq!(seen.names.get("parlour.local"), Some(&3), "{seen:?}");
        assert_eq!(seen.names.len(), VISITED_NAMES_MAX);
    }
}
