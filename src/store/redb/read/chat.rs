//! A chat as it is, and its row of "your chats".

use std::collections::HashSet;

use super::ReadTx;
use crate::crypto::{self, ChatKey};
use crate::domain::{ChatId, InviteId, Kind, Name, ParticipantId, Refusal, SeatId, Seq};
use crate::limits::UNREAD_MAX;
use crate::store::error::StoreError;
use crate::store::redb::newest::last_change;
use crate::store::redb::table_keys::{hidden_in, hidden_seq, message_key, participant_key, seq_of};
use crate::store::redb::tables::get;
use crate::store::rows::{ChatRow, InviteRow, MessageRow, ParticipantRow};
use crate::store::seat::Seat;
use crate::store::views::{ParticipantView, State, Summary};

impl ReadTx {
    /// The one with the newest message first. A seat that is gone meanwhile has none.
    pub fn summaries(&self, seats: &[Seat]) -> Result<Vec<Summary>, StoreError> {
        let mut rows = Vec::with_capacity(seats.len());
        for seat in seats {
            match self.summary(seat) {
                Err(StoreError::Refused(_)) => {}
                row => rows.push(row?),
            }
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.last_at));
        Ok(rows)
    }

    fn summary(&self, seat: &Seat) -> Result<Summary, StoreError> {
        let row = self.chat(seat)?;
        let (head, last_at) = self.last(seat.id.chat)?;
        let read = self.participant(seat.id)?.receipt().read;
        let idle = row.idle()?;
        let names = names(&row, &seat.key, seat.id.chat)?;
        let name = names.get(seat.id.participant.index()).cloned().ok_or("a chat has lost a name")?;
        let others =
            ParticipantId::all(names.len()).zip(names).filter(|(who, _)| *who != seat.id.participant);
        Ok(Summary {
            seat: seat.id,
            name,
            others: others.map(|(_, name)| name).collect(),
            head,
            unread: self.unread(seat.id, read)?,
            last_at,
            idle,
            due: idle.due(row.used().max(last_at.unwrap_or_default())),
        })
    }

    pub fn state(&self, seat: &Seat) -> Result<State, StoreError> {
        let row = self.chat(seat)?;
        let chat = seat.id.chat;
        let (head, last_at) = self.last(chat)?;
        let idle = row.idle()?;
        let mut participants = Vec::new();
        let names = names(&row, &seat.key, chat)?;
        for ((participant, name), person) in ParticipantId::all(names.len()).zip(names).zip(&row.people) {
            let counters = self.participant(SeatId { chat, participant })?;
            let invite: Option<InviteRow> = get(&self.tables.invites, person.invite)?;
            let id = InviteId(person.invite);
            // Charged here already, and nobody knows them to be wrong.
            let in_flight = self.attempts.of(id).max(self.attempted.get(&id).copied().unwrap_or_default());
            participants.push(ParticipantView {
                participant,
                name,
                came_in: invite.as_ref().is_some_and(InviteRow::has_come),
                last_here: counters.last_here(),
                receipt: counters.receipt(),
                tries: invite.map_or(0, |invite| invite.guesses().tries.saturating_sub(in_flight)),
            });
        }
        let due = idle.due(row.used().max(last_at.unwrap_or_default()));
        let (changed, vanish_after) = (last_change(&self.tables.changes, chat)?, row.vanish_after()?);
        Ok(State { head, changed, vanish_after, idle, due, final_call: row.final_call(), participants })
    }

    pub fn name(&self, seat: &Seat, participant: ParticipantId) -> Result<Name, StoreError> {
        let names = names(&self.chat(seat)?, &seat.key, seat.id.chat)?;
        let found = ParticipantId::all(names.len()).zip(names).find(|(who, _)| *who == participant);
        let unknown = || Refusal::Malformed("`participant` is not in this chat".to_owned());
        Ok(found.map(|(_, name)| name).ok_or_else(unknown)?)
    }

    /// Messages of others that can be read and were not: no notes, nothing that is gone or hidden.
    pub(super) fn unread(&self, seat: SeatId, read: Seq) -> Result<u64, StoreError> {
        let (first, last) = (read.next(), Seq(u64::MAX));
        let hidden = self.tables.hidden.range(hidden_in(seat, first, last))?;
        let hidden =
            hidden.map(|row| Ok(hidden_seq(&row?.0.value()))).collect::<Result<HashSet<_>, StoreError>>()?;
        let mut unread = 0;
        for row in self.tables.messages.range(message_key(seat.chat, first)..=message_key(seat.chat, last))? {
            let (key, bytes) = row?;
            let row = MessageRow::from_bytes(bytes.value())?;
            let is_said = row.kind != Kind::Note.number() && !row.is_gone(self.passed);
            if is_said && row.from() != seat.participant && !hidden.contains(&seq_of(key.value())) {
                unread += 1;
            }
            if unread == UNREAD_MAX {
                break;
            }
        }
        Ok(unread)
    }

    pub(super) fn participant(&self, seat: SeatId) -> Result<ParticipantRow, StoreError> {
        Ok(get(&self.tables.participants, participant_key(seat))?.unwrap_or_default())
    }
}

fn names(row: &ChatRow, key: &ChatKey, chat: ChatId) -> Result<Vec<Name>, StoreError> {
    open_names(row.people.iter().map(|person| &person.name), key, chat)
}

/// All names of a chat, in the order of its participants.
pub fn open_names<'a>(
    sealed: impl ExactSizeIterator<Item = &'a Vec<u8>>,
    key: &ChatKey,
    chat: ChatId,
) -> Result<Vec<Name>, StoreError> {
    let people = ParticipantId::all(sealed.len()).zip(sealed);
    people
        .map(|(participant, name)| {
            Ok(Name::kept(&crypto::open_name(key, SeatId { chat, participant }, name)?))
        })
        .collect()
}
