//! One side of a pair under load: sends, is acknowledged, hears the other, and checks every frame while
//! doing so.
//!
//! The id of a message says what has to be known of it: who sent it, as the how-manieth, whether as the
//! last one, and when. So the two sides share nothing, and the times need no table.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Outcome;
use crate::chats::Seat;
use crate::samples::Samples;
use crate::socket::{self, Socket};

/// What all talkers of one form have in common.
#[derive(Clone, Copy)]
pub struct Plan {
    /// From here the ids count time.
    pub epoch: Instant,
    /// Acknowledgements and deliveries before this count as warming up.
    pub from: Instant,
    /// From here on each sender sends one more message, marked as its last.
    pub until: Instant,
    /// Messages that a sender sends at most, the last one included.
    pub messages_max: u32,
    /// Messages that a sender keeps on the way.
    pub outstanding: u32,
    /// Characters of a message.
    pub text: u16,
    /// Whether what was read is answered with `chat-delivered`.
    pub receipts: bool,
}

/// Whether a side talks or only listens.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It sends.
    Talks,
    /// It hears.
    Listens,
}

/// What one side has measured.
#[derive(Default)]
pub struct Heard {
    /// From sending to the acknowledgement, within the measured time.
    pub acknowledged: Samples,
    /// From the other's sending to its arrival here, within the measured time.
    pub delivered: Samples,
    /// Acknowledgements in each second of the measured time.
    pub by_second: Vec<u32>,
    /// Messages sent in all.
    pub sent: u32,
}

/// One side of a pair.
pub struct Talker {
    plan: Plan,
    socket: Socket,
    out: Vec<u8>,
    script: Script,
    mine: Direction,
    theirs: Direction,
    /// When each message of one's own was sent.
    sent: Vec<Duration>,
    order: Order,
    heard: Heard,
}

/// Where one sender's messages stand.
struct Direction {
    sender: u16,
    counted: u32,
    is_complete: bool,
}

/// What a frame says, when it is one that counts.
enum News {
    Said { stamp: Stamp, seq: u32 },
    Message { stamp: Stamp, seq: u32 },
}

/// Hexadecimal digits of the mark that a text begins with.
const STAMP_BYTES: usize = 17;
/// Between the id and the text of a `chat-say`.
const BEFORE_TEXT: &str = r#"","text":""#;

/// What a message tells of itself: its producer and sequence are in its id, the rest begins its text.
#[derive(Clone, Copy)]
struct Stamp {
    sender: u16,
    is_last: bool,
    number: u32,
    sent: Duration,
}

impl Talker {
    /// A talker on a socket whose chat is open. Of a pair, the first has an even number and the second the
    /// next one.
    pub fn new(socket: Socket, seat: &Seat, number: u16, plan: Plan) -> Self {
        let direction = |sender| Direction { sender, counted: 0, is_complete: false };
        Self {
            plan,
            socket,
            out: Vec::new(),
            script: Script::new(seat, number, plan.text),
            mine: direction(number),
            theirs: direction(number ^ 1),
            sent: Vec::new(),
            order: Order::default(),
            heard: Heard::default(),
        }
    }

    /// Talks until everything sent is acknowledged and the other's last message is here.
    pub async fn talk(&mut self, mine: Role, theirs: Role) -> Outcome<()> {
        self.mine.is_complete = mine == Role::Listens;
        self.theirs.is_complete = theirs == Role::Listens;
        if mine == Role::Talks {
            (0..self.plan.outstanding.min(self.plan.messages_max)).for_each(|_| self.say());
        }
        self.flush().await?;
        while !(self.mine.is_complete && self.theirs.is_complete) {
            self.socket.fill().await?;
            self.take()?;
            self.flush().await?;
        }
        Ok(())
    }

    /// What it measured, after checking that the chat has no gap. The socket stays open until then: a closing
    /// one would be news to the other side.
    pub fn finish(self) -> Outcome<Heard> {
        self.order.check(self.mine.counted + self.theirs.counted)?;
        Ok(self.heard)
    }

    /// Where it stands, for the error of a load that does not come to its end.
    pub fn standing(&self) -> String {
        let Self { heard, mine, theirs, .. } = self;
        format!(
            "sender {}: sent {}, acknowledged {}, heard {}",
            mine.sender, heard.sent, mine.counted, theirs.counted
        )
    }

