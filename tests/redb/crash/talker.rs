//! One client in one seat. It talks as fast as it is answered, and writes down what it does and sees.
//!
//! What outlives a kill is what a page keeps: the device secret, the last message that it has, and an
//! [`Outbox`] of what was not acknowledged, which is sent again with the same ids and in the same order.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};

use parlour::limits::{PRODUCER_SEARCH_MAX, SOCKET_COMMANDS_MAX};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::history::{Client, Fact, Heard, History, Receipt};
use super::outbox::Outbox;
use crate::support::house::text;
use crate::support::visitor::{Held, Visitor, why_not_in};

/// How much all talkers have been told in this life of the house: what happens after how much is the same on
/// a fast machine and on a busy one.
#[derive(Default)]
pub struct Progress(watch::Sender<usize>);

impl Progress {
    fn goes_on(&self) {
        self.0.send_modify(|frames| *frames += 1);
    }

    fn is_at(&self, frames: usize) -> bool {
        *self.0.borrow() >= frames
    }

    /// Waits until so many frames have come.
    pub async fn reaches(&self, frames: usize) {
        self.0.subscribe().wait_for(|come| *come >= frames).await.unwrap();
    }
}

/// How all of them talk.
#[derive(Clone, Copy)]
pub struct Pace<'a> {
    pub progress: &'a Progress,
    /// Messages that each keeps on the way.
    pub outstanding: usize,
    /// When so many frames have come, it is enough.
    pub stops_at: usize,
}

/// What it does in one life of the house.
#[derive(Clone, Copy)]
pub enum Aim<'a> {
    /// Until the house is gone or enough was said; asks for the end when that many frames have come, and when
    /// the chat is full.
    Talk { pace: Pace<'a>, ends_at: Option<usize> },
    /// Until everything that it has ever said is acknowledged.
    Settle,
    /// Until it was shown everything that comes after this seq.
    CatchUp { after: u64 },
}

pub struct Talker {
    pub who: Client,
    pub held: Held,
    pub history: History,
    /// Where it comes from: one address may not hold many sockets that say nothing yet.
    pub from: Ipv4Addr,
    pub is_over: bool,
    has: u64,
    outbox: Outbox,
    /// Messages that it wants deleted, and does not know to be.
    regretted: BTreeSet<u64>,
    /// It talks in one of so many lives of the house.
    seldom: usize,
    lives: usize,
}

/// Of its messages a talker deletes those whose seq can be divided by this.
const REGRETTED: u64 = 7;

/// A chat in which so much was said is ended: with all that may be on the way, the house finds every producer
/// that it has forgotten among the messages that it looks through.
const FULL: u64 = PRODUCER_SEARCH_MAX as u64 - 4 * SOCKET_COMMANDS_MAX as u64;

/// One connection.
struct Connection {
    visitor: Visitor,
    house: SocketAddr,
    head: Option<u64>,
    asked_to_end: bool,
}

/// Nothing more comes.
struct Over;

impl Talker {
    pub fn new(who: Client, held: Held, history: History, from: Ipv4Addr) -> Self {
        Self {
            who,
            held,
            history,
            from,
            is_over: false,
            has: 0,
            outbox: Outbox::new(who.device),
            regretted: BTreeSet::new(),
            seldom: 1,
            lives: 0,
        }
    }

    pub fn that_is_there_in_one_life_of(self, lives: usize) -> Self {
        Self { seldom: lives, ..self }
    }

    /// One life of the house, or as much of it as is needed.
    pub async fn live(&mut self, house: SocketAddr, aim: Aim<'_>) {
        self.lives += 1;
        if matches!(aim, Aim::Talk { .. }) && !self.lives.is_multiple_of(self.seldom) {
            return;
        }
        let Some(visitor) = Visitor::come(house, self.from, &self.held).await else { return };
        let mut connection = Connection { visitor, house, head: None, asked_to_end: false };
        if let Aim::CatchUp { after } = aim {
            self.has = after;
        }
        self.outbox.begin_again();
        self.opens(&mut connection).await;
        if !matches!(aim, Aim::CatchUp { .. }) {
            for seq in self.regretted.clone() {
                self.deletes(&mut connection, seq).await;
            }
        }
        while !self.is_done(&connection, aim) {
            if self.turn(&mut connection, aim).await.is_err() {
                break;
            }
        }
        self.add(Fact::Cut);
    }

    fn is_done(&self, connection: &Connection, aim: Aim<'_>) -> bool {
        let is_shown = connection.head.is_some_and(|head| self.has >= head);
        match aim {
            Aim::Talk { pace, .. } => self.is_over || pace.progress.is_at(pace.stops_at),
            Aim::Settle => self.is_over || (is_shown && self.outbox.is_empty() && self.regretted.is_empty()),
            Aim::CatchUp { .. } => self.is_over || is_shown,
        }
    }

    async fn turn(&mut self, connection: &mut Connection, aim: Aim<'_>) -> Result<(), Over> {
        if let Aim::Talk { pace, ends_at } = aim
            && (self.has >= FULL || ends_at.is_some_and(|at| pace.progress.is_at(at)))
        {
            self.ends(connection).await;
        }
        self.speak(connection, aim).await;
        let frame = connection.visitor.frame().await.ok_or(Over)?;
        if let Aim::Talk { pace, .. } = aim {
            pace.progress.goes_on();
        }
        self.take(connection, &frame).await
    }

    async fn opens(&mut self, connection: &mut Connection) {
        self.add(Fact::Opens { after: self.has });
        self.send(connection, "chat-open", json!({"after": self.has})).await;
    }

    async fn ends(&mut self, connection: &mut Connection) {
        if !std::mem::replace(&mut connection.asked_to_end, true) {
            self.add(Fact::Ends);
            self.send(connection, "chat-end", json!({})).await;
        }
    }

