//! What a route is, and which one a request means.
//!
//! [`routes`](super::routes) writes them; [`openapi`](super::openapi) describes them.

use std::future::ready;

use futures_util::future::{BoxFuture, FutureExt};
use utoipa::ToSchema;
use warp::http::Method;
use warp::reply::Response;

use super::guard::{Aim, is_reading};
use super::query::Parameter;
use super::reply::Answer;
use super::request::{BodyStream, JsonBody, Proof, RequestContext};
use super::schema::{Content, Schema};
use crate::protocol::rest::RequestBody;

type Handler = Box<dyn Fn(RequestContext, BodyStream) -> BoxFuture<'static, Answer> + Send + Sync>;

/// What may be asked at one address with one method.
pub struct Route {
    /// GET, POST or DELETE.
    pub method: Method,
    /// Whether HEAD is answered too.
    heads: bool,
    /// The path below the base path. `{name}` is any segment, `{name...}` is what is left.
    pub pattern: &'static str,
    /// What it does, in words.
    pub summary: &'static str,
    /// Whether the device secret is sent.
    pub proof: Proof,
    /// What may stand behind the `?`.
    pub query: &'static [Parameter],
    /// The body that is sent.
    pub body: Option<Schema>,
    /// The body of each status that is no refusal; none at all where programs are not told of the route.
    pub answers: Vec<(&'static str, Content)>,
    /// For whom it is.
    pub aim: Aim,
    /// Whether it is served by plain HTTP too where devices are told to trust the house: they do not yet.
    pub is_before_trust: bool,
    pub run: Handler,
}

impl Route {
    /// Something that is read.
    pub fn get<R: Future<Output = Answer> + Send + 'static>(
        pattern: &'static str,
        summary: &'static str,
        handler: fn(RequestContext) -> R,
    ) -> Self {
        Self { heads: true, ..Self::without_body(Method::GET, pattern, summary, handler) }
    }

    /// Something that is taken away.
    pub fn delete<R: Future<Output = Answer> + Send + 'static>(
        pattern: &'static str,
        summary: &'static str,
        handler: fn(RequestContext) -> R,
    ) -> Self {
        let route = Self::without_body(Method::DELETE, pattern, summary, handler);
        route.answered("204", Content::Nothing)
    }

    /// Something that is done with a body of type `T`.
    pub fn post<T: RequestBody + 'static, R: Future<Output = Answer> + Send + 'static>(
        pattern: &'static str,
        summary: &'static str,
        handler: fn(RequestContext, JsonBody<T>) -> R,
    ) -> Self {
        let run: Handler = Box::new(move |request, body| {
            let run = async move {
                let body = request.json_body(body).await;
                handler(request, body).await
            };
            run.boxed()
        });
        Self { body: Some(Schema::of::<T>()), ..Self::new(Method::POST, pattern, summary, run) }
    }

    /// Something that is read, for which nothing is waited.
    pub fn get_sync(
        pattern: &'static str,
        summary: &'static str,
        handler: fn(&RequestContext) -> Response,
    ) -> Self {
        let run: Handler = Box::new(move |request, _| ready(Ok(handler(&request))).boxed());
        Self { heads: true, ..Self::new(Method::GET, pattern, summary, run) }
    }

    /// The page, or what it loads.
    pub fn page(pattern: &'static str, handler: fn(&RequestContext) -> Response) -> Self {
        Self { aim: Aim::Page, ..Self::get_sync(pattern, "", handler) }
    }

    /// A socket, which HEAD cannot open.
    pub fn socket(pattern: &'static str, handler: fn(&RequestContext) -> Response) -> Self {
        Self { heads: false, ..Self::get_sync(pattern, "", handler) }
    }

    fn without_body<R: Future<Output = Answer> + Send + 'static>(
        method: Method,
        pattern: &'static str,
        summary: &'static str,
        handler: fn(RequestContext) -> R,
    ) -> Self {
        Self::new(method, pattern, summary, Box::new(move |request, _| handler(request).boxed()))
    }

    fn new(method: Method, pattern: &'static str, summary: &'static str, run: Handler) -> Self {
        Self {
            method,
            heads: false,
            pattern,
            summary,
            proof: Proof::None,
            query: &[],
            body: None,
            answers: Vec::new(),
            aim: Aim::House,
            is_before_trust: false,
            run,
        }
    }

    pub fn proof(self, proof: Proof) -> Self {
        Self { proof, ..self }
    }

    /// Served by plain HTTP too where the house makes its own certificates.
    pub fn before_trust(self) -> Self {
        Self { is_before_trust: true, ..self }
    }

    /// What may stand behind the `?`.
    pub fn query(self, query: &'static [Parameter]) -> Self {
        Self { query, ..self }
    }

    /// 200 with JSON.
    pub fn answers<T: ToSchema>(self) -> Self {
        self.answered("200", Content::Json(Schema::of::<T>()))
    }

    /// 201 with JSON.
    pub fn creates<T: ToSchema>(self) -> Self {
        self.answered("201", Content::Json(Schema::of::<T>()))
    }

    pub fn answered(mut self, status: &'static str, content: Content) -> Self {
        self.answers.push((status, content));
        self
    }

    fn takes(&self, method: &Method) -> bool {
        *method == self.method || (*method == Method::HEAD && self.heads)
    }
}

