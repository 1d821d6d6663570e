//! How long each chat has been idle, and how much time has passed. Loaded when the house opens, changed by
//! the writer alone, and written in the transaction of what changes it: the use of a chat in its row or its
//! last message, the time in a row of its own with each commit.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::unentered::Unentered;
use crate::clock::Clock;
use crate::clock::Machine;
use crate::domain::{
    AddressBlock, At, Awaited, ChatId, CompactionTimer, Elapsed, IdleTimer, Reading, Stage, TrustedClock,
};
use crate::limits::TIME_KEPT_MS;
use crate::store::views::PurgeSnapshot;

#[derive(Clone)]
pub struct Clocks {
    pub wall: Clock,
    pub machine: Arc<dyn Machine>,
}

impl Clocks {
    pub fn read(&self) -> Reading {
        let (boot, up) = (self.machine.boot(), self.machine.up());
        Reading { wall: (self.wall)(), boot, up, synchronised: self.machine.is_synchronised() }
    }
}

/// The clock as the writer last read it, for readers.
#[derive(Clone)]
pub struct SharedClock(Arc<Mutex<LastRead>>);

struct LastRead {
    clock: TrustedClock,
    /// The most that a reader was told to have passed.
    told: u64,
}

impl SharedClock {
    pub fn new(clock: TrustedClock) -> Self {
        Self(Arc::new(Mutex::new(LastRead { clock, told: clock.elapsed.passed })))
    }

    /// The writer has read its clock, which counts no less than readers were told: what is over for them is
    /// over for good, even if somebody has set a clock back since.
    pub fn share(&self, clock: &mut TrustedClock) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        clock.elapsed.passed = clock.elapsed.passed.max(last.told);
        *last = LastRead { clock: *clock, told: clock.elapsed.passed };
    }

    /// What has passed by now, and never less than before. Time that was not counted is counted by the writer
    /// alone.
    pub fn passed(&self, clocks: &Clocks) -> u64 {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut clock = last.clock;
        if clock.observe(clocks.read(), clocks.machine.built()).is_none() {
            last.told = last.told.max(clock.elapsed.passed);
        }
        last.told
    }
}

#[derive(Default)]
pub struct IdleClocks {
    pub chats: HashMap<ChatId, IdleTimer>,
    unentered: Unentered,
    pub clock: TrustedClock,
    /// The purge destroys nothing before this much was watched.
    pub purge_held_until: u64,
    /// What had passed when the time was last written.
    pub written: u64,
    pub compaction: CompactionTimer,
}

impl IdleClocks {
    pub fn now(&self) -> Elapsed {
        self.clock.elapsed
    }

    /// Looks without a transaction. None when something must be written: then it takes a transaction.
    pub fn snapshot_unless_written(&mut self, reading: Reading, built: At) -> Option<PurgeSnapshot> {
        let mut clock = self.clock;
        let uncounted = clock.observe(reading, built);
        if uncounted.is_some() || clock.elapsed.passed >= self.written.saturating_add(TIME_KEPT_MS) {
            return None;
        }
        self.clock = clock;
        Some(self.snapshot())
    }

    /// Gives the chat that has to go, if too many from there wait for somebody to come in.
    pub fn started(&mut self, block: AddressBlock, chat: ChatId) -> Option<ChatId> {
        let chats = &self.chats;
        self.unentered.started(block, chat, |chat| is_awaited(chats, chat))
    }

    pub fn snapshot(&self) -> PurgeSnapshot {
        let now = self.now();
        let stages = self.chats.iter().map(|(chat, timer)| (timer.used, *chat, timer.stage(now)));
        let mut late: Vec<_> = stages.filter(|(.., stage)| *stage != Stage::Running).collect();
        late.sort_unstable_by_key(|(used, chat, _)| (*used, *chat));
        let late = late.into_iter().map(|(_, chat, stage)| (chat, stage));
        let (unentered, late) =
            late.partition(|(chat, stage)| *stage == Stage::Over && is_awaited(&self.chats, *chat));
        let awaited = self.chats.values().filter(|timer| timer.awaited == Awaited::Anybody).count();
        PurgeSnapshot {
            now,
            chats: self.chats.len() - awaited,
            late,
            unentered,
            held_until: self.purge_held_until,
            dead_rows: self.compaction.dead_rows,
            is_compaction_due: self.compaction.is_due(now.passed),
        }
    }
}

fn is_awaited(chats: &HashMap<ChatId, IdleTimer>, chat: ChatId) -> bool {
    chats.get(&chat).is_some_and(|timer| timer.awaited == Awaited::Anybody)
}
