//! Everything that argon2 has to do, asked for from many addresses all the time.

use std::net::{Ipv4Addr, SocketAddr};

use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::flooder;
use crate::support::house::{House, Invited, within};

/// How often one flooder asks.
const ASKED: usize = 50;
/// How many one address has under way at once.
const AT_ONCE: usize = 24;
/// The right code gets through although "busy" came so often, each time after a `retry_after`. Here nobody
/// waits for that time, which is harder.
const BUSY_MAX: usize = 3;

fn client(from: Ipv4Addr) -> Client {
    Client::builder().local_address(Some(from.into())).build().unwrap()
}

async fn post(http: &Client, house: SocketAddr, path: &str, body: &Value) -> reqwest::Result<Response> {
    http.post(format!("http://{house}/api/v1/{path}")).json(body).send().await
}

/// Flooders at work, until this is dropped.
struct Flood {
    _flooders: JoinSet<()>,
}

impl Flood {
    /// The same question from each address, `AT_ONCE` times, again and again. Begun when the house is busy.
    async fn begin(house: &House, asked: Vec<(Ipv4Addr, &'static str, Value)>) -> Self {
        let (busy, mut is_busy) = watch::channel(false);
        let mut flooders = JoinSet::new();
        for (from, path, body) in asked {
            for _ in 0..AT_ONCE {
                let (http, body, busy, house) = (client(from), body.clone(), busy.clone(), house.address);
                flooders.spawn(async move {
                    for _ in 0..ASKED {
                        let answer = post(&http, house, path, &body).await;
                        if answer.is_ok_and(|answer| answer.status() == StatusCode::TOO_MANY_REQUESTS) {
                            busy.send_replace(true);
                        }
                    }
                });
            }
        }
        within(is_busy.wait_for(|busy| *busy), "the flood").await.unwrap();
        Self { _flooders: flooders }
    }
}

/// Asks until it is done. Gives the answer and how often "busy" came before.
async fn until_done(house: &House, path: &str, body: Value) -> (Value, usize) {
    for busy in 0.. {
        let answer = within(post(&house.http, house.address, path, &body), path).await.unwrap();
        let status = answer.status();
        let told: Value = answer.json().await.unwrap();
        if status.is_success() {
            return (told, busy);
        }
        assert_eq!((status, &told["code"]), (StatusCode::TOO_MANY_REQUESTS, &json!("busy")), "{told}");
    }
    unreachable!()
}

fn entering(invited: &Invited) -> Value {
    json!({"token": invited.token, "code": invited.code})
}

/// People come in by links that were handed out before, and somebody starts a chat.
async fn get_through(house: &House, invited: &[Invited]) {
    for invited in invited {
        let (_, busy) = until_done(house, "invites/enter", entering(invited)).await;
        assert!(busy <= BUSY_MAX, "the right code was told busy {busy} times");
    }
    let (_, busy) = until_done(house, "chats", json!({"names": ["Zoe", "Ann"], "idle": "1d"})).await;
    assert!(busy <= BUSY_MAX, "starting was told busy {busy} times");
}

#[tokio::test]
async fn the_right_code_gets_through_while_many_addresses_start_chats() {
    let house = House::open().await;
    let invited = house.start("Anny", "Abhi").await;
    let body = json!({"names": ["Mal", "Lory"], "idle": "1d"});
    let _flood = Flood::begin(&house, (0..4).map(|n| (flooder(n), "chats", body.clone())).collect()).await;
    get_through(&house, &invited).await;
}

#[tokio::test]
async fn the_right_code_gets_through_while_many_addresses_enter_by_right_codes_of_their_own() {
    let house = House::open().await;
    let invited = house.start("Anny", "Abhi").await;
    let mut flood = Vec::new();
    for number in 0..4 {
        let [own, _] = house.start("Mal", "Lory").await;
        flood.push((flooder(number), "invites/enter", entering(&own)));
    }
    let _flood = Flood::begin(&house, flood).await;
    get_through(&house, &invited).await;
}

#[tokio::test]
async fn the_right_code_gets_through_while_one_address_does_both() {
    let house = House::open().await;
    let invited = house.start("Anny", "Abhi").await;
    let [own, _] = house.start("Mal", "Lory").await;
    let chats = json!({"names": ["Mal", "Lory"], "idle": "1d"});
    let flood = vec![(flooder(0), "chats", chats), (flooder(0), "invites/enter", entering(&own))];
    let _flood = Flood::begin(&house, flood).await;
    get_through(&house, &invited).await;
}
