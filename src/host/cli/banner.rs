//! What a person sees when the house opens: where the page is, and how devices learn to trust it.

use std::io::{self, Write};
use std::net::SocketAddr;

use tokio::net::TcpListener;

use super::print::qr_code;
use crate::host::config::Config;
use crate::host::doctor::{self, OnlyHere};
use crate::http::link::{Base, Reach};
use crate::net::certificates::Authority;
use crate::net::{Scheme, home_addresses};

/// Made before the house is opened, which takes the listeners.
pub struct Banner {
    base: Base,
    place: String,
    /// Where no browser warns of a house that it does not trust yet.
    plain: Base,
}

impl Banner {
    pub fn new(config: &Config, house: &[TcpListener], redirect: &[TcpListener]) -> Self {
        let (house, redirect) = (addresses(house), addresses(redirect));
        let base = Base::of(config.public_url.as_ref(), config.scheme(), None, &house, &home_addresses());
        let place = place(&base, &house);
        let plain = match redirect.as_slice() {
            [] => base.clone(),
            redirect => Base::of(None, Scheme::Http, None, redirect, &home_addresses()),
        };
        Self { base, place, plain }
    }

    /// Where nobody reads standard output, nobody needs the address.
    pub fn print(&self, authority: Option<&Authority>) {
        let code = qr_code(&self.base.url).unwrap_or_default();
        let mut out = io::stdout().lock();
        drop(write!(out, "\n{code}\n{}:\n\n    {}\n\n", self.place, self.base.url));
        if let Some(authority) = authority {
            let how = "To make a device trust this house, open this on it once and compare the fingerprint";
            drop(write!(out, "{how}:\n\n    {}trust\n    {}\n\n", self.plain.url, authority.fingerprint));
        }
        drop(out.flush());
    }
}

fn addresses(listeners: &[TcpListener]) -> Vec<SocketAddr> {
    listeners.iter().filter_map(|listener| listener.local_addr().ok()).collect()
}

/// Where the page can be opened, and if it is here alone, why.
fn place(base: &Base, listening: &[SocketAddr]) -> String {
    let others = match base.reach {
        Reach::Anywhere => Some("anywhere"),
        Reach::Network => Some("on a phone or computer on the same network"),
        Reach::Device => None,
    };
    if let Some(others) = others {
        return match doctor::why_only_here(listening, None) {
            OnlyHere::Loopback(address) => format!(
                "The house answers only on this computer (listen = \"{address}\").\n\
                 If a proxy here forwards to it, open this page {others}"
            ),
            _ => format!("Open this page {others}"),
        };
    }
    let here = "Open this page on this computer";
    match doctor::why_only_here(listening, doctor::missing(listening)) {
        OnlyHere::Loopback(address) => format!("{here} (listen = \"{address}\" accepts no other device)"),
        OnlyHere::Missing(address) => {
            format!("Nobody can open this page until this machine has the address {address} (listen)")
        }
        OnlyHere::NoNetwork => format!("{here} (it has no address on a network)"),
    }
}
