//! Whether a backup is whole: every record can be read, nothing is missing between them.
//!
//! Both verifying and restoring go through here. What is remembered is one entry for each chat and each slot,
//! never a message.

use std::collections::{HashMap, HashSet};

use super::format::{BackupRecord, Begin};
use super::{BackupContents, UnpackError};
use crate::domain::{ChatId, SeatId, Seq};
use crate::limits::SLOTS_MAX;

use crate::store::keys::slot_file;
use crate::store::redb::tables::{chat_of, seat_in, seat_of, seat_of_place, seq_of};
use crate::store::rows::invite::InviteRow;
use crate::store::rows::time::TimeRow;
use crate::store::rows::{ChatRow, MessageRow, ParticipantRow, Row, RowError, SeatRow, TombstoneRow};

/// What was counted so far.
pub struct BackupVerifier {
    contents: BackupContents,
    number: u64,
    /// The last message of each chat, those that were ended while the backup was made among them.
    heads: HashMap<ChatId, Seq>,
    /// Where each chat has its key, and who is in it by which invite.
    chats: HashMap<ChatId, Whole>,
    /// Slots that are there, and whether there is a key in them.
    slots: HashMap<u32, bool>,
    /// Slots that must be.
    wanted: HashSet<u32>,
}

/// A chat whose row was read.
struct Whole {
    slot: u32,
    people: usize,
    invites: usize,
}

const DAMAGED: fn(&'static str) -> UnpackError = UnpackError::Damaged;

impl From<RowError> for UnpackError {
    fn from(_: RowError) -> Self {
        Self::Damaged("a row of the store cannot be read")
    }
}

impl BackupVerifier {
    pub fn new(begin: &Begin) -> Self {
        let contents = BackupContents {
            at: begin.at(),
            version: begin.version.clone(),
            incarnation: begin.incarnation(),
            chats: 0,
            messages: 0,
            devices: 0,
            ended: 0,
        };
        let (heads, chats, slots, wanted) = Default::default();
        Self { contents, number: begin.number, heads, chats, slots, wanted }
    }

    /// Checks one piece.
    pub fn count(&mut self, piece: &BackupRecord) -> Result<(), UnpackError> {
        match piece {
            BackupRecord::Begin(_) | BackupRecord::End(_) => return Err(DAMAGED("it begins or ends twice")),
            BackupRecord::Message { key, row } => self.message(*key, row)?,
            BackupRecord::Fact { name: "number", value } if *value != self.number => {
                return Err(DAMAGED("it is of two houses"));
            }
            BackupRecord::Fact { .. } | BackupRecord::TombstoneInvite { .. } => {}
            BackupRecord::Chat { id, row } => self.chat(ChatId(*id), row)?,
            BackupRecord::Place { key, row } => {
                ParticipantRow::from_bytes(row)?;
                self.known(seat_of_place(*key))?;
            }
            BackupRecord::Invite { row, .. } => self.invite(row)?,
            BackupRecord::Seat { key, row } => self.seat(key, row)?,
            BackupRecord::Device { key } => {
                let key = (*key).try_into().map_err(|_| DAMAGED("a device has no whole key"))?;
                self.known(seat_of(&key))?;
            }
            BackupRecord::Tombstone { row, .. } => {
                TombstoneRow::from_bytes(row)?;
                self.contents.ended += 1;
            }
            BackupRecord::Time { row } => {
                TimeRow::from_bytes(row)?;
            }
            BackupRecord::Slot { number, bytes } => self.slot(*number, bytes)?,
        }
        Ok(())
    }

    /// Everybody has seen 1, 2, 3 ...; so must a backup.
    fn message(&mut self, key: u128, row: &[u8]) -> Result<(), UnpackError> {
        MessageRow::from_bytes(row)?;
        let head = self.heads.entry(chat_of(key)).or_insert(Seq::NONE);
        if seq_of(key) != head.next() {
            return Err(DAMAGED("a message is missing, or there twice"));
        }
        *head = head.next();
        Ok(())
    }

    fn chat(&mut self, id: ChatId, row: &[u8]) -> Result<(), UnpackError> {
        let row = ChatRow::from_bytes(row)?;
        row.idle()?;
        self.wanted.insert(row.slot);
        let whole = Whole { slot: row.slot, people: row.people.len(), invites: 0 };
        match self.chats.insert(id, whole) {
            None => Ok(()),
            Some(_) => Err(DAMAGED("a chat is there twice")),
        }
    }

    fn invite(&mut self, row: &[u8]) -> Result<(), UnpackError> {
        let row = InviteRow::from_bytes(row)?;
        self.known(row.seat())?.invites += 1;
        self.wanted.extend(row.slot);
        Ok(())
    }

    fn seat(&mut self, key: &[u8], row: &[u8]) -> Result<(), UnpackError> {
        SeatRow::from_bytes(row)?;
        let key = key.try_into().map_err(|_| DAMAGED("a seat has no whole key"))?;
        self.known(seat_in(&key))?;
        self.contents.devices += 1;
        Ok(())
    }

    fn known(&mut self, seat: SeatId) -> Result<&mut Whole, UnpackError> {
        self.chats.get_mut(&seat.chat).ok_or(DAMAGED("a chat is missing"))
    }

    fn slot(&mut self, number: u32, bytes: &[u8]) -> Result<(), UnpackError> {
        let bytes = bytes.try_into().map_err(|_| DAMAGED("a slot is not whole"))?;
        if number as usize >= SLOTS_MAX || self.slots.insert(number, slot_file::is_live(bytes)).is_some() {
            return Err(DAMAGED("a slot is out of place"));
        }
        Ok(())
    }

    /// Whether everything is there, and what it was.
    pub fn finish(mut self) -> Result<BackupContents, UnpackError> {
        if self.wanted.iter().any(|slot| !self.slots.contains_key(slot)) {
            return Err(DAMAGED("the key of a chat is missing"));
        }
        for (chat, whole) in &self.chats {
            if whole.people != whole.invites {
                return Err(DAMAGED("an invite is missing"));
            }
            // A chat without a key was ended while the backup was made.
            if self.slots.get(&whole.slot) == Some(&true) {
                self.contents.chats += 1;
                self.contents.messages += self.heads.get(chat).map_or(0, |head| head.0);
            }
        }
        Ok(self.contents)
    }
}
