//! Records: what one row holds, as bytes.
//!
//! Each record is a version byte and then postcard (its wire format is stable since 1.0). A version that
//! is not known is an error, never a guess; an older one is read by a type of its own and brought up to
//! date here. Names, texts and keys come in sealed: nothing in a record is readable without its key.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::domain::{
    At, ChatId, EndedBy, Ending, Guesses, Idle, MessageId, ParticipantId, Receipt, SeatId, Seq,
};
use crate::seal::Stretch;

/// A row that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Written by a newer Parlour.
    #[error("a record of version {0} is not known to this version of parlour")]
    Version(u8),
    /// Not what was written.
    #[error("a record is damaged")]
    Damaged,
}

/// To what a device's last time is noted.
const HOUR_MILLIS: u64 = 3_600_000;

/// The version of what has not changed since there are records.
const FIRST: u8 = 1;

/// A record's version, and the rest.
fn version(bytes: &[u8]) -> Result<(u8, &[u8]), RecordError> {
    bytes.split_first().map(|(version, body)| (*version, body)).ok_or(RecordError::Damaged)
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, RecordError> {
    let (record, rest) = postcard::take_from_bytes(body).map_err(|_| RecordError::Damaged)?;
    if rest.is_empty() { Ok(record) } else { Err(RecordError::Damaged) }
}

/// A record with a type of its own in the store.
pub trait Record: Serialize + DeserializeOwned {
    /// The version that is written.
    const VERSION: u8 = FIRST;

    /// What another version wrote. No guess: refused unless it is an older one that is known.
    fn of(version: u8, _body: &[u8]) -> Result<Self, RecordError> {
        Err(RecordError::Version(version))
    }

    /// As it stands in the file.
    fn to_bytes(&self) -> Vec<u8> {
        let version = vec![Self::VERSION];
        postcard::to_extend(self, version).expect("a record is plain data, which postcard always writes")
    }

    /// From the file.
    fn from_bytes(bytes: &[u8]) -> Result<Self, RecordError> {
        let (version, body) = version(bytes)?;
        if version == Self::VERSION { read(body) } else { Self::of(version, body) }
    }
}

impl Record for ChatRow {}
impl Record for TombstoneRow {}

/// One chat.
#[derive(Serialize, Deserialize)]
pub struct ChatRow {
    idle: u8,
    /// Where its slot key stands.
    pub slot: u32,
    started: u64,
    used: u64,
    /// Each participant's sealed name and invite, in order.
    pub people: Vec<PersonRow>,
}

/// One participant of a chat.
#[derive(Serialize, Deserialize)]
pub struct PersonRow {
    /// Sealed under the chat's key.
    pub name: Vec<u8>,
    /// The row of the invite.
    pub invite: [u8; 32],
}

impl ChatRow {
    /// A chat that starts now.
    pub fn new(idle: Idle, slot: u32, now: At, people: Vec<PersonRow>) -> Self {
        Self { idle: idle_number(idle), slot, started: now.0, used: now.0, people }
    }

    /// The agreed time without use.
    pub fn idle(&self) -> Result<Idle, RecordError> {
        Idle::ALL.into_iter().find(|idle| idle_number(*idle) == self.idle).ok_or(RecordError::Damaged)
    }

    /// When it was last kept or somebody came in; its last message may be younger.
    pub fn used(&self) -> At {
        At(self.used)
    }

    /// Notes a use.
    pub fn use_at(&mut self, now: At) {
        self.used = self.used.max(now.0);
    }
}

fn idle_number(idle: Idle) -> u8 {
    match idle {
        Idle::Hour => 1,
        Idle::Day => 2,
        Idle::Week => 3,
        Idle::Month => 4,
        Idle::HalfYear => 5,
    }
}

/// One participant's counters.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub struct PlaceRow {
    delivered: u64,
    seen: u64,
    last_here: Option<u64>,
    read: u64,
}

/// The same before reading and telling so were two things.
#[derive(Deserialize)]
struct PlaceRow1 {
    delivered: u64,
    seen: u64,
    last_here: Option<u64>,
}

impl From<PlaceRow1> for PlaceRow {
    fn from(PlaceRow1 { delivered, seen, last_here }: PlaceRow1) -> Self {
        Self { delivered, seen, last_here, read: seen }
    }
}

impl Record for PlaceRow {
    const VERSION: u8 = 2;

