#![allow(clippy::unwrap_used)]
use super::*;
use crate::crypto::Stretch;
use crate::domain::chat::LastUse;
use crate::domain::{
    At, Caller, ChatId, CompactionTimer, EndedBy, Ending, Idle, MessageId, ParticipantId, Receipt, SeatId,
    Seq,
};

#[test]
fn a_row_is_read_as_it_was_written() {
    let row = MessageRow::new(ParticipantId(2), 1, At(99), MessageId(u128::MAX - 5), b"sealed");
    let bytes = row.to_bytes();
    let back = MessageRow::from_bytes(&bytes).unwrap();
    assert_eq!(
        (back.from(), back.kind, back.at(), back.id(), back.body),
        (row.from(), 1, At(99), row.id(), &b"sealed"[..])
    );
    for idle in Idle::ALL {
        let row = ChatRow::new((idle, Caller::Host), 7, LastUse { at: At(1), passed: 2 }, Vec::new());
        assert_eq!(ChatRow::from_bytes(&row.to_bytes()).unwrap().idle().unwrap(), idle);
    }
    for by in [EndedBy::Participant(ParticipantId(1)), EndedBy::Clock, EndedBy::Host] {
        let ending = Ending { at: At(5), by, messages: 214 };
        let bytes = TombstoneRow::new(ending, 9).to_bytes();
        assert_eq!(TombstoneRow::from_bytes(&bytes).unwrap().ending(), ending);
    }
}

#[test]
fn a_row_that_is_newer_or_damaged_is_an_error_and_never_a_guess() {
    let mut bytes = ParticipantRow::default().to_bytes();
    bytes.push(0);
    assert!(matches!(ParticipantRow::from_bytes(&bytes), Err(RowError::Damaged)));
    for version in [0, 2] {
        bytes[0] = version;
        let read = ParticipantRow::from_bytes(&bytes).err();
        assert!(matches!(read, Some(RowError::Version(found)) if found == version));
    }
    for bytes in [&[][..], &[1, 5], &[1, 0xAC, 0x02, 5, 0], &[1, 0xAC, 0x02, 5, 0, 7, 7]] {
        assert!(matches!(ParticipantRow::from_bytes(bytes), Err(RowError::Damaged)), "{bytes:?}");
    }
}

/// The bytes of version 1. If this fails, files of houses that exist can no longer be read.
#[test]
fn what_is_written_stays_what_it_is() {
    let mut participant = ParticipantRow::default();
    participant.mark(Receipt { delivered: Seq(300), seen: Seq(5), read: Seq(7) });
    assert_eq!(participant.to_bytes(), [1, 0xAC, 0x02, 5, 0, 7]);
    let message = MessageRow::new(ParticipantId(1), 1, At(3), MessageId(9), &[8, 7]);
    let id = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9];
    assert_eq!(message.to_bytes(), [&[1, 1, 1, 3][..], &id, &[2, 8, 7]].concat());
    let mut seat = SeatRow::new(At(2), 9, vec![4]);
    assert_eq!(seat.to_bytes(), [1, 2, 1, 4, 0, 9]);
    seat.leave(At(9));
    assert_eq!(seat.to_bytes(), [1, 2, 1, 4, 1, 9, 9]);
    let chat = ChatRow::new((Idle::Day, Caller::Host), 9, LastUse { at: At(100), passed: 7 }, Vec::new());
    assert_eq!(chat.to_bytes(), [1, 2, 9, 100, 100, 0, 7, 0, 0, 0]);
    let timer = CompactionTimer { dead_rows: 5, first: 6, last: 7, tried: Some(8), day: 9, bytes: 300 };
    let bytes = CompactionRow::new(timer).to_bytes();
    assert_eq!(bytes, [1, 5, 6, 7, 1, 8, 9, 0xAC, 0x02]);
    assert_eq!(CompactionRow::from_bytes(&bytes).unwrap().timer(), timer);
    let bytes = [&[1, 7, 1][..], &[3; 16], &[8, 1, 1, 5, 1, 6, 0, 0, 0, 9, 0]].concat();
    assert_eq!(invite().to_bytes(), bytes);
}

fn invite() -> InviteRow {
    let seat = SeatId { chat: ChatId(7), participant: ParticipantId(1) };
    InviteRow::new(seat, [3; 16], Stretch { kib: 8, passes: 1 }, 9, vec![5], vec![6])
}

#[test]
fn a_person_who_came_in_by_an_invite_that_was_replaced_has_come() {
    let mut first = invite();
    assert!(!invite().replacing(&first).has_come());
    first.admit(At(1));
    let second = invite().replacing(&first);
    assert!(!second.came_in() && second.has_come() && invite().replacing(&second).has_come());
}
