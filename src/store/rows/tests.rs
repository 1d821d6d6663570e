#![allow(clippy::unwrap_used)]
use super::*;
use crate::crypto::Stretch;
use crate::domain::chat::LastUse;
use crate::domain::{
    At, Body, Caller, ChangeNumber, ChatId, CompactionTimer, DeviceTag, Edits, EndedBy, Ending, Gone, GoneBy,
    Idle, Message, MessageId, Note, ParticipantId, Receipt, SeatId, Seq, Text, VanishAfter, Vanishing,
};

#[test]
fn a_row_is_read_as_it_was_written() {
    let message = Message {
        said: 8,
        reply_to: Some(Seq(4)),
        edits: Edits { count: 2, at: Some(At(100)) },
        vanishes: Some(Vanishing { passed: 300, at: At(301) }),
        changed: ChangeNumber(7),
        ..message(MessageId(u128::MAX - 5), At(99))
    };
    let row = MessageRow::new(&message, 1, b"sealed");
    let bytes = row.to_bytes();
    let back = MessageRow::from_bytes(&bytes).unwrap();
    assert_eq!(
        (back.from(), back.kind, back.at(), back.id(), back.body),
        (message.from, 1, message.at, message.id, &b"sealed"[..])
    );
    assert_eq!(
        (back.said(), back.reply_to(), back.edits(), back.vanishes(), back.changed()),
        (message.said, message.reply_to, message.edits, message.vanishes, message.changed)
    );
    assert!(!back.is_gone(299) && back.is_gone(300) && back.gone().is_none());
    let participant = ParticipantId(2);
    for by in [
        GoneBy::Participant { participant, leaves_stub: true },
        GoneBy::Participant { participant, leaves_stub: false },
        GoneBy::Clock,
    ] {
        let (gone, mut row) = (Gone { at: At(5), by }, back.clone());
        row.remove(gone);
        let bytes = row.to_bytes();
        let row = MessageRow::from_bytes(&bytes).unwrap();
        assert_eq!((row.gone(), row.body, row.id()), (Some(gone), &[][..], message.id));
        assert!(row.is_gone(0) && row.reply_to().is_none() && row.edits() == Edits::default());
    }
    for after in VanishAfter::ALL.into_iter().map(Some).chain([None]) {
        let mut row = ChatRow::new((Idle::Day, Caller::Host), 7, LastUse::default(), (Vec::new(), None));
        row.set_vanish_after(after);
        assert_eq!(ChatRow::from_bytes(&row.to_bytes()).unwrap().vanish_after().unwrap(), after);
    }
    for note in [
        Note::VanishAfter(None),
        Note::VanishAfter(Some(VanishAfter::FourWeeks)),
        Note::Idle(Idle::Week),
        Note::Replaced(ParticipantId(2)),
        Note::NewDevice,
    ] {
        assert_eq!(NoteRow::from_bytes(&NoteRow::to_bytes(note)).unwrap(), Some(note));
    }
    assert_eq!(NoteRow::from_bytes(&[99]).unwrap(), None, "of a later version");
    for idle in Idle::ALL {
        let row = ChatRow::new((idle, Caller::Host), 7, LastUse { at: At(1), passed: 2 }, (Vec::new(), None));
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
    let message = message(MessageId(9), At(3));
    let row = MessageRow::new(&message, 1, &[8, 7]);
    let id = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9];
    assert_eq!(row.to_bytes(), [&[1, 2, 1, 3, 0][..], &id, &[0, 0, 0, 0, 0, 0, 2, 8, 7]].concat());
    assert_eq!(ChangeRow { seq: 5, only: 2 }.to_bytes(), [1, 5, 2]);
    assert_eq!(NoteRow::to_bytes(Note::VanishAfter(Some(VanishAfter::Week))), [0, 3]);
    assert_eq!(NoteRow::to_bytes(Note::Replaced(ParticipantId(2))), [2, 2]);
    let mut seat = SeatRow::new(At(2), 9, vec![4]);
    assert_eq!(seat.to_bytes(), [1, 2, 1, 4, 0, 9]);
    seat.leave(At(9));
    assert_eq!(seat.to_bytes(), [1, 2, 1, 4, 1, 9, 9]);
    let chat =
        ChatRow::new((Idle::Day, Caller::Host), 9, LastUse { at: At(100), passed: 7 }, (Vec::new(), None));
    assert_eq!(chat.to_bytes(), [1, 2, 9, 100, 100, 0, 7, 0, 0, 0, 0, 0, 0, 0]);
    let timer = CompactionTimer {
        dead_rows: 5,
        first: 6,
        last: 7,
        vanished: None,
        tried: Some(8),
        day: 9,
        bytes: 300,
    };
    let bytes = CompactionRow::new(timer).to_bytes();
    assert_eq!(bytes, [1, 5, 6, 7, 0, 1, 8, 9, 0xAC, 0x02]);
    assert_eq!(CompactionRow::from_bytes(&bytes).unwrap().timer(), timer);
    let bytes = [&[1, 7, 1][..], &[3; 16], &[8, 1, 1, 5, 1, 6, 0, 0, 0, 9, 0]].concat();
    assert_eq!(invite().to_bytes(), bytes);
}

fn message(id: MessageId, at: At) -> Message {
    let from = (ParticipantId(2), DeviceTag(1));
    Message::new(Seq(1), from, at, id, Body::Text(Text::kept("hi".to_owned())))
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
