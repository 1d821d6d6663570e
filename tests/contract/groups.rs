//! A chat of many: who is in it, what each may do, and what somebody who comes later reads.

mod hiding;

use parlour::domain::chat::Deed;
use parlour::domain::*;
use parlour::store::{Invite, Seat, Span, StoreError};

use crate::contract::backup::{copied, elsewhere, opened, sealed};
use crate::support::kept::{Kept, refusal, say};

const ANNY: ParticipantId = ParticipantId(1);
const BOB: ParticipantId = ParticipantId(2);
const CLEO: ParticipantId = ParticipantId(3);
const DORA: ParticipantId = ParticipantId(4);

/// Anny, the admin, Bob and Cleo are in the kitchen.
async fn kitchen(kept: &Kept) -> [Seat; 3] {
    let (title, names) = (name("Kitchen"), Names::parse_group(&["Anny", "Bob", "Cleo"]).unwrap());
    let invites = kept.store.start_group(&title, &names, Idle::Day, Caller::Host).await.unwrap();
    let mut seats = Vec::new();
    for invite in &invites {
        seats.push(kept.enter(invite).await.seat);
    }
    seats.try_into().ok().unwrap()
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

async fn does(kept: &Kept, seat: &Seat, command: Command) -> Result<Outcome, Refusal> {
    refused_apart(kept.store.submit(seat, command).await)
}

fn refused_apart<T>(done: Result<T, StoreError>) -> Result<T, Refusal> {
    match done {
        Ok(done) => Ok(done),
        Err(fault) => Err(refusal::<()>(Err(fault))),
    }
}

async fn adds(
    kept: &Kept,
    seat: &Seat,
    called: &str,
    role: Role,
    history: bool,
) -> Result<(ParticipantId, Invite), Refusal> {
    refused_apart(kept.store.add(seat, name(called), role, history).await)
}

/// Name, role and standing of each.
async fn people(kept: &Kept, seat: &Seat) -> Vec<(String, &'static str, &'static str)> {
    let state = kept.store.state(seat).await.unwrap();
    let shown = |one: &parlour::store::ParticipantView| {
        (one.name.as_str().to_owned(), one.person.role.word(), one.person.standing.word())
    };
    state.participants.iter().map(shown).collect()
}

/// What somebody reads, notes and all.
async fn reads(kept: &Kept, seat: &Seat) -> Vec<String> {
    let page = kept.store.page(seat, Span::Newest, 100).await.unwrap();
    page.messages.iter().map(told).collect()
}

fn told(message: &Message) -> String {
    match &message.body {
        Body::Text(text) => text.as_str().to_owned(),
        Body::Note(note) => format!("{note:?} by {}", message.from.0),
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn everybody_in_a_group_hears_everybody() {
    let kept = Kept::open();
    let [anny, bob, cleo] = kitchen(&kept).await;
    kept.say(&bob, 1, "Soup is ready").await.unwrap();
    for seat in [&anny, &bob, &cleo] {
        assert_eq!(reads(&kept, seat).await, ["Soup is ready"]);
    }
}

#[tokio::test]
async fn it_is_all_there_after_a_start() {
    let kept = Kept::open();
    let names = Names::parse_group(&["Anny", "Bob", "Cleo"]).unwrap();
    let invites = kept.store.start_group(&name("Kitchen"), &names, Idle::Day, Caller::Host).await.unwrap();
    let anny = kept.enter(&invites[0]).await;
    let bob = kept.enter(&invites[1]).await;
    assert_eq!(bob.others.iter().map(Name::as_str).collect::<Vec<_>>(), ["Anny", "Cleo"]);
    let about = GroupChange { title: None, about: Some(Description::parse("Who cooks".to_owned()).unwrap()) };
    does(&kept, &anny.seat, Command::Describe(about)).await.unwrap();
    does(&kept, &anny.seat, Command::SetWriters(Writers::Admins)).await.unwrap();
    does(&kept, &anny.seat, Command::SetRole { participant: BOB, role: Role::Limited }).await.unwrap();
    let (participant, _) = adds(&kept, &anny.seat, "Dora", Role::Full, false).await.unwrap();
    assert_eq!(participant, DORA);
    does(&kept, &anny.seat, Command::Remove(CLEO)).await.unwrap();
    let kept = kept.reopen().await;
    let seat = kept.store.seat(anny.new_device.as_ref().unwrap(), anny.seat.id()).await.unwrap();
    assert_eq!(
        people(&kept, &seat).await,
        [
            ("Anny".to_owned(), "admin", "in"),
            ("Bob".to_owned(), "guest", "in"),
            ("Cleo".to_owned(), "member", "removed"),
            ("Dora".to_owned(), "member", "invited"),
        ]
    );
    let state = kept.store.state(&seat).await.unwrap();
    let group = state.group.unwrap();
    assert_eq!((group.title.as_str(), group.about.as_str()), ("Kitchen", "Who cooks"));
    assert_eq!(group.writers, Writers::Admins);
    let summary = kept.store.summaries(vec![seat]).await.unwrap().remove(0);
    assert_eq!(summary.title.as_ref().map(Name::as_str), Some("Kitchen"));
    assert_eq!(summary.others.iter().map(Name::as_str).collect::<Vec<_>>(), ["Bob", "Dora"]);
}

#[tokio::test]
async fn a_person_who_comes_later_reads_from_then_on_unless_an_admin_says_otherwise() {
    let kept = Kept::open();
    let [anny, bob, _] = kitchen(&kept).await;
    kept.say(&anny, 1, "a secret").await.unwrap();
    let (dora, invite) = adds(&kept, &anny, "Dora", Role::Full, false).await.unwrap();
    let dora_seat = kept.enter(&invite).await.seat;
    let note = format!("Added {{ participant: {dora:?}, reads_history: false }} by 1");
    assert_eq!(reads(&kept, &dora_seat).await, [note]);
    let (_, invite) = adds(&kept, &anny, "Emil", Role::Limited, true).await.unwrap();
    assert_eq!(reads(&kept, &kept.enter(&invite).await.seat).await[0], "a secret");
    kept.say(&bob, 1, "soup").await.unwrap();
    assert_eq!(reads(&kept, &dora_seat).await.last().unwrap(), "soup");

    let edit = MessageChange::Edit { base: 0, text: Text::parse("another secret".to_owned()).unwrap() };
    does(&kept, &anny, Command::Change { seq: Seq(1), change: edit }).await.unwrap();
    let head = kept.store.state(&dora_seat).await.unwrap().head;
    let changes = kept.store.changes(&dora_seat, ChangeNumber::NONE, head).await.unwrap().unwrap();
    assert!(changes.messages.is_empty(), "of what they may not read they are told no change");
    let react = MessageChange::React(Emoji::parse("\u{1F44D}").ok());
    for (what, command) in [
        ("react", Command::Change { seq: Seq(1), change: react }),
        ("hide", Command::Change { seq: Seq(1), change: MessageChange::Hide }),
        ("answer", answer(1)),
    ] {
        assert_eq!(does(&kept, &dora_seat, command).await, Err(Refusal::NoSuchMessage), "{what}");
    }
    let unread = kept.store.summaries(vec![dora_seat.clone()]).await.unwrap()[0].unread;
    assert_eq!(unread, 1, "what was said before is not unread");
    assert_eq!(kept.store.state(&dora_seat).await.unwrap().sight.since, Seq(2));
    let refused = adds(&kept, &bob, "Finn", Role::Full, true).await.err();
    assert_eq!(refused, Some(Refusal::OnlyAdmins), "a member lets nobody read what was said before");
}

fn answer(seq: u64) -> Command {
    let Command::Say { id, draft } = say(77 << 64 | 1, "what?") else { unreachable!() };
    Command::Say { id, draft: Draft { reply_to: Some(Seq(seq)), ..draft } }
}

#[tokio::test]
async fn a_person_who_is_removed_has_nothing_left_and_their_number_is_never_given_again() {
    let kept = Kept::open();
    let names = Names::parse_group(&["Anny", "Bob", "Cleo"]).unwrap();
    let invites = kept.store.start_group(&name("Kitchen"), &names, Idle::Day, Caller::Host).await.unwrap();
    let anny = kept.enter(&invites[0]).await.seat;
    let (phone, laptop) = (kept.enter(&invites[1]).await, kept.enter(&invites[1]).await);
    kept.say(&phone.seat, 1, "hello").await.unwrap();
    does(&kept, &anny, Command::Remove(BOB)).await.unwrap();
    let left = kept.events().iter().filter(|event| matches!(event, Event::Left { .. })).count();
    assert_eq!(left, 2, "each of the devices");
    for entered in [&phone, &laptop] {
        assert_eq!(does(&kept, &entered.seat, Command::Keep).await, Err(Refusal::NoSuchSeat));
        let device = entered.new_device.as_ref().unwrap();
        let refused = refusal(kept.store.seat(device, entered.seat.id()).await.map(drop));
        assert_eq!(refused, Refusal::NoSuchSeat);
    }
    assert_eq!(refusal(kept.guess(&invites[1], &invites[1].code).await), Refusal::NoSuchLink);
    assert_eq!(reads(&kept, &anny).await.last().unwrap(), &format!("Removed({BOB:?}) by 1"));
    assert_eq!(does(&kept, &anny, Command::Remove(BOB)).await, Err(Refusal::NoSuchParticipant));
    assert_eq!(does(&kept, &anny, Command::Remove(ParticipantId(9))).await, Err(Refusal::NoSuchParticipant));
    let (again, _) = adds(&kept, &anny, "Bob", Role::Full, false).await.unwrap();
    assert_eq!(again, DORA);
    let said = kept.store.page(&anny, Span::Newest, 100).await.unwrap();
    assert!(said.messages.iter().any(|message| message.from == BOB), "what they said stays");
}

#[tokio::test]
async fn the_last_admin_who_leaves_has_an_heir_and_the_last_person_ends_the_group() {
    let kept = Kept::open();
    let [anny, bob, cleo] = kitchen(&kept).await;
    does(&kept, &anny, Command::SetRole { participant: BOB, role: Role::Limited }).await.unwrap();
    let step_down = Command::SetRole { participant: ANNY, role: Role::Full };
    assert_eq!(does(&kept, &anny, step_down).await, Err(Refusal::LastAdmin));
    does(&kept, &anny, Command::LeaveGroup).await.unwrap();
    assert_eq!(people(&kept, &cleo).await[2].1, "admin", "a member before a guest");
    let read = reads(&kept, &cleo).await;
    assert_eq!(read[read.len() - 2..], ["Left by 1".to_owned(), format!("Heir({CLEO:?}) by 1")]);
    assert_eq!(does(&kept, &anny, Command::Keep).await, Err(Refusal::NoSuchSeat));
    does(&kept, &cleo, Command::LeaveGroup).await.unwrap();
    assert_eq!(people(&kept, &bob).await[1].1, "admin");
    let ended = does(&kept, &bob, Command::LeaveGroup).await.unwrap();
    assert!(matches!(ended, Outcome::Ended(Ending { by: EndedBy::Participant(BOB), .. })), "{ended:?}");
}

#[tokio::test]
async fn two_people_of_a_group_are_never_called_the_same() {
    let kept = Kept::open();
    let [anny, bob, cleo] = kitchen(&kept).await;
    assert_eq!(
        adds(&kept, &anny, "B\u{043E}b", Role::Full, false).await.err(),
        Some(Refusal::SameName { place: None })
    );
    assert_eq!(
        does(&kept, &cleo, Command::Rename(name("BOB"))).await,
        Err(Refusal::SameName { place: None })
    );
    does(&kept, &bob, Command::Rename(name("Bobby"))).await.unwrap();
    does(&kept, &bob, Command::Rename(name("bobby"))).await.unwrap();
    does(&kept, &cleo, Command::Rename(name("Bob"))).await.unwrap();
    let names: Vec<_> = people(&kept, &anny).await.into_iter().map(|(name, ..)| name).collect();
    assert_eq!(names, ["Anny", "bobby", "Bob"]);
}

#[tokio::test]
async fn a_group_is_full_with_fifty() {
    let kept = Kept::open();
    let names: Vec<_> = (0..50).map(|number| format!("Guest {number}")).collect();
    let names = Names::parse_group(&names).unwrap();
    let invites = kept.store.start_group(&name("Hall"), &names, Idle::Day, Caller::Host).await.unwrap();
    let first = kept.enter(&invites[0]).await.seat;
    assert_eq!(adds(&kept, &first, "One more", Role::Full, false).await.err(), Some(Refusal::NoMorePlaces));
    does(&kept, &first, Command::Remove(BOB)).await.unwrap();
    let (participant, _) = adds(&kept, &first, "One more", Role::Full, false).await.unwrap();
    assert_eq!(participant, ParticipantId(51));
}

/// What each deed is tried with, for somebody who is in; none where it is no command.
fn tried(deed: Deed) -> Command {
    match deed {
        Deed::Write => say(rand::random::<u128>() << 64 | 1, "hello"),
        Deed::React => Command::Change { seq: Seq(1), change: MessageChange::Hide },
        Deed::Stay => Command::Keep,
        Deed::DeleteOthers => Command::Change { seq: Seq(1), change: MessageChange::Delete },
        Deed::SetTimes => Command::SetIdle(Idle::Week),
        Deed::Rename => Command::Rename(name("Newname")),
        Deed::Remove => Command::Remove(DORA),
        Deed::SetRole => Command::SetRole { participant: DORA, role: Role::Limited },
        Deed::Describe => Command::Describe(GroupChange { title: Some(name("Hall")), about: None }),
        Deed::SetWriters => Command::SetWriters(Writers::Admins),
        Deed::SetRoster => Command::SetRoster(Roster::Everybody),
        Deed::LeaveGroup => Command::LeaveGroup,
        Deed::End => Command::End,
        Deed::Add | Deed::ReplaceInvite | Deed::ReplaceOwnInvite => unreachable!(),
    }
}

async fn attempt(kept: &Kept, seat: &Seat, deed: Deed) -> Result<(), Refusal> {
    let own = seat.id().participant;
    match deed {
        Deed::Add => adds(kept, seat, "Newcomer", Role::Limited, false).await.map(drop),
        Deed::ReplaceInvite | Deed::ReplaceOwnInvite => {
            let whose = if deed == Deed::ReplaceOwnInvite { own } else { DORA };
            refused_apart(kept.store.replace(seat, whose, Devices::Stay).await).map(drop)
        }
        _ => does(kept, seat, tried(deed)).await.map(drop),
    }
}

#[tokio::test]
async fn each_role_may_do_what_the_table_says_and_nothing_else() {
    for role in Role::ALL {
        for deed in Deed::ALL {
            let kept = Kept::open();
            let [anny, _, cleo] = kitchen(&kept).await;
            kept.say(&anny, 1, "for all").await.unwrap();
            adds(&kept, &anny, "Dora", Role::Full, false).await.unwrap();
            does(&kept, &anny, Command::SetRole { participant: CLEO, role }).await.unwrap();
            let done = attempt(&kept, &cleo, deed).await;
            let expected = match (deed, role.is_at_least(deed.least())) {
                (_, true) => Ok(()),
                (Deed::DeleteOthers, false) => Err(Refusal::NotYours),
                (_, false) => Err(Refusal::OnlyAdmins),
            };
            assert_eq!(done, expected, "{deed:?} by {role:?}");
        }
    }
}

#[tokio::test]
async fn a_message_that_was_taken_is_taken_when_it_is_sent_again_though_only_admins_write_now() {
    let kept = Kept::open();
    let [anny, bob, _] = kitchen(&kept).await;
    let said = kept.say(&bob, 5 << 64 | 1, "hello").await.unwrap();
    let Outcome::Said { seq, at } = said else { panic!("{said:?}") };
    does(&kept, &anny, Command::SetWriters(Writers::Admins)).await.unwrap();
    assert_eq!(kept.say(&bob, 5 << 64 | 1, "hello").await.unwrap(), Outcome::SaidBefore { seq, at });
    assert_eq!(refusal(kept.say(&bob, 5 << 64 | 2, "and").await), Refusal::OnlyAdminsTalk);
}

#[tokio::test]
async fn an_admin_who_never_came_in_does_not_count_as_one() {
    let kept = Kept::open();
    let [anny, bob, _] = kitchen(&kept).await;
    adds(&kept, &anny, "Dora", Role::Admin, false).await.unwrap();
    let step_down = Command::SetRole { participant: ANNY, role: Role::Full };
    assert_eq!(does(&kept, &anny, step_down).await, Err(Refusal::LastAdmin));
    does(&kept, &anny, Command::LeaveGroup).await.unwrap();
    assert_eq!(people(&kept, &bob).await[1].1, "admin");
}

#[tokio::test]
async fn a_member_who_leaves_before_the_admin_has_come_in_makes_nobody_else_admin() {
    let kept = Kept::open();
    let names = Names::parse_group(&["Anny", "Bob", "Cleo"]).unwrap();
    let invites = kept.store.start_group(&name("Kitchen"), &names, Idle::Day, Caller::Host).await.unwrap();
    let (bob, cleo) = (kept.enter(&invites[1]).await.seat, kept.enter(&invites[2]).await.seat);
    does(&kept, &cleo, Command::LeaveGroup).await.unwrap();
    assert_eq!(reads(&kept, &bob).await.last().unwrap(), "Left by 3");
    let roles: Vec<_> = people(&kept, &bob).await.into_iter().map(|(_, role, _)| role).collect();
    assert_eq!(roles, ["admin", "member", "member"]);
    let anny = kept.enter(&invites[0]).await.seat;
    does(&kept, &anny, Command::Remove(BOB)).await.unwrap();
}

#[tokio::test]
async fn an_admin_who_came_later_lets_nobody_read_what_they_may_not() {
    let kept = Kept::open();
    let [anny, _, _] = kitchen(&kept).await;
    kept.say(&anny, 1, "a secret").await.unwrap();
    let (_, invite) = adds(&kept, &anny, "Dora", Role::Admin, false).await.unwrap();
    let dora = kept.enter(&invite).await.seat;
    assert_eq!(adds(&kept, &dora, "Emil", Role::Full, true).await.err(), Some(Refusal::OnlyAdmins));
}

#[tokio::test]
async fn a_backup_of_a_group_that_had_as_many_people_as_it_may_is_whole() {
    let kept = Kept::open();
    let long =
        |number: usize| format!("{number} {}", "\u{1F469}\u{200D}\u{1F469}\u{200D}\u{1F467}".repeat(20));
    let names: Vec<_> = (0..50).map(long).collect();
    let names = Names::parse_group(&names).unwrap();
    let invites = kept.store.start_group(&name("Hall"), &names, Idle::Day, Caller::Host).await.unwrap();
    let first = kept.enter(&invites[0]).await.seat;
    for number in 50..200 {
        let last = ParticipantId(u32::try_from(number).unwrap());
        does(&kept, &first, Command::Remove(last)).await.unwrap();
        let (added, _) = adds(&kept, &first, &long(number), Role::Full, false).await.unwrap();
        assert_eq!(added.0, last.0 + 1);
    }
    does(&kept, &first, Command::Remove(ParticipantId(200))).await.unwrap();
    let refused = adds(&kept, &first, "One more", Role::Full, false).await.err();
    assert_eq!(refused, Some(Refusal::NoMorePlaces));
    assert!(kept.store.state(&first).await.unwrap().participants.len() == 200);
    let copy = copied(&kept.store).await;
    assert!(opened(&sealed(&copy)).is_ok());
    elsewhere(&copy).store.close().await;
}

#[tokio::test]
async fn where_only_admins_write_the_others_may_react() {
    let kept = Kept::open();
    let [anny, bob, _] = kitchen(&kept).await;
    kept.say(&bob, 1, "hello").await.unwrap();
    does(&kept, &anny, Command::SetWriters(Writers::Admins)).await.unwrap();
    assert_eq!(refusal(kept.say(&bob, 2, "and").await), Refusal::OnlyAdminsTalk);
    let edit = MessageChange::Edit { base: 0, text: Text::parse("Hey".to_owned()).unwrap() };
    let edit = Command::Change { seq: Seq(1), change: edit };
    assert_eq!(does(&kept, &bob, edit).await, Err(Refusal::OnlyAdminsTalk));
    let react = MessageChange::React(Emoji::parse("\u{1F44D}").ok());
    does(&kept, &bob, Command::Change { seq: Seq(1), change: react }).await.unwrap();
    kept.say(&anny, 1, "news").await.unwrap();
    does(&kept, &anny, Command::SetWriters(Writers::Everybody)).await.unwrap();
    kept.say(&bob, 2, "and").await.unwrap();
}

#[tokio::test]
async fn a_pair_is_no_group() {
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let (anny, _) = (kept.enter(&anny).await.seat, kept.enter(&abhi).await.seat);
    for deed in Deed::ALL.into_iter().filter(|deed| deed.is_of_groups() && *deed != Deed::DeleteOthers) {
        assert_eq!(attempt(&kept, &anny, deed).await, Err(Refusal::NotAGroup), "{deed:?}");
    }
}
