//! One job inside one transaction: what it changes, and what follows from it.
//!
//! Called by the writer alone. Nothing here is true yet: it becomes true when the writer has committed,
//! and an error on the way ends the writer before it commits. A job that is refused changes nothing.

pub mod invites;
pub mod purge;

use redb::ReadableTable;

use crate::crypto::{self, ChatKey, SlotKey};
use crate::domain::{
    AddressBlock, At, Body, Caller, ChatId, Command, DeviceId, EndedBy, Ending, Event, InviteId, Message,
    Outcome, ParticipantId, Refusal, SeatId,
};
use crate::limits::{CHATS_MAX, DEVICES_PER_SEAT_MAX, SEATS_PER_DEVICE_MAX};
use crate::store::backup::BACKED_UP;
use crate::store::keys::fresh::fresh;
use crate::store::keys::slot_file::{SlotErasure, Slots};
use crate::store::redb::chat_cache::ChatCache;
use crate::store::redb::compaction::DEAD_ROWS;
use crate::store::redb::idle_clocks::IdleClocks;
use crate::store::redb::tables::{
    WriteTables, device_key, device_of, devices_at, keys_of, message_key, place_key, seat_key, seats_held_by,
    seats_in,
};
use crate::store::redb::writer::{Admission, Draft, Job};
use crate::store::rows::invite::InviteRow;
use crate::store::rows::{ChatRow, MessageRow, ParticipantRow, PersonRow, Row, SeatRow, TombstoneRow};
use crate::store::{Committed, Connected, Invite, LeaveScope, Origin, Seat};
use rand::Rng;
use rand::rngs::StdRng;

/// Ours: the disk or a record. It ends the writer.
pub type Broken = Box<dyn std::error::Error + Send + Sync>;
/// A refusal inside, our own fault outside.
pub type Applied<T> = Result<Result<T, Refusal>, Broken>;

/// The transaction under way, and what it needs.
pub struct WriteTx<'a, 'txn> {
    pub tables: WriteTables<'txn>,
    pub book: &'a mut ChatCache,
    pub rests: &'a mut IdleClocks,
    pub slots: &'a std::sync::Mutex<Slots>,
    pub rng: &'a mut StdRng,
    pub now: At,
    /// Whether the disk has room for what adds to the store.
    pub room: Result<(), Refusal>,
    /// What becomes true with the commit, in order.
    pub events: Vec<Committed>,
    /// Slots whose chats this transaction destroys: overwritten before the commit, given back after it.
    pub doomed: Vec<SlotErasure>,
    /// Slots of invites that this transaction replaces: overwritten after the commit, so that until then the
    /// old invite works.
    pub replaced: Vec<SlotErasure>,
}

/// Unwraps a refusal to the caller of the caller.
macro_rules! granted {
    ($applied:expr) => {
        match $applied? {
            Ok(value) => value,
            Err(refusal) => return Ok(Err(refusal)),
        }
    };
}
pub(in crate::store) use granted;

impl WriteTx<'_, '_> {
    /// What a seat asks for.
    pub fn command(&mut self, seat: &Seat, command: Command, origin: Option<Origin>) -> Applied<Outcome> {
        granted!(self.check_seat(seat));
        let SeatId { chat, participant } = seat.id;
        let Some(rules) = self.book.chat(chat, &self.tables)? else { return Ok(Err(Refusal::NoSuchSeat)) };
        if command == Command::Keep && self.rests.was_used_just_now(chat) {
            let outcome = Outcome::KeptBefore { due: rules.due() };
            self.keep(seat, &outcome, origin)?;
            return Ok(Ok(outcome));
        }
        if rules.grows_by(participant, &command)
            && let Err(full) = self.room.clone()
        {
            return Ok(Err(full));
        }
        let outcome = match rules.apply(participant, command, self.now) {
            Ok(outcome) => outcome,
            Err(refusal) => return Ok(Err(refusal)),
        };
        self.keep(seat, &outcome, origin)?;
        Ok(Ok(outcome))
    }

