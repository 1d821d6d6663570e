//! One chat: how long it may be unused, its slot, and who is in it.

use serde::{Deserialize, Serialize};

use super::RowError;
use crate::domain::chat::LastUse;
use crate::domain::{
    At, Awaited, Caller, FinalCall, Idle, IdleTimer, InviteId, ParticipantId, Person, Receipt, Role, Roster,
    Seq, Shape, Sight, Standing, VanishAfter, Writers,
};

#[derive(Serialize, Deserialize)]
pub struct ChatRow {
    idle: u8,
    pub slot: u32,
    started: u64,
    used: u64,
    /// Each participant's sealed name and invite, in order.
    pub people: Vec<PersonRow>,
    /// How much had passed at that use. The use of a chat is noted once a minute.
    passed: u64,
    /// The final call: what is watched by its end, and when that is.
    call: Option<(u64, u64)>,
    /// Whether a visitor started it, and not the host.
    by_visitor: bool,
    pub was_entered: bool,
    /// How many of the messages are notes.
    pub notes: u64,
    /// When the last message was said that is no note, as it was when the last note came.
    said: Option<u64>,
    /// How long what is said stays; 0 for good.
    vanish_after: u8,
    pub group: Option<GroupRow>,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct PersonRow {
    /// Sealed under the chat's key.
    pub name: Vec<u8>,
    /// None of who is out.
    pub invite: Option<[u8; 32]>,
    role: u8,
    standing: u8,
    /// The first message that they may read.
    since: u64,
}

/// What a group has and a pair has not.
#[derive(Clone, Serialize, Deserialize)]
pub struct GroupRow {
    /// Sealed, like what it is about.
    pub title: Vec<u8>,
    pub about: Vec<u8>,
    only_admins_write: bool,
    hides_people: bool,
}

impl PersonRow {
    pub fn new(person: &Person, name: Vec<u8>, invite: InviteId) -> Self {
        let (role, standing) = (role_number(person.role), standing_number(person.standing));
        Self { name, invite: Some(invite.0), role, standing, since: person.since.0 }
    }

    pub fn person(&self, receipt: Receipt) -> Result<Person, RowError> {
        Ok(Person { role: role(self.role)?, standing: self.standing()?, since: Seq(self.since), receipt })
    }

    pub fn standing(&self) -> Result<Standing, RowError> {
        let mut known = Standing::ALL.into_iter();
        known.find(|standing| standing_number(*standing) == self.standing).ok_or(RowError::Damaged)
    }

    pub fn is_present(&self) -> bool {
        self.standing().is_ok_and(Standing::is_present)
    }

    pub fn stand(&mut self, standing: Standing) {
        self.standing = standing_number(standing);
    }

    pub fn set_role(&mut self, role: Role) {
        self.role = role_number(role);
    }
}

impl GroupRow {
    pub fn new(title: Vec<u8>, about: Vec<u8>) -> Self {
        Self { title, about, only_admins_write: false, hides_people: false }
    }

    pub fn writers(&self) -> Writers {
        if self.only_admins_write { Writers::Admins } else { Writers::Everybody }
    }

    pub fn set_writers(&mut self, writers: Writers) {
        self.only_admins_write = writers == Writers::Admins;
    }

    pub fn roster(&self) -> Roster {
        if self.hides_people { Roster::Admins } else { Roster::Everybody }
    }

    pub fn set_roster(&mut self, roster: Roster) {
        self.hides_people = roster == Roster::Admins;
    }
}

impl ChatRow {
    pub fn new(
        (idle, by): (Idle, Caller),
        slot: u32,
        LastUse { at, passed }: LastUse,
        (people, group): (Vec<PersonRow>, Option<GroupRow>),
    ) -> Self {
        let (idle, started, used) = (idle_number(idle), at.0, at.0);
        let (by_visitor, was_entered) = (by != Caller::Host, false);
        let (notes, said, vanish_after) = (0, None, 0);
        Self {
            idle,
            slot,
            started,
            used,
            people,
            passed,
            call: None,
            by_visitor,
            was_entered,
            notes,
            said,
            vanish_after,
            group,
        }
    }

    pub fn shape(&self) -> Shape {
        if self.group.is_some() { Shape::Group } else { Shape::Pair }
    }

    /// The sealed names of those who are in it and shown to this participant.
    pub fn names_for(&self, viewer: ParticipantId) -> Result<Vec<(ParticipantId, Vec<u8>)>, RowError> {
        let hidden = self.hidden_from(viewer)?;
        let people = self.everybody().filter(|(who, one)| one.is_present() && !hidden.contains(who));
        Ok(people.map(|(who, person)| (who, person.name.clone())).collect())
    }

    pub fn everybody(&self) -> impl Iterator<Item = (ParticipantId, &PersonRow)> {
        ParticipantId::all(self.people.len()).zip(&self.people)
    }

