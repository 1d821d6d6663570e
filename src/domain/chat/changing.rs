//! Changing a message that is there: editing, deleting and reacting. None of it is a use of the chat. What is
//! so already is not done again, so that each can be asked for twice; deleting wins over everything.

use std::sync::Arc;

use super::{Actor, Change, ChatState, Decision, Deed, Facts, MessageEdit, Now, Outcome};
use crate::domain::{
    Body, DeviceTag, Edits, Emoji, Event, Gone, GoneBy, Message, MessageChange, ParticipantId, Reaction,
    Refusal, Text,
};
use crate::limits::EDIT_MS;

pub fn change(
    state: &ChatState,
    facts: &Facts,
    who: Actor,
    change: MessageChange,
    now: Now,
) -> Result<Decision, Refusal> {
    let target = facts.target.clone().ok_or(Refusal::NoSuchMessage)?;
    match change {
        MessageChange::Edit { base, text } => edit(state, target, who.participant, (base, text), now),
        MessageChange::Delete => delete(state, &target, who.participant, now),
        MessageChange::Hide => Ok(hide(state, facts, &target, who.participant)),
        MessageChange::React(emoji) => react(state, target, who.participant, emoji),
    }
}

fn edit(
    state: &ChatState,
    target: Message,
    who: ParticipantId,
    (base, text): (u32, Text),
    now: Now,
) -> Result<Decision, Refusal> {
    match &target.body {
        Body::Gone(_) => return Err(Refusal::Gone),
        Body::Text(_) if target.from == who => {}
        _ => return Err(Refusal::NotYours),
    }
    let body = Body::Text(text);
    if target.body == body {
        return Ok(already(&target));
    }
    if target.edits.count != base {
        return Err(Refusal::ChangedMeanwhile);
    }
    if now.elapsed.passed.saturating_sub(target.said) >= EDIT_MS {
        return Err(Refusal::TooLate);
    }
    let edits = Edits { count: base.saturating_add(1), at: Some(now.at.max(target.at)) };
    Ok(changed(state, Message { body, edits, ..target }, MessageEdit::Text))
}

fn delete(state: &ChatState, target: &Message, who: ParticipantId, now: Now) -> Result<Decision, Refusal> {
    let is_own = target.from == who;
    if target.is_note() || !(is_own || state.allowed(who, Deed::DeleteOthers).is_ok()) {
        return Err(Refusal::NotYours);
    }
    if matches!(target.body, Body::Gone(_)) {
        return Ok(already(target));
    }
    let mut others = state.everybody().filter(|(other, _)| *other != target.from);
    let leaves_stub = others.any(|(_, one)| one.since <= target.seq && one.receipt.delivered >= target.seq);
    let by = GoneBy::Participant { participant: who, leaves_stub };
    let gone = Gone { at: now.at.max(target.at), by };
    Ok(remove(state, target, gone))
}

/// The time of a message is over. Nothing happens where it was not yet.
pub fn vanish(state: &ChatState, facts: &Facts, now: Now) -> Decision {
    let due = facts.target.clone().filter(|target| !matches!(target.body, Body::Gone(_)));
    let due = due.and_then(|target| Some((target.vanishes?, target)));
    match due.filter(|(vanishing, _)| vanishing.passed <= now.elapsed.passed) {
        Some((vanishing, target)) => remove(state, &target, vanishing.gone()),
        None => Decision::of(Outcome::Done),
    }
}

fn remove(state: &ChatState, target: &Message, gone: Gone) -> Decision {
    let (edits, reactions) = (Edits::default(), Vec::new());
    let (device, body) = (DeviceTag::UNKNOWN, Body::Gone(gone));
    let left = Message { device, body, reply_to: None, edits, reactions, ..target.clone() };
    changed(state, left, |_| MessageEdit::Remove(gone))
}

fn hide(state: &ChatState, facts: &Facts, target: &Message, who: ParticipantId) -> Decision {
    if let Some(number) = facts.hidden {
        return Decision::of(Outcome::Changed(number));
    }
    let (participant, seq, number) = (who, target.seq, state.changed.next());
    let mut decision = Decision::of(Outcome::Changed(number));
    decision.changes.push(Change::Hide { participant, seq, number });
    decision.events.push(Event::HiddenFor { participant, message: Arc::new(target.hidden(number)) });
    decision
}

fn react(
    state: &ChatState,
    target: Message,
    who: ParticipantId,
    emoji: Option<Emoji>,
) -> Result<Decision, Refusal> {
    match &target.body {
        Body::Gone(_) => return Err(Refusal::Gone),
        Body::Note(_) => return Err(Refusal::NoSuchMessage),
        Body::Text(_) | Body::HiddenForViewer | Body::Unsupported => {}
    }
    let mut reactions = target.reactions.clone();
    reactions.retain(|reaction| reaction.from != who);
    if let Some(emoji) = emoji.clone() {
        let place = reactions.partition_point(|reaction| reaction.from < who);
        reactions.insert(place, Reaction { from: who, emoji });
    }
    if reactions == target.reactions {
        return Ok(already(&target));
    }
    Ok(changed(state, Message { reactions, ..target }, |_| MessageEdit::React(who, emoji)))
}

fn already(target: &Message) -> Decision {
    Decision::of(Outcome::Changed(target.changed))
}

/// The message looks like this from now on, which is the chat's next change.
fn changed(state: &ChatState, message: Message, edit: impl FnOnce(Arc<Message>) -> MessageEdit) -> Decision {
    let number = state.changed.next();
    let message = Arc::new(Message { changed: number, ..message });
    let mut decision = Decision::of(Outcome::Changed(number));
    let edit = edit(Arc::clone(&message));
    decision.changes.push(Change::ChangeMessage { seq: message.seq, number, edit });
    decision.events.push(Event::Changed(message));
    decision
}
