//! That somebody is here, or types, in the words of the wire. Nothing of it is kept, so it is no event.

use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::domain::{At, ChatId, ParticipantId, Signal};
use crate::protocol::server::{self, Whose};

/// One frame, encoded once for all sockets that are shown it through all of their seats.
pub struct SignalFrame {
    participant: ParticipantId,
    what: Doing,
    shared: Utf8Bytes,
}

/// What somebody is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    Comes,
    Goes(At),
    Types,
}

impl SignalFrame {
    pub fn new(chat: ChatId, participant: ParticipantId, what: Doing) -> Self {
        Self { participant, what, shared: encode(Whose::Chat(chat), participant, what) }
    }

    /// What a device may withhold, and then is not told.
    pub fn signal(&self) -> Signal {
        match self.what {
            Doing::Comes | Doing::Goes(_) => Signal::Here,
            Doing::Types => Signal::Typing,
        }
    }

    /// For one seat it is encoded only when it is needed: few people share a socket.
    pub fn to(&self, whose: Whose) -> Utf8Bytes {
        match whose {
            Whose::Chat(_) => self.shared.clone(),
            Whose::Seat(_) => encode(whose, self.participant, self.what),
        }
    }
}

fn encode(whose: Whose, participant: ParticipantId, what: Doing) -> Utf8Bytes {
    let text = match what {
        Doing::Comes => server::presence(whose, participant, true, None),
        Doing::Goes(at) => server::presence(whose, participant, false, Some(at)),
        Doing::Types => server::typing(whose, participant),
    };
    text.into()
}
