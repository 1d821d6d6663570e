//! The house as a web server: the whole table of what can be asked, and by whom each is answered.
//!
//! The only room that says `warp`, or a status code. `lib` makes one [`Web`] and gives its [`routes`] to
//! `listen`. warp is a router here and nothing else: connections, deadlines and upgrades are `listen`'s,
//! and a warp `Rejection` only ever says "not this route".

mod ask;
mod assets;
mod figures;
pub(crate) mod fuzzing;
pub mod guard;
pub mod link;
mod mistyped;
mod negotiate;
mod noted;
mod pages;
mod plain;
pub mod qr;
mod query;
mod reply;
mod rest;
mod socket;
mod transcript;
mod trust;
mod view;

use std::net::SocketAddr;
use std::sync::Arc;

use ipnet::IpNet;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use warp::http::{HeaderMap, HeaderValue, Method, header};
use warp::path::FullPath;
use warp::reply::{Reply, Response};
use warp::{Filter, Rejection, filters::BoxedFilter};

pub use ask::MayStart;
pub use figures::{Figures, routes as figures};
pub use reply::unparsed;

use crate::domain::{Idle, Refusal};
use crate::house::House;
use crate::limits;
use crate::net::certificates::Certificates;
use crate::net::{OnUpgrade, Peer};
use crate::net::{PublicUrl, Scheme};
use crate::protocol::rest::Warning;
use crate::session::strangers::Strangers;
use ask::{asked, sent};
use guard::{Aim, Bodies, Guard, Head, Target};
use rest::Answer;

/// What the host decided, as far as the web is concerned.
#[derive(Clone)]
pub struct Settings {
    /// What links begin with.
    pub public_url: Option<PublicUrl>,
    /// Who may start a chat.
    pub may_start: MayStart,
    /// The idle times to choose from.
    pub idle_choices: Vec<Idle>,
    /// The one that is chosen when nobody chooses.
    pub idle_default: Idle,
    /// Peers whose `X-Forwarded-...` fields are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Further names that the house answers to.
    pub names: Vec<String>,
    /// The addresses on which the house listens, with their real ports.
    pub listening: Vec<SocketAddr>,
    /// What the house speaks there.
    pub scheme: Scheme,
    /// Its certificates, if it speaks HTTPS.
    pub certificates: Option<Arc<Certificates>>,
}

/// What does not work in the house, for the host.
pub type Doctor = Arc<dyn Fn() -> Vec<Warning> + Send + Sync>;

/// Everything that answering a request takes; one for the house.
pub struct Web {
    house: Arc<House>,
    settings: Settings,
    doctor: Doctor,
    guard: Guard,
    strangers: Strangers,
    bodies: Bodies,
    drawing: Arc<Semaphore>,
    sockets: TaskTracker,
    stop: CancellationToken,
}

impl Web {
    /// A web room for `house`. Sockets are tasks of `sockets`; they say goodbye when `stop` is cancelled.
    pub fn new(
        house: Arc<House>,
        settings: Settings,
        doctor: Doctor,
        sockets: TaskTracker,
        stop: CancellationToken,
    ) -> Arc<Self> {
        let public_url = settings.public_url.clone();
        let proxies = settings.trusted_proxies.clone();
        let guard = Guard::new(public_url, settings.scheme, &settings.names, proxies);
        let drawing = Arc::new(Semaphore::new(limits::DRAWINGS_MAX));
        Arc::new(Self {
            house,
            settings,
            doctor,
            guard,
            strangers: Strangers::default(),
            bodies: Bodies::default(),
            drawing,
            sockets,
            stop,
        })
    }

    /// The path of the start page, as a browser behind the proxy sees it.
    fn start_path(&self) -> &str {
        self.settings.public_url.as_ref().map_or("/", PublicUrl::base_path)
    }
}

/// The table. Requests are served below the path of `public_url` and, because a proxy may have taken that
/// away, without it.
pub fn routes(
    web: &Arc<Web>,
) -> impl Filter<Extract = (impl Reply + use<>,), Error = Rejection> + Clone + use<> {
    let table = below(web.start_path()).and(inside(web)).or(nothing(web)).unify();
    let table =
        trust::routes(web).or(plain::elsewhere(web)).unify().or(untidy(web)).unify().or(table).unify();
    let counting = Arc::clone(web);
    let counted = move |answer: Response| {
        counting.house.metrics.answered(answer.status().as_u16());
        reply::armoured(answer)
    };
    refused(web).or(table).unify().map(counted).with(noted::noted())
}

