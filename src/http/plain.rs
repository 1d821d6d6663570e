//! Plain HTTP where the house speaks HTTPS: everything is sent on.
//!
//! The second route of the table, behind the guard. A `Host` that is not ours, or an address that is neither
//! of a home network nor the one at which the request arrived, is refused and leads nowhere. Path and query
//! are kept here; the fragment, which holds the token of a link, never comes here: the browser keeps it (RFC
//! 9110, section 10.2.2). The method is kept as well (section 15.4.9).

use std::net::SocketAddr;
use std::sync::Arc;

use warp::http::{HeaderMap, HeaderValue, StatusCode, header};
use warp::path::FullPath;
use warp::reply::Response;
use warp::{Filter, filters::BoxedFilter};

use super::{Web, reply};
use crate::domain::Refusal;
use crate::net::{Line, Peer};
use crate::net::{Scheme, without_port};

/// Takes every request that came by a plain line though the house speaks HTTPS.
pub fn elsewhere(web: &Arc<Web>) -> BoxedFilter<(Response,)> {
    let (web, looking) = (web.clone(), web.clone());
    let is_sent_on = move |peer: Option<Peer>| {
        let is_plain =
            looking.settings.scheme == Scheme::Https && peer.is_none_or(|peer| peer.line == Line::Plain);
        std::future::ready(if is_plain { Ok(()) } else { Err(warp::reject()) })
    };
    let query = warp::query::raw().map(Some).or(warp::any().map(|| None)).unify();
    let answer = move |path: Option<FullPath>, query: Option<String>, headers: HeaderMap, peer| {
        let path = path.as_ref().map_or("/", FullPath::as_str);
        match web.guard.host_here(peer, &headers) {
            Some(host) => sent_on(&web.target(&host, path, query.as_deref())),
            None => reply::refusal_for(&headers, web.start_path(), &Refusal::WrongHost),
        }
    };
    let came = warp::ext::optional::<Peer>().and_then(is_sent_on).untuple_one();
    let asked = came.and(super::path()).and(query).and(warp::header::headers_cloned());
    asked.and(warp::ext::optional::<Peer>()).map(answer).boxed()
}

impl Web {
    /// The same address by HTTPS. The port is that of `public_url` where the request is for its host, else
    /// the one on which the house listens.
    fn target(&self, host: &str, path: &str, query: Option<&str>) -> String {
        let host = without_port(host);
        let public = self.settings.public_url.as_ref().filter(|url| without_port(url.authority()) == host);
        let port = self.settings.listening.first().map_or(Scheme::Https.port(), SocketAddr::port);
        let authority = match public {
            Some(url) => url.authority().to_owned(),
            None if port == Scheme::Https.port() => host.to_owned(),
            None => format!("{host}:{port}"),
        };
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        format!("https://{authority}{path}{query}")
    }
}

fn sent_on(target: &str) -> Response {
    let mut response = Response::default();
    match HeaderValue::from_str(target) {
        Ok(target) => {
            *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
            response.headers_mut().insert(header::LOCATION, target);
        }
        Err(_) => *response.status_mut() = StatusCode::BAD_REQUEST,
    }
    response
}
