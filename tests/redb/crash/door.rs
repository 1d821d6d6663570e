//! The ways in which a chat can be looked at from outside. However it ended, they all say the same.

use std::net::SocketAddr;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::house::Invited;
use crate::support::visitor::{Held, ask};

/// One way to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The link greets.
    Link,
    /// The link counts as one that somebody came in by.
    Status,
    /// The device is shown messages.
    Messages,
    /// The device is told that it has the seat.
    Seats,
}

pub const DOORS: [Door; 4] = [Door::Link, Door::Status, Door::Messages, Door::Seats];

/// Whether the chat is there. An answer that is neither yes nor "ended" fails the test.
pub async fn is_there(address: SocketAddr, door: Door, invited: &Invited, held: &Held) -> bool {
    let post = |path, body: Value| async move { ask(address, Method::POST, path, None, Some(&body)).await };
    let (status, answer) = match door {
        Door::Link => post("/api/v1/invites/greeting", json!({"token": invited.token})).await,
        Door::Status => post("/api/v1/invites/status", json!({"tokens": [invited.token]})).await,
        Door::Messages => {
            let path = format!("/api/v1/seats/{}/messages", held.seat);
            ask(address, Method::GET, &path, Some(&held.device), None).await
        }
        Door::Seats => ask(address, Method::GET, "/api/v1/seats", Some(&held.device), None).await,
    };
    match (door, status, &answer) {
        (Door::Link | Door::Messages, 200, _) => true,
        (Door::Link | Door::Messages, 410, _) if answer["code"] == "ended" => false,
        (Door::Status, 200, _) if answer["invites"][0]["state"] == "in" => true,
        (Door::Status, 200, _) if answer["invites"][0]["state"] == "ended" => false,
        (Door::Seats, 200, _) => {
            answer["seats"].as_array().unwrap().iter().any(|row| row["seat"] == held.seat)
        }
        _ => panic!("{door:?} was answered with {status} {answer}"),
    }
}
