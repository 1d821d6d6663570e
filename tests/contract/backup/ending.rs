//! What was ended stays ended, whenever that was.

use std::sync::Arc;

use parlour::domain::*;
use parlour::store::{Invite, PurgeAction, Replace, StoreError, verify};

use super::{copied, elsewhere, handed_out, put, said};
use crate::redb::compacting;
use crate::support::kept::{Kept, refusal, say};

const NOW: u64 = 1_800_000_000_000;
/// Messages of 16 KB: more than is handed out at once.
const LONG: u128 = 40;
const HERE: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

#[tokio::test]
async fn of_a_chat_that_ended_before_nothing_is_in_it() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    for id in 0..50 {
        kept.say(&seat, compacting::FIRST_ID + id, &format!("{id} {}", "a".repeat(200))).await.unwrap();
    }
    let rows = compacting::sealed(kept.dir.path(), seat.id().chat);
    let key = std::fs::read(kept.dir.path().join("keys.slots")).unwrap()[64..96].to_vec();
    let found = |copy: &[u8]| copy.windows(16).filter(|window| rows.contains(*window)).count();
    let before = copied(&kept.store).await;
    assert!(found(&before) > 1_000 && before.windows(32).any(|window| window == key), "the search finds");
    kept.store.submit(&seat, Command::End).await.unwrap();
    let after = copied(&kept.store).await;
    assert!(found(&after) == 0 && !after.windows(32).any(|window| window == key));
    let contents = verify(&after[..]).unwrap();
    assert_eq!((contents.chats, contents.messages, contents.devices, contents.ended), (0, 0, 0, 1));
    let restored = elsewhere(&after);
    assert!(matches!(refusal(restored.store.greeting(&anny.token).await), Refusal::Ended { .. }));
}

/// What becomes of the house between the end of the chat and the restore.
async fn comes_back(between: impl AsyncFnOnce(Kept) -> Arc<tempfile::TempDir>) -> Result<(), Refusal> {
    let kept = Kept::open();
    let ([anny, abhi], [mia, _]) = (kept.start().await, kept.start().await);
    let (seat, other) = (kept.enter(&abhi).await.seat, kept.enter(&mia).await.seat);
    kept.say(&seat, 1, "hi").await.unwrap();
    kept.say(&other, 1, "ho").await.unwrap();
    let copy = copied(&kept.store).await;
    kept.store.submit(&seat, Command::End).await.unwrap();
    let dir = between(kept).await;
    let restored = put(&copy, dir.path(), NOW, Replace::Yes).unwrap();
    let kept = Kept::open_at(dir, NOW);
    assert_eq!(kept.texts(&kept.enter(&mia).await.seat).await, ["ho"], "the other chat is there");
    match kept.guess(&anny, &anny.code).await {
        Ok(_) => {
            assert_eq!(restored.stay_ended, 0);
            Ok(())
        }
        Err(StoreError::Refused(refusal)) => {
            assert_eq!((restored.stay_ended, restored.contents.chats), (1, 2));
            Err(refusal)
        }
        Err(fault) => panic!("{fault}"),
    }
}

async fn closed(kept: Kept) -> Arc<tempfile::TempDir> {
    kept.store.close().await;
    kept.dir
}

fn by_abhi(refusal: Result<(), Refusal>) -> bool {
    let Err(Refusal::Ended { ending, .. }) = refusal else { return false };
    (ending.by, ending.messages) == (EndedBy::Participant(ParticipantId(2)), 1)
}

#[tokio::test]
async fn a_chat_that_ended_since_does_not_come_back_from_an_earlier_copy() {
    assert!(by_abhi(comes_back(closed).await));
}

#[tokio::test]
async fn nor_when_it_is_forgotten_that_it_ended() {
    let forgotten = comes_back(async |kept: Kept| {
        let old = kept.store.expired_tombstones(u64::MAX).await.unwrap();
        let forgotten = kept.store.purge(vec![PurgeAction::Forget(old)]).await.unwrap().forgotten;
        assert_eq!((forgotten, verify(&copied(&kept.store).await[..]).unwrap().ended), (1, 0));
        closed(kept).await
    });
    assert!(by_abhi(forgotten.await));
}

#[tokio::test]
async fn nor_when_its_slot_has_another_key_by_now() {
    let reused = comes_back(async |kept: Kept| {
        kept.start().await;
        let dir = closed(kept).await;
        std::fs::write(dir.path().join("parlour.redb"), vec![0x55; 100_000]).unwrap();
        dir
    });
    assert!(matches!(reused.await, Err(Refusal::Ended { .. })));
}

