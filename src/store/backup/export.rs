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

use super::format::{BackupRecord, Begin, RecordWriter};
use super::{BackupError, BackupSummary};
use crate::domain::{ChatId, Ending, InviteId, Seq};
use crate::limits::BACKUP_CHATS_AT_ONCE;

use crate::store::Inner;
use crate::store::keys::slot_file::{self, Image};
use crate::store::redb::apply::{self, Broken};
use crate::store::redb::files::{Hold, NUMBER};
use crate::store::redb::tables::{CHATS, MESSAGES, ReadTables, TOMBSTONES, chat_of, message_key, seq_of};
use crate::store::rows::invite::InviteRow;
use crate::store::rows::{ChatRow, Row, RowError, TombstoneRow};

/// How far the messages of each chat were read, in the order of the chats.
type Heads = Vec<(ChatId, Seq)>;

/// One moment of the house. While it is there, the store is not written anew.
struct Elapsed<'a> {
    tables: ReadTables,
    slots: Image,
    _hold: Hold<'a>,
}

impl From<StorageError> for BackupError {
    fn from(error: StorageError) -> Self {
        Self::Store(error.into())
    }
}

impl From<RowError> for BackupError {
    fn from(error: RowError) -> Self {
        Self::Store(error.into())
    }
}

/// Hands the whole house out.
pub fn take(inner: &Inner, out: &mut impl Write) -> Result<BackupSummary, BackupError> {
    let _only = match inner.backing.try_lock() {
        Ok(only) => only,
        // It guards nothing that a panic could leave half done.
        Err(TryLockError::Poisoned(only)) => only.into_inner(),
        Err(TryLockError::WouldBlock) => return Err(BackupError::Busy),
    };
    let at = (inner.clock)();
    let number = inner.number().map_err(BackupError::Store)?;
    let mut taking = Taking { inner, writer: RecordWriter::new(out), chats: 0, messages: 0 };
    taking.writer.put_and_send(&BackupRecord::Begin(Begin::new(at, inner.incarnation, number)))?;
    let heads = taking.messages()?;
    let moment = inner.moment().map_err(BackupError::Store)?;
    taking.rest(&moment.tables, &heads)?;
    taking.slots(&moment)?;
    let Taking { writer, chats, messages, .. } = taking;
    Ok(BackupSummary { at, chats, messages, bytes: writer.finish()? })
}

struct Taking<'a, W> {
    inner: &'a Inner,
    writer: RecordWriter<W>,
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
            self.writer.put(&BackupRecord::Message { key, row: row.value() });
            self.messages += 1;
            match heads.last_mut() {
                Some((last, head)) if *last == chat => *head = seq,
                _ => heads.push((chat, seq)),
            }
            if self.writer.is_full() {
                return Ok(key.checked_add(1));
            }
        }
        Ok(None)
    }

    fn send(&mut self) -> Result<(), BackupError> {
        if self.inner.closing.is_cancelled() {
            return Err(BackupError::Closing);
        }
        Ok(self.writer.send()?)
    }

    fn put(&mut self, piece: &BackupRecord) -> Result<(), BackupError> {
        self.writer.put(piece);
        if self.writer.is_full() { self.send() } else { Ok(()) }
    }

    /// Everything else of one moment, and the messages that were not read before it.
    fn rest(&mut self, tables: &ReadTables, heads: &Heads) -> Result<(), BackupError> {
        for row in tables.house.iter()? {
            let (name, value) = row?;
            self.put(&BackupRecord::Fact { name: name.value(), value: value.value() })?;
        }
        for row in tables.chats.iter()? {
            let (id, row) = row?;
            self.put(&BackupRecord::Chat { id: id.value(), row: row.value() })?;
            self.chats += 1;
            self.new_messages(tables, heads, ChatId(id.value()))?;
        }
        for row in tables.places.iter()? {
            let (key, row) = row?;
            self.put(&BackupRecord::Place { key: key.value(), row: row.value() })?;
        }
        for row in tables.invites.iter()? {
            let (id, row) = row?;
            self.put(&BackupRecord::Invite { id: id.value(), row: row.value() })?;
        }
        for row in tables.seats.iter()? {
            let (key, row) = row?;
            self.put(&BackupRecord::Seat { key: &key.value(), row: row.value() })?;
        }
        for row in tables.devices.iter()? {
            self.put(&BackupRecord::Device { key: &row?.0.value() })?;
        }
        self.past(tables)
    }

    /// What is left of ended chats, and how much time has passed.
    fn past(&mut self, tables: &ReadTables) -> Result<(), BackupError> {
        for row in tables.tombstones.iter()? {
            let (id, row) = row?;
            self.put(&BackupRecord::Tombstone { id: id.value(), row: row.value() })?;
        }
        for row in tables.tombstone_invites.iter()? {
            let (id, place) = row?;
            self.put(&BackupRecord::TombstoneInvite { id: id.value(), place: place.value() })?;
        }
        for row in tables.time.iter()? {
            self.put(&BackupRecord::Time { row: row?.1.value() })?;
        }
        Ok(())
    }

    /// What was said in a chat after it was read.
    fn new_messages(&mut self, tables: &ReadTables, heads: &Heads, chat: ChatId) -> Result<(), BackupError> {
        let head = heads.binary_search_by_key(&chat, |(chat, _)| *chat).map_or(Seq::NONE, |at| heads[at].1);
        let new = message_key(chat, head.next())..=message_key(chat, Seq(u64::MAX));
        for row in tables.messages.range(new)? {
            let (key, row) = row?;
            self.put(&BackupRecord::Message { key: key.value(), row: row.value() })?;
            self.messages += 1;
        }
        Ok(())
    }

    /// The keys of all chats, but for those that have ended by now.
    fn slots(&mut self, moment: &Elapsed) -> Result<(), BackupError> {
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
            if self.writer.is_full() {
                self.send()?;
            }
        }
    }

    fn slots_of(
        &mut self,
        moment: &Elapsed,
        row: &ChatRow,
        ended: Option<&Ending>,
    ) -> Result<(), BackupError> {
        let void = slot_file::void(ended.copied());
        let key = moment.slots.slot(row.slot);
        let bytes = if ended.is_some() { &void } else { &*key };
        self.writer.put(&BackupRecord::Slot { number: row.slot, bytes });
        for person in &row.people {
            let Some(invite) = moment.tables.invites.get(InviteId(person.invite).0)? else { continue };
            let Some(number) = InviteRow::from_bytes(invite.value())?.slot else { continue };
            let key = moment.slots.slot(number);
            let bytes = if ended.is_some() { &slot_file::void(None) } else { &*key };
            self.writer.put(&BackupRecord::Slot { number, bytes });
        }
        Ok(())
    }
}

impl Inner {
    /// One moment of the store with the slots of just then. While the slots are locked no slot is given out
    /// again, so that each slot that a row of this moment names has its own key, or none because the chat is
    /// being destroyed.
    fn moment(&self) -> Result<Elapsed<'_>, Broken> {
        let place = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = place.as_ref().ok_or("the store is closed")?;
        let hold = self.files.hold();
        let slots = apply::lock(&self.slots);
        let tables = ReadTables::open(&database.begin_read()?)?;
        Ok(Elapsed { tables, slots: slots.image()?, _hold: hold })
    }

    fn number(&self) -> Result<u64, Broken> {
        let place = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = place.as_ref().ok_or("the store is closed")?;
        let house = ReadTables::open(&database.begin_read()?)?.house;
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
