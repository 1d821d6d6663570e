//! Reading beside the writer: each question is one snapshot of the file, on a blocking thread.
//!
//! A seat is checked in the snapshot that it is used in (I5). Nothing here changes anything.

use std::collections::HashMap;
use std::io;
use std::sync::Mutex;

use redb::{Database, ReadableDatabase, StorageError, TableError, TransactionError};

use crate::crypto::{self, ChatKey, DeviceSecret, LinkToken, SlotKey};
use crate::domain::{
    At, Body, ChatId, DeviceId, InviteId, Message, Name, ParticipantId, Refusal, SeatId, Seq, Text,
};
use crate::limits::{
    ENTER_MESSAGES_MAX, ENTER_TEXT_BYTES_MAX, PAGE_BYTES_MAX, PAGE_MESSAGES_MAX, PURGE_TOMBSTONES_MAX,
    SEATS_PER_DEVICE_MAX, UNREAD_MAX,
};
use crate::store::admission::attempts::AttemptsInFlight;
use crate::store::backup::BACKED_UP;
use crate::store::keys::slot_file::{Slot, Slots, Unwritten};
use crate::store::redb::apply::{self, Broken};
use crate::store::redb::tables::{
    ReadTables, device_of, devices_at, keys_of, message_key, place_key, seat_key, seat_of, seat_of_place,
    seats_held_by, seq_of,
};
use crate::store::rows::invite::InviteRow;
use crate::store::rows::{ChatRow, MessageRow, ParticipantRow, Row, SeatRow, TombstoneRow};
use crate::store::{
    ChatPreview, Device, ExpiredTombstones, InviteState, Page, ParticipantView, Seat, Span, State, Summary,
};
use std::sync::Arc;

/// Why a question has no answer.
pub enum NoAnswer {
    /// The guest's fault.
    Refused(Refusal),
    /// Ours.
    Broken(Broken),
}

impl<E: Into<Broken>> From<E> for NoAnswer {
    fn from(error: E) -> Self {
        Self::Broken(error.into())
    }
}

/// Whether a read did not work because the disk refused the writer something: after that nobody is let in
/// until the files were opened anew.
pub fn is_stopped(broken: &Broken) -> bool {
    let begun = broken.downcast_ref().and_then(|error| match error {
        TransactionError::Storage(error) => Some(error),
        _ => None,
    });
    let opened = broken.downcast_ref().and_then(|error| match error {
        TableError::Storage(error) => Some(error),
        _ => None,
    });
    let error = begun.or(opened).or(broken.downcast_ref());
    let slots = broken.downcast_ref().and_then(io::Error::get_ref);
    matches!(error, Some(StorageError::PreviousIo | StorageError::DatabaseClosed))
        || slots.is_some_and(<dyn std::error::Error + Send + Sync>::is::<Unwritten>)
}

fn refused<T>(refusal: Refusal) -> Result<T, NoAnswer> {
    Err(NoAnswer::Refused(refusal))
}

/// One moment of the store.
pub struct ReadTx<'a> {
    pub(super) tables: ReadTables,
    slots: &'a Mutex<Slots>,
    attempts: &'a AttemptsInFlight,
    /// The codes that were being looked at before that moment: one that has come in meanwhile is still
    /// charged in it.
    tried: HashMap<InviteId, u32>,
    /// Which opening of the store this is a moment of.
    opening: u64,
}

impl<'a> ReadTx<'a> {
    /// The store as it stands now.
    pub fn open(
        database: &Database,
        slots: &'a Mutex<Slots>,
        attempts: &'a AttemptsInFlight,
        opening: u64,
    ) -> Result<Self, Broken> {
        let tried = attempts.all();
        Ok(Self { tables: ReadTables::open(&database.begin_read()?)?, slots, attempts, tried, opening })
    }

    /// When the last backup was begun that lies safe.
    pub fn last_backup(&self) -> Result<Option<At>, NoAnswer> {
        Ok(self.tables.house.get(BACKED_UP)?.map(|at| At(at.value())))
    }

    /// An invite as it stands.
    pub fn invite(&self, id: InviteId) -> Result<Found, NoAnswer> {
        let Some(bytes) = self.tables.invites.get(id.0)? else { return refused(self.no_invite(id)?) };
        let row = InviteRow::from_bytes(bytes.value())?;
        let slot = self.slot(row.seat())?;
        let lock = match row.slot {
            None => slot.clone(),
            Some(number) => match apply::lock(self.slots).read(number)? {
                Slot::Live(own) => slot.joined(&own),
                // It was replaced since this moment of the store.
                Slot::Void { .. } => return refused(Refusal::NoSuchLink),
            },
        };
        Ok(Found { row, slot, lock })
    }

