//! Once and in order, as Kafka's idempotent producer does it: of each producer the house knows which sequence
//! comes next, and where its last messages are. Producers are kept for each seat (a participant's device), so
//! nobody can advance another's.

use std::collections::VecDeque;

use crate::domain::{DeviceTag, MessageId, ParticipantId, Seq};
use crate::limits::{PRODUCER_MESSAGES_MAX, PRODUCERS_PER_SEAT_MAX};

/// What a seat's messages come from: one opened page, or one run of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Producer {
    pub participant: ParticipantId,
    pub device: DeviceTag,
    pub id: u64,
    /// The sequence of its last message.
    pub last: u64,
    /// Where its last messages are, the newest last: at most [`PRODUCER_MESSAGES_MAX`].
    pub recent: VecDeque<Seq>,
}

impl Producer {
    /// Messages that are gone name no device: a producer that is known from them alone is that of any device
    /// of the participant who has its random number.
    fn is(&self, participant: ParticipantId, device: DeviceTag, id: u64) -> bool {
        let is_device = self.device == device || [self.device, device].contains(&DeviceTag::UNKNOWN);
        is_device && (self.participant, self.id) == (participant, id) && !self.is_forgotten()
    }

    fn is_of(&self, participant: ParticipantId, device: DeviceTag) -> bool {
        (self.participant, self.device) == (participant, device)
    }

    /// In the place of producers of messages that are gone, of which there were too many to remember: any
    /// producer of the participant that is not known may have been one of them.
    fn forgotten(participant: ParticipantId) -> Self {
        Self { participant, device: DeviceTag::UNKNOWN, id: 0, last: 0, recent: VecDeque::new() }
    }

    /// A producer that is known has said something.
    fn is_forgotten(&self) -> bool {
        self.last == 0
    }
}

/// What is known of one message id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdStatus {
    /// It is this producer's next.
    Next,
    /// It was taken, and is at this place.
    Taken(Seq),
    /// It was taken so long ago that nobody knows where it is.
    Past,
    /// It was taken, and where it is was forgotten at a start.
    Forgotten,
    /// This one comes first.
    Gap(MessageId),
    /// Nothing is known of the producer, and this is not its first message, or the seat has had so many
    /// producers that this one may have been forgotten.
    Unknown,
}

/// All producers of a chat that are remembered, the one that said something last behind the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Producers(Vec<Producer>);

impl Producers {
    pub fn kept(producers: Vec<Producer>) -> Self {
        Self(producers)
    }

    pub fn all(&self) -> &[Producer] {
        &self.0
    }

    /// How many places are remembered.
    pub fn remembered(&self) -> usize {
        self.0.iter().map(|producer| producer.recent.len()).sum()
    }

    pub fn status(&self, participant: ParticipantId, device: DeviceTag, id: MessageId) -> IdStatus {
        let known = self.0.iter().rfind(|producer| producer.is(participant, device, id.producer()));
        let Some(known) = known else {
            let has_forgotten = self.0.contains(&Producer::forgotten(participant))
                || self.of_seat(participant, device) >= PRODUCERS_PER_SEAT_MAX;
            let begins = id.sequence() == 1 && !has_forgotten;
            return if begins { IdStatus::Next } else { IdStatus::Unknown };
        };
        let next = known.last.saturating_add(1);
        if id.sequence() >= next {
            let expected = MessageId::new(known.id, next);
            return if id == expected { IdStatus::Next } else { IdStatus::Gap(expected) };
        }
        let back = usize::try_from(known.last - id.sequence()).unwrap_or(usize::MAX);
        match known.recent.iter().nth_back(back) {
            Some(seq) => IdStatus::Taken(*seq),
            None if known.recent.len() < PRODUCER_MESSAGES_MAX => IdStatus::Forgotten,
            None => IdStatus::Past,
        }
    }

