//! The file that lies somewhere: nothing can be read in it, and nothing changed.

use parlour::crypto::{Passphrase, Unsealing};
use parlour::domain::*;
use parlour::store::{Invite, verify};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::{copied, elsewhere, opened, sealed};
use crate::support::kept::{Kept, is_in_files};

const FLIPS: usize = 80;

fn has(bytes: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(bytes, needle).is_some()
}

/// I7
#[tokio::test]
async fn nothing_can_be_read_in_it_and_with_the_passphrase_no_more_than_on_the_disk_of_the_house() {
    let kept = Kept::open();
    let names = Names::parse(&["Canary-Anny", "Canary-Abhi"]).unwrap();
    let [anny, abhi]: [Invite; 2] =
        kept.store.start(&names, Idle::Day, Caller::Host).await.unwrap().try_into().ok().unwrap();
    let entered = kept.enter(&anny).await;
    kept.say(&entered.seat, 1, "Canary-text that nobody else reads").await.unwrap();
    let slot = std::fs::read(kept.dir.path().join("keys.slots")).unwrap()[64..96].to_vec();
    let copy = copied(&kept.store).await;
    let file = sealed(&copy);
    let restored = elsewhere(&copy);
    restored.store.close().await;
    let secrets = [
        "Canary".to_owned(),
        anny.token.text().to_string(),
        anny.code.text().to_string(),
        abhi.token.text().to_string(),
        abhi.code.text().replace('-', ""),
        entered.new_device.as_ref().unwrap().text().to_string(),
    ];
    for secret in &secrets {
        assert!(!has(&copy, secret.as_bytes()), "{secret} is in the copy");
        assert!(!has(&file, secret.as_bytes()), "{secret} is in the file");
        assert!(!is_in_files(restored.dir.path(), secret.as_bytes()), "{secret} is on the disk");
    }
    assert!(has(&copy, &slot), "the search finds what is there");
    assert!(!has(&file, &slot), "a key is in the file as it is");
    assert!(copy.windows(32).step_by(32).all(|window| !has(&file, window)), "something is not encrypted");
}

async fn file_of_a_conversation() -> Vec<u8> {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    for id in 0..100 {
        kept.say(&seat, id + 1, &format!("{id} {}", "x".repeat(2_000))).await.unwrap();
    }
    sealed(&copied(&kept.store).await)
}

#[tokio::test]
async fn whatever_bit_is_changed_and_wherever_it_is_cut_it_is_refused() {
    let (file, mut rng) = (file_of_a_conversation().await, StdRng::seed_from_u64(5));
    assert_eq!(opened(&file).unwrap().messages, 100);
    for _ in 0..FLIPS {
        let bit = rng.random_range(0..file.len() * 8);
        let mut changed = file.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(opened(&changed).is_err(), "bit {bit} was changed");
        let bytes = rng.random_range(0..file.len());
        assert!(opened(&file[..bytes]).is_err(), "cut at {bytes}");
    }
    let longer = [&file[..], &[0]].concat();
    assert!(opened(&longer).unwrap_err().contains("extended"));
    assert!(opened(&file[..file.len() - 1]).unwrap_err().contains("cut off"));
    assert!(opened(b"%PDF-1.7 something else").unwrap_err().contains("not a backup"));
    let wrong = Unsealing::begin(&file[..], &Passphrase::parse("correct horse").unwrap());
    assert_eq!(wrong.err().unwrap().to_string(), "the passphrase is wrong");
}

#[tokio::test]
async fn a_copy_in_which_something_is_missing_is_refused_whatever_it_is() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    for id in 1..=3 {
        kept.say(&seat, id, "hi").await.unwrap();
    }
    let copy = copied(&kept.store).await;
    let pieces = pieces(&copy);
    for left_out in 0..pieces.len() - 1 {
        let mut fewer = pieces.clone();
        fewer.remove(left_out);
        let (body, end) = (fewer[..fewer.len() - 1].concat(), end_of(&fewer));
        let checked = verify(&[body, end].concat()[..]);
        // Facts, times, receipts, seats of devices and the newest message are missed by nothing else.
        let (kind, next) = (pieces[left_out][4], pieces[left_out + 1][4]);
        let is_newest = kind == 1 && next != 1;
        assert!(
            checked.is_err() || is_newest || matches!(kind, 2 | 4 | 6 | 7 | 10),
            "kind {kind} is not missed"
        );
    }
}

fn pieces(copy: &[u8]) -> Vec<Vec<u8>> {
    let (mut pieces, mut rest) = (Vec::new(), copy);
    while let Some(length) = rest.first_chunk::<4>() {
        let (piece, behind) = rest.split_at(4 + u32::from_le_bytes(*length) as usize);
        pieces.push(piece.to_vec());
        rest = behind;
    }
    pieces
}

/// The end that fits these pieces: what somebody who wants to deceive would write.
fn end_of(pieces: &[Vec<u8>]) -> Vec<u8> {
    use sha2::Digest;
    let body = pieces[..pieces.len() - 1].concat();
    let count = u8::try_from(pieces.len() - 1).unwrap();
    let end = [&[12, count][..], &sha2::Sha256::digest(body)].concat();
    [&u32::try_from(end.len()).unwrap().to_le_bytes()[..], &end].concat()
}
