//! Bodies that are on their way: the house holds so many bytes of them at once and no more, also when very
//! many come slowly, and gives the memory back.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;

use parlour::limits::{BODIES_BYTES_MAX, BODIES_PART, BODY_BYTES_MAX};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::support::house::{DEADLINE, House, within};
use crate::support::process::{Parlour, Premises};
use crate::support::visitor::{enter, start};

/// Bytes of a body that never comes to its end.
const SENT: usize = 60_000;
const GO_ON: &str = "HTTP/1.1 100 ";
/// More than one address may have connections.
const ADDRESSES: u8 = 10;
const CONNECTIONS_OF_EACH: usize = 150;

/// A request whose body is announced and not whole. It asks to be told that its body is being read (RFC 9110,
/// section 10.1.1), so that the test knows when the house has decided.
async fn begin(house: SocketAddr, from: Ipv4Addr, sent: usize, announced: usize) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    let mut stream = within(socket.connect(house), "a connection").await.unwrap();
    let head = format!(
        "POST /api/v1/invites/greeting HTTP/1.1\r\nHost: {house}\r\nContent-Type: application/json\r\n\
         Content-Length: {announced}\r\nExpect: 100-continue\r\n\r\n"
    );
    // Who is refused may have been cut off already.
    let _ = within(stream.write_all(&[head.as_bytes(), &vec![b' '; sent]].concat()), "bytes").await;
    stream
}

/// Whether the house began to read this body. Otherwise it has said that it is busy, or cut the line.
async fn is_read(stream: &mut TcpStream) -> bool {
    let mut answer = vec![0; GO_ON.len()];
    let read = within(stream.read_exact(&mut answer), "the house's decision").await;
    read.is_ok() && answer == GO_ON.as_bytes()
}

/// Whether the house still holds a body that it began to read: it gives up one that takes too long.
fn is_held(stream: &TcpStream) -> bool {
    stream.try_read(&mut [0]).is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
}

fn resident(house: &Parlour) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", house.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<usize>().unwrap() * 1_024
}

#[tokio::test(flavor = "multi_thread")]
async fn however_many_bodies_come_at_once_memory_is_bounded_and_comes_back() {
    /// What a connection may cost beside its body: buffers of 16 KiB, and what is around them.
    const CONNECTION_BYTES: usize = 24 * 1024;
    /// What an allocator keeps for the next time, and what else a house in use takes.
    const KEPT_BYTES: usize = 12 * 1024 * 1024;
    let premises = Premises::new();
    let house = premises.open();
    let [anny, _] = start(house.address).await;
    enter(house.address, &anny).await;
    let before = resident(&house);
    let (mut open, mut most) = (Vec::new(), before);
    for number in 0..usize::from(ADDRESSES) * CONNECTIONS_OF_EACH {
        let from = Ipv4Addr::new(127, 9, 9, u8::try_from(number % usize::from(ADDRESSES)).unwrap() + 1);
        open.push(begin(house.address, from, SENT, SENT + 1_000).await);
        most = most.max(resident(&house));
    }
    // Somebody else goes on meanwhile: a small body has room of its own.
    start(house.address).await;
    let mut read = Vec::new();
    for stream in &mut open {
        if is_read(stream).await {
            within(rest_of_the_line(stream), "the end of the line").await;
            read.push(stream);
        }
    }
    let held = read.into_iter().filter(|stream| is_held(stream)).count();
    assert!(held <= BODIES_BYTES_MAX / SENT, "{held} bodies are held at once");
    let grown = most - before;
    let bound = BODIES_BYTES_MAX + KEPT_BYTES + open.len() * CONNECTION_BYTES;
    assert!(grown < bound.min(open.len() * SENT), "{grown} bytes more, and {bound} are allowed");
    drop(open);
    let until = Instant::now() + DEADLINE;
    while resident(&house) > before + KEPT_BYTES {
        assert!(Instant::now() < until, "of {grown} bytes {} are left", resident(&house) - before);
        start_nothing(house.address).await;
    }
}

/// What comes after "100" in the answer's head.
async fn rest_of_the_line(stream: &mut TcpStream) {
    let mut last = [0; 4];
    while last != *b"\r\n\r\n" {
        last.rotate_left(1);
        last[3] = stream.read_u8().await.expect("the house began this head");
    }
}

/// A question and its answer: the house has had time for everything before it.
async fn start_nothing(house: SocketAddr) {
    within(
        crate::support::visitor::post(house, "/api/v1/invites/greeting", &json!({"token": "x"})),
        "an answer",
    )
    .await;
}

/// Asks whether a body of that length may be sent (RFC 9110, section 10.1.1): the connection, and the answer.
async fn asks(house: &House, from: [u8; 4], length: usize) -> (TcpStream, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::from(from), 0).into()).unwrap();
    let mut stream = within(socket.connect(house.address), "a connection").await.unwrap();
    let head = format!(
        "POST /api/v1/invites/greeting HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nExpect: 100-continue\r\n\r\n",
        house.address
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4_096];
    let length = within(stream.read(&mut answer), "an answer").await.unwrap();
    (stream, String::from_utf8_lossy(&answer[..length]).into_owned())
}

#[tokio::test]
async fn a_body_without_room_is_refused_before_it_is_read_and_says_when_to_come_back() {
    let house = House::open().await;
    let (here, elsewhere) = ([127, 0, 0, 1], [127, 9, 9, 1]);
    let mut held = Vec::new();
    for _ in 0..BODIES_BYTES_MAX / BODIES_PART / BODY_BYTES_MAX {
        let (stream, answer) = asks(&house, here, BODY_BYTES_MAX).await;
        assert!(answer.starts_with(GO_ON), "{answer}");
        held.push(stream);
    }
    let (_, answer) = asks(&house, here, BODY_BYTES_MAX).await;
    assert!(answer.starts_with("HTTP/1.1 429 ") && answer.contains("\"busy\""), "{answer}");
    assert!(answer.contains("retry-after: 1\r\n"), "{answer}");
    house.start("Anny", "Abhi").await;
    assert!(asks(&house, elsewhere, BODY_BYTES_MAX).await.1.starts_with(GO_ON));
    drop(held);
    let taken = async { while !asks(&house, here, BODY_BYTES_MAX).await.1.starts_with(GO_ON) {} };
    within(taken, "room for another").await;
}
