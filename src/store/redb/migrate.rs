//! From the file format of an earlier version to that of this one.
//!
//! The store file has one version number. Opening walks the steps from the file's number to
//! [`VERSION`], all in one transaction, so that a crash leaves the old format or the new one. A file
//! from a newer version is refused and not touched.

use redb::{ReadableTable, Table};

use crate::store::OpenError;
use crate::store::redb::apply::Broken;
use crate::store::redb::tables::{SeatKey, WriteTables};
use crate::store::rows::invite::InviteRow;
use crate::store::rows::{ChatRow, ParticipantRow, Row, SeatRow};

/// The format that this version of Parlour writes.
pub const VERSION: u64 = 5;

/// One step: what turns format n into format n + 1; the first turns 1 into 2.
pub type Step = fn(&mut WriteTables) -> Result<(), OpenError>;

/// Every step there is.
pub const STEPS: &[Step] = &[tell_read_from_seen, age_by_what_passed, give_invites_slots, tell_who_started];

const KEY: &str = "version";

/// Brings a file to the format `1 + steps.len()`. A file without a version is new.
pub fn migrate(tables: &mut WriteTables, steps: &[Step]) -> Result<(), OpenError> {
    let known = 1 + steps.len() as u64;
    let found = version(&tables.house)?.unwrap_or(known);
    if found > known {
        return Err(OpenError::Newer);
    }
    let done = usize::try_from(found.saturating_sub(1)).unwrap_or(usize::MAX);
    for step in steps.iter().skip(done) {
        step(tables)?;
    }
    tables.house.insert(KEY, known).map_err(OpenError::storage)?;
    Ok(())
}

fn version(house: &Table<&'static str, u64>) -> Result<Option<u64>, OpenError> {
    Ok(house.get(KEY).map_err(OpenError::storage)?.map(|value| value.value()))
}

/// Format 2: a place says what was read beside what was seen. An older Parlour cannot read such a row, and
/// would stop at the first; by the file's number it stops at the door.
fn tell_read_from_seen(tables: &mut WriteTables) -> Result<(), OpenError> {
    write_places_anew(tables).map_err(OpenError::storage)
}

fn write_places_anew(tables: &mut WriteTables) -> Result<(), Broken> {
    let mut rows = Vec::new();
    for row in tables.places.range::<u128>(..)? {
        let (key, bytes) = row?;
        rows.push((key.value(), ParticipantRow::from_bytes(bytes.value())?));
    }
    for (key, place) in rows {
        tables.places.insert(key, place.to_bytes().as_slice())?;
    }
    Ok(())
}

/// Format 3: chats, messages and tombstones say how much time had passed. What an older Parlour wrote begins
/// to rest with the first start of this one; the number keeps that one away from rows that it cannot read.
fn age_by_what_passed(tables: &mut WriteTables) -> Result<(), OpenError> {
    write_chats_anew(tables).map_err(OpenError::storage)
}

fn write_chats_anew(tables: &mut WriteTables) -> Result<(), Broken> {
    let mut rows = Vec::new();
    for row in tables.chats.range::<u64>(..)? {
        let (key, bytes) = row?;
        rows.push((key.value(), ChatRow::from_bytes(bytes.value())?));
    }
    for (key, chat) in rows {
        tables.chats.insert(key, chat.to_bytes().as_slice())?;
    }
    Ok(())
}

/// Format 4: an invite says where its own slot is, and a seat when its device was last here. Invites that
/// stand already have no slot of their own: only their codes could give them one.
fn give_invites_slots(tables: &mut WriteTables) -> Result<(), OpenError> {
    write_invites_anew(tables).and_then(|()| write_seats_anew(tables)).map_err(OpenError::storage)
}

fn write_invites_anew(tables: &mut WriteTables) -> Result<(), Broken> {
    let mut rows = Vec::new();
    for row in tables.invites.range::<[u8; 32]>(..)? {
        let (key, bytes) = row?;
        rows.push((key.value(), InviteRow::from_bytes(bytes.value())?));
    }
    for (key, invite) in rows {
        tables.invites.insert(key, invite.to_bytes().as_slice())?;
    }
    Ok(())
}

fn write_seats_anew(tables: &mut WriteTables) -> Result<(), Broken> {
    let mut rows = Vec::new();
    for row in tables.seats.range::<SeatKey>(..)? {
        let (key, bytes) = row?;
        rows.push((key.value(), SeatRow::from_bytes(bytes.value())?));
    }
    for (key, seat) in rows {
        tables.seats.insert(key, seat.to_bytes().as_slice())?;
    }
    Ok(())
}

