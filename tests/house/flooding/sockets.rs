//! Sockets that hold places and never say who they are, or make a secret up.

use std::net::{Ipv4Addr, SocketAddr};

use futures_util::future::join_all;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{connected, flooder};
use crate::support::house::{House, Person, within};
use parlour::limits::{CONNECTIONS_PER_ADDRESS_MAX, STRANGERS_MANY, STRANGERS_MAX};

/// How often one flooder comes back after it was sent away.
const RETURNS: usize = 20;
const ADDRESSES: usize = 16;
/// A machine that is busy with the flood may keep `hello` waiting for longer than the grace of a newcomer.
const REFUSED_MAX: usize = 2;
/// Frames of a client are masked, here with zeros: `hello` by a secret that opens nothing.
const MADE_UP: &str = r#"{"type":"hello","device":"0000000000000000000000000000000000000000000000000000"}"#;

/// Flooders at work, until this is dropped.
struct Flood {
    _flooders: JoinSet<()>,
    opened: watch::Receiver<usize>,
}

impl Flood {
    /// So many sockets from each of these addresses, every fourth of which makes a secret up.
    async fn begin(house: &House, addresses: &[Ipv4Addr], each: usize) -> Self {
        let (count, opened) = watch::channel(0);
        let mut flooders = JoinSet::new();
        for number in 0..each {
            for from in addresses {
                let (house, from, count) = (house.address, *from, count.clone());
                flooders.spawn(async move {
                    for _ in 0..RETURNS {
                        // The house, or the kernel, may not want one more: come again.
                        drop(hold(house, from, number % 4 == 3, &count).await);
                    }
                });
            }
        }
        let mut flood = Self { _flooders: flooders, opened };
        let all = addresses.len() * each;
        within(flood.opened.wait_for(|opened| *opened >= all), "the flood").await.unwrap();
        flood
    }
}

/// One socket, held until the house closes it.
async fn hold(
    house: SocketAddr,
    from: Ipv4Addr,
    makes_up: bool,
    count: &watch::Sender<usize>,
) -> std::io::Result<()> {
    let mut stream = connected(house, from).await?;
    let head = format!(
        "GET /api/v1/socket HTTP/1.1\r\nHost: {house}\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Protocol: parlour.v1\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    let mut heard = [0; 1024];
    if stream.read(&mut heard).await? == 0 {
        return Ok(());
    }
    count.send_modify(|opened| *opened += 1);
    if makes_up {
        let mut frame = vec![0x81, 0x80 | u8::try_from(MADE_UP.len()).unwrap(), 0, 0, 0, 0];
        frame.extend_from_slice(MADE_UP.as_bytes());
        stream.write_all(&frame).await?;
    }
    while stream.read(&mut heard).await? > 0 {}
    Ok(())
}

/// Comes in by a socket, however often it is refused. Gives how often that was.
async fn refusals(house: &House, device: &str) -> (Person, usize) {
    for refused in 0.. {
        let mut person = house.socket(device, "").await;
        person.sends(json!({"type": "hello", "device": device})).await;
        let answer = person.gets_next().await;
        if answer["type"] == "welcome" {
            return (person, refused);
        }
        assert_eq!(answer["code"], "busy", "{answer}");
    }
    unreachable!()
}

#[tokio::test]
async fn members_get_in_while_sixteen_addresses_hold_every_place() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let (device, _) = house.device(&anny).await;
    let addresses: Vec<_> = (0..ADDRESSES).map(flooder).collect();
    let _flood = Flood::begin(&house, &addresses, STRANGERS_MAX / ADDRESSES).await;
    for _ in 0..40 {
        let (mut member, refused) = refusals(&house, &device).await;
        assert!(refused <= REFUSED_MAX, "a member was refused {refused} times");
        member.ping().await;
    }
}

#[tokio::test]
async fn a_household_that_comes_back_at_once_gets_in_through_a_flood() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let mut devices = Vec::new();
    for _ in 0..24 {
        devices.push(house.device(&anny).await.0);
    }
    let addresses: Vec<_> = (0..ADDRESSES).map(flooder).collect();
    let _flood = Flood::begin(&house, &addresses, STRANGERS_MAX / ADDRESSES).await;
    let came = join_all(devices.iter().map(|device| refusals(&house, device))).await;
    let most = came.iter().map(|(_, refused)| *refused).max();
    assert!(most <= Some(REFUSED_MAX), "somebody was refused {most:?} times");
}

#[tokio::test]
async fn a_person_who_shares_an_address_with_the_flood_gets_in() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let (device, _) = house.device(&anny).await;
    let each = STRANGERS_MANY + 16;
    assert!(each < CONNECTIONS_PER_ADDRESS_MAX);
    let _flood = Flood::begin(&house, &[Ipv4Addr::LOCALHOST], each).await;
    for _ in 0..20 {
        let (mut member, refused) = refusals(&house, &device).await;
        assert!(refused <= REFUSED_MAX, "a member was refused {refused} times");
        member.ping().await;
    }
}

#[tokio::test]
async fn a_secret_that_opens_nothing_is_not_in_and_the_socket_closes() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let mut person = house.enter(&anny).await;
    person.sends(json!({"type": "chat-end", "seat": person.seat})).await;
    person.gets("chat-ended").await;
    let mut again = house.socket(&person.device, &person.seat).await;
    again.sends(json!({"type": "hello", "device": person.device})).await;
    again.is_refused("not_in").await;
    assert_eq!(again.is_closed().await, Some(1008));
    // Why it opens nothing can be asked over HTTP.
    let path = format!("/api/v1/seats/{}/devices", person.seat);
    let answer = house.ask(reqwest::Method::GET, &path, Some(&person.device), None).await;
    assert_eq!(answer.status(), 410);
}
