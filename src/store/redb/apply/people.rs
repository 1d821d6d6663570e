//! Who is in a group, and what it is called, as it is written.

use crate::crypto::{self, ChatKey};
use crate::domain::chat::{Action, Newcomer, Outcome};
use crate::domain::{ChatId, GroupChange, InviteId, Name, ParticipantId, Person, Refusal, SeatId, Standing};
use crate::store::error::StoreError;
use crate::store::keys::slot::SlotErasure;
use crate::store::keys::slot_file::lock;
use crate::store::redb::apply::act::Means;
use crate::store::redb::apply::actor;
use crate::store::redb::request::Addition;
use crate::store::redb::write_tx::WriteTx;
use crate::store::rows::{GroupRow, PersonRow};
use crate::store::views::Invite;

impl WriteTx<'_, '_> {
    /// Lets somebody in, by an invite of their own.
    pub fn add(&mut self, addition: Addition) -> Result<(ParticipantId, Invite), StoreError> {
        let Addition { seat, invite: draft, role, reads_history } = addition;
        self.check_seat(&seat)?;
        if !lock(self.slots).has_room_for(1) {
            return Err(Refusal::HouseFull.into());
        }
        let newcomer = Newcomer { name: draft.name.clone(), role, reads_history };
        let action = Action::Add { by: actor(&seat), newcomer, invite: draft.token.id() };
        match self.act(seat.id.chat, action, Means::Invite(&seat, &draft))? {
            Outcome::Added(participant) => Ok((participant, Invite { token: draft.token, code: draft.code })),
            _ => Err("nobody was added".into()),
        }
    }

    pub fn add_person(
        &mut self,
        whose: SeatId,
        person: &Person,
        invite: InviteId,
        means: Means<'_>,
    ) -> Result<(), StoreError> {
        let Means::Invite(seat, draft) = means else { return Err("a newcomer without an invite".into()) };
        let row = self.new_invite(whose, means)?;
        self.put_invite(invite, &row)?;
        self.change_participant(whose, |row| row.mark(person.receipt))?;
        let name = crypto::seal_name(self.rng, &seat.key, whose, draft.name.as_str());
        self.change_chat(whose.chat, |row| row.people.push(PersonRow::new(person, name, invite)))
    }

    /// Their name stays, because what they said stays. Their invite's slot is overwritten after the commit.
    pub fn remove_person(&mut self, whose: SeatId, standing: Standing) -> Result<(), StoreError> {
        let (invite, row) = self.invite_of(whose)?;
        self.tables.invites.remove(invite.0)?;
        self.made.erased_after.push(SlotErasure { slot: row.slot, ended: None });
        self.add_dead_rows(0)?;
        self.change_person(whose, |person| {
            person.invite = None;
            person.stand(standing);
        })
    }

    pub fn change_person(
        &mut self,
        whose: SeatId,
        change: impl FnOnce(&mut PersonRow),
    ) -> Result<(), StoreError> {
        self.change_chat(whose.chat, |row| row.person_mut(whose.participant).map(change).unwrap_or_default())
    }

    pub fn put_name(&mut self, whose: SeatId, name: &Name, means: Means<'_>) -> Result<(), StoreError> {
        let key = means.key().ok_or("a name without a key")?;
        let name = crypto::seal_name(self.rng, key, whose, name.as_str());
        self.add_dead_rows(0)?;
        self.change_person(whose, |person| person.name = name)
    }

    pub fn group(&mut self, key: &ChatKey, chat: ChatId, title: &Name) -> GroupRow {
        let title = crypto::seal_title(self.rng, key, chat, title.as_str());
        GroupRow::new(title, crypto::seal_description(self.rng, key, chat, ""))
    }

    pub fn describe(
        &mut self,
        chat: ChatId,
        change: &GroupChange,
        means: Means<'_>,
    ) -> Result<(), StoreError> {
        let key = means.key().ok_or("a title without a key")?;
        let title =
            change.title.as_ref().map(|title| crypto::seal_title(self.rng, key, chat, title.as_str()));
        let about =
            change.about.as_ref().map(|about| crypto::seal_description(self.rng, key, chat, about.as_str()));
        self.add_dead_rows(0)?;
        self.change_group(chat, |group| {
            group.title = title.unwrap_or_else(|| std::mem::take(&mut group.title));
            group.about = about.unwrap_or_else(|| std::mem::take(&mut group.about));
        })
    }

    pub fn change_group(
        &mut self,
        chat: ChatId,
        change: impl FnOnce(&mut GroupRow),
    ) -> Result<(), StoreError> {
        self.change_chat(chat, |row| row.group.as_mut().map(change).unwrap_or_default())
    }
}
