//! Messages that change: what everybody reads afterwards, what is counted, and what a copy of the house has.

use std::time::Duration;

use parlour::domain::*;
use parlour::jobs::purge::purge;
use parlour::store::{Seat, Span};

use super::backup::{elsewhere, handed_out};
use crate::support::house::within;
use crate::support::kept::{Kept, refusal, words};

const DAY: Duration = Duration::from_secs(24 * 3_600);
const HEART: &str = "\u{2764}\u{FE0F}";

/// A chat with two people in it, and what each is known by.
async fn two() -> (Kept, [parlour::store::Invite; 2], Seat, Seat) {
    let kept = Kept::open();
    let invites = kept.start().await;
    let (anny, abhi) = (kept.enter(&invites[0]).await.seat, kept.enter(&invites[1]).await.seat);
    (kept, invites, anny, abhi)
}

async fn change(kept: &Kept, seat: &Seat, seq: u64, change: MessageChange) -> Result<u64, Refusal> {
    match kept.store.submit(seat, Command::Change { seq: Seq(seq), change }).await {
        Ok(Outcome::Changed(number)) => Ok(number.0),
        Ok(other) => panic!("{other:?}"),
        Err(fault) => Err(refusal::<()>(Err(fault))),
    }
}

fn edit(base: u32, text: &str) -> MessageChange {
    MessageChange::Edit { base, text: Text::parse(text.to_owned()).unwrap() }
}

fn react(emoji: &str) -> MessageChange {
    MessageChange::React(Some(Emoji::parse(emoji).unwrap()))
}

async fn at(kept: &Kept, seat: &Seat, seq: u64) -> Message {
    let page = kept.store.page(seat, Span::After(Seq(seq - 1)), 1).await.unwrap();
    page.messages.into_iter().next().unwrap()
}

async fn unread(kept: &Kept, seat: &Seat) -> u64 {
    kept.store.summaries(vec![seat.clone()]).await.unwrap().remove(0).unread
}

#[tokio::test]
async fn an_edited_message_is_another_text_in_the_same_place() {
    let (kept, _, anny, abhi) = two().await;
    kept.say(&anny, 1, "Hallo").await.unwrap();
    assert_eq!(change(&kept, &anny, 1, edit(0, "Hello")).await, Ok(1));
    let message = at(&kept, &abhi, 1).await;
    assert_eq!((words(&message).as_str(), message.edits.count), ("Hello", 1));
    assert_eq!(change(&kept, &anny, 1, edit(0, "Hello")).await, Ok(1), "asked again");
    assert_eq!(change(&kept, &anny, 1, edit(0, "Hey")).await, Err(Refusal::ChangedMeanwhile));
    assert_eq!(change(&kept, &abhi, 1, edit(1, "Mine")).await, Err(Refusal::NotYours));
    assert_eq!(change(&kept, &anny, 2, edit(0, "Hey")).await, Err(Refusal::NoSuchMessage));
    kept.pass(DAY);
    assert_eq!(change(&kept, &anny, 1, edit(1, "Hey")).await, Err(Refusal::TooLate));
    let kept = kept.reopen().await;
    assert_eq!(kept.store.state(&anny).await.err().map(|fault| refusal::<()>(Err(fault))), None);
    assert_eq!(words(&at(&kept, &abhi, 1).await), "Hello");
}

