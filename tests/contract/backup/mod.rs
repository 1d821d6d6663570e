//! A copy of the house: made while people talk, of no use to somebody who finds it, and the same house
//! afterwards.

mod command;
mod ending;
mod file;
mod interrupted;

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use parlour::crypto::{About, Passphrase, Sealing, Stretch, Unsealing};
use parlour::domain::*;
use parlour::jobs::purge::purge;
use parlour::store::{
    BackupContents, Replace, RestoreError, RestoreTarget, Restored, Seat, Span, Store, verify,
};
use serde_json::json;

use crate::support::house::House;
use crate::support::kept::{Kept, alone, options, say, words};
use crate::support::lock;

pub const PASSPHRASE: &str = "correct horse battery staple";

/// What the house hands out.
pub async fn copied(store: &Store) -> Vec<u8> {
    handed_out(store, |_| {}).await
}

/// The same, and each time that something is handed out, that is done first.
pub async fn handed_out(store: &Store, each: impl FnMut(usize) + Send + 'static) -> Vec<u8> {
    struct Taker<F>(Vec<u8>, usize, F);
    impl<F: FnMut(usize)> Write for Taker<F> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            (self.2)(self.1);
            self.1 += 1;
            self.0.extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let store = store.clone();
    let taking = move || {
        let mut taker = Taker(Vec::new(), 0, each);
        store.backup(&mut taker).unwrap();
        taker.0
    };
    tokio::task::spawn_blocking(taking).await.unwrap()
}

pub fn passphrase() -> Passphrase {
    Passphrase::parse(PASSPHRASE).unwrap()
}

/// The file that is made of it.
pub fn sealed(copy: &[u8]) -> Vec<u8> {
    let about = About { at: verify(copy).unwrap().at, incarnation: Incarnation(7) };
    let mut sealing =
        Sealing::begin(Vec::new(), &passphrase(), about, Stretch::LEAST, &mut rand::rng()).unwrap();
    sealing.write_all(copy).unwrap();
    sealing.finish().unwrap()
}

pub fn opened(file: &[u8]) -> Result<BackupContents, String> {
    let unsealing = Unsealing::begin(file, &passphrase()).map_err(|error| error.to_string())?;
    verify(unsealing).map_err(|error| error.to_string())
}

/// Puts a copy into a directory in which no house is open, at that time.
pub fn put(copy: &[u8], dir: &Path, now: u64, replace: Replace) -> Result<Restored, RestoreError> {
    let (disk, now) = (crate::support::disk::TestDisk::default(), Arc::new(now.into()));
    lock::open(|| RestoreTarget::take(options(dir, &disk, &now), replace))?.restore(copy)
}

/// The house that is made of a copy, elsewhere.
pub fn elsewhere(copy: &[u8]) -> Kept {
    let dir = Arc::new(tempfile::tempdir().unwrap());
    put(copy, dir.path(), 1_800_000_000_000, Replace::No).unwrap();
    Kept::open_in(dir)
}

/// Everything that was said.
pub async fn said(store: &Store, seat: &Seat) -> Vec<String> {
    let (mut texts, mut after, mut more) = (Vec::new(), Seq::NONE, true);
    while more {
        let page = store.page(seat, Span::After(after), 100).await.unwrap();
        after = page.messages.last().map_or(after, |message| message.seq);
        texts.extend(page.messages.iter().filter(|message| !message.is_note()).map(words));
        more = page.more;
    }
    texts
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_copied_while_people_talk_opens_elsewhere_by_the_same_links_and_codes_whole_and_in_order() {
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let (one, other) = (kept.enter(&anny).await, kept.enter(&abhi).await);
    let text = |id: u128| format!("{id} {}", "x".repeat(2_000));
    for id in 0..400 {
        kept.say(if id % 2 == 0 { &one.seat } else { &other.seat }, id / 2 + 1, &text(id)).await.unwrap();
    }
    let (store, seat, here) = (kept.store.clone(), one.seat.clone(), tokio::runtime::Handle::current());
    let copy = handed_out(&kept.store, move |turn| {
        for id in 0..20 {
            let id = 201 + turn as u128 * 20 + id;
            here.block_on(store.submit(&seat, say(id, &text(id)))).unwrap();
        }
    })
    .await;
    let before = said(&kept.store, &other.seat).await;
    let copied = elsewhere(&copy);
    for (invite, name) in [(&anny, "Anny"), (&abhi, "Abhi")] {
        let entered = copied.enter(invite).await;
        assert_eq!(entered.name.as_str(), name);
        let after = said(&copied.store, &entered.seat).await;
        assert!(after.len() > 400, "what was said while it was copied is in it: {}", after.len());
        assert!(before.starts_with(&after), "the same, in the same order");
    }
    let device = one.new_device.unwrap();
    let seat = copied.store.seat(&device, one.seat.id()).await.unwrap();
    copied.say(&seat, alone(), "and it goes on").await.unwrap();
    let contents = verify(&copy[..]).unwrap();
    assert_eq!((contents.chats, contents.devices), (1, 2));
    assert_eq!(contents.messages + 1, said(&copied.store, &seat).await.len() as u64);
}

#[tokio::test]
async fn a_copy_of_a_copy_is_the_same_house() {
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    kept.say(&seat, 1, "hi").await.unwrap();
    let again = elsewhere(&copied(&elsewhere(&copied(&kept.store).await).store).await);
    assert_eq!(again.texts(&again.enter(&abhi).await.seat).await, ["hi"]);
}

#[tokio::test]
async fn only_one_copy_is_made_at_a_time_and_the_last_that_lies_safe_is_remembered() {
    let kept = Kept::open();
    kept.start().await;
    assert_eq!(kept.store.last_backup().await.unwrap(), None);
    let store = kept.store.clone();
    handed_out(&kept.store, move |_| {
        let second = store.backup(&mut Vec::new());
        assert!(second.unwrap_err().to_string().contains("wait until it is done"));
    })
    .await;
    let taken = kept.store.backup(&mut Vec::new()).unwrap();
    assert_eq!((taken.chats, taken.messages, taken.at), (1, 0, At(1_800_000_000_000)));
    assert_eq!(kept.store.last_backup().await.unwrap(), None, "nobody has said that it lies safe");
    kept.store.note_backup(taken.at).await.unwrap();
    let kept = kept.reopen().await;
    assert_eq!(kept.store.last_backup().await.unwrap(), Some(taken.at));
}

#[tokio::test]
async fn a_host_who_does_not_take_the_copy_harms_nobody() {
    struct Gone;
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    assert!(kept.store.backup(&mut Gone).unwrap_err().to_string().contains("was not made"));
    kept.say(&seat, 1, "hi").await.unwrap();
    kept.store.compact().await.unwrap().unwrap();
    assert_eq!(verify(&copied(&kept.store).await[..]).unwrap().messages, 1);
}

/// The store is not put in the place of another while one moment of it is read; before and after it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_rewritten_meanwhile_does_not_disturb_the_copy() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    for id in 1..=300 {
        kept.say(&seat, id, &"x".repeat(2_000)).await.unwrap();
    }
    let (store, here) = (kept.store.clone(), tokio::runtime::Handle::current());
    let copy = handed_out(&kept.store, move |_| drop(here.block_on(store.compact()))).await;
    let copied = elsewhere(&copy);
    assert_eq!(said(&copied.store, &copied.enter(&anny).await.seat).await.len(), 300);
    kept.store.compact().await.unwrap().unwrap();
}

