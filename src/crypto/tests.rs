#![allow(clippy::unwrap_used)]
mod known;

use rand::SeedableRng;
use rand::rngs::StdRng;

use super::*;
use crate::domain::{ChatId, MessageId, ParticipantId, SeatId, Seq};

/// Whether the bytes open at the seat.
type Opens<'a> = dyn Fn(SeatId, &[u8]) -> bool + 'a;

fn rng() -> StdRng {
    StdRng::seed_from_u64(7)
}

fn seat(chat: u64, participant: u32) -> SeatId {
    SeatId { chat: ChatId(chat), participant: ParticipantId(participant) }
}

fn stretched(code: &Code) -> Stretched {
    stretch(code, &[3; 16], Stretch::LEAST, &mut StretchMemory::default()).unwrap()
}

#[test]
fn a_code_is_read_however_it_is_typed() {
    let code = Code::parse("K7QM-3XR0").unwrap();
    for typed in [
        "K7QM-3XR0",
        "k7qm-3xr0",
        "k7qm3xr0",
        "K7QM 3XRO",
        " k7 qm 3x ro ",
        "k7qm\u{2013}3xro",
        "k7qm\u{a0}3xr0",
        "k-7-q-m-3-x-r-0",
        "K7QM.3XRo",
        "\tk7qm_3xr0\n",
    ] {
        assert_eq!(Code::parse(typed).unwrap(), code, "{typed:?}");
    }
    assert_eq!(Code::parse("1111-0000").unwrap(), Code::parse("iLlI-oOoO").unwrap());
    assert_eq!(*code.text(), "K7QM-3XR0");
}

#[test]
fn what_is_not_a_code_is_refused_before_it_costs_anything() {
    let long = "-".repeat(257);
    for typed in
        ["", "K7QM-3XR", "K7QM-3XRPP", "K7QM-3XRU", "K7QM-3XR!", "K7QM-3XR\u{e9}", &long, "\u{1F600}"]
    {
        assert!(Code::parse(typed).is_err(), "{typed:?}");
    }
}

#[test]
fn tokens_and_device_secrets_are_read_as_they_are_written() {
    let (token, device) = (LinkToken::random(&mut rng()), DeviceSecret::random(&mut rng()));
    assert_eq!((token.text().len(), device.text().len()), (26, 52));
    assert_eq!(LinkToken::parse(&token.text()).unwrap(), token);
    assert_eq!(LinkToken::parse(&token.text().to_lowercase()).unwrap(), token);
    assert_eq!(DeviceSecret::parse(&device.text()).unwrap(), device);
    for text in ["", "0", &"0".repeat(25), &"0".repeat(27), &format!("{}Z", "0".repeat(25)), &"u".repeat(26)]
    {
        assert!(LinkToken::parse(text).is_err(), "{text}");
    }
}

#[test]
fn what_the_house_calls_them_tells_nothing_about_each_other() {
    let token = LinkToken::random(&mut rng());
    assert_eq!(token.id(), token.id());
    assert_ne!(token.id(), LinkToken::random(&mut StdRng::seed_from_u64(8)).id());
}

#[test]
fn an_invite_opens_only_with_link_and_code_and_slot_at_its_own_seat() {
    let rng = &mut rng();
    let (token, code, slot, key) =
        (LinkToken::random(rng), Code::random(rng), SlotKey::random(rng), ChatKey::random(rng));
    let right = stretched(&code);
    let envelope = wrap_for_invite(rng, &right, &token, &slot, seat(1, 1), &key);
    assert_eq!(unwrap_for_invite(&right, &token, &slot, seat(1, 1), &envelope).unwrap(), key);
    let wrong = stretched(&Code::random(rng));
    assert!(unwrap_for_invite(&wrong, &token, &slot, seat(1, 1), &envelope).is_err());
    assert!(unwrap_for_invite(&right, &LinkToken::random(rng), &slot, seat(1, 1), &envelope).is_err());
    assert!(
        unwrap_for_invite(&right, &token, &SlotKey::from_bytes(&[0; 32]), seat(1, 1), &envelope).is_err()
    );
    assert!(unwrap_for_invite(&right, &token, &slot, seat(1, 2), &envelope).is_err());
    assert!(unwrap_for_invite(&right, &token, &slot, seat(2, 1), &envelope).is_err());
}

