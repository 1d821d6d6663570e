//! Saying something, and how far somebody has got.

use std::sync::Arc;

use super::using::used;
use super::{Actor, Change, ChatState, Decision, Facts, IdStatus, Now, Outcome};
use crate::domain::{Body, Event, Message, MessageId, Receipt, Refusal};
use crate::limits::CHECKPOINT_MESSAGES;

pub fn say(
    state: &ChatState,
    facts: &Facts,
    who: Actor,
    (id, body): (MessageId, Body),
    now: Now,
) -> Result<Decision, Refusal> {
    match state.producers.status(who.participant, who.tag, id) {
        IdStatus::Next => Ok(take(state, facts, who, (id, body), now)),
        IdStatus::Taken(_) => repeat(facts, &body),
        IdStatus::Past => Err(Refusal::AlreadyTaken),
        IdStatus::Forgotten if facts.was_searched => Err(Refusal::AlreadyTaken),
        IdStatus::Gap(expected) => Err(Refusal::OutOfOrder { expected }),
        IdStatus::Unknown if facts.was_searched && id.sequence() == 1 => {
            Ok(take(state, facts, who, (id, body), now))
        }
        IdStatus::Unknown if facts.was_searched => {
            Err(Refusal::OutOfOrder { expected: MessageId::new(id.producer(), 1) })
        }
        IdStatus::Unknown | IdStatus::Forgotten => Ok(Decision::of(Outcome::NeedsSearch { id, body })),
    }
}

fn take(state: &ChatState, facts: &Facts, who: Actor, (id, body): (MessageId, Body), now: Now) -> Decision {
    // A clock that was set back tells no message before the one that it follows.
    let (seq, at) = (state.head.next(), now.at.max(state.said_at));
    let Actor { participant: from, tag: device, .. } = who;
    let message = Arc::new(Message { seq, from, device, at, id, body });
    let mut decision = Decision::of(Outcome::Said { seq, at });
    decision.changes.push(Change::PutMessage(Arc::clone(&message)));
    if seq.0 - state.checkpoint.0 >= CHECKPOINT_MESSAGES {
        decision.changes.push(Change::Checkpoint(seq));
    }
    decision.events.push(Event::Said(message));
    used(state, facts, now, &mut decision);
    decision
}

/// The first answer again, if it is the same message.
fn repeat(facts: &Facts, body: &Body) -> Result<Decision, Refusal> {
    let taken = facts.message.as_ref().filter(|message| message.body == *body).ok_or(Refusal::IdTaken)?;
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
