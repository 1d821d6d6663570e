//! What the people of a chat agree on: how long messages stay, and how long the chat may be unused.

use super::saying::note;
use super::using::touch;
use super::{Actor, Change, ChatState, Decision, Now, Outcome};
use crate::domain::{Event, Idle, Note, VanishAfter};

pub fn vanish_after(state: &ChatState, who: Actor, after: Option<VanishAfter>, now: Now) -> Decision {
    let mut decision = Decision::of(Outcome::Done);
    if state.vanish_after != after {
        decision.changes.push(Change::PutVanishAfter(after));
        note(state, who.participant, Note::VanishAfter(after), now, &mut decision);
    }
    decision
}

/// Somebody who sets it is there: it begins again, and no chat is destroyed because somebody chose an hour.
pub fn set_idle(state: &ChatState, who: Actor, idle: Idle, now: Now) -> Decision {
    let due = idle.due(state.used_at.max(now.at));
    let mut decision = Decision::of(Outcome::Kept { due });
    decision.changes.push(touch(now));
    if state.idle != idle {
        decision.changes.push(Change::PutIdle(idle));
        note(state, who.participant, Note::Idle(idle), now, &mut decision);
    }
    decision.events.push(Event::Kept { due });
    decision
}
