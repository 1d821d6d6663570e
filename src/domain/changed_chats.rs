//! In which of a device's chats something changed that it wants to know.

use std::collections::BTreeSet;
use std::mem;

use super::ChatId;
use crate::limits::SEATS_PER_DEVICE_MAX;

/// Nothing of what changed is in here, so it takes little memory however much that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangedChats {
    /// These, at most [`SEATS_PER_DEVICE_MAX`]. None of them is where most begin and end.
    Some(BTreeSet<ChatId>),
    /// Maybe all of them.
    All,
}

impl Default for ChangedChats {
    fn default() -> Self {
        Self::Some(BTreeSet::new())
    }
}

impl ChangedChats {
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Some(chats) if chats.is_empty())
    }

    pub fn has(&self, chat: ChatId) -> bool {
        match self {
            Self::Some(chats) => chats.contains(&chat),
            Self::All => true,
        }
    }

    pub fn add(&mut self, chat: ChatId) {
        if let Self::Some(chats) = self {
            chats.insert(chat);
            if chats.len() > SEATS_PER_DEVICE_MAX {
                *self = Self::All;
            }
        }
    }

    pub fn add_all(&mut self, more: Self) {
        match more {
            Self::Some(chats) => chats.into_iter().for_each(|chat| self.add(chat)),
            Self::All => *self = Self::All,
        }
    }

    #[must_use]
    pub fn take(&mut self) -> Self {
        mem::take(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_take_too_much_room_becomes_everything() {
        let mut changed = ChangedChats::default();
        for chat in 1..=SEATS_PER_DEVICE_MAX as u64 {
            changed.add(ChatId(chat));
            changed.add(ChatId(chat));
        }
        assert!(changed.has(ChatId(1)) && !changed.has(ChatId(0)) && !changed.is_empty());
        changed.add(ChatId(0));
        assert_eq!(changed, ChangedChats::All);
        let mut other = ChangedChats::default();
        other.add(ChatId(9));
        other.add_all(changed.take());
        assert!(other.has(ChatId(8)) && changed.is_empty());
    }
}