/// Everything below the base path.
fn inside(web: &Arc<Web>) -> BoxedFilter<(Response,)> {
    let health =
        warp::path!("healthz").and(pages::reading()).and(asked(web.clone())).then(rest::health).map(answered);
    let api = api(web).or(other_methods()).unify();
    let api = api.or(warp::any().map(|| reply::refusal(&Refusal::NoSuchPage))).unify();
    let below = warp::path("api").and(warp::path("v1")).and(api);
    let own = pages::routes(web).or(health).unify().or(trust::without(web)).unify();
    own.or(below).unify().or(other_pages_methods()).unify().boxed()
}

/// Everything below `/api/v1`.
fn api(web: &Arc<Web>) -> BoxedFilter<(Response,)> {
    house_routes(web)
        .or(invite_routes(web))
        .unify()
        .or(seat_routes(web))
        .unify()
        .or(key_routes(web))
        .unify()
        .or(socket_route(web))
        .unify()
        .boxed()
}

fn house_routes(web: &Arc<Web>) -> BoxedFilter<(Response,)> {
    let ask = asked(web.clone());
    let house =
        warp::path!("house").and(pages::reading()).and(ask.clone()).map(|ask: ask::Ask| rest::house(&ask));
    let openapi = warp::path!("openapi.json").and(pages::reading()).map(rest::description);
    let start = warp::path!("chats")
        .and(warp::post())
        .and(ask)
        .and(sent(web.clone()))
        .then(rest::start)
        .map(answered);
    house.or(openapi).unify().or(start).unify().boxed()
}

fn invite_routes(web: &Arc<Web>) -> BoxedFilter<(Response,)> {
    let post = || warp::post().and(asked(web.clone())).and(sent(web.clone()));
    let greeting = warp::path!("invites" / "greeting").and(post()).then(rest::greeting);
    let status = warp::path!("invites" / "status").and(post()).then(rest::status);
    let qr = warp::path!("invites" / "qr").and(post()).then(rest::invite_qr);
    let enter = warp::path!("invites" / "enter").and(post()).then(rest::enter);
    greeting.or(status).unify().or(qr).unify().or(enter).unify().map(answered).boxed()
}

fn seat_routes(web: &Arc<Web>) -> BoxedFilter<(Response,)> {
    let ask = asked(web.clone());
    let post = || warp::post().and(asked(web.clone())).and(sent(web.clone()));
    let seats = warp::path!("seats").and(pages::reading()).and(ask.clone()).then(rest::seats);
    let leave = warp::path!("seats" / String).and(warp::delete()).and(ask.clone()).then(rest::leave);
    let seat = warp::path!("seats" / String).and(pages::reading()).and(ask.clone()).then(rest::seat);
    let news = warp::path!("seats" / String / "news").and(pages::reading()).and(ask.clone());
    let polling = seat.or(news.then(rest::news)).unify();
    let messages = warp::path!("seats" / String / "messages");
    let page = messages.and(pages::reading()).and(ask.clone()).then(rest::messages);
    let say = messages.and(post()).then(rest::say);
    let receipts = warp::path!("seats" / String / "receipts").and(post()).then(rest::receipts);
    let keep = warp::path!("seats" / String / "keep").and(post()).then(rest::keep);
    let end = warp::path!("seats" / String / "end").and(post()).then(rest::end);
    let transcript = warp::path!("seats" / String / "transcript").and(pages::reading()).and(ask);
    let transcript = transcript.then(transcript::transcript);
    let talking = page.or(say).unify().or(receipts).unify();
    let staying = seats.or(leave).unify().or(keep).unify().or(end).unify();
    talking.or(polling).unify().or(staying).unify().or(transcript).unify().map(answered).boxed()
}

/// Who is in by a seat, and who may come in.
fn key_routes(web: &Arc<Web>) -> BoxedFilter<(Response,)> {
    let ask = asked(web.clone());
    let devices = warp::path!("seats" / String / "devices").and(pages::reading()).and(ask.clone());
    let device = warp::path!("seats" / String / "devices" / String).and(warp::delete()).and(ask.clone());
    let invites = warp::path!("seats" / String / "invites").and(warp::post()).and(ask).and(sent(web.clone()));
    let (devices, sign_out) = (devices.then(rest::devices), device.then(rest::sign_out));
    devices.or(sign_out).unify().or(invites.then(rest::replace)).unify().map(answered).boxed()
}

