//! The page and what it loads.
//!
//! `/`, `/j` and `/c` are one page, the same for everybody: what tells one chat from another is behind
//! the `#`, which browsers do not send. At `/j` it has a field for the code before any script has come. The
//! worker and the manifest are beside it: they are for the folder that they are in.

use warp::http::StatusCode;
use warp::reply::Response;

use crate::domain::Refusal;
use crate::http::assets::{self, JOIN_PAGE, MANIFEST, PAGE, WORKER};
use crate::http::guard::is_reading;
use crate::http::reply::{self, AnswerKind};
use crate::http::request::RequestContext;

pub fn start(request: &RequestContext) -> Response {
    file(request, PAGE, AnswerKind::Page { is_secure: request.is_secure() })
}

pub fn join(request: &RequestContext) -> Response {
    file(request, JOIN_PAGE, AnswerKind::Page { is_secure: request.is_secure() })
}

pub fn worker(request: &RequestContext) -> Response {
    file(request, WORKER, AnswerKind::Worker)
}

pub fn manifest(request: &RequestContext) -> Response {
    file(request, MANIFEST, AnswerKind::File)
}

pub fn asset(request: &RequestContext) -> Response {
    let path = request.gaps.first().map_or("", String::as_str);
    let found = assets::asset(path, &request.headers);
    let start = request.web.start_path();
    found.unwrap_or_else(|| reply::refusal_for(&request.headers, start, &Refusal::NoSuchPage))
}

fn file(request: &RequestContext, name: &'static str, kind: AnswerKind) -> Response {
    assets::named(name, kind, &request.headers).unwrap_or_else(|| reply::refusal(&Refusal::NoSuchPage))
}

/// There is nothing at this address: a person gets the page, which has a way on, a program a problem.
pub fn nowhere(request: &RequestContext) -> Response {
    let page =
        assets::text(PAGE).filter(|_| is_reading(&request.method) && reply::wants_page(&request.headers));
    page.map_or_else(|| reply::refusal(&Refusal::NoSuchPage), |page| lost(request, &page))
}

/// The page at an address that is none of its own, such as a link that was cut or spelled differently. It
/// asks for a link there; what it loads is where the start page has it.
fn lost(request: &RequestContext, page: &str) -> Response {
    let base = format!("<head>\n    <base href=\"{}\" />", request.web.start_path());
    let page = page.replacen("<head>", &base, 1);
    let response = reply::content(StatusCode::NOT_FOUND, "text/html; charset=utf-8", page);
    reply::as_kind(response, AnswerKind::Lost { is_secure: request.is_secure() })
}
