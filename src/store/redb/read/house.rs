//! What the host and the purge may know: how many chats there are, how old and how large. No key is opened
//! here, so that nothing of who is in a chat can be told.

use redb::ReadableTableMetadata;

use super::ReadTx;
use crate::domain::{At, Awaited, ChatId, Seq};
use crate::limits::{PURGE_TOMBSTONES_MAX, PURGE_VANISHED_MAX};
use crate::store::error::StoreError;
use crate::store::redb::facts::Fact;
use crate::store::redb::table_keys::{VanishKey, seat_of_participant, seats_in, vanish_key, vanishing};
use crate::store::redb::tables::range;
use crate::store::rows::{ChatRow, TombstoneRow};
use crate::store::views::{ChatStats, ExpiredTombstones, HouseStats};

impl ReadTx {
    /// A read that finds what every store has.
    pub fn check(&self) -> Result<(), StoreError> {
        Fact::VERSION.get(&self.tables.house)?.ok_or("the store has lost its version")?;
        Ok(())
    }

    /// When the newest finished backup was begun.
    pub fn last_backup(&self) -> Result<Option<At>, StoreError> {
        Ok(Fact::LAST_BACKUP.get(&self.tables.house)?.map(At))
    }

    pub fn stats(&self) -> Result<HouseStats, StoreError> {
        let tables = &self.tables;
        let (chats, messages) = (tables.chats.len()?, tables.messages.len()?);
        Ok(HouseStats { chats, messages, seats: tables.seats.len()? })
    }

    /// How many chats there are, but for those that wait for somebody to come in.
    pub fn chats_in_use(&self) -> Result<u64, StoreError> {
        let mut chats = 0;
        for row in range::<u64, ChatRow>(&self.tables.chats, ..)? {
            chats += u64::from(row?.1.awaited() == Awaited::Nobody);
        }
        Ok(chats)
    }

    /// The most recently used first.
    pub fn list_chats(&self) -> Result<Vec<ChatStats>, StoreError> {
        let mut chats = Vec::new();
        for row in range::<u64, ChatRow>(&self.tables.chats, ..)? {
            let (id, row) = row?;
            chats.push(self.chat_stats(ChatId(id), &row)?);
        }
        chats.sort_by_key(|chat| std::cmp::Reverse((chat.used, chat.chat)));
        Ok(chats)
    }

    fn chat_stats(&self, chat: ChatId, row: &ChatRow) -> Result<ChatStats, StoreError> {
        let (head, last_at) = self.last(chat)?;
        let devices = self.tables.seats.range(seats_in(chat))?.count() as u64;
        Ok(ChatStats {
            chat,
            started: row.started(),
            used: row.used().max(last_at.unwrap_or_default()),
            idle: row.idle()?,
            messages: head.0.saturating_sub(row.notes),
            people: row.people.iter().filter(|person| person.is_present()).count(),
            devices,
            was_entered: row.was_entered,
            awaited: row.awaited(),
        })
    }

    /// Messages whose time is over, the first of them first; at most as many as one purge removes.
    pub fn vanished(&self) -> Result<Vec<(ChatId, Seq)>, StoreError> {
        let due = ..=vanish_key(self.passed, ChatId(u64::MAX), Seq(u64::MAX));
        let rows = self.tables.vanishing.range::<VanishKey>(due)?.take(PURGE_VANISHED_MAX);
        rows.map(|row| {
            let (_, chat, seq) = vanishing(&row?.0.value());
            Ok((chat, seq))
        })
        .collect()
    }

    /// Of chats that ended when less than `before` had passed; at most as many as one purge forgets.
    pub fn expired_tombstones(&self, before: u64) -> Result<ExpiredTombstones, StoreError> {
        let mut expired = ExpiredTombstones::default();
        for row in range::<u64, TombstoneRow>(&self.tables.tombstones, ..)? {
            let (chat, row) = row?;
            if row.passed < before {
                expired.chats.push(ChatId(chat));
            }
            if expired.chats.len() == PURGE_TOMBSTONES_MAX {
                break;
            }
        }
        if expired.chats.is_empty() {
            return Ok(expired);
        }
        for row in self.tables.tombstone_invites.range::<[u8; 32]>(..)? {
            let (invite, place) = row?;
            if expired.chats.binary_search(&seat_of_participant(place.value()).chat).is_ok() {
                expired.invites.push(invite.value());
            }
        }
        Ok(expired)
    }
}
