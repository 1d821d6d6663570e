//! The one place where it is decided what becomes true in a chat.

use super::using::touch;
use super::{Action, Actor, Change, ChatState, Decision, Facts, Now, Outcome};
use super::{changing, entering, people, saying, settings};
use crate::domain::{Command, EndedBy, Ending, Event, FinalCall, Refusal, Stage};

/// Judges one action. Nothing has changed after a refusal. Pure: the same input gives the same decision.
pub fn decide(state: &ChatState, facts: &Facts, action: Action, now: Now) -> Result<Decision, Refusal> {
    match action {
        Action::Command(who, command) => self::command(state, facts, who, command, now),
        Action::SignOut { participant, device } => entering::sign_out(facts, participant, device),
        Action::Replace { by, participant, invite, devices } => {
            entering::replace(state, facts, (by, participant, devices), invite, now)
        }
        Action::Add { by, newcomer, invite } => people::add(state, facts, by, (newcomer, invite), now),
        Action::GoAway { who, scope, at } => Ok(entering::go_away(facts, who, scope, at)),
        Action::Try(participant) => entering::attempt(facts, participant, now),
        Action::Miss(participant) => Ok(entering::miss(facts, participant, now)),
        Action::Enter { participant, device } => entering::enter(state, facts, participant, device, now),
        Action::Vanish(_) => Ok(changing::vanish(state, facts, now)),
        Action::Call => Ok(call(facts, now)),
        Action::Expire if facts.timer.stage(now.elapsed) == Stage::Over => {
            Ok(end(state, EndedBy::Clock, now))
        }
        Action::EndUnentered if !facts.was_entered => Ok(end(state, EndedBy::Host, now)),
        Action::Expire | Action::EndUnentered => Ok(Decision::of(Outcome::Done)),
        Action::End => Ok(end(state, EndedBy::Host, now)),
        Action::MakeWay => Ok(end(state, EndedBy::Clock, now)),
    }
}

fn command(
    state: &ChatState,
    facts: &Facts,
    who: Actor,
    command: Command,
    now: Now,
) -> Result<Decision, Refusal> {
    let command = meant(who, command);
    let person = state.allowed(who.participant, command.deed())?;
    if command.target().is_some_and(|seq| seq < person.since) {
        return Err(Refusal::NoSuchMessage);
    }
    match command {
        Command::Say { id, draft } => saying::say(state, facts, who, (id, draft), now),
        Command::Change { change, .. } => changing::change(state, facts, who, change, now),
        Command::Mark(claim) => Ok(saying::mark(state, who, claim)),
        Command::Keep => Ok(keep(state, now)),
        Command::VanishAfter(after) => Ok(settings::vanish_after(state, who, after, now)),
        Command::SetIdle(idle) => Ok(settings::set_idle(state, who, idle, now)),
        Command::Remove(participant) => people::remove(state, facts, who, participant, now),
        Command::SetRole { participant, role } => people::set_role(state, who, (participant, role), now),
        Command::Rename(name) => people::rename(state, facts, who, name, now),
        Command::Describe(change) => Ok(people::describe(state, who, change, now)),
        Command::SetWriters(writers) => people::set_writers(state, who, writers, now),
        Command::SetRoster(roster) => people::set_roster(state, who, roster, now),
        Command::LeaveGroup => people::leave(state, facts, who, now),
        Command::End => Ok(end(state, EndedBy::Participant(who.participant), now)),
        Command::Leave => Ok(entering::leave(who)),
    }
}

/// Who takes themselves out leaves, which everybody may.
fn meant(who: Actor, command: Command) -> Command {
    match command {
        Command::Remove(participant) if participant == who.participant => Command::LeaveGroup,
        other => other,
    }
}

fn keep(state: &ChatState, now: Now) -> Decision {
    let due = state.due_from(now.at);
    let mut decision = Decision::of(Outcome::Kept { due });
    decision.changes.push(touch(now));
    decision.events.push(Event::Kept { due });
    decision
}

fn call(facts: &Facts, now: Now) -> Decision {
    let mut decision = Decision::of(Outcome::Done);
    if facts.timer.stage(now.elapsed) == Stage::Due {
        let call: FinalCall = facts.timer.final_call(now.elapsed, now.at);
        decision.changes.push(Change::BeginCall(call));
        decision.events.push(Event::Called { at: call.at });
    }
    decision
}

pub fn end(state: &ChatState, by: EndedBy, now: Now) -> Decision {
    let ending = Ending { at: now.at, by, messages: state.said() };
    let mut decision = Decision::of(Outcome::Ended(ending));
    decision.changes.push(Change::End(ending));
    decision.events.push(Event::Ended(ending));
    decision
}
