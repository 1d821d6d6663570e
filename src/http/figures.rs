//! `GET /metrics`, on an address of its own: the figures of the house, for a collector.
//!
//! `app` serves it only where the host said `metrics_listen`. Numbers, and nothing of anybody: see
//! [`metrics`](crate::house::metrics).

use std::pin::Pin;
use std::sync::Arc;

use warp::http::{HeaderMap, Method, StatusCode};
use warp::{Filter, Reply};

use super::guard::Hosts;
use super::reply;
use crate::domain::Refusal;
use crate::net::{self, HttpService, Peer, PublicUrl, machine_name};

/// Gives the figures, or nothing while the disk has failed.
pub type Figures = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Option<String>> + Send>> + Send + Sync>;

/// As Prometheus asks for it (`OpenMetrics` 1.0, section "Overall Structure").
const MEDIA: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The only route of that address, and only for who calls it by a name or an address of the house, so that no
/// page of another site reads it by a name of its own (DNS rebinding).
pub fn service(
    figures: Figures,
    public_url: Option<&PublicUrl>,
    names: &[String],
) -> impl HttpService + use<> {
    let hosts = Arc::new(Hosts::new(public_url, names, machine_name().as_deref()));
    let check = move |headers: HeaderMap, peer: Option<Peer>| {
        let host = hosts.checked_here(&headers, peer.map(|peer| peer.local.ip()));
        std::future::ready(match host {
            Some(_) => Err(warp::reject()),
            None => Ok(reply::refusal(&Refusal::WrongHost)),
        })
    };
    let refused = warp::header::headers_cloned().and(warp::ext::optional::<Peer>()).and_then(check);
    let answer = move |method: Method| {
        let told = figures();
        async move {
            if method != Method::GET && method != Method::HEAD {
                return super::wrong_method("GET, HEAD");
            }
            match told.await {
                Some(text) => reply::content(StatusCode::OK, MEDIA, text),
                None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            }
        }
    };
    let nothing = warp::any().map(|| reply::refusal(&Refusal::NoSuchPage));
    let told = warp::path!("metrics").and(warp::method()).then(answer).or(nothing).unify();
    net::from_tower(warp::service(refused.or(told).unify().map(reply::with_security_headers)))
}
