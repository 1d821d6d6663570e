//! Coming in by a code, going away, signing devices out, and replacing an invite.

use super::saying::note;
use super::using::used;
use super::{
    Actor, Change, ChatState, Decision, Deed, DeviceFacts, Devices, Facts, LeaveScope, Now, Outcome,
};
use crate::domain::{At, DeviceId, Event, InviteId, Note, ParticipantId, Person, Refusal, Shape, Standing};
use crate::limits::{DEVICES_PER_SEAT_MAX, LEAVE_AGAIN_MS, SEATS_PER_DEVICE_MAX};

/// To what a device's last time is noted: enough to know it again, and no diary.
const HOUR_MILLIS: u64 = 3_600_000;

/// Before the code is looked at.
pub fn attempt(facts: &Facts, participant: ParticipantId, now: Now) -> Result<Decision, Refusal> {
    let charged = facts.guesses.charged(now.at)?;
    let mut decision = Decision::of(Outcome::Done);
    decision.changes.push(Change::PutGuesses(participant, charged));
    Ok(decision)
}

/// Everybody in the chat is told, and the guesser how long to wait.
pub fn miss(facts: &Facts, participant: ParticipantId, now: Now) -> Decision {
    let guesses = facts.guesses;
    let refusal = Refusal::WrongCode { retry_after: guesses.wait(now.at) };
    let mut decision = Decision::of(Outcome::Missed(refusal));
    decision.events.push(Event::Guessed { participant, tries: guesses.tries });
    decision
}

/// The device gets its seat, and the tries are forgiven.
pub fn enter(
    state: &ChatState,
    facts: &Facts,
    participant: ParticipantId,
    device: DeviceId,
    now: Now,
) -> Result<Decision, Refusal> {
    let mut decision = Decision::of(Outcome::Done);
    let is_new = facts.devices.iter().all(|known| known.device != device);
    if is_new {
        make_room(facts, participant, &mut decision)?;
    }
    decision.changes.push(Change::PutSeat { participant, device, since: now.at });
    decision.changes.push(Change::OpenInvite(participant, now.at));
    decision.events.push(Event::Entered { participant, device });
    let is_awaited = |one: &&Person| state.shape == Shape::Group && one.standing == Standing::Invited;
    if let Some(person) = state.person(participant).filter(is_awaited) {
        let person = Person { standing: Standing::In, ..*person };
        decision.events.push(Event::Person { participant, person, name: None });
    }
    used(state, facts, now, &mut decision);
    // That somebody comes for the first time is what everybody waits for, and shown elsewhere.
    if is_new && facts.has_come {
        note(state, participant, Note::NewDevice, now, &mut decision);
    }
    Ok(decision)
}

/// Signs out the device that has been away longest. Never one that is connected: somebody looks at it.
fn make_room(facts: &Facts, participant: ParticipantId, decision: &mut Decision) -> Result<(), Refusal> {
    if facts.seats_held >= SEATS_PER_DEVICE_MAX {
        return Err(Refusal::TooManySeats);
    }
    let devices = &facts.devices;
    if devices.len() < DEVICES_PER_SEAT_MAX {
        return Ok(());
    }
    let away = devices.iter().filter(|known| !known.is_connected);
    let longest = away.min_by_key(|known| (known.away_since(), known.device));
    close_seat(participant, longest.ok_or(Refusal::TooManySockets)?.device, decision);
    Ok(())
}

impl DeviceFacts {
    /// Since when it may be away: when it was last here, or came in where it does not tell that.
    fn away_since(&self) -> At {
        self.last_here.unwrap_or(self.since)
    }
}

pub fn leave(who: Actor) -> Decision {
    let mut decision = Decision::of(Outcome::Done);
    close_seat(who.participant, who.device, &mut decision);
    decision
}

pub fn sign_out(facts: &Facts, participant: ParticipantId, device: DeviceId) -> Result<Decision, Refusal> {
    if facts.devices.iter().all(|known| known.device != device) {
        return Err(Refusal::NoSuchDevice);
    }
    let mut decision = Decision::of(Outcome::Done);
    close_seat(participant, device, &mut decision);
    Ok(decision)
}

pub fn close_seat(participant: ParticipantId, device: DeviceId, decision: &mut Decision) {
    decision.changes.push(Change::RemoveSeat { participant, device });
    decision.events.push(Event::Left { participant, device });
}

/// It counts as use of the chat, as coming in does: a person who hands a link out wants the chat to be there
/// when it is opened.
pub fn replace(
    state: &ChatState,
    facts: &Facts,
    (by, participant, devices): (Actor, ParticipantId, Devices),
    invite: InviteId,
    now: Now,
) -> Result<Decision, Refusal> {
    let is_own = by.participant == participant;
    state.allowed(by.participant, if is_own { Deed::ReplaceOwnInvite } else { Deed::ReplaceInvite })?;
    if state.present(participant).is_none() {
        return Err(Refusal::NoSuchParticipant);
    }
    let mut decision = Decision::of(Outcome::Done);
    decision.changes.push(Change::PutInvite(participant, invite));
    if devices == Devices::SignedOut {
        for known in facts.devices.iter().filter(|known| known.device != by.device) {
            close_seat(participant, known.device, &mut decision);
        }
    }
    let due = state.due_from(now.at);
    decision.events.push(Event::Invited { participant, by: by.participant, due });
    used(state, facts, now, &mut decision);
    note(state, by.participant, Note::Replaced(participant), now, &mut decision);
    Ok(decision)
}

/// Notes when a device was last here, to the hour, and with it the participant where no other device is: once
/// a minute is often enough for somebody who comes and goes.
pub fn go_away(facts: &Facts, who: Actor, scope: LeaveScope, at: At) -> Decision {
    let Actor { participant, device, .. } = who;
    let mut decision = Decision::of(Outcome::Done);
    let before = facts.last_here;
    let is_news = before.is_none_or(|before| at.0.abs_diff(before.0) >= LEAVE_AGAIN_MS);
    if scope == LeaveScope::Participant && is_news {
        decision.changes.push(Change::PutLastHere(participant, at));
    }
    if let Some(known) = facts.devices.iter().find(|known| known.device == device) {
        let hour = At(at.0 - at.0 % HOUR_MILLIS).max(known.since);
        if known.last_here != Some(hour) {
            decision.changes.push(Change::PutDeviceLastHere { participant, device, at: hour });
        }
    }
    decision
}
