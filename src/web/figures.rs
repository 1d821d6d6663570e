//! `GET /metrics`, on an address of its own: the figures of the house, for a collector.
//!
//! `lib` serves it only where the host said `metrics_listen`. Numbers, and nothing of anybody: see
//! [`tally`](crate::tally).

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;

use warp::http::StatusCode;
use warp::reply::Response;
use warp::{Filter, Reply};

use super::reply;
use crate::domain::Refusal;

/// Gives the figures, or nothing while the disk has failed.
pub type Figures = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Option<String>> + Send>> + Send + Sync>;

/// As Prometheus asks for it (`OpenMetrics` 1.0, section "Overall Structure").
const MEDIA: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The only route of that address.
pub fn routes(figures: Figures) -> impl Filter<Extract = (Response,), Error = Infallible> + Clone {
    let answer = move || {
        let told = figures();
        async move {
            match told.await {
                Some(text) => reply::content(StatusCode::OK, MEDIA, text),
                None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            }
        }
    };
    let nothing = warp::any().map(|| reply::refusal(&Refusal::NoSuchPage));
    warp::path!("metrics").and(warp::get()).then(answer).or(nothing).unify()
}
