//! What happened in one chat, as its clients know it: one list for all of them, in the order of the clock on
//! the wall of the test.
//!
//! What a client does is written down before it is sent, what it sees after it has come. So whatever stands
//! before something else in the list was not caused by it.

use std::sync::{Arc, Mutex};

use super::door::Door;

/// The number of a participant, from 1.
pub type Who = u8;

/// One device of a participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Client {
    pub person: Who,
    /// From 1.
    pub device: u8,
}

/// One thing that a client did or saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Asks for the chat, beginning with what comes after this seq.
    Opens { after: u64 },
    /// Is shown how the chat stands.
    Stands { head: u64, receipts: Vec<Receipt> },
    /// Sends a message, for the first time or again.
    Says { id: u128, text: String },
    /// The message is refused for a reason: it was not taken.
    NotTaken { id: u128 },
    /// The message is acknowledged.
    Said { id: u128, seq: u64 },
    /// Is shown a message.
    Hears(Heard),
    /// Asks for a message of its own to be deleted for everybody, for the first time or again.
    Deletes { seq: u64 },
    /// It is deleted.
    Deleted { seq: u64 },
    /// Tells how far it has got.
    Marks { delivered: u64, seen: u64 },
    /// Is told how far somebody has got.
    IsTold(Receipt),
    /// Asks for the end.
    Ends,
    /// Is told that the chat has ended.
    Ended { by: Who, messages: u64 },
    /// Is refused anything, but because the chat has ended.
    Refused { code: String },
    /// The connection is gone: what was not answered is unknown.
    Cut,
    /// Has read the chat from its beginning to its end, while nobody spoke.
    Reads(Vec<Heard>),
    /// Has looked whether the chat is there, while nobody waited for an answer to `Ends`.
    Finds { door: Door, is_there: bool },
}

/// A message as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    pub seq: u64,
    pub from: Who,
    pub id: u128,
    /// None where it was deleted.
    pub text: Option<String>,
}

impl Heard {
    /// Nobody sent it: it notes what happened. Under an id that no client has.
    pub fn note(seq: u64, from: Who) -> Self {
        Self { seq, from, id: FIRST_NOTE | u128::from(seq), text: None }
    }
}

/// The producer of no client.
const FIRST_NOTE: u128 = (u64::MAX as u128) << 64;

pub fn is_note(id: u128) -> bool {
    id >= FIRST_NOTE
}

/// How far somebody has got, as it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub of: Who,
    pub delivered: u64,
    pub seen: u64,
}

/// A fact, and whose it is.
#[derive(Clone, Debug)]
pub struct Entry {
    pub who: Client,
    pub fact: Fact,
}

/// The list; clones are the same one.
#[derive(Clone, Default)]
pub struct History(Arc<Mutex<Vec<Entry>>>);

impl History {
    pub fn add(&self, who: Client, fact: Fact) {
        self.0.lock().unwrap().push(Entry { who, fact });
    }

    pub fn entries(&self) -> Vec<Entry> {
        self.0.lock().unwrap().clone()
    }
}
