//! The rules of a chat against a model that is too simple to be wrong.
//!
//! Random people do random things, 100,000 of them; after each the chat and the model must agree. What fails
//! is made small by proptest. The seed is printed and can be given as PARLOUR_MODEL_SEED.

use std::sync::atomic::{AtomicUsize, Ordering};

use parlour::domain::*;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

/// How many deeds are judged.
const EVENTS: usize = 100_000;
/// Deeds in one chat.
const CHAT_DEEDS_MAX: usize = 400;

/// A chat as somebody would write it down on paper.
#[derive(Default)]
struct Paper {
    /// Who said what id when, in order.
    said: Vec<(u8, u128, u64)>,
    /// Delivered, read and seen, by participant.
    receipts: [[u64; 3]; 2],
    used: u64,
}

impl Paper {
    fn say(&mut self, who: u8, id: u128, now: u64) -> (bool, u64, u64) {
        if let Some(at) = self.said.iter().position(|(by, known, _)| (*by, *known) == (who, id)) {
            return (false, at as u64 + 1, self.said[at].2);
        }
        let at = now.max(self.said.last().map_or(0, |(.., at)| *at));
        self.said.push((who, id, at));
        self.used = self.used.max(now);
        (true, self.said.len() as u64, at)
    }

    fn mark(&mut self, who: u8, claim: [u64; 3]) -> [u64; 3] {
        let head = self.said.len() as u64;
        let [delivered, read, seen] = claim;
        let implied = [delivered.max(read).max(seen), read.max(seen), seen];
        let mine = &mut self.receipts[usize::from(who) - 1];
        for (counter, claim) in mine.iter_mut().zip(implied) {
            if claim.min(head) > *counter {
                *counter = claim.min(head);
            }
        }
        *mine
    }
}

/// One thing that somebody does, and how the clock moves before it.
#[derive(Clone, Debug)]
struct Deed {
    who: u8,
    clock: Clock,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Say(u128),
    /// Delivered, read, seen.
    Mark([u64; 3]),
    Keep,
    /// The house is started again.
    Restart,
}

#[derive(Clone, Debug)]
enum Clock {
    Goes(u64),
    JumpsBack,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let clock = prop_oneof![50 => (0..10_000u64).prop_map(Clock::Goes), 1 => Just(Clock::JumpsBack)];
    let what = prop_oneof![
        5 => (0..500u128).prop_map(What::Say),
        3 => prop::array::uniform3(0..600u64).prop_map(What::Mark),
        1 => Just(What::Keep),
        1 => Just(What::Restart),
    ];
    let deed = (1..=2u8, clock, what).prop_map(|(who, clock, what)| Deed { who, clock, what });
    prop::collection::vec(deed, 1..CHAT_DEEDS_MAX)
}

/// PARLOUR_MODEL_SEED, or a new one.
pub fn seed() -> u64 {
    std::env::var("PARLOUR_MODEL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random)
}

#[test]
fn a_chat_does_what_the_model_says_a_hundred_thousand_times() {
    let seed = seed();
    println!("PARLOUR_MODEL_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let config = ProptestConfig { cases: 700, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let count = AtomicUsize::new(0);
    let enough = |deeds: Vec<Deed>| {
        if count.fetch_add(deeds.len(), Ordering::SeqCst) < EVENTS {
            one_chat(&deeds);
        }
        Ok(())
    };
    runner.run(&deeds(), enough).unwrap_or_else(|failure| panic!("seed {seed}: {failure}"));
    let count = count.into_inner();
    println!("{count} events");
    assert!(count >= EVENTS, "only {count} events");
}

/// One chat from its start to its end.
fn one_chat(deeds: &[Deed]) {
    let (mut chat, mut paper, mut now) =
        (Chat::kept(vec![Receipt::default(); 2], Idle::Day, At(0)), Paper::default(), 0);
    for Deed { who, clock, what } in deeds {
        now = match clock {
            Clock::Goes(by) => now + by,
            Clock::JumpsBack => now / 2,
        };
        match what {
            What::Say(id) => say(&mut chat, &mut paper, *who, *id, now),
            What::Mark(claim) => mark(&mut chat, &mut paper, *who, *claim, now),
            What::Keep => keep(&mut chat, &mut paper, *who, now),
            What::Restart => chat = reload(&paper),
        }
        assert_eq!(chat.ending(EndedBy::Clock, At(now)).messages, paper.said.len() as u64);
        assert_eq!(chat.due(), Idle::Day.due(At(paper.used)));
        for (who, counters) in ParticipantId::all(2).zip(paper.receipts) {
            assert_eq!(chat.receipt(who), receipt(counters));
        }
    }
    let by = ParticipantId(1);
    let ending = Ending { at: At(now), by: EndedBy::Participant(by), messages: paper.said.len() as u64 };
    assert_eq!(chat.apply(by, Command::End, At(now)), Ok(Outcome::Ended(ending)));
}

fn say(chat: &mut Chat, paper: &mut Paper, who: u8, id: u128, now: u64) {
    let body = Body::Text(Text::parse(format!("message {id}")).unwrap());
    let command = Command::Say { id: MessageId(id), body: body.clone() };
    let outcome = chat.apply(ParticipantId(who), command, At(now)).unwrap();
    let (fresh, seq, at) = paper.say(who, id, now);
    let (seq, at) = (Seq(seq), At(at));
    let message = Message { seq, from: ParticipantId(who), at, id: MessageId(id), body };
    let expected = if fresh { Outcome::Said(message) } else { Outcome::SaidBefore { seq, at } };
    assert_eq!(outcome, expected);
}

fn mark(chat: &mut Chat, paper: &mut Paper, who: u8, claim: [u64; 3], now: u64) {
    let before = receipt(paper.receipts[usize::from(who) - 1]);
    let outcome = chat.apply(ParticipantId(who), Command::Mark(receipt(claim)), At(now)).unwrap();
    let receipt = receipt(paper.mark(who, claim));
    assert_eq!(outcome, Outcome::Marked { before, receipt });
}

fn receipt([delivered, read, seen]: [u64; 3]) -> Receipt {
    let (delivered, read, seen) = (Seq(delivered), Seq(read), Seq(seen));
    Receipt { delivered, seen, read }
}

fn keep(chat: &mut Chat, paper: &mut Paper, who: u8, now: u64) {
    paper.used = paper.used.max(now);
    let due = Idle::Day.due(At(paper.used));
    assert_eq!(chat.apply(ParticipantId(who), Command::Keep, At(now)), Ok(Outcome::Kept { due }));
}

/// What the store does when the house starts: the chat from its rows. They are those of the paper: what the
/// chat remembers wrongly would be right by itself.
fn reload(paper: &Paper) -> Chat {
    let receipts = paper.receipts.iter().map(|counters| receipt(*counters)).collect();
    let mut loaded = Chat::kept(receipts, Idle::Day, At(paper.used));
    for (index, (who, id, at)) in paper.said.iter().enumerate() {
        loaded.recall(Seq(index as u64 + 1), ParticipantId(*who), MessageId(*id), At(*at));
    }
    loaded
}
