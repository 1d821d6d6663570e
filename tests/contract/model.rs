//! What is decided in a chat, against a model that shares no code with it.
//!
//! Two to five people do random things in a chat, 100,000 of them: they say, say again, answer, count
//! wrongly, edit, delete, hide, react, let messages vanish, mark, keep, come in, guess, leave, sign out,
//! replace and end, while clocks jump and the house is started again. In a group they also let others in,
//! take people out, go, give roles, correct names, and say who may write and whom one sees.
//! The model is a sheet of paper. What decides is fed from rows that the changes wrote, as an engine would;
//! after a start its state is read from those rows. What fails is made small by proptest. The seed is printed
//! and can be given as PARLOUR_MODEL_SEED.

mod crowd;
mod lines;
mod many;
mod paper;
mod rows;

use std::sync::atomic::{AtomicUsize, Ordering};

use parlour::domain::chat::*;
use parlour::domain::*;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use paper::Paper;
use rows::Rows;

/// How many deeds are judged.
const EVENTS: usize = 100_000;
/// Deeds in one chat.
const CHAT_DEEDS_MAX: usize = 700;
pub const EMOJI: [&str; 3] = ["\u{2764}\u{FE0F}", "\u{1F44D}", "\u{1F602}"];
/// Devices of one person.
pub const DEVICES: u8 = 3;

/// One thing that somebody does, and how the clock moves before it.
#[derive(Clone, Debug)]
struct Deed {
    who: u32,
    device: u8,
    clock: Clock,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    /// By a producer: the message that is so far from its next one, in words that may be others than before.
    Say {
        producer: u64,
        offset: i64,
        is_changed: bool,
        /// Where it answers, of all places there are and two more.
        answers: Option<u64>,
    },
    Edit {
        place: u64,
        base: u32,
        words: u8,
    },
    Delete(u64),
    Hide(u64),
    React(u64, Option<usize>),
    SetTimer(Option<usize>),
    SetIdle(bool),
    /// The purge looks for what has vanished, and for one message more.
    Vanish(u64),
    /// Delivered, read, seen.
    Mark([u64; 3]),
    Keep,
    Enter,
    Guess,
    Leave,
    SignOut {
        other: u8,
    },
    Replace {
        whose: u32,
        signs_out: bool,
    },
    GoAway {
        is_last: bool,
    },
    InGroup(many::GroupDeed),
    Call,
    Expire,
    HostEnds,
    HostEndsUnentered,
    MakesWay,
    /// The house is started again.
    Restart,
    End,
}

#[derive(Clone, Copy, Debug)]
enum Clock {
    Goes(u64),
    JumpsBack,
    /// Nobody uses the chat for long.
    Rests,
}

fn deeds() -> impl Strategy<Value = (bool, usize, Vec<Deed>)> {
    let clock = prop_oneof![
        50 => (0..10_000u64).prop_map(Clock::Goes),
        1 => Just(Clock::JumpsBack),
        1 => Just(Clock::Rests),
    ];
    let offset = prop_oneof![20 => Just(0i64), 3 => -3..0i64, 1 => -300..0i64, 2 => 1..4i64];
    let say = (1..12u64, offset, prop::bool::weighted(0.1), prop::option::weighted(0.2, any::<u64>()));
    let what = prop_oneof![
        300 => say.prop_map(|(producer, offset, is_changed, answers)| {
            What::Say { producer, offset, is_changed, answers }
        }),
        40 => (any::<u64>(), 0..3u32, any::<u8>())
            .prop_map(|(place, base, words)| What::Edit { place, base, words }),
        20 => any::<u64>().prop_map(What::Delete),
        10 => any::<u64>().prop_map(What::Hide),
        40 => (any::<u64>(), prop::option::weighted(0.8, 0..EMOJI.len()))
            .prop_map(|(place, emoji)| What::React(place, emoji)),
        6 => prop::option::of(0..VanishAfter::ALL.len()).prop_map(What::SetTimer),
        3 => any::<bool>().prop_map(What::SetIdle),
        10 => any::<u64>().prop_map(What::Vanish),
        60 => prop::array::uniform3(0..600u64).prop_map(What::Mark),
        10 => Just(What::Keep),
        12 => Just(What::Enter),
        12 => Just(What::Guess),
        5 => Just(What::Leave),
        5 => (0..DEVICES).prop_map(|other| What::SignOut { other }),
        4 => (1..=8u32, any::<bool>()).prop_map(|(whose, signs_out)| What::Replace { whose, signs_out }),
        10 => any::<bool>().prop_map(|is_last| What::GoAway { is_last }),
        60 => many::deeds().prop_map(What::InGroup),
        6 => Just(What::Call),
        6 => Just(What::Expire),
        1 => Just(What::HostEnds),
        3 => Just(What::HostEndsUnentered),
        1 => Just(What::MakesWay),
        10 => Just(What::Restart),
        1 => Just(What::End),
    ];
    let deed = (1..=12u32, 0..DEVICES, clock, what).prop_map(|(who, device, clock, what)| Deed {
        who,
        device,
        clock,
        what,
    });
    (any::<bool>(), 2..=5usize, prop::collection::vec(deed, 1..CHAT_DEEDS_MAX))
}

