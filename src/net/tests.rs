#![allow(clippy::unwrap_used)]
use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Frame, Incoming};
use hyper::header::{CONNECTION, UPGRADE};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::*;

const ASK: &str = "GET / HTTP/1.1\r\nHost: house\r\n\r\n";
const LONG: Duration = Duration::from_secs(10);
const SHORT: Duration = Duration::from_millis(400);

/// Awaits what must come, and fails where it does not.
async fn soon<T>(event: impl Future<Output = T>) -> T {
    timeout(LONG, event).await.expect("nothing happened for 10 s")
}

struct House {
    at: SocketAddr,
    stop: CancellationToken,
    served: JoinHandle<()>,
}

impl House {
    fn open<F, R, B>(limits: Limits, answer: F) -> Self
    where
        F: Fn(Request<Incoming>) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Response<B>> + Send + 'static,
        B: Body<Data = Bytes, Error = Infallible> + Unpin + Send + 'static,
    {
        Self::open_to_drain(limits, LONG, answer)
    }

    fn open_to_drain<F, R, B>(limits: Limits, drain: Duration, answer: F) -> Self
    where
        F: Fn(Request<Incoming>) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Response<B>> + Send + 'static,
        B: Body<Data = Bytes, Error = Infallible> + Unpin + Send + 'static,
    {
        let listeners = bind(&["[::]:0".parse().unwrap()]).unwrap();
        let at = SocketAddr::from((Ipv4Addr::LOCALHOST, listeners[0].local_addr().unwrap().port()));
        let stop = CancellationToken::new();
        let service = service_fn(move |request| {
            let answer = answer(request);
            async { Ok::<_, Infallible>(answer.await) }
        });
        let listeners = listeners.into_iter().map(Listener::plain).collect();
        let served = tokio::spawn(serve(listeners, service, limits, stop.clone(), drain));
        Self { at, stop, served }
    }

    async fn knock(&self) -> TcpStream {
        soon(TcpStream::connect(self.at)).await.unwrap()
    }

    async fn knock_from(&self, address: [u8; 4]) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((Ipv4Addr::from(address), 0).into()).unwrap();
        soon(socket.connect(self.at)).await.unwrap()
    }

    async fn stops(self) {
        self.stop.cancel();
        soon(self.served).await.unwrap();
    }
}

async fn hello(_: Request<Incoming>) -> Response<Full<Bytes>> {
    Response::new(Full::from("hello"))
}

/// Sends and reads until the answer ends with `end`; what came.
async fn exchange(client: &mut TcpStream, text: &str, end: &str) -> String {
    client.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(end.as_bytes()) {
        let read = soon(client.read_buf(&mut answer)).await.unwrap();
        assert!(read > 0, "closed after {:?}", String::from_utf8_lossy(&answer));
    }
    String::from_utf8(answer).unwrap()
}

/// Whether the house answers; otherwise it has closed the connection.
async fn is_served(client: &mut TcpStream) -> bool {
    let mut answer = [0; 12];
    let sent = client.write_all(ASK.as_bytes()).await;
    sent.is_ok() && soon(client.read_exact(&mut answer)).await.is_ok() && answer == *b"HTTP/1.1 200"
}

/// Reads until the house closes the connection.
async fn rest(client: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let _ = soon(client.read_to_end(&mut answer)).await;
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn one_connection_carries_many_requests() {
    let house = House::open(Limits::default(), hello);
    let mut client = house.knock().await;
    for _ in 0..3 {
        let answer = exchange(&mut client, ASK, "hello").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    }
    house.stops().await;
}

#[tokio::test]
async fn a_request_knows_its_peer_and_the_way_it_came_in_by() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let house = House::open(Limits::default(), move |request: Request<Incoming>| {
        tell.send(*request.extensions().get::<Peer>().unwrap()).unwrap();
        hello(request)
    });
    let mut client = house.knock_from([127, 0, 0, 2]).await;
    exchange(&mut client, ASK, "hello").await;
    assert_eq!(
        told.recv().await.unwrap(),
        Peer::new(client.local_addr().unwrap(), house.at, Transport::Plain)
    );

    let mut client = TcpStream::connect(("::1", house.at.port())).await.unwrap();
    exchange(&mut client, ASK, "hello").await;
    let peer = told.recv().await.unwrap();
    assert_eq!(peer.address, "::1".parse::<IpAddr>().unwrap());
    assert_eq!(peer.local, SocketAddr::new(peer.address, house.at.port()));
}

