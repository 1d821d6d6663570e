//! Reading a whole house while it is open.
//!
//! The messages are nearly everything and never change: they are read a few at a time, each time from the
//! store as it then stands, so that nothing waits and no old pages are kept for long, however slowly the
//! backup is taken. Then one moment of the store is read: what was said meanwhile, every other table, and
//! with it the slots. The backup is the house of that moment. A chat that ends even later, while the rest is
//! taken, leaves its key out: the slots are the last that is handed out.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{PoisonError, TryLockError};

use redb::{ReadableDatabase, ReadableTable, StorageError};

use super::piece::{Begin, Packing, Piece};
use super::{BackupError, Taken};
use crate::domain::{ChatId, Ending, InviteId, Seq};
use crate::limits::BACKUP_CHATS_AT_ONCE;

use super::super::Inner;
use super::super::apply::{self, Broken};
use super::super::files::{Hold, NUMBER};
use super::super::invite_row::InviteRow;
use super::super::record::{ChatRow, Record, RecordError, TombstoneRow};
use super::super::slots::{self, Image};
use super::super::tables::{CHATS, MESSAGES, Snapshot, TOMBSTONES, chat_of, message_key, seq_of};

/// How far the messages of each chat were read, in the order of the chats.
type Heads = Vec<(ChatId, Seq)>;

/// One moment of the house. While it is there, the store is not written anew.
struct Moment<'a> {
    tables: Snapshot,
    slots: Image,
    _hold: Hold<'a>,
}

impl From<StorageError> for BackupError {
    fn from(error: StorageError) -> Self {
        Self::Store(error.into())
    }
}

impl From<RecordError> for BackupError {
    fn from(error: RecordError) -> Self {
        Self::Store(error.into())
    }
}

/// Hands the whole house out.
pub fn take(inner: &Inner, out: &mut impl Write) -> Result<Taken, BackupError> {
    let _only = match inner.backing.try_lock() {
        Ok(only) => only,
        // It guards nothing that a panic could leave half done.
        Err(TryLockError::Poisoned(only)) => only.into_inner(),
        Err(TryLockError::WouldBlock) => return Err(BackupError::Busy),
    };
    let at = (inner.clock)();
    let number = inner.number().map_err(BackupError::Store)?;
    let mut taking = Taking { inner, packing: Packing::new(out), chats: 0, messages: 0 };
    taking.packing.put_and_send(&Piece::Begin(Begin::new(at, inner.incarnation, number)))?;
    let heads = taking.messages()?;
    let moment = inner.moment().map_err(BackupError::Store)?;
    taking.rest(&moment.tables, &heads)?;
    taking.slots(&moment)?;
    let Taking { packing, chats, messages, .. } = taking;
    Ok(Taken { at, chats, messages, bytes: packing.finish()? })
}

struct Taking<'a, W> {
    inner: &'a Inner,
    packing: Packing<W>,
    chats: u64,
    messages: u64,
}