    fn say(&mut self) {
        self.heard.sent += 1;
        let now = Instant::now();
        let stamp = Stamp {
            sender: self.mine.sender,
            is_last: now >= self.plan.until || self.heard.sent == self.plan.messages_max,
            number: self.heard.sent,
            sent: now - self.plan.epoch,
        };
        self.script.append(&mut self.out, stamp);
        self.script.is_over = stamp.is_last;
        self.sent.push(stamp.sent);
    }

    async fn flush(&mut self) -> Outcome<()> {
        if !self.out.is_empty() {
            self.socket.write(&self.out).await?;
            self.out.clear();
        }
        Ok(())
    }

    fn take(&mut self) -> Outcome<()> {
        let now = Instant::now();
        let counted = self.theirs.counted;
        let mut newest = 0;
        while let Some(text) = self.socket.text(&mut self.out)? {
            match self.script.news(text)? {
                Some(News::Said { stamp, seq }) => self.take_said(now, stamp, seq)?,
                Some(News::Message { stamp, seq }) => {
                    newest = seq;
                    self.take_message(now, stamp, seq)?;
                }
                None => {}
            }
        }
        if self.plan.receipts && self.theirs.counted > counted {
            self.script.append_delivered(&mut self.out, newest);
        }
        Ok(())
    }

    fn take_said(&mut self, now: Instant, stamp: Stamp, seq: u32) -> Outcome<()> {
        self.mine.count(stamp, "acknowledged")?;
        self.order.take(seq)?;
        if now >= self.plan.from && now < self.plan.until {
            let second = (now - self.plan.from).as_secs().try_into()?;
            let sent = self.sent[usize::try_from(stamp.number)? - 1];
            self.heard.acknowledge(second, now.saturating_duration_since(self.plan.epoch + sent));
        }
        if !self.script.is_over {
            self.say();
        }
        self.mine.is_complete = self.script.is_over && self.mine.counted == self.heard.sent;
        Ok(())
    }

    fn take_message(&mut self, now: Instant, stamp: Stamp, seq: u32) -> Outcome<()> {
        self.theirs.count(stamp, "delivered")?;
        self.order.take(seq)?;
        if now >= self.plan.from && now < self.plan.until {
            self.heard.delivered.push(now.saturating_duration_since(self.plan.epoch + stamp.sent));
        }
        self.theirs.is_complete = stamp.is_last;
        Ok(())
    }
}

impl Heard {
    fn acknowledge(&mut self, second: usize, took: Duration) {
        self.acknowledged.push(took);
        if second >= self.by_second.len() {
            self.by_second.resize(second + 1, 0);
        }
        self.by_second[second] += 1;
    }
}

impl Direction {
    /// Each message of a sender comes once, in the order in which it was sent.
    fn count(&mut self, stamp: Stamp, what: &str) -> Outcome<()> {
        let (sender, due) = (self.sender, self.counted + 1);
        if (stamp.sender, stamp.number) != (sender, due) || self.is_complete {
            let Stamp { sender: from, number, .. } = stamp;
            return Err(
                format!("message {number} of {from} was {what} where {due} of {sender} was due").into()
            );
        }
        self.counted = due;
        Ok(())
    }
}

/// Which places of the chat were taken: each seq from 1 once, none left out.
#[derive(Default)]
struct Order {
    taken: Vec<bool>,
}

impl Order {
    fn take(&mut self, seq: u32) -> Outcome<()> {
        let place = usize::try_from(seq)?.checked_sub(1).ok_or("a message came as seq 0")?;
        if place >= self.taken.len() {
            self.taken.resize(place + 1, false);
        }
        if std::mem::replace(&mut self.taken[place], true) {
            return Err(format!("seq {seq} was given to two messages").into());
        }
        Ok(())
    }

    fn check(&self, messages: u32) -> Outcome<()> {
        match self.taken.iter().position(|is_taken| !is_taken) {
            Some(place) => Err(format!("seq {} was left out", place + 1).into()),
            None if self.taken.len() != usize::try_from(messages)? => Err("a message has no seq".into()),
            None => Ok(()),
        }
    }
}

/// The frames of one seat as bytes, ready to be filled in and compared.
struct Script {
    say: Vec<u8>,
    id_at: usize,
    /// How an acknowledgement of an older house begins, and a message of an older one and of this one.
    said: Vec<u8>,
    message: [Vec<u8>; 2],
    sender: u16,
    seat: String,
    is_over: bool,
}

