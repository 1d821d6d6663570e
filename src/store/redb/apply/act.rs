//! Has an action decided, and what follows written: the one way in which a chat changes.

use std::sync::Arc;

use redb::ReadableTable;

use crate::crypto::{self, ChatKey};
use crate::domain::chat::{Action, ChatState, DeviceFacts, Facts, Needs, Now, Outcome, decide};
use crate::domain::{ChangeNumber, ChatId, Message, MessageId, Name, ParticipantId, Refusal, SeatId, Seq};
use crate::store::error::StoreError;
use crate::store::publication::Committed;
use crate::store::redb::newest::{last_change, newest};
use crate::store::redb::reactions::open_reactions;
use crate::store::redb::request::{Connected, DeviceEntry, InviteDraft};
use crate::store::redb::sealed::{closed_message, open_message, open_producers};
use crate::store::redb::table_keys::{
    device_of, devices_at, hidden_key, message_key, participant_key, seats_held_by, seq_of,
};
use crate::store::redb::tables::{WriteTables, get, range};
use crate::store::redb::write_tx::WriteTx;
use crate::store::rows::{ChatRow, GroupRow, MessageRow, ParticipantRow, ProducersRow, SeatRow};
use crate::store::seat::Seat;

/// What an engine needs to write a decision and the rules never see: keys, and what is sealed already.
#[derive(Clone, Copy)]
pub enum Means<'a> {
    Seat(&'a Seat),
    Entry(&'a DeviceEntry),
    Invite(&'a Seat, &'a InviteDraft),
    Nothing,
}

impl<'a> Means<'a> {
    pub fn key(self) -> Option<&'a ChatKey> {
        match self {
            Self::Seat(seat) | Self::Invite(seat, _) => Some(&seat.key),
            Self::Entry(entry) => Some(&entry.key),
            Self::Nothing => None,
        }
    }
}

impl WriteTx<'_, '_> {
    pub fn act(&mut self, chat: ChatId, action: Action, means: Means<'_>) -> Result<Outcome, StoreError> {
        self.act_for(chat, action, means, false)
    }

    /// Refused with `NoSuchSeat` where there is no such chat.
    pub fn act_for(
        &mut self,
        chat: ChatId,
        action: Action,
        means: Means<'_>,
        was_searched: bool,
    ) -> Result<Outcome, StoreError> {
        let (mut state, is_whole) = match self.chats.take(chat) {
            Some(state) => (state, true),
            // Without the chat's key nothing is learned of its producers, and what was loaded is not kept.
            None => {
                (load(chat, means.key(), &self.tables)?.ok_or(Refusal::NoSuchSeat)?, means.key().is_some())
            }
        };
        let facts = Facts { was_searched, ..self.facts(chat, &state, &action, means)? };
        let outcome = self.carry_out(chat, &mut state, (&facts, action), means);
        if is_whole && !matches!(outcome, Ok(Outcome::Ended(_))) {
            self.chats.put(chat, state);
        }
        outcome
    }

    /// What was found of a producer of which too little was known.
    pub fn recall(&mut self, seat: &Seat, found: &[(MessageId, Seq)]) -> Result<(), StoreError> {
        let chat = seat.id.chat;
        let known = self.chats.take(chat);
        let known = if known.is_none() { load(chat, Some(&seat.key), &self.tables)? } else { known };
        let Some(mut state) = known else { return Ok(()) };
        state.producers.learn(seat.id.participant, seat.tag, found);
        self.chats.put(chat, state);
        Ok(())
    }

    fn carry_out(
        &mut self,
        chat: ChatId,
        state: &mut ChatState,
        (facts, action): (&Facts, Action),
        means: Means<'_>,
    ) -> Result<Outcome, StoreError> {
        let decision = decide(state, facts, action, Now { at: self.now, elapsed: self.idle.now() })?;
        if decision.grows() {
            self.disk_space.clone()?;
        }
        for change in &decision.changes {
            state.apply(change);
            self.write(chat, state, change, means)?;
        }
        for event in decision.events {
            let hidden_people = state.hidden_people_of(&event);
            self.made.events.push(Committed { chat, event, hidden_people });
        }
        Ok(decision.outcome)
    }

    fn facts(
        &self,
        chat: ChatId,
        state: &ChatState,
        action: &Action,
        means: Means<'_>,
    ) -> Result<Facts, StoreError> {
        let Needs { message, target, seats, invite, entered, name } = action.needs(state);
        let timer = *self.idle.chats.get(&chat).ok_or("a chat has lost its idle timer")?;
        let mut facts = Facts::new(timer);
        if let (Some(seq), Some(key)) = (message, means.key()) {
            facts.message = message_at(&self.tables, chat, key, seq)?.map(Arc::new);
        }
        if let Some((seq, who)) = target {
            facts.target = self.target(chat, seq, means)?;
            if let Some(participant) = who {
                let hidden = self.tables.hidden.get(hidden_key(SeatId { chat, participant }, seq))?;
                facts.hidden = hidden.map(|number| ChangeNumber(number.value()));
            }
        }
        if let Some(participant) = seats {
            let whose = SeatId { chat, participant };
            let kept: Option<ParticipantRow> = get(&self.tables.participants, participant_key(whose))?;
            facts.last_here = kept.and_then(ParticipantRow::last_here);
            facts.devices = self.devices(whose, means)?;
        }
        if let Means::Entry(entry) = means {
            facts.seats_held = self.tables.devices.range(seats_held_by(entry.device))?.count();
        }
        if let Some(participant) = invite {
            let invite = self.invite_of(SeatId { chat, participant })?.1;
            (facts.guesses, facts.has_come) = (invite.guesses(), invite.has_come());
        }
        if entered {
            facts.was_entered = self.chat_row(chat)?.is_some_and(|row| row.was_entered);
        }
        if let (Some((name, but)), Some(key)) = (name, means.key()) {
            facts.is_name_taken = self.is_taken(chat, key, name, but)?;
        }
        Ok(facts)
    }