#[tokio::test]
async fn a_house_that_is_there_is_not_given_up_without_being_told_so_nor_while_it_is_open() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let copy = copied(&kept.store).await;
    let running = put(&copy, kept.dir.path(), 1, Replace::Yes).unwrap_err().to_string();
    assert!(running.contains("a parlour is running on"), "{running}");
    kept.store.close().await;
    let inhabited = put(&copy, kept.dir.path(), 1, Replace::No).unwrap_err().to_string();
    assert!(inhabited.contains("--replace") && inhabited.contains("--data"), "{inhabited}");
    let kept = kept.reopen().await;
    kept.enter(&anny).await;
}

/// What the page does when the incarnation is another one: `tests/models/chat-session.test.js`.
#[tokio::test]
async fn a_person_who_comes_back_to_a_restored_house_is_told_that_it_is_another_run_and_sees_what_is_there() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let (device, seat) = house.device(&anny).await;
    house.come_back(&device, &seat, 0).await.says("before the copy").await;
    let before = house.welcome(&device).await["incarnation"].clone();
    let dir = Arc::clone(&house.dir);
    house.close().await.unwrap();
    let kept = Kept::open_in(Arc::clone(&dir));
    let copy = copied(&kept.store).await;
    kept.store.close().await;
    drop(kept);
    let house = House::open_in(Arc::clone(&dir), |_| {}).await;
    house.come_back(&device, &seat, 0).await.says("after the copy").await;
    house.close().await.unwrap();
    put(&copy, dir.path(), 1_800_000_000_000, Replace::Yes).unwrap();
    let house = House::open_in(dir, |_| {}).await;
    assert_ne!(house.welcome(&device).await["incarnation"], before);
    let mut person = house.socket(&device, &seat).await;
    person.sends(json!({"type": "hello", "device": device, "seen_incarnation": before})).await;
    person.gets("welcome").await;
    person.opens(0).await;
    assert_eq!(person.hears("before the copy").await, 1);
    assert_eq!(person.says("afterwards").await, 2, "what was said after the copy is not there");
}

/// Nobody could hear the call while the house was a file.
#[tokio::test]
async fn a_chat_that_was_due_long_ago_gets_another_call_before_it_is_destroyed() {
    const MONTH: u64 = 30 * 24 * 3_600 * 1_000;
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    kept.watch(Duration::from_secs(24 * 3_600)).await;
    let called = kept.watch(Duration::from_secs(3_600)).await;
    assert_eq!((called.called, called.destroyed), (0, 0), "it was called before");
    let copy = copied(&kept.store).await;
    let (dir, now) = (Arc::new(tempfile::tempdir().unwrap()), 1_800_000_000_000 + 2 * MONTH);
    put(&copy, dir.path(), now, Replace::No).unwrap();
    let restored = Kept::open_at(dir, now);
    let purged = purge(&restored.store).await.unwrap();
    assert_eq!((purged.called, purged.destroyed), (1, 0));
    let purged = restored.watch(Duration::from_secs(2 * 3_600)).await;
    assert_eq!(purged.destroyed, 0, "a call of a day's rest lasts 2.4 hours");
    restored.enter(&anny).await;
    let purged = restored.watch(Duration::from_secs(3_600)).await;
    assert_eq!(purged.destroyed, 0, "somebody came");
}
