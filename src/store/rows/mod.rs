//! Records: what one row holds, as bytes.
//!
//! Each record is a version byte and then postcard (its wire format is stable since 1.0). A version that
//! is not known is an error, never a guess; an older one is read by a type of its own and brought up to
//! date here. Names, texts and keys come in sealed: nothing in a record is readable without its key.

pub mod invite;
pub mod time;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::domain::{
    At, Awaited, Caller, EndedBy, Ending, FinalCall, Idle, IdleTimer, MessageId, ParticipantId, Receipt, Seq,
};
use crate::limits::LEAVE_AGAIN_MS;

/// A row that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RowError {
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
pub const FIRST: u8 = 1;

/// A record's version, and the rest.
fn version(bytes: &[u8]) -> Result<(u8, &[u8]), RowError> {
    bytes.split_first().map(|(version, body)| (*version, body)).ok_or(RowError::Damaged)
}

/// The rest of a record, all of it.
pub fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, RowError> {
    let (record, rest) = postcard::take_from_bytes(body).map_err(|_| RowError::Damaged)?;
    if rest.is_empty() { Ok(record) } else { Err(RowError::Damaged) }
}

/// A record with a type of its own in the store.
pub trait Row: Serialize + DeserializeOwned {
    /// The version that is written.
    const VERSION: u8 = FIRST;

    /// What another version wrote. No guess: refused unless it is an older one that is known.
    fn of(version: u8, _body: &[u8]) -> Result<Self, RowError> {
        Err(RowError::Version(version))
    }

    /// As it stands in the file.
    fn to_bytes(&self) -> Vec<u8> {
        let version = vec![Self::VERSION];
        postcard::to_extend(self, version).expect("a record is plain data, which postcard always writes")
    }

    /// From the file.
    fn from_bytes(bytes: &[u8]) -> Result<Self, RowError> {
        let (version, body) = version(bytes)?;
        if version == Self::VERSION { read(body) } else { Self::of(version, body) }
    }
}

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
    /// How much had passed at that use; at its last message it may be more.
    passed: u64,
    /// The final call: what is watched by its end, and when that is.
    call: Option<(u64, u64)>,
    /// Whether a visitor started it, and not the host.
    by_visitor: bool,
    /// Whether anybody ever came in.
    pub was_entered: bool,
}

/// The same before it was noted who started it.
#[derive(Deserialize)]
struct ChatRow2 {
    idle: u8,
    slot: u32,
    started: u64,
    used: u64,
    people: Vec<PersonRow>,
    passed: u64,
    call: Option<(u64, u64)>,
}

impl From<ChatRow2> for ChatRow {
    /// It rests as was agreed, as one that the host started. Whether anybody came in its invites say.
    fn from(ChatRow2 { idle, slot, started, used, people, passed, call }: ChatRow2) -> Self {
        Self { idle, slot, started, used, people, passed, call, by_visitor: false, was_entered: true }
    }
}

/// The same before chats were purged.
#[derive(Deserialize)]
struct ChatRow1 {
    idle: u8,
    slot: u32,
    started: u64,
    used: u64,
    people: Vec<PersonRow>,
}

impl From<ChatRow1> for ChatRow {
    /// Its rest begins anew: an older Parlour did not note how much time had passed.
    fn from(ChatRow1 { idle, slot, started, used, people }: ChatRow1) -> Self {
        ChatRow2 { idle, slot, started, used, people, passed: 0, call: None }.into()
    }
}

impl Row for ChatRow {
    const VERSION: u8 = 3;

    fn of(version: u8, body: &[u8]) -> Result<Self, RowError> {
        match version {
            FIRST => Ok(read::<ChatRow1>(body)?.into()),
            2 => Ok(read::<ChatRow2>(body)?.into()),
            _ => Err(RowError::Version(version)),
        }
    }
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
    pub fn new(
        (idle, by): (Idle, Caller),
        slot: u32,
        (now, passed): (At, u64),
        people: Vec<PersonRow>,
    ) -> Self {
        let (idle, started, used) = (idle_number(idle), now.0, now.0);
        let (by_visitor, was_entered) = (by != Caller::Host, false);
        Self { idle, slot, started, used, people, passed, call: None, by_visitor, was_entered }
    }

    /// Whether it waits for somebody to come in.
    pub fn awaited(&self) -> Awaited {
        if self.by_visitor && !self.was_entered { Awaited::Anybody } else { Awaited::Nobody }
    }

    /// How it rests, if it was used when `said` had passed.
    pub fn rest(&self, said: u64) -> Result<IdleTimer, RowError> {
        let call = self.call.map(|(over, at)| FinalCall { over, at: At(at) });
        Ok(IdleTimer::new(self.idle()?, self.passed.max(said), call, self.awaited()))
    }

