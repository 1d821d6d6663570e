//! What a seat asks for: saying something, marking, keeping, leaving, ending.

use crate::crypto;
use crate::domain::{Body, Command, Event, Kind, Message, Outcome, Refusal, SeatId};
use crate::store::error::StoreError;
use crate::store::publication::Origin;
use crate::store::redb::table_keys::message_key;
use crate::store::redb::write_tx::WriteTx;
use crate::store::rows::MessageRow;
use crate::store::seat::Seat;

impl WriteTx<'_, '_> {
    pub fn command(
        &mut self,
        seat: &Seat,
        command: Command,
        origin: Option<Origin>,
    ) -> Result<Outcome, StoreError> {
        self.check_seat(seat)?;
        let SeatId { chat, participant } = seat.id;
        let rules = self.chats.get(chat, &self.tables)?.ok_or(Refusal::NoSuchSeat)?;
        if command == Command::Keep && self.idle.was_used_just_now(chat) {
            let due = rules.due();
            self.publish(chat, Event::Kept { due }, origin);
            return Ok(Outcome::KeptBefore { due });
        }
        if rules.grows_by(participant, &command) {
            self.disk_space.clone()?;
        }
        let outcome = rules.apply(participant, command, self.now)?;
        self.keep(seat, &outcome, origin)?;
        Ok(outcome)
    }

    fn keep(&mut self, seat: &Seat, outcome: &Outcome, origin: Option<Origin>) -> Result<(), StoreError> {
        let SeatId { chat, participant } = seat.id;
        let event = match outcome {
            Outcome::Said(message) => return self.say(seat, message, origin),
            Outcome::SaidBefore { .. } => return Ok(()),
            Outcome::KeptBefore { due } => Event::Kept { due: *due },
            Outcome::Marked { before, receipt } if before == receipt => return Ok(()),
            Outcome::Marked { before, receipt } => {
                self.change_participant(seat.id, |row| row.mark(*receipt))?;
                Event::Marked { participant, before: *before, receipt: *receipt }
            }
            Outcome::Kept { due } => {
                self.wake(chat);
                self.use_chat(chat)?;
                Event::Kept { due: *due }
            }
            Outcome::Ended(ending) => return self.destroy(chat, *ending, origin),
            Outcome::Left => {
                self.remove_seat(seat.id, seat.device)?;
                Event::Left { participant, device: seat.device }
            }
        };
        self.publish(chat, event, origin);
        Ok(())
    }

    fn say(&mut self, seat: &Seat, message: &Message, origin: Option<Origin>) -> Result<(), StoreError> {
        let chat = seat.id.chat;
        self.insert_message(seat, message)?;
        self.publish(chat, Event::Said(message.clone()), origin);
        if self.wake(chat) {
            self.use_chat(chat)?;
            self.tell_kept(chat)?;
        }
        Ok(())
    }

    fn insert_message(&mut self, seat: &Seat, message: &Message) -> Result<(), StoreError> {
        let (kind, plain) = match &message.body {
            Body::Text(text) => (Kind::Text.number(), text.as_str().as_bytes()),
            Body::Unsupported => return Err("nobody says what this version does not know".into()),
        };
        let (from, at) = (message.from, message.at);
        let place = crypto::AssociatedData { seat: seat.id, seq: message.seq, id: message.id, kind };
        let body = crypto::seal_body(self.rng, &seat.key, &place, plain);
        let row = MessageRow::new(from, kind, (at, self.passed()), message.id, &body);
        let key = message_key(seat.id.chat, message.seq);
        self.tables.messages.insert(key, row.to_bytes().as_slice())?;
        self.idle.messages += 1;
        Ok(())
    }
}
