//! How many may be in at once, over all and from one address.
//!
//! `accept` takes a [`PendingPermit`] before it accepts and makes it a [`Permit`] when it knows who came.
//! Dropping either gives the place back; nothing else does.

use std::net::IpAddr;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Limits;
use super::shares::{Share, Shares};

#[derive(Clone)]
pub struct Permits {
    places: Arc<Semaphore>,
    shares: Shares,
    limits: Arc<Limits>,
}

/// Room for one connection, from whomever.
pub type PendingPermit = OwnedSemaphorePermit;

pub struct Permit {
    _pending: PendingPermit,
    _share: Option<Share>,
}

impl Permits {
    pub fn new(limits: Arc<Limits>) -> Self {
        let places = Arc::new(Semaphore::new(limits.connections_max));
        Self { places, shares: Shares::default(), limits }
    }

    pub async fn pending(&self) -> PendingPermit {
        Arc::clone(&self.places).acquire_owned().await.expect("the semaphore is never closed")
    }

    /// Gives the place to a peer, unless it has as many as one address may have.
    pub fn permit(&self, pending: PendingPermit, address: IpAddr) -> Option<Permit> {
        let share = if self.limits.uncounted.iter().any(|net| net.contains(&address)) {
            None
        } else {
            Some(self.shares.take(address, 1, usize::MAX, self.limits.connections_per_address_max)?)
        };
        Some(Permit { _pending: pending, _share: share })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn permits(connections_max: usize, connections_per_address_max: usize) -> Permits {
        let uncounted = vec!["10.0.0.0/8".parse().unwrap()];
        let limits = Limits { connections_max, connections_per_address_max, uncounted, ..Limits::default() };
        Permits::new(Arc::new(limits))
    }

    async fn come(permits: &Permits, address: &str) -> Option<Permit> {
        permits.permit(permits.pending().await, address.parse().unwrap())
    }

    #[tokio::test]
    async fn an_address_gets_no_more_than_its_share_and_gets_it_back() {
        let permits = permits(10, 2);
        let first = come(&permits, "192.0.2.1").await;
        let second = come(&permits, "::ffff:192.0.2.1").await;
        assert!(first.is_some() && second.is_some());
        assert!(come(&permits, "192.0.2.1").await.is_none());
        assert!(come(&permits, "192.0.2.2").await.is_some());
        drop(first);
        assert!(come(&permits, "192.0.2.1").await.is_some());
        drop(second);
        assert!(permits.shares.are_untaken());
        assert_eq!(permits.places.available_permits(), 10);
    }

    #[tokio::test]
    async fn an_ipv6_network_counts_as_one_address() {
        let permits = permits(10, 1);
        let first = come(&permits, "2001:db8::1").await;
        assert!(come(&permits, "2001:db8::2").await.is_none());
        assert!(come(&permits, "2001:db8:0:1::1").await.is_some());
        drop(first);
    }

    #[tokio::test]
    async fn a_proxy_is_counted_only_by_the_house() {
        let permits = permits(3, 1);
        let all = [come(&permits, "10.0.0.1").await, come(&permits, "10.0.0.1").await];
        assert!(all.iter().all(Option::is_some));
        assert_eq!(permits.places.available_permits(), 1);
    }
}
