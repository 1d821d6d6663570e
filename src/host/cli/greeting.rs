//! What a person sees when a house opens: its address, a QR code, and how devices are told to trust it.

use std::io::{self, Write};
use std::net::SocketAddr;

use crate::host::doctor::{self, OnlyHere};
use crate::http::link::{Base, Reach};
use crate::http::qr;
use crate::net::certificates::Authority;

/// What a person sees: the address, and its QR code where there is a terminal.
pub fn welcome(base: &Base, place: &str) {
    let mut out = io::stdout().lock();
    // Where nobody reads standard output, nobody needs the address.
    drop(write!(out, "{}", greeting(base, place, io::IsTerminal::is_terminal(&io::stdout()))));
    drop(out.flush());
}

/// How devices are told to trust a house that makes its certificates itself.
pub fn introduce(base: &Base, authority: &Authority) {
    let mut out = io::stdout().lock();
    let how = "To make a device trust this house, open this on it once and compare the fingerprint";
    drop(write!(out, "{how}:\n\n    {}trust\n    {}\n\n", base.url, authority.fingerprint()));
    drop(out.flush());
}

/// Where the page can be opened, and if it is here alone, why.
pub fn place(base: &Base, listening: &[SocketAddr]) -> String {
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

fn greeting(base: &Base, place: &str, with_code: bool) -> String {
    let code = if with_code { qr::terminal(&base.url).unwrap_or_default() } else { String::new() };
    format!("\n{code}\n{place}:\n\n    {}\n\n", base.url)
}
