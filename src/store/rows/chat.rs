//! One chat: how long it may be unused, its slot, and who is in it.

use serde::{Deserialize, Serialize};

use super::RowError;
use crate::domain::chat::LastUse;
use crate::domain::{At, Awaited, Caller, FinalCall, Idle, IdleTimer, VanishAfter};

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
}

#[derive(Serialize, Deserialize)]
pub struct PersonRow {
    /// Sealed under the chat's key.
    pub name: Vec<u8>,
    pub invite: [u8; 32],
}

impl ChatRow {
    pub fn new(
        (idle, by): (Idle, Caller),
        slot: u32,
        LastUse { at, passed }: LastUse,
        people: Vec<PersonRow>,
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
        }
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
