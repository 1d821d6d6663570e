//! The readers of the store's files as functions of any bytes; see [`crate::fuzzing`].

use redb::StorageBackend;
use redb::backends::InMemoryBackend;

use super::keys::slot_file::SlotFile;
use super::rows::{ChatRow, InviteRow, MessageRow, ParticipantRow, Row, SeatRow, TimeRow, TombstoneRow};

/// Slots that are looked at; the others are read in the same way.
const LOOKED_AT: u32 = 4;

/// A row of each table.
pub fn row(bytes: &[u8]) {
    read::<ChatRow>(bytes);
    read::<ParticipantRow>(bytes);
    read::<SeatRow>(bytes);
    read::<InviteRow>(bytes);
    read::<TombstoneRow>(bytes);
    read::<TimeRow>(bytes);
    if let Ok(row) = ChatRow::from_bytes(bytes) {
        drop((row.timer(0), row.idle(), row.final_call()));
    }
    if let Ok(row) = TimeRow::from_bytes(bytes) {
        row.clock();
    }
    if let Ok(row) = MessageRow::from_bytes(bytes) {
        let written = row.to_bytes();
        let again = MessageRow::from_bytes(&written).is_ok_and(|again| again.to_bytes() == written);
        assert!(again, "a message that was read can be written");
    }
}

/// What is written of a row that was read is read as the same.
fn read<R: Row>(bytes: &[u8]) {
    if let Ok(row) = R::from_bytes(bytes) {
        let written = row.to_bytes();
        assert!(
            R::from_bytes(&written).is_ok_and(|again| again.to_bytes() == written),
            "a row can be written"
        );
    }
}

pub fn slots(bytes: &[u8]) {
    let file = InMemoryBackend::new();
    let is_written = file.set_len(bytes.len() as u64).and_then(|()| file.write(0, bytes)).is_ok();
    assert!(is_written, "memory takes what is written to it");
    if let Ok((slots, _)) = SlotFile::open(Box::new(file)) {
        for number in (0..LOOKED_AT).chain([u32::MAX]) {
            assert!(slots.read(number).is_ok(), "a slot of an open file can be read");
        }
        assert!(slots.image().is_ok(), "an open file can be read whole");
    }
}
