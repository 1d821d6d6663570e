//! Whether a backup is whole: every record can be read, nothing is missing between them. Verifying and
//! restoring go through here. One entry is remembered for each chat and each slot, never a message.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use crate::domain::{At, ChatId, Incarnation, SeatId, Seq};
use crate::limits::{BACKUP_RECORD_BYTES_MAX, SLOT_NUMBERS_MAX};
use crate::store::backup::BackupContents;
use crate::store::backup::UnpackError;
use crate::store::backup::{BackupRecord, Begin, RecordReader};
use crate::store::keys::slot;
use crate::store::redb::facts::Fact;
use crate::store::redb::table_keys::{
    DeviceKey, SeatKey, chat_of, seat_in, seat_of, seat_of_participant, seq_of,
};
use crate::store::redb::tables::RowVisitor;
use crate::store::rows::{ChatRow, InviteRow, MessageRow, ParticipantRow, SeatRow, TombstoneRow};

/// When, and of which run of the store. What was read is put into `read`, to be read again.
pub fn peek(input: &mut impl Read, read: &mut Vec<u8>) -> Result<(At, Incarnation), UnpackError> {
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    read.extend_from_slice(&length);
    let bytes =
        usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX).min(BACKUP_RECORD_BYTES_MAX);
    input.take(bytes as u64).read_to_end(read)?;
    let (_, begin) = RecordReader::begin(&read[..])?;
    Ok((begin.at(), begin.incarnation()))
}

/// Reads a whole backup, checks every record, and keeps nothing.
pub fn verify(input: impl Read) -> Result<BackupContents, UnpackError> {
    let (mut reader, begin) = RecordReader::begin(input)?;
    let mut verifier = BackupVerifier::new(&begin);
    while let Some(record) = reader.next()? {
        verifier.check(&record)?;
    }
    verifier.finish()
}

#[derive(Default)]
pub struct BackupVerifier {
    contents: BackupContents,
    number: u64,
    /// The last message of each chat, those that were ended while the backup was made among them.
    heads: HashMap<ChatId, Seq>,
    /// Messages that came again.
    pub written_over: u64,
    /// Where each chat has its key, and how many are in it.
    chats: HashMap<ChatId, WholeChat>,
    /// Slots that are there, and whether there is a key in them.
    slots: HashMap<u32, bool>,
    /// Slots that must be there.
    wanted: HashSet<u32>,
}

struct WholeChat {
    slot: u32,
    /// Those who are in it.
    people: usize,
    invites: usize,
}

const DAMAGED: fn(&'static str) -> UnpackError = UnpackError::Damaged;

impl BackupVerifier {
    pub fn new(begin: &Begin) -> Self {
        let contents = BackupContents {
            at: begin.at(),
            version: begin.version.clone(),
            incarnation: begin.incarnation(),
            ..BackupContents::default()
        };
        Self { contents, number: begin.number, ..Self::default() }
    }

    pub fn check(&mut self, record: &BackupRecord) -> Result<(), UnpackError> {
        match record {
            BackupRecord::Begin(_) | BackupRecord::End(_) => Err(DAMAGED("it begins or ends twice")),
            BackupRecord::Row { table, key, value } => self.visit(table, key, value),
            BackupRecord::Slot { number, bytes } => self.slot(*number, bytes),
        }
    }

    fn known(&mut self, seat: SeatId) -> Result<&mut WholeChat, UnpackError> {
        self.chats.get_mut(&seat.chat).ok_or(DAMAGED("a chat is missing"))
    }

    fn slot(&mut self, number: u32, bytes: &[u8]) -> Result<(), UnpackError> {
        let bytes = bytes.try_into().map_err(|_| DAMAGED("a slot is not whole"))?;
        if number as usize >= SLOT_NUMBERS_MAX || self.slots.insert(number, slot::is_live(bytes)).is_some() {
            return Err(DAMAGED("a slot is out of place"));
        }
        Ok(())
    }

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

impl RowVisitor for BackupVerifier {
    type Error = UnpackError;

    fn house(&mut self, key: &[u8], value: u64) -> Result<(), UnpackError> {
        let is_of_another = key == Fact::NUMBER.0 && value != self.number;
        if is_of_another { Err(DAMAGED("it is of two houses")) } else { Ok(()) }
    }

    fn chats(&mut self, id: u64, row: ChatRow) -> Result<(), UnpackError> {
        row.idle()?;
        self.wanted.insert(row.slot);
        let people = row.people.iter().filter(|person| person.is_present()).count();
        let whole = WholeChat { slot: row.slot, people, invites: 0 };
        match self.chats.insert(ChatId(id), whole) {
            None => Ok(()),
            Some(_) => Err(DAMAGED("a chat is there twice")),
        }
    }

    fn participants(&mut self, key: u128, _: ParticipantRow) -> Result<(), UnpackError> {
        self.known(seat_of_participant(key)).map(drop)
    }

    fn invites(&mut self, _: [u8; 32], row: InviteRow) -> Result<(), UnpackError> {
        self.known(row.seat())?.invites += 1;
        self.wanted.insert(row.slot);
        Ok(())
    }

    fn seats(&mut self, key: SeatKey, row: SeatRow) -> Result<(), UnpackError> {
        self.known(seat_in(&key))?;
        self.wanted.insert(row.slot);
        self.contents.devices += 1;
        Ok(())
    }

    fn devices(&mut self, key: DeviceKey, (): ()) -> Result<(), UnpackError> {
        self.known(seat_of(&key)).map(drop)
    }

    fn tombstones(&mut self, _: u64, _: TombstoneRow) -> Result<(), UnpackError> {
        self.contents.ended += 1;
        Ok(())
    }

    /// Everybody has seen 1, 2, 3 ...; so must a backup. One that comes again was changed while the
    /// backup was made.
    fn messages(&mut self, key: u128, _: MessageRow<'_>) -> Result<(), UnpackError> {
        let head = self.heads.entry(chat_of(key)).or_insert(Seq::NONE);
        if seq_of(key) > head.next() || seq_of(key) == Seq::NONE {
            return Err(DAMAGED("a message is missing"));
        }
        self.written_over += u64::from(seq_of(key) <= *head);
        *head = seq_of(key).max(*head);
        Ok(())
    }
}
