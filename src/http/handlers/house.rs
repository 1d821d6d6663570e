//! What is told of the house itself.

use warp::http::StatusCode;
use warp::reply::Response;

use crate::http::reply::{self, Answer};
use crate::http::request::RequestContext;
use crate::protocol::rest;
use crate::protocol::text::IdleText;

/// As Prometheus asks for it (`OpenMetrics` 1.0, section "Overall Structure").
const FIGURES: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Numbers, and nothing of anybody.
pub async fn figures(request: RequestContext) -> Answer {
    Ok(reply::content(StatusCode::OK, FIGURES, (request.web.figures)().await?))
}

pub async fn health(request: RequestContext) -> Answer {
    request.web.house.store.check().await?;
    Ok(reply::json(&rest::Health { status: "ok" }))
}

pub fn description(request: &RequestContext) -> Response {
    let text = request.web.openapi.get().cloned().unwrap_or_default();
    reply::content(StatusCode::OK, "application/json", text)
}

pub fn show(request: &RequestContext) -> Response {
    let settings = &request.web.settings;
    reply::json(&rest::HouseAnswer {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        may_start: request.may_start(),
        idles: settings.idle_choices.iter().copied().map(IdleText).collect(),
        idle_default: IdleText(settings.idle_default),
        reach: request.base().reach,
        warnings: if request.is_host() { (request.web.doctor)() } else { Vec::new() },
    })
}