fn socket_route(web: &Arc<Web>) -> BoxedFilter<(Response,)> {
    let route = warp::path!("socket").and(warp::get()).and(asked(web.clone()));
    let upgrade = warp::ext::optional::<OnUpgrade>();
    route.and(upgrade).map(|ask: ask::Ask, upgrade| socket::open(&ask, upgrade)).boxed()
}

/// What may be done at each address of the API, for those who try something else.
fn other_methods() -> BoxedFilter<(Response,)> {
    const READ: &str = "GET, HEAD";
    const SEND: &str = "POST";
    let reads = warp::path!("house").or(warp::path!("openapi.json")).unify().or(warp::path!("seats")).unify();
    let reads = reads.map(|| READ).or(warp::path!("seats" / String / Reads).map(|_, _| READ)).unify();
    let sends = warp::path!("chats").map(|| SEND).or(warp::path!("invites" / Invited).map(|_| SEND)).unify();
    let sends = sends.or(warp::path!("seats" / String / Sends).map(|_, _| SEND)).unify();
    let mixed = warp::path!("seats" / String / "messages").map(|_| "GET, HEAD, POST");
    let removes = warp::path!("seats" / String).map(|_| "GET, HEAD, DELETE");
    let removes = removes.or(warp::path!("seats" / String / "devices" / String).map(|_, _| "DELETE")).unify();
    let rest = mixed.or(removes).unify().or(warp::path!("socket").map(|| "GET")).unify();
    reads.or(sends).unify().or(rest).unify().map(wrong_method).boxed()
}

fn other_pages_methods() -> BoxedFilter<(Response,)> {
    let pages = pages::addresses().or(warp::path!("healthz")).unify();
    let files = warp::path("assets").and(warp::path::tail()).map(|_| ());
    pages.map(|| ()).or(files).unify().map(|()| wrong_method("GET, HEAD")).boxed()
}

/// The addresses below `/invites`.
struct Invited;

impl std::str::FromStr for Invited {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        matches!(word, "greeting" | "status" | "qr" | "enter").then_some(Self).ok_or(())
    }
}

/// The addresses of a seat from which something is only read.
struct Reads;

impl std::str::FromStr for Reads {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        matches!(word, "transcript" | "devices" | "news").then_some(Self).ok_or(())
    }
}

/// The addresses of a seat to which something is sent.
struct Sends;

impl std::str::FromStr for Sends {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        matches!(word, "receipts" | "keep" | "end" | "invites").then_some(Self).ok_or(())
    }
}

fn wrong_method(allowed: &'static str) -> Response {
    let mut response = reply::refusal(&Refusal::WrongMethod);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}

fn answered(answer: Answer) -> Response {
    answer.unwrap_or_else(|fault| reply::fault(&fault))
}

/// Takes the base path away where the request has it.
fn below(base_path: &str) -> BoxedFilter<()> {
    let mut base = warp::any().boxed();
    for segment in base_path.split('/').filter(|segment| !segment.is_empty()) {
        base = base.and(warp::path(segment.to_owned())).boxed();
    }
    base.or(warp::any()).unify().boxed()
}

/// What the guard refuses; everything else falls through.
fn refused(web: &Arc<Web>) -> BoxedFilter<(Response,)> {
    let web = web.clone();
    let agrees = warp::host::optional().map(|_| Target::Agrees);
    let target = agrees.or(warp::any().map(|| Target::Disagrees)).unify();
    let head = warp::method().and(path()).and(warp::header::headers_cloned()).and(target);
    let check = move |method: Method, path: Option<FullPath>, headers: HeaderMap, target, peer| {
        let aim = Aim::of(&method, path.as_ref().map_or("/", FullPath::as_str));
        let head = Head { method: &method, headers: &headers, aim, target, peer };
        std::future::ready(web.checked(&head).ok_or_else(warp::reject))
    };
    head.and(warp::ext::optional::<Peer>()).and_then(check).boxed()
}

