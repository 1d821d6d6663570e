//! One chat as the hub knows it: which sockets have it open, and what each of them is told.
//!
//! Called by the hub under its lock. A frame is written once for all sockets that get the same one. Nothing
//! here decides what is true: that happened before, in the store.

use std::sync::Arc;

use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::inbox::{Bells, Inbox, News};
use crate::domain::{
    At, ChatId, DeviceId, Event, MessageId, ParticipantId, SeatId, Seq, Sign, Viewer, Withheld,
};
use crate::limits::TYPING_INTERVAL;
use crate::protocol::server::{self, View};
use crate::store::{Committed, Origin};

/// The sockets that have one chat open.
#[derive(Default)]
pub struct Room {
    ears: Vec<Ear>,
    typed: Vec<(ParticipantId, Instant)>,
}

/// One seat that one socket has open.
pub struct Ear {
    /// Which seat.
    pub seat: SeatId,
    /// Whose socket.
    pub device: DeviceId,
    /// Which socket.
    pub origin: Origin,
    /// What that socket does not tell, and is not told.
    pub withheld: Withheld,
    /// Where it is told.
    pub inbox: Arc<Inbox>,
    /// What it is told.
    pub hears: Hears,
}

/// What an ear is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hears {
    /// Everything.
    All,
    /// Only that the chat has ended: it could not keep up, and knows it.
    TheEnd,
    /// Nothing: its device has lost the seat.
    Nothing,
}

impl Room {
    /// Whether nobody listens.
    pub fn is_empty(&self) -> bool {
        self.ears.is_empty()
    }

    /// Who is here and tells so, in order; each once.
    pub fn here(&self) -> Vec<ParticipantId> {
        let telling = self.ears.iter().filter(|ear| ear.shares(Sign::Here));
        let mut here: Vec<_> = telling.map(|ear| ear.seat.participant).collect();
        here.sort_unstable();
        here.dedup();
        here
    }

    /// One more socket has the chat open.
    pub fn enter(&mut self, ear: Ear, bells: &mut Bells) {
        let seat = ear.seat;
        let comes = ear.shares(Sign::Here) && !self.is_here(seat.participant);
        self.ears.push(ear);
        if comes {
            self.tell_presence(seat, None, bells);
        }
    }

    /// A socket does not have the chat open any more. True when its participant is gone with it, as far as
    /// anybody was told.
    pub fn leave(&mut self, seat: SeatId, origin: Origin, at: At, bells: &mut Bells) -> bool {
        let Some(place) = self.ears.iter().position(|ear| ear.seat == seat && ear.origin == origin) else {
            return false;
        };
        let ear = self.ears.swap_remove(place);
        let goes = ear.shares(Sign::Here) && !self.is_here(seat.participant);
        if goes {
            self.tell_presence(seat, Some(at), bells);
        }
        goes
    }

    /// A socket that could not keep up begins anew. What waited for it is forgotten: it is read again. Whose
    /// seat was taken away meanwhile is told that, and nothing else.
    pub fn renew(&mut self, seat: SeatId, origin: Origin) {
        let is_it = |ear: &&mut Ear| ear.seat == seat && ear.origin == origin && ear.hears != Hears::Nothing;
        for ear in self.ears.iter_mut().filter(is_it) {
            if ear.hears == Hears::TheEnd {
                ear.hears = Hears::All;
            }
            ear.inbox.forget(seat);
        }
    }

    /// A socket is told nothing more but the end, by its own wish.
    pub fn defer(&mut self, seat: SeatId, origin: Origin) {
        for ear in self.ears.iter_mut().filter(|ear| ear.seat == seat && ear.origin == origin) {
            if ear.hears == Hears::All {
                ear.hears = Hears::TheEnd;
            }
        }
    }

    /// Tells everybody what became true.
    pub fn post(&mut self, committed: &Committed, bells: &mut Bells) {
        match &committed.event {
            Event::Left { participant, device } => self.revoke(*participant, *device, bells),
            Event::Ended(_) => self.end(committed, bells),
            Event::Said(_)
            | Event::Marked { .. }
            | Event::Called { .. }
            | Event::Kept { .. }
            | Event::Guessed { .. }
            | Event::Invited { .. } => self.tell(committed, bells),
        }
    }

    /// Something may have become true of which nobody was told.
    pub fn doubt(&mut self, bells: &mut Bells) {
        self.ears.iter_mut().filter(|ear| ear.hears == Hears::All).for_each(|ear| ear.resync(bells));
    }

    /// Tells the others that somebody types. Those who cannot keep up miss it.
    pub fn typing(&mut self, seat: SeatId, bells: &mut Bells) {
        if self.types_again_too_soon(seat.participant) {
            return;
        }
        for ear in self.others_of(seat, Sign::Typing) {
            let text = server::typing(ear.seat, seat.participant).into();
            // Whoever has no room for it has better things to read.
            let _ = bells.post(&ear.inbox, News::Typing { seat: ear.seat, text });
        }
    }

