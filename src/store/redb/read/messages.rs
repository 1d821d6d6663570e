//! Messages, a page at a time.

use redb::{AccessGuard, StorageError};

use super::ReadTx;
use crate::domain::{MessageId, Seq};
use crate::limits::{
    ENTER_MESSAGES_MAX, ENTER_TEXT_BYTES_MAX, PAGE_BYTES_MAX, PAGE_MESSAGES_MAX, PRODUCER_SEARCH_MAX,
};
use crate::store::error::StoreError;
use crate::store::redb::sealed::open_message;
use crate::store::redb::table_keys::{keys_of, message_key, seq_of};
use crate::store::rows::MessageRow;
use crate::store::seat::Seat;
use crate::store::views::{ChatPreview, Page, Span};

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
        let (state, page) = (self.state(seat)?, self.span(seat, Span::Newest, newest)?);
        Ok(ChatPreview { state, messages: page.messages })
    }

    pub fn page(&self, seat: &Seat, span: Span, limit: usize) -> Result<Page, StoreError> {
        self.chat(seat)?;
        let bounds = Bounds { messages: limit.min(PAGE_MESSAGES_MAX), bytes: PAGE_BYTES_MAX };
        self.span(seat, span, bounds)
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
            if open_message(&seat.key, chat, seq, &row)?.device == seat.tag {
                said.push((row.id(), seq));
            }
        }
        said.reverse();
        Ok(said)
    }

    fn span(&self, seat: &Seat, span: Span, bounds: Bounds) -> Result<Page, StoreError> {
        let chat = seat.id.chat;
        let (first, last) = match span {
            Span::After(seq) => (seq.next(), Seq(u64::MAX)),
            Span::Before(seq) => (Seq(1), Seq(seq.0.saturating_sub(1))),
            Span::Newest => (Seq(1), Seq(u64::MAX)),
        };
        if first > last {
            return Ok(Page { messages: Vec::new(), more: false });
        }
        let rows = self.tables.messages.range(message_key(chat, first)..=message_key(chat, last))?;
        match span {
            Span::After(_) => take(rows, seat, bounds),
            Span::Before(_) | Span::Newest => {
                let mut page = take(rows.rev(), seat, bounds)?;
                page.messages.reverse();
                Ok(page)
            }
        }
    }
}

/// As many messages as fit, and one at least.
fn take<'a>(
    rows: impl Iterator<Item = Result<Rows<'a>, StorageError>>,
    seat: &Seat,
    bounds: Bounds,
) -> Result<Page, StoreError> {
    let mut messages = Vec::new();
    let mut bytes_left = bounds.bytes;
    for row in rows {
        let (key, bytes) = row?;
        let row = MessageRow::from_bytes(bytes.value())?;
        let message = open_message(&seat.key, seat.id.chat, seq_of(key.value()), &row)?;
        let size = message.body.text().map_or(0, str::len);
        if messages.len() == bounds.messages || (size > bytes_left && !messages.is_empty()) {
            return Ok(Page { messages, more: true });
        }
        bytes_left = bytes_left.saturating_sub(size);
        messages.push(message);
    }
    Ok(Page { messages, more: false })
}