    /// A message was taken: it is its producer's last. Beyond [`PRODUCERS_PER_SEAT_MAX`] of a seat the one
    /// that has said nothing for longest is forgotten.
    pub fn take(&mut self, participant: ParticipantId, device: DeviceTag, id: MessageId, seq: Seq) {
        let known = self.0.iter().rposition(|producer| producer.is(participant, device, id.producer()));
        let mut producer = if let Some(place) = known {
            self.0.remove(place)
        } else {
            self.make_room(participant, device);
            Producer { participant, device, id: id.producer(), last: 0, recent: VecDeque::new() }
        };
        // What was found among the messages may begin in the middle.
        if id.sequence() != producer.last.saturating_add(1) {
            producer.recent.clear();
        }
        if producer.device == DeviceTag::UNKNOWN {
            producer.device = device;
        }
        producer.last = id.sequence();
        producer.recent.push_back(seq);
        if producer.recent.len() > PRODUCER_MESSAGES_MAX {
            producer.recent.pop_front();
        }
        self.0.push(producer);
    }

    /// What was found of a producer among the messages, in order: it takes the place of what was known, if
    /// that is not more.
    pub fn learn(&mut self, participant: ParticipantId, device: DeviceTag, found: &[(MessageId, Seq)]) {
        let mut learned = Self::default();
        for (id, seq) in found {
            learned.take(participant, device, *id, *seq);
        }
        let Some(producer) = learned.0.pop() else { return };
        match self.0.iter_mut().find(|known| known.is(participant, device, producer.id)) {
            Some(known) if known.last <= producer.last => *known = producer,
            Some(_) => {}
            None => {
                self.make_room(participant, device);
                self.0.push(producer);
            }
        }
    }

    fn of_seat(&self, participant: ParticipantId, device: DeviceTag) -> usize {
        self.0.iter().filter(|producer| producer.is_of(participant, device)).count()
    }

    fn make_room(&mut self, participant: ParticipantId, device: DeviceTag) {
        let forgotten = Producer::forgotten(participant);
        let is_one = |producer: &Producer| producer.is_of(participant, device) && !producer.is_forgotten();
        if self.0.iter().filter(|producer| is_one(producer)).count() < PRODUCERS_PER_SEAT_MAX {
            return;
        }
        if let Some(oldest) = self.0.iter().position(is_one) {
            self.0.remove(oldest);
        }
        // That a device has had too many is known from how many there are.
        if device == DeviceTag::UNKNOWN && !self.0.contains(&forgotten) {
            self.0.insert(0, forgotten);
        }
    }

    /// Forgets those of devices that are signed out.
    pub fn retain(&mut self, is_in: impl Fn(ParticipantId, DeviceTag) -> bool) {
        self.0.retain(|producer| is_in(producer.participant, producer.device));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNY: ParticipantId = ParticipantId(1);
    const PHONE: DeviceTag = DeviceTag(7);

    /// After a start, with the first message of so many producers gone.
    fn gone(producers: u64) -> Producers {
        let mut known = Producers::default();
        for (place, id) in (1..).zip(1..=producers) {
            known.take(ANNY, DeviceTag::UNKNOWN, MessageId::new(id, 1), Seq(place));
        }
        known
    }

    #[test]
    fn a_message_that_is_gone_is_known_from_whichever_device_it_is_sent_again() {
        let mut known = gone(1);
        assert_eq!(known.status(ANNY, PHONE, MessageId::new(1, 1)), IdStatus::Taken(Seq(1)));
        known.take(ANNY, PHONE, MessageId::new(1, 2), Seq(2));
        assert_eq!(known.status(ANNY, PHONE, MessageId::new(1, 3)), IdStatus::Next);
        assert_eq!(known.all().len(), 1);
    }

    #[test]
    fn where_too_many_are_gone_to_be_remembered_no_first_message_is_taken_unseen() {
        let (few, many) = (gone(PRODUCERS_PER_SEAT_MAX as u64), gone(PRODUCERS_PER_SEAT_MAX as u64 + 1));
        for producer in [0, 1, 99] {
            let id = MessageId::new(producer, 1);
            assert_eq!(many.status(ANNY, PHONE, id), IdStatus::Unknown, "{producer}");
            let expected = if producer == 1 { IdStatus::Taken(Seq(1)) } else { IdStatus::Next };
            assert_eq!(few.status(ANNY, PHONE, id), expected, "{producer}");
            assert_eq!(many.status(ParticipantId(2), PHONE, id), IdStatus::Next, "another person");
        }
    }
}