#[test]
fn a_devices_seat_opens_only_with_the_device_and_the_slot() {
    let rng = &mut rng();
    let (device, slot, key) = (DeviceSecret::random(rng), SlotKey::random(rng), ChatKey::random(rng));
    let envelope = wrap_for_device(rng, &device, &slot, seat(1, 1), &key);
    assert_eq!(unwrap_for_device(&device, &slot, seat(1, 1), &envelope).unwrap(), key);
    assert!(unwrap_for_device(&DeviceSecret::random(rng), &slot, seat(1, 1), &envelope).is_err());
    assert!(unwrap_for_device(&device, &SlotKey::random(rng), seat(1, 1), &envelope).is_err());
    assert!(unwrap_for_device(&device, &slot, seat(1, 2), &envelope).is_err());
}

#[test]
fn a_sealed_reaction_belongs_to_one_person_and_one_message() {
    let rng = &mut rng();
    let key = ChatKey::random(rng);
    let sealed = seal_reaction(rng, &key, (seat(1, 1), Seq(5)), "\u{2764}\u{FE0F}");
    assert_eq!(*open_reaction(&key, (seat(1, 1), Seq(5)), &sealed).unwrap(), "\u{2764}\u{FE0F}");
    for moved in [(seat(1, 2), Seq(5)), (seat(2, 1), Seq(5)), (seat(1, 1), Seq(6))] {
        assert_eq!(open_reaction(&key, moved, &sealed), Err(EnvelopeError), "{moved:?}");
    }
}

#[test]
fn a_sealed_body_cannot_be_moved_or_changed() {
    let rng = &mut rng();
    let key = ChatKey::random(rng);
    let place = AssociatedData { seat: seat(1, 1), seq: Seq(5), id: MessageId(6), kind: 1, edits: 0 };
    let sealed = seal_body(rng, &key, &place, b"are you there?");
    assert_eq!(open_body(&key, &place, &sealed).unwrap().as_slice(), b"are you there?");
    for moved in [
        AssociatedData { seat: seat(2, 1), ..place },
        AssociatedData { seat: seat(1, 2), ..place },
        AssociatedData { seq: Seq(6), ..place },
        AssociatedData { id: MessageId(7), ..place },
        AssociatedData { kind: 2, ..place },
        AssociatedData { edits: 1, ..place },
    ] {
        assert_eq!(open_body(&key, &moved, &sealed), Err(EnvelopeError), "{moved:?}");
    }
    for byte in 0..sealed.len() {
        let mut flipped = sealed.clone();
        flipped[byte] ^= 1;
        assert_eq!(open_body(&key, &place, &flipped), Err(EnvelopeError), "byte {byte}");
        assert!(open_body(&key, &place, &sealed[..byte]).is_err());
    }
    assert_ne!(seal_body(rng, &key, &place, b"are you there?"), sealed);
}

#[test]
fn no_envelope_or_name_opens_when_it_is_changed_or_moved() {
    let rng = &mut rng();
    let (token, device) = (LinkToken::random(rng), DeviceSecret::random(rng));
    let (slot, key) = (SlotKey::random(rng), ChatKey::random(rng));
    let code = stretched(&Code::random(rng));
    let here = seat(1, 1);
    let (invite, entry) = (
        wrap_for_invite(rng, &code, &token, &slot, here, &key),
        wrap_for_device(rng, &device, &slot, here, &key),
    );
    let (greeting, name) =
        (seal_greeting(rng, &token, &slot, here, "Anny"), seal_name(rng, &key, here, "Anny"));
    let by_invite = |at, bytes: &[u8]| unwrap_for_invite(&code, &token, &slot, at, bytes).is_ok();
    let by_device = |at, bytes: &[u8]| unwrap_for_device(&device, &slot, at, bytes).is_ok();
    let by_link = |at, bytes: &[u8]| open_greeting(&token, &slot, at, bytes).is_ok();
    let by_key = |at, bytes: &[u8]| open_name(&key, at, bytes).is_ok();
    let every: [(&[u8], &Opens); 4] =
        [(&invite, &by_invite), (&entry, &by_device), (&greeting, &by_link), (&name, &by_key)];
    for (sealed, opens) in every {
        assert!(opens(here, sealed) && !opens(seat(1, 2), sealed) && !opens(seat(2, 1), sealed));
        for byte in 0..sealed.len() {
            let mut flipped = sealed.to_vec();
            flipped[byte] ^= 0x80;
            assert!(!opens(here, &flipped) && !opens(here, &sealed[..byte]), "byte {byte}");
        }
    }
}