/// The table, to look requests up in.
pub struct Router {
    routes: Vec<Route>,
    /// The first segments of what is not the page.
    ours: Vec<&'static str>,
}

/// What a request means.
pub enum Found<'r> {
    /// This route, with what stands in the gaps of its pattern.
    Route(&'r Route, Vec<String>),
    /// The address is right and the method is not: these are.
    WrongMethod(String),
    /// There is nothing.
    Nothing,
}

impl Router {
    /// A router of these routes.
    pub fn new(routes: Vec<Route>) -> Self {
        let ours = routes.iter().filter(|route| route.aim == Aim::House);
        let ours = ours.filter_map(|route| route.pattern.split('/').nth(1)).collect();
        Self { routes, ours }
    }

    /// Every route, in the order of the table.
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// What is at `path`, which begins with a slash and has no base path.
    pub fn find(&self, method: &Method, path: &str) -> Found<'_> {
        let here: Vec<_> =
            self.routes.iter().filter_map(|route| Some((route, gaps(route.pattern, path)?))).collect();
        if here.is_empty() {
            return Found::Nothing;
        }
        let allowed = allowed(here.iter().map(|(route, _)| *route));
        let found = here.into_iter().find(|(route, _)| route.takes(method));
        found.map_or(Found::WrongMethod(allowed), |(route, gaps)| Found::Route(route, gaps))
    }

    /// For whom a request is. A path is the house's where one of its segments could be the first of a route
    /// of the house, wherever it stands: what is in front may be the base path.
    pub fn aim(&self, method: &Method, path: &str) -> Aim {
        let is_ours = path.split('/').any(|segment| self.ours.contains(&segment));
        if is_reading(method) && !is_ours { Aim::Page } else { Aim::House }
    }
}

/// What stands in the gaps of `pattern`, where `path` fits it.
fn gaps(pattern: &str, path: &str) -> Option<Vec<String>> {
    let mut gaps = Vec::new();
    let mut left = path;
    for expected in pattern.split('/').skip(1) {
        left = left.strip_prefix('/')?;
        if expected.ends_with("...}") {
            gaps.push(left.to_owned());
            return Some(gaps);
        }
        let segment = left.split('/').next().unwrap_or_default();
        if expected.starts_with('{') && !segment.is_empty() {
            gaps.push(segment.to_owned());
        } else if expected != segment {
            return None;
        }
        left = &left[segment.len()..];
    }
    left.is_empty().then_some(gaps)
}

/// As `Allow` lists the methods (RFC 9110, section 10.2.1).
fn allowed<'r>(routes: impl Iterator<Item = &'r Route>) -> String {
    let words = routes.flat_map(|route| [Some(route.method.as_str()), route.heads.then_some("HEAD")]);
    words.flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_fits_a_pattern_segment_by_segment() {
        for (pattern, path, expected) in [
            ("/", "/", Some(vec![])),
            ("/", "/j", None),
            ("/j", "/j", Some(vec![])),
            ("/j", "/j/", None),
            ("/j", "/", None),
            ("/seats/{seat}", "/seats/A", Some(vec!["A"])),
            ("/seats/{seat}", "/seats/", None),
            ("/seats/{seat}", "/seats", None),
            ("/seats/{seat}", "/seats/A/B", None),
            ("/seats/{seat}/devices/{device}", "/seats/A/devices/B", Some(vec!["A", "B"])),
            ("/seats/{seat}/devices/{device}", "/seats/A/invites/B", None),
            ("/assets/{path...}", "/assets/app/a.js", Some(vec!["app/a.js"])),
            ("/assets/{path...}", "/assets/", Some(vec![""])),
            ("/assets/{path...}", "/assets", None),
        ] {
            let expected = expected.map(|gaps| gaps.into_iter().map(str::to_owned).collect());
            assert_eq!(gaps(pattern, path), expected, "{pattern} {path}");
        }
    }
}
