//! Messages, a page at a time.

use redb::{AccessGuard, StorageError};

use super::ReadTx;
use crate::domain::{Body, ChangeNumber, DeviceTag, Message, MessageId, Seq};
use crate::limits::{
    ENTER_MESSAGES_MAX, ENTER_TEXT_BYTES_MAX, PAGE_BYTES_MAX, PAGE_MESSAGES_MAX, PRODUCER_SEARCH_MAX,
};
use crate::store::error::StoreError;
use crate::store::redb::newest::last_change;
use crate::store::redb::reactions::open_reactions;
use crate::store::redb::sealed::{closed_message, open_message};
use crate::store::redb::table_keys::{
    change_key, hidden_in, hidden_seq, keys_of, message_key, number_of, seq_of,
};
use crate::store::redb::tables::range;
use crate::store::rows::{ChangeRow, ChatRow, MessageRow};
use crate::store::seat::Seat;
use crate::store::views::{Backlog, ChangesPage, ChatPreview, Page, Span};

type Rows<'a> = (AccessGuard<'a, u128>, AccessGuard<'a, &'static [u8]>);

#[derive(Clone, Copy)]
struct Bounds {
    messages: usize,
    /// Of their texts.
    bytes: usize,
}

impl ReadTx {
    pub fn preview(&self, seat: &Seat) -> Result<ChatPreview, StoreError> {
        let newest = Bounds { messages: ENTER_MESSAGES_MAX, bytes: ENTER_TEXT_BYTES_MAX };
        let page = self.span((seat, &self.chat(seat)?), Span::Newest, newest)?;
        Ok(ChatPreview { state: self.state(seat)?, messages: page.messages })
    }

    pub fn page(&self, seat: &Seat, span: Span, limit: usize) -> Result<Page, StoreError> {
        let bounds = Bounds { messages: limit.min(PAGE_MESSAGES_MAX), bytes: PAGE_BYTES_MAX };
        self.span((seat, &self.chat(seat)?), span, bounds)
    }

    /// What is there of a producer among the newest messages, in order: each id and its place.
    pub fn said_by(&self, seat: &Seat, producer: u64) -> Result<Vec<(MessageId, Seq)>, StoreError> {
        self.chat(seat)?;
        let (chat, mut said) = (seat.id.chat, Vec::new());
        for row in self.tables.messages.range(keys_of(chat))?.rev().take(PRODUCER_SEARCH_MAX) {
            let (key, bytes) = row?;
            let (seq, row) = (seq_of(key.value()), MessageRow::from_bytes(bytes.value())?);
            if row.from() != seat.id.participant || row.id().producer() != producer {
                continue;
            }
            let device = open_message(&seat.key, chat, seq, &row)?.device;
            // One that is gone names no device; nobody else has its producer's random number.
            if [seat.tag, DeviceTag::UNKNOWN].contains(&device) {
                said.push((row.id(), seq));
            }
        }
        said.reverse();
        Ok(said)
    }

    /// What comes after a message, for each of these seats of one chat.
    pub fn backlog(&self, seats: &[Seat], after: Seq) -> Result<Backlog, StoreError> {
        let rows = seats.iter().map(|seat| self.chat(seat)).collect::<Result<Vec<_>, _>>()?;
        let bounds = Bounds { messages: PAGE_MESSAGES_MAX, bytes: PAGE_BYTES_MAX };
        let earliest = seats.iter().min_by_key(|seat| seat.sight.since).ok_or("a backlog for nobody")?;
        let messages = self.rows(earliest, Span::After(after), bounds)?.messages;
        let up_to = messages.last().map(|message| message.seq);
        let shown = seats.iter().zip(&rows).map(|(seat, row)| {
            let may_read = messages.iter().filter(|message| message.seq >= seat.sight.since);
            let mut shown: Vec<_> = may_read.cloned().collect();
            self.complete((seat, row), &mut shown)?;
            Ok(shown)
        });
        Ok(Backlog { shown: shown.collect::<Result<_, StoreError>>()?, up_to })
    }

    fn span(&self, (seat, row): (&Seat, &ChatRow), span: Span, bounds: Bounds) -> Result<Page, StoreError> {
        let mut page = self.rows(seat, span, bounds)?;
        self.complete((seat, row), &mut page.messages)?;
        Ok(page)
    }

    /// As they were said or edited.
    fn rows(&self, seat: &Seat, span: Span, bounds: Bounds) -> Result<Page, StoreError> {
        let chat = seat.id.chat;
        let (first, last) = match span {
            Span::After(seq) => (seq.next(), Seq(u64::MAX)),
            Span::Before(seq) => (Seq(1), Seq(seq.0.saturating_sub(1))),
            Span::Newest => (Seq(1), Seq(u64::MAX)),
        };
        // What was said before somebody was let in is not for them.
        let first = first.max(seat.sight.since);
        if first > last {
            return Ok(Page::default());
        }
        let rows = self.tables.messages.range(message_key(chat, first)..=message_key(chat, last))?;
        Ok(match span {
            Span::After(_) => self.take(rows, seat, bounds)?,
            Span::Before(_) | Span::Newest => {
                let mut page = self.take(rows.rev(), seat, bounds)?;
                page.messages.reverse();
                page
            }
        })
    }