    /// When it is destroyed if nobody uses it, once there was a final call.
    pub fn final_call(&self) -> Option<At> {
        self.call.map(|(_, at)| At(at))
    }

    /// Notes the final call.
    pub fn call(&mut self, call: FinalCall) {
        self.call = Some((call.over, call.at.0));
    }

    /// Takes the final call back. True when there was one.
    pub fn recall(&mut self) -> bool {
        self.call.take().is_some()
    }

    /// Notes that it rests only since so much had passed.
    pub fn rest_from(&mut self, passed: u64) {
        self.passed = self.passed.max(passed);
    }

    /// The agreed time without use.
    pub fn idle(&self) -> Result<Idle, RowError> {
        Idle::ALL.into_iter().find(|idle| idle_number(*idle) == self.idle).ok_or(RowError::Damaged)
    }

    /// When it was started.
    pub fn started(&self) -> At {
        At(self.started)
    }

    /// When it was last kept or somebody came in; its last message may be younger.
    pub fn used(&self) -> At {
        At(self.used)
    }

    /// Notes a use, which takes the final call away.
    pub fn use_at(&mut self, now: At, passed: u64) {
        self.used = self.used.max(now.0);
        self.rest_from(passed);
        self.call = None;
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
pub struct ParticipantRow {
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

impl From<PlaceRow1> for ParticipantRow {
    fn from(PlaceRow1 { delivered, seen, last_here }: PlaceRow1) -> Self {
        Self { delivered, seen, last_here, read: seen }
    }
}

impl Row for ParticipantRow {
    const VERSION: u8 = 2;

    fn of(version: u8, body: &[u8]) -> Result<Self, RowError> {
        match version {
            FIRST => Ok(read::<PlaceRow1>(body)?.into()),
            _ => Err(RowError::Version(version)),
        }
    }
}

impl ParticipantRow {
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

    /// Notes when the participant last left, unless that was within a minute of the time before. Whether it
    /// is noted.
    pub fn leave(&mut self, at: At) -> bool {
        let is_news = self.last_here.is_none_or(|before| at.0.abs_diff(before) >= LEAVE_AGAIN_MS);
        if is_news {
            self.last_here = Some(at.0);
        }
        is_news
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

impl Row for SeatRow {
    const VERSION: u8 = 2;

    fn of(version: u8, body: &[u8]) -> Result<Self, RowError> {
        match version {
            FIRST => Ok(read::<SeatRow1>(body)?.into()),
            _ => Err(RowError::Version(version)),
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

    /// Since when it may be away: when it was last here, or came in where it does not tell that.
    pub fn away_since(&self) -> At {
        At(self.last_here.unwrap_or(self.entered))
    }

    /// Notes when the device left, to the hour: enough to know it again, and no diary. Whether that is new.
    pub fn leave(&mut self, at: At) -> bool {
        let hour = at.0 - at.0 % HOUR_MILLIS;
        let before = self.last_here.replace(hour.max(self.entered));
        self.last_here != before
    }
}

/// What is left of an ended chat.
#[derive(Serialize, Deserialize)]
pub struct TombstoneRow {
    at: u64,
    by: u8,
    messages: u64,
    passed: u64,
}

/// The same before tombstones were forgotten.
#[derive(Deserialize)]
struct TombstoneRow1 {
    at: u64,
    by: u8,
    messages: u64,
}

impl Row for TombstoneRow {
    const VERSION: u8 = 2;

    fn of(version: u8, body: &[u8]) -> Result<Self, RowError> {
        let (FIRST, TombstoneRow1 { at, by, messages }) = (version, read(body)?) else {
            return Err(RowError::Version(version));
        };
        Ok(Self { at, by, messages, passed: 0 })
    }
}

impl TombstoneRow {
    /// A chat that ends when so much has passed.
    pub fn new(ending: Ending, passed: u64) -> Self {
        Self { at: ending.at.0, by: by_number(ending.by), messages: ending.messages, passed }
    }

    /// How much had passed when it ended.
    pub fn passed(&self) -> u64 {
        self.passed
    }
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
    #[serde(borrow)]
    pub body: &'a [u8],
    /// How much time had passed.
    pub passed: u64,
}

/// The same before chats were purged. A message is never written again, so both are read.
#[derive(Deserialize)]
struct MessageRow1<'a> {
    from: u8,
    kind: u8,
    at: u64,
    id: [u8; 16],
    body: &'a [u8],
}

const MESSAGE: u8 = 2;

impl<'a> MessageRow<'a> {
    /// A message that is said now.
    pub fn new(
        from: ParticipantId,
        kind: u8,
        (at, passed): (At, u64),
        id: MessageId,
        body: &'a [u8],
    ) -> Self {
        Self { from: from.0, kind, at: at.0, id: id.0.to_be_bytes(), body, passed }
    }

    /// As it stands in the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.body.len() + 48);
        bytes.push(MESSAGE);
        postcard::to_extend(self, bytes).expect("a record is plain data, which postcard always writes")
    }

    /// From the file.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, RowError> {
        match version(bytes)? {
            (MESSAGE, body) => read(body),
            (FIRST, body) => {
                let MessageRow1 { from, kind, at, id, body } = read(body)?;
                Ok(Self { from, kind, at, id, body, passed: 0 })
            }
            (version, _) => Err(RowError::Version(version)),
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
        let row = MessageRow::new(ParticipantId(2), 1, (At(99), 7), MessageId(u128::MAX - 5), b"sealed");
        let bytes = row.to_bytes();
        let back = MessageRow::from_bytes(&bytes).unwrap();
        assert_eq!(
            (back.from(), back.kind, back.at(), back.id(), back.body),
            (row.from(), 1, At(99), row.id(), &b"sealed"[..])
        );
        for idle in Idle::ALL {
            let row = ChatRow::new((idle, Caller::Host), 7, (At(1), 2), Vec::new());
            assert_eq!(ChatRow::from_bytes(&row.to_bytes()).unwrap().idle().unwrap(), idle);
        }
        for by in [EndedBy::Participant(ParticipantId(1)), EndedBy::Clock, EndedBy::Host] {
            let ending = Ending { at: At(5), by, messages: 214 };
            let bytes = TombstoneRow::new(ending, 9).to_bytes();
            assert_eq!(Ending::from(TombstoneRow::from_bytes(&bytes).unwrap()), ending);
        }
    }

    #[test]
    fn a_record_that_is_newer_or_damaged_is_an_error_and_never_a_guess() {
        let mut bytes = ParticipantRow::default().to_bytes();
        bytes.push(0);
        assert!(matches!(ParticipantRow::from_bytes(&bytes), Err(RowError::Damaged)));
        for version in [0, 3] {
            bytes[0] = version;
            let read = ParticipantRow::from_bytes(&bytes).err();
            assert!(matches!(read, Some(RowError::Version(found)) if found == version));
        }
        for bytes in [&[][..], &[1, 5], &[2, 5], &[1, 0xAC, 0x02, 5, 0, 7], &[2, 0xAC, 0x02, 5, 0]] {
            assert!(matches!(ParticipantRow::from_bytes(bytes), Err(RowError::Damaged)), "{bytes:?}");
        }
        let seat = [3, 2, 1, 4, 0];
        assert!(matches!(SeatRow::from_bytes(&seat), Err(RowError::Version(3))));
    }

    #[test]
    fn a_place_that_an_older_parlour_wrote_is_read_and_what_was_seen_was_read() {
        let place = ParticipantRow::from_bytes(&[1, 0xAC, 0x02, 5, 1, 9]).unwrap();
        let receipt = Receipt { delivered: Seq(300), seen: Seq(5), read: Seq(5) };
        assert_eq!((place.receipt(), place.last_here()), (receipt, Some(At(9))));
        assert_eq!(place.to_bytes(), [2, 0xAC, 0x02, 5, 1, 9, 5]);
    }

    /// The bytes of each version. If this fails, files of houses that exist can no longer be read.
    #[test]
    fn what_is_written_stays_what_it_is() {
        let mut place = ParticipantRow::default();
        place.mark(Receipt { delivered: Seq(300), seen: Seq(5), read: Seq(7) });
        assert_eq!(place.to_bytes(), [2, 0xAC, 0x02, 5, 0, 7]);
        let message = MessageRow::new(ParticipantId(1), 1, (At(3), 6), MessageId(9), &[8, 7]);
        let id = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9];
        assert_eq!(message.to_bytes(), [&[2, 1, 1, 3][..], &id, &[2, 8, 7, 6]].concat());
        let older = [&[1, 1, 1, 3][..], &id, &[2, 8, 7]].concat();
        assert_eq!(MessageRow::from_bytes(&older).unwrap().passed, 0, "an older one is read");
        let mut seat = SeatRow::new(At(2), vec![4]);
        assert_eq!(seat.to_bytes(), [2, 2, 1, 4, 0]);
        seat.leave(At(9));
        assert_eq!(seat.to_bytes(), [2, 2, 1, 4, 1, 2]);
        seat.leave(At(HOUR_MILLIS + 9));
        assert_eq!(seat.last_here(), Some(At(HOUR_MILLIS)));
    }

    #[test]
    fn a_seat_that_an_older_parlour_wrote_is_read() {
        let seat = SeatRow::from_bytes(&[1, 2, 1, 4]).unwrap();
        assert_eq!((seat.entered(), seat.last_here(), seat.envelope), (At(2), None, vec![4]));
    }
}
