//! What a link and a code lead to.

use serde::{Deserialize, Serialize};

use crate::crypto::Stretch;
use crate::domain::{At, ChatId, Guesses, ParticipantId, SeatId};

#[derive(Clone, Default, Serialize, Deserialize)]
pub struct InviteRow {
    chat: u64,
    participant: u32,
    pub salt: [u8; 16],
    kib: u32,
    passes: u32,
    /// The participant's name, sealed for token and slots.
    pub greeting: Vec<u8>,
    /// The chat's key, wrapped for token, code and slots.
    pub envelope: Vec<u8>,
    tries: u32,
    wait_until: u64,
    came_in: Option<u64>,
    /// Where its own slot key is.
    pub slot: u32,
    came_before: bool,
}

impl InviteRow {
    pub fn new(
        seat: SeatId,
        salt: [u8; 16],
        stretch: Stretch,
        slot: u32,
        greeting: Vec<u8>,
        envelope: Vec<u8>,
    ) -> Self {
        let (chat, participant) = (seat.chat.0, seat.participant.0);
        let Stretch { kib, passes } = stretch;
        Self { chat, participant, salt, kib, passes, greeting, envelope, slot, ..Self::default() }
    }

    /// The same in the place of `before`: whose invite it is may have come in already.
    #[must_use]
    pub fn replacing(self, before: &Self) -> Self {
        Self { came_before: before.has_come(), ..self }
    }

    pub fn seat(&self) -> SeatId {
        SeatId { chat: ChatId(self.chat), participant: ParticipantId(self.participant) }
    }

    pub fn stretch(&self) -> Stretch {
        Stretch { kib: self.kib, passes: self.passes }
    }

    pub fn guesses(&self) -> Guesses {
        Guesses { tries: self.tries, wait_until: At(self.wait_until) }
    }

    pub fn charge(&mut self, guesses: Guesses) {
        (self.tries, self.wait_until) = (guesses.tries, guesses.wait_until.0);
    }

    pub fn came_in(&self) -> bool {
        self.came_in.is_some()
    }

    /// Whether anybody has come in by it, or by one in whose place it is.
    pub fn has_come(&self) -> bool {
        self.came_before || self.came_in()
    }

    /// Notes that somebody came in, and forgives the tries.
    pub fn admit(&mut self, now: At) {
        self.came_in.get_or_insert(now.0);
        self.charge(Guesses::default());
    }
}