    fn of(version: u8, body: &[u8]) -> Result<Self, RecordError> {
        match version {
            FIRST => Ok(read::<PlaceRow1>(body)?.into()),
            _ => Err(RecordError::Version(version)),
        }
    }
}

impl PlaceRow {
    /// How far the participant has got.
    pub fn receipt(self) -> Receipt {
        Receipt { delivered: Seq(self.delivered), seen: Seq(self.seen), read: Seq(self.read) }
    }

    /// Notes how far the participant has got.
    pub fn mark(&mut self, receipt: Receipt) {
        let Receipt { delivered, seen, read } = receipt;
        (self.delivered, self.seen, self.read) = (delivered.0, seen.0, read.0);
    }

    /// When the participant last left.
    pub fn last_here(self) -> Option<At> {
        self.last_here.map(At)
    }

    /// Notes when the participant last left.
    pub fn leave(&mut self, at: At) {
        self.last_here = Some(at.0);
    }
}

/// One invite.
#[derive(Serialize, Deserialize)]
pub struct InviteRow {
    chat: u64,
    participant: u8,
    /// The salt of the code.
    pub salt: [u8; 16],
    kib: u32,
    passes: u32,
    /// The participant's name, sealed under a key from the token alone.
    pub greeting: Vec<u8>,
    /// The chat's key, wrapped for token, code and slot.
    pub envelope: Vec<u8>,
    tries: u32,
    wait_until: u64,
    came_in: Option<u64>,
    /// Where its own slot key stands; none where it began without one.
    pub slot: Option<u32>,
    came_before: bool,
}

/// The same before invites had slots of their own, and could be replaced.
#[derive(Deserialize)]
struct InviteRow1 {
    chat: u64,
    participant: u8,
    salt: [u8; 16],
    kib: u32,
    passes: u32,
    greeting: Vec<u8>,
    envelope: Vec<u8>,
    tries: u32,
    wait_until: u64,
    came_in: Option<u64>,
}

impl From<InviteRow1> for InviteRow {
    fn from(row: InviteRow1) -> Self {
        let InviteRow1 { chat, participant, salt, kib, passes, greeting, envelope, .. } = row;
        let InviteRow1 { tries, wait_until, came_in, .. } = row;
        let (slot, came_before) = (None, false);
        Self {
            chat,
            participant,
            salt,
            kib,
            passes,
            greeting,
            envelope,
            tries,
            wait_until,
            came_in,
            slot,
            came_before,
        }
    }
}

impl Record for InviteRow {
    const VERSION: u8 = 2;

    fn of(version: u8, body: &[u8]) -> Result<Self, RecordError> {
        match version {
            FIRST => Ok(read::<InviteRow1>(body)?.into()),
            _ => Err(RecordError::Version(version)),
        }
    }
}

impl InviteRow {
    /// An invite that nobody has used.
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
        Self {
            chat,
            participant,
            salt,
            kib,
            passes,
            greeting,
            envelope,
            tries: 0,
            wait_until: 0,
            came_in: None,
            slot: Some(slot),
            came_before: false,
        }
    }

    /// The same in the place of `before`: whose invite it is may have come in already.
    #[must_use]
    pub fn replacing(self, before: &Self) -> Self {
        Self { came_before: before.has_come(), ..self }
    }

    /// Which seat it leads to.
    pub fn seat(&self) -> SeatId {
        SeatId { chat: ChatId(self.chat), participant: ParticipantId(self.participant) }
    }

    /// What its code costs to try.
    pub fn stretch(&self) -> Stretch {
        Stretch { kib: self.kib, passes: self.passes }
    }

    /// The tries since somebody last came in.
    pub fn guesses(&self) -> Guesses {
        Guesses { tries: self.tries, wait_until: At(self.wait_until) }
    }

    /// Notes the tries.
    pub fn charge(&mut self, guesses: Guesses) {
        (self.tries, self.wait_until) = (guesses.tries, guesses.wait_until.0);
    }

    /// Whether anybody has come in by it.
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

/// One device's seat.
#[derive(Serialize, Deserialize)]
pub struct SeatRow {
    entered: u64,
    /// The chat's key, wrapped for device and slot.
    pub envelope: Vec<u8>,
    last_here: Option<u64>,
}

/// The same before it was noted when a device was last here.
#[derive(Deserialize)]
struct SeatRow1 {
    entered: u64,
    envelope: Vec<u8>,
}

