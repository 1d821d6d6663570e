//! How visitors come, as far as the doctor must know: by which names, and whether a proxy speaks for them.
//!
//! `web` notes each request, `admin` reads. No address of a visitor is kept, only that of a proxy that nobody
//! trusts; in memory, and at most [`VISITED_NAMES_MAX`] names.

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
}

impl Visits {
    /// Notes a visit. `proxy` is the peer, where it speaks for somebody else and nobody trusts it.
    pub fn note(&self, name: &str, proxy: Option<IpAddr>) {
        let mut seen = self.lock();
        if seen.names.len() < VISITED_NAMES_MAX || seen.names.contains_key(name) {
            *seen.names.entry(name.to_owned()).or_default() += 1;
        }
        if proxy.is_some() {
            seen.untrusted_proxy = proxy;
        }
    }

    /// What was seen so far.
    pub fn seen(&self) -> Seen {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
