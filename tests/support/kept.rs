//! A store without a house around it, with a clock and a disk that the test holds.

use std::net::IpAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use parlour::crypto::{Code, Stretch};
use parlour::domain::*;
use parlour::jobs::purge::purge;
use parlour::limits::WATCH_STEP_MS;
use parlour::store::{
    Committed, Entered, Invite, OpenError, Options, Publication, Purged, Seat, Span, Store, StoreError,
};

use super::disk::TestDisk;
use super::lock;
use super::machine::TestMachine;

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

/// What keeps the chats while a contract is tested: `PARLOUR_TEST_ENGINE`, or `redb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Redb,
}

impl Engine {
    pub fn under_test() -> Self {
        match std::env::var("PARLOUR_TEST_ENGINE").as_deref() {
            Ok("redb") | Err(_) => Self::Redb,
            Ok(other) => panic!("PARLOUR_TEST_ENGINE: there is no engine {other}"),
        }
    }

    fn open(
        self,
        options: impl Fn() -> Options,
        publish: impl FnMut(Publication) + Send + Clone + 'static,
    ) -> Result<Store, OpenError> {
        match self {
            Self::Redb => lock::open(|| Store::open(options(), publish.clone())),
        }
    }
}

/// A store in a directory of its own, with a clock and a disk that the test holds.
pub struct Kept {
    pub store: Store,
    pub dir: Arc<tempfile::TempDir>,
    pub disk: TestDisk,
    pub now: Arc<AtomicU64>,
    events: Arc<Mutex<Vec<Committed>>>,
}

impl Kept {
    pub fn open() -> Self {
        Self::open_in(Arc::new(tempfile::tempdir().unwrap()))
    }

    pub fn open_in(dir: Arc<tempfile::TempDir>) -> Self {
        Self::open_at(dir, 1_800_000_000_000)
    }

    pub fn open_at(dir: Arc<tempfile::TempDir>, now: u64) -> Self {
        let (disk, now) = (TestDisk::default(), Arc::new(AtomicU64::new(now)));
        let events: Arc<Mutex<Vec<Committed>>> = Arc::default();
        let seen = Arc::clone(&events);
        let publish = move |publication| {
            if let Publication::Committed(events) = publication {
                seen.lock().unwrap().extend(events);
            }
        };
        let store = Engine::under_test().open(|| options(dir.path(), &disk, &now), publish);
        Self { store: store.unwrap(), dir, disk, now, events }
    }

    pub async fn reopen(self) -> Self {
        self.store.close().await;
        drop(self.store);
        Self::open_at(self.dir, self.now.load(Ordering::SeqCst))
    }

    pub fn pass(&self, time: Duration) {
        self.now.fetch_add(u64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    }

    pub fn events(&self) -> Vec<Event> {
        self.events.lock().unwrap().iter().map(|committed| committed.event.clone()).collect()
    }

    /// Time passes, and the house looks all the while.
    pub async fn watch(&self, time: Duration) -> Purged {
        let (step, mut all) = (Duration::from_millis(WATCH_STEP_MS), Purged::default());
        for _ in 0..time.as_millis().div_ceil(step.as_millis()) {
            self.pass(step);
            all = sum(all, purge(&self.store).await.unwrap());
        }
        all
    }

    pub async fn start(&self) -> [Invite; 2] {
        let names = Names::parse(&["Anny", "Abhi"]).unwrap();
        self.store.start(&names, Idle::Day, Caller::Host).await.unwrap().try_into().ok().unwrap()
    }

    pub async fn enter(&self, invite: &Invite) -> Entered {
        self.store.enter(&invite.token, &invite.code, None, HERE).await.unwrap()
    }

    pub async fn guess(&self, invite: &Invite, code: &Code) -> Result<Entered, StoreError> {
        self.store.enter(&invite.token, code, None, HERE).await
    }

    pub async fn say(&self, seat: &Seat, id: u128, text: &str) -> Result<Outcome, StoreError> {
        self.store.submit(seat, say(id, text)).await
    }

    pub async fn texts(&self, seat: &Seat) -> Vec<String> {
        let page = self.store.page(seat, Span::After(Seq::NONE), 100).await.unwrap();
        page.messages.iter().filter(|message| !message.is_note()).map(words).collect()
    }
}

pub fn options(dir: &Path, disk: &TestDisk, now: &Arc<AtomicU64>) -> Options {
    let now = Arc::clone(now);
    Options {
        dir: dir.to_owned(),
        stretch: Stretch::LEAST,
        machine: Arc::new(TestMachine(Arc::clone(&now))),
        clock: Arc::new(move || At(now.load(Ordering::SeqCst))),
        disk: Box::new(disk.clone()),
        patience: Duration::ZERO,
    }
}

pub fn sum(one: Purged, other: Purged) -> Purged {
    Purged {
        called: one.called + other.called,
        destroyed: one.destroyed + other.destroyed,
        forgotten: one.forgotten + other.forgotten,
        vanished: one.vanished + other.vanished,
    }
}

/// The id of a message without an order to keep: the only one of its producer.
pub fn alone() -> u128 {
    MessageId::new(rand::random(), 1).0
}

pub fn say(id: u128, text: &str) -> Command {
    Command::Say { id: MessageId(id), draft: Body::Text(Text::parse(text.to_owned()).unwrap()).into() }
}

pub fn words(message: &Message) -> String {
    message.body.text().expect("a text").to_owned()
}

pub fn refusal<T>(result: Result<T, StoreError>) -> Refusal {
    match result {
        Err(StoreError::Refused(refusal)) => refusal,
        Err(fault) => panic!("not a refusal: {fault}"),
        Ok(_) => panic!("not refused"),
    }
}

pub fn is_in_files(dir: &Path, needle: &[u8]) -> bool {
    let entries = std::fs::read_dir(dir).unwrap().map(Result::unwrap);
    entries.filter(|entry| entry.file_type().unwrap().is_file()).any(|entry| {
        let bytes = std::fs::read(entry.path()).unwrap();
        bytes.windows(needle.len()).any(|window| window == needle)
    })
}
