//! One chat's rules: who may say what, in which order it becomes true, and what follows from it. The store
//! loads a [`Chat`] from its rows, lets it [judge](Chat::apply) each command in the order in which the
//! commands arrive, and writes down what the [`Outcome`] says. A chat changes only when it accepts; after a
//! refusal it is as it was.

use std::collections::HashMap;

use super::{
    At, Body, Command, EndedBy, Ending, Idle, Message, MessageId, ParticipantId, Receipt, Refusal, Seq,
};

/// What the rules need to know of one chat: neither names nor keys.
#[derive(Debug)]
pub struct Chat {
    idle: Idle,
    head: Seq,
    /// When the last message was said.
    said: At,
    /// When there was last a message, a "keep it", or somebody coming in.
    used: At,
    receipts: Vec<Receipt>,
    taken: HashMap<(ParticipantId, MessageId), (Seq, At)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A new message.
    Said(Message),
    /// This message id was taken before, at this place.
    SaidBefore { seq: Seq, at: At },
    /// The participant's receipt; it may be what it was.
    Marked { before: Receipt, receipt: Receipt },
    /// The idle time begins again, and ends then.
    Kept { due: At },
    /// The chat was used a moment ago: nothing needs to be written for this.
    KeptBefore { due: At },
    /// The chat is to be destroyed.
    Ended(Ending),
    /// The device that asked has left the seat.
    Left,
}

impl Outcome {
    pub fn changes(&self) -> bool {
        match self {
            Self::SaidBefore { .. } | Self::KeptBefore { .. } => false,
            Self::Marked { before, receipt } => before != receipt,
            Self::Said(_) | Self::Kept { .. } | Self::Ended(_) | Self::Left => true,
        }
    }
}

impl Chat {
    /// A chat as it was kept: without its messages, each of which [`Chat::recall`] adds.
    pub fn kept(receipts: Vec<Receipt>, idle: Idle, used: At) -> Self {
        Self { idle, head: Seq::NONE, said: At(0), used, receipts, taken: HashMap::new() }
    }

    /// Remembers a message that was accepted earlier. Messages are recalled in the order of their seq.
    pub fn recall(&mut self, seq: Seq, from: ParticipantId, id: MessageId, at: At) {
        self.head = self.head.max(seq);
        self.said = self.said.max(at);
        self.used = self.used.max(at);
        self.taken.insert((from, id), (seq, at));
    }

    /// When the chat is destroyed if nobody uses it.
    pub fn due(&self) -> At {
        self.idle.due(self.used)
    }

    pub fn receipt(&self, participant: ParticipantId) -> Receipt {
        self.receipts.get(participant.index()).copied().unwrap_or_default()
    }

    pub fn remembered(&self) -> usize {
        self.taken.len()
    }

    /// Somebody came in or kept the chat: its idle time begins again.
    pub fn touch(&mut self, now: At) {
        self.used = self.used.max(now);
    }

    /// Whether this command of `who` adds something that was not there.
    pub fn grows_by(&self, who: ParticipantId, command: &Command) -> bool {
        matches!(command, Command::Say { id, .. } if !self.taken.contains_key(&(who, *id)))
    }

    /// Judges one command of `who`. Refused with [`Refusal::NoSuchSeat`] when `who` is not of this chat.
    pub fn apply(&mut self, who: ParticipantId, command: Command, now: At) -> Result<Outcome, Refusal> {
        if who.0 == 0 || who.index() >= self.receipts.len() {
            return Err(Refusal::NoSuchSeat);
        }
        Ok(match command {
            Command::Say { id, body } => self.say(who, id, body, now),
            Command::Mark(claim) => self.mark(who, claim),
            Command::Keep => {
                self.touch(now);
                Outcome::Kept { due: self.due() }
            }
            Command::End => Outcome::Ended(self.ending(EndedBy::Participant(who), now)),
            Command::Leave => Outcome::Left,
        })
    }

    pub fn ending(&self, by: EndedBy, now: At) -> Ending {
        Ending { at: now, by, messages: self.head.0 }
    }