    pub fn roster(&self) -> Roster {
        self.group.as_ref().map(GroupRow::roster).unwrap_or_default()
    }

    /// What a participant is shown.
    pub fn sight(&self, viewer: ParticipantId) -> Result<Sight, RowError> {
        let person = self.person(viewer).ok_or(RowError::Damaged)?.person(Receipt::default())?;
        Ok(person.sight(self.shape(), self.roster()))
    }

    /// Who is not shown to a participant.
    pub fn hidden_from(&self, viewer: ParticipantId) -> Result<Vec<ParticipantId>, RowError> {
        if self.sight(viewer)?.sees_everybody {
            return Ok(Vec::new());
        }
        let mut hidden = Vec::new();
        for (who, person) in self.everybody().filter(|(who, _)| *who != viewer) {
            if role(person.role)? != Role::Admin {
                hidden.push(who);
            }
        }
        Ok(hidden)
    }

    /// Of one who is known in the chat.
    pub fn person(&self, participant: ParticipantId) -> Option<&PersonRow> {
        self.people.get(participant.index())
    }

    pub fn person_mut(&mut self, participant: ParticipantId) -> Option<&mut PersonRow> {
        self.people.get_mut(participant.index())
    }

    pub fn awaited(&self) -> Awaited {
        if self.by_visitor && !self.was_entered { Awaited::Anybody } else { Awaited::Nobody }
    }

    pub fn timer(&self) -> Result<IdleTimer, RowError> {
        let call = self.call.map(|(over, at)| FinalCall { over, at: At(at) });
        Ok(IdleTimer::new(self.idle()?, self.passed, call, self.awaited()))
    }

    pub fn final_call(&self) -> Option<At> {
        self.call.map(|(_, at)| At(at))
    }

    pub fn call(&mut self, call: FinalCall) {
        self.call = Some((call.over, call.at.0));
    }

    /// True when there was one.
    pub fn recall(&mut self) -> bool {
        self.call.take().is_some()
    }

    pub fn rest_from(&mut self, passed: u64) {
        self.passed = self.passed.max(passed);
    }

    pub fn idle(&self) -> Result<Idle, RowError> {
        idle(self.idle)
    }

    pub fn set_idle(&mut self, idle: Idle) {
        self.idle = idle_number(idle);
    }

    pub fn vanish_after(&self) -> Result<Option<VanishAfter>, RowError> {
        vanish_after(self.vanish_after)
    }

    pub fn set_vanish_after(&mut self, after: Option<VanishAfter>) {
        self.vanish_after = vanish_number(after);
    }

    /// When the last message was said, if the newest one is a note.
    pub fn said_before_note(&self) -> Option<At> {
        self.said.map(At)
    }

    /// A note comes. Uses of the chat are noted once a minute, and its last message says the rest; it is not
    /// the last any more.
    pub fn note(&mut self, said: Option<At>, used: At) {
        self.notes += 1;
        self.said = said.map(|at| at.0);
        self.used = self.used.max(used.0);
    }

    pub fn started(&self) -> At {
        At(self.started)
    }

    /// When it was used, as far as that is noted: its last message may be up to a minute younger.
    pub fn used(&self) -> At {
        At(self.used)
    }

    /// Notes a use, which takes the final call away.
    pub fn use_at(&mut self, last: LastUse) {
        self.used = self.used.max(last.at.0);
        self.rest_from(last.passed);
        self.call = None;
    }
}

pub fn role(number: u8) -> Result<Role, RowError> {
    Role::ALL.into_iter().find(|role| role_number(*role) == number).ok_or(RowError::Damaged)
}

pub fn role_number(role: Role) -> u8 {
    match role {
        Role::Admin => 1,
        Role::Full => 2,
        Role::Limited => 3,
    }
}

fn standing_number(standing: Standing) -> u8 {
    match standing {
        Standing::Invited => 1,
        Standing::In => 2,
        Standing::Left => 3,
        Standing::Removed => 4,
    }
}

pub fn idle(number: u8) -> Result<Idle, RowError> {
    Idle::ALL.into_iter().find(|idle| idle_number(*idle) == number).ok_or(RowError::Damaged)
}

pub fn idle_number(idle: Idle) -> u8 {
    match idle {
        Idle::Hour => 1,
        Idle::Day => 2,
        Idle::Week => 3,
        Idle::Month => 4,
        Idle::HalfYear => 5,
    }
}

pub fn vanish_after(number: u8) -> Result<Option<VanishAfter>, RowError> {
    let mut known = VanishAfter::ALL.into_iter().map(Some).chain([None]);
    known.find(|after| vanish_number(*after) == number).ok_or(RowError::Damaged)
}

pub fn vanish_number(after: Option<VanishAfter>) -> u8 {
    match after {
        None => 0,
        Some(VanishAfter::Hour) => 1,
        Some(VanishAfter::Day) => 2,
        Some(VanishAfter::Week) => 3,
        Some(VanishAfter::FourWeeks) => 4,
    }
}
