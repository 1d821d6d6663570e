//! Lines that stall, swallow, reset and half-close: a person who comes back has everything once and in order,
//! what a broken line held is given back, and the others go on.

use std::sync::atomic::Ordering;
use std::time::Duration;

use parlour::limits::{CONNECTIONS_PER_ADDRESS_MAX, PING_INTERVAL, SILENCE_DEADLINE, STUCK_DEADLINE};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{advance, pause, resume};

use crate::support::house::{House, Person, fresh_id};
use crate::support::line::{End, Line, Mood};

/// Anny on a line that holds, and a device of Abhi.
struct Talk {
    house: House,
    anny: Person,
    device: String,
    seat: String,
}

impl Talk {
    async fn begins() -> Self {
        let house = House::open().await;
        let [anny, abhi] = house.start("Anny", "Abhi").await;
        let anny = house.enter(&anny).await;
        let (device, seat) = house.device(&abhi).await;
        Self { house, anny, device, seat }
    }

    /// Abhi on a line in the test's hands, and seen to be here.
    async fn abhi_on_a_line(&mut self, after: u64) -> (Person, Line) {
        let (stream, line) = Line::to(self.house.address).await;
        let abhi = self.house.come_back_over(stream, &self.device, &self.seat, after).await;
        self.sees_abhi(Here::Now).await;
        (abhi, line)
    }

    async fn abhi_comes_back(&self, after: u64) -> Person {
        self.house.come_back(&self.device, &self.seat, after).await
    }

    async fn sees_abhi(&mut self, here: Here) {
        let presence = self.anny.gets("chat-presence").await;
        assert_eq!(presence["here"], here == Here::Now, "{presence}");
    }

