//! A house that is killed inside the ending of a chat, before each write, sync and answer of it.
//!
//! After the next start the chat is gone, whole. It is there, whole, only where the house had not yet begun
//! to overwrite its key.

use std::net::Ipv4Addr;

use serde_json::json;

use super::door::{DOORS, is_there};
use super::tracer::{Tracer, is_missing};
use crate::support::house::Invited;
use crate::support::process::{Parlour, Premises};
use crate::support::visitor::{Held, Visitor, enter, start};

/// What an ending does, thread by thread.
const CALLS: [&str; 4] = ["pwrite64", "fdatasync", "ftruncate", "sendto"];
/// Messages in the chat that is ended: the larger one takes more writes.
const SIZES: [u128; 3] = [0, 5, 400];
/// Fewer would not have tried what is promised.
const POINTS_LEAST: usize = 50;

/// A chat in a house that is closed, of which each try takes a copy.
struct Founded {
    premises: Premises,
    invited: [Invited; 2],
    held: [Held; 2],
    messages: u128,
    /// The keys in the slots of the chat, its invites and its seats.
    keys: Vec<Vec<u8>>,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_is_gone_whole_wherever_inside_its_ending_the_house_was_killed() {
    if is_missing() {
        return;
    }
    let (mut points, mut begun) = (0, 0);
    for size in SIZES {
        let founded = Founded::new(size).await;
        for call in CALLS {
            let mut nth = 1;
            while let Some(has_begun) = founded.killed_at(call, nth).await {
                (points, nth, begun) = (points + 1, nth + 1, begun + usize::from(has_begun));
            }
        }
    }
    println!("killed at {points} points, at {begun} of them after the key was touched");
    assert!(points >= POINTS_LEAST && begun > points / 2 && begun < points);
}

impl Founded {
    async fn new(messages: u128) -> Self {
        let premises = Premises::new();
        let house = premises.open();
        let invited = start(house.address).await;
        let held = [enter(house.address, &invited[0]).await, enter(house.address, &invited[1]).await];
        let mut visitor = Visitor::open(house.address, &held[0]).await;
        for id in 1..=messages {
            visitor.say(id, &"said before ".repeat(50)).await;
        }
        drop(visitor);
        house.signal(rustix::process::Signal::TERM);
        assert!(house.ended().success());
        let keys = keys(&premises);
        assert_eq!(keys.len(), 5);
        Self { premises, invited, held, messages, keys }
    }

    /// Has the chat ended and kills the house before its nth call of that name. None when there was no such
    /// call any more; else whether a key had been touched.
    async fn killed_at(&self, call: &str, nth: usize) -> Option<bool> {
        let premises = self.premises.copied();
        let mut house = premises.open();
        let mut visitor = Visitor::open(house.address, &self.held[0]).await;
        let tracer = Tracer::attach(&house, &format!("{call}:signal=SIGKILL:when={nth}"));
        visitor.send(json!({"type": "chat-end", "seat": self.held[0].seat})).await;
        let is_acknowledged = is_ended(&mut visitor).await;
        let is_killed = !is_acknowledged || house.exit().is_some();
        drop((visitor, tracer, house));
        let is_touched = keys(&premises) != self.keys;
        assert!(!is_acknowledged || self.keys_are_gone(&premises), "acknowledged while a key was there");
        let house = premises.open();
        let is_there = self.is_there(&house).await;
        assert_eq!(is_there, !is_touched, "before {call} {nth} of an ending of {} messages", self.messages);
        if is_there {
            self.is_whole(&house).await;
        } else {
            assert!(self.keys_are_gone(&premises), "a key is still there");
        }
        is_killed.then_some(is_touched)
    }

    fn keys_are_gone(&self, premises: &Premises) -> bool {
        !keys(premises).iter().any(|key| self.keys.contains(key))
    }

    /// What every door says.
    async fn is_there(&self, house: &Parlour) -> bool {
        let mut found = Vec::new();
        for (invited, held) in self.invited.iter().zip(&self.held) {
            for door in DOORS {
                found.push(is_there(house.address, door, invited, held).await);
            }
        }
        assert!(found.windows(2).all(|two| two[0] == two[1]), "half there: {found:?} of {DOORS:?}");
        found[0]
    }

    /// Everything is readable, and the chat can be ended now.
    async fn is_whole(&self, house: &Parlour) {
        for held in &self.held {
            assert_eq!(Visitor::history(house.address, held).await.len() as u128, self.messages);
        }
        let mut visitor = Visitor::come(house.address, Ipv4Addr::LOCALHOST, &self.held[1]).await.unwrap();
        visitor.send(json!({"type": "chat-end", "seat": self.held[1].seat})).await;
        assert!(is_ended(&mut visitor).await && !self.is_there(house).await);
    }
}

/// Whether the end is acknowledged before the house is gone.
async fn is_ended(visitor: &mut Visitor) -> bool {
    loop {
        match visitor.frame().await {
            None => return false,
            Some(frame) if frame["type"] == "chat-ended" => return true,
            Some(frame) => assert_ne!(frame["type"], "refused", "{frame}"),
        }
    }
}

/// The keys that stand in the slot file.
fn keys(premises: &Premises) -> Vec<Vec<u8>> {
    let slots = std::fs::read(premises.data().join("keys.slots")).unwrap();
    let live = slots.chunks(64).skip(1).filter(|slot| slot[32] == 1);
    live.map(|slot| slot[..32].to_vec()).collect()
}
