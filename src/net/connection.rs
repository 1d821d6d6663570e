//! One connection, from its first byte until it is closed or becomes something else.
//!
//! `accept` spawns one task a connection, so that a panic in one ends only that one. Nothing here knows
//! whether the stream is encrypted.

use std::error::Error;
use std::pin::{Pin, pin};
use std::sync::Arc;

use hyper::body::{Body, Incoming};
use hyper::header::{CACHE_CONTROL, CONNECTION, HeaderValue, RETRY_AFTER, TRANSFER_ENCODING};
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::answer::{Course, Running, TrackedBody};
use super::permits::Permit;
use super::unparsed::Answering;
use super::{Limits, Peer};
use crate::limits;

/// What a service's error must be; `Infallible` is one.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// What answers requests: a service of `hyper` that connections can share.
pub trait HttpService:
    Service<
        Request<Incoming>,
        Response = Response<<Self as HttpService>::Body>,
        Error: Into<BoxError>,
        Future: Send + 'static,
    > + Clone
    + Send
    + Sync
    + 'static
{
    type Body: Body<Data: Send, Error: Into<BoxError>> + Unpin + Send + 'static;
}

impl<S, B> HttpService for S
where
    S: Service<Request<Incoming>, Response = Response<B>, Error: Into<BoxError>, Future: Send + 'static>,
    S: Clone + Send + Sync + 'static,
    B: Body<Data: Send, Error: Into<BoxError>> + Unpin + Send + 'static,
{
    type Body = B;
}

/// The two ways in which a house ends its connections.
#[derive(Clone, Default)]
pub struct Stop {
    /// Finish what is under way and begin nothing.
    pub gently: CancellationToken,
    pub at_once: CancellationToken,
}

/// Serves one connection until its peer, a deadline or `stop` ends it, or until it is upgraded.
pub async fn run(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    permit: Permit,
    peer: Peer,
    service: impl HttpService,
    limits: Arc<Limits>,
    stop: Stop,
) {
    let course = Course::new();
    let attended = Attended { service, peer, course: course.clone(), limits: Arc::clone(&limits) };
    let stream = Answering::new(stream, permit, course.clone(), limits.wording);
    let connection = protocol(&limits).serve_connection(TokioIo::new(stream), attended).with_upgrades();
    let mut connection = pin!(connection);
    let mut overdue = pin!(course.overdue(limits.request_deadline));
    let mut stopping = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                return ended.unwrap_or_else(|error| log::debug!("a connection ended: {error}"));
            }
            () = &mut overdue => return log::debug!("a connection was closed: it made no progress"),
            () = stop.at_once.cancelled() => return,
            () = stop.gently.cancelled(), if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

fn protocol(limits: &Limits) -> http1::Builder {
    let mut protocol = http1::Builder::new();
    protocol
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_deadline)
        .max_buf_size(limits::HEAD_BYTES_MAX)
        .max_headers(limits::HEAD_FIELDS_MAX)
        .half_close(false)
        .keep_alive(true);
    protocol
}

/// A service that knows its peer, and answers for one that takes too long.
///
/// A body in chunks is the last of its connection. `hyper` takes no notice of a `Content-Length` beside it,
/// by which a proxy may have told where the next request begins (RFC 9112, section 6.1); it does not even
/// show it.
struct Attended<S> {
    service: S,
    peer: Peer,
    course: Course,
    limits: Arc<Limits>,
}

impl<S: HttpService> Service<Request<Incoming>> for Attended<S> {
    type Response = Response<TrackedBody<S::Body>>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(self.peer);
        let is_last = request.headers().contains_key(TRANSFER_ENCODING);
        let running = self.course.begin();
        let answer = timeout(self.limits.answer_deadline, self.service.call(request));
        Box::pin(async move {
            match answer.await {
                Ok(answer) => {
                    let mut answer = answer?.map(|body| TrackedBody::new(Some(body), running));
                    if is_last {
                        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                    }
                    Ok(answer)
                }
                Err(_) => Ok(too_late(running)),
            }
        })
    }
}

fn too_late<B>(running: Running) -> Response<TrackedBody<B>> {
    log::warn!("a request was cancelled: its answer took too long");
    let mut answer = Response::new(TrackedBody::new(None, running));
    *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let fields = [(CONNECTION, "close"), (RETRY_AFTER, "1"), (CACHE_CONTROL, "no-store")];
    answer.headers_mut().extend(fields.map(|(name, value)| (name, HeaderValue::from_static(value))));
    answer
}
