//! What a decision must see besides the chat's state. An engine loads what [`Needs`] names, in the
//! transaction in which it writes.

use std::sync::Arc;

use super::{Action, ChatState, IdStatus};
use crate::domain::{
    At, ChangeNumber, Command, DeviceId, Guesses, IdleTimer, Message, Name, ParticipantId, Seq,
};

/// What to load.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs<'a> {
    /// The message at this place.
    pub message: Option<Seq>,
    /// The message that is answered or changed, and whether this participant has hidden it.
    pub target: Option<(Seq, Option<ParticipantId>)>,
    /// The seats and the presence of this participant.
    pub seats: Option<ParticipantId>,
    /// The invite of this participant.
    pub invite: Option<ParticipantId>,
    /// Whether anybody has ever come in.
    pub entered: bool,
    /// Whether somebody who is in is called like that, but for this participant.
    pub name: Option<(&'a Name, Option<ParticipantId>)>,
}

#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own, and few are needed at a time")]
pub struct Facts {
    pub timer: IdleTimer,
    pub message: Option<Arc<Message>>,
    /// The message that is answered or changed. None where there is no such message.
    pub target: Option<Message>,
    /// With which change the participant has hidden it.
    pub hidden: Option<ChangeNumber>,
    /// Whether a message of an unknown producer was looked for among the newest ones.
    pub was_searched: bool,
    /// When the participant was last here.
    pub last_here: Option<At>,
    /// Those that are in at the participant's seat.
    pub devices: Vec<DeviceFacts>,
    /// How many seats the device that comes in holds, in all chats.
    pub seats_held: usize,
    pub guesses: Guesses,
    /// Whether the participant has come in before, by this invite or by one in whose place it is.
    pub has_come: bool,
    /// Whether anybody has ever come in.
    pub was_entered: bool,
    /// Somebody else who is in the chat is called like that.
    pub is_name_taken: bool,
}

impl Facts {
    /// Of what needs no more than the timer.
    pub fn new(timer: IdleTimer) -> Self {
        Self {
            timer,
            message: None,
            target: None,
            hidden: None,
            was_searched: false,
            last_here: None,
            devices: Vec::new(),
            seats_held: 0,
            guesses: Guesses::default(),
            has_come: false,
            was_entered: false,
            is_name_taken: false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceFacts {
    pub device: DeviceId,
    pub since: At,
    pub last_here: Option<At>,
    /// Somebody looks through it: it is not signed out to make room.
    pub is_connected: bool,
}

impl Action {
    pub fn needs(&self, state: &ChatState) -> Needs<'_> {
        let seats = |participant: &ParticipantId| Needs { seats: Some(*participant), ..Needs::default() };
        let invite = |participant: &ParticipantId| Needs { invite: Some(*participant), ..Needs::default() };
        match self {
            Self::Command(who, Command::Say { id, draft }) => {
                let status = state.producers.status(who.participant, who.tag, *id);
                let message = if let IdStatus::Taken(seq) = status { Some(seq) } else { None };
                let target = draft.reply_to.map(|seq| (seq, Some(who.participant)));
                Needs { message, target, ..Needs::default() }
            }
            Self::Command(who, Command::Change { seq, .. }) => {
                Needs { target: Some((*seq, Some(who.participant))), ..Needs::default() }
            }
            Self::Command(who, Command::Rename(name)) => {
                Needs { name: Some((name, Some(who.participant))), ..Needs::default() }
            }
            Self::Add { newcomer, .. } => Needs { name: Some((&newcomer.name, None)), ..Needs::default() },
            Self::Vanish(seq) => Needs { target: Some((*seq, None)), ..Needs::default() },
            Self::SignOut { participant, .. }
            | Self::Replace { participant, .. }
            | Self::Command(_, Command::Remove(participant)) => seats(participant),
            Self::GoAway { who, .. } | Self::Command(who, Command::LeaveGroup) => seats(&who.participant),
            Self::Enter { participant, .. } => Needs { invite: Some(*participant), ..seats(participant) },
            Self::Try(participant) | Self::Miss(participant) => invite(participant),
            Self::EndUnentered => Needs { entered: true, ..Needs::default() },
            Self::Command(..) | Self::Call | Self::Expire | Self::End | Self::MakeWay => Needs::default(),
        }
    }
}
