use std::path::Path;

use super::faulty::Faulty;
use super::{HERE, copy_of, live_slots, open};
use crate::crypto::{Code, DeviceSecret, LinkToken};
use crate::domain::{Caller, Command, GroupChange, Idle, Name, Names, ParticipantId, Role, SeatId, Writers};
use crate::store::{RealDisk, Seat, Span, Store, StoreError};

const BOB: ParticipantId = ParticipantId(2);
const CLEO: ParticipantId = ParticipantId(3);

/// A house with one group: Anny, its admin, and Bob are in, and Cleo has not come in.
struct Kitchen {
    dir: tempfile::TempDir,
    links: Vec<(LinkToken, Code)>,
    devices: Vec<(DeviceSecret, SeatId)>,
}

/// All that can be seen of the group, by every device and link that there is, and how many keys there are.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Picture {
    seen: Vec<String>,
    slots: usize,
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

impl Kitchen {
    async fn begin() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), RealDisk);
        let names = Names::parse_group(&["Anny", "Bob", "Cleo"]).unwrap();
        let invites = store.start_group(&name("Kitchen"), &names, Idle::Day, Caller::Host).await.unwrap();
        let links: Vec<_> = invites.into_iter().map(|invite| (invite.token, invite.code)).collect();
        let mut devices = Vec::new();
        for (token, code) in &links[..2] {
            let entered = store.enter(token, code, None, HERE).await.unwrap();
            devices.push((entered.new_device.unwrap(), entered.seat.id()));
        }
        store.close().await;
        Self { dir, links, devices }
    }

    async fn seat(&self, store: &Store, of: usize) -> Seat {
        let (device, seat) = &self.devices[of];
        store.seat(device, *seat).await.unwrap()
    }

    async fn picture(&self, store: &Store, dir: &Path) -> Picture {
        let mut seen = Vec::new();
        for (token, _) in &self.links {
            let greeted = store.greeting(token).await.map(|name| name.as_str().to_owned());
            seen.push(greeted.unwrap_or_else(|refused| format!("{refused:?}")));
        }
        for (device, seat) in &self.devices {
            seen.push(match store.seat(device, *seat).await {
                Ok(seat) => group(store, &seat).await,
                Err(StoreError::Refused(refusal)) => refusal.code().to_owned(),
                Err(fault) => panic!("{fault}"),
            });
        }
        Picture { seen, slots: live_slots(dir) }
    }

    /// Does it on a disk that fails after so many operations, and looks after the next start, until it is
    /// done: it is done whole, or not at all.
    async fn interrupted(&self, act: impl AsyncFn(&Store) -> Result<(), StoreError>) {
        let store = open(self.dir.path(), RealDisk);
        let before = self.picture(&store, self.dir.path()).await;
        store.close().await;
        let mut all = Vec::new();
        for operations in 0.. {
            let (dir, disk) = (copy_of(self.dir.path()), Faulty::default());
            let store = open(dir.path(), disk.clone());
            disk.fail_after(operations);
            let is_done = act(&store).await.is_ok();
            disk.fail_after(0);
            store.close().await;
            drop(store);
            let store = open(dir.path(), RealDisk);
            all.push(self.picture(&store, dir.path()).await);
            store.close().await;
            if is_done {
                break;
            }
        }
        let after = all.last().unwrap();
        let (olds, news): (Vec<_>, Vec<_>) = all.iter().partition(|picture| **picture == before);
        assert!(news.iter().all(|picture| *picture == after), "half of it: {news:#?}");
        let is_enough = !olds.is_empty() && news.len() > 1 && all.len() > 5;
        assert!(is_enough, "{} times before, {} times after", olds.len(), news.len());
    }
}

/// Who is in it, how it is called, and what is said and noted.
async fn group(store: &Store, seat: &Seat) -> String {
    let state = store.state(seat).await.unwrap();
    let group = state.group.as_ref().unwrap();
    let mut seen = vec![format!("{} {:?}", group.title.as_str(), group.writers)];
    seen.extend(state.participants.iter().map(|one| format!("{} {:?}", one.name.as_str(), one.person)));
    let page = store.page(seat, Span::Newest, 100).await.unwrap();
    seen.extend(page.messages.iter().map(|message| format!("{:?}", message.body)));
    seen.join("\n")
}

impl Kitchen {
    async fn command(&self, by: usize, command: Command) {
        self.interrupted(async |store| {
            let seat = self.seat(store, by).await;
            store.submit(&seat, command.clone()).await.map(drop)
        })
        .await;
    }
}

#[tokio::test]
async fn an_interrupted_removal_or_leaving_takes_everything_of_a_person_away_or_nothing() {
    let kitchen = Kitchen::begin().await;
    kitchen.command(0, Command::Remove(BOB)).await;
    kitchen.command(0, Command::Remove(CLEO)).await;
    kitchen.command(1, Command::LeaveGroup).await;
    // There is an heir.
    kitchen.command(0, Command::LeaveGroup).await;
}

#[tokio::test]
async fn an_interrupted_change_of_a_group_is_made_whole_or_not_at_all() {
    let kitchen = Kitchen::begin().await;
    kitchen.command(0, Command::SetRole { participant: BOB, role: Role::Admin }).await;
    kitchen.command(0, Command::SetWriters(Writers::Admins)).await;
    kitchen.command(1, Command::Rename(name("Bobby"))).await;
    let change = GroupChange { title: Some(name("Hall")), about: None };
    kitchen.command(0, Command::Describe(change)).await;
}

#[tokio::test]
async fn an_interrupted_end_of_a_group_leaves_no_link_no_device_and_no_key() {
    let kitchen = Kitchen::begin().await;
    kitchen.command(0, Command::End).await;
}

#[tokio::test]
async fn a_person_who_is_let_in_by_an_interrupted_request_is_there_with_a_link_or_not_at_all() {
    let kitchen = Kitchen::begin().await;
    let adds = async |store: &Store| {
        let anny = kitchen.seat(store, 0).await;
        store.add(&anny, name("Dora"), Role::Limited, false).await.map(drop)
    };
    kitchen.interrupted(adds).await;
}

#[tokio::test]
async fn the_slots_of_a_person_who_is_out_are_overwritten_before_they_are_acknowledged_as_out() {
    let kitchen = Kitchen::begin().await;
    let dir = kitchen.dir.path();
    let store = open(dir, RealDisk);
    // The group's, three invites, two devices.
    assert_eq!(live_slots(dir), 6);
    let anny = kitchen.seat(&store, 0).await;
    store.submit(&anny, Command::Remove(BOB)).await.unwrap();
    assert_eq!(live_slots(dir), 4, "Bob's invite and device");
    store.submit(&anny, Command::Remove(CLEO)).await.unwrap();
    assert_eq!(live_slots(dir), 3, "Cleo's invite");
    store.submit(&anny, Command::LeaveGroup).await.unwrap();
    assert_eq!(live_slots(dir), 0, "the last one ends it");
    store.close().await;
}
