//! What the rules keep of one chat between two decisions: neither names nor keys.

use super::{Change, Producers};
use crate::domain::{
    At, ChangeNumber, Event, Idle, ParticipantId, Person, Receipt, Role, Roster, Seq, Shape, Standing,
    VanishAfter, Writers,
};

/// When a chat was last used, by both clocks: what people are told, and what it ages by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastUse {
    pub at: At,
    pub passed: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatState {
    pub idle: Idle,
    pub head: Seq,
    /// How many of the messages are notes.
    pub notes: u64,
    /// When the newest message came, or the newest note.
    pub newest_at: At,
    /// When somebody last said something.
    pub said_at: Option<At>,
    /// The last change of a message.
    pub changed: ChangeNumber,
    /// How long what is said now stays.
    pub vanish_after: Option<VanishAfter>,
    pub used_at: At,
    pub shape: Shape,
    pub writers: Writers,
    pub roster: Roster,
    /// By their numbers.
    pub people: Vec<Person>,
    pub producers: Producers,
    /// Up to this message the producers are written down.
    pub checkpoint: Seq,
}

impl ChatState {
    /// Without messages, and without what is remembered of its producers.
    pub fn new(idle: Idle, used_at: At, shape: Shape, people: Vec<Person>) -> Self {
        Self {
            idle,
            head: Seq::NONE,
            notes: 0,
            newest_at: At(0),
            said_at: None,
            changed: ChangeNumber::NONE,
            vanish_after: None,
            used_at,
            shape,
            writers: Writers::default(),
            roster: Roster::default(),
            people,
            producers: Producers::default(),
            checkpoint: Seq::NONE,
        }
    }

    /// How many messages people have said.
    pub fn said(&self) -> u64 {
        self.head.0.saturating_sub(self.notes)
    }

    /// When the chat is destroyed if nobody uses it after `now`.
    pub fn due_from(&self, now: At) -> At {
        self.idle.due(self.used_at.max(now))
    }

    pub fn person(&self, participant: ParticipantId) -> Option<&Person> {
        self.people.get(participant.index())
    }

    fn stand(&mut self, participant: ParticipantId, standing: Standing) {
        if let Some(person) = self.person_mut(participant) {
            person.standing = standing;
        }
    }

    fn person_mut(&mut self, participant: ParticipantId) -> Option<&mut Person> {
        self.people.get_mut(participant.index())
    }

    /// Somebody who is in or may come in.
    pub fn present(&self, participant: ParticipantId) -> Option<&Person> {
        self.person(participant).filter(|person| person.is_present())
    }

    pub fn everybody(&self) -> impl Iterator<Item = (ParticipantId, &Person)> {
        ParticipantId::all(self.people.len()).zip(&self.people)
    }

    pub fn receipt(&self, participant: ParticipantId) -> Receipt {
        self.person(participant).map(|person| person.receipt).unwrap_or_default()
    }

    /// Whom this names who is shown to nobody but the admins and themselves.
    pub fn hidden_people_of(&self, event: &Event) -> Vec<ParticipantId> {
        if self.roster == Roster::Everybody {
            return Vec::new();
        }
        let is_hidden = |who: &ParticipantId| self.person(*who).is_some_and(|one| one.role != Role::Admin);
        event.names().into_iter().filter(is_hidden).collect()
    }

    /// Takes in what was decided.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::PutMessage(message) => {
                self.head = message.seq;
                self.newest_at = message.at;
                if message.is_note() {
                    self.notes += 1;
                } else {
                    self.said_at = Some(message.at);
                    self.producers.take(message.from, message.device, message.id, message.seq);
                }
            }
            Change::ChangeMessage { number, .. } | Change::Hide { number, .. } => self.changed = *number,
            Change::PutVanishAfter(after) => self.vanish_after = *after,
            Change::PutIdle(idle) => self.idle = *idle,
            Change::Checkpoint(seq) => self.checkpoint = *seq,
            Change::PutReceipt(participant, receipt) => {
                if let Some(person) = self.person_mut(*participant) {
                    person.receipt = *receipt;
                }
            }
            Change::Touch(LastUse { at, .. }) => self.used_at = self.used_at.max(*at),
            Change::OpenInvite(participant, _) => self.stand(*participant, Standing::In),
            Change::AddPerson { person, .. } => self.people.push(*person),
            Change::RemovePerson(participant, standing) => self.stand(*participant, *standing),
            Change::PutRole(participant, role) => {
                if let Some(person) = self.person_mut(*participant) {
                    person.role = *role;
                }
            }
            Change::PutWriters(writers) => self.writers = *writers,
            Change::PutRoster(roster) => self.roster = *roster,
            Change::PutLastHere(..)
            | Change::PutDeviceLastHere { .. }
            | Change::PutSeat { .. }
            | Change::RemoveSeat { .. }
            | Change::PutGuesses(..)
            | Change::PutInvite(..)
            | Change::PutName(..)
            | Change::Describe(_)
            | Change::BeginCall(_)
            | Change::End(_) => {}
        }
    }
}
