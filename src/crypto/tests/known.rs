//! Known answers: what version 1 derives and seals, from another implementation.
//!
//! They came from Python's `cryptography` (OpenSSL's Argon2id, HKDF and ChaCha20-Poly1305) with an
//! `HChaCha20` checked against draft-irtf-cfrg-xchacha, 2.2.1. When one of these fails, no chat that is
//! kept on a disk can be opened any more.
#![allow(clippy::unwrap_used)]
use data_encoding::HEXLOWER;

use crate::crypto::key::Key;
use crate::crypto::*;
use crate::domain::{ChatId, MessageId, ParticipantId, SeatId, Seq};

const TOKEN: &str = "000G40R40M30E209185GR38E1W";
const DEVICE: &str = "000G40R40M30E209185GR38E1W8124GK2GAHC5RR34D1P70X3RFG";
const CODE: &str = "KK7M-XTRP";
const SEAT: SeatId = SeatId { chat: ChatId(0x0102_0304_0506_0708), participant: ParticipantId(2) };

fn token() -> LinkToken {
    LinkToken::parse(TOKEN).unwrap()
}

fn device() -> DeviceSecret {
    DeviceSecret::parse(DEVICE).unwrap()
}

fn slot() -> SlotKey {
    SlotKey::from_bytes(&[0x22; 32])
}

fn key() -> ChatKey {
    ChatKey::new(Key::written(|root| root.fill(0x11)))
}

fn stretched() -> Stretched {
    let code = Code::parse(CODE).unwrap();
    stretch(&code, &[3; 16], Stretch::LEAST, &mut StretchMemory::default()).unwrap()
}

/// Behind a nonce that counts up from 100.
fn sealed(hex: &str) -> Vec<u8> {
    let mut bytes: Vec<u8> = (100..124).collect();
    bytes.extend(HEXLOWER.decode(hex.as_bytes()).unwrap());
    bytes
}

#[test]
fn texts_are_written_most_significant_bit_first() {
    let (bytes, longer): ([u8; 16], [u8; 32]) = (
        std::array::from_fn(|i| u8::try_from(i).unwrap()),
        std::array::from_fn(|i| u8::try_from(i).unwrap()),
    );
    assert_eq!((token().bytes(), device().bytes()), (&bytes, &longer));
    assert_eq!(Code::parse(CODE).unwrap().bytes(), &[0x9c, 0xcf, 0x4e, 0xeb, 0x16]);
    assert_eq!((token().text().as_str(), device().text().as_str()), (TOKEN, DEVICE));
}

#[test]
fn ids_are_labelled_hashes() {
    for (id, expected) in [
        (token().id().0, "498f0d78c96333c565db194091c405a0170a91da646fb47e928908bfc328c5e1"),
        (device().id().0, "6265dd081e76724000659624971df0ea025c9dd00207e1053307cd089b1a8129"),
    ] {
        assert_eq!(HEXLOWER.encode(&id), expected);
    }
}

#[test]
fn a_code_is_stretched_by_argon2id() {
    let expected = "c2e116340600fb0262081fa1122f351363dff22a12ee7d3fde060a44bd632276";
    assert_eq!(HEXLOWER.encode(stretched().bytes()), expected);
}

#[test]
fn envelopes_of_version_1_open() {
    let (invite, device_envelope) = (
        sealed(concat!(
            "9fa149bb3ccb151e2a24ea2aabbc3f940756f206ff4ada7f5465b635138052bb",
            "f3d35aebcb19c561f0a31df5d978a273"
        )),
        sealed(concat!(
            "9097d943b303512713c188ac2ab5eee924e3cc2ce5a9b793e1eee64578f6fecf",
            "55e4f98459f49f916b58b041551cc4b3"
        )),
    );
    assert_eq!(unwrap_for_invite(&stretched(), &token(), &slot(), SEAT, &invite).unwrap(), key());
    assert_eq!(unwrap_for_device(&device(), &slot(), SEAT, &device_envelope).unwrap(), key());
}

#[test]
fn names_and_bodies_of_version_1_open() {
    let greeting = sealed("5b1b662b80e08e7dfb5f61540b3129f75a3cfbe7");
    assert_eq!(*open_greeting(&token(), &slot(), SEAT, &greeting).unwrap(), "Anny");
    let name = sealed("26df31d3fc49e189de9474fa5ce5a7009affbf70");
    assert_eq!(*open_name(&key(), SEAT, &name).unwrap(), "Anny");
    for (edits, body) in [
        (0, "7d98ef8e0b6f69a5618c841b5187aff8c8d0f7ce2d5900d678627b62385a"),
        (3, "7d98ef8e0b6f69a5618c841b5187b549ec7437a8f81abe8541e9cb5930c2"),
    ] {
        let place = AssociatedData { seat: SEAT, seq: Seq(5), id: MessageId(6), kind: 1, edits };
        assert_eq!(open_body(&key(), &place, &sealed(body)).unwrap().as_slice(), b"are you there?");
    }
    let reaction = sealed("fe772e41ca8ff07d5ace6f77c16fbdd2b99a1920e5e9");
    assert_eq!(*open_reaction(&key(), (SEAT, Seq(5)), &reaction).unwrap(), "\u{2764}\u{FE0F}");
}

#[test]
fn slots_that_are_joined_and_a_device_tag_are_derived() {
    let own = SlotKey::from_bytes(&[0x33; 32]);
    for (joined, expected) in [
        (slot().with_invite(&own), "e8920d65eedc93bd50b439a534520e230f8d68205f03eb679b60e488482c2b62"),
        (slot().with_seat(&own), "60b80ce8da47f92a2461823d2a35e08310f3ef7873e5da470fdee257bad71991"),
    ] {
        assert_eq!(HEXLOWER.encode(joined.as_bytes()), expected);
    }
    let tag = key().device_tag(SEAT, device().id());
    assert_eq!(HEXLOWER.encode(&tag.0.to_be_bytes()), "b5cbd179ec770731");
}
