//! The page and what it loads.
//!
//! `/`, `/j` and `/c` are one page, the same for everybody: what tells one chat from another stands behind
//! the `#`, which browsers do not send. At `/j` it has a field for the code before any script has come. The
//! worker and the manifest are beside it: they are for the folder
//! that they are in.

use std::sync::Arc;

use warp::http::{HeaderMap, StatusCode};
use warp::path::Tail;
use warp::reply::Response;
use warp::{Filter, Rejection, filters::BoxedFilter};

use super::Web;
use super::assets::{self, DOOR, MANIFEST, PAGE, WORKER};
use super::reply::{self, Role};
use crate::domain::Refusal;
use crate::net::Peer;

/// The routes of the page and its files.
pub fn routes(web: &Arc<Web>) -> BoxedFilter<(Response,)> {
    let worker = named(warp::path!("sw.js").boxed(), WORKER, Role::Worker);
    let manifest = named(warp::path!("manifest.webmanifest").boxed(), MANIFEST, Role::File);
    page(web).or(worker).unify().or(manifest).unify().or(files(web)).unify().boxed()
}

/// The addresses of everything here that has a name of its own.
pub fn addresses() -> BoxedFilter<()> {
    let beside = warp::path!("sw.js").or(warp::path!("manifest.webmanifest")).unify();
    rooms().map(drop).untuple_one().or(beside).unify().boxed()
}

/// The addresses of the page, each with the file that is served there.
fn rooms() -> BoxedFilter<(&'static str,)> {
    let page = warp::path::end().or(warp::path!("c")).unify().map(|| PAGE);
    page.or(warp::path!("j").map(|| DOOR)).unify().boxed()
}

fn page(web: &Arc<Web>) -> BoxedFilter<(Response,)> {
    let web = web.clone();
    let answer = move |file: &'static str, headers: HeaderMap, peer: Option<Peer>| {
        let is_secure = web.guard.is_secure(peer, &headers);
        served(file, Role::Page { is_secure }, &headers)
    };
    let asked = rooms().and(reading()).and(warp::header::headers_cloned());
    asked.and(warp::ext::optional::<Peer>()).map(answer).boxed()
}

/// The page at an address that is none of its own, such as a link that was cut or spelled differently. It
/// asks for a link there; what it loads is where the start page has it.
pub fn lost(web: &Web, headers: &HeaderMap, peer: Option<Peer>) -> Response {
    let Some(page) = assets::text(PAGE) else { return reply::refusal(&Refusal::NoSuchPage) };
    let base = format!("<head>\n    <base href=\"{}\" />", web.start_path());
    let page = page.replacen("<head>", &base, 1);
    let response = reply::content(StatusCode::NOT_FOUND, "text/html; charset=utf-8", page);
    reply::as_role(response, Role::Lost { is_secure: web.guard.is_secure(peer, headers) })
}

fn named(path: BoxedFilter<()>, name: &'static str, role: Role) -> BoxedFilter<(Response,)> {
    let asked = path.and(reading()).and(warp::header::headers_cloned());
    asked.map(move |headers: HeaderMap| served(name, role, &headers)).boxed()
}

fn served(name: &'static str, role: Role, headers: &HeaderMap) -> Response {
    assets::named(name, role, headers).unwrap_or_else(|| reply::refusal(&Refusal::NoSuchPage))
}

/// What pages load.
pub fn files(web: &Arc<Web>) -> BoxedFilter<(Response,)> {
    let web = web.clone();
    let path = warp::path("assets").and(warp::path::tail()).and(reading());
    let answer = move |path: Tail, headers: HeaderMap| {
        let found = assets::asset(path.as_str(), &headers);
        found.unwrap_or_else(|| reply::refusal_for(&headers, web.start_path(), &Refusal::NoSuchPage))
    };
    path.and(warp::header::headers_cloned()).map(answer).boxed()
}

/// GET, and HEAD, which the server answers with the head of the same answer.
pub fn reading() -> impl Filter<Extract = (), Error = Rejection> + Clone {
    warp::get().or(warp::head()).unify()
}
