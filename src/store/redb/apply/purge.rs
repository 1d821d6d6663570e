//! What the purge changes, inside the transaction of the writer.
//!
//! Each deed is judged again here: a chat that was used since the purge looked is neither called nor
//! destroyed. A chat ends by the clock through the same function as by a person.

use crate::domain::{ChatId, EndedBy, Ending, Event, Stage, UncountedTime};
use crate::store::Committed;
use crate::store::redb::apply::{Broken, WriteTx};
use crate::store::redb::tables::head_of;
use crate::store::rows::time::TimeRow;
use crate::store::rows::{ChatRow, Row};
use crate::store::{ExpiredTombstones, PurgeAction, Purged};

/// The row of the time.
pub const TIME: &str = "time";

impl WriteTx<'_, '_> {
    /// What the purge has decided.
    pub fn purge(&mut self, deeds: Vec<PurgeAction>) -> Result<Purged, Broken> {
        let mut purged = Purged::default();
        for deed in deeds {
            match deed {
                PurgeAction::Call(chat) => purged.called += u64::from(self.call(chat)?),
                PurgeAction::Destroy(chat) => purged.destroyed += u64::from(self.expire(chat)?),
                PurgeAction::End(chat) => purged.destroyed += u64::from(self.end(chat)?),
                PurgeAction::EndNeverEntered(chat) => {
                    purged.destroyed += u64::from(!self.is_entered(chat)? && self.end(chat)?);
                }
                PurgeAction::Hold { until } => self.rests.held = until,
                PurgeAction::Forget(old) => purged.forgotten += self.forget(&old)?,
                PurgeAction::Compact => self.rests.compacted = Some(self.rests.now().watched),
            }
        }
        Ok(purged)
    }

    /// Begins the final call of a chat that is due.
    fn call(&mut self, chat: ChatId) -> Result<bool, Broken> {
        let now = self.rests.now();
        let Some(rest) = self.rests.chats.get_mut(&chat).filter(|rest| rest.stage(now) == Stage::Due) else {
            return Ok(false);
        };
        let call = rest.begin_call(now, self.now);
        self.change_chat(chat, |row| row.call(call))?;
        self.events.push(Committed { chat, event: Event::Called { at: call.at }, origin: None });
        Ok(true)
    }

    /// Destroys a chat whose final call is over.
    fn expire(&mut self, chat: ChatId) -> Result<bool, Broken> {
        let now = self.rests.now();
        if self.rests.chats.get(&chat).is_none_or(|rest| rest.stage(now) != Stage::Over) {
            return Ok(false);
        }
        let messages = head_of(&self.tables.messages, chat)?.0;
        self.destroy(chat, Ending { at: self.now, by: EndedBy::Clock, messages }, None)?;
        Ok(true)
    }

    /// Destroys a chat, however it rests.
    fn end(&mut self, chat: ChatId) -> Result<bool, Broken> {
        if self.chat_row(chat)?.is_none() {
            return Ok(false);
        }
        let messages = head_of(&self.tables.messages, chat)?.0;
        self.destroy(chat, Ending { at: self.now, by: EndedBy::Host, messages }, None)?;
        Ok(true)
    }

    /// Whether anybody has ever come in. Judged here: somebody may have come in since the host looked.
    fn is_entered(&self, chat: ChatId) -> Result<bool, Broken> {
        Ok(self.chat_row(chat)?.is_some_and(|row| row.was_entered))
    }

    /// Removes what was left of chats that ended long ago: their links lead nowhere from now on.
    fn forget(&mut self, old: &ExpiredTombstones) -> Result<u64, Broken> {
        for invite in &old.invites {
            self.tables.tombstone_invites.remove(invite)?;
        }
        for chat in &old.chats {
            self.tables.tombstones.remove(chat.0)?;
        }
        Ok(old.chats.len() as u64)
    }

    /// Somebody uses the chat. True when that takes a final call away, which everybody is told.
    pub fn wake(&mut self, chat: ChatId) -> bool {
        let now = self.rests.now();
        self.rests.chats.get_mut(&chat).is_some_and(|rest| rest.wake(now).is_some())
    }

    /// Everybody in the chat is told that it rests anew.
    pub fn tell_kept(&mut self, chat: ChatId) -> Result<(), Broken> {
        if let Some(rules) = self.book.chat(chat, &self.tables)? {
            let event = Event::Kept { due: rules.due() };
            self.events.push(Committed { chat, event, origin: None });
        }
        Ok(())
    }

    /// Time has come to light: chats that may have been used after it are no older by it.
    pub fn uncover(&mut self, hidden: UncountedTime) -> Result<(), Broken> {
        let changed = self.rests.chats.iter_mut().filter_map(|(chat, rest)| {
            let changes = rest.uncover(hidden);
            changes.then_some((*chat, rest.used()))
        });
        for (chat, used) in changed.collect::<Vec<_>>() {
            self.change_chat(chat, |row| row.rest_from(used))?;
        }
        Ok(())
    }

    /// Writes the time, in the transaction of everything that is stamped with it.
    pub fn keep_time(&mut self) -> Result<(), Broken> {
        let row = TimeRow::new(&self.rests.trust, self.rests.held);
        self.tables.time.insert(TIME, row.to_bytes().as_slice())?;
        self.rests.written = self.rests.now().passed;
        Ok(())
    }

    pub fn change_chat(&mut self, chat: ChatId, change: impl FnOnce(&mut ChatRow)) -> Result<(), Broken> {
        let Some(mut row) = self.chat_row(chat)? else { return Ok(()) };
        change(&mut row);
        self.tables.chats.insert(chat.0, row.to_bytes().as_slice())?;
        Ok(())
    }
}
