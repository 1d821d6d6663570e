//! A group whose people are hidden from each other, as it is kept.

use super::*;

async fn hides(kept: &Kept, anny: &Seat) {
    does(kept, anny, Command::SetWriters(Writers::Admins)).await.unwrap();
    does(kept, anny, Command::SetRoster(Roster::Admins)).await.unwrap();
}

fn reacts(seq: u64, emoji: &str) -> Command {
    Command::Change { seq: Seq(seq), change: MessageChange::React(Emoji::parse(emoji).ok()) }
}

#[tokio::test]
async fn that_people_are_hidden_is_there_after_a_start_and_in_a_backup() {
    let kept = Kept::open();
    let names = Names::parse_group(&["Anny", "Bob", "Cleo"]).unwrap();
    let invites = kept.store.start_group(&name("Club"), &names, Idle::Day, Caller::Host).await.unwrap();
    let anny = kept.enter(&invites[0]).await.seat;
    hides(&kept, &anny).await;
    let bob = kept.enter(&invites[1]).await;
    assert_eq!(bob.others.iter().map(Name::as_str).collect::<Vec<_>>(), ["Anny"]);
    let copy = copied(&kept.store).await;
    for kept in [kept.reopen().await, elsewhere(&copy)] {
        let seat = kept.store.seat(bob.new_device.as_ref().unwrap(), bob.seat.id()).await.unwrap();
        assert!(!seat.sight().sees_everybody);
        let seen: Vec<_> = people(&kept, &seat).await.into_iter().map(|(name, ..)| name).collect();
        assert_eq!(seen, ["Anny", "Bob"]);
    }
}

#[tokio::test]
async fn of_reactions_one_is_shown_the_admins_ones_own_and_how_many_there_are() {
    let kept = Kept::open();
    let [anny, bob, cleo] = kitchen(&kept).await;
    hides(&kept, &anny).await;
    let Outcome::Said { seq, .. } = kept.say(&anny, 1, "news").await.unwrap() else { panic!() };
    for (seat, emoji) in [(&anny, "\u{1F44D}"), (&bob, "\u{1F44D}"), (&cleo, "\u{2764}\u{FE0F}")] {
        does(&kept, seat, reacts(seq.0, emoji)).await.unwrap();
    }
    let shown = async |seat: &Seat| {
        let page = kept.store.page(seat, Span::Newest, 1).await.unwrap();
        let message = &page.messages[0];
        let named: Vec<_> = message.reactions.iter().map(|reaction| reaction.from.0).collect();
        (named, message.reaction_counts.iter().map(|counted| counted.count).sum::<u32>())
    };
    assert_eq!(shown(&anny).await, (vec![1, 2, 3], 0));
    assert_eq!(shown(&bob).await, (vec![1, 2], 1));
    assert_eq!(shown(&cleo).await, (vec![1, 3], 1));
    does(&kept, &anny, Command::SetRoster(Roster::Everybody)).await.unwrap();
    let page = kept.store.page(&bob, Span::After(Seq(seq.0 - 1)), 1).await.unwrap();
    assert_eq!(page.messages[0].reactions.len(), 3);
}

#[tokio::test]
async fn a_note_about_somebody_who_is_hidden_has_its_place_and_says_nothing() {
    let kept = Kept::open();
    let [anny, bob, cleo] = kitchen(&kept).await;
    hides(&kept, &anny).await;
    does(&kept, &anny, Command::SetRole { participant: BOB, role: Role::Limited }).await.unwrap();
    does(&kept, &bob, Command::LeaveGroup).await.unwrap();
    let page = kept.store.page(&cleo, Span::Newest, 100).await.unwrap();
    let seqs: Vec<_> = page.messages.iter().map(|message| message.seq.0).collect();
    assert_eq!(seqs, (1..=4).collect::<Vec<_>>(), "everybody counts messages alike");
    for message in &page.messages[2..] {
        assert_eq!((message.from, &message.body), (ParticipantId::NOBODY, &Body::HiddenForViewer));
    }
    assert_eq!(reads(&kept, &anny).await.last().unwrap(), "Left by 2");
    assert_eq!(kept.store.summaries(vec![cleo]).await.unwrap()[0].unread, 0);
}

#[tokio::test]
async fn an_heir_is_shown_to_everybody() {
    let kept = Kept::open();
    let [anny, bob, cleo] = kitchen(&kept).await;
    hides(&kept, &anny).await;
    does(&kept, &anny, Command::LeaveGroup).await.unwrap();
    assert!(kept.events().contains(&Event::SightChanged));
    let seen = async |seat| people(&kept, seat).await.into_iter().map(|(name, ..)| name).collect::<Vec<_>>();
    assert_eq!(seen(&bob).await, ["Anny", "Bob", "Cleo"], "the heir");
    assert_eq!(seen(&cleo).await, ["Anny", "Bob", "Cleo"], "two admins, of whom one has left, and herself");
}