    /// This much time passes in this process, in which Anny is not silent.
    async fn passes(&mut self, time: Duration) {
        let mut left = time;
        while !left.is_zero() {
            let step = left.min(PING_INTERVAL);
            pass(step).await;
            self.anny.ping().await;
            left -= step;
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Here {
    Now,
    NoMore,
}

/// This much time passes at once.
async fn pass(time: Duration) {
    pause();
    advance(time).await;
    resume();
}

#[tokio::test]
async fn a_client_that_falls_silent_is_gone_after_a_minute_and_has_missed_nothing_when_back() {
    let mut talk = Talk::begins().await;
    let (mut abhi, line) = talk.abhi_on_a_line(0).await;
    talk.anny.says("one").await;
    abhi.hears("one").await;
    line.becomes(Mood::Stalls);
    talk.anny.says("two").await;
    talk.passes(SILENCE_DEADLINE - Duration::from_secs(5)).await;
    talk.anny.has_not_got("chat-presence").await;
    talk.passes(Duration::from_secs(5)).await;
    talk.sees_abhi(Here::NoMore).await;
    talk.anny.says("three").await;
    let mut abhi = talk.abhi_comes_back(1).await;
    abhi.hears("two").await;
    abhi.hears("three").await;
    abhi.has_not_got("chat-message").await;
}

/// Asleep and awake again by another connection before the house has missed it.
#[tokio::test]
async fn the_end_of_a_dead_socket_is_not_the_end_of_the_one_that_came_after_it() {
    let mut talk = Talk::begins().await;
    let (_asleep, line) = talk.abhi_on_a_line(0).await;
    line.becomes(Mood::Stalls);
    let mut abhi = talk.abhi_comes_back(0).await;
    for _ in 0..3 {
        talk.passes(SILENCE_DEADLINE / 2).await;
        abhi.ping().await;
    }
    talk.anny.has_not_got("chat-presence").await;
    talk.anny.says("still here?").await;
    abhi.hears("still here?").await;
    line.becomes(Mood::Passes);
    line.closed_by_the_house().await;
    drop(abhi);
    talk.sees_abhi(Here::NoMore).await;
}

#[tokio::test]
async fn a_client_that_does_not_read_is_given_up_and_holds_nobody_up() {
    // More than Linux keeps for a socket that nobody reads: 4 MiB.
    const MESSAGES: u64 = 1_500;
    let mut talk = Talk::begins().await;
    let [kim, lee] = talk.house.start("Kim", "Lee").await;
    let (mut kim, mut lee) = (talk.house.enter(&kim).await, talk.house.enter(&lee).await);
    let (_abhi, line) = talk.abhi_on_a_line(0).await;
    line.becomes(Mood::Stalls);
    let long = "x".repeat(4_000);
    for said in 1..=MESSAGES {
        let id = format!("{said:032x}");
        let frame = json!({"type": "chat-say", "seat": talk.anny.seat, "id": id, "text": long});
        talk.anny.sends(frame).await;
        if said % 50 == 0 {
            talk.anny.gets_where("chat-message", |frame| frame["seq"] == said).await;
        }
    }
    kim.says("somewhere else").await;
    lee.hears("somewhere else").await;
    talk.passes(STUCK_DEADLINE).await;
    talk.sees_abhi(Here::NoMore).await;
    let mut abhi = talk.abhi_comes_back(0).await;
    for seq in 1..=MESSAGES {
        assert_eq!(abhi.hears(&long).await, seq);
    }
}

#[tokio::test]
async fn what_was_swallowed_on_its_way_is_said_once_when_it_is_said_again() {
    let mut talk = Talk::begins().await;
    for (said, mood) in [("to the house", Mood::Swallows), ("back", Mood::HalfCloses(End::House))] {
        let (mut abhi, line) = talk.abhi_on_a_line(0).await;
        let id = fresh_id();
        line.becomes(mood);
        abhi.sends(json!({"type": "chat-say", "seat": talk.seat, "id": id, "text": said})).await;
        if mood == Mood::Swallows {
            talk.anny.has_not_got("chat-message").await;
        } else {
            talk.anny.hears(said).await;
        }
        line.becomes(Mood::Resets);
        talk.sees_abhi(Here::NoMore).await;
        let mut abhi = talk.abhi_comes_back(0).await;
        let seq = abhi.says_as(&id, said).await;
        if mood == Mood::Swallows {
            assert_eq!(talk.anny.hears(said).await, seq);
        }
        assert_eq!(abhi.says_as(&id, said).await, seq);
        talk.anny.has_not_got("chat-message").await;
        drop(abhi);
        talk.sees_abhi(Here::Now).await;
        talk.sees_abhi(Here::NoMore).await;
    }
}

#[tokio::test]
async fn what_a_broken_line_held_is_given_back_at_once() {
    let breaks = [Mood::Resets, Mood::HalfCloses(End::Visitor), Mood::HalfCloses(End::House)];
    let mut talk = Talk::begins().await;
    for mood in breaks.iter().cycle().take(CONNECTIONS_PER_ADDRESS_MAX + breaks.len()) {
        let (abhi, line) = talk.abhi_on_a_line(0).await;
        line.becomes(*mood);
        if *mood == Mood::HalfCloses(End::House) {
            drop(abhi);
        }
        talk.sees_abhi(Here::NoMore).await;
        line.closed_by_the_house().await;
    }
}

/// The longest that somebody waits before hanging up, in questions and answers of somebody else: more than it
/// takes to look at a code.
const PATIENCE: usize = 40;

#[tokio::test]
async fn a_right_code_is_nobodys_guess_whenever_its_visitor_hangs_up() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let mut inside = house.enter(&abhi).await;
    for patience in 0..PATIENCE {
        asks_and_hangs_up(&house, [&anny.token, &anny.code], &mut inside, patience).await;
        assert_eq!(guesses(&mut inside).await, 0, "hung up after {patience}");
    }
}

#[tokio::test]
async fn a_wrong_code_is_told_whenever_its_visitor_hangs_up() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut inside, mut counter) = (house.enter(&abhi).await, house.enter(&abhi).await);
    let mut told = 0;
    for patience in 0..PATIENCE {
        asks_and_hangs_up(&house, [&anny.token, &abhi.code], &mut inside, patience).await;
        let counted = guesses(&mut counter).await;
        inside.ping().await;
        while inside.has_got("chat-guess") {
            told = inside.gets("chat-guess").await["tries"].as_u64().unwrap();
        }
        assert!(told >= counted, "hung up after {patience}: {counted} guesses, and {told} were told");
        house.now.fetch_add(7_200_000, Ordering::SeqCst);
    }
    assert!(told > 0, "nobody guessed: the test does not test");
}

/// Wrong codes on Anny's invite.
async fn guesses(inside: &mut Person) -> u64 {
    inside.opens(0).await["participants"][0]["tries"].as_u64().unwrap()
}

/// Asks to be let in, and closes the connection while the code may be being looked at.
async fn asks_and_hangs_up(house: &House, [token, code]: [&str; 2], inside: &mut Person, patience: usize) {
    let body = json!({"token": token, "code": code}).to_string();
    let head = format!(
        "POST /api/v1/invites/enter HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        house.address,
        body.len()
    );
    let mut visitor = TcpStream::connect(house.address).await.unwrap();
    visitor.write_all((head + &body).as_bytes()).await.unwrap();
    for _ in 0..patience {
        inside.ping().await;
    }
}
