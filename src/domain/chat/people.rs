//! Who is in a group: letting people in, taking them out, going, roles and names.

use std::sync::Arc;

use super::entering::close_seat;
use super::saying::note;
use super::using::used;
use super::{Actor, Change, ChatState, Decision, Deed, Facts, Newcomer, Now, Outcome, end};
use crate::domain::{
    EndedBy, Event, GroupChange, InviteId, Name, Note, ParticipantId, Person, Receipt, Refusal, Role, Roster,
    Seq, Standing, Writers,
};
use crate::limits::{GROUP_NUMBERS_MAX, GROUP_PEOPLE_MAX};

/// It counts as use of the chat: who lets somebody in wants the chat to be there.
pub fn add(
    state: &ChatState,
    facts: &Facts,
    by: Actor,
    (newcomer, invite): (Newcomer, InviteId),
    now: Now,
) -> Result<Decision, Refusal> {
    let Newcomer { name, role, reads_history } = newcomer;
    let adder = state.allowed(by.participant, Deed::Add)?;
    // Who may not read something lets nobody else read it.
    let may_show_all = adder.role == Role::Admin && adder.since <= Seq(1);
    if !adder.role.is_at_least(role) || (reads_history && !may_show_all) {
        return Err(Refusal::OnlyAdmins);
    }
    if state.everybody().filter(|(_, person)| person.is_present()).count() >= GROUP_PEOPLE_MAX
        || state.people.len() >= GROUP_NUMBERS_MAX
    {
        return Err(Refusal::NoMorePlaces);
    }
    if facts.is_name_taken {
        return Err(Refusal::SameName { place: None });
    }
    let participant = ParticipantId::all(state.people.len() + 1).last().ok_or(Refusal::NoMorePlaces)?;
    // The note that says so is the first thing that they read.
    let since = if reads_history { Seq(1) } else { state.head.next() };
    let before = Seq(since.0.saturating_sub(1));
    let receipt = Receipt { delivered: before, seen: before, read: before };
    let person = Person { role, standing: Standing::Invited, since, receipt };
    let mut decision = Decision::of(Outcome::Added(participant));
    let name = Arc::new(name);
    decision.changes.push(Change::AddPerson { participant, person, name: Arc::clone(&name), invite });
    decision.events.push(Event::Person { participant, person, name: Some(name) });
    used(state, facts, now, &mut decision);
    note(state, by.participant, Note::Added { participant, reads_history }, now, &mut decision);
    Ok(decision)
}

/// Their devices are told first, and hear nothing of what follows.
pub fn remove(
    state: &ChatState,
    facts: &Facts,
    by: Actor,
    participant: ParticipantId,
    now: Now,
) -> Result<Decision, Refusal> {
    let person = *state.present(participant).ok_or(Refusal::NoSuchParticipant)?;
    let mut decision = Decision::of(Outcome::Done);
    put_out(facts, (participant, person), Standing::Removed, &mut decision);
    note(state, by.participant, Note::Removed(participant), now, &mut decision);
    Ok(decision)
}

/// The last one who goes ends the chat, and the last admin has an heir.
pub fn leave(state: &ChatState, facts: &Facts, who: Actor, now: Now) -> Result<Decision, Refusal> {
    let person = *state.allowed(who.participant, Deed::LeaveGroup)?;
    let others = || state.everybody().filter(|(other, one)| *other != who.participant && one.is_present());
    let Some(heir) =
        others().min_by_key(|(number, one)| (one.standing != Standing::In, one.role as u8, *number))
    else {
        return Ok(end(state, EndedBy::Participant(who.participant), now));
    };
    let mut decision = Decision::of(Outcome::Done);
    put_out(facts, (who.participant, person), Standing::Left, &mut decision);
    note(state, who.participant, Note::Left, now, &mut decision);
    if person.role == Role::Admin && !has_admin(others()) {
        let mut state = state.clone();
        decision.changes.iter().for_each(|change| state.apply(change));
        put_role(&state, heir, Role::Admin, &mut decision);
        note(&state, who.participant, Note::Heir(heir.0), now, &mut decision);
    }
    Ok(decision)
}

/// Whether one of them can act as an admin. A link that was never used may be lost: who is expected counts
/// only where nobody else is in.
fn has_admin<'a>(people: impl Iterator<Item = (ParticipantId, &'a Person)>) -> bool {
    let people: Vec<_> = people.map(|(_, one)| one).collect();
    let is_anybody_in = people.iter().any(|one| one.standing == Standing::In);
    let mut able = people.iter().filter(|one| one.standing == Standing::In || !is_anybody_in);
    able.any(|one| one.role == Role::Admin)
}