impl From<SeatRow1> for SeatRow {
    fn from(SeatRow1 { entered, envelope }: SeatRow1) -> Self {
        Self { entered, envelope, last_here: None }
    }
}

impl Record for SeatRow {
    const VERSION: u8 = 2;

    fn of(version: u8, body: &[u8]) -> Result<Self, RecordError> {
        match version {
            FIRST => Ok(read::<SeatRow1>(body)?.into()),
            _ => Err(RecordError::Version(version)),
        }
    }
}

impl SeatRow {
    /// A device that comes in now.
    pub fn new(now: At, envelope: Vec<u8>) -> Self {
        Self { entered: now.0, envelope, last_here: None }
    }

    /// When the device came in.
    pub fn entered(&self) -> At {
        At(self.entered)
    }

    /// When the device was last here, to the hour.
    pub fn last_here(&self) -> Option<At> {
        self.last_here.map(At)
    }

    /// Notes when the device left, to the hour: enough to know it again, and no diary.
    pub fn leave(&mut self, at: At) {
        let hour = at.0 - at.0 % HOUR_MILLIS;
        self.last_here = Some(hour.max(self.entered));
    }
}

/// What is left of an ended chat.
#[derive(Serialize, Deserialize)]
pub struct TombstoneRow {
    at: u64,
    by: u8,
    messages: u64,
}

const BY_CLOCK: u8 = 254;
const BY_HOST: u8 = 255;

/// The number of who ended a chat, in records and in the slot file. Participants are 1 to 253.
pub fn by_number(by: EndedBy) -> u8 {
    match by {
        EndedBy::Participant(participant) => participant.0,
        EndedBy::Clock => BY_CLOCK,
        EndedBy::Host => BY_HOST,
    }
}

/// Who ended a chat, from the number.
pub fn by_of(number: u8) -> EndedBy {
    match number {
        BY_CLOCK => EndedBy::Clock,
        BY_HOST => EndedBy::Host,
        participant => EndedBy::Participant(ParticipantId(participant)),
    }
}

impl From<Ending> for TombstoneRow {
    fn from(ending: Ending) -> Self {
        Self { at: ending.at.0, by: by_number(ending.by), messages: ending.messages }
    }
}

impl From<TombstoneRow> for Ending {
    fn from(row: TombstoneRow) -> Self {
        Self { at: At(row.at), by: by_of(row.by), messages: row.messages }
    }
}

/// One message, its body still sealed. Borrowed, because there are many of them.
#[derive(Serialize, Deserialize)]
pub struct MessageRow<'a> {
    from: u8,
    /// The number of its body's kind.
    pub kind: u8,
    at: u64,
    id: [u8; 16],
    /// The sealed body.
    pub body: &'a [u8],
}

impl<'a> MessageRow<'a> {
    /// A message that is said now.
    pub fn new(from: ParticipantId, kind: u8, at: At, id: MessageId, body: &'a [u8]) -> Self {
        Self { from: from.0, kind, at: at.0, id: id.0.to_be_bytes(), body }
    }

