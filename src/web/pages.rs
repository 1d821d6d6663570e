//! The three pages and what they load.
//!
//! `/`, `/j` and `/c` are the same for everybody: what tells one chat from another stands behind the `#`,
//! which browsers do not send.

use warp::http::HeaderMap;
use warp::path::Tail;
use warp::reply::Response;
use warp::{Filter, Rejection, filters::BoxedFilter};

use super::{assets, reply};
use crate::domain::Refusal;

/// The routes of the pages. `start` is the path of the start page.
pub fn routes(start: &str) -> BoxedFilter<(Response,)> {
    let pages = page("index.html", warp::path::end().boxed())
        .or(page("join.html", warp::path!("j").boxed()))
        .unify()
        .or(page("chat.html", warp::path!("c").boxed()))
        .unify();
    pages.or(files(start)).unify().boxed()
}

fn page(
    name: &'static str,
    path: BoxedFilter<()>,
) -> impl Filter<Extract = (Response,), Error = Rejection> + Clone {
    path.and(reading()).and(warp::header::headers_cloned()).map(move |headers: HeaderMap| {
        assets::page(name, &headers).unwrap_or_else(|| reply::refusal(&Refusal::NoSuchPage))
    })
}

fn files(start: &str) -> impl Filter<Extract = (Response,), Error = Rejection> + Clone + use<> {
    let start = start.to_owned();
    let path = warp::path("assets").and(warp::path::tail()).and(reading());
    path.and(warp::header::headers_cloned()).map(move |path: Tail, headers: HeaderMap| {
        let found = assets::asset(path.as_str(), &headers);
        found.unwrap_or_else(|| reply::refusal_for(&headers, &start, &Refusal::NoSuchPage))
    })
}

/// GET, and HEAD, which the server answers with the head of the same answer.
pub fn reading() -> impl Filter<Extract = (), Error = Rejection> + Clone {
    warp::get().or(warp::head()).unify()
}