    /// Writes down what a command came to.
    fn keep(&mut self, seat: &Seat, outcome: &Outcome, origin: Option<Origin>) -> Result<(), Broken> {
        let SeatId { chat, participant } = seat.id;
        let event = match outcome {
            Outcome::Said(message) => {
                self.insert_message(seat, message)?;
                let event = Event::Said(message.clone());
                self.events.push(Committed { chat, event, origin });
                if self.wake(chat) {
                    self.use_chat(chat)?;
                    self.tell_kept(chat)?;
                }
                return Ok(());
            }
            Outcome::SaidBefore { .. } => return Ok(()),
            Outcome::KeptBefore { due } => Event::Kept { due: *due },
            Outcome::Marked { before, receipt } if before == receipt => return Ok(()),
            Outcome::Marked { before, receipt } => {
                self.change_place(seat.id, |place| place.mark(*receipt))?;
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
        self.events.push(Committed { chat, event, origin });
        Ok(())
    }

    /// I5: a seat counts only while its row stands, looked at in the transaction that uses it.
    pub fn check_seat(&mut self, seat: &Seat) -> Applied<()> {
        if self.tables.seats.get(seat_key(seat.id, seat.device))?.is_some() {
            return Ok(Ok(()));
        }
        Ok(Err(gone(&self.tables.tombstones, seat.id)?))
    }

    fn insert_message(&mut self, seat: &Seat, message: &Message) -> Result<(), Broken> {
        let place =
            crypto::Place { seat: seat.id, seq: message.seq, id: message.id, kind: message.body.kind() };
        let Body::Text(text) = &message.body;
        let passed = self.rests.now().passed;
        let body = crypto::seal_body(self.rng, &seat.key, &place, text.as_str().as_bytes());
        let row = MessageRow::new(message.from, place.kind, (message.at, passed), message.id, &body);
        self.tables.messages.insert(message_key(seat.id.chat, message.seq), row.to_bytes().as_slice())?;
        self.rests.messages += 1;
        Ok(())
    }

    fn change_place(&mut self, seat: SeatId, change: impl FnOnce(&mut ParticipantRow)) -> Result<(), Broken> {
        let key = place_key(seat);
        let mut row = match self.tables.places.get(key)? {
            Some(bytes) => ParticipantRow::from_bytes(bytes.value())?,
            None => ParticipantRow::default(),
        };
        change(&mut row);
        self.tables.places.insert(key, row.to_bytes().as_slice())?;
        Ok(())
    }

    fn use_chat(&mut self, chat: ChatId) -> Result<(), Broken> {
        let (now, passed) = (self.now, self.rests.now().passed);
        self.change_chat(chat, |row| row.use_at(now, passed))
    }

    /// The same, by somebody who comes in.
    fn enter_chat(&mut self, chat: ChatId) -> Result<(), Broken> {
        let (now, passed) = (self.now, self.rests.now().passed);
        if let Some(rest) = self.rests.chats.get_mut(&chat) {
            rest.enter();
        }
        self.change_chat(chat, |row| {
            row.use_at(now, passed);
            row.was_entered = true;
        })
    }

    pub fn chat_row(&self, chat: ChatId) -> Result<Option<ChatRow>, Broken> {
        let bytes = self.tables.chats.get(chat.0)?;
        Ok(bytes.map(|bytes| ChatRow::from_bytes(bytes.value())).transpose()?)
    }

    pub fn invite_row(&self, invite: InviteId) -> Result<Option<InviteRow>, Broken> {
        let bytes = self.tables.invites.get(invite.0)?;
        Ok(bytes.map(|bytes| InviteRow::from_bytes(bytes.value())).transpose()?)
    }

    pub fn put_invite(&mut self, invite: InviteId, row: &InviteRow) -> Result<(), Broken> {
        self.tables.invites.insert(invite.0, row.to_bytes().as_slice())?;
        Ok(())
    }

    pub fn remove_seat(&mut self, seat: SeatId, device: DeviceId) -> Result<(), Broken> {
        self.tables.seats.remove(seat_key(seat, device))?;
        self.tables.devices.remove(device_key(device, seat))?;
        self.dead_rows(0)
    }

    /// When a device was last here, and with it the participant where no other device is. A chat that is
    /// gone meanwhile has nobody to note.
    /// Whether it was noted: once a minute is often enough for somebody who comes and goes.
    pub fn last_here(&mut self, seat: &Seat, gone: LeaveScope, at: At) -> Result<bool, Broken> {
        if self.check_seat(seat)?.is_err() {
            return Ok(false);
        }
        let is_left = gone == LeaveScope::Participant && self.participant_left(seat.id, at)?;
        Ok(self.device_left(seat, at)? || is_left)
    }

    fn participant_left(&mut self, seat: SeatId, at: At) -> Result<bool, Broken> {
        let mut is_news = false;
        self.change_place(seat, |place| is_news = place.leave(at))?;
        Ok(is_news)
    }
}

/// Starting a chat and coming in.
impl WriteTx<'_, '_> {
    /// A new chat, from names and codes that are stretched already.
    pub fn start(&mut self, draft: Draft) -> Applied<Vec<Invite>> {
        if let Err(full) = self.room.clone() {
            return Ok(Err(full));
        }
        if redb::ReadableTableMetadata::len(&self.tables.chats)? >= CHATS_MAX as u64 {
            return Ok(Err(Refusal::HouseFull));
        }
        let chat = self.unused_chat_id()?;
        let key = ChatKey::random(&mut fresh());
        let keys: Vec<_> = (0..=draft.people.len()).map(|_| SlotKey::random(self.rng)).collect();
        let slots = lock(self.slots).fill_all(&keys)?;
        let owns = slots.iter().copied().zip(&keys).skip(1);
        let mut people = Vec::new();
        let mut invites = Vec::new();
        for ((participant, person), own) in ParticipantId::all(draft.people.len()).zip(draft.people).zip(owns)
        {
            let seat = SeatId { chat, participant };
            let row = self.invite_for(&person, seat, &key, &keys[0], own);
            let invite = person.token.id();
            self.put_invite(invite, &row)?;
            self.tables.places.insert(place_key(seat), ParticipantRow::default().to_bytes().as_slice())?;
            let name = crypto::seal_name(self.rng, &key, seat, person.name.as_str());
            people.push(PersonRow { name, invite: invite.0 });
            invites.push(Invite { participant, token: person.token, code: person.code });
        }
        let passed = self.rests.now().passed;
        let row = ChatRow::new((draft.idle, draft.by), slots[0], (self.now, passed), people);
        self.rests.chats.insert(chat, row.rest(passed)?);
        self.tables.chats.insert(chat.0, row.to_bytes().as_slice())?;
        if let Caller::Guest(block) = draft.by {
            self.keep_few_unentered(block, chat)?;
        }
        Ok(Ok(invites))
    }

    /// A neighbour who starts chats that nobody enters has only so many of them: the oldest goes.
    fn keep_few_unentered(&mut self, block: AddressBlock, chat: ChatId) -> Result<(), Broken> {
        let mut unentered = std::mem::take(&mut self.rests.unentered);
        let oldest = unentered.started(block, chat, |chat| self.rests.is_awaited(chat));
        self.rests.unentered = unentered;
        match oldest {
            Some(oldest) => {
                self.destroy(oldest, Ending { at: self.now, by: EndedBy::Clock, messages: 0 }, None)
            }
            None => Ok(()),
        }
    }

    fn unused_chat_id(&mut self) -> Result<ChatId, Broken> {
        loop {
            let id = self.rng.next_u64();
            if self.tables.chats.get(id)?.is_none() && self.tables.tombstones.get(id)?.is_none() {
                return Ok(ChatId(id));
            }
        }
    }

    /// Charges one try of a code, before it is looked at.
    pub fn charge(&mut self, invite: InviteId) -> Applied<()> {
        let Some(mut row) = self.invite_row(invite)? else { return Ok(Err(self.no_invite(invite)?)) };
        match row.guesses().charged(self.now) {
            Err(refusal) => Ok(Err(refusal)),
            Ok(guesses) => {
                row.charge(guesses);
                self.put_invite(invite, &row)?;
                Ok(Ok(()))
            }
        }
    }

    /// The code was wrong: everybody in the chat is told, and the guesser how long to wait.
    pub fn miss(&mut self, invite: InviteId) -> Applied<Refusal> {
        let Some(row) = self.invite_row(invite)? else { return Ok(Err(self.no_invite(invite)?)) };
        let SeatId { chat, participant } = row.seat();
        let event = Event::Guessed { participant, tries: row.guesses().tries };
        self.events.push(Committed { chat, event, origin: None });
        Ok(Ok(Refusal::WrongCode { retry_after: row.guesses().wait(self.now) }))
    }

    /// The code was right: the device gets its seat, and the tries are forgiven.
    pub fn admit(&mut self, admission: &Admission) -> Applied<()> {
        let Admission { invite, seat, device, envelope, connected } = admission;
        let Some(mut row) = self.invite_row(*invite)? else { return Ok(Err(self.no_invite(*invite)?)) };
        if self.tables.seats.get(seat_key(*seat, *device))?.is_none() {
            granted!(self.make_room(*seat, *device, connected));
        }
        row.admit(self.now);
        self.put_invite(*invite, &row)?;
        let entry = SeatRow::new(self.now, envelope.clone());
        self.tables.seats.insert(seat_key(*seat, *device), entry.to_bytes().as_slice())?;
        self.tables.devices.insert(device_key(*device, *seat), ())?;
        self.enter_chat(seat.chat)?;
        if let Some(rules) = self.book.chat(seat.chat, &self.tables)? {
            rules.touch(self.now);
        }
        if self.wake(seat.chat) {
            self.tell_kept(seat.chat)?;
        }
        Ok(Ok(()))
    }

    /// Signs out the device that has been away longest where a seat has as many as it may. Never one that is
    /// connected: somebody is looking at it.
    fn make_room(&mut self, seat: SeatId, device: DeviceId, connected: &Connected) -> Applied<()> {
        if self.tables.devices.range(seats_held_by(device))?.count() >= SEATS_PER_DEVICE_MAX {
            return Ok(Err(Refusal::TooManySeats));
        }
        let mut devices = Vec::new();
        for row in self.tables.seats.range(devices_at(seat))? {
            let (key, bytes) = row?;
            devices.push((SeatRow::from_bytes(bytes.value())?.away_since(), device_of(&key.value())));
        }
        if devices.len() < DEVICES_PER_SEAT_MAX {
            return Ok(Ok(()));
        }
        devices.retain(|(_, device)| !connected(*device));
        let Some((_, device)) = devices.into_iter().min_by_key(|(since, _)| *since) else {
            return Ok(Err(Refusal::TooManySockets));
        };
        self.part(seat, device)?;
        Ok(Ok(()))
    }

    fn no_invite(&self, invite: InviteId) -> Result<Refusal, Broken> {
        no_invite(&self.tables.tombstone_invites, &self.tables.tombstones, invite)
    }
}

/// Destroying.
impl WriteTx<'_, '_> {
    /// I9: everything of a chat goes in this transaction, whoever ends it; its slot is overwritten before
    /// the commit.
    pub fn destroy(&mut self, chat: ChatId, ending: Ending, origin: Option<Origin>) -> Result<(), Broken> {
        let Some(row) = self.chat_row(chat)? else { return Ok(()) };
        self.doomed.push((row.slot, Some(ending)));
        self.tables.chats.remove(chat.0)?;
        let mut messages = 0;
        self.tables.messages.retain_in(keys_of(chat), |_, _| {
            messages += 1;
            false
        })?;
        self.tables.places.retain_in(keys_of(chat), |_, _| false)?;
        for (participant, person) in ParticipantId::all(row.people.len()).zip(&row.people) {
            let invite = self.invite_row(InviteId(person.invite))?;
            self.doomed.extend(invite.and_then(|invite| invite.slot).map(|slot| (slot, None)));
            self.tables.invites.remove(person.invite)?;
            self.tables.tombstone_invites.insert(person.invite, place_key(SeatId { chat, participant }))?;
        }
        self.remove_seats(chat, row.people.len())?;
        let tombstone = TombstoneRow::new(ending, self.rests.now().passed);
        self.tables.tombstones.insert(chat.0, tombstone.to_bytes().as_slice())?;
        self.dead_rows(messages)?;
        self.book.forget(chat);
        self.rests.chats.remove(&chat);
        self.events.push(Committed { chat, event: Event::Ended(ending), origin });
        Ok(())
    }

    /// So many messages were removed, and an envelope at least: they lie in free pages from now on.
    pub fn dead_rows(&mut self, messages: u64) -> Result<(), Broken> {
        let rests = &mut *self.rests;
        rests.messages = rests.messages.saturating_sub(messages);
        rests.dead_rows = rests.dead_rows.saturating_add(messages.saturating_add(1));
        self.tables.house.insert(DEAD_ROWS, rests.dead_rows)?;
        Ok(())
    }

    fn remove_seats(&mut self, chat: ChatId, people: usize) -> Result<(), Broken> {
        for participant in ParticipantId::all(people) {
            let seat = SeatId { chat, participant };
            let keys = self.tables.seats.range(devices_at(seat))?.map(|row| Ok(row?.0.value()));
            for key in keys.collect::<Result<Vec<_>, redb::StorageError>>()? {
                self.tables.devices.remove(device_key(device_of(&key), seat))?;
            }
        }
        self.tables.seats.retain_in(seats_in(chat), |_, _| false)?;
        Ok(())
    }
}

/// Why a seat has no row: its chat was ended, or the device never had it or has left it.
pub fn gone(tombstones: &impl ReadableTable<u64, &'static [u8]>, seat: SeatId) -> Result<Refusal, Broken> {
    match tombstones.get(seat.chat.0)? {
        None => Ok(Refusal::NoSuchSeat),
        Some(bytes) => {
            let ending = TombstoneRow::from_bytes(bytes.value())?.into();
            Ok(Refusal::Ended { ending, asked_by: seat.participant })
        }
    }
}

/// Why an invite has no row: its chat was ended, or it leads nowhere.
pub fn no_invite(
    tombstone_invites: &impl ReadableTable<[u8; 32], u128>,
    tombstones: &impl ReadableTable<u64, &'static [u8]>,
    invite: InviteId,
) -> Result<Refusal, Broken> {
    let Some(place) = tombstone_invites.get(invite.0)? else { return Ok(Refusal::NoSuchLink) };
    match gone(tombstones, crate::store::redb::tables::seat_of_place(place.value()))? {
        Refusal::NoSuchSeat => Ok(Refusal::NoSuchLink),
        refusal => Ok(refusal),
    }
}

/// The slot file, for the writer and for readers. A reader that panicked left it whole: it only reads.
pub fn lock(slots: &std::sync::Mutex<Slots>) -> std::sync::MutexGuard<'_, Slots> {
    slots.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Runs one job and keeps its answer until the commit.
pub fn run(work: &mut WriteTx, job: Job) -> Result<crate::store::redb::writer::Answer, Broken> {
    use crate::store::redb::writer::Answer;
    Ok(match job {
        Job::Command { seat, command, origin, reply } => {
            Answer::Command(reply, work.command(&seat, command, origin)?)
        }
        Job::Start { draft, reply } => Answer::Start(reply, work.start(draft)?),
        Job::Charge { invite, reply } => Answer::Charge(reply, work.charge(invite)?),
        Job::Miss { invite, reply } => Answer::Miss(reply, work.miss(invite)?),
        Job::Admit { admission, reply } => Answer::Charge(reply, work.admit(&admission)?),
        Job::SignOut { seat, tag, reply } => Answer::Charge(reply, work.sign_out(&seat, tag)?),
        Job::Replace { replacement, reply } => Answer::Replace(reply, work.replace(replacement)?),
        Job::LastHere { seat, gone, at } => {
            if work.last_here(&seat, gone, at)? {
                Answer::Nothing
            } else {
                Answer::Unchanged
            }
        }
        Job::Look { reply } => Answer::PurgeSnapshot(reply, work.rests.sight()),
        Job::Purge { deeds, reply } => Answer::Purged(reply, work.purge(deeds)?),
        Job::BackedUp { at, reply } => {
            work.tables.house.insert(BACKED_UP, at.0)?;
            Answer::Charge(reply, Ok(()))
        }
        Job::Prove { reply } => Answer::Charge(reply, Ok(())),
        Job::Probe | Job::Swap { .. } | Job::Close => Answer::Nothing,
    })
}