fn put_out(
    facts: &Facts,
    (participant, person): (ParticipantId, Person),
    standing: Standing,
    decision: &mut Decision,
) {
    for known in &facts.devices {
        close_seat(participant, known.device, decision);
    }
    decision.changes.push(Change::RemovePerson(participant, standing));
    let person = Person { standing, ..person };
    decision.events.push(Event::Person { participant, person, name: None });
}

pub fn set_role(
    state: &ChatState,
    by: Actor,
    (participant, role): (ParticipantId, Role),
    now: Now,
) -> Result<Decision, Refusal> {
    let person = state.present(participant).ok_or(Refusal::NoSuchParticipant)?;
    let mut decision = Decision::of(Outcome::Done);
    if person.role == role {
        return Ok(decision);
    }
    let mut others = state.everybody().filter(|(other, _)| *other != participant);
    let is_able = |one: &Person| (one.standing, one.role) == (Standing::In, Role::Admin);
    if is_able(person) && !others.any(|(_, one)| is_able(one)) {
        return Err(Refusal::LastAdmin);
    }
    put_role(state, (participant, person), role, &mut decision);
    note(state, by.participant, Note::Role(participant, role), now, &mut decision);
    Ok(decision)
}

fn put_role(
    state: &ChatState,
    (participant, person): (ParticipantId, &Person),
    role: Role,
    decision: &mut Decision,
) {
    decision.changes.push(Change::PutRole(participant, role));
    if state.roster == Roster::Admins && [person.role, role].contains(&Role::Admin) {
        decision.events.push(Event::SightChanged);
    }
    decision.events.push(Event::Person { participant, person: Person { role, ..*person }, name: None });
}

pub fn rename(
    state: &ChatState,
    facts: &Facts,
    who: Actor,
    name: Name,
    now: Now,
) -> Result<Decision, Refusal> {
    let person = *state.allowed(who.participant, Deed::Rename)?;
    if facts.is_name_taken {
        return Err(Refusal::SameName { place: None });
    }
    let (participant, name) = (who.participant, Arc::new(name));
    let mut decision = Decision::of(Outcome::Done);
    decision.changes.push(Change::PutName(participant, Arc::clone(&name)));
    decision.events.push(Event::Person { participant, person, name: Some(name) });
    note(state, participant, Note::Renamed, now, &mut decision);
    Ok(decision)
}

pub fn describe(state: &ChatState, by: Actor, change: GroupChange, now: Now) -> Decision {
    let mut decision = Decision::of(Outcome::Done);
    decision.changes.push(Change::Describe(change.clone()));
    decision.events.push(Event::Described { change, writers: state.writers, roster: state.roster });
    note(state, by.participant, Note::Described, now, &mut decision);
    decision
}

pub fn set_writers(state: &ChatState, by: Actor, writers: Writers, now: Now) -> Result<Decision, Refusal> {
    let mut decision = Decision::of(Outcome::Done);
    if state.writers == writers {
        return Ok(decision);
    }
    let roster = state.roster;
    is_possible(writers, roster)?;
    decision.changes.push(Change::PutWriters(writers));
    decision.events.push(Event::Described { change: GroupChange::default(), writers, roster });
    note(state, by.participant, Note::Writers(writers), now, &mut decision);
    Ok(decision)
}

/// What everybody was told of the others before is told again, as each may know it now.
pub fn set_roster(state: &ChatState, by: Actor, roster: Roster, now: Now) -> Result<Decision, Refusal> {
    let mut decision = Decision::of(Outcome::Done);
    if state.roster == roster {
        return Ok(decision);
    }
    is_possible(state.writers, roster)?;
    decision.changes.push(Change::PutRoster(roster));
    decision.events.push(Event::SightChanged);
    note(state, by.participant, Note::Roster(roster), now, &mut decision);
    Ok(decision)
}

/// Who writes is seen by everybody.
fn is_possible(writers: Writers, roster: Roster) -> Result<(), Refusal> {
    match (writers, roster) {
        (Writers::Everybody, Roster::Admins) => Err(Refusal::PeopleHidden),
        (Writers::Admins, Roster::Admins) | (_, Roster::Everybody) => Ok(()),
    }
}
