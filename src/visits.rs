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
    /// By which name of the house, as it stood in `Host`.
    pub name: String,
    /// By this proxy, which spoke for them and is not trusted.
    pub untrusted_proxy: Option<IpAddr>,
    /// By this one, which seems to be a proxy and did not say so.
    pub silent_proxy: Option<IpAddr>,
}

impl Visits {
    /// Notes a visit.
    pub fn note(&self, Visit { name, untrusted_proxy, silent_proxy }: Visit) {
        let mut seen = self.lock();
        if seen.names.len() < VISITED_NAMES_MAX || seen.names.contains_key(&name) {
            *seen.names.entry(name).or_default() += 1;
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
