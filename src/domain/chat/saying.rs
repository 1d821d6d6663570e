//! Saying something, answering, what is noted among the messages, and how far somebody has got.

use std::sync::Arc;

use super::using::used;
use super::{Actor, Change, ChatState, Decision, Deed, Facts, IdStatus, Now, Outcome};
use crate::domain::{
    Body, DeviceTag, Draft, Event, Message, MessageId, Note, ParticipantId, Receipt, Refusal, Vanishing,
};
use crate::limits::CHECKPOINT_MESSAGES;

pub fn say(
    state: &ChatState,
    facts: &Facts,
    who: Actor,
    (id, draft): (MessageId, Draft),
    now: Now,
) -> Result<Decision, Refusal> {
    match state.producers.status(who.participant, who.tag, id) {
        IdStatus::Next => take(state, facts, who, (id, draft), now),
        IdStatus::Taken(_) => repeat(facts, &draft),
        IdStatus::Past => Err(Refusal::AlreadyTaken),
        IdStatus::Forgotten if facts.was_searched => Err(Refusal::AlreadyTaken),
        IdStatus::Gap(expected) => Err(Refusal::OutOfOrder { expected }),
        IdStatus::Unknown if facts.was_searched && id.sequence() == 1 => {
            take(state, facts, who, (id, draft), now)
        }
        IdStatus::Unknown if facts.was_searched => {
            Err(Refusal::OutOfOrder { expected: MessageId::new(id.producer(), 1) })
        }
        IdStatus::Unknown | IdStatus::Forgotten => {
            Ok(Decision::of(Outcome::NeedsSearch { id, draft: Box::new(draft) }))
        }
    }
}

fn take(
    state: &ChatState,
    facts: &Facts,
    who: Actor,
    (id, Draft { body, reply_to }): (MessageId, Draft),
    now: Now,
) -> Result<Decision, Refusal> {
    state.allowed(who.participant, Deed::Write)?;
    if reply_to.is_some() {
        answerable(facts)?;
    }
    let message = Message { reply_to, ..next(state, (who.participant, who.tag, id), body, now) };
    let mut decision = Decision::of(Outcome::Said { seq: message.seq, at: message.at });
    put(state, message, &mut decision);
    used(state, facts, now, &mut decision);
    Ok(decision)
}

/// Whether the one who asks can answer the message that was looked for.
fn answerable(facts: &Facts) -> Result<(), Refusal> {
    match &facts.target {
        _ if facts.hidden.is_some() => Err(Refusal::Gone),
        Some(Message { body: Body::Gone(_), .. }) => Err(Refusal::Gone),
        Some(message) if !message.is_note() => Ok(()),
        Some(_) | None => Err(Refusal::NoSuchMessage),
    }
}

/// Notes among the messages what `by` does. It is no use of the chat.
pub fn note(state: &ChatState, by: ParticipantId, note: Note, now: Now, decision: &mut Decision) {
    let message = next(state, (by, DeviceTag::UNKNOWN, Message::NO_ID), Body::Note(note), now);
    put(state, message, decision);
}

/// What comes into the chat's next place. A note stays; what is said vanishes when its time is over.
fn next(
    state: &ChatState,
    (from, device, id): (ParticipantId, DeviceTag, MessageId),
    body: Body,
    now: Now,
) -> Message {
    let vanish_after = state.vanish_after.filter(|_| !matches!(body, Body::Note(_)));
    // A clock that was set back dates no message before the one that it follows.
    let (at, said) = (now.at.max(state.newest_at), now.elapsed.passed);
    let vanishes = vanish_after.map(|after| {
        let (at, time) = (at.plus(after.duration()), after.duration().as_millis());
        Vanishing { passed: said.saturating_add(u64::try_from(time).unwrap_or(u64::MAX)), at }
    });
    Message { said, vanishes, ..Message::new(state.head.next(), (from, device), at, id, body) }
}

fn put(state: &ChatState, message: Message, decision: &mut Decision) {
    let (seq, message) = (message.seq, Arc::new(message));
    decision.changes.push(Change::PutMessage(Arc::clone(&message)));
    if !message.is_note() && seq.0 - state.checkpoint.0 >= CHECKPOINT_MESSAGES {
        decision.changes.push(Change::Checkpoint(seq));
    }
    decision.events.push(Event::Said(message));
}

/// The first answer again, if it is the same message. Of one that was changed since, nobody knows what it
/// was.
fn repeat(facts: &Facts, draft: &Draft) -> Result<Decision, Refusal> {
    let taken = facts.message.as_ref().ok_or(Refusal::IdTaken)?;
    let is_as_said = taken.edits.count == 0 && !matches!(taken.body, Body::Gone(_));
    if is_as_said && (&taken.body, taken.reply_to) != (&draft.body, draft.reply_to) {
        return Err(Refusal::IdTaken);
    }
    Ok(Decision::of(Outcome::SaidBefore { seq: taken.seq, at: taken.at }))
}

pub fn mark(state: &ChatState, who: Actor, claim: Receipt) -> Decision {
    let (participant, before) = (who.participant, state.receipt(who.participant));
    let receipt = before.grown(claim, state.head);
    let mut decision = Decision::of(Outcome::Marked(receipt));
    if receipt != before {
        decision.changes.push(Change::PutReceipt(participant, receipt));
        decision.events.push(Event::Marked { participant, before, receipt });
    }
    decision
}
