//! Using a chat: its idle time begins again. Whatever counts as a use calls this.

use super::{Change, ChatState, Decision, Facts, LastUse, Now};
use crate::domain::Event;

/// Somebody used the chat. Where that takes a final call away, everybody is told.
pub fn used(state: &ChatState, facts: &Facts, now: Now, decision: &mut Decision) {
    decision.changes.push(touch(now));
    if facts.timer.call.is_some() {
        let due = state.due_from(now.at);
        decision.events.push(Event::Kept { due });
    }
}

pub fn touch(now: Now) -> Change {
    Change::Touch(LastUse { at: now.at, passed: now.elapsed.passed })
}