    /// Whose link that is.
    pub fn greeting(&self, token: &LinkToken) -> Result<Name, NoAnswer> {
        let Found { row, .. } = self.invite(token.id())?;
        Ok(Name::kept(&crypto::open_greeting(token, row.seat(), &row.greeting)?))
    }

    /// Who has come in by that invite.
    pub fn status(&self, id: InviteId) -> Result<InviteState, NoAnswer> {
        match self.invite(id) {
            Ok(Found { row, .. }) if row.came_in() => Ok(InviteState::In),
            Ok(_) => Ok(InviteState::Waiting),
            Err(NoAnswer::Refused(Refusal::Ended { .. })) => Ok(InviteState::Ended),
            Err(NoAnswer::Refused(_)) => Ok(InviteState::Unknown),
            Err(broken) => Err(broken),
        }
    }

    /// Whether the device holds a seat.
    pub fn holds_any(&self, device: DeviceId) -> Result<bool, NoAnswer> {
        Ok(self.tables.devices.range(seats_held_by(device))?.next().transpose()?.is_some())
    }

    /// Every seat that the device holds.
    pub fn seats(&self, device: &DeviceSecret) -> Result<Vec<Seat>, NoAnswer> {
        let mut seats = Vec::new();
        for row in self.tables.devices.range(seats_held_by(device.id()))?.take(SEATS_PER_DEVICE_MAX) {
            match self.seat(device, seat_of(&row?.0.value())) {
                Ok(seat) => seats.push(seat),
                Err(NoAnswer::Refused(_)) => {}
                Err(broken) => return Err(broken),
            }
        }
        Ok(seats)
    }

    /// One seat of the device.
    pub fn seat(&self, device: &DeviceSecret, id: SeatId) -> Result<Seat, NoAnswer> {
        let Some(bytes) = self.tables.seats.get(seat_key(id, device.id()))? else {
            return refused(self.gone(id)?);
        };
        let slot = self.slot(id)?;
        let row = SeatRow::from_bytes(bytes.value())?;
        let key = Arc::new(crypto::unwrap_for_device(device, &slot, id, &row.envelope)?);
        Ok(Seat { id, device: device.id(), key, opening: self.opening })
    }

    /// One row of "your chats".
    pub fn summary(&self, seat: &Seat) -> Result<Summary, NoAnswer> {
        let row = self.chat(seat)?;
        let (head, last_at) = self.last(seat.id.chat)?;
        let read = self.place(seat.id)?.receipt().read;
        let idle = row.idle()?;
        let names = names(&row, &seat.key, seat.id.chat)?;
        let name = names.get(seat.id.participant.index()).cloned().ok_or("a chat has lost a name")?;
        let others =
            ParticipantId::all(names.len()).zip(names).filter(|(who, _)| *who != seat.id.participant);
        Ok(Summary {
            seat: seat.id,
            name,
            others: others.map(|(_, name)| name).collect(),
            head,
            unread: self.unread(seat.id, read)?,
            last_at,
            idle,
            due: idle.due(row.used().max(last_at.unwrap_or_default())),
        })
    }

    /// Tries that are charged here already, and that nobody knows to be wrong.
    fn open_tries(&self, invite: InviteId) -> u32 {
        self.attempts.of(invite).max(self.tried.get(&invite).copied().unwrap_or_default())
    }

    /// The chat as it stands.
    pub fn state(&self, seat: &Seat) -> Result<State, NoAnswer> {
        let row = self.chat(seat)?;
        let chat = seat.id.chat;
        let (head, last_at) = self.last(chat)?;
        let idle = row.idle()?;
        let mut participants = Vec::new();
        let names = names(&row, &seat.key, chat)?;
        for ((participant, name), person) in ParticipantId::all(names.len()).zip(names).zip(&row.people) {
            let place = self.place(SeatId { chat, participant })?;
            let bytes = self.tables.invites.get(person.invite)?;
            let invite = bytes.map(|bytes| InviteRow::from_bytes(bytes.value())).transpose()?;
            let open = self.open_tries(InviteId(person.invite));
            participants.push(ParticipantView {
                participant,
                name,
                came_in: invite.as_ref().is_some_and(InviteRow::has_come),
                last_here: place.last_here(),
                receipt: place.receipt(),
                tries: invite.map_or(0, |invite| invite.guesses().tries.saturating_sub(open)),
            });
        }
        let due = idle.due(row.used().max(last_at.unwrap_or_default()));
        Ok(State { head, idle, due, final_call: row.final_call(), participants })
    }

