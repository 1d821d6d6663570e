//! Which chats nobody has entered, by where they were started from: for one more the oldest goes. In memory
//! only: an address is nobody's business after a restart, and never on the disk. What was started before a
//! restart is not counted; it ends by its time.

use std::collections::{HashMap, VecDeque};

use crate::domain::{AddressBlock, ChatId};
use crate::limits::{UNENTERED_BLOCKS_MANY, UNENTERED_PER_ADDRESS_MAX};

/// The oldest first.
#[derive(Default)]
pub struct Unentered(HashMap<AddressBlock, VecDeque<ChatId>>);

impl Unentered {
    /// Gives the one that has to go. `is_awaited` says whether a chat still waits for somebody.
    pub fn started(
        &mut self,
        block: AddressBlock,
        chat: ChatId,
        is_awaited: impl Fn(ChatId) -> bool,
    ) -> Option<ChatId> {
        if self.0.len() >= UNENTERED_BLOCKS_MANY {
            self.0.retain(|_, chats| {
                chats.retain(|chat| is_awaited(*chat));
                !chats.is_empty()
            });
        }
        let chats = self.0.entry(block).or_default();
        chats.retain(|chat| is_awaited(*chat));
        chats.push_back(chat);
        if chats.len() > UNENTERED_PER_ADDRESS_MAX { chats.pop_front() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn block(number: u32) -> AddressBlock {
        AddressBlock::of(Ipv4Addr::from(number).into())
    }

    #[test]
    fn the_oldest_of_too_many_goes_and_what_was_entered_does_not_count() {
        let mut unentered = Unentered::default();
        let most = UNENTERED_PER_ADDRESS_MAX as u64;
        for chat in 0..most {
            assert_eq!(unentered.started(block(1), ChatId(chat), |_| true), None);
        }
        assert_eq!(unentered.started(block(1), ChatId(most), |_| true), Some(ChatId(0)));
        assert_eq!(unentered.started(block(2), ChatId(most + 1), |_| true), None, "others are not affected");
        let is_awaited = |chat: ChatId| chat.0 != 7;
        assert_eq!(unentered.started(block(1), ChatId(most + 2), is_awaited), None);
        assert_eq!(unentered.started(block(1), ChatId(most + 3), is_awaited), Some(ChatId(1)));
    }

    #[test]
    fn many_addresses_do_not_fill_the_memory() {
        let mut unentered = Unentered::default();
        for number in 0..6_000 {
            unentered.started(block(number), ChatId(number.into()), |chat| chat.0 >= 5_900);
        }
        assert!(unentered.0.len() <= UNENTERED_BLOCKS_MANY);
    }
}