    /// Messages that were changed after `after`, as they are now, in the order of their changes; those up to
    /// `until`, which the seat has been shown. None where so many were changed since that not all are known.
    pub fn changes(
        &self,
        seat: &Seat,
        after: ChangeNumber,
        until: Seq,
    ) -> Result<Option<ChangesPage>, StoreError> {
        let row = self.chat(seat)?;
        let chat = seat.id.chat;
        let changed = last_change(&self.tables.changes, chat)?;
        if after < changed.forgotten() {
            return Ok(None);
        }
        let mut page = ChangesPage { messages: Vec::new(), up_to: changed, is_last: true };
        let mut bytes_left = PAGE_BYTES_MAX;
        for change in range::<_, ChangeRow>(
            &self.tables.changes,
            change_key(chat, after.next())..=change_key(chat, changed),
        )? {
            let (key, ChangeRow { seq, only }) = change?;
            if Seq(seq) > until || Seq(seq) < seat.sight.since || ![0, seat.id.participant.0].contains(&only)
            {
                continue;
            }
            let Some(bytes) = self.tables.messages.get(message_key(chat, Seq(seq)))? else { continue };
            let message = self.message(seat, Seq(seq), &MessageRow::from_bytes(bytes.value())?)?;
            let size = message.body.text().map_or(0, str::len);
            if page.messages.len() == PAGE_MESSAGES_MAX || (size > bytes_left && !page.messages.is_empty()) {
                (page.up_to, page.is_last) = (ChangeNumber(number_of(key).0 - 1), false);
                break;
            }
            bytes_left = bytes_left.saturating_sub(size);
            let mut one = [message];
            self.complete((seat, &row), &mut one)?;
            page.messages.extend(one.map(|message| Message { changed: number_of(key), ..message }));
        }
        Ok(Some(page))
    }

    /// As many messages as fit, and one at least.
    fn take<'a>(
        &self,
        rows: impl Iterator<Item = Result<Rows<'a>, StorageError>>,
        seat: &Seat,
        bounds: Bounds,
    ) -> Result<Page, StoreError> {
        let mut messages = Vec::new();
        let mut bytes_left = bounds.bytes;
        for row in rows {
            let (key, bytes) = row?;
            let message = self.message(seat, seq_of(key.value()), &MessageRow::from_bytes(bytes.value())?)?;
            let size = message.body.text().map_or(0, str::len);
            if messages.len() == bounds.messages || (size > bytes_left && !messages.is_empty()) {
                return Ok(Page { messages, more: true });
            }
            bytes_left = bytes_left.saturating_sub(size);
            messages.push(message);
        }
        Ok(Page { messages, more: false })
    }

    /// What is gone is not opened.
    fn message(&self, seat: &Seat, seq: Seq, row: &MessageRow<'_>) -> Result<Message, StoreError> {
        if row.is_gone(self.passed) {
            return Ok(closed_message(seq, row).at_passed(self.passed));
        }
        open_message(&seat.key, seat.id.chat, seq, row)
    }

    /// Puts the reactions to messages that are in order, and takes away what the seat has hidden and what
    /// names people whom it is not shown.
    fn complete(&self, (seat, row): (&Seat, &ChatRow), messages: &mut [Message]) -> Result<(), StoreError> {
        let (Some(first), Some(last)) = (messages.first(), messages.last()) else { return Ok(()) };
        let (first, last) = (first.seq, last.seq);
        let place = |messages: &[Message], seq| messages.binary_search_by_key(&seq, |message| message.seq);
        for (seq, reaction) in open_reactions(&self.tables.reactions, &seat.key, seat.id.chat, (first, last))?
        {
            if let Ok(at) = place(messages, seq)
                && !matches!(messages[at].body, Body::Gone(_))
            {
                messages[at].reactions.push(reaction);
            }
        }
        for row in self.tables.hidden.range(hidden_in(seat.id, first, last))? {
            let (key, number) = row?;
            if let Ok(at) = place(messages, hidden_seq(&key.value())) {
                messages[at] = messages[at].hidden(ChangeNumber(number.value()));
            }
        }
        let hidden_people = row.hidden_from(seat.id.participant)?;
        if !hidden_people.is_empty() {
            for message in messages {
                *message = message.clone().without(|who| hidden_people.contains(&who));
            }
        }
        Ok(())
    }
}
