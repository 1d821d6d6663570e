//! A conversation whose line breaks after any number of bytes: a person who comes back has everything once
//! and in order, and so have the others.

use futures_util::future::join;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

use crate::support::house::{House, Person, fresh_id, text, within};
use crate::support::line::{End, Line, Mood};

/// Between two places where the line breaks. No frame is so short that none falls into it.
const STEP_BYTES: usize = 11;
const BREAKS: [Mood; 3] = [Mood::Resets, Mood::HalfCloses(End::House), Mood::HalfCloses(End::Visitor)];

/// What a page knows of a chat: what it was shown, and what it has said and was not answered.
struct Page {
    device: String,
    seat: String,
    /// By id, in the order in which it was shown.
    shown: Vec<(String, String)>,
    waiting: Vec<(String, String)>,
    /// By id, what the connection of now has said and was not answered.
    asked: Vec<String>,
}

impl Page {
    fn says(&mut self, words: &str) {
        self.waiting.push((fresh_id(), words.to_owned()));
    }

    /// By one connection, until everything was answered and these words were heard. Nothing is given when it
    /// breaks before.
    async fn talks(&mut self, house: &House, stream: TcpStream, until: &str) -> Option<()> {
        let (mut socket, _) = tokio_tungstenite::client_async(house.upgrade(), stream).await.ok()?;
        for frame in self.first_frames() {
            socket.send(Message::Text(frame.to_string().into())).await.ok()?;
        }
        while !self.waiting.is_empty() || self.shown.last().is_none_or(|(_, last)| last != until) {
            if let Message::Text(frame) = socket.next().await?.ok()? {
                self.learns(&serde_json::from_str(&frame).unwrap());
            }
        }
        Some(())
    }

    fn first_frames(&mut self) -> Vec<Value> {
        self.asked = self.waiting.iter().map(|(id, _)| id.clone()).collect();
        let mut frames = vec![
            json!({"type": "hello", "device": self.device}),
            json!({"type": "chat-open", "seat": self.seat, "after": self.shown.len()}),
        ];
        for (id, words) in &self.waiting {
            frames.push(json!({"type": "chat-say", "seat": self.seat, "id": id, "text": words}));
        }
        frames
    }

    /// Each message is the next one. That one was taken before may be told at any time.
    fn learns(&mut self, frame: &Value) {
        let kind = frame["type"].as_str().unwrap();
        if !["chat-message", "chat-said"].contains(&kind) {
            return;
        }
        let (id, seq) = (text(&frame["id"]), usize::try_from(frame["seq"].as_u64().unwrap()).unwrap());
        self.waiting.retain(|(waiting, _)| *waiting != id);
        if kind == "chat-said" {
            let asked = self.asked.iter().position(|asked| *asked == id);
            self.asked.remove(asked.unwrap_or_else(|| panic!("answered twice: {frame}")));
            let shown = self.shown.get(seq - 1);
            return assert!(
                shown.is_none_or(|(shown, _)| *shown == id),
                "another place than before: {frame}"
            );
        }
        self.shown.push((id, text(&frame["text"])));
        assert_eq!(seq, self.shown.len(), "not the next one: {frame}");
    }
}

#[tokio::test]
async fn wherever_a_line_breaks_everything_stands_once_and_in_order() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let mut abhi = house.enter(&abhi).await;
    let (device, seat) = house.device(&anny).await;
    let mut anny = Page { device, seat, shown: Vec::new(), waiting: Vec::new(), asked: Vec::new() };
    let (stream, line) = Line::to(house.address).await;
    converse(&house, &mut anny, &mut abhi, stream).await;
    let places = (0..usize::MAX - line.left()).step_by(STEP_BYTES);
    let mut said = 3;
    for (place, how) in places.zip(BREAKS.iter().cycle()) {
        let (stream, _line) = Line::that_breaks(house.address, place, *how).await;
        let connections = converse(&house, &mut anny, &mut abhi, stream).await;
        assert!(connections > 1, "the line did not break after {place} bytes: the test does not test");
        said += 3;
    }
    assert_eq!(anny.shown.len(), said);
    let mut again = house.come_back(&abhi.device, &abhi.seat, 0).await;
    for (_, words) in &anny.shown {
        again.hears(words).await;
    }
    again.has_not_got("chat-message").await;
}

/// Anny says two things and Abhi one, after them; Anny's first connection is this one. Gives how many she
/// needed.
async fn converse(house: &House, anny: &mut Page, abhi: &mut Person, mut stream: TcpStream) -> u32 {
    let turn = anny.shown.len() / 3;
    let [one, two, three] = ["one", "two", "three"].map(|words| format!("{words} of {turn}"));
    anny.says(&one);
    anny.says(&two);
    let abhi_talks = async {
        abhi.hears(&one).await;
        abhi.hears(&two).await;
        abhi.says(&three).await;
    };
    let anny_talks = async {
        let mut connections = 1;
        while anny.talks(house, stream, &three).await.is_none() {
            stream = TcpStream::connect(house.address).await.unwrap();
            connections += 1;
        }
        connections
    };
    within(join(abhi_talks, anny_talks), &three).await.1
}