/// Format 5: a chat says whether a visitor started it, and whether anybody ever came in.
fn tell_who_started(tables: &mut WriteTables) -> Result<(), OpenError> {
    note_who_entered(tables).map_err(OpenError::storage)
}

fn note_who_entered(tables: &mut WriteTables) -> Result<(), Broken> {
    let mut rows = Vec::new();
    for row in tables.chats.range::<u64>(..)? {
        let (key, bytes) = row?;
        let mut chat = ChatRow::from_bytes(bytes.value())?;
        chat.was_entered = was_entered(tables, &chat)?;
        rows.push((key.value(), chat));
    }
    for (key, chat) in rows {
        tables.chats.insert(key, chat.to_bytes().as_slice())?;
    }
    Ok(())
}

fn was_entered(tables: &WriteTables, chat: &ChatRow) -> Result<bool, Broken> {
    for person in &chat.people {
        if let Some(bytes) = tables.invites.get(person.invite)?
            && InviteRow::from_bytes(bytes.value())?.has_come()
        {
            return Ok(true);
        }
    }
    Ok(false)
}

const _: () = assert!(VERSION == 1 + STEPS.len() as u64, "each step makes one version");

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    #![allow(clippy::unnecessary_wraps, reason = "a step is a function that can fail")]
    use super::*;
    use redb::{Database, backends::InMemoryBackend};

    fn count_up(tables: &mut WriteTables) -> Result<(), OpenError> {
        let before = tables.house.get("test").unwrap().map_or(0, |value| value.value());
        tables.house.insert("test", before + 1).unwrap();
        Ok(())
    }

    fn open(steps: &[Step], database: &Database) -> Result<u64, OpenError> {
        let transaction = database.begin_write().unwrap();
        let mut tables = WriteTables::open(&transaction).unwrap();
        migrate(&mut tables, steps)?;
        let count = tables.house.get("test").unwrap().map_or(0, |value| value.value());
        drop(tables);
        transaction.commit().unwrap();
        Ok(count)
    }

    #[test]
    fn each_step_runs_once_and_a_new_file_needs_none() {
        let database = Database::builder().create_with_backend(InMemoryBackend::new()).unwrap();
        assert_eq!(open(&[], &database).unwrap(), 0);
        assert_eq!(open(&[count_up, count_up], &database).unwrap(), 2);
        assert_eq!(open(&[count_up, count_up], &database).unwrap(), 2);
        assert_eq!(open(&[count_up, count_up, count_up], &database).unwrap(), 3);
    }

    #[test]
    fn a_place_of_format_1_keeps_what_was_seen_as_read() {
        let database = Database::builder().create_with_backend(InMemoryBackend::new()).unwrap();
        open(&[], &database).unwrap();
        let transaction = database.begin_write().unwrap();
        let mut tables = WriteTables::open(&transaction).unwrap();
        tables.places.insert(7, [1, 12, 5, 0].as_slice()).unwrap();
        migrate(&mut tables, STEPS).unwrap();
        assert_eq!(tables.places.get(7).unwrap().unwrap().value(), [2, 12, 5, 0, 5]);
    }

    #[test]
    fn a_chat_of_format_2_begins_to_rest_when_it_is_brought_up_to_date() {
        let database = Database::builder().create_with_backend(InMemoryBackend::new()).unwrap();
        open(&[tell_read_from_seen], &database).unwrap();
        let transaction = database.begin_write().unwrap();
        let mut tables = WriteTables::open(&transaction).unwrap();
        tables.chats.insert(7, [1, 2, 9, 100, 110, 0].as_slice()).unwrap();
        migrate(&mut tables, STEPS).unwrap();
        assert_eq!(tables.chats.get(7).unwrap().unwrap().value(), [3, 2, 9, 100, 110, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn a_seat_of_format_3_is_written_anew() {
        let database = Database::builder().create_with_backend(InMemoryBackend::new()).unwrap();
        open(&STEPS[..2], &database).unwrap();
        let transaction = database.begin_write().unwrap();
        let mut tables = WriteTables::open(&transaction).unwrap();
        tables.seats.insert([7; 41], [1, 2, 1, 4].as_slice()).unwrap();
        migrate(&mut tables, STEPS).unwrap();
        assert_eq!(tables.seats.get([7; 41]).unwrap().unwrap().value(), [2, 2, 1, 4, 0]);
    }

    #[test]
    fn a_file_from_a_newer_version_is_refused_and_not_touched() {
        let database = Database::builder().create_with_backend(InMemoryBackend::new()).unwrap();
        open(&[count_up], &database).unwrap();
        assert!(matches!(open(&[], &database), Err(OpenError::Newer)));
        assert_eq!(open(&[count_up], &database).unwrap(), 0);
    }
}