#[tokio::test]
async fn a_deleted_message_keeps_its_place_and_nothing_else() {
    let (kept, _, anny, abhi) = two().await;
    for id in 1..=3 {
        kept.say(&anny, id, "regretted").await.unwrap();
    }
    kept.store
        .submit(&abhi, Command::Mark(Receipt { delivered: Seq(1), ..Receipt::default() }))
        .await
        .unwrap();
    change(&kept, &abhi, 1, react(HEART)).await.unwrap();
    assert_eq!(change(&kept, &abhi, 1, MessageChange::Delete).await, Err(Refusal::NotYours));
    for (seq, leaves_stub) in [(1, true), (2, false)] {
        let number = change(&kept, &anny, seq, MessageChange::Delete).await.unwrap();
        let message = at(&kept, &abhi, seq).await;
        let by = GoneBy::Participant { participant: ParticipantId(1), leaves_stub };
        assert!(matches!(message.body, Body::Gone(gone) if gone.by == by), "{:?}", message.body);
        assert!(message.reactions.is_empty());
        assert_eq!(change(&kept, &anny, seq, MessageChange::Delete).await, Ok(number), "asked again");
        assert_eq!(change(&kept, &anny, seq, edit(0, "back")).await, Err(Refusal::Gone));
        assert_eq!(change(&kept, &abhi, seq, react(HEART)).await, Err(Refusal::Gone));
    }
    assert_eq!(unread(&kept, &abhi).await, 1);
    let said = kept.store.submit(&anny, Command::End).await.unwrap();
    assert!(matches!(said, Outcome::Ended(Ending { messages: 3, .. })), "that many were said: {said:?}");
}

/// Its place among its sender's messages outlives it: sent again, it is not said again.
#[tokio::test]
async fn a_deleted_message_that_is_sent_again_after_a_start_does_not_come_back() {
    let (kept, [anny, _], _, _) = two().await;
    let entered = kept.enter(&anny).await;
    let (secret, id) = (entered.new_device.clone().unwrap(), entered.seat.id());
    for id in 1..=2 {
        kept.say(&entered.seat, id, "regretted").await.unwrap();
    }
    let place = kept.store.state(&entered.seat).await.unwrap().head.0 - 1;
    change(&kept, &entered.seat, place, MessageChange::Delete).await.unwrap();
    let kept = kept.reopen().await;
    let seat = kept.store.seat(&secret, id).await.unwrap();
    let again = kept.say(&seat, 1, "regretted").await.unwrap();
    assert!(matches!(again, Outcome::SaidBefore { seq, .. } if seq == Seq(place)), "{again:?}");
    assert!(matches!(kept.say(&seat, 3, "next").await.unwrap(), Outcome::Said { .. }));
}

#[tokio::test]
async fn a_message_that_one_person_hides_is_there_for_the_others() {
    let (kept, _, anny, abhi) = two().await;
    kept.say(&anny, 1, "hi").await.unwrap();
    let number = change(&kept, &abhi, 1, MessageChange::Hide).await.unwrap();
    assert_eq!(change(&kept, &abhi, 1, MessageChange::Hide).await, Ok(number), "asked again");
    assert_eq!(at(&kept, &abhi, 1).await.body, Body::HiddenForViewer);
    assert_eq!(words(&at(&kept, &anny, 1).await), "hi");
    assert_eq!(unread(&kept, &abhi).await, 0);
    let reply = Draft { body: Body::Text(Text::parse("what?".to_owned()).unwrap()), reply_to: Some(Seq(1)) };
    let command = Command::Say { id: MessageId(1), draft: reply };
    assert_eq!(refusal(kept.store.submit(&abhi, command.clone()).await), Refusal::Gone);
    assert!(kept.store.submit(&anny, command).await.is_err(), "that number is another message of Anny's");
    let changes = kept.store.changes(&anny, ChangeNumber::NONE, Seq(1)).await.unwrap().unwrap();
    assert!(changes.messages.is_empty(), "nobody else is told");
    let changes = kept.store.changes(&abhi, ChangeNumber::NONE, Seq(1)).await.unwrap().unwrap();
    assert_eq!(changes.messages.len(), 1);
}

