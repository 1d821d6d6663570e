//! What reads the head of a request as functions of any text; see [`crate::fuzzing`].

use warp::http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::guard::{Aim, Guard, Head, Target};
use super::negotiate::{self, Coding};
use super::socket;
use crate::net::{Line, Peer};
use crate::net::{PublicUrl, Scheme};

/// What a client says that it takes.
pub fn accept(text: &str) {
    let media = ["image/svg+xml", "image/png"];
    assert!(negotiate::media(Some(text), &media).is_none_or(|chosen| media.contains(&chosen)), "offered");
    let languages = ["en", "de", "fr-CA"];
    assert!(
        negotiate::language(text, &languages).is_none_or(|chosen| languages.contains(&chosen)),
        "offered"
    );
    negotiate::coding(text, &[Coding::Br, Coding::Gzip]);
    negotiate::holds(text, "\"tag\"");
}

/// A head of lines, from a peer that is trusted and from one that is not.
pub fn head(text: &str) {
    let headers: HeaderMap = text.lines().filter_map(field).collect();
    let public = PublicUrl::parse("https://home.example/parlour/").ok();
    let trusted = "10.0.0.0/8".parse().ok().into_iter().collect();
    let guard = Guard::new(public, Scheme::Http, &["attic".to_owned()], trusted);
    for (address, method) in [("10.0.0.1:1", Method::POST), ("[2001:db8::1]:1", Method::GET)] {
        let end = |address: &str| address.parse().ok();
        let peer = end(address).zip(end("192.168.1.20:1"));
        let peer = peer.map(|(remote, local)| Peer::new(remote, local, Line::Plain));
        let (aim, target) = (Aim::House, Target::Agrees);
        let head = Head { method: &method, headers: &headers, aim, target, peer };
        let is_taken = guard.check(&head).is_ok();
        assert!(!is_taken || guard.host(&headers).is_some(), "what is taken has a Host of ours");
        guard.visit(&head);
        guard.traces(&head);
        guard.host_here(peer, &headers);
        guard.guest(peer, &headers);
        guard.is_secure(peer, &headers);
    }
    socket::is_handshake(&headers);
}

/// `Name: value`, as far as one can be sent.
fn field(line: &str) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = line.split_once(':')?;
    Some((name.parse().ok()?, HeaderValue::from_bytes(value.trim().as_bytes()).ok()?))
}