/// PARLOUR_MODEL_SEED, or a new one.
pub fn seed() -> u64 {
    std::env::var("PARLOUR_MODEL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random)
}

#[test]
fn what_is_decided_is_what_the_model_says_a_hundred_thousand_times() {
    let seed = seed();
    println!("PARLOUR_MODEL_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let config = ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let count = AtomicUsize::new(0);
    let enough = |(is_group, people, deeds): (bool, usize, Vec<Deed>)| {
        if count.load(Ordering::SeqCst) < EVENTS {
            count.fetch_add(one_chat(is_group, people, &deeds), Ordering::SeqCst);
        }
        Ok(())
    };
    runner.run(&deeds(), enough).unwrap_or_else(|failure| panic!("seed {seed}: {failure}"));
    let count = count.into_inner();
    println!("{count} events");
    assert!(count >= EVENTS, "only {count} events");
}

/// One chat from its start to its end. Gives how many deeds were judged.
fn one_chat(is_group: bool, people: usize, deeds: &[Deed]) -> usize {
    let (mut rows, mut paper) = (Rows::new(is_group, people), Paper::new(is_group, people));
    let mut wall = 1_000_000;
    let mut judged = 0;
    for Deed { who, device, clock, what } in deeds {
        let (elapsed, back) = match clock {
            Clock::Goes(by) => (*by, 0),
            Clock::JumpsBack => (1, wall / 2),
            Clock::Rests => (30 * 3_600_000, 0),
        };
        wall = wall + elapsed - back;
        rows.pass(elapsed, wall);
        paper.pass(elapsed, wall);
        let who = 1 + (who - 1) % u32::try_from(paper.people.len()).unwrap();
        let (told, expected) = do_it(&mut rows, &mut paper, (who, *device), *what);
        judged += usize::from(!told.is_empty());
        assert_eq!(told, expected, "{what:?} of {who}.{device}");
        if paper.is_over {
            assert!(rows.is_gone, "it is over");
            break;
        }
        rows.is_as(&paper);
    }
    judged
}

/// What was told, and what the paper says.
fn do_it(rows: &mut Rows, paper: &mut Paper, (who, device): (u32, u8), what: What) -> (String, String) {
    let participant = ParticipantId(who);
    let actor = Actor { participant, device: device_id(who, device), tag: tag(who, device) };
    let is_in = paper.is_in(who, device);
    if paper.is_out(who) && is_for_who_is_in(what) {
        return (String::new(), String::new());
    }
    // Somebody who is not in comes in instead.
    let what = if is_in || paper.is_out(who) || is_done_from_outside(what) { what } else { What::Enter };
    match what {
        What::Say { .. } => say(rows, paper, (actor, device), what),
        What::Mark(claim) => {
            let [delivered, read, seen] = claim.map(Seq);
            let told = rows.act(Action::Command(actor, Command::Mark(Receipt { delivered, seen, read })));
            (told, either(paper.mark(who, claim)))
        }
        What::Keep => (rows.act(Action::Command(actor, Command::Keep)), either(paper.keep(who))),
        What::Enter => {
            let told = rows.act(Action::Try(participant));
            if told != "done" {
                return (told, paper.attempt(who));
            }
            assert_eq!(paper.attempt(who), "done");
            let told = rows.act(Action::Enter { participant, device: device_id(who, device) });
            (told, paper.enter(who, device))
        }
        What::Guess => {
            let told = rows.act(Action::Try(participant));
            if told != "done" {
                return (told, paper.attempt(who));
            }
            assert_eq!(paper.attempt(who), "done");
            (rows.act(Action::Miss(participant)), paper.miss(who))
        }
        What::Leave => (rows.act(Action::Command(actor, Command::Leave)), either(paper.leave(who, device))),
        What::SignOut { other } => {
            let device = device_id(who, other);
            (rows.act(Action::SignOut { participant, device }), paper.sign_out(who, other))
        }
        What::Replace { whose, signs_out } => {
            let (invite, devices) =
                (rows.new_invite(), if signs_out { Devices::SignedOut } else { Devices::Stay });
            let participant = ParticipantId(whose);
            let told = rows.act(Action::Replace { by: actor, participant, invite, devices });
            (told, either(paper.replace((who, device), whose, signs_out)))
        }
        What::GoAway { is_last } => {
            let scope = if is_last { LeaveScope::Participant } else { LeaveScope::Device };
            let action = Action::GoAway { who: actor, scope, at: At(rows.wall) };
            (rows.act(action), paper.go_away(who, device, is_last))
        }
        What::End => (rows.act(Action::Command(actor, Command::End)), either(paper.end_by(who))),
        What::Edit { .. } | What::Delete(_) | What::Hide(_) | What::React(..) => {
            change_a_message(rows, paper, actor, what)
        }
        What::SetTimer(after) => {
            let after = after.map(|after| VanishAfter::ALL[after]);
            let told = rows.act(Action::Command(actor, Command::VanishAfter(after)));
            (told, either(paper.set_timer(who, after.map(VanishAfter::word))))
        }
        What::SetIdle(is_week) => {
            let idle = if is_week { Idle::Week } else { Idle::Day };
            let told = rows.act(Action::Command(actor, Command::SetIdle(idle)));
            (told, either(paper.set_idle(who, is_week)))
        }
        What::InGroup(deed) => many::do_it(rows, paper, actor, deed),
        _ => do_from_outside(rows, paper, what),
    }
}

fn either(told: Result<String, String>) -> String {
    told.unwrap_or_else(|refused| refused)
}

/// Whoever is out has neither a link nor a device that the store would know.
fn is_for_who_is_in(what: What) -> bool {
    matches!(what, What::Enter | What::Guess | What::SignOut { .. } | What::GoAway { .. })
}

fn say(rows: &mut Rows, paper: &mut Paper, (actor, device): (Actor, u8), what: What) -> (String, String) {
    let What::Say { producer, offset, is_changed, answers } = what else { unreachable!("it says nothing") };
    let who = actor.participant.0;
    // Random numbers: no two devices have the same.
    let producer = u64::from(device) * 100 + producer;
    let next = paper.next(who, device, producer);
    let Some(sequence) = next.checked_add_signed(offset).filter(|sequence| *sequence > 0) else {
        return (String::new(), String::new());
    };
    let words = format!("{who}.{device} {producer} {sequence} {is_changed}");
    let reply_to = answers.map(|any| paper.place(any));
    let body = Body::Text(Text::parse(words.clone()).unwrap());
    let draft = Draft { body, reply_to: reply_to.map(Seq) };
    let command = Command::Say { id: MessageId::new(producer, sequence), draft };
    let told = rows.act(Action::Command(actor, command));
    (told, either(paper.say((who, device), (producer, sequence), &words, reply_to)))
}

fn change_a_message(rows: &mut Rows, paper: &mut Paper, actor: Actor, what: What) -> (String, String) {
    let who = actor.participant.0;
    match what {
        What::Edit { place, base, words } => {
            let (place, words) = (paper.place(place), format!("edited {words}"));
            let text = Text::parse(words.clone()).unwrap();
            let told = rows.change(actor, place, MessageChange::Edit { base, text });
            (told, paper.edit(who, place, base, &words))
        }
        What::Delete(place) => {
            let place = paper.place(place);
            (rows.change(actor, place, MessageChange::Delete), paper.delete(who, place))
        }
        What::Hide(place) => {
            let place = paper.place(place);
            (rows.change(actor, place, MessageChange::Hide), paper.hide(who, place))
        }
        What::React(place, emoji) => {
            let (place, emoji) = (paper.place(place), emoji.map(|emoji| EMOJI[emoji]));
            let change = MessageChange::React(emoji.map(|emoji| Emoji::parse(emoji).unwrap()));
            (rows.change(actor, place, change), paper.react(who, place, emoji))
        }
        _ => unreachable!("it changes no message"),
    }
}

/// What needs nobody in the chat.
fn do_from_outside(rows: &mut Rows, paper: &mut Paper, what: What) -> (String, String) {
    match what {
        What::Call => (rows.act(Action::Call), paper.call()),
        What::Expire => (rows.act(Action::Expire), paper.expire()),
        What::HostEnds => (rows.act(Action::End), paper.end("the host")),
        What::HostEndsUnentered => (rows.act(Action::EndUnentered), paper.end_unentered()),
        What::MakesWay => (rows.act(Action::MakeWay), paper.end("the clock")),
        What::Vanish(one) => {
            let mut places = rows.vanished();
            assert_eq!(places, paper.vanished());
            places.push(paper.place(one));
            let told: Vec<_> = places.iter().map(|place| rows.act(Action::Vanish(Seq(*place)))).collect();
            let expected: Vec<_> = places.iter().map(|place| paper.vanish(*place)).collect();
            (told.join(", "), expected.join(", "))
        }
        _ => {
            rows.restart();
            paper.restart();
            (String::new(), String::new())
        }
    }
}

fn is_done_from_outside(what: What) -> bool {
    use What::*;
    matches!(
        what,
        Enter | Guess | Call | Expire | Restart | HostEnds | HostEndsUnentered | MakesWay | Vanish(_)
    )
}

pub fn device_id(who: u32, device: u8) -> DeviceId {
    let mut id = [device; 32];
    id[0] = u8::try_from(who).unwrap();
    DeviceId(id)
}

pub fn tag(who: u32, device: u8) -> DeviceTag {
    DeviceTag(u64::from(who) << 8 | u64::from(device))
}