    /// Whether somebody else who is in the chat is called like that.
    fn is_taken(
        &self,
        chat: ChatId,
        key: &ChatKey,
        name: &Name,
        but: Option<ParticipantId>,
    ) -> Result<bool, StoreError> {
        let row = self.chat_row(chat)?.ok_or(Refusal::NoSuchSeat)?;
        for (participant, person) in ParticipantId::all(row.people.len()).zip(&row.people) {
            if person.is_present() && Some(participant) != but {
                let other = crypto::open_name(key, SeatId { chat, participant }, &person.name)?;
                if name.looks_like(&Name::kept(&other)) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// A message as it is now; without the chat's key not what it says.
    fn target(&self, chat: ChatId, seq: Seq, means: Means<'_>) -> Result<Option<Message>, StoreError> {
        let Some(bytes) = self.tables.messages.get(message_key(chat, seq))? else { return Ok(None) };
        let row = MessageRow::from_bytes(bytes.value())?;
        let Some(key) = means.key() else { return Ok(Some(closed_message(seq, &row))) };
        let message = open_message(key, chat, seq, &row)?;
        let reactions = open_reactions(&self.tables.reactions, key, chat, (seq, seq))?;
        let reactions = reactions.into_iter().map(|(_, reaction)| reaction).collect();
        Ok(Some(Message { reactions, ..message }.at_passed(self.passed())))
    }

    fn devices(&self, seat: SeatId, means: Means<'_>) -> Result<Vec<DeviceFacts>, StoreError> {
        let connected: Option<&Connected> =
            if let Means::Entry(entry) = means { Some(&entry.connected) } else { None };
        let rows = range::<_, SeatRow>(&self.tables.seats, devices_at(seat))?;
        rows.map(|row| {
            let (key, row) = row?;
            let (device, since, last_here) = (device_of(&key), row.entered(), row.last_here());
            let is_connected = connected.is_some_and(|connected| connected(device));
            Ok(DeviceFacts { device, since, last_here, is_connected })
        })
        .collect()
    }
}

/// None where there is no such chat. Reads a bounded piece of it: at most the messages of one checkpoint.
fn load(
    chat: ChatId,
    key: Option<&ChatKey>,
    tables: &WriteTables<'_>,
) -> Result<Option<ChatState>, StoreError> {
    let Some(row) = get::<_, ChatRow>(&tables.chats, chat.0)? else { return Ok(None) };
    let people = ParticipantId::all(row.people.len()).zip(&row.people).map(|(participant, person)| {
        let kept: Option<ParticipantRow> =
            get(&tables.participants, participant_key(SeatId { chat, participant }))?;
        Ok(person.person(kept.unwrap_or_default().receipt())?)
    });
    let people = people.collect::<Result<Vec<_>, StoreError>>()?;
    let mut state = ChatState::new(row.idle()?, row.used(), row.shape(), people);
    state.writers = row.group.as_ref().map(GroupRow::writers).unwrap_or_default();
    state.roster = row.roster();
    (state.notes, state.vanish_after) = (row.notes, row.vanish_after()?);
    (state.changed, state.said_at) = (last_change(&tables.changes, chat)?, row.said_before_note());
    if let Some((head, at, is_note)) = newest(&tables.messages, chat)? {
        (state.head, state.newest_at) = (head, at);
        if !is_note {
            // Its use of the chat may not be written down.
            (state.said_at, state.used_at) = (Some(at), state.used_at.max(at));
        }
    }
    if let Some(key) = key {
        recall(chat, key, tables, &mut state)?;
    }
    Ok(Some(state))
}

/// The producers as they were at the checkpoint, and what was said since.
fn recall(
    chat: ChatId,
    key: &ChatKey,
    tables: &WriteTables<'_>,
    state: &mut ChatState,
) -> Result<(), StoreError> {
    if let Some(row) = get::<_, ProducersRow>(&tables.producers, chat.0)? {
        state.checkpoint = Seq(row.seq);
        state.producers = open_producers(key, chat, &row)?;
    }
    let since = message_key(chat, state.checkpoint.next())..=message_key(chat, Seq(u64::MAX));
    for row in tables.messages.range(since)? {
        let (place, bytes) = row?;
        let seq = seq_of(place.value());
        let message = open_message(key, chat, seq, &MessageRow::from_bytes(bytes.value())?)?;
        if !message.is_note() {
            state.producers.take(message.from, message.device, message.id, seq);
        }
    }
    Ok(())
}

fn message_at(
    tables: &WriteTables<'_>,
    chat: ChatId,
    key: &ChatKey,
    seq: Seq,
) -> Result<Option<Message>, StoreError> {
    let Some(bytes) = tables.messages.get(message_key(chat, seq))? else { return Ok(None) };
    Ok(Some(open_message(key, chat, seq, &MessageRow::from_bytes(bytes.value())?)?))
}
