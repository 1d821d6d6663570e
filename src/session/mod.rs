//! One socket's life, from `hello` to the last word.
//!
//! `http::socket` runs it once a connection has been upgraded. It reads frames, hands commands to the house,
//! and writes what the hub tells it; it decides nothing about a chat. Generic over the socket, so that
//! tests need no network. One task: what is read waits while something is written, so a peer that does not
//! read is not heard either, and everything that waits has a bound.

mod answer;
mod ask;
mod catch_up;
mod deliver;
mod frame_error;
mod hello;
mod open_chat;
mod socket_writer;
pub mod strangers;
#[cfg(test)]
mod tests;
pub mod view;
mod watch;

use std::collections::{HashMap, HashSet, VecDeque};
use std::pin::Pin;
use std::sync::Arc;

use futures_util::future::FutureExt;
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_util::sync::CancellationToken;

use crate::crypto::DeviceSecret;
use crate::delivery::Subscriber;
use crate::domain::{ChatId, Refusal};
use crate::house::House;
use crate::limits::{PING_INTERVAL, SILENCE_DEADLINE};
use crate::protocol::client::FrameRef;
use crate::protocol::server::{self, Why};
use crate::session::strangers::StrangerPermit;
use crate::store::StoreError;

use answer::{Answered, UnderWay};
use frame_error::FrameError;
use hello::{Hello, hello};
use open_chat::OpenChat;
use socket_writer::{CloseReason, SocketWriter};
use watch::{NewsRead, Watch};

pub use socket_writer::Socket;

/// Lives one socket's life. `place` is the right to be here until `hello`. Returns when the socket is closed,
/// at the latest a moment after `stop`.
pub fn run<S: Socket>(
    house: Arc<House>,
    socket: S,
    place: StrangerPermit,
    stop: CancellationToken,
) -> impl Future<Output = ()> {
    // A socket is large, and each place that it moves through would stay in the future. Boxed, it stays put.
    greet(house, Box::new(SocketWriter::new(socket)), place, stop)
}

async fn greet<S: Socket>(
    house: Arc<House>,
    mut writer: Box<SocketWriter<S>>,
    place: StrangerPermit,
    stop: CancellationToken,
) {
    let greeted = tokio::select! {
        greeted = Box::pin(hello(&mut writer, &place)) => greeted,
        () = stop.cancelled() => Err(CloseReason::Bye(Why::Stopping)),
    };
    let Hello { device, withheld, watches } = match greeted {
        Ok(hello) => hello,
        Err(over) => return writer.farewell(over).await,
    };
    drop(place);
    let subscriber = match house.hub.listen(device.id(), withheld) {
        Ok(subscriber) => subscriber,
        Err(refusal) => return turn_away(writer, &refusal).await,
    };
    let mut session = Box::new(Session::new(house, writer, subscriber, device, stop));
    let over = session.live(watches).await;
    let Session { house, writer, subscriber, chats, .. } = *session;
    // Nothing is open any more: the others see at once that nobody is here.
    for chat in chats.into_values() {
        chat.close(&house);
    }
    drop(subscriber);
    writer.farewell(over).await;
}

async fn turn_away<S: Socket>(mut writer: Box<SocketWriter<S>>, refusal: &Refusal) {
    if writer.feed(server::refused(FrameRef::of("hello"), refusal), None).await.is_ok() {
        writer.farewell(CloseReason::Close(CloseCode::Policy)).await;
    }
}

/// A socket whose device is known.
struct Session<S> {
    house: Arc<House>,
    writer: Box<SocketWriter<S>>,
    subscriber: Subscriber,
    device: DeviceSecret,
    /// Those that the socket has open.
    chats: HashMap<ChatId, OpenChat>,
    /// Those that were open when they ended.
    ended: HashSet<ChatId>,
    /// Open ones whose backlog is being sent, one page a turn.
    catching_up: VecDeque<ChatId>,
    /// How often a seat was opened.
    openings: u64,
    /// Commands that the store has not answered.
    under_way: UnderWay,
    /// To which opening of the files the commands under way belong: after another one, their answers may be
    /// unknown (I2).
    opening: u64,
    /// For a peer that wants to know of news in all chats.
    watch: Option<Box<Watch>>,
    heard_at: Instant,
    ping_at: Instant,
    timer: Pin<Box<Sleep>>,
    stop: CancellationToken,
}

/// What happens next.
enum Turn {
    Stop,
    /// Something may be in the send queue, or a backlog goes on.
    Deliver,
    Answered(Answered),
    /// What is new in chats was read.
    News(NewsRead),
    Heard(Result<Message, CloseReason>),
    /// It is time for a ping, or to give up.
    Tick,
}

impl<S: Socket> Session<S> {
    fn new(
        house: Arc<House>,
        writer: Box<SocketWriter<S>>,
        subscriber: Subscriber,
        device: DeviceSecret,
        stop: CancellationToken,
    ) -> Self {
        let now = Instant::now();
        Self {
            house,
            writer,
            subscriber,
            device,
            chats: HashMap::new(),
            ended: HashSet::new(),
            catching_up: VecDeque::new(),
            openings: 0,
            under_way: UnderWay::default(),
            opening: 0,
            watch: None,
            heard_at: now,
            ping_at: now + PING_INTERVAL,
            timer: Box::pin(sleep_until(now + PING_INTERVAL)),
            stop,
        }
    }

