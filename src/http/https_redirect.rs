//! Plain HTTP where the house speaks HTTPS: everything is sent on.
//!
//! `mod` asks before it looks at what a request means. A `Host` that is not ours, or an address that is
//! neither of a home network nor the one at which the request arrived, is refused and leads nowhere. Path and
//! query are kept here; the fragment, which holds the token of a link, never comes here: the browser keeps it
//! (RFC 9110, section 10.2.2).

use std::net::SocketAddr;

use warp::http::HeaderMap;
use warp::reply::Response;

use super::reply;
use super::web::Web;
use crate::domain::Refusal;
use crate::net::{Peer, Scheme, Transport, without_port};

/// What devices need before they trust the house is served by a plain transport too.
pub fn applies(web: &Web, peer: Option<Peer>, is_before_trust: bool) -> bool {
    let is_plain =
        web.settings.scheme == Scheme::Https && peer.is_none_or(|peer| peer.transport == Transport::Plain);
    is_plain && !(is_before_trust && web.authority().is_some())
}

pub fn answer(web: &Web, path: &str, query: &str, headers: &HeaderMap, peer: Option<Peer>) -> Response {
    match web.guard.host_here(peer, headers) {
        Some(host) => reply::redirect(&target(web, &host, path, query)),
        None => reply::refusal_for(headers, web.start_path(), &Refusal::WrongHost),
    }
}

/// At the port of `public_url` where the request is for its host, else the first at which the house listens.
fn target(web: &Web, host: &str, path: &str, query: &str) -> String {
    let host = without_port(host);
    let public = web.settings.public_url.as_ref().filter(|url| without_port(url.authority()) == host);
    let port = web.settings.listening.first().map_or(Scheme::Https.port(), SocketAddr::port);
    let authority = match public {
        Some(url) => url.authority().to_owned(),
        None if port == Scheme::Https.port() => host.to_owned(),
        None => format!("{host}:{port}"),
    };
    let mark = if query.is_empty() { "" } else { "?" };
    format!("https://{authority}{path}{mark}{query}")
}