    fn say(&mut self, from: ParticipantId, id: MessageId, body: Body, now: At) -> Outcome {
        if let Some(&(seq, at)) = self.taken.get(&(from, id)) {
            return Outcome::SaidBefore { seq, at };
        }
        // A clock that was set back tells no message before the one that it follows.
        let (seq, at) = (self.head.next(), now.max(self.said));
        self.recall(seq, from, id, at);
        Outcome::Said(Message { seq, from, at, id, body })
    }

    fn mark(&mut self, who: ParticipantId, claim: Receipt) -> Outcome {
        let before = self.receipt(who);
        let receipt = before.grown(claim, self.head);
        self.receipts[who.index()] = receipt;
        Outcome::Marked { before, receipt }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::Text;

    const ANNY: ParticipantId = ParticipantId(1);
    const ABHI: ParticipantId = ParticipantId(2);

    fn say(id: u128) -> Command {
        Command::Say { id: MessageId(id), body: Body::Text(Text::parse("hi".into()).unwrap()) }
    }

    fn chat() -> Chat {
        Chat::kept(vec![Receipt::default(); 2], Idle::Hour, At(0))
    }

    #[test]
    fn messages_are_numbered_in_the_order_in_which_they_are_accepted() {
        let mut chat = chat();
        for (who, id, seq) in [(ANNY, 7, 1), (ABHI, 7, 2), (ANNY, 8, 3)] {
            let Ok(Outcome::Said(message)) = chat.apply(who, say(id), At(1)) else { panic!("not said") };
            assert_eq!((message.seq, message.from), (Seq(seq), who));
        }
    }

    #[test]
    fn the_same_id_again_gets_the_first_answer_again() {
        let mut chat = chat();
        chat.apply(ANNY, say(7), At(1)).unwrap();
        chat.apply(ABHI, say(9), At(2)).unwrap();
        let again = chat.apply(ANNY, say(7), At(3)).unwrap();
        assert_eq!(again, Outcome::SaidBefore { seq: Seq(1), at: At(1) });
        assert_eq!(chat.head, Seq(2));
    }

    #[test]
    fn saying_and_keeping_restart_the_idle_time_and_reading_does_not() {
        let mut chat = chat();
        chat.apply(ANNY, say(7), At(10)).unwrap();
        assert_eq!(chat.due(), At(10 + 3_600_000));
        chat.apply(ABHI, Command::Mark(Receipt { seen: Seq(1), ..Receipt::default() }), At(20)).unwrap();
        assert_eq!(chat.used, At(10));
        assert_eq!(
            chat.apply(ABHI, Command::Keep, At(30)).unwrap(),
            Outcome::Kept { due: At(30 + 3_600_000) }
        );
    }

    #[test]
    fn a_clock_that_went_back_does_not_shorten_a_chats_time() {
        let mut chat = chat();
        chat.apply(ANNY, say(7), At(1_000)).unwrap();
        chat.apply(ANNY, say(8), At(5)).unwrap();
        assert_eq!(chat.used, At(1_000));
    }

    #[test]
    fn no_message_is_told_from_before_the_one_that_it_follows() {
        let mut chat = chat();
        for (id, now, expected) in [(7, 1_000, 1_000), (8, 5, 1_000), (9, 1_001, 1_001)] {
            let Ok(Outcome::Said(message)) = chat.apply(ANNY, say(id), At(now)) else { panic!("not said") };
            assert_eq!(message.at, At(expected));
        }
    }

    #[test]
    fn nobody_else_may_do_anything() {
        for who in [ParticipantId(0), ParticipantId(3), ParticipantId(255)] {
            assert_eq!(chat().apply(who, Command::End, At(1)), Err(Refusal::NoSuchSeat));
        }
    }

    #[test]
    fn the_one_who_ends_it_and_how_much_there_was_is_remembered() {
        let mut chat = chat();
        chat.apply(ANNY, say(7), At(1)).unwrap();
        let ending = Ending { at: At(9), by: EndedBy::Participant(ABHI), messages: 1 };
        assert_eq!(chat.apply(ABHI, Command::End, At(9)).unwrap(), Outcome::Ended(ending));
    }
}
