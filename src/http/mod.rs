//! The house as a web server: from a request to its answer.
//!
//! The only room that says `warp`, or which status code a refusal has. `app` makes one [`Web`] and gives its
//! [`service`] to `net`. warp takes a request apart here and nothing else: connections, deadlines and
//! upgrades are `net`'s, and which handler answers is looked up in the table of [`routes`].

mod assets;
pub mod guard;
mod handlers;
mod https_redirect;
pub mod link;
mod mistyped;
pub mod negotiate;
mod openapi;
pub mod qr;
mod query;
mod reply;
mod request;
mod router;
mod routes;
pub mod socket;
mod web;

use std::sync::Arc;
use std::time::Instant;

use bytes::{Buf, Bytes};
use futures_util::{Stream, StreamExt, TryStreamExt};
use warp::http::{HeaderValue, StatusCode, header};
use warp::path::FullPath;
use warp::reply::Response;
use warp::{Filter, filters::BoxedFilter};

pub use reply::unparsed;
pub use router::Audience;
pub use web::{Doctor, Figures, MayStart, Settings, Web};

use crate::domain::Refusal;
use crate::limits::SLOW_REQUEST;
use crate::net::{self, HttpService, OnUpgrade, Peer};
use guard::{Head, Target};
use handlers::pages;
use mistyped::Untidy;
use request::{BodyStream, Proof, RequestContext};
use router::{Found, Route, Router};

const API: &str = "/api/v1";

/// Answers every request on a listener for these. People are served below the path of `public_url` and,
/// because a proxy may have taken that away, without it.
pub fn service(web: &Arc<Web>, audience: Audience) -> impl HttpService + use<> {
    let server = Arc::new(Server::new(web, audience));
    let head = warp::method().and(path()).and(query()).and(warp::header::headers_cloned()).and(target());
    let connection = warp::ext::optional::<Peer>().and(warp::ext::optional::<OnUpgrade>());
    let web = Arc::clone(web);
    let request = head.and(connection).and(warp::body::stream()).map(
        move |method, path, query, headers, target, peer, upgrade, body| {
            let (web, gaps, proof) = (Arc::clone(&web), Vec::new(), Proof::None);
            let context = RequestContext { web, method, headers, query, gaps, proof, peer, upgrade };
            HttpRequest { path, target, context, body: boxed(body) }
        },
    );
    net::from_tower(warp::service(request.then(move |request| {
        let server = Arc::clone(&server);
        async move { server.answer(request).await }
    })))
}

struct HttpRequest {
    path: String,
    target: Target,
    /// Without what its route says.
    context: RequestContext,
    body: BodyStream,
}

/// `/` in a request without a path, such as CONNECT: `full` panics there, and `end` takes it, and `/` too.
fn path() -> BoxedFilter<(String,)> {
    let full = warp::path::full().map(|path: FullPath| path.as_str().to_owned());
    warp::path::end().map(|| "/".to_owned()).or(full).unify().boxed()
}

fn query() -> BoxedFilter<(String,)> {
    warp::query::raw().or(warp::any().map(String::new)).unify().boxed()
}

fn target() -> BoxedFilter<(Target,)> {
    let agrees = warp::host::optional().map(|_| Target::Agrees);
    agrees.or(warp::any().map(|| Target::Disagrees)).unify().boxed()
}

fn boxed<B: Buf>(body: impl Stream<Item = Result<B, warp::Error>> + Send + 'static) -> BodyStream {
    body.map_ok(|mut part| -> Bytes { part.copy_to_bytes(part.remaining()) }).boxed()
}

struct Server {
    web: Arc<Web>,
    audience: Audience,
    router: Router,
}

impl Server {
    fn new(web: &Arc<Web>, audience: Audience) -> Self {
        web.openapi.get_or_init(|| openapi::text(&routes::all()));
        Self { web: Arc::clone(web), audience, router: Router::new(routes::all(), audience) }
    }

    async fn answer(&self, request: HttpRequest) -> Response {
        let begun = Instant::now();
        let (pattern, response) = self.route(request).await;
        let status = response.status();
        self.web.house.metrics.answered(status.as_u16());
        // One whose body did not come in time is its sender's matter.
        let is_late = begun.elapsed() >= SLOW_REQUEST && status != StatusCode::REQUEST_TIMEOUT;
        if is_late || status == StatusCode::INTERNAL_SERVER_ERROR {
            self.web.house.failures.note_request(pattern, status.as_u16(), begun.elapsed());
        }
        reply::with_security_headers(response)
    }