    fn is_here(&self, participant: ParticipantId) -> bool {
        self.ears.iter().any(|ear| ear.seat.participant == participant && ear.shares(Sign::Here))
    }

    /// The others who may be told `sign`, because they do not withhold it themselves.
    fn others_of(&mut self, seat: SeatId, sign: Sign) -> impl Iterator<Item = &mut Ear> {
        let others = self.ears.iter_mut().filter(move |ear| ear.seat.participant != seat.participant);
        others.filter(move |ear| ear.hears == Hears::All && ear.shares(sign))
    }

    fn types_again_too_soon(&mut self, participant: ParticipantId) -> bool {
        let now = Instant::now();
        match self.typed.iter_mut().find(|(who, _)| *who == participant) {
            Some((_, before)) if now.duration_since(*before) < TYPING_INTERVAL => return true,
            Some((_, before)) => *before = now,
            None => self.typed.push((participant, now)),
        }
        false
    }

    /// `left` is when the participant went; nothing says that they came.
    fn tell_presence(&mut self, seat: SeatId, left: Option<At>, bells: &mut Bells) {
        for ear in self.others_of(seat, Sign::Here) {
            let text = server::presence(ear.seat, seat.participant, left.is_none(), left).into();
            ear.tell(News::Frame { seat: ear.seat, seq: None, answers: None, text }, bells);
        }
    }

    fn tell(&mut self, committed: &Committed, bells: &mut Bells) {
        let mut frames = Frames::new(committed);
        for ear in self.ears.iter_mut().filter(|ear| ear.hears == Hears::All) {
            let answers = ear.asked_for(committed);
            let Some(text) = frames.text(ear.viewer(), answers.is_some()) else { continue };
            let (seat, seq) = (ear.seat, seq(&committed.event));
            let news = match committed.event {
                Event::Marked { participant: of, receipt, .. } => News::Receipt { seat, of, receipt, text },
                _ => News::Frame { seat, seq, answers, text },
            };
            ear.tell(news, bells);
        }
    }

    fn end(&mut self, committed: &Committed, bells: &mut Bells) {
        let mut frames = Frames::new(committed);
        for ear in self.ears.iter().filter(|ear| ear.hears != Hears::Nothing) {
            let Some(text) = frames.text(ear.viewer(), false) else { continue };
            bells.insist(&ear.inbox, News::Ended { seat: ear.seat, text });
        }
    }

    fn revoke(&mut self, participant: ParticipantId, device: DeviceId, bells: &mut Bells) {
        let theirs = |ear: &&mut Ear| ear.seat.participant == participant && ear.device == device;
        for ear in self.ears.iter_mut().filter(theirs) {
            ear.hears = Hears::Nothing;
            bells.insist(&ear.inbox, News::Left(ear.seat));
        }
    }
}

impl Ear {
    fn shares(&self, sign: Sign) -> bool {
        self.viewer().shares(sign)
    }

    fn viewer(&self) -> Viewer {
        Viewer { participant: self.seat.participant, withheld: self.withheld }
    }

    /// I4: whoever has no room is told so, and nothing after it.
    fn tell(&mut self, news: News, bells: &mut Bells) {
        if bells.post(&self.inbox, news).is_err() {
            self.resync(bells);
        }
    }

    fn resync(&mut self, bells: &mut Bells) {
        self.hears = Hears::TheEnd;
        bells.insist(&self.inbox, News::Resync { seat: self.seat, since: Instant::now() });
    }

    /// The message of this socket that the event acknowledges. A device may hold both seats of a chat, on
    /// one socket.
    fn asked_for(&self, committed: &Committed) -> Option<MessageId> {
        match &committed.event {
            Event::Said(message) if message.from == self.seat.participant => {
                (committed.origin == Some(self.origin)).then_some(message.id)
            }
            _ => None,
        }
    }
}

fn seq(event: &Event) -> Option<Seq> {
    match event {
        Event::Said(message) => Some(message.seq),
        _ => None,
    }
}

/// The frames of one event, each written when the first socket needs it. Two sockets of one participant get
/// the same one only where they withhold the same.
struct Frames<'a> {
    chat: ChatId,
    event: &'a Event,
    written: Vec<(Viewer, bool, Option<Utf8Bytes>)>,
}

impl<'a> Frames<'a> {
    fn new(committed: &'a Committed) -> Self {
        Self { chat: committed.chat, event: &committed.event, written: Vec::new() }
    }

    fn text(&mut self, viewer: Viewer, asked: bool) -> Option<Utf8Bytes> {
        if let Some((.., text)) = self.written.iter().find(|(who, how, _)| (*who, *how) == (viewer, asked)) {
            return text.clone();
        }
        let view = if asked { View::Origin } else { View::Other };
        let text = server::event(self.event, self.chat, viewer, view).map(Utf8Bytes::from);
        self.written.push((viewer, asked, text.clone()));
        text
    }
}