#[test]
fn the_same_is_never_sealed_the_same_way_twice() {
    let rng = &mut rng();
    let (token, device) = (LinkToken::random(rng), DeviceSecret::random(rng));
    let (slot, key) = (SlotKey::random(rng), ChatKey::random(rng));
    let code = stretched(&Code::random(rng));
    let mut all = || {
        [
            wrap_for_invite(rng, &code, &token, &slot, seat(1, 1), &key),
            wrap_for_device(rng, &device, &slot, seat(1, 1), &key),
            seal_greeting(rng, &token, &slot, seat(1, 1), "Anny"),
            seal_name(rng, &key, seat(1, 1), "Anny"),
        ]
    };
    assert!(all().iter().zip(&all()).all(|(one, other)| one != other));
}

#[test]
fn names_open_for_their_chat_and_greetings_for_their_link_and_slot() {
    let rng = &mut rng();
    let (key, token, slot) = (ChatKey::random(rng), LinkToken::random(rng), SlotKey::random(rng));
    let name = seal_name(rng, &key, seat(1, 1), "Anny");
    assert_eq!(*open_name(&key, seat(1, 1), &name).unwrap(), "Anny");
    assert!(open_name(&key, seat(1, 2), &name).is_err());
    let greeting = seal_greeting(rng, &token, &slot, seat(1, 1), "Anny");
    assert_eq!(*open_greeting(&token, &slot, seat(1, 1), &greeting).unwrap(), "Anny");
    assert!(open_greeting(&LinkToken::random(rng), &slot, seat(1, 1), &greeting).is_err());
    assert!(open_greeting(&token, &SlotKey::random(rng), seat(1, 1), &greeting).is_err());
    assert!(!name.windows(4).any(|window| window == b"Anny"));
}

#[test]
fn stretching_is_argon2id_whatever_the_memory_held() {
    let code = Code::parse("K7QM-3XRP").unwrap();
    let mut memory = StretchMemory::default();
    let cost = Stretch { kib: 8 * 1024, passes: 2 };
    let ours = stretch(&code, &[1; 16], cost, &mut memory).unwrap();
    let params = argon2::Params::new(8 * 1024, 2, 1, Some(32)).unwrap();
    let reference = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let mut expected = [0; 32];
    reference.hash_password_into(code.bytes(), &[1; 16], &mut expected).unwrap();
    assert_eq!(*ours.bytes(), expected);
    let again = stretch(&code, &[1; 16], cost, &mut memory).unwrap();
    assert_eq!(*again.bytes(), expected, "memory that was used before changes nothing");
}

#[test]
fn a_record_cannot_ask_for_any_amount_of_work() {
    for (kib, passes) in [(0, 1), (8, 1), (1 << 20, 1), (19 * 1024, 0), (19 * 1024, 17)] {
        assert!(Stretch { kib, passes }.check().is_err());
    }
    assert!(Stretch::default().check().is_ok() && Stretch::LEAST.check().is_ok());
}

#[test]
fn no_secret_is_printed() {
    let rng = &mut rng();
    let code = Code::random(rng);
    let printed = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        LinkToken::random(rng),
        code,
        DeviceSecret::random(rng),
        ChatKey::random(rng),
        SlotKey::random(rng),
        stretched(&code)
    );
    assert_eq!(printed, "LinkToken(..) Code(..) DeviceSecret(..) ChatKey(..) SlotKey(..) Stretched(..)");
}

#[test]
fn a_device_has_another_tag_in_every_seat_and_nobody_guesses_it_without_the_key() {
    let rng = &mut rand::rng();
    let (key, device) = (ChatKey::random(rng), DeviceSecret::random(rng).id());
    let tag = key.device_tag(seat(1, 1), device);
    assert_eq!(key.device_tag(seat(1, 1), device), tag);
    for other in [seat(1, 2), seat(2, 1)] {
        assert_ne!(key.device_tag(other, device), tag);
    }
    assert_ne!(ChatKey::random(rng).device_tag(seat(1, 1), device), tag);
    assert_ne!(key.device_tag(seat(1, 1), DeviceSecret::random(rng).id()), tag);
    assert!(!device.0.windows(8).any(|bytes| bytes == tag.0.to_be_bytes()));
}

#[test]
fn an_invite_or_seat_with_a_slot_of_its_own_needs_both_slots() {
    let rng = &mut rand::rng();
    let (slot, own) = (SlotKey::random(rng), SlotKey::random(rng));
    let joined: [fn(&SlotKey, &SlotKey) -> SlotKey; 2] = [SlotKey::with_invite, SlotKey::with_seat];
    for with in joined {
        let other_own = SlotKey::random(rng);
        for other in [&slot, &own, &with(&own, &slot), &with(&slot, &other_own)] {
            assert_ne!(with(&slot, &own).as_bytes(), other.as_bytes());
        }
    }
    assert_ne!(slot.with_invite(&own).as_bytes(), slot.with_seat(&own).as_bytes());
}
