//! The rules' state of the chats that the writer knows at the moment, loaded when somebody in them asks for
//! something. The writer alone changes chats, so what is here is what the file says. When too many places of
//! messages are remembered, the chats used longest ago are forgotten. After a failed commit all of it is.

use std::collections::{BTreeMap, HashMap};

use crate::domain::ChatId;
use crate::domain::chat::ChatState;
use crate::limits::REMEMBERED_PLACES_MAX;

struct Entry {
    state: ChatState,
    turn: u64,
    cost: usize,
}

#[derive(Default)]
pub struct ChatCache {
    entries: HashMap<ChatId, Entry>,
    /// By when each was used last.
    turns: BTreeMap<u64, ChatId>,
    turn: u64,
    remembered: usize,
}

impl ChatCache {
    pub fn take(&mut self, chat: ChatId) -> Option<ChatState> {
        let entry = self.entries.remove(&chat)?;
        self.turns.remove(&entry.turn);
        self.remembered -= entry.cost;
        Some(entry.state)
    }

    pub fn put(&mut self, chat: ChatId, state: ChatState) {
        self.turn += 1;
        let (turn, cost) = (self.turn, cost(&state));
        self.remembered += cost;
        self.turns.insert(turn, chat);
        self.entries.insert(chat, Entry { state, turn, cost });
        self.trim();
    }

    fn trim(&mut self) {
        while self.remembered > REMEMBERED_PLACES_MAX && self.entries.len() > 1 {
            let Some((_, oldest)) = self.turns.first_key_value() else { return };
            self.take(*oldest);
        }
    }
}

/// A chat without a message costs memory as well.
fn cost(state: &ChatState) -> usize {
    state.producers.remembered() + 32
}
