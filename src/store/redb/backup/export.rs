//! Reading a whole house while it is open.
//!
//! The messages are nearly everything: they are read a few at a time, each time from the store as it then
//! is, so that nothing waits and no old pages are kept for long, however slowly the backup is taken. Then
//! one moment of the store is read: what was said and changed meanwhile, every other table, and with it the
//! slots. Of a message that is there twice the later record is the message. The backup is the house of that
//! moment. A chat that ends even later, while the rest is taken, leaves its key out: the slots are the last
//! that is handed out.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{MutexGuard, TryLockError};

use redb::{ReadableDatabase, ReadableTable, ReadableTableMetadata, Value};
use zeroize::Zeroizing;

use crate::domain::{ChatId, Ending};
use crate::limits::BACKUP_CHATS_AT_ONCE;
use crate::store::backup::BackupError;
use crate::store::backup::BackupSummary;
use crate::store::backup::{BackupRecord, Begin, RecordWriter};
use crate::store::error::StoreError;
use crate::store::keys::slot::{self, SlotBytes};
use crate::store::keys::slot_file::{lock, slot_in};
use crate::store::redb::engine::Engine;
use crate::store::redb::facts::Fact;
use crate::store::redb::message_copy::{Missing, ReadUpTo, for_each_missing};
use crate::store::redb::newest::last_change;
use crate::store::redb::table_keys::{chat_of, seats_in, seq_of};
use crate::store::redb::tables::{ReadTables, get, range};
use crate::store::rows::{ChatRow, InviteRow, Row, SeatRow, TombstoneRow};

/// How far the messages of each chat were read, in the order of the chats.
type Heads = Vec<(ChatId, ReadUpTo)>;

/// One moment of the house. While it is there, the store is not compacted.
struct PointInTime<'a> {
    tables: ReadTables,
    slots: Zeroizing<Vec<u8>>,
    _hold: MutexGuard<'a, ()>,
}

pub fn export(engine: &Engine, out: &mut impl Write) -> Result<BackupSummary, BackupError> {
    let _only = match engine.backing_up.try_lock() {
        Ok(only) => only,
        // It guards nothing that a panic could leave half done.
        Err(TryLockError::Poisoned(only)) => only.into_inner(),
        Err(TryLockError::WouldBlock) => return Err(BackupError::Busy),
    };
    let at = (engine.clocks.wall)();
    let number =
        read(engine, |tables| Ok(Fact::NUMBER.get(&tables.house)?.ok_or("the house has no number")?))?;
    let mut export = Export { engine, writer: RecordWriter::new(out), messages: 0 };
    export.put(&BackupRecord::Begin(Begin::new(at, engine.incarnation, number)))?;
    let heads = export.messages()?;
    let point = point_in_time(engine)?;
    export.tables(&point.tables, &heads)?;
    export.slots(&point)?;
    let chats = point.tables.chats.len()?;
    let Export { writer, messages, .. } = export;
    let bytes = writer.finish().map_err(BackupError::Output)?;
    Ok(BackupSummary { at, chats, messages, bytes })
}

struct Export<'a, W> {
    engine: &'a Engine,
    writer: RecordWriter<W>,
    messages: u64,
}