    /// The devices that are in at a seat, the one that came in first before the others.
    pub fn devices(&self, seat: &Seat) -> Result<Vec<Device>, NoAnswer> {
        self.chat(seat)?;
        let mut devices = Vec::new();
        for row in self.tables.seats.range(devices_at(seat.id))? {
            let (key, bytes) = row?;
            let (id, row) = (device_of(&key.value()), SeatRow::from_bytes(bytes.value())?);
            let tag = seat.key.device_tag(seat.id, id);
            let (since, last_here) = (row.entered(), row.last_here());
            devices.push(Device { tag, is_asking: id == seat.device, since, last_here });
        }
        devices.sort_by_key(|device| (device.since, device.tag));
        Ok(devices)
    }

    /// What a participant of the seat's chat is called.
    pub fn name(&self, seat: &Seat, participant: ParticipantId) -> Result<Name, NoAnswer> {
        let names = names(&self.chat(seat)?, &seat.key, seat.id.chat)?;
        let found = ParticipantId::all(names.len()).zip(names).find(|(who, _)| *who == participant);
        let unknown = || Refusal::Malformed("`participant` is not in this chat".to_owned());
        found.map(|(_, name)| name).ok_or_else(|| NoAnswer::Refused(unknown()))
    }

    /// What is shown of a chat first.
    pub fn preview(&self, seat: &Seat) -> Result<ChatPreview, NoAnswer> {
        let newest = Bounds { messages: ENTER_MESSAGES_MAX, bytes: ENTER_TEXT_BYTES_MAX };
        Ok(ChatPreview {
            state: self.state(seat)?,
            messages: self.span(seat, Span::Newest, newest)?.messages,
        })
    }

    /// Messages, the oldest first.
    pub fn page(&self, seat: &Seat, span: Span, limit: usize) -> Result<Page, NoAnswer> {
        self.chat(seat)?;
        let bounds = Bounds { messages: limit.min(PAGE_MESSAGES_MAX), bytes: PAGE_BYTES_MAX };
        self.span(seat, span, bounds)
    }

    fn span(&self, seat: &Seat, span: Span, bounds: Bounds) -> Result<Page, NoAnswer> {
        let chat = seat.id.chat;
        let (first, last) = match span {
            Span::After(seq) => (seq.next(), Seq(u64::MAX)),
            Span::Before(seq) => (Seq(1), Seq(seq.0.saturating_sub(1))),
            Span::Newest => (Seq(1), Seq(u64::MAX)),
        };
        if first > last {
            return Ok(Page { messages: Vec::new(), more: false });
        }
        let rows = self.tables.messages.range(message_key(chat, first)..=message_key(chat, last))?;
        match span {
            Span::After(_) => take(rows, seat, bounds),
            Span::Before(_) | Span::Newest => {
                let mut page = take(rows.rev(), seat, bounds)?;
                page.messages.reverse();
                Ok(page)
            }
        }
    }

    /// The row of a seat's chat, where the seat still holds.
    fn chat(&self, seat: &Seat) -> Result<ChatRow, NoAnswer> {
        if self.tables.seats.get(seat_key(seat.id, seat.device))?.is_none() {
            return refused(self.gone(seat.id)?);
        }
        let bytes = self.tables.chats.get(seat.id.chat.0)?.ok_or("a seat has lost its chat")?;
        Ok(ChatRow::from_bytes(bytes.value())?)
    }

    pub fn last(&self, chat: ChatId) -> Result<(Seq, Option<At>), Broken> {
        match self.tables.messages.range(keys_of(chat))?.next_back() {
            None => Ok((Seq::NONE, None)),
            Some(row) => {
                let (key, bytes) = row?;
                Ok((seq_of(key.value()), Some(MessageRow::from_bytes(bytes.value())?.at())))
            }
        }
    }

    fn unread(&self, seat: SeatId, read: Seq) -> Result<u64, Broken> {
        let keys = message_key(seat.chat, read.next())..=message_key(seat.chat, Seq(u64::MAX));
        let mut unread = 0;
        for row in self.tables.messages.range(keys)? {
            let (_, bytes) = row?;
            if MessageRow::from_bytes(bytes.value())?.from() != seat.participant {
                unread += 1;
            }
            if unread == UNREAD_MAX {
                break;
            }
        }
        Ok(unread)
    }

    fn place(&self, seat: SeatId) -> Result<ParticipantRow, Broken> {
        let bytes = self.tables.places.get(place_key(seat))?;
        let row = bytes.map(|bytes| ParticipantRow::from_bytes(bytes.value())).transpose()?;
        Ok(row.unwrap_or_default())
    }

    /// The slot key of the chat in which this seat is. A chat whose slot is void has ended, even before the
    /// commit that removes it.
    fn slot(&self, seat: SeatId) -> Result<SlotKey, NoAnswer> {
        let bytes = self.tables.chats.get(seat.chat.0)?.ok_or("a seat has lost its chat")?;
        let number = ChatRow::from_bytes(bytes.value())?.slot;
        let slot = apply::lock(self.slots).read(number)?;
        match slot {
            Slot::Live(key) => Ok(key),
            Slot::Void { ended: None } => refused(Refusal::NoSuchSeat),
            Slot::Void { ended: Some(ending) } => {
                refused(Refusal::Ended { ending, asked_by: seat.participant })
            }
        }
    }