/// The path; none in a request without any, such as CONNECT has: `full` panics there, and `end` takes it, and
/// `/` with it.
fn path() -> BoxedFilter<(Option<FullPath>,)> {
    warp::path::end().map(|| None).or(warp::path::full().map(Some)).unify().boxed()
}

impl Web {
    /// The refusal of a request that must not come further. Notes how it came.
    fn checked(&self, head: &Head<'_>) -> Option<Response> {
        for (peer, trace) in self.guard.traces(head) {
            self.house.visits.trace(peer, trace);
        }
        match self.guard.check(head) {
            Ok(()) => {
                if let Some(visit) = self.guard.visit(head) {
                    self.house.visits.note(visit);
                }
                None
            }
            Err(refusal) => Some(reply::refusal_for(head.headers, self.start_path(), &refusal)),
        }
    }
}

/// Paths that mean a page and are not its address, or from which its relative references would lead
/// elsewhere; warp does not tell them apart.
fn untidy(web: &Arc<Web>) -> BoxedFilter<(Response,)> {
    let (web, looking) = (web.clone(), web.clone());
    let look = move |path: Option<FullPath>| {
        let path = path.as_ref().map_or("/", FullPath::as_str);
        std::future::ready(Untidy::of(path, looking.start_path()).ok_or_else(warp::reject))
    };
    let answer = move |untidy: Untidy, asked: Asked| match untidy {
        Untidy::WithoutSlash => reply::elsewhere(web.start_path()),
        Untidy::Door(address) => reply::elsewhere(&address),
        Untidy::Stray => web.nowhere(&asked),
    };
    path().and_then(look).and(Asked::any()).map(answer).boxed()
}

/// What is looked at of a request that leads nowhere.
struct Asked {
    method: Method,
    headers: HeaderMap,
    peer: Option<Peer>,
}

impl Asked {
    fn any() -> BoxedFilter<(Self,)> {
        let parts = warp::method().and(warp::header::headers_cloned()).and(warp::ext::optional::<Peer>());
        parts.map(|method, headers, peer| Self { method, headers, peer }).boxed()
    }
}

impl Web {
    /// There is nothing at this address: a person gets the page, which has a way on, a program a problem.
    fn nowhere(&self, asked: &Asked) -> Response {
        let is_reading = asked.method == Method::GET || asked.method == Method::HEAD;
        if is_reading && reply::wants_page(&asked.headers) {
            pages::lost(self, &asked.headers, asked.peer)
        } else {
            reply::refusal(&Refusal::NoSuchPage)
        }
    }
}

/// What is wrong with a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Untidy {
    /// It is the start page but for its slash.
    WithoutSlash,
    /// It is nearly a link's door, which is at this address.
    Door(String),
    /// It has a slash where nothing follows: `/j/` is not `/j`.
    Stray,
}

impl Untidy {
    fn of(path: &str, start: &str) -> Option<Self> {
        if path == "/" || path == start {
            None
        } else if start.strip_suffix('/') == Some(path) {
            Some(Self::WithoutSlash)
        } else if let Some(door) = mistyped::door(path, start) {
            Some(Self::Door(door))
        } else {
            (path.contains("//") || path.ends_with('/')).then_some(Self::Stray)
        }
    }
}

/// The end of the table.
fn nothing(web: &Arc<Web>) -> BoxedFilter<(Response,)> {
    let web = web.clone();
    Asked::any().map(move |asked: Asked| web.nowhere(&asked)).boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_tidy_when_relative_references_work_from_it() {
        for (path, start, expected) in [
            ("/", "/", None),
            ("/j", "/", None),
            ("/", "/parlour/", None),
            ("/parlour/", "/parlour/", None),
            ("/parlour/j", "/parlour/", None),
            ("/parlour", "/parlour/", Some(Untidy::WithoutSlash)),
            ("/parlour", "/", None),
            ("/c/", "/", Some(Untidy::Stray)),
            ("//c", "/", Some(Untidy::Stray)),
            ("/parlour/c/", "/parlour/", Some(Untidy::Stray)),
            ("/j/", "/", Some(Untidy::Door("/j".to_owned()))),
            ("/parlour/J", "/parlour/", Some(Untidy::Door("/parlour/j".to_owned()))),
            ("//", "/", Some(Untidy::Stray)),
        ] {
            assert_eq!(Untidy::of(path, start), expected, "{path} {start}");
        }
    }
}