impl Script {
    fn new(seat: &Seat, sender: u16, text: u16) -> Self {
        let (seat, text) = (seat.seat.clone(), "x".repeat(usize::from(text).max(STAMP_BYTES)));
        let before = format!(r#"{{"type":"chat-say","seat":"{seat}","id":""#);
        let frame = format!(r#"{before}{:032x}{BEFORE_TEXT}{text}"}}"#, 0);
        let mut say = Vec::new();
        let id_at = socket::append_text(&mut say, frame.as_bytes()) + before.len();
        let said = format!(r#"{{"type":"chat-said","seat":"{seat}","#).into_bytes();
        let chat = seat.split('-').next().unwrap_or_default();
        let message = [("seat", &*seat), ("chat", chat)]
            .map(|(name, id)| format!(r#"{{"type":"chat-message","{name}":"{id}","#).into_bytes());
        Self { say, id_at, said, message, sender, seat, is_over: false }
    }

    fn append(&self, out: &mut Vec<u8>, stamp: Stamp) {
        let at = out.len() + self.id_at;
        out.extend_from_slice(&self.say);
        write_hex(&mut out[at..at + 32], (u128::from(stamp.sender) + 1) << 64 | u128::from(stamp.number));
        let text = at + 32 + BEFORE_TEXT.len();
        write_hex(&mut out[text..text + STAMP_BYTES], stamp.mark());
    }

    fn append_delivered(&self, out: &mut Vec<u8>, seq: u32) {
        let frame = format!(r#"{{"type":"chat-delivered","seat":"{}","seq":{seq}}}"#, self.seat);
        socket::append_text(out, frame.as_bytes());
    }

    /// Frames that say nothing of a message are passed over; a refusal, a resync and a farewell are errors.
    fn news(&self, text: &[u8]) -> Outcome<Option<News>> {
        if let Some(rest) = text.strip_prefix(&*self.said) {
            let (stamp, seq) = stamp_and_seq(rest)?;
            return Ok(Some(News::Said { stamp, seq }));
        }
        if let Some(rest) = self.message.iter().find_map(|begins| text.strip_prefix(&**begins)) {
            let (stamp, seq) = stamp_and_seq(rest)?;
            let is_own = stamp.sender == self.sender;
            return Ok(Some(if is_own { News::Said { stamp, seq } } else { News::Message { stamp, seq } }));
        }
        let frame: Value = serde_json::from_slice(text)?;
        match frame["type"].as_str() {
            Some("chat-receipt" | "chat-presence" | "chat-typing" | "chat-due" | "chat-state" | "pong") => {
                Ok(None)
            }
            _ => Err(format!("the house sent {frame}").into()),
        }
    }
}

/// What stands in a string never looks like a key: a quotation mark in it is escaped.
fn stamp_and_seq(rest: &[u8]) -> Outcome<(Stamp, u32)> {
    let after =
        |key: &[u8]| rest.windows(key.len()).position(|bytes| bytes == key).map(|at| &rest[at + key.len()..]);
    let seq = after(br#""seq":"#).ok_or("a frame lacks its seq")?;
    let digits = seq.iter().take_while(|byte| byte.is_ascii_digit());
    let seq =
        digits.fold(0_u32, |number, digit| number.wrapping_mul(10).wrapping_add(u32::from(digit - b'0')));
    let id = after(br#""id":""#).and_then(|id| id.get(..32)).ok_or("a frame lacks its id")?;
    // An acknowledgement has no text: when its message was sent is known.
    let mark = after(br#""text":""#).and_then(|text| text.get(..STAMP_BYTES)).unwrap_or(b"0");
    Ok((Stamp::read(hex(id)?, hex(mark)?), seq))
}

fn hex(digits: &[u8]) -> Outcome<u128> {
    Ok(u128::from_str_radix(std::str::from_utf8(digits)?, 16)?)
}

fn write_hex(place: &mut [u8], mut number: u128) {
    for digit in place.iter_mut().rev() {
        *digit = b"0123456789abcdef"[(number & 15) as usize];
        number >>= 4;
    }
}

impl Stamp {
    /// When it was sent, and whether it is the last: what its text begins with.
    fn mark(self) -> u128 {
        u128::from(self.is_last) << 64 | (self.sent.as_nanos() & u128::from(u64::MAX))
    }

    #[expect(clippy::cast_possible_truncation, reason = "each field is cut out of the bits by its width")]
    fn read(id: u128, mark: u128) -> Self {
        Self {
            sender: ((id >> 64) as u64).wrapping_sub(1) as u16,
            number: id as u32,
            is_last: mark >> 64 == 1,
            sent: Duration::from_nanos(mark as u64),
        }
    }
}
