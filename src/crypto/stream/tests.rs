//! What a sealed stream promises: it opens whole and unchanged, or it says why not.
#![allow(clippy::unwrap_used)]

use super::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

const PART: usize = BACKUP_PART_BYTES;
const SEALED: usize = PART + TAG_BYTES;

fn passphrase() -> Passphrase {
    Passphrase::parse("correct horse battery").unwrap()
}

fn about() -> About {
    About { at: At(1_800_000_000_000), incarnation: Incarnation(0x1234) }
}

fn content(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|index| u8::try_from(index % 251).unwrap()).collect()
}

fn sealed(content: &[u8]) -> Vec<u8> {
    let mut rng = StdRng::seed_from_u64(1);
    let mut sealing = Sealing::begin(Vec::new(), &passphrase(), about(), Stretch::LEAST, &mut rng).unwrap();
    content.chunks(1_000).for_each(|some| sealing.write_all(some).unwrap());
    sealing.finish().unwrap()
}

fn opened(file: &[u8]) -> Result<Vec<u8>, UnsealError> {
    let mut unsealing = Unsealing::begin(file, &passphrase())?;
    let mut content = Vec::new();
    match unsealing.read_to_end(&mut content) {
        Ok(_) => Ok(content),
        Err(error) => Err(error.downcast::<UnsealError>().unwrap()),
    }
}

#[test]
fn whatever_its_length_it_opens_as_what_it_was() {
    for bytes in [0, 1, PART - 1, PART, PART + 1, 2 * PART, 3 * PART + 5] {
        let file = sealed(&content(bytes));
        let parts = bytes.div_ceil(PART).max(1);
        assert_eq!(file.len(), HEADER_BYTES + bytes + parts * TAG_BYTES);
        assert_eq!(opened(&file).unwrap(), content(bytes), "{bytes}");
    }
}

#[test]
fn a_wrong_passphrase_is_told_from_damage() {
    let file = sealed(&content(10));
    let wrong = Passphrase::parse("correct horse batterz").unwrap();
    assert!(matches!(Unsealing::begin(&file[..], &wrong), Err(UnsealError::Passphrase)));
    let mut damaged = file;
    damaged[85] ^= 1;
    assert!(matches!(Unsealing::begin(&damaged[..], &wrong), Err(UnsealError::Header)));
}

#[test]
fn every_bit_of_the_header_counts() {
    let file = sealed(&content(10));
    for bit in 0..HEADER_BYTES * 8 {
        let mut changed = file.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let expected = match bit / 8 {
            0..16 => matches!(opened(&changed), Err(UnsealError::Foreign)),
            16 => matches!(opened(&changed), Err(UnsealError::Newer(_))),
            _ => matches!(opened(&changed), Err(UnsealError::Header)),
        };
        assert!(expected, "bit {bit}");
    }
}

#[test]
fn a_header_that_asks_for_a_house_full_of_memory_is_refused() {
    let mut file = sealed(&content(10));
    file[20..24].copy_from_slice(&u32::MAX.to_le_bytes());
    let checksum = Sha256::digest(&file[..CHECKED_BYTES]);
    file[CHECKED_BYTES..HEADER_BYTES].copy_from_slice(&checksum);
    assert!(matches!(opened(&file), Err(UnsealError::Header)));
}

#[test]
fn a_bit_that_was_changed_in_a_part_is_found_in_its_place() {
    let file = sealed(&content(2 * PART + 100));
    for place in [0, 1, PART, SEALED - 1, SEALED, SEALED + 7, 2 * SEALED + 1, 2 * SEALED + 115] {
        let mut changed = file.clone();
        changed[HEADER_BYTES + place] ^= 0x10;
        let (place, end) = ((HEADER_BYTES + place) as u64, file.len() as u64);
        let (from, until) = match opened(&changed) {
            Err(UnsealError::Damaged(from, until)) => (from, until),
            Err(UnsealError::End(from)) => (from, end),
            _ => panic!("opened, or refused as something else, at {place}"),
        };
        assert!(from <= place && place < until, "{place} is not in {from}..{until}");
    }
}

#[test]
fn a_stream_that_was_cut_continued_or_reordered_is_refused_as_such() {
    let file = sealed(&content(3 * PART));
    let cut = |bytes: usize| opened(&file[..bytes]);
    for parts in 1..3 {
        let until = HEADER_BYTES + parts * SEALED;
        let Err(UnsealError::Cut(after)) = cut(until) else { panic!("after {parts} parts") };
        assert_eq!(after, until as u64);
    }
    for bytes in [HEADER_BYTES, HEADER_BYTES + 5, HEADER_BYTES + SEALED + 100, file.len() - 1] {
        let from = (bytes - HEADER_BYTES) / SEALED * SEALED + HEADER_BYTES;
        let Err(UnsealError::End(after)) = cut(bytes) else { panic!("after {bytes} bytes") };
        assert_eq!(after, from as u64);
    }
    assert!(matches!(cut(100), Err(UnsealError::Cut(100))));
    assert!(matches!(cut(7), Err(UnsealError::Foreign)));
    let continued = [&file[..], b"x"].concat();
    assert!(matches!(opened(&continued), Err(UnsealError::Continued(_))));
    let (head, parts) = file.split_at(HEADER_BYTES);
    let parts: Vec<_> = parts.chunks(SEALED).collect();
    let reordered = [head, parts[1], parts[0], parts[2]].concat();
    assert!(matches!(opened(&reordered), Err(UnsealError::Damaged(..))));
    let without = [head, parts[0], parts[2]].concat();
    assert!(matches!(opened(&without), Err(UnsealError::Damaged(..))));
}

#[test]
fn a_part_of_another_backup_of_the_same_passphrase_does_not_fit() {
    let (one, mut rng) = (sealed(&content(2 * PART)), StdRng::seed_from_u64(2));
    let mut other = Sealing::begin(Vec::new(), &passphrase(), about(), Stretch::LEAST, &mut rng).unwrap();
    other.write_all(&content(2 * PART)).unwrap();
    let other = other.finish().unwrap();
    let mixed = [&one[..HEADER_BYTES + SEALED], &other[HEADER_BYTES + SEALED..]].concat();
    assert!(matches!(opened(&mixed), Err(UnsealError::Damaged(..))));
}

/// If this fails, backups that exist can no longer be read. libsodium, the reference argon2 and Python's
/// HMAC, put together by `docs/backup.md` alone, open the same file.
#[test]
fn a_file_of_format_1_opens() {
    let file = [
        "7061726c6f7572206261636b75700d0a010000000020000001000000611830d3641a68f94a690dcc25d1f4b0da",
        "c948325ac18f6dd32564371735f32c54743d0000505c18a30100003412000000000000d3d31d0e9a26e1db61e9",
        "36b60acaf1ec517d80996aaef9873dd300b5d4ddc465f03196c299a2631d89d82cb9e37c6b08fc0f461f90e699",
        "c48ca269fbe55836f8ed8c161c7906c3efe9ec28e61ba78acd27",
    ];
    let file = data_encoding::HEXLOWER.decode(file.concat().as_bytes()).unwrap();
    assert_eq!(opened(&file).unwrap(), b"parlour, format 1");
}