impl<W: Write> Export<'_, W> {
    fn messages(&mut self) -> Result<Heads, BackupError> {
        let (mut heads, mut from) = (Heads::new(), Some(0));
        while let Some(first) = from {
            from = self.some_messages(first, &mut heads)?;
            self.send()?;
        }
        Ok(heads)
    }

    /// Beginning with that key. Tells with which the next ones begin.
    fn some_messages(&mut self, from: u128, heads: &mut Heads) -> Result<Option<u128>, StoreError> {
        read(self.engine, |tables| {
            for row in tables.messages.range(from..)? {
                let (key, row) = row?;
                let key = key.value();
                self.put_message(key, row.value());
                self.messages += 1;
                let (chat, head) = (chat_of(key), seq_of(key));
                match heads.last_mut() {
                    Some((last, read)) if *last == chat => read.head = head,
                    _ => heads.push((chat, ReadUpTo { head, changed: last_change(&tables.changes, chat)? })),
                }
                if self.writer.is_full() {
                    return Ok(key.checked_add(1));
                }
            }
            Ok(None)
        })
    }

    fn put_message(&mut self, key: u128, value: &[u8]) {
        let key = <u128 as Value>::as_bytes(&key);
        self.writer.put(&BackupRecord::Row { table: ReadTables::MESSAGES, key: &key, value });
    }

    fn send(&mut self) -> Result<(), BackupError> {
        if self.engine.closing.is_cancelled() {
            return Err(BackupError::Closing);
        }
        self.writer.send().map_err(BackupError::Output)
    }

    fn put(&mut self, record: &BackupRecord) -> Result<(), BackupError> {
        self.writer.put(record);
        self.send_if_full()
    }

    fn send_if_full(&mut self) -> Result<(), BackupError> {
        if self.writer.is_full() { self.send() } else { Ok(()) }
    }

    /// Everything else of one moment, and the messages that were not read before it.
    fn tables(&mut self, tables: &ReadTables, heads: &Heads) -> Result<(), BackupError> {
        tables.export_small(|table, key, value| self.put(&BackupRecord::Row { table, key, value }))?;
        for row in tables.chats.iter()? {
            self.new_messages(tables, heads, ChatId(row?.0.value()))?;
        }
        Ok(())
    }

    /// What was said and changed in a chat after [`Export::messages`] read it.
    fn new_messages(&mut self, tables: &ReadTables, heads: &Heads, chat: ChatId) -> Result<(), BackupError> {
        let read = heads.binary_search_by_key(&chat, |(chat, _)| *chat);
        let read = read.map_or_else(|_| ReadUpTo::default(), |at| heads[at].1);
        for_each_missing(tables, chat, read, |key, row, missing| {
            self.put_message(key, row);
            self.messages += u64::from(missing == Missing::New);
            self.send_if_full()
        })
    }

    /// The keys of all chats, but for those that have ended by now (I13).
    fn slots(&mut self, point: &PointInTime) -> Result<(), BackupError> {
        self.send()?;
        let mut rows = point.tables.chats.iter()?;
        loop {
            let mut some = Vec::new();
            for row in rows.by_ref().take(BACKUP_CHATS_AT_ONCE) {
                let (id, bytes) = row?;
                some.push((ChatId(id.value()), ChatRow::from_bytes(bytes.value())?));
            }
            if some.is_empty() {
                return Ok(());
            }
            let ended = ended(self.engine, some.iter().map(|(id, _)| *id))?;
            for (id, row) in &some {
                self.slots_of(point, *id, row, ended.get(id))?;
            }
            self.send_if_full()?;
        }
    }

    fn slots_of(
        &mut self,
        point: &PointInTime,
        chat: ChatId,
        row: &ChatRow,
        ended: Option<&Ending>,
    ) -> Result<(), StoreError> {
        self.put_slot(point, row.slot, ended.map(|ending| slot::void(Some(*ending))));
        for invite in row.people.iter().filter_map(|person| person.invite) {
            if let Some(invite) = get::<_, InviteRow>(&point.tables.invites, invite)? {
                self.put_slot(point, invite.slot, ended.map(|_| slot::void(None)));
            }
        }
        for seat in range::<_, SeatRow>(&point.tables.seats, seats_in(chat))? {
            self.put_slot(point, seat?.1.slot, ended.map(|_| slot::void(None)));
        }
        Ok(())
    }

    /// A slot as it was in that moment, or void where its chat has ended since.
    fn put_slot(&mut self, point: &PointInTime, number: u32, void: Option<SlotBytes>) {
        let key = slot_in(&point.slots, number);
        self.writer.put(&BackupRecord::Slot { number, bytes: void.as_ref().unwrap_or(&*key) });
    }
}

/// The file of the store is not replaced meanwhile.
fn read<T>(
    engine: &Engine,
    question: impl FnOnce(&ReadTables) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    engine.with_database(|database| question(&ReadTables::open(&database.begin_read()?)?))
}

/// One moment of the store with the slots of just then. While the slots are locked no slot is given out
/// again, so that each slot that a row of this moment names has its own key, or none because the chat is
/// being destroyed.
fn point_in_time(engine: &Engine) -> Result<PointInTime<'_>, StoreError> {
    engine.with_database(|database| {
        let hold = engine.files.hold();
        let slots = lock(&engine.slots);
        let tables = ReadTables::open(&database.begin_read()?)?;
        Ok(PointInTime { tables, slots: slots.image()?, _hold: hold })
    })
}

fn ended(
    engine: &Engine,
    chats: impl Iterator<Item = ChatId>,
) -> Result<HashMap<ChatId, Ending>, StoreError> {
    read(engine, |tables| {
        let mut ended = HashMap::new();
        for chat in chats {
            if tables.chats.get(chat.0)?.is_none() {
                let row: Option<TombstoneRow> = get(&tables.tombstones, chat.0)?;
                ended.insert(chat, row.ok_or("a chat is gone and has no tombstone")?.ending());
            }
        }
        Ok(ended)
    })
}