#[tokio::test]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let house = House::open(Limits { head_deadline: SHORT, ..Limits::default() }, hello);
    let mut silent = house.knock().await;
    let mut half = house.knock().await;
    half.write_all(&ASK.as_bytes()[..20]).await.unwrap();
    let mut kept = house.knock().await;
    exchange(&mut kept, ASK, "hello").await;
    for client in [&mut silent, &mut half, &mut kept] {
        let answer = rest(client).await;
        assert!(!answer.contains("200"), "{answer}");
    }
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused_and_its_connection_closed() {
    let house = House::open(Limits::default(), hello);
    let long =
        format!("GET / HTTP/1.1\r\nHost: house\r\nX-Long: {}\r\n\r\n", "x".repeat(limits::HEAD_BYTES_MAX));
    let fields = "X-Field: 1\r\n".repeat(limits::HEAD_FIELDS_MAX);
    let many = format!("GET / HTTP/1.1\r\nHost: house\r\n{fields}\r\n");
    for head in [long, many] {
        let mut client = house.knock().await;
        client.write_all(head.as_bytes()).await.unwrap();
        let answer = rest(&mut client).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
}

#[tokio::test]
async fn one_connection_too_many_of_an_address_is_closed_and_others_are_served() {
    let house = House::open(Limits::default(), hello);
    let mut clients = Vec::new();
    for _ in 0..limits::CONNECTIONS_PER_ADDRESS_MAX {
        let mut client = house.knock().await;
        assert!(is_served(&mut client).await);
        clients.push(client);
    }
    assert!(!is_served(&mut house.knock().await).await);
    assert!(is_served(&mut house.knock_from([127, 0, 0, 2]).await).await);

    drop(clients.pop());
    while !is_served(&mut house.knock().await).await {}
}

#[tokio::test]
async fn a_full_house_lets_the_next_one_wait() {
    let house = House::open(Limits { connections_max: 1, ..Limits::default() }, hello);
    let mut first = house.knock().await;
    exchange(&mut first, ASK, "hello").await;
    let mut second = house.knock().await;
    second.write_all(ASK.as_bytes()).await.unwrap();
    assert!(timeout(SHORT, second.readable()).await.is_err());
    drop(first);
    assert!(exchange(&mut second, "", "hello").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn an_upgraded_connection_keeps_its_permit_until_it_is_closed() {
    let limits = Limits { connections_per_address_max: 1, ..Limits::default() };
    let (tell, mut told) = mpsc::unbounded_channel();
    let house = House::open(limits, move |mut request: Request<Incoming>| {
        let tell = tell.clone();
        async move {
            let Some(pending) = request.extensions_mut().remove::<OnUpgrade>() else {
                return Response::new(Full::from("hello"));
            };
            tokio::spawn(async move { tell.send(upgrade(pending).await.unwrap()).unwrap() });
            let answer = Response::builder().status(StatusCode::SWITCHING_PROTOCOLS);
            answer.header(CONNECTION, "upgrade").header(UPGRADE, "echo").body(Full::default()).unwrap()
        }
    });
    let mut client = house.knock().await;
    let ask = "GET / HTTP/1.1\r\nHost: house\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";
    let answer = exchange(&mut client, ask, "\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
    let mut stream = soon(told.recv()).await.unwrap();
    assert!(!is_served(&mut house.knock().await).await);

    stream.write_all(b"echo").await.unwrap();
    exchange(&mut client, "", "echo").await;
    drop(stream);
    while !is_served(&mut house.knock().await).await {}
}

#[tokio::test]
async fn an_answer_that_does_not_begin_is_given_up() {
    let limits = Limits { answer_deadline: SHORT, ..Limits::default() };
    let house = House::open(limits, |_| std::future::pending::<Response<Full<Bytes>>>());
    let mut client = house.knock().await;
    client.write_all(ASK.as_bytes()).await.unwrap();
    let answer = rest(&mut client).await;
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("connection: close\r\n"), "{answer}");
}

/// Tells when it is dropped; `left` bytes in one frame, or without end.
struct Watched {
    left: Option<usize>,
    gone: CancellationToken,
}

impl Body for Watched {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let length = self.left.unwrap_or(65_536);
        self.left = self.left.map(|_| 0);
        Poll::Ready((length > 0).then(|| Ok(Frame::data(Bytes::from(vec![b'x'; length])))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == Some(0)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.gone.cancel();
    }
}

fn watched(limits: Limits, left: Option<usize>) -> (House, CancellationToken) {
    let gone = CancellationToken::new();
    let token = gone.clone();
    let house = House::open_to_drain(limits, SHORT, move |_| {
        let gone = token.clone();
        async move { Response::new(Watched { left, gone }) }
    });
    (house, gone)
}

#[tokio::test]
async fn a_peer_that_never_reads_is_not_waited_for() {
    let (house, gone) = watched(Limits { request_deadline: SHORT, ..Limits::default() }, None);
    let mut client = house.knock().await;
    client.write_all(ASK.as_bytes()).await.unwrap();
    soon(gone.cancelled()).await;
}

#[tokio::test]
async fn a_peer_that_never_reads_what_is_in_the_buffers_is_not_waited_for() {
    let limits =
        Limits { request_deadline: SHORT, head_deadline: SHORT, connections_max: 1, ..Limits::default() };
    let (house, gone) = watched(limits, Some(32 << 20));
    let mut client = house.knock().await;
    client.write_all(ASK.as_bytes()).await.unwrap();
    soon(gone.cancelled()).await;
    assert!(is_served(&mut house.knock().await).await);
}

#[tokio::test]
async fn a_peer_that_reads_late_gets_the_whole_answer() {
    let length = 32 << 20;
    let (house, gone) = watched(Limits { head_deadline: SHORT, ..Limits::default() }, Some(length));
    let mut client = house.knock().await;
    client.write_all(ASK.as_bytes()).await.unwrap();
    soon(gone.cancelled()).await;
    let head_is_overdue = timeout(SHORT * 2, house.knock().await.read_u8()).await;
    assert!(head_is_overdue.is_ok());
    let text = rest(&mut client).await;
    assert_eq!(text.bytes().filter(|byte| *byte == b'x').count(), length);
}

#[tokio::test]
async fn a_panic_in_one_request_ends_only_its_connection() {
    let house = House::open(Limits::default(), |request: Request<Incoming>| async move {
        assert_ne!(request.uri().path(), "/panic");
        hello(request).await
    });
    let mut client = house.knock().await;
    client.write_all(ASK.replace("/ ", "/panic ").as_bytes()).await.unwrap();
    assert_eq!(rest(&mut client).await, "");
    assert!(is_served(&mut house.knock().await).await);
}

#[tokio::test]
async fn stopping_closes_what_is_idle_and_finishes_what_is_under_way() {
    let (begun, mut begins) = mpsc::unbounded_channel();
    let finish = CancellationToken::new();
    let token = finish.clone();
    let house = House::open(Limits::default(), move |request: Request<Incoming>| {
        let (begun, finish) = (begun.clone(), token.clone());
        async move {
            if request.uri().path() == "/slow" {
                begun.send(()).unwrap();
                finish.cancelled().await;
            }
            hello(request).await
        }
    });
    let mut silent = house.knock().await;
    let mut kept = house.knock().await;
    exchange(&mut kept, ASK, "hello").await;
    let mut busy = house.knock().await;
    busy.write_all(ASK.replace("/ ", "/slow ").as_bytes()).await.unwrap();
    soon(begins.recv()).await.unwrap();

    house.stop.cancel();
    assert_eq!(rest(&mut silent).await + &rest(&mut kept).await, "");
    finish.cancel();
    let answer = rest(&mut busy).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("hello"), "{answer}");
    soon(house.served).await.unwrap();
    assert!(TcpStream::connect(house.at).await.is_err());
}

#[tokio::test]
async fn stopping_cuts_off_what_is_still_busy_at_the_deadline() {
    let (house, gone) = watched(Limits::default(), None);
    let mut client = house.knock().await;
    exchange(&mut client, ASK, "x").await;
    house.stops().await;
    assert!(gone.is_cancelled());
}