    fn gone(&self, seat: SeatId) -> Result<Refusal, Broken> {
        apply::gone(&self.tables.tombstones, seat)
    }

    fn no_invite(&self, invite: InviteId) -> Result<Refusal, Broken> {
        apply::no_invite(&self.tables.tombstone_invites, &self.tables.tombstones, invite)
    }

    /// What is left of chats that ended when less than `before` had passed.
    pub fn expired_tombstones(&self, before: u64) -> Result<ExpiredTombstones, NoAnswer> {
        let mut old = ExpiredTombstones::default();
        for row in self.tables.tombstones.range::<u64>(..)? {
            let (chat, bytes) = row?;
            if TombstoneRow::from_bytes(bytes.value())?.passed() < before {
                old.chats.push(ChatId(chat.value()));
            }
            if old.chats.len() == PURGE_TOMBSTONES_MAX {
                break;
            }
        }
        if old.chats.is_empty() {
            return Ok(old);
        }
        for row in self.tables.tombstone_invites.range::<[u8; 32]>(..)? {
            let (invite, place) = row?;
            if old.chats.binary_search(&seat_of_place(place.value()).chat).is_ok() {
                old.invites.push(invite.value());
            }
        }
        Ok(old)
    }

    /// A read that finds what every store has.
    pub fn check(&self) -> Result<(), NoAnswer> {
        self.tables.house.get("version")?.ok_or("the store has lost its version")?;
        Ok(())
    }
}

/// An invite, and what opens its envelope with link and code.
pub struct Found {
    pub row: InviteRow,
    /// The chat's slot key.
    pub slot: SlotKey,
    /// What the envelope is sealed under: the chat's slot key, joined with the invite's own where it has one.
    pub lock: SlotKey,
}

type Rows<'a> = (redb::AccessGuard<'a, u128>, redb::AccessGuard<'a, &'static [u8]>);

/// How much is told at once: so many messages, and so many bytes of their texts.
#[derive(Clone, Copy)]
struct Bounds {
    messages: usize,
    bytes: usize,
}

/// As many messages as fit, and one at least.
fn take<'a>(
    rows: impl Iterator<Item = Result<Rows<'a>, redb::StorageError>>,
    seat: &Seat,
    bounds: Bounds,
) -> Result<Page, NoAnswer> {
    let mut messages = Vec::new();
    let mut bytes_left = bounds.bytes;
    for row in rows {
        let (key, bytes) = row?;
        let message = open(seat, seq_of(key.value()), &MessageRow::from_bytes(bytes.value())?)?;
        let Body::Text(text) = &message.body;
        let size = text.as_str().len();
        if messages.len() == bounds.messages || (size > bytes_left && !messages.is_empty()) {
            return Ok(Page { messages, more: true });
        }
        bytes_left = bytes_left.saturating_sub(size);
        messages.push(message);
    }
    Ok(Page { messages, more: false })
}

fn open(seat: &Seat, seq: Seq, row: &MessageRow) -> Result<Message, Broken> {
    let (from, id) = (row.from(), row.id());
    let sender = SeatId { chat: seat.id.chat, participant: from };
    let place = crypto::Place { seat: sender, seq, id, kind: row.kind };
    let text = crypto::open_body(&seat.key, &place, row.body)?;
    let text = String::from_utf8(text.to_vec()).map_err(|_| "a message is not text")?;
    Ok(Message { seq, from, at: row.at(), id, body: Body::Text(Text::kept(text)) })
}

fn names(row: &ChatRow, key: &ChatKey, chat: ChatId) -> Result<Vec<Name>, Broken> {
    let people = ParticipantId::all(row.people.len()).zip(&row.people);
    people
        .map(|(participant, person)| {
            Ok(Name::kept(&crypto::open_name(key, SeatId { chat, participant }, &person.name)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_beside_a_writer_that_has_stopped_is_told_from_one_that_fails() {
        let stopped: [Broken; 4] = [
            io::Error::other(Unwritten).into(),
            StorageError::PreviousIo.into(),
            TransactionError::Storage(StorageError::PreviousIo).into(),
            TableError::Storage(StorageError::DatabaseClosed).into(),
        ];
        assert!(stopped.iter().all(is_stopped));
        let failed: [Broken; 3] = [
            "a record is damaged".into(),
            StorageError::Corrupted(String::new()).into(),
            TableError::TableDoesNotExist(String::new()).into(),
        ];
        assert!(!failed.iter().any(is_stopped));
    }
}