    /// The answer, and the pattern of its route; empty where it has none.
    async fn route(&self, request: HttpRequest) -> (&'static str, Response) {
        let meaning = match self.audience {
            Audience::People => self.meaning(&request),
            Audience::Collectors => self.meaning_for_collectors(&request),
        };
        match meaning {
            Meaning::Answer(response) => ("", response),
            Meaning::Nowhere => ("", pages::nowhere(&request.context)),
            Meaning::Route(route, gaps) => {
                let context = RequestContext { gaps, proof: route.proof, ..request.context };
                let answer = (route.run)(context, request.body).await;
                (route.pattern, answer.unwrap_or_else(|fault| reply::fault(&fault, &self.web.house.failures)))
            }
        }
    }

    /// The order of what is looked at: the guard, plain HTTP, the form of the path, the table.
    fn meaning(&self, request: &HttpRequest) -> Meaning<'_> {
        if let Some(refused) = self.refused(request) {
            return Meaning::Answer(refused);
        }
        let HttpRequest { path, context: RequestContext { method, headers, query, peer, .. }, .. } = request;
        let (start, below) = (self.web.start_path(), below(self.web.start_path(), path));
        if below == "/trust/" {
            // Before the redirect to HTTPS: a device that comes here does not trust the certificate yet.
            return Meaning::Answer(reply::redirect(&format!("{start}trust")));
        }
        let found = self.router.find(method, below);
        let is_before_trust = matches!(&found, Found::Route(route, _) if route.is_before_trust);
        if https_redirect::applies(&self.web, *peer, is_before_trust) {
            return Meaning::Answer(https_redirect::answer(&self.web, path, query, headers, *peer));
        }
        match (Untidy::of(path, start), found) {
            (Some(Untidy::WithoutSlash), _) => Meaning::Answer(reply::redirect(start)),
            (Some(Untidy::JoinPage(address)), _) => Meaning::Answer(reply::redirect(&address)),
            (None, Found::Route(route, gaps)) => Meaning::Route(route, gaps),
            (None, Found::WrongMethod(allowed)) => Meaning::Answer(wrong_method(&allowed)),
            (None, Found::Nothing) if is_for_programs(below) => {
                Meaning::Answer(reply::refusal(&Refusal::NoSuchPage))
            }
            (Some(Untidy::Stray), _) | (None, Found::Nothing) => Meaning::Nowhere,
        }
    }

    /// Figures are only for somebody who calls the house by a name or an address of its own: no page of
    /// another site reads them by a name of that site (DNS rebinding).
    fn meaning_for_collectors(&self, request: &HttpRequest) -> Meaning<'_> {
        let RequestContext { method, headers, peer, .. } = &request.context;
        if self.web.guard.host_here(*peer, headers).is_none() {
            return Meaning::Answer(reply::refusal(&Refusal::WrongHost));
        }
        match self.router.find(method, &request.path) {
            Found::Route(route, gaps) => Meaning::Route(route, gaps),
            Found::WrongMethod(allowed) => Meaning::Answer(wrong_method(&allowed)),
            Found::Nothing => Meaning::Answer(reply::refusal(&Refusal::NoSuchPage)),
        }
    }

    /// The refusal of a request that must not come further. Notes how it came.
    fn refused(&self, request: &HttpRequest) -> Option<Response> {
        let HttpRequest { path, target, context: RequestContext { method, headers, peer, .. }, .. } = request;
        let aim = self.router.aim(method, path);
        let head = Head { method, headers, aim, target: *target, peer: *peer };
        let (guard, observations) = (&self.web.guard, &self.web.observations);
        for (peer, trace) in guard.traces(&head) {
            observations.trace(peer, trace);
        }
        match guard.check(&head) {
            Ok(()) => {
                if let Some(visit) = guard.visit(&head) {
                    observations.note(visit);
                }
                None
            }
            Err(refusal) => Some(reply::refusal_for(headers, self.web.start_path(), &refusal)),
        }
    }
}

enum Meaning<'r> {
    Answer(Response),
    /// With what is in the gaps of its pattern.
    Route(&'r Route, Vec<String>),
    Nowhere,
}

fn below<'p>(start: &str, path: &'p str) -> &'p str {
    let base = start.trim_end_matches('/');
    path.strip_prefix(base).filter(|below| below.starts_with('/')).unwrap_or(path)
}

fn is_for_programs(path: &str) -> bool {
    path.strip_prefix(API).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn wrong_method(allowed: &str) -> Response {
    let mut response = reply::refusal(&Refusal::WrongMethod);
    if let Ok(allowed) = HeaderValue::from_str(allowed) {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}