    /// Sends again what was not acknowledged, then something new.
    async fn speak(&mut self, connection: &mut Connection, aim: Aim<'_>) {
        let (most, has_more) = match aim {
            Aim::Talk { pace, .. } => (pace.outstanding, true),
            Aim::Settle => (4, false),
            Aim::CatchUp { .. } => return,
        };
        for id in self.outbox.given_up() {
            self.history.add(self.who, Fact::NotTaken { id });
        }
        while self.outbox.on_the_way() < most
            && let Some((id, text)) = self.outbox.send(has_more)
        {
            self.add(Fact::Says { id, text: text.clone() });
            self.send(connection, "chat-say", json!({"id": format!("{id:032x}"), "text": text})).await;
        }
    }

    async fn take(&mut self, connection: &mut Connection, frame: &Value) -> Result<(), Over> {
        match frame["type"].as_str().unwrap() {
            "chat-state" => {
                let head = number(&frame["head"]);
                connection.head = Some(head);
                let receipts = frame["participants"].as_array().unwrap().iter().map(receipt).collect();
                self.add(Fact::Stands { head, receipts });
            }
            "chat-said" => self.take_said(number(&frame["seq"]), id(&frame["id"])),
            "chat-message" => self.take_message(connection, frame).await,
            "chat-done" => {
                let seq = number(&frame["seq"]);
                self.regretted.remove(&seq);
                self.add(Fact::Deleted { seq });
            }
            "chat-receipt" => self.add(Fact::IsTold(receipt(frame))),
            "chat-resync" => self.opens(connection).await,
            "chat-ended" => return self.take_end(frame),
            "refused" if frame["code"] == "ended" => return self.take_end(frame),
            // A device whose only chat has ended is in nowhere, and asks why.
            "refused" if frame["code"] == "not_in" => {
                let why = why_not_in(connection.house, &self.held).await.ok_or(Over)?;
                assert_eq!(why["code"], "ended", "{why}");
                return self.take_end(&why);
            }
            // More receipts came than a seat may send: the next one says as much as this one.
            "refused" if frame["code"] == "slow_down" && frame["id"].is_null() => {}
            "refused" if self.takes_refusal(frame) => {}
            "refused" => self.add(Fact::Refused { code: text(&frame["code"]) }),
            _ => {}
        }
        Ok(())
    }

    fn take_said(&mut self, seq: u64, id: u128) {
        self.add(Fact::Said { id, seq });
        self.outbox.acknowledge(id);
    }

    /// Whether a message was refused for a reason, and is certainly not taken.
    fn takes_refusal(&mut self, frame: &Value) -> bool {
        match frame["code"].as_str() {
            Some("message_too_long") => self.outbox.drop_refused(id(&frame["id"])),
            Some("out_of_order") => return self.outbox.put_back(id(&frame["id"]), id(&frame["expected"])),
            _ => return false,
        }
        true
    }

    async fn take_message(&mut self, connection: &mut Connection, frame: &Value) {
        let heard = heard(frame);
        let (seq, is_mine) = (heard.seq, heard.from == self.who.person);
        self.has = self.has.max(seq);
        // A message of one's own is acknowledged by being shown.
        if is_mine && self.outbox.acknowledge(heard.id) {
            self.add(Fact::Said { id: heard.id, seq });
            if seq.is_multiple_of(REGRETTED) {
                self.regretted.insert(seq);
                self.deletes(connection, seq).await;
            }
        }
        self.add(Fact::Hears(heard));
        if !is_mine {
            self.marks(connection, seq).await;
        }
    }

    /// Some messages are seen, some delivered only, and of some nothing is told.
    async fn marks(&mut self, connection: &mut Connection, seq: u64) {
        let (kind, seen) = match seq % 4 {
            0 => ("chat-seen", seq),
            1 => ("chat-delivered", 0),
            _ => return,
        };
        self.add(Fact::Marks { delivered: seq, seen });
        self.send(connection, kind, json!({"seq": seq})).await;
    }

    async fn deletes(&mut self, connection: &mut Connection, seq: u64) {
        self.add(Fact::Deletes { seq });
        self.send(connection, "chat-delete", json!({"seq": seq})).await;
    }

    fn take_end(&mut self, frame: &Value) -> Result<(), Over> {
        let by = frame["by"].as_str().and_then(|by| by.parse().ok()).unwrap_or_default();
        self.add(Fact::Ended { by, messages: number(&frame["messages"]) });
        self.is_over = true;
        Err(Over)
    }

    async fn send(&self, connection: &mut Connection, kind: &str, mut frame: Value) {
        frame["type"] = kind.into();
        frame["seat"] = self.held.seat.as_str().into();
        // Where the house is gone, nothing comes back, and that is noticed.
        let _ = connection.visitor.send(frame).await;
    }

    pub fn add(&self, fact: Fact) {
        self.history.add(self.who, fact);
    }
}

/// A message as it stands in a frame or a page.
pub fn heard(message: &Value) -> Heard {
    let (seq, from) = (number(&message["seq"]), text(&message["from"]).parse().unwrap());
    if message.get("note").is_some() {
        return Heard::note(seq, from);
    }
    Heard { seq, from, id: id(&message["id"]), text: message.get("text").map(text) }
}

fn receipt(frame: &Value) -> Receipt {
    let of = text(&frame["participant"]).parse().unwrap();
    Receipt { of, delivered: number(&frame["delivered"]), seen: number(&frame["seen"]) }
}

fn id(text: &Value) -> u128 {
    u128::from_str_radix(text.as_str().unwrap(), 16).unwrap()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("not a number: {value}"))
}
