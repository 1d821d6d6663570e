//! A chat as it is, and its row of "your chats".

use std::collections::HashSet;

use super::ReadTx;
use crate::crypto::{self, ChatKey};
use crate::domain::chat::{ChatState, Deed};
use crate::domain::{
    ChatId, Description, InviteId, Kind, Name, ParticipantId, Receipt, Refusal, SeatId, Seq,
};
use crate::limits::UNREAD_MAX;
use crate::store::error::StoreError;
use crate::store::redb::newest::last_change;
use crate::store::redb::table_keys::{hidden_in, hidden_seq, message_key, participant_key, seq_of};
use crate::store::redb::tables::get;
use crate::store::rows::{ChatRow, InviteRow, MessageRow, ParticipantRow, PersonRow};
use crate::store::seat::Seat;
use crate::store::views::{GroupView, ParticipantView, State, Summary};

impl ReadTx {
    /// The one with the newest message first; one that was entered since then is as new as that. A seat that
    /// is gone meanwhile has none.
    pub fn summaries(&self, seats: &[Seat]) -> Result<Vec<Summary>, StoreError> {
        let mut rows = Vec::with_capacity(seats.len());
        for seat in seats {
            match self.summary(seat) {
                Err(StoreError::Refused(_)) => {}
                row => rows.push(row?),
            }
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.last_at.max(Some(row.entered))));
        Ok(rows)
    }

    fn summary(&self, seat: &Seat) -> Result<Summary, StoreError> {
        let row = self.chat(seat)?;
        let entered = self.entered(seat)?;
        let (head, last_at) = self.last(seat.id.chat)?;
        let read = self.participant(seat.id)?.receipt().read;
        let idle = row.idle()?;
        let due = idle.due(row.used().max(last_at.unwrap_or_default()));
        let title = group(&row, seat)?.map(|group| group.title);
        let mut others = open_names(&row.names_for(seat.id.participant)?, &seat.key, seat.id.chat)?;
        let own = others.iter().position(|(who, _)| *who == seat.id.participant);
        let (_, name) = others.remove(own.ok_or("a chat has lost a name")?);
        Ok(Summary {
            seat: seat.id,
            title,
            name,
            others: others.into_iter().map(|(_, name)| name).collect(),
            head,
            unread: self.unread(seat.id, read)?,
            last_at,
            entered,
            idle,
            due,
        })
    }

    /// Whether the seat may do this, as its participant's role is now.
    pub fn may(&self, seat: &Seat, deed: Deed) -> Result<(), StoreError> {
        let row = self.chat(seat)?;
        let mut people = Vec::with_capacity(row.people.len());
        for person in &row.people {
            people.push(person.person(Receipt::default())?);
        }
        let state = ChatState {
            roster: row.roster(),
            ..ChatState::new(row.idle()?, row.used(), row.shape(), people)
        };
        Ok(state.allowed(seat.id.participant, deed).map(drop)?)
    }

    pub fn state(&self, seat: &Seat) -> Result<State, StoreError> {
        let row = self.chat(seat)?;
        let chat = seat.id.chat;
        let (head, last_at) = self.last(chat)?;
        let idle = row.idle()?;
        let mut participants = Vec::new();
        let hidden = row.hidden_from(seat.id.participant)?;
        for (participant, person) in row.everybody().filter(|(who, _)| !hidden.contains(who)) {
            let counters = self.participant(SeatId { chat, participant })?;
            let name = crypto::open_name(&seat.key, SeatId { chat, participant }, &person.name)?;
            participants.push(ParticipantView {
                participant,
                name: Name::kept(&name),
                person: person.person(counters.receipt())?,
                last_here: counters.last_here(),
                tries: self.tries(person)?,
            });
        }
        let due = idle.due(row.used().max(last_at.unwrap_or_default()));
        let (changed, vanish_after) = (last_change(&self.tables.changes, chat)?, row.vanish_after()?);
        let (sight, final_call, group) =
            (row.sight(seat.id.participant)?, row.final_call(), group(&row, seat)?);
        Ok(State { head, sight, changed, vanish_after, idle, due, final_call, group, participants })
    }

    /// Wrong codes on somebody's link. Of those that are being looked at, nobody knows that they are wrong.
    fn tries(&self, person: &PersonRow) -> Result<u32, StoreError> {
        let Some(id) = person.invite.map(InviteId) else { return Ok(0) };
        let invite: Option<InviteRow> = get(&self.tables.invites, id.0)?;
        let in_flight = self.attempts.of(id).max(self.attempted.get(&id).copied().unwrap_or_default());
        Ok(invite.map_or(0, |invite| invite.guesses().tries.saturating_sub(in_flight)))
    }

    pub fn name(&self, seat: &Seat, participant: ParticipantId) -> Result<Name, StoreError> {
        let chat = self.chat(seat)?;
        let person = chat.person(participant).filter(|person| person.is_present());
        let whose = SeatId { chat: seat.id.chat, participant };
        let sealed = &person.ok_or(Refusal::NoSuchParticipant)?.name;
        Ok(Name::kept(&crypto::open_name(&seat.key, whose, sealed)?))
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

/// Names of a chat, each of its participant.
pub fn open_names(
    sealed: &[(ParticipantId, Vec<u8>)],
    key: &ChatKey,
    chat: ChatId,
) -> Result<Vec<(ParticipantId, Name)>, StoreError> {
    let open = |(participant, name): &(ParticipantId, Vec<u8>)| {
        let seat = SeatId { chat, participant: *participant };
        Ok((*participant, Name::kept(&crypto::open_name(key, seat, name)?)))
    };
    sealed.iter().map(open).collect()
}

/// What a group has and a pair has not.
fn group(row: &ChatRow, seat: &Seat) -> Result<Option<GroupView>, StoreError> {
    let Some(group) = &row.group else { return Ok(None) };
    let title = crypto::open_title(&seat.key, seat.id.chat, &group.title)?;
    let about = crypto::open_description(&seat.key, seat.id.chat, &group.about)?;
    let (title, about) = (Name::kept(&title), Description::kept(&about));
    Ok(Some(GroupView { title, about, writers: group.writers(), roster: group.roster() }))
}