impl<W: Write> Taking<'_, W> {
    /// Hands out every message, some at a time.
    fn messages(&mut self) -> Result<Heads, BackupError> {
        let (mut heads, mut from) = (Heads::new(), Some(0));
        while let Some(first) = from {
            from = self.some_messages(first, &mut heads).map_err(BackupError::Store)?;
            self.send()?;
        }
        Ok(heads)
    }

    /// Reads some messages beginning with that key. Tells with which the next ones begin.
    fn some_messages(&mut self, from: u128, heads: &mut Heads) -> Result<Option<u128>, Broken> {
        let place = self.inner.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = place.as_ref().ok_or("the store is closed")?;
        let messages = database.begin_read()?.open_table(MESSAGES)?;
        for row in messages.range(from..)? {
            let (key, row) = row?;
            let (key, chat, seq) = (key.value(), chat_of(key.value()), seq_of(key.value()));
            self.packing.put(&Piece::Message { key, row: row.value() });
            self.messages += 1;
            match heads.last_mut() {
                Some((last, head)) if *last == chat => *head = seq,
                _ => heads.push((chat, seq)),
            }
            if self.packing.is_full() {
                return Ok(key.checked_add(1));
            }
        }
        Ok(None)
    }

    fn send(&mut self) -> Result<(), BackupError> {
        if self.inner.closing.is_cancelled() {
            return Err(BackupError::Closing);
        }
        Ok(self.packing.send()?)
    }

    fn put(&mut self, piece: &Piece) -> Result<(), BackupError> {
        self.packing.put(piece);
        if self.packing.is_full() { self.send() } else { Ok(()) }
    }

    /// Everything else of one moment, and the messages that were not read before it.
    fn rest(&mut self, tables: &Snapshot, heads: &Heads) -> Result<(), BackupError> {
        for row in tables.house.iter()? {
            let (name, value) = row?;
            self.put(&Piece::Fact { name: name.value(), value: value.value() })?;
        }
        for row in tables.chats.iter()? {
            let (id, row) = row?;
            self.put(&Piece::Chat { id: id.value(), row: row.value() })?;
            self.chats += 1;
            self.new_messages(tables, heads, ChatId(id.value()))?;
        }
        for row in tables.places.iter()? {
            let (key, row) = row?;
            self.put(&Piece::Place { key: key.value(), row: row.value() })?;
        }
        for row in tables.invites.iter()? {
            let (id, row) = row?;
            self.put(&Piece::Invite { id: id.value(), row: row.value() })?;
        }
        for row in tables.seats.iter()? {
            let (key, row) = row?;
            self.put(&Piece::Seat { key: &key.value(), row: row.value() })?;
        }
        for row in tables.devices.iter()? {
            self.put(&Piece::Device { key: &row?.0.value() })?;
        }
        self.past(tables)
    }

    /// What is left of ended chats, and how much time has passed.
    fn past(&mut self, tables: &Snapshot) -> Result<(), BackupError> {
        for row in tables.tombstones.iter()? {
            let (id, row) = row?;
            self.put(&Piece::Tombstone { id: id.value(), row: row.value() })?;
        }
        for row in tables.tombstone_invites.iter()? {
            let (id, place) = row?;
            self.put(&Piece::TombstoneInvite { id: id.value(), place: place.value() })?;
        }
        for row in tables.time.iter()? {
            self.put(&Piece::Time { row: row?.1.value() })?;
        }
        Ok(())
    }

    /// What was said in a chat after it was read.
    fn new_messages(&mut self, tables: &Snapshot, heads: &Heads, chat: ChatId) -> Result<(), BackupError> {
        let head = heads.binary_search_by_key(&chat, |(chat, _)| *chat).map_or(Seq::NONE, |at| heads[at].1);
        let new = message_key(chat, head.next())..=message_key(chat, Seq(u64::MAX));
        for row in tables.messages.range(new)? {
            let (key, row) = row?;
            self.put(&Piece::Message { key: key.value(), row: row.value() })?;
            self.messages += 1;
        }
        Ok(())
    }

    /// The keys of all chats, but for those that have ended by now.
    fn slots(&mut self, moment: &Moment) -> Result<(), BackupError> {
        self.send()?;
        let mut rows = moment.tables.chats.iter()?;
        loop {
            let mut some = Vec::new();
            for row in rows.by_ref().take(BACKUP_CHATS_AT_ONCE) {
                let (id, bytes) = row?;
                some.push((ChatId(id.value()), ChatRow::from_bytes(bytes.value())?));
            }
            if some.is_empty() {
                return Ok(());
            }
            let ended = self.inner.ended(some.iter().map(|(id, _)| *id)).map_err(BackupError::Store)?;
            for (id, row) in &some {
                self.slots_of(moment, row, ended.get(id))?;
            }
            if self.packing.is_full() {
                self.send()?;
            }
        }
    }

    fn slots_of(
        &mut self,
        moment: &Moment,
        row: &ChatRow,
        ended: Option<&Ending>,
    ) -> Result<(), BackupError> {
        let void = slots::void(ended.copied());
        let key = moment.slots.slot(row.slot);
        let bytes = if ended.is_some() { &void } else { &*key };
        self.packing.put(&Piece::Slot { number: row.slot, bytes });
        for person in &row.people {
            let Some(invite) = moment.tables.invites.get(InviteId(person.invite).0)? else { continue };
            let Some(number) = InviteRow::from_bytes(invite.value())?.slot else { continue };
            let key = moment.slots.slot(number);
            let bytes = if ended.is_some() { &slots::void(None) } else { &*key };
            self.packing.put(&Piece::Slot { number, bytes });
        }
        Ok(())
    }
}

impl Inner {
    /// One moment of the store with the slots of just then. While the slots are locked no slot is given out
    /// again, so that each slot that a row of this moment names has its own key, or none because the chat is
    /// being destroyed.
    fn moment(&self) -> Result<Moment<'_>, Broken> {
        let place = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = place.as_ref().ok_or("the store is closed")?;
        let hold = self.files.hold();
        let slots = apply::lock(&self.slots);
        let tables = Snapshot::open(&database.begin_read()?)?;
        Ok(Moment { tables, slots: slots.image()?, _hold: hold })
    }

    fn number(&self) -> Result<u64, Broken> {
        let place = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = place.as_ref().ok_or("the store is closed")?;
        let house = Snapshot::open(&database.begin_read()?)?.house;
        Ok(house.get(NUMBER)?.ok_or("the house has no number")?.value())
    }

    /// Which of these chats have ended by now, and how.
    fn ended(&self, chats: impl Iterator<Item = ChatId>) -> Result<HashMap<ChatId, Ending>, Broken> {
        let place = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let transaction = place.as_ref().ok_or("the store is closed")?.begin_read()?;
        let (alive, tombstones) = (transaction.open_table(CHATS)?, transaction.open_table(TOMBSTONES)?);
        let mut ended = HashMap::new();
        for chat in chats {
            if alive.get(chat.0)?.is_none() {
                let row = tombstones.get(chat.0)?.ok_or("a chat is gone and has no tombstone")?;
                ended.insert(chat, TombstoneRow::from_bytes(row.value())?.into());
            }
        }
        Ok(ended)
    }
}