    /// As it stands in the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.body.len() + 36);
        bytes.push(FIRST);
        postcard::to_extend(self, bytes).expect("a record is plain data, which postcard always writes")
    }

    /// From the file.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, RecordError> {
        match version(bytes)? {
            (FIRST, body) => read(body),
            (version, _) => Err(RecordError::Version(version)),
        }
    }

    /// Who said it.
    pub fn from(&self) -> ParticipantId {
        ParticipantId(self.from)
    }

    /// When.
    pub fn at(&self) -> At {
        At(self.at)
    }

    /// The client's id.
    pub fn id(&self) -> MessageId {
        MessageId(u128::from_be_bytes(self.id))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let row = MessageRow::new(ParticipantId(2), 1, At(99), MessageId(u128::MAX - 5), b"sealed");
        let bytes = row.to_bytes();
        let back = MessageRow::from_bytes(&bytes).unwrap();
        assert_eq!(
            (back.from(), back.kind, back.at(), back.id(), back.body),
            (row.from(), 1, At(99), row.id(), &b"sealed"[..])
        );
        for idle in Idle::ALL {
            let row = ChatRow::new(idle, 7, At(1), Vec::new());
            assert_eq!(ChatRow::from_bytes(&row.to_bytes()).unwrap().idle().unwrap(), idle);
        }
        for by in [EndedBy::Participant(ParticipantId(1)), EndedBy::Clock, EndedBy::Host] {
            let ending = Ending { at: At(5), by, messages: 214 };
            let bytes = TombstoneRow::from(ending).to_bytes();
            assert_eq!(Ending::from(TombstoneRow::from_bytes(&bytes).unwrap()), ending);
        }
    }

    #[test]
    fn a_record_that_is_newer_or_damaged_is_an_error_and_never_a_guess() {
        let mut bytes = PlaceRow::default().to_bytes();
        bytes.push(0);
        assert!(matches!(PlaceRow::from_bytes(&bytes), Err(RecordError::Damaged)));
        for version in [0, 3] {
            bytes[0] = version;
            let read = PlaceRow::from_bytes(&bytes).err();
            assert!(matches!(read, Some(RecordError::Version(found)) if found == version));
        }
        for bytes in [&[][..], &[1, 5], &[2, 5], &[1, 0xAC, 0x02, 5, 0, 7], &[2, 0xAC, 0x02, 5, 0]] {
            assert!(matches!(PlaceRow::from_bytes(bytes), Err(RecordError::Damaged)), "{bytes:?}");
        }
        let seat = [3, 2, 1, 4, 0];
        assert!(matches!(SeatRow::from_bytes(&seat), Err(RecordError::Version(3))));
    }

    #[test]
    fn a_place_that_an_older_parlour_wrote_is_read_and_what_was_seen_was_read() {
        let place = PlaceRow::from_bytes(&[1, 0xAC, 0x02, 5, 1, 9]).unwrap();
        let receipt = Receipt { delivered: Seq(300), seen: Seq(5), read: Seq(5) };
        assert_eq!((place.receipt(), place.last_here()), (receipt, Some(At(9))));
        assert_eq!(place.to_bytes(), [2, 0xAC, 0x02, 5, 1, 9, 5]);
    }

    /// The bytes of each version. If this fails, files of houses that exist can no longer be read.
    #[test]
    fn what_is_written_stays_what_it_is() {
        let mut place = PlaceRow::default();
        place.mark(Receipt { delivered: Seq(300), seen: Seq(5), read: Seq(7) });
        assert_eq!(place.to_bytes(), [2, 0xAC, 0x02, 5, 0, 7]);
        let message = MessageRow::new(ParticipantId(1), 1, At(3), MessageId(9), &[8, 7]);
        assert_eq!(message.to_bytes(), [1, 1, 1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 2, 8, 7]);
        let mut seat = SeatRow::new(At(2), vec![4]);
        assert_eq!(seat.to_bytes(), [2, 2, 1, 4, 0]);
        seat.leave(At(9));
        assert_eq!(seat.to_bytes(), [2, 2, 1, 4, 1, 2]);
        seat.leave(At(HOUR_MILLIS + 9));
        assert_eq!(seat.last_here(), Some(At(HOUR_MILLIS)));
        let bytes = [&[2, 7, 1][..], &[3; 16], &[8, 1, 1, 5, 1, 6, 0, 0, 0, 1, 9, 0]].concat();
        assert_eq!(invite().to_bytes(), bytes);
    }

    fn invite() -> InviteRow {
        let seat = SeatId { chat: ChatId(7), participant: ParticipantId(1) };
        InviteRow::new(seat, [3; 16], Stretch { kib: 8, passes: 1 }, 9, vec![5], vec![6])
    }

    #[test]
    fn invites_and_seats_that_an_older_parlour_wrote_are_read() {
        let bytes = [&[1, 7, 1][..], &[3; 16], &[8, 1, 1, 5, 1, 6, 4, 0, 1, 2]].concat();
        let invite = InviteRow::from_bytes(&bytes).unwrap();
        assert_eq!((invite.slot, invite.guesses().tries, invite.came_in()), (None, 4, true));
        let seat = SeatRow::from_bytes(&[1, 2, 1, 4]).unwrap();
        assert_eq!((seat.entered(), seat.last_here(), seat.envelope), (At(2), None, vec![4]));
    }

    #[test]
    fn who_came_in_by_an_invite_that_was_replaced_has_come() {
        let mut first = invite();
        assert!(!invite().replacing(&first).has_come());
        first.admit(At(1));
        let second = invite().replacing(&first);
        assert!(!second.came_in() && second.has_come() && invite().replacing(&second).has_come());
    }
}
