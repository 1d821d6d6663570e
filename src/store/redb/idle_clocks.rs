//! Since when each chat rests, and how much time has passed: what the writer knows by heart.
//!
//! Loaded when the house opens, changed by the writer alone, and written in the transaction of what changes
//! it: the rest of a chat in its row or its last message, the time in a row of its own with each commit.

use std::collections::HashMap;
use std::sync::Arc;

use crate::clock::{Clock, Machine};
use crate::domain::{At, Awaited, ChatId, Elapsed, IdleTimer, Reading, Stage, TrustedClock};
use crate::limits::{KEEP_AGAIN_MS, TIME_KEPT_MS};
use crate::store::PurgeSnapshot;
use crate::store::redb::unentered::Unentered;

/// Every clock there is.
#[derive(Clone)]
pub struct Clocks {
    /// The wall clock.
    pub wall: Clock,
    /// The machine's.
    pub machine: Arc<dyn Machine>,
}

impl Clocks {
    /// What they say now.
    pub fn read(&self) -> Reading {
        let (boot, up) = (self.machine.boot(), self.machine.up());
        Reading { wall: (self.wall)(), boot, up, synchronised: self.machine.is_synchronised() }
    }
}

/// How each chat rests.
#[derive(Default)]
pub struct IdleClocks {
    /// By chat.
    pub chats: HashMap<ChatId, IdleTimer>,
    /// Those that nobody has entered, by where they were started from.
    pub unentered: Unentered,
    /// How much time has passed.
    pub trust: TrustedClock,
    /// The purge destroys nothing before so much was watched.
    pub held: u64,
    /// What had passed when the time was last written.
    pub written: u64,
    /// How many messages there are.
    pub messages: u64,
    /// How many rows lie in free pages since the store was written anew.
    pub dead_rows: u64,
    /// What was watched when somebody last did something.
    pub last_activity: u64,
    /// What was watched when the house opened.
    pub opened: u64,
    /// What was watched when the store was last written anew, or that was tried.
    pub compacted: Option<u64>,
}

impl IdleClocks {
    /// How much has passed, as of the last reading.
    pub fn now(&self) -> Elapsed {
        self.trust.moment
    }

    /// Looks without a transaction. None when something must be written: then the look is a job as others
    /// are.
    pub fn glance(&mut self, reading: Reading, built: At) -> Option<PurgeSnapshot> {
        let mut trust = self.trust;
        let hidden = trust.observe(reading, built);
        if hidden.is_some() || trust.moment.passed >= self.written.saturating_add(TIME_KEPT_MS) {
            return None;
        }
        self.trust = trust;
        Some(self.sight())
    }

    /// Whether a chat that is not called was used so short a time ago that another use changes nothing.
    pub fn was_used_just_now(&self, chat: ChatId) -> bool {
        let again = |rest: &IdleTimer| self.now().passed.saturating_sub(rest.used()) < KEEP_AGAIN_MS;
        self.chats.get(&chat).is_some_and(|rest| rest.call().is_none() && again(rest))
    }

    /// Whether the chat waits for somebody to come in.
    pub fn is_awaited(&self, chat: ChatId) -> bool {
        self.chats.get(&chat).is_some_and(|rest| rest.awaited() == Awaited::Anybody)
    }

    /// What the purge must know: which chats have rested too long, the longest first.
    pub fn sight(&self) -> PurgeSnapshot {
        let now = self.now();
        let stages = self.chats.iter().map(|(chat, rest)| (rest.used(), *chat, rest.stage(now)));
        let mut late: Vec<_> = stages.filter(|(.., stage)| *stage != Stage::Rests).collect();
        late.sort_unstable_by_key(|(used, chat, _)| (*used, *chat));
        let late = late.into_iter().map(|(_, chat, stage)| (chat, stage));
        let (unentered, late) =
            late.partition(|(chat, stage)| *stage == Stage::Over && self.is_awaited(*chat));
        let awaited = self.chats.values().filter(|rest| rest.awaited() == Awaited::Anybody).count();
        let quiet_for = now.watched.saturating_sub(self.last_activity);
        let (messages, dead_rows) = (self.messages, self.dead_rows);
        let (chats, held, opened, compacted) =
            (self.chats.len() - awaited, self.held, self.opened, self.compacted);
        PurgeSnapshot {
            now,
            chats,
            awaited,
            late,
            unentered,
            held,
            messages,
            dead_rows,
            quiet_for,
            opened,
            compacted,
        }
    }
}