    async fn live(&mut self, watches: bool) -> CloseReason {
        match Box::pin(self.welcome(watches)).await {
            Ok(()) => {}
            Err(FrameError::Close(over)) => return over,
            Err(FrameError::Store(fault)) => return Box::pin(self.unwelcome(fault)).await,
        }
        loop {
            if let Err(over) = self.turn().await {
                return over;
            }
        }
    }

    /// Watches first, so that nothing that changes after the read is missed.
    async fn welcome(&mut self, watches: bool) -> Result<(), FrameError> {
        if watches {
            self.subscriber.watch();
        }
        let seats = self.house.store.seat_ids(self.subscriber.device()).await?;
        if seats.is_empty() {
            return Err(Refusal::NotIn.into());
        }
        if watches {
            self.subscriber.watch_seats(seats.iter().copied());
            self.watch = Some(Box::new(Watch::new(&seats)));
        }
        let text = server::welcome(self.house.store.incarnation(), (self.house.clock)(), &seats);
        Ok(self.say(text).await?)
    }

    /// Without a welcome there is no session: who holds no seat has nothing to come back for, and all others
    /// come back in a moment.
    async fn unwelcome(&mut self, fault: StoreError) -> CloseReason {
        let over = match fault {
            StoreError::Refused(Refusal::NotIn) => CloseReason::Close(CloseCode::Policy),
            _ => CloseReason::Bye(Why::Reconnect),
        };
        self.deny(FrameRef::of("hello"), fault).await.map_or_else(|over| over, |()| over)
    }

    /// One thing at a time, and before each what waits in the send queue.
    async fn turn(&mut self) -> Result<(), CloseReason> {
        self.deliver().await?;
        if !self.catching_up.is_empty() {
            Box::pin(self.catch_up()).await?;
        }
        // Before anything more is heard: what is asked for once more comes before that.
        if let Some(answered) = self.under_way.next().now_or_never() {
            return self.acknowledge(answered).await;
        }
        match self.next_turn().await? {
            Turn::Stop => Err(CloseReason::Bye(Why::Stopping)),
            Turn::Deliver => Ok(()),
            Turn::Answered(answered) => self.acknowledge(answered).await,
            Turn::News(read) => Box::pin(self.tell_news(read)).await,
            Turn::Heard(message) => self.hear(message?).await,
            Turn::Tick => self.tick().await,
        }
    }

    /// What is ready is taken first; what was written meanwhile is flushed when nothing is.
    async fn next_turn(&mut self) -> Result<Turn, CloseReason> {
        if let Some(turn) = self.happens().now_or_never() {
            return Ok(turn);
        }
        self.writer.flush(Some(&self.subscriber)).await?;
        if self.catching_up.is_empty() { Ok(self.happens().await) } else { Ok(Turn::Deliver) }
    }

    /// Dropping the future loses nothing.
    async fn happens(&mut self) -> Turn {
        let hears = self.under_way.has_room();
        tokio::select! {
            () = self.subscriber.ready() => Turn::Deliver,
            answered = self.under_way.next() => Turn::Answered(answered),
            read = Watch::read(self.watch.as_mut()) => Turn::News(read),
            message = self.writer.hear(), if hears => Turn::Heard(message),
            () = self.timer.as_mut() => Turn::Tick,
            () = self.stop.cancelled() => Turn::Stop,
        }
    }

    async fn hear(&mut self, message: Message) -> Result<(), CloseReason> {
        self.heard_at = Instant::now();
        match message {
            Message::Text(text) => self.ask(&text).await,
            Message::Binary(_) => {
                let refusal = Refusal::Malformed("frames must be text".to_owned());
                self.deny(FrameRef::of(""), refusal.into()).await
            }
            Message::Ping(_) => {
                self.writer.owe();
                Ok(())
            }
            Message::Close(_) => {
                self.writer.owe();
                self.writer.flush(Some(&self.subscriber)).await?;
                Err(CloseReason::Gone)
            }
            Message::Pong(_) | Message::Frame(_) => Ok(()),
        }
    }

    async fn tick(&mut self) -> Result<(), CloseReason> {
        let now = Instant::now();
        let silent_at = self.heard_at + SILENCE_DEADLINE;
        if now >= silent_at {
            return Err(CloseReason::Gone);
        }
        if now >= self.ping_at {
            self.ping_at = now + PING_INTERVAL;
            self.writer.ping(Some(&self.subscriber)).await?;
        }
        self.timer.as_mut().reset(self.ping_at.min(silent_at));
        Ok(())
    }

    async fn say(&mut self, text: impl Into<Utf8Bytes>) -> Result<(), CloseReason> {
        self.writer.feed(text, Some(&self.subscriber)).await
    }
}
