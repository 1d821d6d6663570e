//! What a route is, and which one a request means.
//!
//! [`routes`](super::routes) writes them; [`openapi`](super::openapi) describes them, with their [`Schema`]s.

use std::future::ready;

use futures_util::future::{BoxFuture, FutureExt};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use warp::http::Method;
use warp::reply::Response;

use super::guard::{Aim, is_reading};
use super::query::Parameter;
use super::reply::Answer;
use super::request::{BodyStream, JsonBody, Proof, RequestContext};
use crate::protocol::rest::RequestBody;

type Words = &'static str;

/// What a handler gives: its answer, when it is there.
pub trait Pending: Future<Output = Answer> + Send + 'static {}
impl<F: Future<Output = Answer> + Send + 'static> Pending for F {}

type Handler = Box<dyn Fn(RequestContext, BodyStream) -> BoxFuture<'static, Answer> + Send + Sync>;

/// To whom a listener answers. Each route is for one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    People,
    /// Those that read the figures, on an address of their own (`metrics_listen`).
    Collectors,
}

pub struct Route {
    pub method: Method,
    /// Whether HEAD is answered too.
    heads: bool,
    /// The path below the base path. `{name}` is any segment, `{name...}` is what is left.
    pub pattern: Words,
    pub summary: Words,
    pub proof: Proof,
    pub query: &'static [Parameter],
    pub body: Option<Schema>,
    /// The body of each successful status. Empty for a route that is not described to programs.
    pub answers: Vec<(&'static str, Content)>,
    pub aim: Aim,
    audience: Audience,
    /// Whether it is served over plain HTTP too where the house makes its own certificates: a device needs it
    /// before it trusts them.
    pub is_before_trust: bool,
    pub run: Handler,
}

impl Route {
    pub fn get<R: Pending>(pattern: Words, summary: Words, handler: fn(RequestContext) -> R) -> Self {
        let run: Handler = Box::new(move |request, _| handler(request).boxed());
        Self { heads: true, ..Self::new(Method::GET, pattern, summary, run) }
    }

    pub fn delete<R: Pending>(pattern: Words, summary: Words, handler: fn(RequestContext) -> R) -> Self {
        let run: Handler = Box::new(move |request, _| handler(request).boxed());
        Self::new(Method::DELETE, pattern, summary, run)
    }

    pub fn post<T: RequestBody + 'static, R: Pending>(
        pattern: Words,
        summary: Words,
        handler: fn(RequestContext, JsonBody<T>) -> R,
    ) -> Self {
        Self::with_body(Method::POST, pattern, summary, handler)
    }

    pub fn put<T: RequestBody + 'static, R: Pending>(
        pattern: Words,
        summary: Words,
        handler: fn(RequestContext, JsonBody<T>) -> R,
    ) -> Self {
        Self::with_body(Method::PUT, pattern, summary, handler)
    }

    pub fn patch<T: RequestBody + 'static, R: Pending>(
        pattern: Words,
        summary: Words,
        handler: fn(RequestContext, JsonBody<T>) -> R,
    ) -> Self {
        Self::with_body(Method::PATCH, pattern, summary, handler)
    }

    fn with_body<T: RequestBody + 'static, R: Pending>(
        method: Method,
        pattern: Words,
        summary: Words,
        handler: fn(RequestContext, JsonBody<T>) -> R,
    ) -> Self {
        let run: Handler = Box::new(move |request, body| {
            let run = async move {
                let body = request.json_body(body).await;
                handler(request, body).await
            };
            run.boxed()
        });
        Self { body: Some(Schema::of::<T>()), ..Self::new(method, pattern, summary, run) }
    }

    /// Something that is read, for which nothing is waited.
    pub fn get_sync(pattern: Words, summary: Words, handler: fn(&RequestContext) -> Response) -> Self {
        let run: Handler = Box::new(move |request, _| ready(Ok(handler(&request))).boxed());
        Self { heads: true, ..Self::new(Method::GET, pattern, summary, run) }
    }

    pub fn page(pattern: Words, handler: fn(&RequestContext) -> Response) -> Self {
        Self { aim: Aim::Page, ..Self::get_sync(pattern, "", handler) }
    }

    /// A socket, which HEAD cannot open.
    pub fn socket(pattern: Words, handler: fn(&RequestContext) -> Response) -> Self {
        Self { heads: false, ..Self::get_sync(pattern, "", handler) }
    }

    fn new(method: Method, pattern: Words, summary: Words, run: Handler) -> Self {
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
            audience: Audience::People,
            is_before_trust: false,
            run,
        }
    }

    pub fn proof(self, proof: Proof) -> Self {
        Self { proof, ..self }
    }

    pub fn for_collectors(self) -> Self {
        Self { audience: Audience::Collectors, ..self }
    }

    pub fn before_trust(self) -> Self {
        Self { is_before_trust: true, ..self }
    }

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

pub enum Content {
    Json(Schema),
    JsonOrText(Schema),
    AnyJson,
    Picture,
    Nothing,
}

/// How a type is described, with every type in it.
pub struct Schema {
    pub name: String,
    /// Its description, and those of the types in it.
    pub all: Vec<NamedSchema>,
}

pub type NamedSchema = (String, RefOr<utoipa::openapi::Schema>);

impl Schema {
    pub fn of<T: ToSchema>() -> Self {
        let name = T::name().into_owned();
        let mut all = vec![(name.clone(), T::schema())];
        T::schemas(&mut all);
        Self { name, all }
    }
}

pub struct Router {
    routes: Vec<Route>,
    /// The first segments of what is not the page.
    ours: Vec<&'static str>,
}

pub enum Found<'r> {
    /// With what is in the gaps of its pattern.
    Route(&'r Route, Vec<String>),
    /// The address is right and the method is not: these are.
    WrongMethod(String),
    Nothing,
}

impl Router {
    /// With those that are for `audience`.
    pub fn new(mut routes: Vec<Route>, audience: Audience) -> Self {
        routes.retain(|route| route.audience == audience);
        let ours = routes.iter().filter(|route| route.aim == Aim::House);
        let ours = ours.filter_map(|route| route.pattern.split('/').nth(1)).collect();
        Self { routes, ours }
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
    /// of the house, wherever it is: what is in front may be the base path.
    pub fn aim(&self, method: &Method, path: &str) -> Aim {
        let is_ours = path.split('/').any(|segment| self.ours.contains(&segment));
        if is_reading(method) && !is_ours { Aim::Page } else { Aim::House }
    }
}

/// What is in the gaps of `pattern`, if `path` fits it.
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