#[tokio::test]
async fn a_reply_answers_a_message_that_is_there() {
    let (kept, _, anny, abhi) = two().await;
    kept.say(&anny, 1, "tea?").await.unwrap();
    let reply = |id, to| {
        let body = Body::Text(Text::parse("yes".to_owned()).unwrap());
        Command::Say { id: MessageId(id), draft: Draft { body, reply_to: Some(Seq(to)) } }
    };
    assert_eq!(refusal(kept.store.submit(&abhi, reply(1, 2)).await), Refusal::NoSuchMessage);
    kept.store.submit(&abhi, reply(1, 1)).await.unwrap();
    assert_eq!(at(&kept, &anny, 2).await.reply_to, Some(Seq(1)));
    change(&kept, &anny, 1, MessageChange::Delete).await.unwrap();
    assert_eq!(refusal(kept.store.submit(&abhi, reply(2, 1)).await), Refusal::Gone);
    assert_eq!(
        at(&kept, &anny, 2).await.reply_to,
        Some(Seq(1)),
        "it says what it answered, and no word of it"
    );
}

#[tokio::test]
async fn everybody_has_one_reaction_to_a_message_and_it_is_never_unread() {
    let (kept, _, anny, abhi) = two().await;
    kept.say(&anny, 1, "hi").await.unwrap();
    kept.store.submit(&abhi, Command::Mark(Receipt { read: Seq(1), ..Receipt::default() })).await.unwrap();
    for emoji in ["\u{1F44D}", HEART] {
        change(&kept, &abhi, 1, react(emoji)).await.unwrap();
    }
    change(&kept, &anny, 1, react("\u{1F602}")).await.unwrap();
    let shown: Vec<_> = at(&kept, &anny, 1).await.reactions;
    let shown: Vec<_> = shown.iter().map(|one| (one.from.0, one.emoji.as_str())).collect();
    assert_eq!(shown, [(1, "\u{1F602}"), (2, HEART)]);
    change(&kept, &abhi, 1, MessageChange::React(None)).await.unwrap();
    assert_eq!(at(&kept, &anny, 1).await.reactions.len(), 1);
    assert_eq!((unread(&kept, &anny).await, unread(&kept, &abhi).await), (0, 0));
}

#[tokio::test]
async fn what_is_said_under_a_timer_vanishes_by_the_houses_own_count() {
    let (kept, _, anny, abhi) = two().await;
    kept.say(&anny, 1, "stays").await.unwrap();
    kept.store.submit(&anny, Command::VanishAfter(Some(VanishAfter::Hour))).await.unwrap();
    kept.say(&anny, 2, "vanishes").await.unwrap();
    assert!(matches!(at(&kept, &abhi, 2).await.body, Body::Note(Note::VanishAfter(Some(VanishAfter::Hour)))));
    let hour = Duration::from_secs(3_600);
    kept.pass(hour.checked_sub(Duration::from_millis(1)).unwrap());
    assert_eq!(words(&at(&kept, &abhi, 3).await), "vanishes");
    assert_eq!(unread(&kept, &abhi).await, 2);
    kept.pass(Duration::from_millis(1));
    assert_is_gone_before_the_purge_has_come(&kept, (&anny, &abhi), 3).await;
    assert_eq!(purge(&kept.store).await.unwrap().vanished, 1);
    assert_eq!(purge(&kept.store).await.unwrap().vanished, 0);
    assert_eq!(words(&at(&kept, &abhi, 1).await), "stays");
    let told = kept.events();
    assert!(matches!(told.last(), Some(Event::Changed(message)) if message.seq == Seq(3)), "{told:?}");
    kept.store.submit(&abhi, Command::VanishAfter(None)).await.unwrap();
    kept.say(&anny, 3, "stays again").await.unwrap();
    assert_eq!(at(&kept, &abhi, 5).await.vanishes, None);
}