#[tokio::test]
async fn nor_when_the_store_is_lost_and_only_the_keys_are_there() {
    let damaged = comes_back(async |kept: Kept| {
        let dir = closed(kept).await;
        std::fs::write(dir.path().join("parlour.redb"), vec![0x55; 100_000]).unwrap();
        dir
    });
    assert!(by_abhi(damaged.await));
    let removed = comes_back(async |kept: Kept| {
        let dir = closed(kept).await;
        std::fs::remove_file(dir.path().join("parlour.redb")).unwrap();
        dir
    });
    assert!(by_abhi(removed.await));
}

#[tokio::test]
async fn another_house_knows_nothing_of_it_and_is_given_up_whole() {
    let back = comes_back(async |kept: Kept| {
        kept.store.close().await;
        let other = Kept::open();
        let [zoe, _] = other.start().await;
        other.say(&other.enter(&zoe).await.seat, 1, "elsewhere").await.unwrap();
        closed(other).await
    });
    assert_eq!(back.await, Ok(()));
}

/// The key of a chat that the house had, and no longer has, is in none of its files.
#[tokio::test]
async fn what_is_given_up_leaves_no_key_behind() {
    let kept = Kept::open();
    let copy = copied(&kept.store).await;
    let [anny, _] = kept.start().await;
    kept.enter(&anny).await;
    let dir = closed(kept).await;
    let slots = dir.path().join("keys.slots");
    let (old, beside) = (std::fs::read(&slots).unwrap(), dir.path().join("beside"));
    // Another name for the same file: what is then in it is what is left in its blocks.
    std::fs::hard_link(&slots, &beside).unwrap();
    put(&copy, dir.path(), NOW, Replace::Yes).unwrap();
    let left = std::fs::read(&beside).unwrap();
    assert_eq!(left.len(), old.len());
    assert!(old[64..].iter().any(|byte| *byte != 0) && left[64..].iter().all(|byte| *byte == 0));
}

/// A house of which something happens at one moment of the copy; what the copy knows of it.
async fn at_one_moment(moment: usize) -> usize {
    let kept = Kept::open();
    let ([anny, abhi], [mia, ada]) = (kept.start().await, kept.start().await);
    let (ends, stays) = (kept.enter(&anny).await.seat, kept.enter(&mia).await.seat);
    kept.say(&ends, 1, "this will end").await.unwrap();
    let (store, here) = (kept.store.clone(), tokio::runtime::Handle::current());
    let (made, turns) = (Arc::new(std::sync::Mutex::new(None)), Arc::new(std::sync::Mutex::new(0)));
    let (make, count, seat) = (Arc::clone(&made), Arc::clone(&turns), stays.clone());
    let copy = handed_out(&kept.store, move |turn| {
        *count.lock().unwrap() = turn + 1;
        // Enough is said after the chat was read for the moment to be handed out in several parts.
        for id in 0..(if turn == 0 { LONG } else { 0 }) {
            here.block_on(store.submit(&seat, say(id + 1, &"\u{1F600}".repeat(4_000)))).unwrap();
        }
        if turn == moment {
            here.block_on(store.submit(&ends, Command::End)).unwrap();
            let whose = ParticipantId(2);
            let replaced = here.block_on(store.replace(&seat, whose, Devices::Stay)).unwrap().1;
            let names = Names::parse(&["Tom", "Uma"]).unwrap();
            let new: [Invite; 2] =
                here.block_on(store.start(&names, Idle::Day, Caller::Host)).unwrap().try_into().ok().unwrap();
            drop(here.block_on(store.compact()));
            *make.lock().unwrap() = Some((replaced, new));
        }
    })
    .await;
    let Some((replaced, [tom, _])) = made.lock().unwrap().take() else { return *turns.lock().unwrap() };
    let restored = elsewhere(&copy);
    for invite in [&anny, &abhi] {
        let refused = refusal(restored.guess(invite, &invite.code).await);
        assert!(matches!(refused, Refusal::Ended { .. }), "moment {moment}: {refused:?}");
    }
    assert_eq!(said(&restored.store, &restored.enter(&mia).await.seat).await.len() as u128, LONG);
    let enters = async |invite: &Invite| {
        restored.store.enter(&invite.token, &invite.code, None, HERE).await.map(|entered| entered.seat)
    };
    let (old, new) = (enters(&ada).await, enters(&replaced).await);
    assert!(old.is_ok() != new.is_ok(), "moment {moment}: one of the two links leads in");
    if let Ok(seat) = enters(&tom).await {
        assert_eq!(said(&restored.store, &seat).await.len(), 0);
    }
    *turns.lock().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_while_it_is_copied_what_ends_cannot_be_opened_and_what_lives_can() {
    let turns = at_one_moment(usize::MAX).await;
    assert!(turns > 4, "there are moments before, in and after the one that is copied: {turns}");
    for moment in 0..turns - 1 {
        at_one_moment(moment).await;
    }
}