/// Of two messages that were not read, the one at this place.
async fn assert_is_gone_before_the_purge_has_come(kept: &Kept, (anny, abhi): (&Seat, &Seat), seq: u64) {
    assert!(matches!(at(kept, abhi, seq).await.body, Body::Gone(_)), "in a page");
    let preview = kept.store.preview(abhi).await.unwrap();
    assert!(matches!(preview.messages.last().unwrap().body, Body::Gone(_)), "in a chat as it is opened");
    let backlog = kept.store.backlog(vec![abhi.clone(), anny.clone()], Seq(seq - 1)).await.unwrap();
    assert!(matches!(backlog.shown[0][0].body, Body::Gone(_)), "in a backlog");
    assert_eq!(unread(kept, abhi).await, 1);
    assert_eq!(change(kept, anny, seq, edit(0, "no")).await, Err(Refusal::Gone));
    assert_eq!(change(kept, abhi, seq, react(HEART)).await, Err(Refusal::Gone));
    let draft =
        Draft { body: Body::Text(Text::parse("what?".to_owned()).unwrap()), reply_to: Some(Seq(seq)) };
    let reply = Command::Say { id: MessageId(1), draft };
    assert_eq!(refusal(kept.store.submit(abhi, reply).await), Refusal::Gone);
}

#[tokio::test]
async fn a_note_is_no_use_and_counts_as_no_message() {
    let (kept, _, anny, abhi) = two().await;
    kept.say(&anny, 1, "hi").await.unwrap();
    kept.store.submit(&abhi, Command::Mark(Receipt { read: Seq(1), ..Receipt::default() })).await.unwrap();
    let before = kept.store.summaries(vec![abhi.clone()]).await.unwrap().remove(0);
    kept.pass(DAY / 2);
    kept.store.submit(&anny, Command::VanishAfter(Some(VanishAfter::Day))).await.unwrap();
    let after = kept.store.summaries(vec![abhi.clone()]).await.unwrap().remove(0);
    assert_eq!((after.unread, after.last_at, after.due), (0, before.last_at, before.due));
    kept.store.submit(&anny, Command::SetIdle(Idle::Week)).await.unwrap();
    let later = kept.store.state(&abhi).await.unwrap();
    assert_eq!((later.idle, later.head), (Idle::Week, Seq(3)));
    assert!(later.due > after.due, "somebody who sets it is there");
    let kept = kept.reopen().await;
    assert_eq!(purge(&kept.store).await.unwrap().called, 0);
    assert_eq!(kept.watch(DAY).await.called, 0, "a week, and not a day");
}

/// What was changed while a backup was made is in it as it is afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_deleted_while_the_house_is_copied_is_not_in_the_copy() {
    let (kept, [anny_link, _], anny, abhi) = two().await;
    let long = "x".repeat(2_000);
    for id in 1..=400 {
        kept.say(&anny, id, &format!("{id} {long}")).await.unwrap();
    }
    let (store, seat, other) = (kept.store.clone(), anny.clone(), abhi.clone());
    let here = tokio::runtime::Handle::current();
    let copy = handed_out(&kept.store, move |turn| {
        let ask = |seat: &Seat, seq: usize, change| {
            let submitted = store.submit(seat, Command::Change { seq: Seq(seq as u64), change });
            here.block_on(within(submitted, "a change")).unwrap();
        };
        if turn < 3 {
            ask(&seat, turn + 1, MessageChange::Delete);
            ask(&seat, turn + 4, edit(0, "mended"));
            ask(&other, turn + 7, react(HEART));
        }
    })
    .await;
    let restored = elsewhere(&copy);
    let seat = restored.enter(&anny_link).await.seat;
    let (mut gone, mut mended, mut hearts) = (0, 0, 0);
    for seq in 1..=9 {
        let message = at(&restored, &seat, seq).await;
        gone += usize::from(matches!(message.body, Body::Gone(_)));
        mended += usize::from(message.body.text() == Some("mended"));
        hearts += message.reactions.len();
    }
    assert_eq!((gone, mended, hearts), (3, 3, 3));
    assert_eq!(restored.store.state(&seat).await.unwrap().changed, ChangeNumber(9));
}
